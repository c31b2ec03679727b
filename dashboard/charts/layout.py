"""What every figure shares: the Chart type, the layout, axes, safe text."""

import math
import unicodedata
from dataclasses import dataclass

import numpy as np
import pandas as pd

from dashboard.theme import FONT, Look
from dashboard.words import Words

HEIGHT = 300
ROW_HEIGHT = 26
"""Height of one horizontal bar or row of a heat map with its gap, in pixels."""

TALL_ROW_HEIGHT = 32
"""The same on a phone, where a name may take two lines."""

SIDE_ROOM = 0.012
"""Of a time axis' length, before its first and after its last bucket."""

STEPS = {"day": 1, "week": 7}
"""Days from bucket to bucket; months differ."""

DAY_MILLISECONDS = 24 * 3600 * 1000

WHOLE_NUMBERS = (",", ",.0f")
"""Formats of counts: no tick may stand between two of them."""

LABEL_SIZE = 12
LABEL_STEP = 15
"""Least vertical distance of two direct labels, in pixels."""

LABEL_WIDTH = 22
"""Longest name beside or below a mark, in columns of a terminal (a Han character counts 2)."""

WIDE_LABEL = 56
"""Longest name of a row where the screen is wide: that of any theme."""


CHINESE_DATES = [
    {"dtickrange": [None, "M1"], "value": "%-m月%-d日\n%Y年"},
    {"dtickrange": ["M1", "M6"], "value": "%-m月\n%Y年"},
    {"dtickrange": ["M12", None], "value": "%Y年"},
]
"""Dates below a time axis, by the distance of its ticks: Plotly knows only English ones. A year where it begins."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A figure (Plotly's `data` and `layout` as plain values) and its text alternative."""

    figure: dict
    alt: str


def escape(text: str) -> str:
    """Text for Plotly labels and hover boxes, shown as it is: no tag, entity or template in it is interpreted."""
    plain = str(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return plain.replace("%{", "%\u200b{").replace("$", "&#36;")


def short(text: str, width: int = LABEL_WIDTH) -> str:
    """`text` cut to `width` columns, with an ellipsis where something is missing."""
    used = 0
    for position, character in enumerate(text):
        used += 2 if unicodedata.east_asian_width(character) in "WF" else 1
        if used > width:
            return text[:position].rstrip() + "…"
    return text


def row_height(look: Look) -> int:
    return TALL_ROW_HEIGHT if look.touch else ROW_HEIGHT


def row_label(name: str, look: Look) -> str:
    """The name of a row, escaped: in one line where the screen is wide, in up to two on a phone."""
    if not look.touch:
        return escape(short(name, WIDE_LABEL))
    line = short(name)
    if line == name:
        return escape(name)
    end = line.rfind(" ") if " " in line else len(line) - 1
    return f"{escape(name[:end])}<br>{escape(short(name[end:].lstrip()))}"


def name_room(labels: list[str]) -> int:
    """Pixels left of a plot for the names of its rows, as `row_label` gives them."""
    return max((width_of(line) for label in labels for line in label.split("<br>")), default=0) + 14


def width_of(text: str) -> int:
    """Pixels a label takes: about 6.3 a Latin letter at LABEL_SIZE, twice that a Han character."""
    return math.ceil(6.3 * sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text))


def layout(look: Look, height: int = HEIGHT, **changes) -> dict:
    """Layout of a figure; `changes` are top-level keys that replace or add."""
    return {
        "template": "none",
        "height": height,
        "paper_bgcolor": look.background,
        "plot_bgcolor": look.background,
        "font": {"family": FONT, "size": LABEL_SIZE, "color": look.text},
        "margin": {"l": 48, "r": 16, "t": 28, "b": 36},
        "hovermode": "closest",
        "hoverdistance": 40,
        "hoverlabel": {"bgcolor": look.background, "bordercolor": look.faint, "font": {"color": look.text, "size": 13}},
        "showlegend": False,
        "dragmode": False,
        "separators": ".,",
        **changes,
    }


def time_axis(look: Look, words: Words, buckets: pd.Series) -> dict:
    """Axis from the first to the last bucket, with room for half a marker at both ends."""
    first, last = buckets.min(), buckets.max()
    room = max((last - first) * SIDE_ROOM, pd.Timedelta(hours=12))
    return {
        "range": [f"{first - room:%Y-%m-%d %H:%M}", f"{last + room:%Y-%m-%d %H:%M}"],
        "type": "date",
        "showgrid": False,
        "linecolor": look.faint,
        "tickcolor": look.faint,
        "ticks": "outside",
        "tickfont": {"color": look.faint},
        "tickangle": 0,
        "fixedrange": True,
        **({"tickformatstops": CHINESE_DATES} if words.language == "zh" else {}),
    }


def value_axis(look: Look, tickformat: str, lowest: float, highest: float, ticks: int = 6) -> dict:
    return {
        "range": [float(lowest), float(highest)],
        "tickformat": tickformat,
        "gridcolor": look.grid,
        "zerolinecolor": look.faint,
        "zeroline": bool(lowest < 0 < highest),
        "tickfont": {"color": look.faint},
        "nticks": ticks,
        "fixedrange": True,
        **({"dtick": 1} if tickformat in WHOLE_NUMBERS and highest <= ticks else {}),
    }


def days(column: pd.Series) -> list[str]:
    """Dates as ISO days: short on the wire, and the same in any reader's time zone."""
    return column.dt.strftime("%Y-%m-%d").tolist()


def values(column: pd.Series | np.ndarray, digits: int) -> list[float | None]:
    """Numbers rounded for the wire; a missing value stays missing, so a line breaks there."""
    rounded = np.round(np.asarray(column, dtype=float), digits).tolist()
    return [None if value != value else value for value in rounded]


def places(buckets: pd.Series, freq: str) -> dict:
    """The time axis of a trace: first and step where all steps are equal, which is short on the wire; else all."""
    if freq in STEPS and len(buckets) > 1:
        return {"x0": f"{buckets.iloc[0]:%Y-%m-%d}", "dx": STEPS[freq] * DAY_MILLISECONDS}
    return {"x": days(buckets)}
