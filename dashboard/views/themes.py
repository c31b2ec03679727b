"""Themes: the fixed frame of eighteen themes from the 2019 speech, by bucket."""

import streamlit as st

from analysis import queries
from dashboard import panel, summary, trendlines
from dashboard.charts import heat
from dashboard.charts.measures import TOPIC_SHARE
from dashboard.data import ask, kept
from dashboard.panel import Panel
from dashboard.reader import Reader

MONTHLY_FROM_DAYS = 60
"""From this length of the period the map is by month; a shorter one by week."""


def show(reader: Reader) -> None:
    words = reader.words
    st.title(words("page.themes"), anchor=False)
    frame = trendlines.whole_series(reader)
    if not summary.enough(reader, frame):
        return
    panel.show(reader, _map(reader))
    for panelled in (
        trendlines.split(reader, "themes", TOPIC_SHARE, "theme"),
        trendlines.tone_rows(reader, "theme_tone", "theme"),
    ):
        if panelled:
            panel.show(reader, panelled)


@kept
def _map(reader: Reader) -> Panel:
    words, title = reader.words, reader.words("chart.theme_map")
    freq = "month" if (reader.last - reader.first).days >= MONTHLY_FROM_DAYS else "week"
    asked = {"freq": freq, "by": "theme", "bands": False}
    frame = ask(queries.series, reader.selection, **asked)
    names = words.themes()
    chart = heat.by_bucket(frame, names, words, reader.look, title, freq)
    note = words("note.theme_map", by=words(f"by.{freq}"), most=words.number(frame["n"].max()))
    return Panel("theme_map", title, note, chart, frame, asked)
