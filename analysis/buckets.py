"""Days, weeks and months: which ones a series has, and which of them are cut short. Pure functions of dates."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.selection import Frequency

PERIODS: dict[Frequency, str] = {"day": "D", "week": "W-SUN", "month": "M"}
"""Frequency → pandas period; weeks begin on Monday (ISO 8601). "whole" has none: all of it is the bucket of WHOLE."""

WHOLE = pd.Timestamp("1970-01-01")
"""Stands for the first day where the bucket is the whole selection."""


@dataclass(frozen=True, slots=True)
class Span:
    """First and last day for which a series can have articles, both included.

    `looked` is the day on which anything was last collected: it was not over then.
    """

    first: pd.Timestamp
    last: pd.Timestamp
    looked: pd.Timestamp


def starts(span: Span, freq: Frequency) -> pd.DatetimeIndex:
    """First day of every bucket that touches the span."""
    if freq == "whole":
        return pd.DatetimeIndex([WHOLE]).as_unit("us")
    periods = pd.period_range(span.first, span.last, freq=PERIODS[freq])
    return periods.start_time.as_unit("us")


def grid(span: Span, freq: Frequency, keys: Sequence[str]) -> pd.DataFrame:
    """Every bucket × key as a frame (bucket, key)."""
    product = pd.MultiIndex.from_product([starts(span, freq), keys], names=["bucket", "key"])
    return product.to_frame(index=False).astype({"key": "str"})


def partial(buckets: pd.Series, freq: Frequency, span: Span) -> pd.Series:
    """True where a bucket begins before the span, ends after it, or was not over when last collected."""
    if freq == "whole":
        return pd.Series(False, index=buckets.index)
    ends = pd.PeriodIndex(buckets, freq=PERIODS[freq]).end_time.normalize()
    ends = ends.to_numpy()
    cut = (buckets.to_numpy() < span.first) | (ends > span.last) | (ends >= span.looked)
    return pd.Series(cut, index=buckets.index)
