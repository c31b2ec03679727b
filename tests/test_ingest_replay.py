"""A real feed as it was recorded day by day, served and collected in that order."""

import pytest

from ingest.fetch import Settings
from ingest.model import Feed
from ingest.store import open_store
from ingest.update import collect
from tests.loopback import page, serving

SERIES = {"coindesk": "CoinDesk", "cointelegraph": "Cointelegraph", "scmp-biz": "South China Morning Post"}


@pytest.mark.shared
@pytest.mark.parametrize("name", SERIES)
def test_a_recorded_series_is_stored_once_each_whatever_it_repeats(shared, tmp_path, name):
    documents = [path.read_bytes() for path in sorted((shared / "data/feeds/history_samples").glob(f"{name}_*.xml"))]
    store, rounds = open_store(str(tmp_path / "store.duckdb")), []
    with serving() as server:
        feed = Feed(server.base + "/feed", SERIES[name], SERIES[name], "other", "", "UTC")
        for body in [*documents, *documents]:
            server.answers["/feed"] = page(200, body)
            rounds += collect(store, [feed], Settings(10, True), everything=True)
    assert {outcome.status for outcome in rounds} == {"ok"}
    assert all(outcome.dropped == 0 for outcome in rounds)
    first, again = rounds[: len(documents)], rounds[len(documents) :]
    assert all(outcome.new > 0 for outcome in first)
    assert all(outcome.new == 0 for outcome in again)
    stored = store.rows("SELECT count(*) FROM articles WHERE duplicate_of IS NULL")[0][0]
    assert sum(outcome.new for outcome in first) == stored
    assert store.rows("SELECT count(*) FROM articles WHERE published IS NULL") == [(0,)]
