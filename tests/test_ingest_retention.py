"""What is kept of fetches and of unreadable bodies, and for how long."""

from datetime import UTC, datetime, timedelta

from ingest import feedstates, unparsed
from ingest.store import open_store

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def fetched(days_ago, hour, error=None):
    return {
        "feed_url": "https://daily.example/feed",
        "started_at": NOW - timedelta(days=days_ago) + timedelta(hours=hour),
        "status": "timeout" if error else "ok",
        "http_status": None,
        "bytes": 10,
        "new_count": 0,
        "updated_count": 0,
        "seen_count": 0,
        "ms": 5,
        "error": error,
    }


def test_of_older_days_the_first_success_is_kept_and_of_very_old_ones_nothing(tmp_path):
    store = open_store(str(tmp_path / "store.duckdb"))
    recent = [fetched(2, hour) for hour in range(3)]
    older = [fetched(40, 0, "no answer"), fetched(40, 1), fetched(40, 2)]
    with store.transaction() as tx:
        feedstates.log(tx, [*recent, *older, fetched(2000, 1)])
    feedstates.trim_log(store, NOW)
    kept = [row[0] for row in store.rows("SELECT started_at FROM fetches ORDER BY started_at")]
    assert kept == [older[1]["started_at"], *(row["started_at"] for row in recent)]


def test_only_the_newest_unreadable_bodies_are_kept_and_one_a_feed(tmp_path, monkeypatch):
    monkeypatch.setattr(unparsed, "MOST_BODIES", 3)
    monkeypatch.setattr(unparsed, "LONGEST_BODY", 4)
    for number in [0, 1, 2, 3, 4, 4]:
        path = unparsed.keep(tmp_path, f"https://daily.example/{number}", b"<html>")
    assert len(list(tmp_path.iterdir())) == 3
    assert path.read_bytes() == b"<htm"
