"""Overview: what is being said, in what tone toward what, and what has just changed."""

import streamlit as st

from dashboard import panel, stories, summary, trendlines
from dashboard.charts.measures import COUNT, SHARE
from dashboard.panel import Panel
from dashboard.reader import Reader

LATEST = 5
"""Articles listed on the front page."""

MOST_THEMES = 8
"""Themes drawn on the front page; all are on the page of themes."""


def show(reader: Reader) -> None:
    words = reader.words
    frame = trendlines.whole_series(reader)
    st.title(words("overview.title"), anchor=False)
    if not summary.show(reader, frame):
        return
    coverage, tones, about, share = charts(reader)
    panel.show(reader, coverage)
    left, right = st.columns(2, gap="large")
    with left:
        if tones:
            panel.show(reader, tones)
        else:
            st.info(reader.words("overview.no_tone"))
    with right:
        summary.what_moved(reader)
    if about:
        panel.show(reader, about)
    panel.show(reader, share)
    st.subheader(words("stories.latest"), anchor=False)
    stories.show(reader, reader.selection, "latest", LATEST)


def charts(reader: Reader) -> tuple[Panel, Panel | None, Panel | None, Panel]:
    """The charts in order; None in place of one that has nothing to draw."""
    return (
        trendlines.total(reader, "coverage", COUNT),
        trendlines.tone_rows(reader, "target_tone", "target"),
        trendlines.count_rows(reader, "about", "theme", MOST_THEMES),
        trendlines.total(reader, "share", SHARE, marked=False),
    )


def prepare(reader: Reader) -> None:
    """Make ready what takes long: everything but the bar."""
    if not trendlines.whole_series(reader).empty:
        charts(reader)
        stories.listed(reader, reader.selection, LATEST, 0, "newest")
        summary.prepare(reader)
