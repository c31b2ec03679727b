"""From questions to panels: the charts that several views share."""

import numpy as np
import pandas as pd

from analysis import queries
from analysis.comparable import BASELINE_BUCKETS, own_baseline
from analysis.document import TARGETS
from analysis.selection import Breakdown
from dashboard.charts import bars, grid, lines, marks, multiples
from dashboard.charts.lines import Line
from dashboard.charts.measures import TONE, Measure
from dashboard.data import ask, events, kept
from dashboard.panel import CELL_FIELDS, FIELDS, Panel
from dashboard.reader import Reader
from ingest.model import GROUPS

MOST_LINES = 6
"""Lines in one chart; the largest are drawn, the table holds all."""

OVERLAID = 3
"""Two or three lines share one plot; more get a row each, where none hides another, and so does one, to be named."""

MOST_ROWS = 15
"""Names in a chart of one value a name, if a view does not want fewer."""

_FIXED_ORDER = {"target": TARGETS, "group": tuple(GROUPS), "language": ("en", "zh", "other")}
"""Breakdowns whose keys keep their colour from page to page."""


@kept
def total(reader: Reader, key: str, measure: Measure, marked: bool = True) -> Panel:
    """One line of the whole selection; where it is `marked`, with the events around which most was written."""
    words, title = reader.words, reader.words(f"chart.{key}")
    frame = whole_series(reader, bands=measure is TONE)
    apart = marks.TOUCH_DISTANCE if reader.look.touch else marks.LEAST_DISTANCE
    chosen = marks.choose(events(), daily_series(reader) if marked else frame.head(0), apart=apart)
    chart = lines.over_time([Line("", frame, 0)], measure, words, reader.look, title, reader.freq, chosen)
    note = _note(reader, key, n=words.number(frame["n"].sum()))
    asked = {"freq": reader.freq, "bands": measure is TONE}
    return Panel(key, title, note, chart, frame, asked, marks=tuple(marks.key(chosen, words)))


def whole_series(reader: Reader, bands: bool = False) -> pd.DataFrame:
    """The series of the whole selection, which every page begins with. Only a tone needs its `bands`."""
    return ask(queries.series, reader.selection, freq=reader.freq, bands=bands)


def daily_series(reader: Reader) -> pd.DataFrame:
    """The same by day, by which events are weighed."""
    return ask(queries.series, reader.selection, freq="day", bands=False)


@kept
def split(reader: Reader, key: str, measure: Measure, by: Breakdown, bands: bool = False) -> Panel | None:
    """The largest keys of a breakdown, a line each; None where none has a value to draw."""
    words, title = reader.words, reader.words(f"chart.{key}")
    asked = {"freq": reader.freq, "by": by, "bands": bands}
    frame = ask(queries.series, reader.selection, **asked)
    within = frame.assign(topic_share=frame["n"] / frame["n_relevant"].where(frame["n_relevant"] > 0))
    drawn = _lines(reader, within, within[~np.isnan(measure.drawn(within))], by)
    if not drawn:
        return None
    draw = lines.over_time if 1 < len(drawn) <= OVERLAID else multiples.over_time
    chart = draw(drawn, measure, words, reader.look, title, reader.freq)
    return Panel(key, title, _note(reader, key), chart, frame, asked)


@kept
def against_own_past(reader: Reader, key: str, by: Breakdown) -> Panel | None:
    """Tone of each key less its own usual tone, with its band; None where nothing has a past."""
    words, title = reader.words, reader.words(f"chart.{key}")
    asked = {"freq": reader.freq, "by": by, "bands": True}
    frame = own_baseline(ask(queries.series, reader.selection, **asked))
    known = frame[frame["change"].notna()]
    # Lines draw a mean and its band; here they are the change and its.
    moved = frame.assign(mean=frame["change"], lo=frame["change_lo"], hi=frame["change_hi"])
    drawn = _lines(reader, moved, known, by)
    if not drawn:
        return None
    draw = lines.over_time if 1 < len(drawn) <= OVERLAID else multiples.over_time
    chart = draw(drawn, TONE, words, reader.look, title, reader.freq)
    return Panel(key, title, _note(reader, key, buckets=BASELINE_BUCKETS), chart, frame, asked)


