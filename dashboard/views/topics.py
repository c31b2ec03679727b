"""Topics: what the texts themselves fall into, how much of the coverage each takes, and which are new."""

import streamlit as st

from analysis import queries
from dashboard import panel, summary, trendlines
from dashboard.charts.measures import TOPIC_SHARE
from dashboard.data import ask
from dashboard.reader import Reader
from dashboard.safe import markdown

MOST_WORDS = 8


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
    st.subheader(words("topics.list"), anchor=False)
    for topic in found.itertuples():
        _topic(words, topic)


def _topic(words, topic) -> None:
    new = f" :blue-badge[{words('topics.new')}]" if topic.is_new else ""
    label = f"**{markdown(topic.label)}** · {words('topics.size', n=words.number(topic.size))}{new}"
    with st.expander(label):
        st.markdown(f"{words('topics.words')}: {markdown(', '.join(map(str, topic.words[:MOST_WORDS])))}")
        st.markdown("\n".join(f"- {markdown(example)}" for example in topic.examples))
