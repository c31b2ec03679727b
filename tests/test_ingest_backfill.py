"""The past, from loopback servers that answer as a news search and a web archive do."""

import json
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest

from ingest.__main__ import COMMANDS
from ingest.commands import dispatch
from ingest.past import dated_search
from ingest.store import open_store
from tests.loopback import RSS, page, serving


@pytest.fixture
def server():
    with serving() as running:
        yield running


@pytest.fixture
def place(tmp_path, server, monkeypatch):
    (tmp_path / "feeds.toml").write_text(
        f'[[feed]]\nurl = "{server.base}/search?q=blockchain+when:7d&hl=en"\nname = "Search"\nsearch = true\n\n'
        f'[[feed]]\nurl = "{server.base}/feed"\nname = "Harbour Daily"\ngroup = "hongkong"\n',
        encoding="utf-8",
    )
    monkeypatch.setenv("LIANWATCH_STORE", str(tmp_path / "store.duckdb"))
    monkeypatch.setenv("LIANWATCH_FEEDS", str(tmp_path / "feeds.toml"))
    monkeypatch.setenv("LIANWATCH_ARCHIVE", server.base)
    monkeypatch.setenv("LIANWATCH_ALLOW_PRIVATE_HOSTS", "1")
    return tmp_path


def backfill(capsys, *arguments, first="2019-10-01", last="2019-10-31"):
    code = dispatch("ingest", COMMANDS, ["backfill", "--from", first, "--to", last, "--json", *arguments])
    return code, json.loads(capsys.readouterr().out)


def search_answering(entries_a_day):
    """A news search that knows `after:` and `before:`, holds so many entries a day and gives 100 at most."""

    def answer(handler):
        words = parse_qs(urlsplit(handler.path).query)["q"][0].split()
        dates = dict(word.split(":") for word in words if ":" in word)
        first, end = (date.fromisoformat(dates[name]).toordinal() for name in ("after", "before"))
        items = [
            f"<item><title>Blockchain story number {day}-{number} of the day</title>"
            f"<link>https://chronicle.example/{day}/{number}</link>"
            f"<pubDate>{date.fromordinal(day):%d %b %Y} 12:00:00 GMT</pubDate>"
            f'<source url="https://chronicle.example">Chronicle</source></item>'
            for day in range(first, end)
            for number in range(entries_a_day)
        ][:100]
        body = f'<rss version="2.0"><channel><title>Search</title>{"".join(items)}</channel></rss>'
        page(200, body.encode())(handler)

    return answer


def archive(server, stamps, body=RSS):
    """A web archive: its list of copies in pages of two, and the copies themselves."""

    def listing(handler):
        query = parse_qs(urlsplit(handler.path).query)
        begin = int(query.get("resumeKey", ["0"])[0])
        rows = [[stamp, f"{server.base}/feed", f"DIGEST{stamp}"] for stamp in stamps]
        shown = rows[begin : begin + 2]
        more = [[], [str(begin + 2)]] if begin + 2 < len(rows) else []
        head = [["timestamp", "original", "digest"]]
        page(200, json.dumps(head + shown + more).encode(), Content_Type="application/json")(handler)

    server.answers["/cdx/search/cdx"] = listing
    for stamp in stamps:
        server.answers[f"/web/{stamp}id_/{server.base}/feed"] = page(200, body)


def test_a_search_feed_is_asked_for_dated_windows(place, server, capsys):
    server.answers["/search"] = search_answering(2)
    code, report = backfill(capsys)
    assert (code, report["new"], report["parts"]) == (0, 62, 5)
    asked = [parse_qs(urlsplit(path).query) for path in server.asked]
    assert asked[0] == {"q": ["blockchain after:2019-10-01 before:2019-10-08"], "hl": ["en"]}
    assert open_store().rows("SELECT DISTINCT outlet FROM articles") == [("Chronicle",)]


def test_a_window_that_is_full_is_halved_until_nothing_is_hidden(place, server, capsys):
    server.answers["/search"] = search_answering(30)
    _, report = backfill(capsys, last="2019-10-07")
    assert report["new"] == 7 * 30


