"""Charts of one value a name: counts as bars, tone as a mark with its interval on a scale from negative to positive."""

import pandas as pd

from dashboard.charts.layout import (
    LABEL_SIZE,
    Chart,
    layout,
    row_height,
    row_label,
    value_axis,
    values,
)
from dashboard.theme import Look
from dashboard.words import Words

NAME_APART = 6
"""Pixels between a name and what stands beside it."""

WIDE_FIGURES, NARROW_FIGURES = 100, 58
"""Pixels right of a scale of tone for mean and n, in one line or in two."""


def _rows(look: Look, count: int, names: list[str], right: int, **changes) -> dict:
    return layout(
        look,
        height=row_height(look) * count + 64,
        margin={"l": 8, "r": right, "t": 10, "b": 32},
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
    """Horizontal bars. frame: `key`, `name`, `n`, in the order shown."""
    names = _unique(frame["name"], look)
    figure = {
        "data": [
            {
                "type": "bar",
                "orientation": "h",
                "x": frame["n"].tolist(),
                "y": names,
                "customdata": frame["key"].tolist(),
                "marker": {"color": look.series[0]},
                "text": [words.number(n) for n in frame["n"]],
                "textposition": "auto",
                "textangle": 0,
                "hovertemplate": "%{y}<br><b>%{x:,}</b><extra></extra>",
            }
        ],
        "layout": _rows(
            look, len(frame), names, 24, xaxis=value_axis(look, ",", 0, max(frame["n"].max(), 1) * 1.12), bargap=0.35
        ),
    }
    listed = ", ".join(f"{row.name} {words.number(row.n)}" for row in frame.head(5).itertuples(index=False))
    return Chart(figure, words("alt.bars", title=title, listed=listed))


def tones(frame: pd.DataFrame, words: Words, look: Look, title: str) -> Chart:
    """Mean tone with its interval, a row each. frame: `key`, `name`, `n`, `mean`, `lo`, `hi`; no mean: no mark."""
    names = _unique(frame["name"], look)
    colours = [look.negative if mean < 0 else look.positive for mean in frame["mean"].fillna(0)]
    reach = max(0.5, float(frame[["mean", "lo", "hi"]].abs().max().max() or 0) * 1.1)
    figure = {
        "data": [
            {
                "type": "scatter",
                "mode": "markers",
                "x": values(frame["mean"], 3),
                "y": names,
                "customdata": frame["key"].tolist(),
                "text": [words.number(n) for n in frame["n"]],
                "marker": {
                    "color": colours,
                    "size": 11,
                    "symbol": ["diamond" if mean < 0 else "circle" for mean in frame["mean"].fillna(0)],
                },
                "error_x": {
                    "type": "data",
                    "symmetric": False,
                    "array": values(frame["hi"] - frame["mean"], 3),
                    "arrayminus": values(frame["mean"] - frame["lo"], 3),
                    "color": look.faint,
                    "thickness": 1.5,
                    "width": 4,
                },
                "hovertemplate": "%{y}<br><b>%{x:+.2f}</b> · n = %{text}<extra></extra>",
            },
            _written(frame, names, reach, words, look),
        ],
        "layout": _rows(
            look,
            len(frame),
            names,
            NARROW_FIGURES if look.touch else WIDE_FIGURES,
            xaxis=value_axis(look, ".1~f", -reach, reach) | {"zerolinewidth": 1.5},
        ),
    }
    scored = frame.dropna(subset=["mean"])
    listed = ", ".join(f"{row.name} {words.score(row.mean)}" for row in scored.itertuples(index=False))
    return Chart(figure, words("alt.bars", title=title, listed=listed))


def _written(frame: pd.DataFrame, names: list[str], reach: float, words: Words, look: Look) -> dict:
    """Mean and n in figures, right of the scale."""
    between = "<br>" if look.touch else ", "
    return {
        "type": "scatter", "mode": "text", "x": [reach] * len(names), "y": names, "customdata": frame["key"].tolist(),
        "text": [
            "" if row.mean != row.mean else f"{words.score(row.mean)}{between}n {words.number(row.n)}"
            for row in frame.itertuples()
        ],
        "textposition": "middle right", "textfont": {"color": look.faint, "size": LABEL_SIZE - look.touch},
        "cliponaxis": False, "hoverinfo": "skip",
    }  # fmt: skip


def _unique(names: pd.Series, look: Look) -> list[str]:
    """Names for a category axis, cut; two that would read the same keep apart by an invisible space."""
    seen: dict[str, int] = {}
    unique = []
    for name in names:
        shown = row_label(str(name), look)
        unique.append(shown + "\u200b" * seen.get(shown, 0))
        seen[shown] = seen.get(shown, 0) + 1
    return unique
