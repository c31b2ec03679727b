"""Small multiples: many lines over one time axis, a row each on the same scale, so that none hides another."""

from dashboard.charts.layout import WIDE_LABEL, Chart, escape, layout, short, time_axis, value_axis
from dashboard.charts.lines import Line, band, describe, gap_shapes, trace, value_range
from dashboard.charts.measures import Measure
from dashboard.theme import Look
from dashboard.words import Words

ROW_PIXELS = 112
NAME_SHARE = 0.22
"""Part of a row that its name takes, above its plot."""

BOTTOM_PIXELS = 36
MOST_TICKS = 4


def over_time(lines: list[Line], measure: Measure, words: Words, look: Look, title: str, freq: str) -> Chart:
    """One row a line, in the order given. Frames as `analysis.queries.series` returns them; at least one line."""
    lowest, highest = value_range(lines, measure)
    rows = len(lines)
    figure = {
        "data": [],
        "layout": layout(
            look,
            height=rows * ROW_PIXELS + BOTTOM_PIXELS,
            margin={"l": 48, "r": 16, "t": 4, "b": BOTTOM_PIXELS},
            xaxis=time_axis(look, words, lines[0].frame["bucket"]) | {"anchor": f"y{rows}" if rows > 1 else "y"},
            shapes=gap_shapes(lines, look),
            annotations=[],
            dragmode=False if look.touch else "select",
            selectdirection="h",
        ),
    }
    for row, line in enumerate(lines):
        top = 1 - row / rows
        number = str(row + 1) if row else ""
        axis = value_axis(look, measure.tickformat, lowest, highest, ticks=MOST_TICKS)
        figure["layout"][f"yaxis{number}"] = axis | {"domain": [top - (1 - NAME_SHARE) / rows, top - NAME_SHARE / rows]}
        figure["layout"]["annotations"].append(_name(line, top - NAME_SHARE / rows, look))
        figure["data"] += [part | {"yaxis": f"y{number}"} for part in _parts(line, measure, words, look, freq)]
    return Chart(figure, describe(lines, measure, words, title, freq))


def _parts(line: Line, measure: Measure, words: Words, look: Look, freq: str) -> list[dict]:
    """Band and line of a row; the row tells it apart, so the line need not be dashed."""
    drawn = trace(line, measure, words, look, freq)
    return [*band(line, measure, look, freq), drawn | {"line": drawn["line"] | {"dash": "solid"}}]


def _name(line: Line, place: float, look: Look) -> dict:
    return {
        "x": 0, "xref": "paper", "xanchor": "left", "y": place, "yref": "paper", "yanchor": "bottom", "yshift": 2,
        "text": f"<b>{escape(short(line.name, WIDE_LABEL))}</b>", "showarrow": False,
        "font": {"color": look.series[line.place % len(look.series)]},
    }  # fmt: skip
