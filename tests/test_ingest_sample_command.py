from datetime import UTC, datetime

import pytest

from ingest.commands.sample_ import load
from ingest.errors import ConfigError
from ingest.store import open_store
from tests.loopback import RSS

NOW = datetime(2026, 1, 1, tzinfo=UTC)
LISTED = """
[[feed]]
file = "harbour-daily.xml"
name = "Harbour Daily"
outlet = "Harbour Daily"
group = "hongkong"
language = "en"
timezone = "Asia/Hong_Kong"
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "harbour-daily.xml").write_bytes(RSS)
    (tmp_path / "feeds.toml").write_text(LISTED, encoding="utf-8")
    return tmp_path


@pytest.fixture
def store(tmp_path):
    return open_store(str(tmp_path / "store.duckdb"))


def test_sample_articles_are_stored_once_and_marked(folder, store):
    assert load(store, folder, NOW)[0]["new"] == 2
    assert load(store, folder, NOW)[0]["seen"] == 2
    assert store.rows("SELECT outlet, sample FROM outlets") == [("Harbour Daily", True)]
    assert store.rows("SELECT url, sample, subscribed FROM feeds") == [("sample:harbour-daily.xml", True, False)]


def test_a_sample_file_that_is_not_listed_is_named(folder, store):
    (folder / "stray.xml").write_bytes(RSS)
    with pytest.raises(ConfigError, match=r"stray\.xml is not listed"):
        load(store, folder, NOW)


def test_a_listed_file_that_is_missing_is_named(folder, store):
    (folder / "harbour-daily.xml").unlink()
    with pytest.raises(ConfigError, match=r"harbour-daily\.xml"):
        load(store, folder, NOW)
