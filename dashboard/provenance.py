"""Where a figure comes from, in the lines that travel with every saved chart."""

from dataclasses import replace
from urllib.parse import urlencode, urlsplit

import streamlit as st

from analysis.provenance import provenance
from dashboard import filters
from dashboard.data import ask
from dashboard.downloads import Caption
from dashboard.reader import Reader
from ingest.config import timezone


def caption(reader: Reader, title: str, note: str, freq: str, marks: tuple[str, ...] = ()) -> Caption:
    """Title, period, filters, marks, versions and address of a chart by `freq` as the reader sees it now."""
    words = reader.words
    period = words("file.period", period=reader.period, by=words(f"by.{freq}"), zone=timezone().key)
    source = ask(provenance, "chart", reader.selection)
    versions = words("file.source", code=source.version, engine=source.engine, version=source.data_version,
                     n=words.number(reader.extent.n_relevant))  # fmt: skip
    sample = (words("notice.sample"),) if reader.extent.is_sample else ()
    pinned = replace(reader.chosen, period="custom", start=reader.first, end=reader.last)  # the chart in print stays
    return Caption(title, (*sample, note, period, *chosen_in_words(reader), *marks, versions, permalink(pinned)))


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
