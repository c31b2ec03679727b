"""The frame behind every trend: counts, shares and tone by bucket, with zeros and gaps told apart."""

import numpy as np
import pandas as pd

from analysis import bands as intervals
from analysis import buckets
from analysis.counts import CONTENT_FIELDS, collected_span, counts, denominators, fetched, story_classes
from analysis.selection import Breakdown, Frequency, Selection
from ingest.store import Store

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

_FIGURES = ("share", "copy_ratio", "mean", "lo", "hi", "vader")
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
    tone toward the target where one target is selected or `by="target"`. `share` = n / n_all, NaN where n_all = 0.
    Without `bands` lo and hi are NaN and the article rows need not be read.
    """
    with store.reading() as reading:
        span = collected_span(reading, selection)
        if span is None:
            return checked(pd.DataFrame(columns=list(SERIES_COLUMNS)))
        counted = counts(reading, selection, by, freq)
        everything = denominators(reading, selection, by, freq)
        known = fetched(reading, selection, by, freq).assign(known=True)
        classes = story_classes(reading, selection, by, freq) if bands else None
    frame = buckets.grid(span, freq, _keys(counted, everything, selection, by)).merge(counted, how="left")
    shared_key = ["bucket", "key"] if by in _OUTLET_BREAKDOWNS else ["bucket"]
    frame = frame.merge(everything.drop(columns=[] if len(shared_key) == 2 else "key"), on=shared_key, how="left")
    frame = with_figures(frame, min_n)
    frame["partial"] = buckets.partial(frame["bucket"], freq, span)
    known = frame[shared_key].merge(known.drop(columns=[] if len(shared_key) == 2 else "key"), how="left")["known"]
    frame["gap"] = (frame["n_all"] == 0) & known.isna().to_numpy()
    if classes is None:
        return checked(frame.assign(lo=np.nan, hi=np.nan))
    frame = frame.merge(intervals.bands(classes), on=["bucket", "key"], how="left")
    frame.loc[frame["mean"].isna(), ["lo", "hi"]] = np.nan
    return checked(frame)


def with_figures(frame: pd.DataFrame, min_n: int) -> pd.DataFrame:
    """Counts made whole and the figures made from them: share, copy_ratio, mean, vader."""
    numbers = frame.drop(columns=["bucket", "key"]).fillna(0)
    frame = frame[["bucket", "key"]].join(numbers)
    return frame.assign(
        share=_ratio(frame["n"], frame["n_all"]),
        copy_ratio=_ratio(frame["n"] - frame["n_stories"], frame["n"]),
        mean=_ratio(frame["score_sum"], frame["n_scored"].where(frame["n_scored"] >= min_n, 0)),
        vader=_ratio(frame["vader_sum"], frame["vader_n"].where(frame["vader_n"] >= min_n, 0)),
    )


def checked(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with exactly SERIES_COLUMNS, sorted by key and bucket."""
    ordered = frame.loc[:, list(SERIES_COLUMNS)].sort_values(["key", "bucket"], kind="stable", ignore_index=True)
    return ordered.astype(SERIES_COLUMNS).round(dict.fromkeys(_FIGURES, DECIMALS))


def _keys(counted: pd.DataFrame, everything: pd.DataFrame, selection: Selection, by: Breakdown) -> list[str]:
    """Every key that has an article in the selection, and every one that was asked for or could have had one."""
    if by == "none":
        return [""]
    asked = set(map(str, getattr(selection, CONTENT_FIELDS[by]))) if by in CONTENT_FIELDS else set(everything["key"])
    return sorted(set(counted["key"]) | asked)


def _ratio(top: pd.Series, bottom: pd.Series) -> pd.Series:
    return top / bottom.where(bottom > 0).astype("float64")
