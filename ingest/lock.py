"""One collector a store: a lock file beside it, released by the system when its holder ends, however it ends."""

from collections.abc import Iterator
from contextlib import contextmanager

from ingest.errors import LianwatchError
from ingest.store import Store


@contextmanager
def collecting(store: Store, patience_seconds: float) -> Iterator[None]:
    """Hold the right to collect into `store`; waits `patience_seconds` for another collector to finish.

    Raises LianwatchError when the other one is still at work by then. Where the folder's file system has no locks
    (some network mounts), filelock raises what the system says.
    """
    import filelock

    lock = filelock.FileLock(store.path.with_name(store.path.name + ".collecting"))
    try:
        lock.acquire(timeout=patience_seconds)
    except filelock.Timeout:
        raise LianwatchError(f"another collector is at work on {store.path}") from None
    try:
        yield
    finally:
        lock.release()
