import threading
import time

import pytest

from ingest import turnstile
from ingest.turnstile import turn

PATIENCE = 5.0


@pytest.fixture
def path(tmp_path):
    return tmp_path / "store.duckdb"


def passed(path, writing, then):
    """A thread that calls `then` when its turn comes."""

    def wait():
        with turn(path, writing, PATIENCE):
            then()

    thread = threading.Thread(target=wait)
    thread.start()
    return thread


def test_readers_wait_for_a_writer_and_then_all_go_before_its_next_turn(path, monkeypatch):
    monkeypatch.setattr(turnstile, "GIVE_WAY_SECONDS", 0.3)  # threads of a busy machine are slow to look
    order = []
    with turn(path, True, PATIENCE):
        readers = [passed(path, False, lambda: order.append("reader")) for _ in range(3)]
        time.sleep(3 * turnstile.POLL_SECONDS)
        order.append("writer")
    with turn(path, True, PATIENCE):
        order.append("writer again")
    for reader in readers:
        reader.join()
    assert order == ["writer", "reader", "reader", "reader", "writer again"]


def test_readers_do_not_keep_anybody_waiting(path):
    order = []
    with turn(path, False, PATIENCE):
        passed(path, True, lambda: order.append("writer")).join()
        order.append("reader")
    assert order == ["writer", "reader"]


def test_a_reader_that_waited_long_goes_on(path, monkeypatch):
    monkeypatch.setattr(turnstile, "READER_PATIENCE_SECONDS", 0.05)
    order = []
    with turn(path, True, PATIENCE):
        passed(path, False, lambda: order.append("reader")).join()
        order.append("writer")
    assert order == ["reader", "writer"]


def test_who_may_not_write_beside_the_store_reads_all_the_same(tmp_path):
    with turn(tmp_path / "missing" / "store.duckdb", False, PATIENCE):
        pass
