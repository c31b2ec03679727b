"""From frames of `analysis.queries` to panels: the charts that several views share."""

import pandas as pd

from analysis import queries
from analysis.document import TARGETS
from analysis.selection import Breakdown
from dashboard.charts import bars, lines, marks
from dashboard.charts.lines import Line, Measure
from dashboard.data import ask, events
from dashboard.panel import Panel
from dashboard.reader import Reader
from ingest.model import GROUPS

MOST_LINES = 6
"""Lines in one chart that can still be told apart; the largest are drawn, the table holds all."""

FIELDS: dict[Breakdown, str] = {
    "source": "outlets",
    "group": "groups",
    "language": "languages",
    "theme": "themes",
    "topic": "topics",
    "target": "targets",
}
"""Breakdown → field of Selection that a key narrows."""

_FIXED_ORDER = {"target": TARGETS, "group": tuple(GROUPS), "language": ("en", "zh", "other")}
"""Breakdowns whose keys keep their colour from page to page."""


def total(reader: Reader, key: str, measure: Measure, frame: pd.DataFrame, marked: bool = True) -> Panel:
    """One line of the whole selection, with the events around which most was written where it is `marked`."""
    words, title = reader.words, reader.words(f"chart.{key}")
    daily = ask(queries.series, reader.selection, "day", bands=False) if marked else frame.head(0)
    chosen = marks.choose(events(), daily)
    chart = lines.over_time([Line("", frame, 0)], measure, words, reader.look, title, reader.freq, chosen)
    return Panel(key, title, note(reader, key, frame), chart, table(frame), marks=tuple(marks.key(chosen, words)))


def split(reader: Reader, key: str, measure: Measure, by: Breakdown, bands: bool = False) -> Panel | None:
    """The largest keys of a breakdown, a line each; None where there is none."""
    words, title = reader.words, reader.words(f"chart.{key}")
    frame = ask(queries.series, reader.selection, reader.freq, by, bands=bands)
    frame = frame.assign(topic_share=frame["n"] / frame["n_relevant"].where(frame["n_relevant"] > 0))
    drawn = [
        Line(reader.name(FIELDS[by], name), frame[frame["key"] == name], place, name)
        for name, place in largest(frame, by)
    ]
    if not drawn:
        return None
    chart = lines.over_time(drawn, measure, words, reader.look, title, reader.freq)
    shown = frame[frame["n"].groupby(frame["key"]).transform("sum") > 0]
    return Panel(key, title, note(reader, key, frame), chart, table(shown, by), field=FIELDS[by])


def tone_rows(reader: Reader, key: str, by: Breakdown) -> Panel | None:
    """Mean tone of the whole selection by key, with its interval; None where nothing is scored."""
    words, title = reader.words, reader.words(f"chart.{key}")
    frame = ask(queries.series, reader.selection, "whole", by)
    frame = frame[frame["mean"].notna()]
    if frame.empty:
        return None
    order = [name for name, _ in largest(frame, by, most=12)]
    frame = frame.set_index("key").loc[order].reset_index()
    frame = frame.assign(name=[reader.name(FIELDS[by], name) for name in frame["key"]])
    chart = bars.tones(frame, words, reader.look, title)
    return Panel(key, title, note(reader, key, frame), chart, table(frame, by), field=FIELDS[by], timed=False)


def count_rows(reader: Reader, key: str, by: Breakdown, most: int = 15) -> Panel | None:
    """Articles of the whole selection by key, the most frequent first."""
    words, title = reader.words, reader.words(f"chart.{key}")
    frame = ask(queries.series, reader.selection, "whole", by, bands=False)
    frame = frame[frame["n"] > 0].sort_values(["n", "key"], ascending=[False, True])
    if frame.empty:
        return None
    frame = frame.assign(name=[reader.name(FIELDS[by], name) for name in frame["key"]])
    chart = bars.counts(frame.head(most), words, reader.look, title)
    return Panel(key, title, note(reader, key, frame), chart, table(frame, by), field=FIELDS[by], timed=False)


def largest(frame: pd.DataFrame, by: Breakdown, most: int = MOST_LINES) -> list[tuple[str, int]]:
    """The keys with most articles, each with its place in the order of colours."""
    sums = frame.groupby("key")["n"].sum().sort_values(ascending=False, kind="stable")
    kept = [name for name, n in sums.head(most).items() if n > 0]
    fixed = _FIXED_ORDER.get(by)
    if fixed is None:
        return [(name, place) for place, name in enumerate(kept)]
    return sorted(((name, fixed.index(name)) for name in kept if name in fixed), key=lambda pair: pair[1])


def note(reader: Reader, key: str, frame: pd.DataFrame) -> str:
    """The line under a chart's title: what is drawn, by which bucket, from how many articles."""
    words = reader.words
    counted = frame.drop_duplicates(["bucket", "key"])
    n = int(counted["n"].sum()) if (counted["key"] == "").all() else int(_relevant(counted))
    return words(f"note.{key}", freq=words(f"freq.{reader.freq}"), n=words.number(n), period=reader.period)


def table(frame: pd.DataFrame, by: Breakdown | None = None) -> pd.DataFrame:
    """The numbers behind a chart as readers and files get them: figures rounded, days as days."""
    columns = [name for name in queries.SERIES_COLUMNS if name in frame and (by or name != "key")]
    shown = frame[columns].rename(columns={"key": by} if by else {})
    if frame["bucket"].nunique() == 1 and frame["bucket"].iloc[0].year == 1970:
        shown = shown.drop(columns="bucket")
    else:
        shown = shown.assign(bucket=shown["bucket"].dt.date)
    return shown.round(4)


def _relevant(frame: pd.DataFrame) -> int:
    """Relevant articles of the buckets of a breakdown whose keys may share articles or cover not all."""
    return frame.groupby("bucket")["n"].sum().sum()
