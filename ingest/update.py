"""One round of collecting: every feed that is due is fetched, read and stored, and told when it is due again.

    states ─ schedule.request_for ─► fetch ─► parse ─► upsert
       └──────── schedule.after ◄─────┴────────┴── what came
"""

import gc
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from ingest import feedstates, fetch, schedule, unparsed
from ingest.errors import NotAFeedError
from ingest.model import Feed, FetchResult
from ingest.parse import ParsedFeed, parse
from ingest.robots import Robots
from ingest.schedule import Content, FeedState
from ingest.store import Store
from ingest.turns import OUT_OF_REACH
from ingest.upsert import Counts, Showing, store_showings

BATCH = 200
"""Feeds stored in one transaction: of 5,000 articles it takes well under half a second, for which readers wait."""

OBJECTS_A_SEARCH = 50_000
"""Objects made between two searches for garbage, instead of 700: what is read and stored here is freed without one, and
going through all that is loaded took a twelfth of a round."""

OFFLINE_FROM = 3
"""When so many feeds were tried and none could be reached, that is this machine's failure and not theirs."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a feed fared in a round. `dropped` counts entries that held nothing to store."""

    feed: str
    url: str
    status: str
    http_status: int | None
    new: int
    updated: int
    seen: int
    dropped: int
    ms: int
    error: str | None


def outcome_of(feed: str, url: str, result: FetchResult, document: ParsedFeed | None, counts: Counts) -> Outcome:
    """What became of a fetch, its document (None: unread or unreadable) and its articles."""
    dropped = len(document.problems) if document else 0
    return Outcome(
        feed, url, result.status, result.http_status,
        counts.new, counts.updated, counts.seen, dropped, result.ms, result.error,
    )  # fmt: skip


