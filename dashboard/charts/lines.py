"""Lines over time: counts, shares and tone, with bands, gaps, unfinished buckets and names at the line's end."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from dashboard.charts import intervals, marks
from dashboard.charts.layout import (
    HEIGHT,
    LABEL_SIZE,
    LABEL_STEP,
    Chart,
    escape,
    layout,
    places,
    short,
    time_axis,
    value_axis,
    values,
    width_of,
)
from dashboard.charts.measures import Measure, written
from dashboard.theme import Look, dash, symbol
from dashboard.words import Words

HEADROOM = 1.08
"""The value axis ends this far above the highest value."""

FINE_MARKERS_FROM = 120
"""Points in a line from which markers are drawn small, ..."""

FINE_ON_TOUCH_FROM = 40
"""... and on a phone, a quarter as wide."""


SYMBOL_NUMBERS = {
    "circle": 0, "square": 1, "diamond": 2, "cross": 3, "x": 4, "triangle-up": 5, "triangle-down": 6, "star": 17,
}  # fmt: skip
"""Plotly's numbers of `theme.SYMBOLS`: a list of names is a third of a chart on the wire."""

OPEN = 100
"""Added to a symbol's number, its outline only."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: a series of one key, its name for readers, and its place in the order of colours."""

    name: str
    frame: pd.DataFrame
    place: int
    key: str = ""


def over_time(
    lines: list[Line],
    measure: Measure,
    words: Words,
    look: Look,
    title: str,
    freq: str,
    events: pd.DataFrame | None = None,
) -> Chart:
    """Lines of one measure. Frames as `analysis.queries.series` returns them; at least one line with one row."""
    lowest, highest = value_range(lines, measure)
    traces = [drawn for line in lines for drawn in band(line, measure, look, freq)]
    traces += [trace(line, measure, words, look, freq) for line in lines]
    room = max((width_of(short(line.name)) for line in lines), default=0) + 14 if _labelled(lines, look) else 16
    figure = {
        "data": traces,
        "layout": layout(
            look,
            margin={"l": 48, "r": room, "t": 28, "b": 36},
            xaxis=time_axis(look, words, lines[0].frame["bucket"]),
            yaxis=value_axis(look, measure.tickformat, lowest, highest),
            shapes=gap_shapes(lines, look),
            dragmode=False if look.touch else "select",
            selectdirection="h",
        ),
    }
    if _labelled(lines, look):
        figure["layout"]["annotations"] = _end_labels(lines, measure, look, lowest, highest)
    elif len(lines) > 1:
        figure["layout"] |= {
            "showlegend": True,
            "legend": {"orientation": "h", "y": -0.16, "font": {"size": LABEL_SIZE}},
        }
    if events is not None:
        marks.add(figure, events, words, look)
    return Chart(figure, describe(lines, measure, words, title, freq))


def describe(lines: list[Line], measure: Measure, words: Words, title: str, freq: str) -> str:
    """The chart in a sentence or two: what, when, and for up to three lines highest and latest value."""
    buckets = lines[0].frame["bucket"]
    parts = [words("alt.lines", title=title, first=words.day(buckets.min()), last=words.day(buckets.max()))]
    for line in lines[:3]:
        drawn = measure.drawn(line.frame)
        known = np.flatnonzero(~np.isnan(drawn))
        if not len(known):
            parts.append(words("alt.nothing", name=line.name or title))
            continue
        peak = known[drawn[known].argmax()]
        parts.append(
            words(
                "alt.peak",
                name=line.name or title,
                peak=written(drawn[peak], measure, words),
                when=words.bucket(line.frame["bucket"].iloc[peak], freq),
                latest=written(drawn[known[-1]], measure, words),
            )
        )
    return " ".join(parts)


def _labelled(lines: list[Line], look: Look) -> bool:
    """Names stand at the lines' ends, except on a phone, where they would take a third of the width."""
    return len(lines) > 1 and not look.touch


def value_range(lines: list[Line], measure: Measure) -> tuple[float, float]:
    """Lowest and highest value of the axis: from zero up, or as far to both sides of zero for a signed measure."""
    seen = [measure.drawn(line.frame) for line in lines]
    if measure.column == "mean":
        seen += [line.frame[column].to_numpy(dtype=float) for line in lines for column in ("lo", "hi")]
    drawn = np.concatenate(seen) if seen else np.array([])
    drawn = drawn[np.isfinite(drawn)]
    lowest, highest = (drawn.min(), drawn.max()) if len(drawn) else (0.0, 1.0)
    if measure.signed:
        reach = max(abs(lowest), abs(highest), 0.2) * HEADROOM
        return -reach, reach
    return 0.0, (highest or 1.0) * HEADROOM


