"""Several collectors on one server store: each feed is fetched by one of them, also when one is killed."""

import os
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ingest import config
from ingest.fetch import Settings
from ingest.lock import collecting
from ingest.store import open_store
from ingest.update import collect
from tests.loopback import RSS, hanging, page, serving

ROOT = Path(__file__).parents[2]
AT_ONCE = 4
FEEDS = 12
COLLECTOR = f"""
import sys
from ingest import store_postgres
from ingest.__main__ import COMMANDS
from ingest.commands import dispatch
store_postgres.CLAIMED_AT_ONCE = {AT_ONCE}
sys.exit(dispatch("ingest", COMMANDS, ["run"]))
"""


@pytest.fixture
def server():
    """Feeds that hang for the first AT_ONCE requests and answer all later ones."""
    with serving() as running:

        def answer(handler):
            early = sum(map(len, running.asked.values())) <= AT_ONCE
            (hanging if early else page(200, RSS))(handler)

        running.answers |= {f"/feed{number}": answer for number in range(FEEDS)}
        yield running


@pytest.fixture
def place(tmp_path, server, postgres, monkeypatch):
    monkeypatch.setattr("ingest.store_postgres.CLAIMED_AT_ONCE", AT_ONCE)
    feeds = (f'[[feed]]\nurl = "{server.base}/feed{number}"\nname = "Daily {number}"\n' for number in range(FEEDS))
    (tmp_path / "feeds.toml").write_text("".join(feeds), encoding="utf-8")
    monkeypatch.setenv("LIANWATCH_STORE", postgres.database())
    monkeypatch.setenv("LIANWATCH_FEEDS", str(tmp_path / "feeds.toml"))
    monkeypatch.setenv("LIANWATCH_ALLOW_PRIVATE_HOSTS", "1")
    return tmp_path


def one_round(feeds):
    store = open_store()
    with collecting(store, patience_seconds=0):
        return Counter(outcome.url for outcome in collect(store, feeds, Settings.from_environment()))


def test_a_killed_collector_leaves_its_feeds_to_the_others_and_none_is_fetched_twice(place, server):
    feeds = config.load_feeds(place / "feeds.toml")
    open_store()
    killed = subprocess.Popen([sys.executable, "-c", COLLECTOR], cwd=ROOT, env=os.environ)
    try:
        while len(server.asked) < AT_ONCE:
            assert killed.poll() is None
            time.sleep(0.05)
        its_feeds = {server.base + path for path in server.asked}
        with ThreadPoolExecutor() as threads:
            found = list(threads.map(one_round, [feeds, feeds]))
    finally:
        killed.kill()
        killed.wait()
    assert sum(found, Counter()) == Counter({feed.url for feed in feeds} - its_feeds)
    assert one_round(feeds) == Counter(its_feeds)
    assert open_store().rows("SELECT count(*), count(DISTINCT feed_url) FROM fetches") == [(FEEDS, FEEDS)]
    assert open_store().rows("SELECT count(*), count(DISTINCT article_id) FROM sightings") == [(2 * FEEDS, 2)]
