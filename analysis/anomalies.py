"""Buckets with more or fewer articles than the outlets' own output and recent past lead one to expect.

What is expected is the share of coverage of the buckets before, times what the same outlets published in this one:
quiet weekends and holidays of the press are quiet for everybody. Days also get a factor for their weekday. Counts
are compared with a negative binomial of that mean and of the overdispersion seen before; many buckets are tested, so
q (Benjamini & Hochberg 1995) is what to read.
"""

import numpy as np
import pandas as pd
from scipy import stats

PAST = {"day": 56, "week": 12, "month": 6}
"""Buckets before the present one that make the expectation."""

WEEKDAY_WEEKS = 52
"""Weeks of the past that a weekday's factor is read from."""

WEEKDAY_PRIOR = 5.0
"""Articles of prior belief that a weekday is like any other."""

ALARM = 0.05
"""An anomaly has a q of at most this."""


def anomalies(frame: pd.DataFrame, freq: str) -> pd.DataFrame:
    """A series of one key with + expected, z, p, q, anomaly. Missing where the past is empty or the bucket a gap."""
    buckets = PAST[freq]
    n, n_all = frame["n"].astype(float), frame["n_all"].astype(float)
    rate = _past(n, buckets) / _past(n_all, buckets)
    expected = rate * n_all
    if freq == "day":
        expected = expected * _weekday_factor(frame["bucket"].dt.day_of_week, n, expected)
    usable = (expected > 0) & ~frame["gap"] & ~frame["partial"]
    expected = expected.where(usable)
    squares = ((n - expected) ** 2 / expected).fillna(0)
    seen = _past(usable.astype(float), buckets)
    dispersion = (_past(squares, buckets) / seen).clip(lower=1 + 1e-9).fillna(1 + 1e-9)
    z = (n - expected) / np.sqrt(expected * dispersion)
    p = pd.Series(_two_sided(n.to_numpy(), expected.to_numpy(), dispersion.to_numpy()), index=frame.index).where(usable)
    q = p.copy()
    q[p.notna()] = stats.false_discovery_control(p.dropna()) if p.notna().any() else []
    return frame.assign(expected=expected, z=z, p=p, q=q, anomaly=(q <= ALARM).fillna(False))


def _past(values: pd.Series, buckets: int) -> pd.Series:
    total = values.rolling(buckets, min_periods=max(buckets // 2, 1)).sum().shift(1)
    return total.where(total > 0)


def _weekday_factor(weekday: pd.Series, n: pd.Series, expected: pd.Series) -> pd.Series:
    """How a weekday's articles compare with what was expected of it over the year before, drawn toward 1."""
    known = expected.notna()
    seen = n.where(known, 0).groupby(weekday).transform(_year_before)
    meant = expected.fillna(0).groupby(weekday).transform(_year_before)
    return (seen + WEEKDAY_PRIOR) / (meant + WEEKDAY_PRIOR)


def _year_before(values: pd.Series) -> pd.Series:
    return values.rolling(WEEKDAY_WEEKS, min_periods=1).sum().shift(1).fillna(0)


def _two_sided(n: np.ndarray, mean: np.ndarray, dispersion: np.ndarray) -> np.ndarray:
    """p of a count as far from the mean, from a negative binomial of variance dispersion * mean."""
    success = 1 / dispersion
    size = mean * success / (1 - success)
    above = stats.nbinom.sf(n - 1, size, success)
    below = stats.nbinom.cdf(n, size, success)
    return np.minimum(2 * np.minimum(above, below), 1.0)
