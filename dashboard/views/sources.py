"""Sources: which outlets and groups write, how their share and tone move, and how much is copied."""

import streamlit as st

from dashboard import panel, summary, trendlines
from dashboard.charts.lines import COPY_RATIO, SHARE
from dashboard.reader import Reader


def show(reader: Reader) -> None:
    st.title(reader.words("page.sources"), anchor=False)
    frame = trendlines.whole_series(reader)
    if not summary.enough(reader, frame):
        return
    left, right = st.columns(2, gap="large")
    with left:
        if outlets := trendlines.count_rows(reader, "outlets", "source"):
            panel.show(reader, outlets)
    with right:
        if tones := trendlines.tone_rows(reader, "outlet_tone", "source"):
            panel.show(reader, tones)
    if groups := trendlines.split(reader, "groups", SHARE, "group"):
        panel.show(reader, groups)
    panel.show(reader, trendlines.total(reader, "copies", COPY_RATIO, frame, marked=False))
