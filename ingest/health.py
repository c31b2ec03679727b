"""How each feed of the subscription is doing, in one word and a few figures: what `feeds list` prints.

    new        never asked yet              failing    the last fetch failed
    well       it brings what it used to    disabled   it failed so often that it is tried once a week
    silent     it answers, but with less    gone       the server said that it is no more
               than chance would explain    stale      its newest item is years old
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ingest import feedstates
from ingest.model import Feed
from ingest.schedule import FeedState
from ingest.store import Store

RECENT = timedelta(days=7)
USUAL = timedelta(days=90)
"""A feed's own usual pace is measured over this time before the recent days."""
SILENT_AFTER_EXPECTED = 8.0
"""At a steady pace, the odds of seeing nothing where 8 articles are usual are 1 in 3,000 (Poisson)."""
STALE_AFTER = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class FeedHealth:
    """A feed's state with what it brought: `per_day` over the last 7 days, `usual_per_day` over the 90 before.

    `usual_per_day` is None where nothing is known from that time; `newest` is the latest time of publication.
    """

    feed: Feed
    state: FeedState
    health: str
    articles: int = 0
    newest: datetime | None = None
    per_day: float = 0.0
    usual_per_day: float | None = None


def feed_health(store: Store, feeds: Sequence[Feed], now: datetime) -> list[FeedHealth]:
    """The health of each of `feeds`, in their order, as of `now`."""
    states = feedstates.load(store)
    brought = {row[0]: row[1:] for row in store.rows(_BROUGHT, _periods(now))}
    return [_health(feed, states.get(feed.url, FeedState(feed.url)), brought.get(feed.url), now) for feed in feeds]


_BROUGHT = """
    SELECT feed_url, count(*), max(published),
           sum(CASE WHEN shown >= $recent THEN 1 ELSE 0 END),
           sum(CASE WHEN shown >= $usual AND shown < $recent THEN 1 ELSE 0 END),
           min(CASE WHEN shown >= $usual THEN shown END)
    FROM (SELECT s.feed_url, a.published, COALESCE(a.published, s.first_seen) AS shown
          FROM sightings s JOIN articles a ON a.id = s.article_id) shown_by_feed
    GROUP BY feed_url
"""


def _periods(now: datetime) -> dict[str, datetime]:
    return {"recent": now - RECENT, "usual": now - RECENT - USUAL}


def _health(feed: Feed, state: FeedState, brought: tuple | None, now: datetime) -> FeedHealth:
    if brought is None:
        return FeedHealth(feed, state, _word(state, None, None, now))
    articles, newest, recent, before, earliest = brought
    days = (now - RECENT - earliest) / timedelta(days=1) if earliest else 0
    usual = before / max(days, 1.0) if before else None
    return FeedHealth(feed, state, _word(state, newest, usual, now), articles, newest, recent / RECENT.days, usual)


def _word(state: FeedState, newest: datetime | None, usual: float | None, now: datetime) -> str:
    if state.gone:
        return "gone"
    if state.disabled:
        return "disabled"
    if state.last_checked is None:
        return "new"
    if state.error:
        return "failing"
    if newest and now - newest > STALE_AFTER:
        return "stale"
    if newest and usual and usual * ((now - newest) / timedelta(days=1)) > SILENT_AFTER_EXPECTED:
        return "silent"
    return "well"
