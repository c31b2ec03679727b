"""Where a figure comes from, in the lines that travel with every saved chart."""

from urllib.parse import urlencode, urlsplit

import streamlit as st

from dashboard import filters
from dashboard.downloads import Caption
from dashboard.reader import Reader
from ingest.config import timezone


def caption(reader: Reader, title: str, note: str, freq: str, marks: tuple[str, ...] = ()) -> Caption:
    """Title, period, filters, marks, versions and address of a chart by `freq` as the reader sees it now."""
    words = reader.words
    period = words("file.period", period=reader.period, by=words(f"by.{freq}"), zone=timezone().key)
    versions = words("file.source", version=reader.extent.data_version, n=words.number(reader.extent.n_relevant))
    sample = (words("notice.sample"),) if reader.extent.is_sample else ()
    return Caption(title, (*sample, note, period, *chosen_in_words(reader), *marks, versions, permalink(reader.chosen)))


def chosen_in_words(reader: Reader) -> list[str]:
    """The filters in force as one line; none where nothing is filtered."""
    words, parts = reader.words, []
    for name, field in filters.LISTS.items():
        if values := reader.chosen.chosen(name):
            parts.append(f"{words(f'bar.{name}')}: {', '.join(reader.name(field, value) for value in values)}")
    if reader.chosen.search:
        parts.append(f"{words('bar.search')}: {reader.chosen.search}")
    return [words("file.filters", filters="; ".join(parts))] if parts else []


def permalink(chosen: filters.Chosen) -> str:
    """Address of this page in this state."""
    page = urlsplit(st.context.url or "")._replace(query=urlencode(filters.query(chosen), doseq=True), fragment="")
    return page.geturl()
