"""The store: open, migrate, read, write. One DuckDB file; connections are short and never kept.

DuckDB shuts a second process out while one has the file open, so every read and every write opens, works and closes,
and waits with backoff while another holds the file. A `Store` is an address: cheap to make, safe to pass to threads
and processes, nothing to close.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import resources
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
import tenacity

from ingest import config
from ingest.errors import StoreError

LOCK_PATIENCE_SECONDS = 30
"""How long a reader or writer waits for the file before it gives up (the worst wait measured was 2.7 s)."""


class Store:
    """A place where articles and what was found in them are kept.

    It does not cache and holds no connection. Make one with `open_store`, which also brings the schema up to date.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def frame(self, sql: str, parameters: Sequence | dict = ()) -> pd.DataFrame:
        """Run one SELECT and return its rows as a frame."""
        with self.reading() as reading:
            return reading.frame(sql, parameters)

    def rows(self, sql: str, parameters: Sequence | dict = ()) -> list[tuple]:
        """Run one SELECT and return its rows as tuples."""
        with self.reading() as reading:
            return reading.rows(sql, parameters)

    @contextmanager
    def reading(self) -> Iterator["Reading"]:
        """Several SELECTs of one question on one connection (opening one takes longer than most queries)."""
        with self._connect(read_only=True) as connection:
            yield Reading(connection)

    @contextmanager
    def transaction(self) -> Iterator["Transaction"]:
        """Write all or nothing. Keep it short: readers wait meanwhile."""
        with self._connect(read_only=False) as connection:
            connection.begin()
            try:
                yield Transaction(connection)
                connection.commit()
            except BaseException:
                connection.rollback()
                raise

    def data_version(self) -> str:
        """Digest of everything stored that a chart may show; two stores with the same content have the same."""
        found = self.rows("SELECT value FROM meta WHERE key = 'data_version'")
        return found[0][0] if found else "empty"

    @contextmanager
    def _connect(self, read_only: bool) -> Iterator[duckdb.DuckDBPyConnection]:
        try:
            connection = _open_file(self.path, read_only)
        except duckdb.Error as error:
            raise StoreError(f"{self.path}: {_first_line(error)}") from None
        try:
            yield connection
        except duckdb.Error as error:
            raise StoreError(f"{self.path}: {_first_line(error)}") from error
        finally:
            connection.close()


class Reading:
    """The reading side of a `Store`, valid inside `Store.reading()`."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def frame(self, sql: str, parameters: Sequence | dict = ()) -> pd.DataFrame:
        return self._connection.execute(sql, parameters).df()

    def rows(self, sql: str, parameters: Sequence | dict = ()) -> list[tuple]:
        return self._connection.execute(sql, parameters).fetchall()


class Transaction:
    """The writing side of a `Store`, valid inside `Store.transaction()`."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def execute(self, sql: str, parameters: Sequence | dict = ()) -> None:
        self._connection.execute(sql, parameters)

    def rows(self, sql: str, parameters: Sequence | dict = ()) -> list[tuple]:
        return self._connection.execute(sql, parameters).fetchall()

    def upsert(self, table: str, rows: pa.Table | pd.DataFrame | Sequence[dict], key: Sequence[str]) -> None:
        """Insert rows, or overwrite the stored row with the same key. The rows' columns are the columns written."""
        self._insert(table, rows, key, overwrite=True)

    def insert_new(self, table: str, rows: pa.Table | pd.DataFrame | Sequence[dict], key: Sequence[str]) -> None:
        """Insert rows whose key is not stored yet; leave the others as they are."""
        self._insert(table, rows, key, overwrite=False)

    def _insert(self, table: str, rows, key: Sequence[str], overwrite: bool) -> None:
        batch = _as_arrow(rows)
        if not batch.num_rows:
            return
        columns = batch.column_names
        changes = ", ".join(f"{name} = excluded.{name}" for name in columns if name not in key)
        action = f"DO UPDATE SET {changes}" if overwrite and changes else "DO NOTHING"
        names = ", ".join(columns)
        self._connection.register("incoming_rows", batch)
        self._connection.execute(
            f"INSERT INTO {table} ({names}) SELECT {names} FROM incoming_rows ON CONFLICT ({', '.join(key)}) {action}"
        )
        self._connection.unregister("incoming_rows")

    def stamp(self) -> None:
        """Recompute `data_version` from what is stored now. Call it last in a transaction that changed content."""
        self._connection.execute(
            """
            INSERT INTO meta
            SELECT 'data_version', substr(sha256(concat_ws('|',
                (SELECT concat(count(*), '/', sum(content_hash)) FROM articles),
                (SELECT concat(count(*), '/', sum(content_hash), '/', max(engine)) FROM annotations),
                (SELECT count(*) FROM stories WHERE is_original),
                (SELECT max(run_id) FROM topic_runs))), 1, 12)
            ON CONFLICT (key) DO UPDATE SET value = excluded.value
            """
        )


def open_store(url: str | None = None) -> Store:
    """Open the store at `url` (default: `LIANWATCH_STORE`), create it where it is missing and migrate it.

    Raises StoreError with one line that says what to change.
    """
    store = Store(_path_of(url or config.store_url()))
    try:
        store.path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{store.path.parent}: cannot be created ({error.strerror})") from None
    _migrate(store)
    return store


def _path_of(url: str) -> Path:
    scheme, separator, rest = url.partition("://")
    if not separator:
        return Path(url)
    if scheme == "duckdb":
        return Path(rest)
    raise StoreError(f"{url}: LIANWATCH_STORE takes a file path or duckdb:///path")


def _migrate(store: Store) -> None:
    """Apply the numbered files of `migrations/` that the store has not seen, each in its own transaction."""
    files = sorted(resources.files("ingest.migrations").iterdir(), key=lambda file: file.name)
    scripts = [file for file in files if file.name.endswith(".sql")]
    if store.path.exists() and store.path.stat().st_size and _schema_version(store) == scripts[-1].name:
        return
    with store.transaction() as tx:
        tx.execute("CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY, applied_at TIMESTAMPTZ NOT NULL)")
        applied = {name for (name,) in tx.rows("SELECT name FROM migrations")}
        for script in scripts:
            if script.name not in applied:
                tx.execute(script.read_text(encoding="utf-8"))
                tx.execute("INSERT INTO migrations VALUES (?, now())", [script.name])


def _schema_version(store: Store) -> str | None:
    try:
        return store.rows("SELECT max(name) FROM migrations")[0][0]
    except StoreError as error:
        if isinstance(error.__cause__, duckdb.CatalogException):
            return None
        raise


def _is_lock(error: BaseException) -> bool:
    return isinstance(error, duckdb.Error) and ("lock" in str(error) or "different configuration" in str(error))


@tenacity.retry(
    retry=tenacity.retry_if_exception(_is_lock),
    wait=tenacity.wait_random_exponential(multiplier=0.01, max=0.25),
    stop=tenacity.stop_after_delay(LOCK_PATIENCE_SECONDS),
    reraise=True,
)
def _open_file(path: Path, read_only: bool) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(str(path), read_only=read_only)
    connection.execute("SET TimeZone = 'UTC'")
    return connection


def _as_arrow(rows) -> pa.Table:
    if isinstance(rows, pa.Table):
        return rows
    if isinstance(rows, pd.DataFrame):
        return pa.Table.from_pandas(rows, preserve_index=False)
    return pa.Table.from_pylist(list(rows))


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n", 1)[0]
