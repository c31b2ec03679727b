"""Overview: what is being said, in what tone toward what, and what has just changed."""

import streamlit as st

from dashboard import panel, summary, trendlines
from dashboard.charts.lines import COUNT, SHARE
from dashboard.reader import Reader


def show(reader: Reader) -> None:
    frame = trendlines.whole_series(reader)
    st.title(reader.words("page.overview"), anchor=False)
    if not summary.show(reader, frame):
        return
    panel.show(reader, trendlines.total(reader, "coverage", COUNT, frame))
    left, right = st.columns(2, gap="large")
    with left:
        if tones := trendlines.tone_rows(reader, "target_tone", "target"):
            panel.show(reader, tones)
    with right:
        panel.show(reader, trendlines.total(reader, "share", SHARE, frame, marked=False))
    summary.moves(reader)
