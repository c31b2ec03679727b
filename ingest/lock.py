"""One collector an embedded store: a lock file beside it, released by the system when its holder ends, however it ends.

Collectors of a server store share the feeds out among themselves (`Store.claim`) and need no lock.
"""

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
    if store.lock_file is None:
        yield
        return
    import filelock

    lock = filelock.FileLock(store.lock_file)
    try:
        lock.acquire(timeout=patience_seconds)
    except filelock.Timeout:
        raise LianwatchError(f"another collector is at work on {store.name}") from None
    try:
        yield
    finally:
        lock.release()
