"""The store: open, migrate, read, write. A DuckDB file beside the program, or a PostgreSQL database.

SQL is written once, in what both understand: `?` and `$name` for parameters, `IN (SELECT unnest(?))` for a list.
Connecting and the few differences of the two are in `store_duckdb` and `store_postgres`, each a `Store` and its
`Session`. A `Store` is an address: cheap to make, safe to pass to threads and processes, nothing to close.
"""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Collection, Hashable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from importlib import resources
from pathlib import Path
from typing import Protocol

import pandas as pd
import pyarrow as pa

from ingest import config
from ingest.errors import StoreError

Parameters = Sequence | dict
Rows = pa.Table | pd.DataFrame | Sequence[dict]


class Session(Protocol):
    """One open connection of a backend."""

    def rows(self, sql: str, parameters: Parameters = ()) -> list[tuple]: ...

    def frame(self, sql: str, parameters: Parameters = ()) -> pd.DataFrame: ...

    def execute(self, sql: str, parameters: Parameters = ()) -> None: ...

    def script(self, sql: str) -> None:
        """Run the statements of a migration."""

    def insert(self, table: str, batch: pa.Table, key: Sequence[str], action: str) -> None:
        """INSERT the batch, with `ON CONFLICT (key) action`."""


class Store(ABC):
    """A place where articles and what was found in them are kept.

    It does not cache and holds no connection. Make one with `open_store`, which also brings the schema up to date.
    `url` opens it again, `name` is that without a password, `folder` the place for files that belong beside it,
    `lock_file` what a collector holds while it works (None where `claim` shares the feeds out).
    """

    kind: str
    url: str
    name: str
    folder: Path
    lock_file: Path | None

    @abstractmethod
    def connect(self, writing: bool) -> AbstractContextManager[Session]:
        """A session; writing, it is one transaction. Raises StoreError for whatever the database says."""

    @abstractmethod
    def claim(self, feeds: Collection[str]) -> AbstractContextManager[set[str]]:
        """Those of `feeds` that no other collector is at work on; nobody else gets them inside the context."""

    def mark(self) -> Hashable | None:
        """Equal as long as nothing is written; None where only a question can tell. Costs next to nothing."""
        return None

    def frame(self, sql: str, parameters: Parameters = ()) -> pd.DataFrame:
        """Run one SELECT and return its rows as a frame."""
        with self.reading() as reading:
            return reading.frame(sql, parameters)

    def rows(self, sql: str, parameters: Parameters = ()) -> list[tuple]:
        """Run one SELECT and return its rows as tuples."""
        with self.reading() as reading:
            return reading.rows(sql, parameters)

    @contextmanager
    def reading(self) -> Iterator["Reading"]:
        """Several SELECTs of one question on one connection (opening one takes longer than most queries)."""
        with self.connect(writing=False) as session:
            yield Reading(session)

    @contextmanager
    def transaction(self) -> Iterator["Transaction"]:
        """Write all or nothing, one writer at a time. Keep it short: others wait meanwhile."""
        with self.connect(writing=True) as session:
            yield Transaction(session)

    def data_version(self) -> str:
        """Digest of everything stored that a chart may show; two stores with the same content have the same."""
        found = self.rows("SELECT value FROM meta WHERE key = 'data_version'")
        return found[0][0] if found else "empty"


