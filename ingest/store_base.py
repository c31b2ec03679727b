"""What all kinds of store share: the seam between the house's SQL and a database.

SQL is written once, in what all understand: `?` and `$name` for parameters, `IN (SELECT unnest(?))` for a list, and
a table's name before a column that is summed under its own (`sum(r.n) AS n`: ClickHouse would sum the sum).
Connecting and the few differences are in `store_duckdb`, `store_postgres` and `store_clickhouse`, each a `Store` and
its `Session`. A `Store` is an address: cheap to make, safe to pass to threads and processes, nothing to close.
"""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Collection, Hashable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

import numpy as np
import pandas as pd
import pyarrow as pa

Parameters = Sequence | dict
Rows = pa.Table | pd.DataFrame | Sequence[dict]
Table = dict[str, np.ndarray]
"""Columns by name: text as objects (None where it is missing), missing numbers as NaN, instants in UTC without a
zone. In a third of the time of a frame of the same, where both are short; nobody may write into one."""
Columns = dict[str, list[tuple[str, str, bool, int]]]
"""Table → its columns: name, type, whether NULL is allowed, and the place in the primary key (1, 2, ...; 0: none)."""


NOTHING_STORED = "empty"
"""The data version of a store that nothing was ever written to."""


class Session(Protocol):
    """One open connection of a backend."""

    def rows(self, sql: str, parameters: Parameters = ()) -> list[tuple]: ...

    def frame(self, sql: str, parameters: Parameters = ()) -> pd.DataFrame: ...

    def columns(self, sql: str, parameters: Parameters = ()) -> Table: ...

    def execute(self, sql: str, parameters: Parameters = ()) -> None: ...

    def find(self, sql: str, values: Sequence) -> list[tuple]:
        """Run a SELECT that ends in `IN (SELECT unnest(?))` of values that are few beside what is stored."""

    def script(self, sql: str) -> None:
        """Run the statements of a migration."""

    def insert(self, table: str, batch: pa.Table, on_conflict: str) -> None:
        """INSERT the batch, with this clause after it."""

    def settle(self) -> None:
        """Whatever makes questions quick after many rows came in."""

    def twin(self, table: str, name: str) -> None:
        """CREATE TABLE `name` without rows, like `table` in all else."""


class Store(ABC):
    """A place where articles and what was found in them are kept.

    It does not cache and holds no connection. Make one with `open_store`, which also brings the schema up to date.
    `url` opens it again, `name` is that without a password, `folder` the place for files that belong beside it,
    `lock_file` what a collector holds while it works (None where `claim` shares the feeds out). `is_copy`: filled by
    `ingest copy` and otherwise read only.
    """

    kind: str
    is_copy = False
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

    def spare_memory(self) -> None:  # noqa: B027 (a server has its own memory)
        """Have this process hold little of what its questions read: for one that answers readers all day."""

    @contextmanager
    def receiving(self, columns: Columns) -> Iterator["Store"]:
        """Where a copy of a store with `columns` is written; in force when the context ends without an error."""
        yield self

    def frame(self, sql: str, parameters: Parameters = ()) -> pd.DataFrame:
        """Run one SELECT and return its rows as a frame."""
        with self.reading() as reading:
            return reading.frame(sql, parameters)

    def rows(self, sql: str, parameters: Parameters = ()) -> list[tuple]:
        """Run one SELECT and return its rows as tuples."""
        with self.reading() as reading:
            return reading.rows(sql, parameters)

    def batches(self, table: str, rows: int) -> Iterator[pd.DataFrame]:
        """All rows of a table, about so many at a time, each time on a connection of its own."""
        yield self.frame(f"SELECT * FROM {table}")

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
        return found[0][0] if found else NOTHING_STORED


class Reading:
    """The reading side of a `Store`, valid inside `Store.reading()`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def frame(self, sql: str, parameters: Parameters = ()) -> pd.DataFrame:
        return self._session.frame(sql, parameters)

    def columns(self, sql: str, parameters: Parameters = ()) -> Table:
        return self._session.columns(sql, parameters)

    def rows(self, sql: str, parameters: Parameters = ()) -> list[tuple]:
        return self._session.rows(sql, parameters)


class Transaction(Reading):
    """The writing side of a `Store`, valid inside `Store.transaction()`."""

    def execute(self, sql: str, parameters: Parameters = ()) -> None:
        self._session.execute(sql, parameters)

    def find(self, table: str, columns: Sequence[str], key: str, values: Sequence) -> list[tuple]:
        """Rows by the values of their key, looked up by its index however many are stored."""
        return self._session.find(f"SELECT {', '.join(columns)} FROM {table} WHERE {key} IN (SELECT unnest(?))", values)

    def insert(self, table: str, rows: Rows) -> None:
        """Insert rows whose keys are known not to be stored, which takes half as long."""
        self._insert(table, rows)

    def upsert(self, table: str, rows: Rows, key: Sequence[str]) -> None:
        """Insert rows, or overwrite the stored row with the same key. The rows' columns are the columns written."""
        self._insert(table, rows, key, overwrite=True)

    def insert_new(self, table: str, rows: Rows, key: Sequence[str]) -> None:
        """Insert rows whose key is not stored yet; leave the others as they are."""
        self._insert(table, rows, key)

    def twin(self, table: str, name: str) -> None:
        """Make an empty table `name` with the columns, key, indexes and comments of `table`."""
        self._session.twin(table, name)

    def _insert(self, table: str, rows: Rows, key: Sequence[str] = (), overwrite: bool = False) -> None:
        batch = _as_arrow(rows)
        if not batch.num_rows:
            return
        changes = ", ".join(f"{name} = excluded.{name}" for name in batch.column_names if name not in key)
        action = f"DO UPDATE SET {changes}" if overwrite and changes else "DO NOTHING"
        self._session.insert(table, batch, f"ON CONFLICT ({', '.join(key)}) {action}" if key else "")

    def settle(self) -> None:
        """Let the database count what it holds, after many rows came in."""
        self._session.settle()

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


def columns_of(frame: pd.DataFrame) -> Table:
    """A frame as a table; whole numbers of which some are missing as floats."""
    return {name: _array_of(column) for name, column in frame.items()}


def _array_of(column: pd.Series) -> np.ndarray:
    if isinstance(column.dtype, pd.DatetimeTZDtype):
        column = column.dt.tz_convert("UTC").dt.tz_localize(None)
    if column.dtype.kind == "M":
        return column.to_numpy()
    return column.to_numpy(na_value=None if column.dtype == "str" else np.nan)


def _as_arrow(rows: Rows) -> pa.Table:
    if isinstance(rows, pa.Table):
        return rows
    if isinstance(rows, pd.DataFrame):
        return pa.Table.from_pandas(rows, preserve_index=False)
    return pa.Table.from_pylist(list(rows))
