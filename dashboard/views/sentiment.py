"""Sentiment: tone over time, toward each target, by group and language, always with its band and n."""

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
    panel.show(reader, trendlines.total(reader, "sentiment", TONE))
    parts = _parts(reader)
    if parts and (parts.asked["by"] == "target" or _has_several(parts)):
        panel.show(reader, parts)
    turning.show(reader, "mean", _turning)
    languages = trendlines.split(reader, "sentiment_by_language", TONE, "language", bands=True)
    if languages and _has_several(languages):
        panel.show(reader, languages)
    if grid := trendlines.tone_grid(reader):  # last: its bands are the dearest question of the page
        panel.show(reader, grid)


def _has_several(parts: Panel) -> bool:
    """Whether a split shows more than one line; a single one is the whole once more."""
    return parts.frame.loc[parts.frame["mean"].notna(), "key"].nunique() > 1


def _parts(reader: Reader) -> Panel | None:
    """By target; by group where one target is chosen."""
    by = "group" if len(reader.selection.targets) == 1 else "target"
    return trendlines.split(reader, f"sentiment_by_{by}", TONE, by, bands=True)


def _turning(reader: Reader) -> turning.Frames:
    """Lasting changes of tone: of the whole selection, and of what the chart above them splits it into."""
    frames = [(trendlines.whole_series(reader, bands=True), lambda _: reader.words("turning.whole"))]
    if parts := _parts(reader):
        frames.append((parts.frame, lambda key: reader.name(*parts.parts(key)[0])))
    return frames
