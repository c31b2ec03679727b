"""Other processes read the file while one writes it."""

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from ingest.model import Article
from ingest.store import open_store
from ingest.upsert import store_articles

NOW = datetime(2024, 1, 2, tzinfo=UTC)
ARTICLE = Article("", None, "", "", "Harbour Daily", "en", NOW, 0, "exact", None)
WRITES, ARTICLES_A_WRITE = 10, 5

READER = """
import sys
from ingest.store import open_store
store, seen, looks = open_store(sys.argv[1]), 0, 0
print("ready", flush=True)
while seen < int(sys.argv[2]):
    with store.reading() as reading:
        now = reading.rows("SELECT count(*) FROM articles")[0][0]
        assert now == reading.rows("SELECT count(*) FROM sightings")[0][0], "half a write was seen"
    assert now >= seen, "an article was lost"
    seen, looks = now, looks + 1
print(looks)
"""


@pytest.mark.processes
def test_readers_see_whole_writes_and_the_collector_gets_its_turns(tmp_path):
    path = str(tmp_path / "store.duckdb")
    store = open_store(path)
    everything = WRITES * ARTICLES_A_WRITE
    command = [sys.executable, "-c", READER, path, str(everything)]
    readers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    assert [reader.stdout.readline() for reader in readers] == ["ready\n"] * 2
    for number in range(WRITES):
        articles = [
            replace(ARTICLE, id=f"{number}.{part}", title=f"Headline {part} of the write numbered {number}")
            for part in range(ARTICLES_A_WRITE)
        ]
        with store.transaction() as tx:
            store_articles(tx, "feed", articles, {}, sample=False, seen_at=NOW)
            tx.stamp()
    looks = [int(reader.communicate(timeout=120)[0]) for reader in readers]
    assert all(looks)
    assert store.rows("SELECT count(*), count(DISTINCT title) FROM articles") == [(everything, everything)]
