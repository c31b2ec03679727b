"""The frame behind every trend: counts, shares and tone by bucket, with zeros and gaps told apart."""

import numpy as np
import pandas as pd

from analysis import bands as intervals
from analysis import buckets
from analysis.collected import collected_span, denominators, fetched
from analysis.counts import counts, counts_and_classes
from analysis.relations import CONTENT_FIELDS
from analysis.selection import Breakdown, Frequency, Selection
from ingest.store import Store, Table

SERIES_COLUMNS = {
    "bucket": "datetime64[us]", "key": "str", "n": "int64", "n_stories": "int64", "n_all": "int64",
    "n_relevant": "int64", "share": "float64", "copy_ratio": "float64", "n_scored": "int64", "n_abstain": "int64",
    "mean": "float64", "lo": "float64", "hi": "float64", "vader": "float64", "partial": "bool", "gap": "bool",
}  # fmt: skip
"""Columns of a series with their types, in order; docs/columns.md says what each means."""

DECIMALS = 8
"""Decimals of a figure: what lies below depends on the order in which a parallel sum was added up."""

MIN_N = 5
"""Fewer scored articles than this give no mean: one odd text would be the tone of the day."""

_OUTLET_BREAKDOWNS = ("source", "group", "language")


def series(
    store: Store,
    selection: Selection,
    freq: Frequency = "week",
    by: Breakdown = "none",
    min_n: int = MIN_N,
    bands: bool = True,
) -> pd.DataFrame:
    """One row a key and bucket (SERIES_COLUMNS), buckets without articles included.

    `bucket` is the first day of the day, week (Monday) or month, or `buckets.WHOLE`. Tone is the overall tone, or the
    tone toward the target where one target is selected or `by` is target or cell. `share` = n / n_all, NaN where
    n_all = 0.
    Without `bands` lo and hi are NaN and the article rows need not be read.
    """
    with store.reading() as reading:
        span = collected_span(reading, selection)
        if span is None:
            return pd.DataFrame(columns=list(SERIES_COLUMNS)).astype(SERIES_COLUMNS)
        if bands:
            counted, classes = counts_and_classes(reading, selection, by, freq)
        else:
            counted, classes = counts(reading, selection, by, freq), None
        everything = denominators(reading, selection, by, freq)
        known = fetched(reading, selection, by, freq)
    starts, keys = buckets.starts(span, freq), _keys(counted, everything, selection, by)
    # Only outlets, groups and languages have a denominator of their own.
    shared = keys if by in _OUTLET_BREAKDOWNS else [""]
    columns = _figures(_laid_out(counted, starts, keys), _laid_out(everything, starts, shared), min_n)
    gap = (columns["n_all"] == 0) & ~_present(known, starts, shared)
    columns |= {"gap": gap, "partial": buckets.partial(starts, freq, span)}
    columns |= _band_columns(classes, starts, keys, columns["mean"])
    whole = {name: np.broadcast_to(values, (len(keys), len(starts))).ravel() for name, values in columns.items()}
    bucket, key = np.tile(starts, len(keys)), pd.Index(keys, dtype="str").repeat(len(starts))
    return pd.DataFrame({"bucket": bucket, "key": key} | {name: whole[name] for name in list(SERIES_COLUMNS)[2:]})


def _laid_out(rows: Table, starts: pd.DatetimeIndex, keys: list[str]) -> dict[str, np.ndarray]:
    """The numbers of rows with bucket and key as grids of key × bucket, zero where there is no row.

    Buckets outside `starts` and keys outside `keys` fall out; each pair occurs once.
    """
    inside, places = _places(rows, starts, keys)
    grids = {}
    for name, values in rows.items():
        if name not in ("bucket", "key"):
            grids[name] = np.zeros((len(keys), len(starts)), dtype=values.dtype)
            grids[name][places] = values[inside]
    return grids


def _present(rows: Table, starts: pd.DatetimeIndex, keys: list[str]) -> np.ndarray:
    """Grid of key × bucket: whether there is a row."""
    present = np.zeros((len(keys), len(starts)), dtype=bool)
    present[_places(rows, starts, keys)[1]] = True
    return present


def _places(rows: Table, starts: pd.DatetimeIndex, keys: list[str]) -> tuple[np.ndarray, tuple]:
    """Which rows lie in a grid of key × bucket, and where these lie there."""
    first, bucket = starts.to_numpy(), rows["bucket"]
    at = np.searchsorted(first, bucket)
    inside = at < len(first)
    inside[inside] = first[at[inside]] == bucket[inside]
    numbers = {key: number for number, key in enumerate(keys)}
    row = np.array([numbers.get(key, -1) for key in rows["key"].tolist()], dtype=int)
    inside &= row >= 0
    return inside, (row[inside], at[inside])


def _figures(counted: dict, everything: dict, min_n: int) -> dict[str, np.ndarray]:
    """Counts and the figures made from them: share, copy_ratio, mean, vader."""
    n, n_scored, vader_n = counted["n"], counted["n_scored"], counted["vader_n"]
    names = ("n", "n_stories", "n_scored", "n_abstain")
    return {name: counted[name] for name in names} | everything | {
        "share": _ratio(n, everything["n_all"]),
        "copy_ratio": _ratio(n - counted["n_stories"], n),
        "mean": _ratio(_exact(counted["score_sum"]), np.where(n_scored >= min_n, n_scored, 0)),
        "vader": _ratio(_exact(counted["vader_sum"]), np.where(vader_n >= min_n, vader_n, 0)),
    }  # fmt: skip


def _band_columns(classes: Table | None, starts, keys: list[str], mean: np.ndarray) -> dict[str, np.ndarray]:
    if classes is None:
        return {"lo": np.array(np.nan), "hi": np.array(np.nan)}
    bands = intervals.band_columns(classes)
    found, drawn = _laid_out(bands, starts, keys), _present(bands, starts, keys) & ~np.isnan(mean)
    return {name: np.where(drawn, found[name].round(DECIMALS), np.nan) for name in ("lo", "hi")}


def _keys(counted: Table, everything: Table, selection: Selection, by: Breakdown) -> list[str]:
    """Every key that has an article in the selection, and every one asked for or that could have had one; sorted."""
    if by == "none":
        return [""]
    if by == "cell":  # not every target has articles in every group and language
        return sorted(set(counted["key"]))
    asked = set(map(str, getattr(selection, CONTENT_FIELDS[by]))) if by in CONTENT_FIELDS else set(everything["key"])
    return sorted(set(counted["key"]) | asked)


def _exact(sums: np.ndarray) -> np.ndarray:
    """Sums without what the order of adding left in them. VADER's scores have four decimals: a 32nd of their sum may be
    a tie in the last decimal shown, which noise would break one way in one store and the other in another."""
    return sums.round(DECIMALS)


def _ratio(top: np.ndarray, bottom: np.ndarray) -> np.ndarray:
    """NaN where the bottom is 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(bottom > 0, top / bottom, np.nan).round(DECIMALS)