def collect(
    store: Store,
    feeds: Sequence[Feed],
    settings: fetch.Settings,
    *,
    everything: bool = False,
    stop: threading.Event | None = None,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> list[Outcome]:
    """Fetch and store the feeds that are due (`everything`: all but those that are gone).

    Results are stored as they come. `stop` ends the round early; what was stored stays. `progress` hears how many of
    how many feeds are done.
    """
    feedstates.subscribe(store, feeds)
    now, stop = datetime.now(UTC), stop or threading.Event()
    with store.reading() as reading:
        known, robots = feedstates.load(reading), Robots(feedstates.load_robots(reading, now))
    settings = replace(settings, robots=robots)
    due = {feed.url: feed for feed in feeds if schedule.is_due(known[feed.url], now, everything)}
    ended = [_ended(feed) for feed in feeds if everything and known[feed.url].gone]
    outcomes: list[Outcome] = []
    progress(0, len(due))
    waiting = set(due)
    while waiting and not stop.is_set():
        with store.claim(waiting) as claimed:
            if not claimed:
                break  # others are at work on the rest
            waiting -= claimed
            if store.lock_file is None:
                known = feedstates.load(store)  # as other collectors left it
            mine = [due[url] for url in due if url in claimed and _is_left(known[url], now, everything)]
            for stored in _collect(store, mine, known, settings, now, stop):
                outcomes += stored
                progress(len(outcomes), len(due))
                if stop.is_set():
                    break
    feedstates.save_robots(store, robots.fetched, now)
    feedstates.trim_log(store, now)
    return ended + outcomes


def _is_left(state: FeedState, began: datetime, everything: bool) -> bool:
    """Whether no other collector has fetched the feed since the round began."""
    fetched = state.last_checked is not None and state.last_checked >= began
    return schedule.is_due(state, began, everything) and not fetched


def _collect(
    store: Store,
    feeds: Sequence[Feed],
    states: Mapping[str, FeedState],
    settings: fetch.Settings,
    now: datetime,
    stop: threading.Event,
) -> Iterator[list[Outcome]]:
    by_url = {feed.url: feed for feed in feeds}
    requests = [schedule.request_for(states[url], now) for url in by_url]
    outcomes: list[Outcome] = []
    for results in _batches(fetch.fetch_all(requests, settings, stop)):
        with _few_searches_for_garbage():
            stored = _store(store, [(by_url[result.url], states[result.url], result) for result in results])
        outcomes += stored
        yield stored
    if seems_offline(outcomes):
        _forgive(store, by_url, states)


@contextmanager
def _few_searches_for_garbage() -> Iterator[None]:
    usual = gc.get_threshold()
    gc.set_threshold(OBJECTS_A_SEARCH, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def seems_offline(outcomes: Sequence[Outcome]) -> bool:
    """Whether a round failed for want of a network, which says nothing about the feeds."""
    return len(outcomes) >= OFFLINE_FROM and all(outcome.status in OUT_OF_REACH for outcome in outcomes)


def _batches(arrivals: Iterator[list[FetchResult]]) -> Iterator[list[FetchResult]]:
    for results in arrivals:
        for start in range(0, len(results), BATCH):
            yield results[start : start + BATCH]


@dataclass(frozen=True, slots=True)
class _Read:
    """A fetch with its document read, ready to be stored."""

    feed: Feed
    state: FeedState
    result: FetchResult
    document: ParsedFeed | None


def _store(store: Store, fetched: Sequence[tuple[Feed, FeedState, FetchResult]]) -> list[Outcome]:
    read = [_read(feed, state, result, store.folder / "unparsed") for feed, state, result in fetched]
    with store.transaction() as tx:
        counts = store_showings(tx, [_showing(each) for each in read], sample=False)
        outcomes = [
            outcome_of(each.feed.name, each.feed.url, each.result, each.document, count)
            for each, count in zip(read, counts, strict=True)
        ]
        after = [(each.feed, _state_after(each, count)) for each, count in zip(read, counts, strict=True)]
        feedstates.save(tx, after, subscribed=True)
        feedstates.log(tx, [_log_row(each, outcome) for each, outcome in zip(read, outcomes, strict=True)])
        if any(each.document for each in read):
            tx.stamp()
    return outcomes


def _read(feed: Feed, state: FeedState, result: FetchResult, folder: Path) -> _Read:
    if result.body is None:
        return _Read(feed, state, result, None)
    started = time.monotonic()
    document = None
    try:
        document = parse(result.body, feed, content_type=result.content_type, url=result.address, now=result.started_at)
        if not document.entries:
            result = replace(result, status="empty")
    except NotAFeedError as error:
        kept = unparsed.keep(folder, feed.url, result.body)
        where = f"kept as {folder.name}/{kept.name} beside the store"
        result = replace(result, status=error.status, error=f"{error} ({where})")
    milliseconds = result.ms + round((time.monotonic() - started) * 1000)
    return _Read(feed, state, replace(result, ms=milliseconds), document)


def _showing(read: _Read) -> Showing:
    articles, groups = (read.document.articles, read.document.groups) if read.document else ((), {})
    return Showing(read.feed.url, articles, groups, read.result.started_at)


def _state_after(read: _Read, counts: Counts) -> FeedState:
    ttl = read.document.ttl_minutes if read.document else None
    return schedule.after(read.state, read.result, Content(counts.new, counts.updated, counts.seen, ttl))


def _log_row(read: _Read, outcome: Outcome) -> Mapping:
    return {
        "feed_url": outcome.url,
        "started_at": read.result.started_at,
        "status": outcome.status,
        "http_status": outcome.http_status,
        "bytes": len(read.result.body) if read.result.body is not None else None,
        "new_count": outcome.new,
        "updated_count": outcome.updated,
        "seen_count": outcome.seen,
        "ms": outcome.ms,
        "error": outcome.error,
    }


def _ended(feed: Feed) -> Outcome:
    error = "gone (HTTP 410): never asked again; remove it, or add its new address"
    return Outcome(feed.name, feed.url, "disabled", None, 0, 0, 0, 0, 0, error)


def _forgive(store: Store, feeds: Mapping[str, Feed], states: Mapping[str, FeedState]) -> None:
    """Take back what a round without network did to the feeds' health, so that the next one tries them all."""
    with store.transaction() as tx:
        feedstates.save(tx, ((feed, states[url]) for url, feed in feeds.items()), subscribed=True)
