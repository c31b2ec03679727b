"""When a feed is asked again, and how: pure functions over what is known of it. No clock, no network, no store.

The rules follow the field knowledge of the feed collectors miniflux, reader and mediacloud/rss-fetcher.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ingest.model import FetchRequest, FetchResult

SHORTEST_MINUTES = 10.0
LONGEST_MINUTES = 24 * 60.0
FIRST_MINUTES = 60.0

SEEN_SHARE_AIMED_AT = 0.75
"""A poll that shows three quarters old items came in time: a burst can be four times as fast and nothing is lost."""

UNCONDITIONAL_AFTER = timedelta(days=1)
"""Some servers never change their ETag: once in this time the whole document is asked for."""

FAILURE_WEIGHTS = {
    # hard: asking again soon will not help
    "not_found": 1.0, "not_a_feed": 1.0, "refused_address": 1.0, "redirect_loop": 1.0, "gone": 1.0,
    # soft: somebody has to mend something, and may
    "server_error": 0.5, "parse_error": 0.5, "too_large": 0.5, "tls_error": 0.5,
    # temporary: the weather of the net
    "timeout": 0.25, "rate_limited": 0.25, "dns_error": 0.25, "connect_error": 0.25,
}  # fmt: skip
HARD = 1.0
SOFT = 0.5
DISABLED_AT = 8.0
"""Weighted failures at which a feed counts as disabled. Feeds do come back: it is still tried, rarely."""
DISABLED_INTERVAL = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class FeedState:
    """What is remembered of a feed between fetches: the health columns of table feeds."""

    url: str
    moved_to: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    status: str | None = None
    error: str | None = None
    failures: float = 0.0
    interval_minutes: float = FIRST_MINUTES
    last_checked: datetime | None = None
    last_success: datetime | None = None
    last_full: datetime | None = None
    last_new: datetime | None = None
    next_due: datetime | None = None
    ttl_minutes: float | None = None

    @property
    def gone(self) -> bool:
        """The server said that the feed is no more (410): it is never asked again under this address."""
        return self.status == "gone"

    @property
    def disabled(self) -> bool:
        return self.failures >= DISABLED_AT


@dataclass(frozen=True, slots=True)
class Content:
    """What the document of a fetch held: stored articles by kind, and the minutes it asks not to be polled within."""

    new: int = 0
    updated: int = 0
    seen: int = 0
    ttl_minutes: float | None = None


def is_due(state: FeedState, now: datetime, everything: bool = False) -> bool:
    """Whether to fetch the feed now; with `everything`, any feed that is not gone."""
    return not state.gone and (everything or state.next_due is None or state.next_due <= now)


def request_for(state: FeedState, now: datetime) -> FetchRequest:
    """The request to send: conditional, except now and then."""
    address = state.moved_to or state.url
    if state.last_full is None or now - state.last_full >= UNCONDITIONAL_AFTER:
        return FetchRequest(state.url, address, body_hash=state.body_hash)
    return FetchRequest(state.url, address, state.etag, state.last_modified, state.body_hash)


def after(state: FeedState, result: FetchResult, content: Content) -> FeedState:
    """The state after a fetch. A failure keeps all that is known of the last good answer."""
    state = replace(state, status=result.status, error=result.error, last_checked=result.started_at)
    if result.error is not None:
        return _after_failure(state, result)
    return _after_success(state, result, content)


def _after_success(state: FeedState, result: FetchResult, content: Content) -> FeedState:
    interval = _adapted(state, content)
    # An answer without a document leaves what the last one asked for in force.
    ttl = state.ttl_minutes if result.status in ("not_modified", "unchanged") else content.ttl_minutes
    hints = [minutes for minutes in (result.fresh_minutes, ttl) if minutes]
    wait = timedelta(minutes=_within_bounds(max([interval, *hints])))
    started = result.started_at
    changed = replace(
        state,
        moved_to=result.moved_to or state.moved_to,
        etag=result.etag or (state.etag if result.status == "not_modified" else None),
        last_modified=result.last_modified or (state.last_modified if result.status == "not_modified" else None),
        body_hash=result.body_hash or state.body_hash,
        failures=0.0,
        interval_minutes=interval,
        last_success=started,
        last_full=state.last_full if result.status == "not_modified" else started,
        last_new=started if content.new else state.last_new,
        ttl_minutes=ttl,
    )
    return replace(changed, next_due=max(filter(None, (started + wait, result.retry_at))))


def _after_failure(state: FeedState, result: FetchResult) -> FeedState:
    weight = FAILURE_WEIGHTS.get(result.status, SOFT)
    failures = state.failures + weight
    wait = timedelta(minutes=_within_bounds(SHORTEST_MINUTES * 2**failures))
    if failures >= DISABLED_AT:
        wait = DISABLED_INTERVAL
    next_due = max(filter(None, (result.started_at + wait, result.retry_at)))
    moved_to = None if weight == HARD else state.moved_to
    return replace(state, failures=failures, next_due=next_due, moved_to=moved_to)


def _adapted(state: FeedState, content: Content) -> float:
    """The polling interval that would have shown SEEN_SHARE_AIMED_AT of old items, reached in steps."""
    if state.last_success is None:
        return state.interval_minutes  # everything is new the first time: that says nothing
    shown = content.new + content.updated + content.seen
    share = (content.seen + content.updated) / shown if shown else 1.0
    return _within_bounds(state.interval_minutes * 2 ** ((share - SEEN_SHARE_AIMED_AT) / (1 - SEEN_SHARE_AIMED_AT)))


def _within_bounds(minutes: float) -> float:
    return min(max(minutes, SHORTEST_MINUTES), LONGEST_MINUTES)
