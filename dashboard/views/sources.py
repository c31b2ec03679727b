"""Sources: which outlets and groups write, how their share and tone move, who is first, and what is copied."""

import streamlit as st

from analysis.firsts import firsts
from dashboard import method_text, panel, stories, summary, trendlines
from dashboard.charts.measures import COPY_RATIO, SHARE
from dashboard.data import ask
from dashboard.reader import Reader

MOST_COPIED = 8
"""Widely copied stories listed."""


def show(reader: Reader) -> None:
    st.title(reader.words("page.sources"), anchor=False)
    frame = trendlines.whole_series(reader)
    if not summary.enough(reader, frame):
        return
    st.markdown(_copied(reader, int(frame["n"].sum()), int(frame["n_stories"].sum())))
    left, right = st.columns(2, gap="large")
    with left:
        if outlets := trendlines.count_rows(reader, "outlets", "source"):
            panel.show(reader, outlets)
    with right:
        _first(reader)
    if own := trendlines.against_own_past(reader, "own_past", "group"):
        panel.show(reader, own)
    if groups := trendlines.split(reader, "groups", SHARE, "group"):
        panel.show(reader, groups)
    panel.show(reader, trendlines.total(reader, "copies", COPY_RATIO, marked=False))
    st.subheader(reader.words("stories.most_copied"), anchor=False)
    stories.copied(reader, reader.selection, "sources", MOST_COPIED)


def _copied(reader: Reader, n: int, stories_: int) -> str:
    """How much of the selection is copies, in a sentence."""
    words = reader.words
    share = words.percent((n - stories_) / n)
    return words("sources.copies", share=share, n=words.number(n), copies=words.number(n - stories_))


def _first(reader: Reader) -> None:
    words = reader.words
    st.subheader(words("firsts.title"), anchor=False)
    st.caption(words("firsts.note"))
    found = ask(firsts, reader.selection)
    if found.empty:
        st.markdown(words("stories.no_copies"))
        return
    names = {"outlet": words("firsts.outlet"), "n_first": words("firsts.n_first"), "n_shared": words("firsts.n_shared")}
    st.table(found.rename(columns=names), border="horizontal", hide_index=True, alt=words("firsts.title"))
    method_text.button(words, "firsts")