class Reading:
    """The reading side of a `Store`, valid inside `Store.reading()`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def frame(self, sql: str, parameters: Parameters = ()) -> pd.DataFrame:
        return self._session.frame(sql, parameters)

    def rows(self, sql: str, parameters: Parameters = ()) -> list[tuple]:
        return self._session.rows(sql, parameters)


class Transaction(Reading):
    """The writing side of a `Store`, valid inside `Store.transaction()`."""

    def execute(self, sql: str, parameters: Parameters = ()) -> None:
        self._session.execute(sql, parameters)

    def upsert(self, table: str, rows: Rows, key: Sequence[str]) -> None:
        """Insert rows, or overwrite the stored row with the same key. The rows' columns are the columns written."""
        self._insert(table, rows, key, overwrite=True)

    def insert_new(self, table: str, rows: Rows, key: Sequence[str]) -> None:
        """Insert rows whose key is not stored yet; leave the others as they are."""
        self._insert(table, rows, key, overwrite=False)

    def _insert(self, table: str, rows: Rows, key: Sequence[str], overwrite: bool) -> None:
        batch = _as_arrow(rows)
        if not batch.num_rows:
            return
        changes = ", ".join(f"{name} = excluded.{name}" for name in batch.column_names if name not in key)
        action = f"DO UPDATE SET {changes}" if overwrite and changes else "DO NOTHING"
        self._session.insert(table, batch, key, action)

    def stamp(self) -> None:
        """Recompute `data_version` from what is stored now. Call it last in a transaction that changed content."""
        articles, annotations, stories, run = self.rows(_CONTENT)[0]
        parts = [articles, annotations, str(stories)] + ([] if run is None else [str(run)])
        version = hashlib.sha256("|".join(parts).encode()).hexdigest()[:DATA_VERSION_LENGTH]
        self.upsert("meta", [{"key": "data_version", "value": version}], key=["key"])


DATA_VERSION_LENGTH = 12

_CONTENT = """
    SELECT (SELECT concat(count(*), '/', sum(content_hash)) FROM articles),
           (SELECT concat(count(*), '/', sum(content_hash), '/', max(engine)) FROM annotations),
           (SELECT count(*) FROM stories WHERE is_original),
           (SELECT max(run_id) FROM topic_runs)
"""


def open_store(url: str | None = None) -> Store:
    """Open the store at `url` (default: `LIANWATCH_STORE`), create it where it is missing and migrate it.

    Raises StoreError with one line that says what to change.
    """
    store = _store_at(url or config.store_url())
    _migrate(store)
    return store


def _store_at(url: str) -> Store:
    scheme, separator, rest = url.partition("://")
    if not separator or scheme == "duckdb":
        from ingest.store_duckdb import DuckStore

        return DuckStore(Path(rest if separator else url))
    if scheme in ("postgresql", "postgres"):
        try:
            from ingest.store_postgres import PostgresStore
        except ImportError:
            raise StoreError("a server store needs psycopg: pip install -e '.[cluster]'") from None
        return PostgresStore(url)
    raise StoreError(f"{scheme}://: LIANWATCH_STORE takes a file path, duckdb:///path or postgresql://host/database")


def _migrate(store: Store) -> None:
    """Apply the numbered files of `migrations/` that the store has not seen, all or none.

    `0001_name.sql` is for every store, `0001_name.postgres.sql` for those of one kind.
    """
    files = sorted(resources.files("ingest.migrations").iterdir(), key=lambda file: file.name)
    scripts = [file for file in files if file.name.split(".")[1:] in (["sql"], [store.kind, "sql"])]
    if _schema_version(store) == scripts[-1].name:
        return
    with store.connect(writing=True) as session:
        session.script("CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY, applied_at TIMESTAMPTZ NOT NULL)")
        applied = {name for (name,) in session.rows("SELECT name FROM migrations")}
        for script in scripts:
            if script.name not in applied:
                session.script(script.read_text(encoding="utf-8"))
                session.execute("INSERT INTO migrations VALUES (?, now())", [script.name])


def _schema_version(store: Store) -> str | None:
    known = "table_name = 'migrations' AND table_schema = current_schema()"
    with store.reading() as reading:
        if reading.rows(f"SELECT 1 FROM information_schema.tables WHERE {known}"):
            return reading.rows("SELECT max(name) FROM migrations")[0][0]
    return None


def _as_arrow(rows: Rows) -> pa.Table:
    if isinstance(rows, pa.Table):
        return rows
    if isinstance(rows, pd.DataFrame):
        return pa.Table.from_pandas(rows, preserve_index=False)
    return pa.Table.from_pylist(list(rows))
