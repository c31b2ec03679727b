"""Buckets with more or fewer articles than the outlets' own output and recent past lead one to expect.

What is expected of a bucket is, summed over outlets, the share of its articles that an outlet gave to the subject in
the buckets before, times its output in this one: its articles on other subjects plus its usual number on this one (an
outlet that writes of nothing else has no other measure). So weekends and holidays of the press are quiet for everybody,
and an outlet that joins, leaves or changes its output moves nothing; one without a past takes no part.
Days also get a factor for their weekday. The count is compared with a negative binomial whose variance has the
overdispersion seen before and the error of the outlets' shares. Many buckets are tested: q (Benjamini & Hochberg
1995) is what to read.
"""

import numpy as np
import pandas as pd

from analysis.distributions import negative_binomial, q_values

PAST = {"day": 56, "week": 12, "month": 6}
"""Buckets before the present one that make the expectation."""

PRIOR = 5.0
"""Articles of prior belief that an outlet gives the subject the usual share."""

WEEKDAY_WEEKS = 52
"""Weeks of the past that a weekday's factor is read from."""

WEEKDAY_PRIOR = 5.0
"""Articles of prior belief that a weekday is like any other."""

ALARM = 0.05
"""An anomaly has a q of at most this."""


def anomalies(frame: pd.DataFrame, outlets: pd.DataFrame, freq: str) -> pd.DataFrame:
    """A series of one key with + comparable, expected, z, p, q, anomaly.

    `outlets` is `queries.by_outlet` of the same selection. `comparable` counts the articles of outlets with a past.
    The new columns are missing where the past is empty or the bucket is a gap or partial.
    """
    n, n_all = (_wide(outlets, name, frame["bucket"]) for name in ("n", "n_all"))
    buckets = PAST[freq]
    past_n, past_all = (wide.rolling(buckets, min_periods=buckets // 2).sum().shift(1) for wide in (n, n_all))
    usual = past_n.sum(axis=1) / past_all.sum(axis=1).replace(0, np.nan)
    present = (n_all > 0).astype(float)
    usual_n = past_n / present.rolling(buckets, min_periods=buckets // 2).sum().shift(1)
    output = (n_all - n + usual_n) * present
    trust = past_all + PRIOR
    meant = (past_n.add(PRIOR * usual, axis=0) / trust * output).where(past_all > 0)
    expected, error = meant.sum(axis=1), (meant * output / trust).sum(axis=1)
    comparable = n.where(past_all > 0).sum(axis=1)
    if freq == "day":
        factor = _weekday_factor(frame["bucket"].dt.day_of_week, comparable, expected)
        expected, error = expected * factor, error * factor
    usable = (expected > 0) & ~frame["gap"] & ~frame["partial"]
    expected, comparable = expected.where(usable), comparable.where(usable)
    variance = expected + error
    squares = ((comparable - expected) ** 2 / variance).fillna(0)
    variance = variance * (_past(squares, buckets) / _past(usable.astype(float), buckets)).clip(lower=1).fillna(1)
    p = pd.Series(_two_sided(comparable, expected, variance), index=frame.index)
    q = p.copy()
    q[p.notna()] = q_values(p.dropna())
    z = (comparable - expected) / np.sqrt(variance)
    return frame.assign(comparable=comparable, expected=expected, z=z, p=p, q=q, anomaly=q <= ALARM)


def _wide(outlets: pd.DataFrame, column: str, buckets: pd.Series) -> pd.DataFrame:
    wide = outlets.pivot(index="bucket", columns="key", values=column).reindex(buckets).fillna(0.0)
    return wide.set_axis(buckets.index)


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


def _two_sided(n: pd.Series, mean: pd.Series, variance: pd.Series) -> np.ndarray:
    """p of a count as far from the mean, from a negative binomial."""
    success = mean / np.maximum(variance, mean * (1 + 1e-9))
    size = mean * success / (1 - success)
    return np.minimum(2 * np.minimum(*negative_binomial(n, size, success)), 1.0)
