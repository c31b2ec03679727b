"""A copy of a store in ClickHouse, to read: for collections whose scans outgrow one machine.

ClickHouse has no transactions and overwrites nothing in place, so nothing collects or annotates into it. `ingest copy
--to clickhouse://...` fills it from the store that is written to, in a second database that takes the place of the
first once it holds the same: readers never see half a copy. Its tables are ReplacingMergeTree by the store's keys and
read with `final`, so that a row that was sent twice counts once.

`chdb:///folder?database=name` is the same engine inside this process, by the same client: what the tests run.
"""

import logging
import os
import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import clickhouse_connect
import pandas as pd
import pyarrow as pa
from clickhouse_connect.driver.exceptions import ClickHouseError

from ingest.clickhouse_sql import TYPES, kind, translated, whole
from ingest.errors import StoreError
from ingest.frames import series
from ingest.store_base import Columns, Parameters, Store, Table, columns_of

FILES = Path("data")
"""Where a command on this machine keeps files beside the store."""

DATABASE = "lianwatch"
"""Where the address names none."""

CONNECT_SECONDS = 10

SETTINGS = {
    "final": 1,  # a row that was sent twice counts once
    "join_use_nulls": 1,  # a LEFT JOIN that finds nothing gives NULL, not 0 or ''
    "aggregate_functions_null_for_empty": 1,  # so does a sum or maximum over nothing
    "cast_keep_nullable": 1,  # and a CAST of NULL
    "enable_extended_results_for_datetime_functions": 1,  # days before 1970
}
"""What makes ClickHouse answer as the standard says."""


class ClickHouseStore(Store):
    """A copy in the database that a `clickhouse://` or `chdb://` URL names."""

    kind = "clickhouse"
    is_copy = True

    def __init__(self, url: str, columns: Columns | None = None) -> None:
        """`columns` is given while it is filled; until then and afterwards it is read only."""
        self.url = url
        self.name = re.sub(r"//[^/@]*@", "//", url.partition("?")[0])
        self.folder = FILES
        self.lock_file = None
        self._columns = columns
        self._database = _database(url)

    @contextmanager
    def connect(self, writing: bool) -> Iterator["ClickHouseSession"]:
        if writing and self._columns is None:
            raise StoreError(f"{self.name} is a copy to read")
        with self._errors():
            yield ClickHouseSession(_client(self.url, self._database), self._columns or {})

    def claim(self, feeds: Collection[str]):
        raise StoreError(f"{self.name} is a copy to read")

    @contextmanager
    def receiving(self, columns: Columns) -> Iterator[Store]:
        """A second database with the tables of `columns`; it replaces the first when the context ends without error."""
        place = ClickHouseStore(self.url, columns)
        place._database = f"{self._database}_next"
        with self._errors():
            client = _client(self.url, "default")
            client.command(f"DROP DATABASE IF EXISTS `{place._database}` SYNC")
            for database in (self._database, place._database):
                client.command(f"CREATE DATABASE IF NOT EXISTS `{database}`")
            for table in columns:
                client.command(_definition(place._database, table, columns))
        yield place
        with self._errors():
            self._replace_by(place._database, columns)

    def _replace_by(self, database: str, columns: Columns) -> None:
        client = _client(self.url, "default")
        for table in columns:
            if client.command(f"EXISTS TABLE `{self._database}`.{table}"):
                client.command(f"EXCHANGE TABLES `{database}`.{table} AND `{self._database}`.{table}")
            else:
                client.command(f"RENAME TABLE `{database}`.{table} TO `{self._database}`.{table}")
        client.command(f"DROP DATABASE `{database}` SYNC")

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except ClickHouseError as error:
            raise StoreError(f"{self.name}{_said(error)}") from error


class ClickHouseSession:
    """A `Session` without transactions: while a new copy takes its place, a question may read from both."""

    def __init__(self, client, columns: Columns) -> None:
        self._client = client
        self._columns = columns

    def rows(self, sql: str, parameters: Parameters = ()) -> list[tuple]:
        columns = [column.to_pylist() for column in self._query(sql, parameters).columns]
        return [tuple(whole(value) for value in row) for row in zip(*columns, strict=True)]

    def frame(self, sql: str, parameters: Parameters = ()) -> pd.DataFrame:
        found = self._query(sql, parameters)
        names = [name.rpartition(".")[2] for name in found.column_names]  # of two that are equal one is called a.name
        named = zip(names, found.columns, strict=True)
        return pd.DataFrame({name: series(kind(column.type), column.to_pylist()) for name, column in named})

    def columns(self, sql: str, parameters: Parameters = ()) -> Table:
        return columns_of(self.frame(sql, parameters))

    def execute(self, sql: str, parameters: Parameters = ()) -> None:
        self._client.command(*translated(sql, parameters))

    def script(self, sql: str) -> None:
        raise NotImplementedError("a copy has the tables of the store it was filled from")

    def settle(self) -> None:
        """Merge each table into one part: `final` then has nothing left to do in a question."""
        for table in self._columns:
            self._client.command(f"OPTIMIZE TABLE {table} FINAL")

    def insert(self, table: str, batch: pa.Table, on_conflict: str) -> None:
        """A later row replaces an earlier one of the same key, whatever `on_conflict` says."""
        types = {name: TYPES[kind][1] for name, kind, _, _ in self._columns[table]}
        batch = batch.cast(pa.schema([(name, types[name]) for name in batch.column_names]))
        self._client.insert_arrow(table, batch)

    def _query(self, sql: str, parameters: Parameters) -> pa.Table:
        # In Arrow: an answer without rows has its columns.
        return self._client.query_arrow(*translated(sql, parameters), use_strings=True)


def _definition(database: str, table: str, columns: Columns) -> str:
    parts, key = [], []
    for name, standard, nullable, place in columns[table]:
        type_ = TYPES[standard][0]
        parts.append(f"`{name}` " + (f"Nullable({type_})" if nullable else type_))
        if place:
            key.append((place, f"`{name}`"))
    order = ", ".join(name for _, name in sorted(key))
    return f"CREATE TABLE `{database}`.{table} ({', '.join(parts)}) ENGINE = ReplacingMergeTree ORDER BY ({order})"


def _database(url: str) -> str:
    """Name of the database: the path of a server's address, `?database=` of a folder's; else DATABASE."""
    parts = urlsplit(url)
    inside = dict(parse_qsl(parts.query)).get("database")
    return (inside if parts.scheme == "chdb" else parts.path.strip("/")) or DATABASE


@cache
def _client(url: str, database: str):
    """One client a process and database: it keeps no session, so that threads can share it."""
    logging.getLogger("clickhouse_connect").setLevel(logging.CRITICAL)  # what it logs, it raises too
    asked = {"database": database, "settings": SETTINGS, "tz_mode": "aware"}
    if url.startswith("chdb:"):
        return clickhouse_connect.get_client(dsn=url.partition("?")[0], **asked)
    password = os.environ.get("CLICKHOUSE_PASSWORD", "")
    asked |= {"password": password, "autogenerate_session_id": False, "connect_timeout": CONNECT_SECONDS}
    return clickhouse_connect.get_client(dsn=url, **asked)


def _said(error: ClickHouseError) -> str:
    """One line about an error, to stand behind the name of the store."""
    text = " ".join(str(error).split())
    if "UNKNOWN_DATABASE" in text:
        return " is not there yet: fill it with `python -m ingest copy --to`"
    cause = re.search(r"Caused by \w+\(.*?: (.*?)['\"]\)", text)
    return f": cannot be reached ({cause[1]})" if cause else f": {text}"
