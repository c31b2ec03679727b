"""Answers of the store, kept until the data change: the dashboard's only cache.

Results are kept, never a connection: an open one would stop the collector. Each is filed under the data version it was
made from, so new data are seen at the next look and nothing needs to be cleared.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar

import pandas as pd
import streamlit as st

from analysis import queries
from analysis.briefing import briefing
from analysis.export import export
from analysis.provenance import provenance
from analysis.selection import Selection
from ingest.config import store_url
from ingest.store import Store, open_store

VERSION_SECONDS = 2
"""How long a data version is believed without asking again: one look at the file for a burst of clicks."""

FEEDS_SECONDS = 10
"""How old the shown health of the feeds may be."""

MOST_ANSWERS = 600
"""Answers kept: a few hundred selections of a few kilobytes each."""


_run: ContextVar[ExitStack | None] = ContextVar("run", default=None)


@contextmanager
def one_run() -> Iterator[None]:
    """Inside, the store stays open from the first question that the cache cannot answer: each opening costs as much
    as a query. Without such a question it is not opened at all, and the collector waits for one run at most."""
    with ExitStack() as stack:
        token = _run.set(stack)
        try:
            yield
        finally:
            _run.reset(token)


def ask(question: Callable, *arguments, **options):
    """`question(store, *arguments, **options)`, a function of `analysis`; from the cache if the data are the same."""
    name = f"{question.__module__}.{question.__qualname__}"
    return _answer(question, name, version(), store_url(), arguments, tuple(sorted(options.items())))


def series_csv(selection: Selection, asked: dict) -> bytes:
    """The answer of `queries.series` as a CSV file that `python -m analysis verify` can check."""
    store = _store(store_url())
    source = provenance(store, "series", selection, **asked)
    return export(queries.series(store, selection, **asked), source, "csv")


def articles_file(selection: Selection, limit: int, form: str) -> bytes:
    """The articles of a selection, newest first, as a CSV or Parquet file that can be checked likewise."""
    store = _store(store_url())
    source = provenance(store, "articles", selection, limit=limit)
    return export(queries.articles(store, selection, limit=limit), source, form)


def report(selection: Selection) -> str:
    """`analysis.briefing` of a selection with a start and an end."""
    store = _store(store_url())
    return briefing(store, selection, provenance(store, "briefing", selection))


def version() -> str:
    """Data version of the store now."""
    return _version(store_url())


def feeds_now() -> pd.DataFrame:
    """`queries.feed_health`, at most a moment old: fetches that bring nothing do not change the data version."""
    return _feeds_now(store_url())


@st.cache_data(show_spinner=False)
def events() -> pd.DataFrame:
    """Every known event (`queries.events`), read once: the list is a file that comes with the program."""
    return queries.events()


@st.cache_data(show_spinner=False, max_entries=MOST_ANSWERS)
def _answer(_question, name, data_version, address, arguments, options):
    store = _store(address)
    _keep_open(store)
    return _question(store, *arguments, **dict(options))


def _keep_open(store: Store) -> None:
    """Hold a connection until the run ends; those that questions open beside it share its file and are cheap."""
    if stack := _run.get():
        stack.enter_context(store.reading())
        _run.set(None)


@st.cache_data(show_spinner=False, ttl=VERSION_SECONDS)
def _version(address: str) -> str:
    return _store(address).data_version()


@st.cache_data(show_spinner=False, ttl=FEEDS_SECONDS)
def _feeds_now(address: str) -> pd.DataFrame:
    return queries.feed_health(_store(address))


@st.cache_resource(show_spinner=False)
def _store(address: str) -> Store:
    """The opened and migrated store: an address, not a connection."""
    return open_store(address)
