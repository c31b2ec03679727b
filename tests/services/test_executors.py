"""Annotation in other processes, some of which are killed while they work."""

from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from types import SimpleNamespace

import pytest

from analysis import executors, pipeline
from analysis.executors import InThisProcess, Processes, dask_cluster
from ingest.commands.sample_ import SAMPLE, load
from ingest.errors import LianwatchError, UsageError
from ingest.store import open_store
from tests.services.killing import always_killed, killed_once

TABLES = ("annotations", "target_sentiment", "article_themes", "article_entities")


@pytest.fixture(scope="module", autouse=True)
def _small_batches():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline, "BATCH", 50)
        yield


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """The sample data, not annotated."""
    store = open_store(str(tmp_path_factory.mktemp("store") / "a.duckdb"))
    load(store, SAMPLE, datetime(2026, 11, 24, tzinfo=UTC))
    return store


def annotated(store, executor):
    """What `executor` writes into a store without annotations."""
    with store.transaction() as tx:
        for table in TABLES:
            tx.execute(f"DELETE FROM {table}")
    pipeline.annotate_pending(store, executor, True, lambda n: None)
    return {table: sorted(map(repr, store.rows(f"SELECT * FROM {table}"))) for table in TABLES}


@pytest.fixture(scope="module")
def expected(store):
    return annotated(store, InThisProcess())


@contextmanager
def two_workers_of_dask():
    """A scheduler and two worker processes, reached over TCP."""
    distributed = pytest.importorskip("distributed")
    how = {"n_workers": 2, "threads_per_worker": 1, "host": "127.0.0.1", "dashboard_address": ":0"}
    with distributed.LocalCluster(**how) as cluster, dask_cluster(cluster.scheduler_address) as executor:
        yield executor


@pytest.mark.parametrize("workers", [lambda: Processes(2), two_workers_of_dask], ids=["processes", "dask"])
def test_a_worker_killed_halfway_loses_and_doubles_nothing(workers, store, expected, tmp_path, monkeypatch):
    flag = tmp_path / "killed"
    monkeypatch.setattr(pipeline, "annotate_batch", partial(killed_once, str(flag)))
    with workers() as executor:
        assert annotated(store, executor) == expected
    assert flag.exists()


def test_a_batch_that_kills_every_worker_ends_the_run(monkeypatch):
    monkeypatch.setattr(executors, "POOLS", 2)
    with Processes(1) as executor, pytest.raises(LianwatchError, match="killed 2 times"):
        executor.map(always_killed, [1])


def test_a_worker_with_another_engine_is_refused_by_name():
    found = {"tcp://one": executors.engine_version(), "tcp://two": "another"}
    client = SimpleNamespace(
        wait_for_workers=lambda n, timeout: None,
        run=lambda asked: found,
        submit=lambda asked: SimpleNamespace(result=asked),
    )
    with pytest.raises(UsageError, match="tcp://two has another version"):
        executors._check_workers(client, "tcp://scheduler")


def test_a_scheduler_that_is_not_there_is_one_line(monkeypatch):
    pytest.importorskip("distributed")
    monkeypatch.setattr(executors, "CONNECT_SECONDS", 0.5)
    refused = pytest.raises(UsageError, match=r"^--dask tcp://127\.0\.0\.1:9: no scheduler answers there")
    with refused, dask_cluster("tcp://127.0.0.1:9"):
        pass
