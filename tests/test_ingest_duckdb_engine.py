import functools
import threading

import duckdb
import pytest

from ingest import duckdb_engine
from ingest.duckdb_engine import opened


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "it's a store.duckdb"
    with opened(path, read_only=False) as connection:
        connection.execute("CREATE TABLE notes (text TEXT)")
    return path


def test_a_file_is_open_as_long_as_somebody_has_it_open(file):
    with opened(file, read_only=True):
        with opened(file, read_only=True):
            pass
        with pytest.raises(duckdb.Error, match="already attached"):
            duckdb.connect(str(file))
    duckdb.connect(str(file)).close()


def test_a_writer_waits_for_the_readers_of_its_own_process(file):
    order = []

    def write():
        with opened(file, read_only=False) as connection:
            order.append("written")
            connection.execute("INSERT INTO notes VALUES ('a')")

    with opened(file, read_only=True) as connection:
        writer = threading.Thread(target=write)
        writer.start()
        order.append(f"read {connection.execute('SELECT count(*) FROM notes').fetchall()}")
    writer.join()
    assert order == ["read [(0,)]", "written"]


def test_two_files_are_open_side_by_side_and_apart(file, tmp_path):
    with opened(file, read_only=True), opened(tmp_path / "b.duckdb", read_only=False) as other:
        other.execute("CREATE TABLE notes AS SELECT 'here' AS text")
        assert other.execute("SELECT text FROM notes").fetchall() == [("here",)]


def test_a_file_replaced_by_another_is_read_anew(file, tmp_path):
    with opened(tmp_path / "b.duckdb", read_only=False) as other:
        other.execute("CREATE TABLE notes AS SELECT 'new' AS text")
    (tmp_path / "b.duckdb").replace(file)
    with opened(file, read_only=True) as connection:
        assert connection.execute("SELECT text FROM notes").fetchall() == [("new",)]


def test_a_process_that_spares_memory_reads_with_little_and_writes_with_all(file, monkeypatch):
    monkeypatch.setattr(duckdb_engine, "_engine", functools.cache(lambda process: duckdb_engine._Engine()))
    duckdb_engine.spare_memory()

    def limit(read_only):
        with opened(file, read_only) as connection:
            return connection.execute("SELECT current_setting('memory_limit')").fetchone()

    little, everything = limit(read_only=True), limit(read_only=False)
    assert little != everything
    assert limit(read_only=True) == little
