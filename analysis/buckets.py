"""Days, weeks and months: which ones a series has, and which of them are cut short. Pure functions of dates."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.selection import Frequency

PERIODS: dict[Frequency, str] = {"day": "D", "week": "W-SUN", "month": "M"}
"""Frequency → pandas period; weeks begin on Monday (ISO 8601). "whole" has none: all of it is the bucket of WHOLE."""

_STEPS = {"day": pd.DateOffset(days=1), "week": pd.DateOffset(days=7), "month": pd.DateOffset(months=1)}

WHOLE = pd.Timestamp("1970-01-01")
"""Stands for the first day where the bucket is the whole selection."""


_THURSDAY = 3
"""Days after Monday on which the epoch began."""


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


def first_days(days: np.ndarray, freq: Frequency) -> np.ndarray:
    """First day of the bucket that each of `days` (datetime64) is in, as relations.bucket says in SQL."""
    day = days.astype("datetime64[D]")
    if freq == "whole":
        day = np.full(len(day), WHOLE.to_datetime64())
    elif freq == "month":
        day = day.astype("datetime64[M]")
    elif freq == "week":
        day = day - (day.astype("int64") + _THURSDAY) % 7
    return day.astype("datetime64[us]")


def partial(starts: pd.DatetimeIndex, freq: Frequency, span: Span) -> np.ndarray:
    """True where a bucket begins before the span, ends after it, or was not over when last collected."""
    if freq == "whole":
        return np.zeros(len(starts), dtype=bool)
    ends = starts[1:].append(starts[-1:] + _STEPS[freq]) - pd.Timedelta(days=1)
    return np.asarray((starts < span.first) | (ends > span.last) | (ends >= span.looked))
