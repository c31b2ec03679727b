"""The embedded store: one DuckDB file. Connections are short and never kept.

DuckDB shuts a second process out while one has the file open, so every read and every write opens, works and closes,
takes its turn (`ingest.turnstile`), and waits with backoff while another holds the file (`ingest.duckdb_engine`).
"""

import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa

from ingest import duckdb_engine
from ingest.duckdb_engine import LOCK_PATIENCE_SECONDS, is_lock, opened
from ingest.errors import StoreError
from ingest.store_base import Parameters, Store, Table
from ingest.turnstile import turn

LOOKED_UP = 2000
"""Values that DuckDB looks up in an index at a time. From a longer list than its setting says (50) it reads the whole
column instead: with a million articles that takes 5 times as long for 2,000 of them that are not there."""

SETTLED_SECONDS = 1.0
"""A file unchanged for so long has been written to for the last time at the time it bears (clocks of file systems tick
some hundred times a second)."""


class DuckStore(Store):
    """A store in the file at `path`; the folder is made where it is missing."""

    kind = "duckdb"

    def __init__(self, path: Path) -> None:
        self.path = path
        self.url = self.name = str(path)
        self.folder = path.parent
        self.lock_file = path.with_name(f"{path.name}.collecting")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"{self.folder}: cannot be created ({error.strerror})") from None

    @contextmanager
    def connect(self, writing: bool) -> Iterator["DuckSession"]:
        # DuckDB makes no file for a reader: the first one to ask makes it, and nobody may see it half made.
        with turn(self.path, writing or not _is_made(self.path), LOCK_PATIENCE_SECONDS):
            try:
                with opened(self.path, read_only=not writing and _is_made(self.path)) as connection:
                    yield from _in_transaction(connection, writing)
            except duckdb.Error as error:
                raise _explained(self.path, error) from error

    def mark(self) -> tuple[int, ...] | None:
        """Time and size of the file and of its journal; None in the second after a write, when another write may leave
        both as they are."""
        states = [file.stat() for file in (self.path, self.path.with_name(f"{self.path.name}.wal")) if file.exists()]
        if not states or max(state.st_mtime for state in states) > time.time() - SETTLED_SECONDS:
            return None
        return tuple(number for state in states for number in (state.st_mtime_ns, state.st_size))

    def spare_memory(self) -> None:
        duckdb_engine.spare_memory()

    def batches(self, table: str, rows: int) -> Iterator[pd.DataFrame]:
        """In the order in which they lie in the file: any other would be sorted anew for each batch."""
        ((end,),) = self.rows(f"SELECT coalesce(max(rowid), -1) FROM {table}")
        for at in range(0, end + 1, rows):
            batch = self.frame(f"SELECT * FROM {table} WHERE rowid >= ? AND rowid < ?", [at, at + rows])
            if len(batch):
                yield batch

    @contextmanager
    def claim(self, feeds: Collection[str]) -> Iterator[set[str]]:
        """All of them: `ingest.lock.collecting` lets one collector at a time at the file."""
        yield set(feeds)


class DuckSession:
    """A `Session` on a DuckDB connection."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def rows(self, sql: str, parameters: Parameters = ()) -> list[tuple]:
        return self._connection.execute(sql, parameters).fetchall()

    def frame(self, sql: str, parameters: Parameters = ()) -> pd.DataFrame:
        return _frame(self._connection.execute(sql, parameters))

    def columns(self, sql: str, parameters: Parameters = ()) -> Table:
        found = self._connection.execute(sql, parameters).fetchnumpy()
        return {name: values if type(values) is np.ndarray else _filled(values) for name, values in found.items()}

    def execute(self, sql: str, parameters: Parameters = ()) -> None:
        self._connection.execute(sql, parameters)

    def find(self, sql: str, values: Sequence) -> list[tuple]:
        self._connection.execute(f"SET dynamic_or_filter_threshold = {LOOKED_UP}")
        try:
            parts = (values[at : at + LOOKED_UP] for at in range(0, len(values), LOOKED_UP))
            return [row for part in parts for row in self.rows(sql, [part])]
        finally:
            self._connection.execute("RESET dynamic_or_filter_threshold")

    def script(self, sql: str) -> None:
        self._connection.execute(sql)

    def settle(self) -> None:
        self._connection.execute("ANALYZE")

    def insert(self, table: str, batch: pa.Table, on_conflict: str) -> None:
        names = ", ".join(batch.column_names)
        self._connection.register("incoming_rows", batch)
        self._connection.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM incoming_rows {on_conflict}")
        self._connection.unregister("incoming_rows")

    def twin(self, table: str, name: str) -> None:
        here = "database_name = current_database() AND table_name = ?"  # other files may be open
        ((sql, said),) = self.rows(f"SELECT sql, comment FROM duckdb_tables() WHERE {here}", [table])
        columns = self.rows(f"SELECT column_name, comment FROM duckdb_columns() WHERE {here}", [table])
        self._connection.execute(sql.replace(table, name, 1))
        for place, text in [(f"TABLE {name}", said), *((f"COLUMN {name}.{column}", text) for column, text in columns)]:
            quoted = "NULL" if text is None else "'" + text.replace("'", "''") + "'"
            self._connection.execute(f"COMMENT ON {place} IS {quoted}")


def _in_transaction(connection: duckdb.DuckDBPyConnection, writing: bool) -> Iterator[DuckSession]:
    if not writing:
        yield DuckSession(connection)
        return
    connection.begin()
    try:
        yield DuckSession(connection)
        connection.commit()
    except BaseException:
        connection.rollback()
        raise


def _frame(answer: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """What `answer.df()` gives, for a short answer in half the time (most of what a page asks is short)."""
    kinds = {name: str(kind) for name, kind, *_ in answer.description}
    return pd.DataFrame({name: _column(values, kinds[name]) for name, values in answer.fetchnumpy().items()})


_MISSING = {"O": None, "f": np.nan, "M": np.datetime64("NaT")}
"""Kind of array → what stands for a missing value."""


def _filled(values: np.ma.MaskedArray) -> np.ndarray:
    missing, values = np.ma.getmaskarray(values), values.data
    if values.dtype.kind not in _MISSING:
        values = values.astype("float64")
    values[missing] = _MISSING[values.dtype.kind]  # numpy's own `filled` takes None for "as you like"
    return values


def _column(values: np.ndarray, kind: str):
    if isinstance(values, np.ma.MaskedArray):
        missing, values = np.ma.getmaskarray(values), values.data
        if values.dtype.kind in "iu":
            return pd.arrays.IntegerArray(values, missing)
        if values.dtype.kind == "b":
            return pd.arrays.BooleanArray(values, missing)
        values[missing] = _MISSING[values.dtype.kind]
    return pd.DatetimeIndex(values).tz_localize("UTC") if kind == "TIMESTAMP WITH TIME ZONE" else values


def _is_made(path: Path) -> bool:
    return path.exists() and path.stat().st_size > 0


def _explained(path: Path, error: duckdb.Error) -> StoreError:
    """What DuckDB says of a file, and what to do about it."""
    said = str(error).strip().split("\n", 1)[0]
    if is_lock(error):
        return StoreError(f"{path}: another program has had it open for {LOCK_PATIENCE_SECONDS} s; end it ({said})")
    if isinstance(error, duckdb.IOException | duckdb.SerializationException | duckdb.FatalException):
        advice = "put a copy back, move it away to begin an empty store, or name another one in LIANWATCH_STORE"
        return StoreError(f"{path} cannot be read as a store: {advice} ({said})")
    return StoreError(f"{path}: {said}")
