"""Who goes next at the embedded store: readers and writers by turns.

DuckDB's own lock lets a writer in only while nobody reads, and beside busy readers such a moment hardly comes: in ten
minutes beside four dashboards and a notebook 11 of 59 writes gave up after 30 s. So a lock file stands before the
store. A reader goes through it before it opens the store, a writer keeps it until it is done: while a writer waits for
those who are in, nobody else gets in. It only orders; what protects the data is DuckDB's lock.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

READER_PATIENCE_SECONDS = 2.0
"""How long a reader stands here: another one of its process, who is in, may be waiting for it."""

POLL_SECONDS = 0.01

GIVE_WAY_SECONDS = 0.03
"""Pause after a write: those who waited get in before a writer that goes on at once."""


@contextmanager
def turn(path: Path, writing: bool, patience_seconds: float) -> Iterator[None]:
    """Wait for one's turn at the store in the file `path`; a writer keeps it inside the context.

    Who waited for `patience_seconds` (a reader at most READER_PATIENCE_SECONDS) goes on all the same, and so does who
    may not write beside the store.
    """
    import filelock

    lock = filelock.FileLock(path.with_name(f"{path.name}.turn"), poll_interval=POLL_SECONDS)
    try:
        lock.acquire(timeout=patience_seconds if writing else min(patience_seconds, READER_PATIENCE_SECONDS))
    except (filelock.Timeout, OSError):
        yield
        return
    if not writing:
        lock.release()
        yield
        return
    try:
        yield
    finally:
        lock.release()
        time.sleep(GIVE_WAY_SECONDS)
