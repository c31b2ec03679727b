"""Dated events on a time axis: numbered marks that cannot collide, explained below the chart."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from dashboard.charts.layout import escape
from dashboard.theme import Look
from dashboard.words import Words

MOST_MARKS = 8
LEAST_DISTANCE = 0.035
"""Of the axis' length between two marks: a number keeps clear of the next on a page half as wide as a screen."""

TOUCH_DISTANCE = 0.06
"""The same on a phone: the axis is some 300 pixels long there, a number 16."""

ECHO_DAYS = 3
"""An event is weighed by what was written on its day and the two after it."""


NO_BREAK = "\u00a0"
"""Between a number and its date: a line may not end there."""


class Mark(NamedTuple):
    """What is said of an event."""

    date: pd.Timestamp
    label_en: str
    label_zh: str


def _marks(chosen: pd.DataFrame) -> list[Mark]:
    # Rows one by one, with all their columns, take ten times as long.
    return [Mark(*row) for row in zip(*(chosen[name].tolist() for name in Mark._fields), strict=True)]


def choose(
    events: pd.DataFrame, daily: pd.DataFrame, most: int = MOST_MARKS, apart: float = LEAST_DISTANCE
) -> pd.DataFrame:
    """The events worth a mark: those around which most was written, not too close to each other, in time order.

    events: `date` and the labels, in time order; daily: a series by day of one key; apart: a part of the axis' length.
    """
    if events.empty or len(daily) < 2:
        return events.head(0)
    days, when = daily["bucket"].to_numpy(), events["date"].to_numpy()
    inside = np.flatnonzero((when >= days[0]) & (when <= days[-1]))
    when, distance = when[inside], apart * (days[-1] - days[0])
    weight = _echo(daily["n"].to_numpy())[np.searchsorted(days, when)]
    kept: list[int] = []
    for event in np.argsort(-weight, kind="stable").tolist():
        if weight[event] and len(kept) < most and all(abs(when[event] - when[other]) >= distance for other in kept):
            kept.append(event)
    return events.iloc[inside[sorted(kept)]]


def _echo(n: np.ndarray) -> np.ndarray:
    """Articles of a day and the next ones, as many as ECHO_DAYS; of the day alone where the series ends before."""
    echo = n.copy()
    if len(n) >= ECHO_DAYS:
        echo[: 1 - ECHO_DAYS] = np.convolve(n, np.ones(ECHO_DAYS, dtype=n.dtype), "valid")
    return echo


def number_of(position: int) -> str:
    """①, ②, ... for the first, second, ... mark."""
    return chr(ord("①") + position)


def add(figure: dict, chosen: pd.DataFrame, words: Words, look: Look) -> None:
    """Draw the marks into a figure that is being built."""
    layout = figure["layout"]
    layout.setdefault("shapes", []).extend(
        {
            "type": "line",
            "x0": f"{day:%Y-%m-%d}",
            "x1": f"{day:%Y-%m-%d}",
            "y0": 0,
            "y1": 1,
            "yref": "paper",
            "layer": "below",
            "line": {"color": look.faint, "width": 1, "dash": "dot"},
        }
        for day in chosen["date"]
    )
    layout.setdefault("annotations", []).extend(
        {
            "x": f"{event.date:%Y-%m-%d}",
            "y": 1,
            "yref": "paper",
            "yanchor": "bottom",
            "text": number_of(position),
            "hovertext": escape(label(event, words)),
            "showarrow": False,
            "font": {"color": look.faint, "size": 14},
        }
        for position, event in enumerate(_marks(chosen))
    )


def label(event, words: Words) -> str:
    """`25 Oct 2019: …`, in the reader's language."""
    text = event.label_zh if words.language == "zh" and event.label_zh else event.label_en
    return f"{words.day(event.date)}{'：' if words.language == 'zh' else ': '}{text}"


def key(chosen: pd.DataFrame, words: Words) -> list[str]:
    """The line under a chart for each mark."""
    labels = [label(event, words).replace(" ", NO_BREAK, 3) for event in _marks(chosen)]
    return [f"{number_of(position)}{NO_BREAK}{text}" for position, text in enumerate(labels)]
