"""A store as one run of a page sees it."""

import pytest

from ingest.held import HeldStore
from ingest.store import open_store


@pytest.fixture
def store(tmp_path):
    return open_store(str(tmp_path / "store.duckdb"))


def asked_of(store, monkeypatch):
    """A list that fills with what is asked of the store's connections."""
    asked, connect = [], store.connect

    def counted(writing):
        asked.append("opened")
        return connect(writing)

    monkeypatch.setattr(store, "connect", counted)
    return asked


def test_several_questions_share_one_connection(store, monkeypatch):
    asked = asked_of(store, monkeypatch)
    held = HeldStore(store, lambda _, answer: answer())
    assert held.rows("SELECT 1") == [(1,)]
    with held.reading() as reading:
        assert reading.frame("SELECT ? AS two", [2])["two"].tolist() == [2]
    held.close()
    assert asked == ["opened"]


def test_what_is_remembered_is_not_asked_and_opens_nothing(store, monkeypatch):
    asked = asked_of(store, monkeypatch)
    answers = {}

    def remember(question, answer):
        return answers[question] if question in answers else answers.setdefault(question, answer())

    for _ in range(2):
        held = HeldStore(store, remember)
        assert held.rows("SELECT ?", [1]) == [(1,)]
        held.close()
    assert asked == ["opened"]


def test_a_frame_that_is_changed_leaves_what_is_remembered_as_it_was(store):
    kept = store.frame("SELECT 1 AS n")
    held = HeldStore(store, lambda question, answer: kept)
    changed = held.frame("SELECT 1 AS n")
    changed["n"] = 2
    assert held.frame("SELECT 1 AS n")["n"].tolist() == [1]


def test_a_held_store_is_not_written(store):
    with pytest.raises(NotImplementedError), HeldStore(store, None).transaction():
        pass
