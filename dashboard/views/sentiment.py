"""Sentiment: tone over time, toward each target, by group and language, always with its band and n."""

import streamlit as st

from analysis import queries
from dashboard import panel, summary, trendlines
from dashboard.charts.lines import TONE
from dashboard.data import ask
from dashboard.reader import Reader


def show(reader: Reader) -> None:
    frame = ask(queries.series, reader.selection, reader.freq)
    st.title(reader.words("page.sentiment"), anchor=False)
    if not summary.enough(reader, frame):
        return
    panel.show(reader, trendlines.total(reader, "sentiment", TONE, frame))
    if targets := trendlines.split(reader, "sentiment_by_target", TONE, "target"):
        panel.show(reader, targets)
    left, right = st.columns(2, gap="large")
    with left:
        if groups := trendlines.tone_rows(reader, "group_tone", "group"):
            panel.show(reader, groups)
    with right:
        if languages := trendlines.split(reader, "sentiment_by_language", TONE, "language"):
            panel.show(reader, languages)
