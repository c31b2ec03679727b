"""Sentiment: tone over time, toward each target, by group and language, always with its band and n."""

import pandas as pd
import streamlit as st

from dashboard import panel, summary, trendlines, turning
from dashboard.charts.measures import TONE
from dashboard.panel import Panel
from dashboard.reader import Reader


def show(reader: Reader) -> None:
    frame = trendlines.whole_series(reader, bands=True)
    st.title(reader.words("page.sentiment"), anchor=False)
    if not summary.enough(reader, frame):
        return
    panel.show(reader, trendlines.total(reader, "sentiment", TONE, frame))
    one_target = len(reader.selection.targets) == 1
    by, field = ("group", "groups") if one_target else ("target", "targets")
    if parts := trendlines.split(reader, f"sentiment_by_{by}", TONE, by, bands=True):
        panel.show(reader, parts)
    _turning(reader, frame, parts, field)
    panel.side_by_side(
        reader,
        trendlines.tone_rows(reader, "group_tone", "group"),
        trendlines.split(reader, "sentiment_by_language", TONE, "language", bands=True),
    )


def _turning(reader: Reader, whole: pd.DataFrame, parts: Panel | None, field: str) -> None:
    """Lasting changes of tone: of the whole selection, and of what the chart above it splits it into."""
    frames = [(whole, lambda _: reader.words("turning.whole"))]
    if parts:
        frames.append((parts.frame, lambda key: reader.name(field, key)))
    turning.show(reader, "mean", frames)
