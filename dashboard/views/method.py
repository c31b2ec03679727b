"""Data & method: what was collected and how well, and how each figure is made."""

from pathlib import Path

import streamlit as st

from dashboard import data, panel, trendlines
from dashboard.charts.measures import COLLECTED
from dashboard.reader import Reader
from ingest.config import timezone

METHOD = Path(__file__).parents[2] / "docs" / "method.md"


def show(reader: Reader) -> None:
    words = reader.words
    st.title(words("page.method"), anchor=False)
    _extent(reader)
    frame = trendlines.whole_series(reader)
    if len(frame):
        panel.show(reader, trendlines.total(reader, "collection", COLLECTED, frame, marked=False))
    st.subheader(words("method.feeds"), anchor=False)
    feeds = data.feeds_now()
    columns = [
        "name",
        "outlet",
        "group",
        "language",
        "status",
        "error",
        "last_checked",
        "last_success",
        "last_new",
        "n_articles",
    ]
    st.dataframe(feeds[columns], hide_index=True, alt=words("method.feeds"))
    st.subheader(words("method.how"), anchor=False)
    st.markdown(METHOD.read_text(encoding="utf-8").partition("\n")[2])


def _extent(reader: Reader) -> None:
    words, extent = reader.words, reader.extent
    facts = {
        "articles": words.number(extent.n_articles),
        "relevant": words.number(extent.n_relevant),
        "undated": words.number(extent.n_undated),
        "days": f"{words.day(extent.first_day)} – {words.day(extent.last_day)}",
        "zone": timezone().key,
        "version": extent.data_version,
    }
    st.markdown("\n".join(f"- {words(f'method.{name}')}: **{value}**" for name, value in facts.items()))
