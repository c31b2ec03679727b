"""A copy on a server: PostgreSQL gives it back; ClickHouse is filled whole or not at all, and answers questions."""

from pathlib import Path

import pytest

from analysis.__main__ import COMMANDS as ANALYSES
from ingest import copying, migrating
from ingest.__main__ import COMMANDS as INGESTS
from ingest.commands import dispatch
from ingest.copying import copy, keys
from ingest.errors import StoreError
from ingest.store import open_store, open_target
from tests.stores import filled_store

ARTICLES = [
    {"day": "2021-05-03", "targets": {"crypto": -0.8}, "themes": ["mining_energy"], "topic": 1, "entities": ["pboc"]},
    {"day": None, "language": "zh", "title": "数字人民币 'quoted' \\ 100%", "score": None},
    {"day": "1969-05-04", "relevance": "no", "score": None, "vader": 0.1},
    {"day": "2021-05-05", "outlet": "Other", "story": "a0"},
]
READING = {
    "series": ["series", "--format", "csv", "--by", "source"],
    "articles": ["articles", "--format", "csv", "--search", "数字"],
    "bursts": ["bursts", "--json"],
    "event": ["event", "2021-05-04", "--json"],
    "themes": ["themes", "--explain", "a0"],
}
COMMANDS = {"ingest": INGESTS, "analysis": ANALYSES}
WRITING = (
    "ingest run",
    "ingest sample",
    "ingest import .",
    "ingest backfill --from 2021-01-01 --to 2021-01-02",
    "analysis run",
    "analysis verify",
)


@pytest.fixture
def source(tmp_path):
    return filled_store(tmp_path / "source.duckdb", ARTICLES)


@pytest.fixture
def address(clickhouse, source):
    url = clickhouse.database()
    copy(source, open_target(url), silent)
    return url


def silent(table, rows):
    pass


def content(store, tables):
    return {table: sorted(store.rows(f"SELECT * FROM {table}"), key=repr) for table in tables}


def test_to_postgresql_and_back(source, postgres, tmp_path, monkeypatch):
    monkeypatch.setattr(copying, "BATCH_ROWS", 2)
    server, back = open_store(postgres.database()), open_store(str(tmp_path / "back.duckdb"))
    copy(source, server, silent)
    copy(server, back, silent)
    assert content(back, keys(source)) == content(source, keys(source))
    assert server.data_version() == back.data_version() == source.data_version()


def test_a_copy_holds_the_same_also_after_rows_went_and_changed(source, address):
    with source.transaction() as tx:
        tx.execute("DELETE FROM stories WHERE article_id = 'a3'")
        tx.execute("UPDATE articles SET title = 'Changed', content_hash = 7 WHERE id = 'a2'")
        tx.stamp()
    before, target = open_store(address).data_version(), open_target(address)
    for _ in range(2):
        copy(source, target, silent)
        assert content(target, keys(source)) == content(source, keys(source))
        assert target.data_version() == source.data_version() != before


def test_what_fails_halfway_leaves_the_copy_as_it_was(source, address, monkeypatch):
    before = open_store(address).data_version()
    with source.transaction() as tx:
        tx.execute("DELETE FROM articles WHERE id = 'a2'")
        tx.stamp()

    def killed(table, rows):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        copy(source, open_target(address), killed)
    assert open_store(address).data_version() == before


def test_a_row_that_was_sent_twice_counts_once(source, clickhouse):
    meta = {"meta": [("key", "text", False, 1), ("value", "text", False, 0)]}
    with open_target(clickhouse.database()).receiving(meta) as place:
        for value in ("old", "new"):
            with place.transaction() as tx:
                tx.upsert("meta", [{"key": "data_version", "value": value}], key=["key"])
        assert place.rows("SELECT * FROM meta") == [("data_version", "new")]


@pytest.mark.parametrize("command", READING.values(), ids=READING)
def test_commands_that_read_print_the_same(source, address, command, monkeypatch, capsys):
    printed = []
    for url in (source.url, address):
        monkeypatch.setenv("LIANWATCH_STORE", url)
        assert dispatch("analysis", ANALYSES, command) == 0
        printed.append(capsys.readouterr().out)
    assert printed[0] == printed[1] != ""


def test_what_was_saved_from_the_store_holds_in_the_copy(source, address, tmp_path, monkeypatch, capsys):
    saved = tmp_path / "saved.csv"
    monkeypatch.setenv("LIANWATCH_STORE", source.url)
    assert dispatch("analysis", ANALYSES, ["series", "--format", "csv", "--by", "target"]) == 0
    saved.write_text(capsys.readouterr().out, encoding="utf-8")
    monkeypatch.setenv("LIANWATCH_STORE", address)
    assert dispatch("analysis", ANALYSES, ["verify", str(saved)]) == 0


@pytest.mark.parametrize("command", WRITING)
def test_commands_that_write_say_where_to_write(address, command, monkeypatch, capsys):
    monkeypatch.setenv("LIANWATCH_STORE", address)
    package, *arguments = command.split()
    assert dispatch(package, COMMANDS[package], arguments) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "is a copy to read: work on the store it was copied from, then `python -m ingest copy --to` it" in said


def test_a_copy_is_not_copied_further(address, tmp_path, capsys):
    assert dispatch("ingest", INGESTS, ["copy", "--store", address, "--to", str(tmp_path / "back.duckdb")]) == 2
    assert "is a copy itself: copy the store that it was filled from" in capsys.readouterr().err


def test_a_copy_that_is_missing_or_of_another_version_says_so(address, clickhouse, monkeypatch):
    with pytest.raises(StoreError, match="is not there yet: fill it with `python -m ingest copy --to`"):
        open_store(clickhouse.database())
    monkeypatch.setattr(migrating, "_scripts", lambda kind: [Path("9999_later.sql")])
    with pytest.raises(StoreError, match="was filled by another version of Lianwatch: fill it again"):
        open_store(address)


def test_a_server_that_is_away_is_one_line(clickhouse):
    with pytest.raises(StoreError, match=r"^clickhouse://127\.0\.0\.1:9/news: .*refused") as error:
        open_store("clickhouse://reader:secret@127.0.0.1:9/news")
    assert "secret" not in str(error.value)
    assert "\n" not in str(error.value)
