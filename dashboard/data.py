"""Answers of the store, and what was drawn from them, kept until the data change: the dashboard's only cache.

Results are kept, never a connection: an open one would stop the collector. Each is filed under the data version it was
made from, so new data are seen at the next look and nothing needs to be cleared. What is kept is handed to every reader
as it is: nobody may write into it.
"""

import codecs
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, partial, wraps
from threading import Condition

import pandas as pd
from cachetools import LRUCache, cached

from analysis import queries
from analysis.briefing import briefing
from analysis.collecting import Collecting, collecting
from analysis.export import export
from analysis.provenance import provenance
from analysis.selection import Selection
from ingest.config import store_url
from ingest.held import HeldStore
from ingest.store import Store, open_store

VERSION_SECONDS = 2
"""How long a data version is believed where the store cannot tell without being asked (`Store.mark`)."""

FEEDS_SECONDS = 10
"""The same for the shown health of the feeds."""

MOST_STORES = 4
"""Stores whose present state is remembered: one in a server, some in tests."""

MOST_ANSWERS = 600
"""Answers kept: a few hundred selections of a few kilobytes each."""

MOST_DRAWN = 300
"""Finished charts and texts kept, of about a hundred kilobytes a chart: the pages of some dozens of selections."""


MOST_ROWS = 100_000
"""Rows of answers to single SELECTs kept: such as the days collected, which every selection asks for."""

_run: ContextVar[dict | None] = ContextVar("run", default=None)


@contextmanager
def one_run() -> Iterator[None]:
    """Inside, the store stays open from the first question that the cache cannot answer: each opening costs as much
    as a query. Without such a question it is not opened at all, and the collector waits for one run at most."""
    token = _run.set({})
    try:
        yield
    finally:
        for held in _run.get().values():
            held.close()
        _run.reset(token)


def ask(question: Callable, *arguments, **options):
    """`question(store, *arguments, **options)`, a function of `analysis`; from the cache if the data are the same."""
    return _answer(question, version(), store_url(), arguments, tuple(sorted(options.items())))


def kept(make: Callable) -> Callable:
    """Decorator of `make(reader, *arguments)`, which draws or words what a reader sees and shows nothing itself: made
    once for all readers in the same state (`Reader.state`). Arguments must be hashable."""

    @wraps(make)
    def made(reader, *arguments, **options):
        return _made(make, reader, (version(), store_url(), reader.state, arguments, tuple(sorted(options.items()))))

    return made


def series_csv(selection: Selection, asked: dict) -> bytes:
    """The answer of `queries.series` as a CSV file that `python -m analysis verify` can check."""
    store = _store(store_url())
    source = provenance(store, "series", selection, **asked)
    return _for_spreadsheets(export(queries.series(store, selection, **asked), source, "csv"))


def articles_file(selection: Selection, limit: int, form: str) -> bytes:
    """The articles of a selection, newest first, as a CSV or Parquet file that can be checked likewise."""
    store = _store(store_url())
    source = provenance(store, "articles", selection, limit=limit)
    file = export(queries.articles(store, selection, limit=limit), source, form)
    return _for_spreadsheets(file) if form == "csv" else file


def _for_spreadsheets(csv: bytes) -> bytes:
    """With a byte order mark: without one Excel takes Chinese for Latin letters."""
    return codecs.BOM_UTF8 + csv


def report(selection: Selection, language: str) -> str:
    """`analysis.briefing` of a selection with a start and an end."""
    store = _store(store_url())
    return briefing(store, selection, provenance(store, "briefing", selection), language)


def version() -> str:
    """Data version of the store now."""
    address = store_url()
    return _version(address, _moment(address, VERSION_SECONDS))


def feeds_now() -> pd.DataFrame:
    """`queries.feed_health`, at most a moment old: fetches that bring nothing do not change the data version."""
    address = store_url()
    return _feeds_now(address, _moment(address, FEEDS_SECONDS))


def collecting_now() -> Collecting:
    """`analysis.collecting`, at most a moment old."""
    address = store_url()
    return _collecting(address, _moment(address, FEEDS_SECONDS))


@cache
def events() -> pd.DataFrame:
    """Every known event (`queries.events`), read once: the list is a file that comes with the program."""
    return queries.events()


@cached(LRUCache(MOST_ANSWERS), condition=Condition())
def _answer(question, data_version, address, arguments, options):
    with _held(address, data_version) as store:
        return question(store, *arguments, **dict(options))


@cached(LRUCache(MOST_DRAWN), key=lambda make, reader, state: (make, state), condition=Condition())
def _made(make, reader, state):
    *_, arguments, options = state
    return make(reader, *arguments, **dict(options))


@contextmanager
def _held(address: str, data_version: str) -> Iterator[Store]:
    """The store of this run; one of its own where there is no run."""
    run = _run.get()
    held = run.get((address, data_version)) if run is not None else None
    if held is None:
        held = HeldStore(_store(address), partial(_part, (address, data_version)))
        if run is not None:
            run[address, data_version] = held
    try:
        yield held
    finally:
        if run is None:
            held.close()


def _rows_of(answer) -> int:
    """How many rows a SELECT gave, as tuples, a frame or columns."""
    return len(next(iter(answer.values()))) if isinstance(answer, dict) else len(answer)


@cached(LRUCache(MOST_ROWS, _rows_of), key=lambda state, asked, answer: (state, asked), condition=Condition())
def _part(state, asked, answer):
    """The answer to a single SELECT, of which several answers are made."""
    return answer()


@cached(LRUCache(MOST_STORES), condition=Condition())
def _version(address: str, moment) -> str:
    return _store(address).data_version()


@cached(LRUCache(MOST_STORES), condition=Condition())
def _feeds_now(address: str, moment) -> pd.DataFrame:
    return queries.feed_health(_store(address))


@cached(LRUCache(MOST_STORES), condition=Condition())
def _collecting(address: str, moment) -> Collecting:
    return collecting(_store(address))


def _moment(address: str, seconds: float):
    """What is the same as long as an answer about the present may be believed."""
    return _store(address).mark() or int(time.monotonic() / seconds)


@cache
def _store(address: str) -> Store:
    """The opened and migrated store: an address, not a connection."""
    store = open_store(address)
    store.spare_memory()
    return store
