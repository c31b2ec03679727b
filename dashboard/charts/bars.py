"""Charts of one value a name: counts as bars, tone as a mark with its interval on a scale from negative to positive."""

import math

import numpy as np
import pandas as pd

from dashboard.charts.layout import (
    LABEL_SIZE,
    Chart,
    layout,
    name_room,
    row_height,
    row_label,
    value_axis,
    values,
)
from dashboard.theme import Look
from dashboard.words import Words

NAME_APART = 6
"""Pixels between a name and what stands beside it."""

LEAST_REACH, REACH = 0.5, 1.1
"""A scale of tone goes at least this far to both sides of zero, and this many times as far as the farthest end."""

WIDE_FIGURES, NARROW_FIGURES = 100, 58
"""Pixels right of a scale of tone for mean and n, in one line or in two."""


def _rows(look: Look, count: int, names: list[str], right: int, **changes) -> dict:
    return layout(
        look,
        height=row_height(look) * count + 64,
        margin={"l": name_room(names), "r": right, "t": 10, "b": 32},
        yaxis={
            "type": "category",
            "categoryarray": names,
            "autorange": "reversed",
            "automargin": True,
            "ticks": "",
            "ticklabelstandoff": NAME_APART,
            "showgrid": False,
            "fixedrange": True,
        },
        **changes,
    )


def counts(frame: pd.DataFrame, words: Words, look: Look, title: str) -> Chart:
    """Horizontal bars, each with its number, so without a scale. frame: `key`, `name`, `n`, in the order shown."""
    names = _unique(frame["name"], look)
    written = [words.number(n) for n in frame["n"].tolist()]
    figure = {
        "data": [
            {
                "type": "bar",
                "orientation": "h",
                "x": frame["n"].tolist(),
                "y": names,
                "customdata": frame["key"].tolist(),
                "marker": {"color": look.series[0]},
                "text": written,
                "textposition": "auto",
                "textangle": 0,
                "hovertemplate": "%{y}<br><b>%{x:,}</b><extra></extra>",
            }
        ],
        "layout": _rows(
            look,
            len(frame),
            names,
            24,
            bargap=0.35,
            xaxis={"range": [0, max(int(frame["n"].max()), 1) * 1.12], "visible": False, "fixedrange": True},
        ),
    }
    listed = ", ".join(f"{name} {n}" for name, n in zip(frame["name"].tolist()[:5], written, strict=False))
    return Chart(figure, words("alt.bars", title=title, listed=listed))


def tones(frame: pd.DataFrame, words: Words, look: Look, title: str) -> Chart:
    """Mean tone with its interval, a row each. frame: `key`, `name`, `n`, `mean`, `lo`, `hi`; no mean: no mark."""
    names = _unique(frame["name"], look)
    mean, low, high = (frame[name].to_numpy(dtype=float) for name in ("mean", "lo", "hi"))
    reach = max(LEAST_REACH, REACH * max(filter(math.isfinite, np.abs([mean, low, high]).ravel()), default=0))
    end = 1 if reach >= 1 else LEAST_REACH
    numbers = [words.number(n) for n in frame["n"].tolist()]
    scores = ["" if value != value else words.score(value) for value in mean.tolist()]
    keys = frame["key"].tolist()
    figure = {
        "data": [
            _marks(keys, names, mean, low, high, look) | {"text": numbers},
            _written(keys, names, reach, scores, numbers, look),
        ],
        "layout": _rows(
            look,
            len(frame),
            names,
            NARROW_FIGURES if look.touch else WIDE_FIGURES,
            xaxis=value_axis(look, ".1~f", -reach, reach) | {"zerolinewidth": 1.5, "tickvals": [-end, 0, end]},
        ),
    }
    listed = ", ".join(f"{name} {score}" for name, score in zip(frame["name"].tolist(), scores, strict=True) if score)
    return Chart(figure, words("alt.bars", title=title, listed=listed))


def _marks(keys: list[str], names: list[str], mean: np.ndarray, low: np.ndarray, high: np.ndarray, look: Look) -> dict:
    """A mark at each mean, told apart by form as well as colour, with its interval."""
    negative = [value < 0 for value in mean]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": values(mean, 3),
        "y": names,
        "customdata": keys,
        "marker": {
            "color": [look.negative if below else look.positive for below in negative],
            "size": 11,
            "symbol": ["diamond" if below else "circle" for below in negative],
        },
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": values(high - mean, 3),
            "arrayminus": values(mean - low, 3),
            "color": look.faint,
            "thickness": 1.5,
            "width": 4,
        },
        "hovertemplate": "%{y}<br><b>%{x:+.2f}</b> · n = %{text}<extra></extra>",
    }


def _written(
    keys: list[str], names: list[str], reach: float, scores: list[str], numbers: list[str], look: Look
) -> dict:
    """Mean and n in figures, right of the scale."""
    between = "<br>" if look.touch else ", "
    text = [score and f"{score}{between}n {n}" for score, n in zip(scores, numbers, strict=True)]
    return {
        "type": "scatter", "mode": "text", "x": [reach] * len(names), "y": names, "customdata": keys, "text": text,
        "textposition": "middle right", "textfont": {"color": look.faint, "size": LABEL_SIZE - look.touch},
        "cliponaxis": False, "hoverinfo": "skip",
    }  # fmt: skip


def _unique(names: pd.Series, look: Look) -> list[str]:
    """Names for a category axis, cut; two that would read the same keep apart by an invisible space."""
    seen: dict[str, int] = {}
    unique = []
    for name in names.tolist():
        shown = row_label(str(name), look)
        unique.append(shown + "\u200b" * seen.get(shown, 0))
        seen[shown] = seen.get(shown, 0) + 1
    return unique