def test_a_backfill_that_was_stopped_goes_on_where_it_was(place, server, capsys):
    good, limited = search_answering(30), page(429, Retry_After="0")

    def tired(handler):
        (good if len(server.asked) < 4 else limited)(handler)

    server.answers["/search"] = tired
    code, report = backfill(capsys)
    assert code == 1
    assert "rate_limited" in report["stopped"]
    server.asked.clear()
    server.answers["/search"] = good
    code, rest = backfill(capsys)
    assert (code, report["new"] + rest["new"]) == (0, 31 * 30)
    assert all("after:2019-10-01" not in path.replace("%3A", ":") for path in server.asked)


def test_a_backfill_that_is_done_asks_nothing(place, server, capsys):
    server.answers["/search"] = search_answering(2)
    backfill(capsys)
    server.asked.clear()
    assert backfill(capsys)[1]["parts"] == 0
    assert not server.asked


def test_archived_copies_of_a_feed_are_read_through_every_page_of_the_list(place, server, capsys):
    archive(server, ["20191026000000", "20191027000000", "20191028000000"])
    code, report = backfill(capsys, "--via", "wayback")
    assert (code, report["parts"], report["new"], report["seen"]) == (0, 3, 2, 4)
    store = open_store()
    assert store.rows("SELECT DISTINCT outlet FROM articles") == [("Harbour Daily",)]
    assert store.rows("SELECT CAST(max(text_at) AS DATE) FROM articles") == [(date(2019, 10, 28),)]
    assert backfill(capsys, "--via", "wayback")[1]["parts"] == 0


def test_a_copy_that_is_missing_or_no_feed_does_not_stop_the_others(place, server, capsys):
    archive(server, ["20191026000000", "20191027000000", "20191028000000"])
    del server.answers[f"/web/20191026000000id_/{server.base}/feed"]
    server.answers[f"/web/20191027000000id_/{server.base}/feed"] = page(200, b"<html>archived error page</html>")
    _, report = backfill(capsys, "--via", "wayback")
    assert [result["status"] for result in report["results"]] == ["not_found", "not_a_feed", "ok"]
    assert report["new"] == 2


def test_a_copy_whose_time_is_none_is_left_out(place, server, capsys):
    archive(server, ["20191399990000", "20191027000000"])
    code, report = backfill(capsys, "--via", "wayback")
    assert (code, report["parts"], report["new"]) == (0, 1, 2)


def test_a_subscription_without_search_feeds_has_no_windows_to_ask_for(place, capsys):
    feeds = place / "feeds.toml"
    feeds.write_text(feeds.read_text().replace("search = true", 'outlet = "Chronicle"'))
    assert dispatch("ingest", COMMANDS, ["backfill", "--from", "2019-10-01", "--to", "2019-10-07"]) == 2
    assert "no search feed with a query" in capsys.readouterr().err


def test_a_feed_without_copies_is_no_failure(place, server, capsys):
    server.answers["/cdx/search/cdx"] = page(200, b"[]\n")
    assert backfill(capsys, "--via", "wayback")[0] == 0


@pytest.mark.parametrize(
    ("first", "last", "hint"),
    [
        ("2019-13-01", "2019-12-01", "--from"),
        ("2019-10-02", "2019-10-01", "in order"),
        ("2019-10-01", "2999-01-01", "future"),
    ],
)
def test_days_that_are_none_are_one_clear_line(place, capsys, first, last, hint):
    assert dispatch("ingest", COMMANDS, ["backfill", "--from", first, "--to", last]) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert hint in line


def test_a_list_without_feeds_is_said_to_be_empty(place, capsys):
    (place / "feeds.toml").write_text("", encoding="utf-8")
    assert dispatch("ingest", COMMANDS, ["backfill", "--from", "2019-10-01", "--to", "2019-10-02"]) == 2
    assert "no feed is listed" in capsys.readouterr().err


def test_bing_has_no_words_for_dates():
    day = date(2019, 10, 25)
    assert dated_search("https://www.bing.com/news/search?q=blockchain&format=rss", day, day) is None
    assert dated_search("https://daily.example/feed", day, day) is None
