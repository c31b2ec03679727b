"""Making outlets and periods comparable: indices, a fixed panel, outlet effects, change from an own baseline.

Outlets differ in tone by habit and come and go, so a plain mean over what was collected moves when the list of feeds
does. Everything here works on the frame of `queries.series`; nothing looks ahead of the bucket it describes.
"""

import numpy as np
import pandas as pd

BASELINE_BUCKETS = 12
"""Buckets before the present one that make a key's own baseline: a quarter of weeks, a year of months."""

PANEL_PRESENCE = 0.9
"""Share of the buckets in which an outlet of the fixed panel was collected."""

INDEX_BASE = 100.0


DECIMALS = 6


def as_if_unchanged(by_source: pd.DataFrame) -> pd.DataFrame:
    """Attention and tone of a series by source that do not move because outlets join or leave, by bucket.

    index and outlets as in `standardised_index` (missing in a partial bucket), mean ([-1, 1]) and n_scored as in
    `outlet_effects`.
    """
    found = standardised_index(by_source).merge(outlet_effects(by_source), on="bucket", how="outer")
    found = found.astype({"outlets": "Int64", "n_scored": "Int64"}).round({"index": DECIMALS, "mean": DECIMALS})
    return found.sort_values("bucket", ignore_index=True)


def standardised_index(by_source: pd.DataFrame) -> pd.DataFrame:
    """Index of attention from a series by source: bucket, index, outlets.

    The recipe of the economic policy uncertainty indices (Baker, Bloom & Davis 2016, QJE 131; for China Davis, Liu &
    Sheng 2019): each outlet's share of coverage, divided by its standard deviation over the buckets, averaged over
    outlets, scaled to a mean of 100. Partial buckets and outlets whose share never varies take no part.
    """
    share = _wide(by_source[~by_source["partial"]], "share")
    deviation = share.std(ddof=1)
    units = share.loc[:, deviation > 0] / deviation[deviation > 0]
    mean = units.mean(axis=1)
    frame = pd.DataFrame({"index": mean * INDEX_BASE / mean.mean(), "outlets": units.notna().sum(axis=1)})
    return frame.reset_index()


def fixed_panel(by_source: pd.DataFrame, presence: float = PANEL_PRESENCE) -> list[str]:
    """Outlets that were collected (any article, relevant or not) in nearly all buckets."""
    collected = (_wide(by_source, "n_all").fillna(0) > 0).mean()
    return sorted(collected.index[collected >= presence])


def outlet_effects(by_source: pd.DataFrame) -> pd.DataFrame:
    """Tone by bucket with each outlet's habitual tone taken out: bucket, mean, n_scored.

    Weighted least squares of mean_it = outlet_i + bucket_t with the scored articles as weights; the outlets' effects
    are centred on their weighted mean, so that the level stays that of the plain mean.
    """
    known = by_source.dropna(subset=["mean"])
    outlet, outlets = pd.factorize(known["key"])
    bucket, buckets = pd.factorize(known["bucket"], sort=True)
    weight = known["n_scored"].to_numpy(dtype=float)
    design = np.zeros((len(known), len(outlets) + len(buckets)))
    design[np.arange(len(known)), outlet] = 1
    design[np.arange(len(known)), len(outlets) + bucket] = 1
    root = np.sqrt(weight)
    effects = np.linalg.lstsq(design * root[:, None], known["mean"].to_numpy() * root, rcond=None)[0]
    habit = np.average(effects[: len(outlets)], weights=np.bincount(outlet, weight)) if len(known) else 0.0
    n_scored = np.bincount(bucket, weight).astype("int64")
    return pd.DataFrame({"bucket": buckets, "mean": effects[len(outlets) :] + habit, "n_scored": n_scored})


def own_baseline(frame: pd.DataFrame, buckets: int = BASELINE_BUCKETS) -> pd.DataFrame:
    """The series with each key's tone against its own past: + baseline, change, change_lo, change_hi.

    `baseline` is the mean over the scored articles of the `buckets` buckets before; the interval joins the bands of
    the bucket and of the baseline as independent.
    """
    parts = [_against_past(part, buckets) for _, part in frame.groupby("key", sort=False)]
    return pd.concat(parts) if parts else frame.assign(baseline=[], change=[], change_lo=[], change_hi=[])


def _against_past(part: pd.DataFrame, buckets: int) -> pd.DataFrame:
    half = np.fmax(part["hi"] - part["mean"], part["mean"] - part["lo"])
    weight = part["n_scored"].where(part["mean"].notna() & half.notna(), 0)
    past = _past_sum(weight, buckets).replace(0, np.nan)
    baseline = _past_sum(weight * part["mean"], buckets) / past
    half_of_baseline = np.sqrt(_past_sum((weight * half) ** 2, buckets)) / past
    change = part["mean"] - baseline
    reach = np.hypot(half, half_of_baseline)
    return part.assign(baseline=baseline, change=change, change_lo=change - reach, change_hi=change + reach)


def _past_sum(values: pd.Series, buckets: int) -> pd.Series:
    """Sum over the buckets before each one."""
    return values.fillna(0).rolling(buckets, min_periods=1).sum().shift(1)


def smoothed(frame: pd.DataFrame, buckets: int) -> pd.DataFrame:
    """The series with trailing means over the last `buckets` buckets, the present one included: + mean_smooth,
    share_smooth. Weighted by articles; missing where a bucket of the window is a gap."""
    parts = []
    for _, part in frame.groupby("key", sort=False):
        sums = pd.DataFrame({"n": part["n"], "n_all": part["n_all"], "w": part["n_scored"].where(part["mean"].notna())})
        sums["s"] = sums["w"] * part["mean"]
        sums = sums.fillna(0).rolling(buckets, min_periods=buckets).sum()
        whole = part["gap"].astype(float).rolling(buckets, min_periods=buckets).sum() == 0
        mean, share = (sums["s"] / sums["w"]).where(whole), (sums["n"] / sums["n_all"]).where(whole)
        parts.append(part.assign(mean_smooth=mean, share_smooth=share))
    return pd.concat(parts) if parts else frame.assign(mean_smooth=[], share_smooth=[])


def _wide(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    return frame.pivot(index="bucket", columns="key", values=column)