@kept
def tone_rows(reader: Reader, key: str, by: Breakdown) -> Panel | None:
    """Mean tone of the whole selection by key, with its interval; None where nothing is scored."""
    frame, asked = _whole(reader, by, bands=True)
    scored = frame[frame["mean"].notna()]
    if scored.empty:
        return None
    place = {name: number for number, name in enumerate(scored["key"].tolist())}
    title = reader.words(f"chart.{key}")
    rows = _named(reader, scored.iloc[[place[name] for name, _ in largest(scored, by, MOST_ROWS)]], by)
    chart = bars.tones(rows, reader.words, reader.look, title)
    return Panel(key, title, _note(reader, key), chart, frame, asked, timed=False)


@kept
def tone_grid(reader: Reader) -> Panel | None:
    """Mean tone of the whole selection by target, outlet group and language; None where no mean is known.

    A small chart a group with a row a target; where one target is chosen, one chart with a row a group.
    """
    frame, asked = _whole(reader, "cell", bands=True)
    parts = frame["key"].str.split(" ", expand=True, n=2).reindex(columns=range(3)).set_axis(CELL_FIELDS, axis=1)
    cells = frame.join(parts)[frame["n_scored"] > 0]
    if cells["mean"].isna().all():
        return None
    row, column = ("groups", "targets") if len(reader.selection.targets) == 1 else ("targets", "groups")
    fields = {"row": row, "panel": column, "language": "languages"}
    cells = cells.assign(**{name: cells[field] for name, field in fields.items()})
    known, order = cells[cells["mean"].notna()], {"targets": TARGETS, "groups": tuple(GROUPS)}
    panels = [key for key in order[column] if key in set(known["panel"])]
    rows = [key for key in order[row] if key in set(known["row"])]
    title = reader.words("chart.tone_grid")
    shown = cells[cells["panel"].isin(panels) & cells["row"].isin(rows)]
    chart = grid.by_cell(
        shown, panels, rows, lambda name, key: reader.name(fields[name], key), reader.words, reader.look, title
    )
    return Panel("tone_grid", title, _note(reader, "tone_grid"), chart, frame, asked, timed=False)


@kept
def count_rows(reader: Reader, key: str, by: Breakdown, most: int = MOST_ROWS) -> Panel | None:
    """Articles of the whole selection by key, the most frequent first."""
    frame, asked = _whole(reader, by, bands=False)
    counted = frame["n"].to_numpy()
    ranked = np.lexsort((frame["key"].to_numpy(dtype=object), -counted))[: min(most, np.count_nonzero(counted))]
    if not len(ranked):
        return None
    title = reader.words(f"chart.{key}")
    chart = bars.counts(_named(reader, frame.iloc[ranked], by), reader.words, reader.look, title)
    note = _note(reader, key, n=reader.words.number(counted.sum()))
    return Panel(key, title, note, chart, frame, asked, timed=False)


def _lines(reader: Reader, frame: pd.DataFrame, counted: pd.DataFrame, by: Breakdown) -> list[Line]:
    """A line for each of the largest keys of `counted`, a part of the frame."""
    keys, chosen = frame["key"].to_numpy(dtype=object), largest(counted, by, MOST_LINES)
    return [Line(reader.name(FIELDS[by], name), frame[keys == name], place, name) for name, place in chosen]


def largest(frame: pd.DataFrame, by: Breakdown, most: int) -> list[tuple[str, int]]:
    """The keys with most articles, each with its place in the order of colours."""
    sums: dict[str, int] = {}
    for name, n in zip(frame["key"].tolist(), frame["n"].tolist(), strict=True):
        sums[name] = sums.get(name, 0) + n
    ranked = sorted(sums, key=lambda name: (-sums[name], name))
    kept = [name for name in ranked[:most] if sums[name] > 0]
    fixed = _FIXED_ORDER.get(by)
    if fixed is None:
        return [(name, place) for place, name in enumerate(kept)]
    return sorted(((name, fixed.index(name)) for name in kept if name in fixed), key=lambda pair: pair[1])


def _whole(reader: Reader, by: Breakdown, bands: bool) -> tuple[pd.DataFrame, dict]:
    asked = {"freq": "whole", "by": by, "bands": bands}
    return ask(queries.series, reader.selection, **asked), asked


def _named(reader: Reader, frame: pd.DataFrame, by: Breakdown) -> pd.DataFrame:
    return frame.assign(name=[reader.name(FIELDS[by], name) for name in frame["key"].tolist()])


def _note(reader: Reader, key: str, **blanks) -> str:
    """The line under a chart's title: what is drawn, by which bucket, from how many articles."""
    return reader.words(f"note.{key}", by=reader.words(f"by.{reader.freq}"), period=reader.period, **blanks)
