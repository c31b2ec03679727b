"""The server store: a PostgreSQL database (15 or later), for several collectors and dashboards on several machines.

connections come from a pool of the process; text is compared by code point, as DuckDB does
writers take turns (an advisory lock), so that reading, merging and writing are one step here, too
a batch is copied into a temporary table and inserted from there
"""

import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from functools import cache
from pathlib import Path

import pandas as pd
import psycopg
import pyarrow as pa
from psycopg.types.numeric import NumericLoader
from psycopg_pool import ConnectionPool
from pyarrow import csv

from ingest.errors import StoreError
from ingest.frames import series
from ingest.store_base import Parameters, Store, Table, columns_of

FILES = Path("data")
"""Where a collector on this machine keeps files beside the store."""

CONNECTIONS = 10
"""Most connections a process: one Streamlit process answers about so many readers at a time."""

CONNECT_SECONDS = 10

WRITER_PATIENCE_SECONDS = 60
"""How long a writer waits for the one before it: each is done in a second or so."""

WRITER = 0x6C69616E
"""Number of the advisory lock that a writing transaction holds ("lian")."""

CLAIMED_AT_ONCE = 50
"""Feeds a collector takes at a time: few enough to leave some to others, enough to be fetched side by side."""


class PostgresStore(Store):
    """A store in the database that a libpq URL names. The database must exist; tables are made in it."""

    kind = "postgres"

    def __init__(self, url: str) -> None:
        self.url = url
        self.name = re.sub(r"//[^/@]*@", "//", url.partition("?")[0])
        self.folder = FILES
        self.lock_file = None
        with self._errors():  # at once and in one line, where the pool would go on trying
            psycopg.connect(url, connect_timeout=CONNECT_SECONDS).close()

    @contextmanager
    def connect(self, writing: bool) -> Iterator["PostgresSession"]:
        with self._errors(), _pool(self.url).connection() as connection:
            # A question reads one state of the data; a writer reads what the writer before it left.
            connection.read_only = not writing
            level = psycopg.IsolationLevel.READ_COMMITTED if writing else psycopg.IsolationLevel.REPEATABLE_READ
            connection.isolation_level = level
            if writing:
                connection.execute("SELECT pg_advisory_xact_lock(%s)", [WRITER])
            yield PostgresSession(connection)

    def batches(self, table: str, rows: int) -> Iterator[pd.DataFrame]:
        """Page by page as they lie on disk: any other order would be looked up row by row."""
        size = "pg_relation_size(?::regclass) / current_setting('block_size')::int"
        ((pages, count),) = self.rows(f"SELECT {size}, (SELECT count(*) FROM {table})", [table])
        step = max(1, rows * pages // max(1, count))
        for at in range(0, pages, step):
            batch = self.frame(f"SELECT * FROM {table} WHERE ctid >= '({at},0)' AND ctid < '({at + step},0)'")
            if len(batch):
                yield batch

    @contextmanager
    def claim(self, feeds: Collection[str]) -> Iterator[set[str]]:
        """At most CLAIMED_AT_ONCE feeds. The server lets go of them when the collector ends, however it ends."""
        with self.transaction() as tx:
            tx.insert_new("feed_claims", [{"feed_url": url} for url in sorted(feeds)], key=["feed_url"])
        with self._errors(), psycopg.connect(self.url, connect_timeout=CONNECT_SECONDS) as connection:
            connection.execute("SET idle_in_transaction_session_timeout = 0")
            found = connection.execute(
                "SELECT feed_url FROM feed_claims WHERE feed_url = ANY(%s) ORDER BY feed_url LIMIT %s"
                " FOR UPDATE SKIP LOCKED",
                [list(feeds), CLAIMED_AT_ONCE],
            )
            yield {url for (url,) in found}

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except psycopg.Error as error:
            raise StoreError(f"{self.name}: {str(error).strip().splitlines()[0]}") from error


class PostgresSession:
    """A `Session` on a psycopg connection that is inside a transaction."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def rows(self, sql: str, parameters: Parameters = ()) -> list[tuple]:
        return self._run(sql, parameters).fetchall()

    def frame(self, sql: str, parameters: Parameters = ()) -> pd.DataFrame:
        cursor = self._run(sql, parameters)
        columns = list(zip(*cursor.fetchall(), strict=True)) or [()] * len(cursor.description)
        named = zip(cursor.description, columns, strict=True)
        return pd.DataFrame({column.name: series(_kind(column.type_code), values) for column, values in named})

    def columns(self, sql: str, parameters: Parameters = ()) -> Table:
        return columns_of(self.frame(sql, parameters))

    def execute(self, sql: str, parameters: Parameters = ()) -> None:
        self._run(sql, parameters)

    def find(self, sql: str, values: Sequence) -> list[tuple]:
        return self.rows(sql, [list(values)])

    def script(self, sql: str) -> None:
        self._connection.execute(re.sub(r"\bTEXT\b", 'TEXT COLLATE "C"', sql))

    def settle(self) -> None:
        self._connection.execute("ANALYZE")

    def insert(self, table: str, batch: pa.Table, on_conflict: str) -> None:
        names = ", ".join(batch.column_names)
        cursor = self._connection.cursor()
        cursor.execute(f"CREATE TEMPORARY TABLE incoming_rows AS SELECT {names} FROM {table} WITH NO DATA")
        with cursor.copy(f"COPY incoming_rows ({names}) FROM STDIN WITH (FORMAT csv)") as copy:
            copy.write(_as_csv(batch))
        cursor.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM incoming_rows {on_conflict}")
        cursor.execute("DROP TABLE incoming_rows")

    def twin(self, table: str, name: str) -> None:
        self._connection.execute(f"CREATE TABLE {name} (LIKE {table} INCLUDING ALL)")

    def _run(self, sql: str, parameters: Parameters) -> psycopg.Cursor:
        return self._connection.execute(translated(sql), parameters)


def _as_csv(batch: pa.Table) -> pa.Buffer:
    """The rows as COPY reads them, made outside Python; an empty text is quoted, what is missing is not."""
    written = pa.BufferOutputStream()
    csv.write_csv(batch, written, csv.WriteOptions(include_header=False))
    return written.getvalue()


def translated(sql: str) -> str:
    """The house's SQL with PostgreSQL's parameters; a list is compared as an array, whose type needs no naming."""
    sql = sql.replace("%", "%%")
    sql = re.sub(r"\bIN \(SELECT unnest\(\?\)\)", "= ANY(%s)", sql)
    return re.sub(r"\$(\w+)", r"%(\1)s", sql.replace("?", "%s"))


@cache
def _pool(url: str) -> ConnectionPool:
    return ConnectionPool(
        url,
        kwargs={"connect_timeout": CONNECT_SECONDS},
        min_size=0,
        max_size=CONNECTIONS,
        open=True,
        configure=_configure,
        check=ConnectionPool.check_connection,
        name="lianwatch",
    )


def _configure(connection: psycopg.Connection) -> None:
    connection.execute(f"SET TimeZone = 'UTC'; SET lock_timeout = '{WRITER_PATIENCE_SECONDS}s'")
    connection.commit()
    connection.adapters.register_loader("numeric", _NumberLoader)


class _NumberLoader(NumericLoader):
    """Sums of whole numbers come as numeric: as int where they are whole, as DuckDB gives them."""

    def load(self, data) -> int | float:
        value: Decimal = super().load(data)
        return int(value) if value == value.to_integral_value() else float(value)


def _kind(type_code: int) -> str:
    kind = psycopg.adapters.types.get(type_code)
    return kind.name if kind else ""
