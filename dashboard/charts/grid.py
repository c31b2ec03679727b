"""Tone by target, outlet group and language: a small chart a group on one scale, a row a target, a mark a language."""

import textwrap
from collections.abc import Callable, Sequence

import pandas as pd

from dashboard.charts.layout import (
    LABEL_SIZE,
    WIDE_LABEL,
    Chart,
    escape,
    layout,
    name_room,
    row_label,
    short,
    value_axis,
    values,
)
from dashboard.theme import Look, symbol
from dashboard.words import Words

ROW_PIXELS = 27
TITLE_PIXELS = 44
TITLE_WIDTH = 24
"""Above each small chart there is room for a name of two lines of this many letters: as wide as a chart on a tablet."""

AXIS_PIXELS = 26
COLUMNS = 3
GAP = 0.03
"""Between two columns, as a part of the width."""

REACH = 1.08
"""Tone lies in [-1, 1]; beyond that the number of articles is written, up to WRITTEN."""

WRITTEN = 1.75
APART = 0.42
"""Distance of two languages in a row, as a part of the row."""

LANGUAGES = ("en", "zh")
"""Those that have a tone, in the order of colours and symbols."""


def by_cell(
    frame: pd.DataFrame, panels: Sequence[str], rows: Sequence[str], name: Callable[[str, str], str], words: Words,
    look: Look, title: str,
) -> Chart:  # fmt: skip
    """frame: a series by cell with the columns `panel`, `row` and `language` beside its key; panels and rows in the
    order drawn; `name(column, value)` is what readers call a value."""
    columns = 1 if look.touch else min(COLUMNS, len(panels))
    bands = -(-len(panels) // columns)
    band_pixels = TITLE_PIXELS + len(rows) * ROW_PIXELS + AXIS_PIXELS
    labels = [row_label(name("row", row), look) for row in rows]
    margin = name_room(labels)
    margins = {"l": margin, "r": 8, "t": 0, "b": 0}
    figure = {"data": [], "layout": layout(look, height=bands * band_pixels, annotations=[], margin=margins)}
    for place, panel in enumerate(panels):
        band, column = divmod(place, columns)
        number = str(place + 1) if place else ""
        _axes(figure["layout"], number, band, column, columns, bands, band_pixels, labels, look)
        figure["layout"]["annotations"].append(_title(name("panel", panel), number, margin, look))
        inside = frame[frame["panel"] == panel]
        for language in LANGUAGES:
            part = inside[inside["language"] == language]
            if len(part):
                figure["data"].append(_marks(part, rows, number, language, name, look))
                figure["data"].append(_numbers(part, rows, number, language, words, look))
    return Chart(figure, _describe(frame, name, words, title))


def _axes(layout_: dict, number: str, band: int, column: int, columns: int, bands: int, pixels: int,
          labels: list[str], look: Look) -> None:  # fmt: skip
    """The axes of one small chart, in its place; the names of the rows stand only on the left."""
    width = (1 - GAP * (columns - 1)) / columns
    left, height = column * (width + GAP), 1 / bands
    top = 1 - band * height - TITLE_PIXELS / pixels * height
    bottom = 1 - (band + 1) * height + AXIS_PIXELS / pixels * height
    layout_[f"xaxis{number}"] = value_axis(look, ".1~f", -REACH, WRITTEN) | {
        "domain": [left, min(left + width, 1)], "anchor": f"y{number}", "tickvals": [-1, 0, 1], "zerolinewidth": 1.5,
    }  # fmt: skip
    layout_[f"yaxis{number}"] = {
        "domain": [max(bottom, 0), top], "anchor": f"x{number}", "range": [len(labels) - 0.5, -0.5], "fixedrange": True,
        "tickvals": list(range(len(labels))), "ticktext": labels, "showticklabels": not column, "gridcolor": look.grid,
        "griddash": "dot", "zeroline": False, "ticks": "",
    }  # fmt: skip


def _title(text: str, number: str, margin: int, look: Look) -> dict:
    """Above its chart; on a phone, where a name is wider than the chart, from the edge of the screen on."""
    left = {"x": 0, "xref": "paper", "xshift": 8 - margin} if look.touch else {"x": -REACH, "xref": f"x{number}"}
    return {
        "xanchor": "left", **left, "y": -0.5, "yref": f"y{number}", "yanchor": "bottom", "showarrow": False,
        "align": "left", "font": {"color": look.text},
        "text": "<br>".join(f"<b>{escape(line)}</b>" for line in textwrap.wrap(short(text, WIDE_LABEL), TITLE_WIDTH)),
    }  # fmt: skip


def _places(part: pd.DataFrame, rows: Sequence[str], language: str) -> list[float]:
    """Where a language's marks lie: its rows, moved apart from the other language's."""
    shift = APART * (LANGUAGES.index(language) - 0.5)
    return [rows.index(row) + shift for row in part["row"]]


def _marks(part: pd.DataFrame, rows: Sequence[str], number: str, language: str, name, look: Look) -> dict:
    """Mean with its band; nothing where there are too few articles for a mean."""
    colour = look.series[LANGUAGES.index(language)]
    said = [
        [row.key, f"{escape(name('row', row.row))} · {escape(name('panel', row.panel))}",
         f"{escape(name('language', language))} · n = {row.n_scored:,}"]
        for row in part.itertuples()
    ]  # fmt: skip
    return {
        "type": "scatter", "mode": "markers", "xaxis": f"x{number}", "yaxis": f"y{number}",
        "x": values(part["mean"], 3), "y": _places(part, rows, language), "customdata": said,
        "marker": {"color": colour, "size": 9, "symbol": symbol(2 * LANGUAGES.index(language))},
        "error_x": {
            "type": "data", "symmetric": False, "array": values(part["hi"] - part["mean"], 3),
            "arrayminus": values(part["mean"] - part["lo"], 3), "color": colour, "thickness": 1.5, "width": 3,
        },
        "hovertemplate": "%{customdata[1]}<br><b>%{x:+.2f}</b> · %{customdata[2]}<extra></extra>",
    }  # fmt: skip


def _numbers(part: pd.DataFrame, rows: Sequence[str], number: str, language: str, words: Words, look: Look) -> dict:
    """n, right of the scale: also where no mean is drawn."""
    return {
        "type": "scatter", "mode": "text", "xaxis": f"x{number}", "yaxis": f"y{number}", "hoverinfo": "skip",
        "x": [REACH] * len(part), "y": _places(part, rows, language), "customdata": part["key"].tolist(),
        "text": [f"n {words.number(n)}" for n in part["n_scored"]], "textposition": "middle right",
        "textfont": {"size": LABEL_SIZE - 2, "color": look.series[LANGUAGES.index(language)]}, "cliponaxis": False,
    }  # fmt: skip


def _describe(frame: pd.DataFrame, name, words: Words, title: str) -> str:
    largest = frame.dropna(subset=["mean"]).nlargest(5, "n_scored", keep="all").head(5)
    listed = "; ".join(
        f"{name('row', row.row)}, {name('panel', row.panel)}, {name('language', row.language)} {words.score(row.mean)}"
        for row in largest.itertuples()
    )
    return words("alt.bars", title=title, listed=listed)
