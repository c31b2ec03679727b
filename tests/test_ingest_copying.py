from datetime import UTC, datetime

import pytest

from ingest import copying
from ingest.__main__ import COMMANDS
from ingest.commands import dispatch
from ingest.copying import copy, keys
from ingest.errors import LianwatchError
from ingest.store import open_store
from tests.stores import filled_store

ARTICLES = [
    {"day": "2021-05-03", "targets": {"crypto": -0.8}, "themes": ["mining_energy"], "topic": 1, "entities": ["pboc"]},
    {"day": None, "language": "zh", "title": "数字人民币", "score": None},
    {"day": "2021-05-04", "relevance": "no", "score": None, "vader": 0.1},
]


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    store = filled_store(tmp_path_factory.mktemp("copying") / "filled.duckdb", ARTICLES)
    with store.transaction() as tx:
        started = datetime(2021, 5, 5, tzinfo=UTC)
        counts = {"new_count": 1, "updated_count": 0, "seen_count": 0, "ms": 20}
        tx.upsert(
            "fetches", [{"feed_url": "f", "started_at": started, "status": "ok", **counts}], ["feed_url", "started_at"]
        )
    return store


@pytest.fixture
def source(filled, quick_stores, tmp_path, monkeypatch):
    monkeypatch.setattr(copying, "BATCH_ROWS", 2)
    return quick_stores.copied(filled, tmp_path / "source.duckdb")


def content(store):
    return {table: sorted(map(repr, store.rows(f"SELECT * FROM {table}"))) for table in keys(store)}


def silent(table, rows):
    pass


def test_every_table_has_a_key_to_copy_it_by(source):
    tables = source.rows(
        "SELECT table_name FROM information_schema.tables WHERE table_name <> 'migrations'"
        " AND table_catalog = current_database()"
    )
    assert {table for (table,) in tables} == set(keys(source))


def test_a_copy_holds_the_same_and_copying_again_changes_nothing(source, tmp_path):
    target = open_store(str(tmp_path / "target.duckdb"))
    for _ in range(2):
        assert copy(source, target, silent)["articles"] == 3
        assert content(target) == content(source)
        assert target.data_version() == source.data_version()


def test_an_empty_store_can_be_copied(tmp_path):
    empty, target = (open_store(str(tmp_path / name)) for name in ("empty.duckdb", "target.duckdb"))
    assert set(copy(empty, target, silent).values()) == {0}
    assert target.data_version() == "empty"


def test_a_source_that_holds_nothing_is_said_to(tmp_path, capsys):
    source, target = tmp_path / "mistyped.duckdb", tmp_path / "target.duckdb"
    assert dispatch("ingest", COMMANDS, ["copy", "--store", str(source), "--to", str(target)]) == 0
    assert f"{source} holds nothing yet" in capsys.readouterr().err


def test_rows_that_were_deleted_leave_gaps_that_lose_nothing(source, tmp_path):
    with source.transaction() as tx:
        tx.upsert("meta", [{"key": f"{number}", "value": ""} for number in range(9)], key=["key"])
        tx.execute("DELETE FROM meta WHERE key IN ('2', '3', '4', '5', '7')")
    target = open_store(str(tmp_path / "target.duckdb"))
    copy(source, target, silent)
    assert content(target) == content(source)


def test_a_target_with_other_rows_is_named(source, tmp_path):
    target = filled_store(tmp_path / "target.duckdb", [{"id": "other", "day": "2020-01-01"}])
    with pytest.raises(LianwatchError, match="holds 4 rows of annotations, .* 3: copy into an empty store"):
        copy(source, target, silent)


def test_a_store_is_not_copied_to_itself(source, capsys):
    assert dispatch("ingest", COMMANDS, ["copy", "--store", source.name, "--to", f"duckdb://{source.name}"]) == 2
    assert "is the store itself" in capsys.readouterr().err


def test_what_another_open_store_holds_is_not_taken_for_this_ones(source, tmp_path):
    with source.transaction() as tx:
        tx.twin("annotations", "next_annotations")
        tx.execute("CREATE TABLE only_here (id TEXT PRIMARY KEY)")
        new = open_store(str(tmp_path / "new.duckdb"))
        assert "only_here" not in keys(new)
        with new.transaction() as other:
            other.twin("annotations", "next_annotations")
        assert new.rows("SELECT count(*) FROM next_annotations") == [(0,)]
