"""robots.txt: whom it keeps from what, on loopback under names that lead there."""

import time
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import past, robots, turns
from ingest.fetch import Settings, fetch_all
from ingest.model import Feed, FetchRequest
from ingest.robots import LONGEST_DELAY_SECONDS, Robots
from ingest.store import open_store
from ingest.update import collect
from tests.loopback import RSS, hanging, page, serving

BY_NAME = b"User-agent: Lianwatch\nDisallow: /feed\n"
TO_ALL = b"User-agent: *\nDisallow: /\n"


async def here(host: str, port: int) -> list[str]:
    return ["127.0.0.1"]


@pytest.fixture
def server():
    with serving() as server:
        server.base = server.base.replace("127.0.0.1", "daily.example")
        server.answers |= {"/feed": page(200, RSS), "/other": page(200, RSS)}
        yield server


def statuses(server, *paths, known=None, crawling=False):
    settings = Settings(5, True, resolve=here, robots=Robots(known or {}, crawling))
    requests = [FetchRequest(server.base + path, server.base + path) for path in paths]
    found = {result.url: result.status for result in chain.from_iterable(fetch_all(requests, settings))}
    return [found[request.url] for request in requests]


def test_a_feed_is_not_asked_where_its_host_names_this_program(server):
    server.answers["/robots.txt"] = page(200, BY_NAME)
    assert statuses(server, "/feed", "/other") == ["refused_address", "ok"]
    assert (len(server.asked["/robots.txt"]), len(server.asked["/feed"])) == (1, 0)


def test_what_is_said_to_all_programs_keeps_crawlers_but_not_from_a_subscribed_feed(server):
    server.answers["/robots.txt"] = page(200, TO_ALL)
    assert statuses(server, "/feed") == ["ok"]
    assert statuses(server, "/feed", crawling=True) == ["refused_address"]


@pytest.mark.parametrize("answer", [page(404), page(500), page(200, b"\x00<html>"), page(200, b""), hanging])
def test_a_robots_txt_that_is_absent_broken_or_slow_allows_everything(server, monkeypatch, answer):
    monkeypatch.setattr(robots, "PATIENCE_SECONDS", 0.2)
    server.answers["/robots.txt"] = answer
    assert statuses(server, "/feed", crawling=True) == ["ok"]


def test_a_delay_is_heeded_between_requests_to_a_host(server, monkeypatch):
    monkeypatch.setattr(turns, "SPACING_SECONDS", 0)
    server.answers["/robots.txt"] = page(200, b"User-agent: *\nCrawl-delay: 0.4\n")
    started = time.monotonic()
    assert statuses(server, "/feed", "/other") == ["ok", "ok"]
    assert time.monotonic() - started > 0.4


def test_a_delay_is_bounded():
    rules = Robots({"https://daily.example": "User-agent: *\nCrawl-delay: 3600\n"})
    assert rules.delay("https://daily.example/feed") == LONGEST_DELAY_SECONDS
    assert rules.delay("https://other.example/feed") == 0


def test_a_host_is_asked_once_a_day(server, tmp_path):
    store, settings = open_store(str(tmp_path / "s.duckdb")), Settings(5, True, resolve=here)
    feed = Feed(server.base + "/feed", "D", "D", "other", "en", "UTC")
    server.answers["/robots.txt"] = page(200, BY_NAME)
    for _ in range(2):
        [outcome] = collect(store, [feed], settings, everything=True)
        assert (outcome.status, "robots.txt" in outcome.error) == ("refused_address", True)
    assert len(server.asked["/robots.txt"]) == 1
    with store.transaction() as tx:
        tx.execute("UPDATE robots SET asked_at = asked_at - INTERVAL '25 hours'")
    collect(store, [feed], settings, everything=True)
    assert len(server.asked["/robots.txt"]) == 2


def test_a_backfill_asks_a_forbidden_place_neither_once_nor_again(server, monkeypatch):
    monkeypatch.setattr(past, "PAUSE_SECONDS", 0)
    server.answers["/robots.txt"] = page(200, TO_ALL)
    result = past.ask(server.base + "/feed", Settings(5, True, resolve=here, robots=Robots({}, crawling=True)))
    assert result.status == "refused_address"
    assert not server.asked["/feed"]


LINES = st.sampled_from(
    ["User-agent: *", "user-agent:Lianwatch", "Disallow: /", "Allow: /*a*a*a*$", "Crawl-delay: nan", "Crawl-delay: -1",
     "Disallow: %zz", "Disallow: http://[", "Sitemap: x", "Request-rate: 1/0", "\ufeff", "#"]
)  # fmt: skip


@given(st.lists(LINES | st.text(max_size=8), max_size=12).map("\n".join), st.text(max_size=20))
def test_any_robots_txt_is_understood_somehow(text, path):
    rules = Robots({"https://daily.example": text}, crawling=True)
    assert rules.forbids(f"https://daily.example/{path}") in (True, False)
    assert 0 <= rules.delay("https://daily.example/") <= LONGEST_DELAY_SECONDS
