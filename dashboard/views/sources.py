"""Sources: which outlets and groups write, how their share and tone move, and how much is copied."""

import streamlit as st

from dashboard import panel, summary, trendlines
from dashboard.charts.measures import COPY_RATIO, SHARE
from dashboard.reader import Reader


def show(reader: Reader) -> None:
    st.title(reader.words("page.sources"), anchor=False)
    frame = trendlines.whole_series(reader)
    if not summary.enough(reader, frame):
        return
    panel.side_by_side(
        reader,
        trendlines.count_rows(reader, "outlets", "source"),
        trendlines.tone_rows(reader, "outlet_tone", "source"),
    )
    if groups := trendlines.split(reader, "groups", SHARE, "group"):
        panel.show(reader, groups)
    panel.show(reader, trendlines.total(reader, "copies", COPY_RATIO, frame, marked=False))