def trace(line: Line, measure: Measure, words: Words, look: Look, freq: str) -> dict:
    """A line with its markers; open markers where the bucket is cut short; broken over gaps."""
    frame, colour = line.frame, look.series[line.place % len(look.series)]
    shape = symbol(line.place)
    few = len(frame) < (FINE_ON_TOUCH_FROM if look.touch else FINE_MARKERS_FROM)
    name, about = f"<b>{escape(line.name)}</b> " if line.name else "", when(words, freq)
    drawn = {
        "type": "scatter",
        "mode": "lines+markers",
        "name": escape(short(line.name)),
        **places(frame["bucket"], freq),
        "y": values(measure.drawn(frame), measure.digits),
        "connectgaps": False,
        "cliponaxis": False,
        "line": {"color": colour, "width": 2, "dash": dash(line.place)},
        "marker": {"color": colour, "size": 7 if few else 4, "symbol": shape},
        "meta": line.key,
        "customdata": frame["n"].tolist(),
        "hovertemplate": f"{name}%{{y:{measure.hoverformat}}}<br>{about} · n = %{{customdata:,}}<extra></extra>",
    }
    if frame["partial"].any():
        number = SYMBOL_NUMBERS[shape]
        drawn["marker"]["symbol"] = [number + OPEN if cut else number for cut in frame["partial"]]
        drawn["text"] = [f"<br>{words('chart.partial')}" if cut else "" for cut in frame["partial"]]
        drawn["hovertemplate"] = drawn["hovertemplate"].replace("<extra>", "%{text}<extra>")
    return drawn


def when(words: Words, freq: str) -> str:
    """A bucket's name as a hover template writes it (d3 time format)."""
    if freq == "month":
        return "%{x|%Y年%-m月}" if words.language == "zh" else "%{x|%b %Y}"
    day = "%{x|%Y年%-m月%-d日}" if words.language == "zh" else "%{x|%-d %b %Y}"
    return words("bucket.week", day=day) if freq == "week" else day


def band(line: Line, measure: Measure, look: Look, freq: str) -> list[dict]:
    """The interval around a mean; nothing around other measures."""
    colour = look.series[line.place % len(look.series)]
    return intervals.shaded(line.frame, colour, freq) if measure.column == "mean" else []


def gap_shapes(lines: list[Line], look: Look) -> list[dict]:
    """Shade stretches in which nothing was collected for any line: missing is not zero."""
    if not all(line.frame["gap"].any() for line in lines):
        return []
    missing = pd.concat([line.frame.set_index("bucket")["gap"] for line in lines], axis=1).all(axis=1)
    starts = missing.index.to_series()
    step = starts.diff().median() if len(starts) > 1 else pd.Timedelta(days=1)
    return [
        {
            "type": "rect", "yref": "paper", "y0": 0, "y1": 1, "layer": "below",
            "x0": f"{run.index[0] - step / 2:%Y-%m-%d %H:%M}", "x1": f"{run.index[-1] + step / 2:%Y-%m-%d %H:%M}",
            "fillcolor": look.grid, "opacity": 0.6, "line": {"width": 0},
        }
        for _, run in missing[missing].groupby((~missing).cumsum()[missing])
    ]  # fmt: skip


def _end_labels(lines: list[Line], measure: Measure, look: Look, lowest: float, highest: float) -> list[dict]:
    """The name of each line right of its last value, moved apart so that none covers another."""
    ends = []
    for line in lines:
        drawn = measure.drawn(line.frame)
        drawn = drawn[~np.isnan(drawn)]
        if len(drawn):
            ends.append((float(drawn[-1]), line))
    step = LABEL_STEP * (highest - lowest) / (HEIGHT - 64)
    places = _apart([value for value, _ in ends], step, lowest, highest)
    return [
        {
            "x": 1, "xref": "paper", "xanchor": "left", "xshift": 6, "y": y, "text": escape(short(line.name)),
            "showarrow": False, "font": {"color": look.series[line.place % len(look.series)], "size": LABEL_SIZE},
        }
        for y, (_, line) in zip(places, ends, strict=True)
    ]  # fmt: skip


def _apart(places: list[float], step: float, lowest: float, highest: float) -> list[float]:
    """Places in the order given, moved so that neighbours keep `step` and all stay below `highest`."""
    order = sorted(range(len(places)), key=places.__getitem__)
    moved = dict.fromkeys(order, 0.0)
    floor = lowest - step
    for index in order:
        floor = moved[index] = max(places[index], floor + step)
    ceiling = highest + step
    for index in reversed(order):
        ceiling = moved[index] = min(moved[index], ceiling - step)
    return [moved[index] for index in range(len(places))]
