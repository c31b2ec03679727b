"""Overview: what is being said, in what tone toward what, and what has just changed."""

import streamlit as st

from dashboard import panel, stories, summary, trendlines
from dashboard.charts.measures import COUNT, SHARE, TOPIC_SHARE
from dashboard.reader import Reader

LATEST = 5
"""Articles listed on the front page."""


def show(reader: Reader) -> None:
    words = reader.words
    frame = trendlines.whole_series(reader)
    st.title(words("page.overview"), anchor=False)
    if not summary.show(reader, frame):
        return
    panel.show(reader, trendlines.total(reader, "coverage", COUNT))
    left, right = st.columns(2, gap="large")
    with left:
        if tones := trendlines.tone_rows(reader, "target_tone", "target"):
            panel.show(reader, tones)
        else:
            st.info(reader.words("overview.no_tone"))
    with right:
        summary.what_moved(reader)
    panel.show(reader, trendlines.total(reader, "share", SHARE, marked=False))
    if topics := trendlines.split(reader, "topics", TOPIC_SHARE, "topic"):
        panel.show(reader, topics)
    st.subheader(words("stories.latest"), anchor=False)
    stories.show(reader, reader.selection, "latest", LATEST)
