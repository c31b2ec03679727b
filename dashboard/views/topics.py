"""Topics: what the texts themselves fall into, how much of the coverage each takes, and which are new."""

import pandas as pd
import streamlit as st

from analysis import queries
from dashboard import emerging, panel, summary, trendlines
from dashboard.charts.measures import TOPIC_SHARE
from dashboard.data import ask
from dashboard.reader import Reader
from dashboard.safe import markdown

MOST_WORDS = 8
RECENT = 0.1
"""The last part of the period: what begins in it is new, what ends before it is quiet."""


def show(reader: Reader) -> None:
    words = reader.words
    st.title(words("page.topics"), anchor=False)
    frame = trendlines.whole_series(reader)
    if not summary.enough(reader, frame):
        return
    found = ask(queries.topics)
    if found.empty:
        st.info(words("topics.none"))
        return
    for panelled in (
        trendlines.split(reader, "topics", TOPIC_SHARE, "topic"),
        trendlines.count_rows(reader, "topic_counts", "topic"),
    ):
        if panelled:
            panel.show(reader, panelled)
    emerging.show(reader)
    _list(reader, found)


def _list(reader: Reader, found: pd.DataFrame) -> None:
    """The topics of the selection, largest first, with words and examples, and whether one began or ended in it."""
    words = reader.words
    st.subheader(words("topics.list"), anchor=False)
    st.caption(words("topics.list_note", share=words.percent(RECENT, 0)))
    by_topic = ask(queries.series, reader.selection, freq=reader.freq, by="topic", bands=False)
    written = (
        by_topic[by_topic["n"] > 0].groupby("key").agg(n=("n", "sum"), first=("bucket", "min"), last=("bucket", "max"))
    )
    known = found.set_index(found["topic_id"].astype(str))
    for key, row in written.sort_values("n", ascending=False, kind="stable").iterrows():
        if key in known.index:
            _topic(reader, known.loc[key], row)


def _badge(reader: Reader, topic: pd.Series, written: pd.Series) -> str:
    """New: first written of late. Quiet: written of before, not of late."""
    words, first, last = reader.words, written["first"], written["last"]
    late = pd.Timestamp(reader.last) - RECENT * (pd.Timestamp(reader.last) - pd.Timestamp(reader.first))
    if topic["is_new"] or first >= late:
        return f" :blue-badge[{words('topics.new', when=words.bucket(first.date(), reader.freq))}]"
    return f" :gray-badge[{words('topics.quiet', when=words.bucket(last.date(), reader.freq))}]" if last < late else ""


def _topic(reader: Reader, topic: pd.Series, written: pd.Series) -> None:
    words = reader.words
    size = words("topics.size", n=words.number(written["n"]))
    label = f"**{markdown(topic['label'])}** · {size}{_badge(reader, topic, written)}"
    with st.expander(label):
        st.markdown(f"{words('topics.words')}: {markdown(', '.join(map(str, topic['words'][:MOST_WORDS])))}")
        st.markdown("\n".join(f"- {markdown(example)}" for example in topic["examples"]))
