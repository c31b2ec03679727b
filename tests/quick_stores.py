"""DuckDB files opened in a tenth of the time: what most of a store's tests would otherwise wait for.

A new file is a copy of one that was migrated, and the files used last stay open. Tests in which other processes open
the file too are marked `processes`: there every read and write opens and closes it, as everywhere outside the tests.
"""

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb

from ingest import migrating, store, store_duckdb

KEPT = 6
"""Files that stay open: more than any test uses at once."""


class QuickStores:
    """Stands in for the migrating and the opening of files. `keeping` is whether files stay open."""

    def __init__(self, empty: Path) -> None:
        self.keeping = True
        self._empty = empty
        self._open: dict[Path, contextlib.ExitStack] = {}
        self._migrate, self._opened = migrating.migrate, store_duckdb.opened
        self._turn = store_duckdb.turn

    def migrate(self, opened: store.Store) -> None:
        if isinstance(opened, store_duckdb.DuckStore) and not opened.path.exists():
            if not self._empty.exists():
                self._migrate(store_duckdb.DuckStore(self._empty))
                self.close()
            with contextlib.suppress(OSError):  # as it is said by whoever opens it
                shutil.copyfile(self._empty, opened.path)
        self._migrate(opened)

    @contextlib.contextmanager
    def opened(self, path: Path, read_only: bool) -> Iterator[duckdb.DuckDBPyConnection]:
        if self.keeping:
            self._keep_open(path)
        with self._opened(path, read_only and not self.keeping) as connection:
            yield connection

    def _keep_open(self, path: Path) -> None:
        if path in self._open and not path.exists():
            self._open.pop(path).close()
        if path not in self._open:
            kept = contextlib.ExitStack()
            kept.enter_context(self._opened(path, read_only=False))
            self._open[path] = kept
        self._open[path] = self._open.pop(path)
        if len(self._open) > KEPT:
            self._open.pop(next(iter(self._open))).close()

    def turn(self, path: Path, writing: bool, patience_seconds: float):
        return contextlib.nullcontext() if self.keeping else self._turn(path, writing, patience_seconds)

    def copied(self, store: store.Store, path: Path) -> store.Store:
        """A copy of a store, in a file at `path`: made in a hundredth of the time that filling one takes."""
        if store.path in self._open:
            self._open.pop(store.path).close()
        return store_duckdb.DuckStore(shutil.copyfile(store.path, path))

    def close(self) -> None:
        for kept in self._open.values():
            kept.close()
        self._open.clear()
