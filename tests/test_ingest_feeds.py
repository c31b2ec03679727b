"""The subscription and the health of its feeds, through the command a user types."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from ingest import config, outlets
from ingest.__main__ import COMMANDS
from ingest.commands import dispatch
from ingest.config import load_feeds
from ingest.discovery import feed_links
from ingest.fetch import Settings
from ingest.health import FRAME_COLUMNS, feed_health
from ingest.health import frame as health_frame
from ingest.model import Article, Feed
from ingest.store import open_store
from ingest.update import collect
from ingest.upsert import store_articles
from tests.loopback import RSS, page, serving

NOW = datetime.now(UTC)
LIST = """# my feeds

[[feed]]
url = "https://daily.example/feed"  # the good one
name = "Harbour Daily"
group = "hongkong"

# second thoughts

[[feed]]
url = "https://chronicle.example/rss"
name = "Chronicle"
"""


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setenv("LIANWATCH_ALLOW_PRIVATE_HOSTS", "1")
    with serving() as running:
        running.answers["/feed"] = page(200, RSS)
        yield running


@pytest.fixture
def mine(tmp_path, monkeypatch):
    path = tmp_path / "mine.toml"
    path.write_text(LIST, encoding="utf-8")
    monkeypatch.setenv("LIANWATCH_FEEDS", str(path))
    monkeypatch.setenv("LIANWATCH_STORE", str(tmp_path / "store.duckdb"))
    return path


def feeds(*arguments):
    return dispatch("ingest", COMMANDS, ["feeds", *map(str, arguments)])


def test_the_shipped_list_is_sound():
    shipped = config.load_feeds(config.SHIPPED_FEEDS)
    assert len(shipped) == 86
    assert all(feed.language in ("en", "zh", "zh-Hant") for feed in shipped)
    assert all(feed.group != "other" for feed in shipped if feed.outlet)
    assert len({(feed.outlet, feed.group) for feed in shipped}) == len({feed.outlet for feed in shipped})


def test_the_shipped_list_and_the_table_of_outlets_use_the_same_names_and_groups():
    for feed in config.load_feeds(config.SHIPPED_FEEDS):
        if feed.outlet:
            known = outlets.by_name(feed.outlet)
            assert (known.name, known.group) == (feed.outlet, feed.group)


def test_add_appends_a_feed_and_keeps_comments(server, mine):
    assert feeds("add", server.base + "/feed", "--group", "trade_en") == 0
    text = mine.read_text(encoding="utf-8")
    assert text.startswith(LIST.rstrip())
    added = config.load_feeds(mine)[-1]
    assert (added.url, added.name, added.group) == (server.base + "/feed", "Harbour Daily", "trade_en")


def test_add_finds_the_feed_that_a_page_announces(server, mine):
    server.answers["/"] = page(200, b'<link rel="alternate" type="application/rss+xml" href="/feed">')
    assert feeds("add", server.base + "/") == 0
    assert config.load_feeds(mine)[-1].url == server.base + "/feed"


@pytest.mark.parametrize(
    "arguments",
    [["http://["], ["https://"], ["ftp://daily.example/feed"], ["https://daily.example/b", "--language", "klingon"]],
    ids=" ".join,
)
def test_add_refuses_what_is_no_address_and_no_language(mine, capsys, arguments):
    try:
        code = feeds("add", *arguments, "--no-check")
    except SystemExit as ended:
        code = ended.code
    assert code == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert mine.read_text(encoding="utf-8") == LIST


def test_add_refuses_a_page_without_a_feed_and_an_address_that_is_listed(server, mine, capsys):
    server.answers["/"] = page(200, b"<html><body>nothing here</body></html>")
    assert feeds("add", server.base + "/") == 1
    assert feeds("add", "https://daily.example/feed", "--no-check") == 2
    assert "listed already" in capsys.readouterr().err
    assert mine.read_text(encoding="utf-8") == LIST


def test_remove_takes_a_feed_out_by_name_or_address_and_keeps_comments(mine):
    assert feeds("remove", "Chronicle") == 0
    assert feeds("remove", "https://chronicle.example/rss") == 2
    assert [feed.name for feed in config.load_feeds(mine)] == ["Harbour Daily"]
    assert "# the good one" in mine.read_text(encoding="utf-8")


def test_the_first_edit_starts_the_users_list_as_a_copy_of_the_shipped_one(tmp_path, monkeypatch):
    monkeypatch.delenv("LIANWATCH_FEEDS", raising=False)
    monkeypatch.chdir(tmp_path)
    shipped = config.SHIPPED_FEEDS.read_bytes()
    assert feeds("remove", "Global Times") == 0
    assert len(config.load_feeds(config.feeds_path())) == 85
    assert config.SHIPPED_FEEDS.read_bytes() == shipped


def test_opml_goes_out_and_comes_back_the_same(mine, tmp_path, monkeypatch):
    monkeypatch.setenv("LIANWATCH_FEEDS", str(config.SHIPPED_FEEDS))
    assert feeds("export-opml", tmp_path / "feeds.opml") == 0
    monkeypatch.setenv("LIANWATCH_FEEDS", str(tmp_path / "new.toml"))
    assert feeds("import-opml", tmp_path / "feeds.opml") == 0
    there = {(feed.url, feed.name, feed.group, feed.outlet is None) for feed in config.load_feeds(config.SHIPPED_FEEDS)}
    back = {(feed.url, feed.name, feed.group, feed.outlet is None) for feed in config.load_feeds(config.feeds_path())}
    assert back == there


def test_opml_that_is_none_is_one_clear_line(mine, tmp_path, capsys):
    (tmp_path / "feeds.opml").write_text("not OPML", encoding="utf-8")
    assert feeds("import-opml", tmp_path / "feeds.opml") == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_check_says_what_is_at_each_address_and_stores_nothing(server, mine, capsys):
    server.answers["/page"] = page(200, b'<html><link rel="alternate" type="application/atom+xml" href="a">')
    assert feeds("check", server.base + "/feed", server.base + "/page", server.base + "/none", "--json") == 0
    found = json.loads(capsys.readouterr().out)["results"]
    assert [each["status"] for each in found] == ["ok", "not_a_feed", "not_found"]
    assert (found[0]["entries"], found[1]["announced"]) == (2, [server.base + "/a"])
    assert not (mine.parent / "store.duckdb").exists()


def test_list_shows_each_feed_with_its_health(server, mine, capsys):
    mine.write_text(f'[[feed]]\nurl = "{server.base}/feed"\nname = "Daily"\n\n[[feed]]\nurl = "{server.base}/none"\n')
    assert dispatch("ingest", COMMANDS, ["run", "--json"]) == 0
    capsys.readouterr()
    assert feeds("list", "--json") == 0
    good, bad = json.loads(capsys.readouterr().out)["feeds"]
    assert (good["health"], good["status"], good["articles"]) == ("stale", "ok", 2)
    assert (bad["health"], bad["status"], bad["failures"]) == ("failing", "not_found", 1)
    assert feeds("list") == 0
    assert "HTTP 404" in capsys.readouterr().out


@pytest.mark.parametrize(("days_of_silence", "word"), [(1, "well"), (6, "silent"), (400, "stale")])
def test_a_feed_that_brings_less_than_it_used_to_is_noticed(server, tmp_path, days_of_silence, word):
    store, feed = open_store(str(tmp_path / "s.duckdb")), Feed(server.base + "/feed", "D", "D", "other", "en", "UTC")
    server.answers["/feed"] = page(200, b'<rss version="2.0"><channel><title>D</title></channel></rss>')
    collect(store, [feed], Settings(2, True))
    with store.transaction() as tx:
        store_articles(tx, feed.url, list(two_a_day_until(days_of_silence)), {}, sample=False, seen_at=NOW)
    [health] = feed_health(store, [feed], NOW)
    assert health.health == word
    assert health.articles == 80


def two_a_day_until(days_ago):
    for number in range(80):
        time = NOW - timedelta(days=days_ago + number / 2)
        yield Article(str(number), None, f"Number {number}", "", "D", "en", time, 0, "exact", None)


def test_a_feed_added_again_after_it_was_gone_is_asked_again(server, tmp_path):
    store, feed = open_store(str(tmp_path / "s.duckdb")), Feed(server.base + "/feed", "D", "D", "other", "en", "UTC")
    server.answers["/feed"] = page(410)
    for subscription in ([feed], [feed], []):
        collect(store, subscription, Settings(2, True))
    server.answers["/feed"] = page(200, RSS)
    assert [outcome.status for outcome in collect(store, [feed], Settings(2, True))] == ["ok"]


def test_a_feed_that_is_gone_can_be_removed_and_added_again_at_once(server, mine):
    server.answers["/feed"] = page(410)
    assert feeds("add", server.base + "/feed", "--no-check") == 0
    store = open_store()
    collect(store, load_feeds(mine), Settings(2, True))
    server.answers["/feed"] = page(200, RSS)
    assert feeds("remove", server.base + "/feed") == 0
    assert feeds("add", server.base + "/feed") == 0
    assert [outcome.status for outcome in collect(store, load_feeds(mine), Settings(2, True))] == ["ok"]


def test_the_frame_of_all_feeds_says_how_each_is_doing(server, tmp_path):
    store, feed = open_store(str(tmp_path / "s.duckdb")), Feed(server.base + "/none", "D", "D", "other", "en", "UTC")
    assert tuple(health_frame(store, NOW).columns) == FRAME_COLUMNS
    collect(store, [feed], Settings(2, True))
    found = health_frame(store, NOW)
    assert found[["name", "subscribed", "health", "status", "n_articles"]].values.tolist() == [
        ["D", True, "failing", "not_found", 0]
    ]
    assert found["last_checked"].dt.tz is not None


def test_the_frame_of_all_feeds_ends_with_those_not_subscribed_to_any_more(server, tmp_path):
    store = open_store(str(tmp_path / "s.duckdb"))
    one, other = (Feed(f"{server.base}/{name}", name, name, "other", "en", "UTC") for name in ("a", "b"))
    collect(store, [one, other], Settings(2, True))
    collect(store, [other], Settings(2, True))
    assert health_frame(store, NOW)[["name", "health"]].values.tolist() == [["b", "failing"], ["a", "unsubscribed"]]


@pytest.mark.parametrize("content", [b"not a store", None])
def test_a_store_that_cannot_be_read_is_one_line_that_says_what_to_do(mine, tmp_path, monkeypatch, capsys, content):
    path = tmp_path / "broken.duckdb"
    path.mkdir() if content is None else path.write_bytes(content)
    monkeypatch.setenv("LIANWATCH_STORE", str(path))
    assert feeds("list") == 2
    error = capsys.readouterr().err
    assert "put a copy back" in error
    assert len(error.splitlines()) == 1


@pytest.mark.parametrize(
    "page_text", [b"", b"<link", b'<link rel=alternate type=application/rss+xml href="http://[">', b"\xff\xfe<html>"]
)
def test_pages_that_announce_nothing_readable_have_no_feed_links(page_text):
    assert feed_links(page_text, "http://daily.example/") == []
