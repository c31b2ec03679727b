"""Rounds of collecting against a loopback server: what is stored, what is asked again, what a failure leaves."""

import pytest

from ingest.fetch import Settings
from ingest.model import Feed
from ingest.store import open_store
from ingest.update import collect
from tests.loopback import RSS, hanging, page, raw, serving, with_etag

SETTINGS = Settings(total_seconds=2, allow_private=True)


@pytest.fixture
def server():
    with serving() as running:
        yield running


@pytest.fixture
def store(tmp_path):
    return open_store(str(tmp_path / "store.duckdb"))


def feed(url, outlet="Harbour Daily"):
    return Feed(url, "Harbour Daily - news", outlet, "hongkong", "en", "Asia/Hong_Kong")


def round_of(store, *feeds, everything=True, settings=SETTINGS):
    return {outcome.url: outcome for outcome in collect(store, feeds, settings, everything=everything)}


def ask(server, store, answer, **options):
    server.answers["/feed"] = answer
    url = server.base + "/feed"
    return round_of(store, feed(url), **options)[url]


def test_articles_of_a_feed_are_stored_with_their_outlet(server, store):
    outcome = ask(server, store, page(200, RSS))
    assert (outcome.status, outcome.new, outcome.seen) == ("ok", 2, 0)
    rows = store.rows("SELECT outlet, published_offset, published_quality FROM articles")
    assert rows == [("Harbour Daily", 480, "exact")] * 2
    assert store.rows("SELECT group_id FROM outlets") == [("hongkong",)]


def test_a_second_round_asks_one_small_request_and_writes_only_the_log(server, store):
    ask(server, store, with_etag(RSS))
    version = store.data_version()
    articles = store.rows("SELECT * FROM articles ORDER BY id")
    outcome = ask(server, store, with_etag(RSS))
    assert (outcome.status, outcome.new) == ("not_modified", 0)
    assert len(server.asked["/feed"]) == 2
    assert server.asked["/feed"][1]["If-None-Match"] == '"v1"'
    assert store.rows("SELECT * FROM articles ORDER BY id") == articles
    assert store.data_version() == version
    assert store.rows("SELECT status FROM fetches ORDER BY started_at") == [("ok",), ("not_modified",)]


def test_a_feed_that_is_not_due_is_not_asked(server, store):
    ask(server, store, page(200, RSS))
    assert round_of(store, feed(server.base + "/feed"), everything=False) == {}
    assert len(server.asked["/feed"]) == 1


def test_a_body_that_did_not_change_is_not_read_again(server, store):
    ask(server, store, page(200, RSS))
    assert ask(server, store, page(200, RSS)).status == "unchanged"


def test_a_moved_feed_is_asked_at_its_new_address_next_time(server, store):
    server.answers["/new"] = page(200, RSS)
    assert ask(server, store, page(301, Location="/new")).status == "moved"
    ask(server, store, page(301, Location="/new"))
    assert (len(server.asked["/feed"]), len(server.asked["/new"])) == (1, 2)


def test_a_feed_that_is_gone_is_never_asked_again(server, store):
    assert ask(server, store, page(410)).status == "gone"
    outcome = ask(server, store, page(200, RSS))
    assert (outcome.status, outcome.http_status) == ("disabled", None)
    assert len(server.asked["/feed"]) == 1


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"<html><body>Please log in</body></html>", "not_a_feed"), (b"", "empty"), (b"\x00\xff" * 50, "not_a_feed")],
)
def test_a_document_that_is_no_feed_is_a_failure_with_its_body_kept(server, store, body, status):
    outcome = ask(server, store, page(200, body))
    assert (outcome.status, outcome.new) == (status, 0)
    assert outcome.error
    [kept] = (store.path.parent / "unparsed").iterdir()
    assert kept.read_bytes() == body
    assert store.rows("SELECT failures > 0, last_success IS NULL FROM feeds") == [(True, True)]


def test_a_feed_without_entries_is_empty_and_well(server, store):
    outcome = ask(server, store, page(200, b'<rss version="2.0"><channel><title>Quiet</title></channel></rss>'))
    assert (outcome.status, outcome.error) == ("empty", None)


def test_a_failure_keeps_what_the_feed_brought_before(server, store):
    ask(server, store, page(200, RSS))
    assert ask(server, store, page(503, Retry_After="7200")).status == "server_error"
    assert store.rows("SELECT count(*) FROM articles") == [(2,)]
    assert store.rows("SELECT next_due - last_checked >= INTERVAL 2 HOUR FROM feeds") == [(True,)]


def test_a_hanging_feed_does_not_keep_the_others_from_the_store(server, store):
    server.answers |= {"/feed": page(200, RSS), "/hang": hanging}
    stored = []

    def progress(done, of):
        if done < of:
            stored.append(store.rows("SELECT count(*) FROM articles")[0][0])

    feeds = [feed(server.base + "/hang"), feed(server.base + "/feed")]
    outcomes = collect(store, feeds, Settings(1, True), progress=progress)
    assert {outcome.status for outcome in outcomes} == {"ok", "timeout"}
    assert stored == [0, 2]


def test_a_machine_without_network_does_not_spoil_the_health_of_feeds(store):
    feeds = [feed(f"http://127.0.0.1:9/{number}") for number in range(4)]
    assert {outcome.status for outcome in collect(store, feeds, SETTINGS)} == {"connect_error"}
    assert store.rows("SELECT DISTINCT failures, next_due FROM feeds") == [(0.0, None)]
    assert store.rows("SELECT count(*) FROM fetches WHERE error IS NOT NULL") == [(4,)]


def test_a_feed_that_leaves_the_subscription_keeps_its_articles(server, store):
    ask(server, store, page(200, RSS))
    server.answers["/other"] = page(200, RSS)
    round_of(store, feed(server.base + "/other"))
    assert store.rows("SELECT subscribed FROM feeds ORDER BY url") == [(False,), (True,)]
    assert store.rows("SELECT count(*) FROM articles") == [(2,)]
    assert store.rows("SELECT count(*) FROM sightings") == [(4,)]


def test_an_address_that_breaks_off_is_one_clear_line(server, store):
    outcome = ask(server, store, raw(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<rss>"))
    assert outcome.status == "connect_error"
    assert "\n" not in outcome.error
