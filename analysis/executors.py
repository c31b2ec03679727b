"""Where annotation runs: in this process, in processes of this machine, or on a Dask cluster.

Each is a `concurrent.futures.Executor` whose `map` gives the results in order, and each outlives a worker that is
killed: its batch is done again by another one. What is mapped is the same function of a batch everywhere.
"""

import os
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError, Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context, parent_process

from analysis.annotate import engine_version
from ingest.errors import LianwatchError, UsageError

POOLS = 4
"""Pools started for one `map` before it gives up: a batch that kills every worker it meets is no accident."""

CONNECT_SECONDS = 10
WORKERS_SECONDS = 30
"""How long to wait for a cluster that has no worker yet."""


class InThisProcess(Executor):
    """An executor that starts nothing: work is done when it is submitted."""

    def submit(self, fn, /, *args, **kwargs) -> Future:
        future: Future = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except BaseException as error:
            future.set_exception(error)
        return future


class Processes(Executor):
    """A pool of processes that is replaced when one of them is killed."""

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._pool = self._start()

    def submit(self, fn, /, *args, **kwargs) -> Future:
        return self._pool.submit(fn, *args, **kwargs)

    def map(self, work: Callable, batches: Iterable) -> list:
        """`work` of each batch, in order. Raises LianwatchError when workers are killed again and again."""
        batches, results = list(batches), {}
        for _ in range(POOLS):
            futures: dict[int, Future] = {}
            try:
                for at in range(len(batches)):
                    if at not in results:
                        futures[at] = self._pool.submit(work, batches[at])
                results |= {at: future.result() for at, future in futures.items()}
                return [results[at] for at in range(len(batches))]
            except BrokenProcessPool:
                results |= {at: future.result() for at, future in futures.items() if _has_result(future)}
                self._pool.shutdown(wait=False, cancel_futures=True)
                self._pool = self._start()
        raise LianwatchError(f"annotating processes were killed {POOLS} times (too little memory? fewer --workers)")

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self._pool.shutdown(wait, cancel_futures=cancel_futures)

    def _start(self) -> ProcessPoolExecutor:
        # Fresh processes: a fork would copy locks that the store's threads hold.
        return ProcessPoolExecutor(self._workers, get_context("spawn"), initializer=_end_with_parent)


def _has_result(future: Future) -> bool:
    return future.done() and not future.cancelled() and future.exception() is None


def _end_with_parent() -> None:
    """Let a worker end when the run is killed: nobody would ever give it work or stop it."""

    def watch() -> None:
        parent_process().join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


@contextmanager
def dask_cluster(url: str) -> Iterator[Executor]:
    """The workers of the Dask scheduler at `url`. The scheduler gives a killed worker's batches to the others.

    Raises UsageError where it does not answer, has no worker, or workers would give other figures than this program.
    """
    try:
        from distributed import Client, KilledWorker
    except ImportError:
        raise UsageError("--dask needs distributed: pip install -e '.[cluster]'") from None
    try:
        client = Client(url, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise UsageError(f"--dask {url}: no scheduler answers there ({error})".splitlines()[0]) from None
    with client:
        _check_workers(client, url)
        try:
            yield client.get_executor()
        except (KilledWorker, CancelledError) as error:
            raise LianwatchError(f"--dask {url}: the cluster gave the work up ({error})".splitlines()[0]) from None


def _check_workers(client, url: str) -> None:
    try:
        client.wait_for_workers(1, timeout=WORKERS_SECONDS)
        engines = client.run(engine_version)
        client.submit(engine_version).result()  # the scheduler, too, must know the function
    except TimeoutError:
        raise UsageError(f"--dask {url}: the scheduler has no worker") from None
    except Exception as error:  # distributed passes on what happened on a worker as a bare Exception
        what = str(error).splitlines()[0]
        raise UsageError(f"--dask {url}: install Lianwatch on scheduler and workers ({what})") from None
    if others := {worker for worker, engine in engines.items() if engine != engine_version()}:
        raise UsageError(f"--dask {url}: {min(others)} has another version of Lianwatch: install the same one there")
