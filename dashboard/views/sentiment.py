"""Sentiment: tone over time, toward each target, by group and language, always with its band and n."""

import streamlit as st

from dashboard import panel, summary, trendlines
from dashboard.charts.measures import TONE
from dashboard.reader import Reader


def show(reader: Reader) -> None:
    frame = trendlines.whole_series(reader, bands=True)
    st.title(reader.words("page.sentiment"), anchor=False)
    if not summary.enough(reader, frame):
        return
    panel.show(reader, trendlines.total(reader, "sentiment", TONE, frame))
    if targets := trendlines.split(reader, "sentiment_by_target", TONE, "target", bands=True):
        panel.show(reader, targets)
    panel.side_by_side(
        reader,
        trendlines.tone_rows(reader, "group_tone", "group"),
        trendlines.split(reader, "sentiment_by_language", TONE, "language", bands=True),
    )
