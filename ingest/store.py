"""The store: open and migrate it. A DuckDB file beside the program, or a PostgreSQL database.

A third kind, in ClickHouse, is a copy of one of them that is only read. What a store can do is in `store_base`, what
is particular to each kind in `store_duckdb`, `store_postgres` and `store_clickhouse`.
"""

import importlib
from pathlib import Path

from ingest import config, migrating
from ingest.errors import StoreError
from ingest.store_base import Parameters, Reading, Store, Table, Transaction

__all__ = ["Parameters", "Reading", "Store", "Table", "Transaction", "open_store", "open_target"]


_KNOWN = "a file path, duckdb:///path, postgresql://host/database or clickhouse://host/database"

_SERVERS = {
    "postgresql": ("ingest.store_postgres", "PostgresStore"),
    "postgres": ("ingest.store_postgres", "PostgresStore"),
    "clickhouse": ("ingest.store_clickhouse", "ClickHouseStore"),
    "chdb": ("ingest.store_clickhouse", "ClickHouseStore"),
}
"""Scheme of an address → module and class; their drivers are imported when they are asked for."""


def open_store(url: str | None = None, writing: bool = False) -> Store:
    """Open the store at `url` (default: `LIANWATCH_STORE`), create it where it is missing and migrate it.

    Raises StoreError with one line that says what to change; `writing`, also for a store that is only to be read.
    """
    store = _store_at(url or config.store_url())
    if store.is_copy:
        migrating.check_copy(store, writing)
    else:
        migrating.migrate(store)
    return store


def open_target(url: str) -> Store:
    """The store at `url` as a place for `ingest.copying.copy`: one that is a copy need not be there yet."""
    store = _store_at(url)
    if not store.is_copy:
        migrating.migrate(store)
    return store


def _store_at(url: str) -> Store:
    scheme, separator, rest = url.partition("://")
    if not separator or scheme == "duckdb":
        from ingest.store_duckdb import DuckStore

        path = Path(rest if separator else url)
        if not path.name:
            raise StoreError(f"'{url}' names no file: LIANWATCH_STORE takes {_KNOWN}")
        return DuckStore(path)
    if scheme in _SERVERS:
        module, name = _SERVERS[scheme]
        try:
            return getattr(importlib.import_module(module), name)(url)
        except ModuleNotFoundError as error:
            raise StoreError(f"{scheme}:// needs {error.name}: pip install -e '.[cluster]'") from None
    raise StoreError(f"{scheme}://: LIANWATCH_STORE takes {_KNOWN}")
