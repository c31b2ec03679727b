"""DuckDB files opened in a tenth of the time: what most of a store's tests would otherwise wait for.

A new file is a copy of one that was migrated, and an open file stays open until the test ends (making an instance of
DuckDB takes 20 ms, connecting to one nothing). Tests in which other processes open the file too are marked
`processes`: there every read and write opens and closes it, as everywhere outside the tests.
"""

import contextlib
import shutil
from pathlib import Path

import duckdb

from ingest import migrating, store, store_duckdb


class QuickStores:
    """Stands in for the migrating and the opening of files. `keeping` is whether files stay open."""

    def __init__(self, empty: Path) -> None:
        self.keeping = True
        self._empty = empty
        self._open: dict[Path, duckdb.DuckDBPyConnection] = {}
        self._migrate, self._open_file = migrating.migrate, store_duckdb._open_file
        self._turn = store_duckdb.turn

    def migrate(self, opened: store.Store) -> None:
        if isinstance(opened, store_duckdb.DuckStore) and not opened.path.exists():
            if not self._empty.exists():
                self._migrate(store_duckdb.DuckStore(self._empty))
                self.close()
            with contextlib.suppress(OSError):  # as it is said by whoever opens it
                shutil.copyfile(self._empty, opened.path)
        self._migrate(opened)

    def open_file(self, path: Path, read_only: bool) -> duckdb.DuckDBPyConnection:
        if not self.keeping:
            return self._open_file(path, read_only)
        kept = self._open.get(path)
        if kept is None or not path.exists():
            self._open[path] = kept = self._open_file(path, read_only=False)
        connection = kept.cursor()
        connection.execute("SET TimeZone = 'UTC'")
        return connection

    def turn(self, path: Path, writing: bool, patience_seconds: float):
        return contextlib.nullcontext() if self.keeping else self._turn(path, writing, patience_seconds)

    def close(self) -> None:
        for connection in self._open.values():
            connection.close()
        self._open.clear()
