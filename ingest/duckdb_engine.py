"""DuckDB files, opened and closed by one engine that a process keeps.

Making an engine takes 20 ms, having it open (ATTACH) and close (DETACH) a file 2 ms. Only an open file keeps other
processes out.
"""

import contextlib
import itertools
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb
import tenacity

LOCK_PATIENCE_SECONDS = 30
"""How long a reader or writer waits for the file before it gives up."""

SPARED_MB_A_THREAD = 96
"""What questions may use once `spare_memory` was called, two threads' worth at least (with a third of that DuckDB gives
up). Hardly one needs more beside ten million articles; one that does uses the disk as well."""

LONGEST_PAUSE_SECONDS = 0.1
"""Between two looks whether the file is free; a writer whose turn it is keeps readers waiting meanwhile."""


@contextlib.contextmanager
def opened(path: Path, read_only: bool) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to the file, which waits while it is open elsewhere. Raises duckdb.Error, see `is_lock`."""
    engine, path = _engine(os.getpid()), path.absolute()
    connection = engine.open(path, read_only)
    try:
        yield connection
    except duckdb.FatalException:
        _engine.cache_clear()  # this one answers nothing any more
        raise
    finally:
        engine.close(path, connection)


def spare_memory() -> None:
    """From now on keep little of what this process reads. DuckDB keeps every page as long as it may, and new room for
    one costs as much as reading it, so that this saves time as well."""
    _engine(os.getpid()).spare_memory()


class InUse(duckdb.Error):
    """This process has the file open the other way: to read where somebody wants to write, or the reverse."""


def is_lock(error: BaseException) -> bool:
    """Whether a file is open elsewhere, and may be free a moment later."""
    return isinstance(error, InUse) or (isinstance(error, duckdb.Error) and "lock" in str(error))


@dataclass
class _File:
    """A file that is open: its name in the engine, and how many have it open."""

    name: str
    read_only: bool
    users: int = 0


class _Engine:
    """DuckDB in this process. A file is open while somebody here has it open: all of them to read, or all to write."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._files: dict[Path, _File] = {}
        self._numbers = itertools.count()
        self._memory = duckdb.connect(":memory:")
        self._memory.execute("SET GLOBAL TimeZone = 'UTC'")
        ((self._memory_limit,),) = self._memory.execute("SELECT current_setting('memory_limit')").fetchall()
        self._limit_of_readers = self._memory_limit

    @tenacity.retry(
        retry=tenacity.retry_if_exception(is_lock),
        wait=tenacity.wait_random_exponential(multiplier=0.01, max=LONGEST_PAUSE_SECONDS),
        stop=tenacity.stop_after_delay(LOCK_PATIENCE_SECONDS),
        reraise=True,
    )
    def open(self, path: Path, read_only: bool) -> duckdb.DuckDBPyConnection:
        with self._lock:
            file = self._files.get(path) or self._attached(path, read_only)
            if file.read_only != read_only:
                raise InUse("this program has it open")
            file.users += 1
            connection = self._memory.cursor()
        connection.execute(f"USE {file.name}")
        return connection

    def spare_memory(self) -> None:
        ((threads,),) = self._memory.execute("SELECT current_setting('threads')").fetchall()
        with self._lock:
            self._limit_of_readers = f"{SPARED_MB_A_THREAD * max(2, threads)}MB"
            if not self._files:
                self._limit_memory(self._limit_of_readers)

    def _attached(self, path: Path, read_only: bool) -> _File:
        file = _File(f"store_{next(self._numbers)}", read_only)
        quoted = str(path).replace("'", "''")
        with contextlib.suppress(duckdb.NotImplementedException):  # it stays where it is once it is used
            self._memory.execute(f"SET GLOBAL temp_directory = '{quoted}.tmp'")
        self._memory.execute(f"ATTACH '{quoted}' AS {file.name} {'(READ_ONLY)' if read_only else ''}")
        self._files[path] = file
        if not read_only:
            self._limit_memory(self._memory_limit)
        return file

    def close(self, path: Path, connection: duckdb.DuckDBPyConnection) -> None:
        connection.close()
        with self._lock:
            file = self._files[path]
            file.users -= 1
            if not file.users:
                del self._files[path]
                self._memory.execute(f"DETACH {file.name}")
                # Whatever is set, this also hands the memory of the last questions back to the system. Less than
                # before is only set while nothing is open: what is in use could not be given up.
                self._limit_memory(self._memory_limit if self._files else self._limit_of_readers)

    def _limit_memory(self, limit: str) -> None:
        self._memory.execute(f"SET GLOBAL memory_limit = '{limit}'")


@cache
def _engine(process: int) -> _Engine:
    """One a process: what a fork copies of an engine cannot be used."""
    return _Engine()
