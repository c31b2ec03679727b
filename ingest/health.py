"""How each feed is doing, in one word and a few figures: what `feeds list` prints and the dashboard shows.

    new        never asked yet              failing    the last fetch failed
    well       it brings what it used to    disabled   it failed so often that it is tried once a week
    silent     it answers, but with less    gone       the server said that it is no more
               than chance would explain    stale      its newest item is years old

Of a feed that is not subscribed to (any more) the table of all feeds says `unsubscribed`, and nothing else.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

import pandas as pd

from ingest import feedstates
from ingest.model import Feed
from ingest.schedule import FeedState
from ingest.store import Reading, Store

RECENT = timedelta(days=7)
USUAL = timedelta(days=90)
"""A feed's own usual pace is measured over this time before the recent days."""
SILENT_AFTER_EXPECTED = 8.0
"""At a steady pace, the odds of seeing nothing where 8 articles are usual are 1 in 3,000 (Poisson)."""
STALE_AFTER = timedelta(days=365)


FRAME_COLUMNS = (
    "name", "url", "outlet", "group", "language", "subscribed", "health", "status", "error", "failures",
    "interval_minutes", "last_checked", "last_success", "last_new", "next_due", "n_articles", "newest", "per_day",
    "usual_per_day",
)  # fmt: skip
_TIMES = ("last_checked", "last_success", "last_new", "next_due", "newest")


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


class _Brought(NamedTuple):
    """What a feed has shown: how many articles, the newest, and of the last months how many lately and before."""

    articles: int
    newest: datetime | None
    recent: int
    before: int
    earliest: datetime | None


def feed_health(store: Store, feeds: Sequence[Feed], now: datetime) -> list[FeedHealth]:
    """The health of each of `feeds`, in their order, as of `now`."""
    with store.reading() as reading:
        states, brought = feedstates.load(reading), _brought(reading, now)
    return [_health(feed, states.get(feed.url, FeedState(feed.url)), brought.get(feed.url), now) for feed in feeds]


def frame(store: Store, now: datetime) -> pd.DataFrame:
    """FRAME_COLUMNS of every feed the store knows, those subscribed to first, by name.

    Times are UTC, a pace that is not known is missing. Nobody subscribes to the sample's feeds.
    """
    subscribed = dict(feedstates.known_feeds(store))
    rows = [
        asdict(each.feed)
        | asdict(each.state)
        | {name: getattr(each, name) for name in ("newest", "per_day", "usual_per_day")}
        | {"subscribed": subscribed[each.feed], "n_articles": each.articles}
        | {"health": each.health if subscribed[each.feed] else "unsubscribed"}
        for each in feed_health(store, list(subscribed), now)
    ]
    found = pd.DataFrame(rows, columns=list(FRAME_COLUMNS))
    times = {name: pd.to_datetime(found[name], utc=True) for name in _TIMES}
    return found.assign(**times, usual_per_day=found["usual_per_day"].astype("float64"))


def _brought(reading: Reading, now: datetime) -> dict[str, _Brought]:
    """What each feed has shown. Only the articles of the last months are looked at where a feed has any."""
    counted = dict(reading.rows("SELECT feed_url, count(*) FROM sightings GROUP BY feed_url"))
    lately = {row[0]: row[1:] for row in reading.rows(_LATELY, {"recent": now - RECENT, "usual": now - RECENT - USUAL})}
    lately = {url: lately.get(url, (None, 0, 0, None)) for url in counted}
    older = dict(reading.rows(_NEWEST, [[url for url, (newest, *_) in lately.items() if newest is None]]))
    return {url: _Brought(counted[url], newest or older.get(url), *rest) for url, (newest, *rest) in lately.items()}


_LATELY = """
    SELECT feed_url, max(published), sum(CASE WHEN shown >= $recent THEN 1 ELSE 0 END),
           sum(CASE WHEN shown < $recent THEN 1 ELSE 0 END), min(shown)
    FROM (SELECT s.feed_url, a.published, COALESCE(a.published, s.first_seen) AS shown
          FROM sightings s JOIN articles a ON a.id = s.article_id
          WHERE a.published >= $usual OR (a.published IS NULL AND s.first_seen >= $usual)) shown_by_feed
    GROUP BY feed_url
"""

_NEWEST = """
    SELECT s.feed_url, max(a.published) FROM sightings s JOIN articles a ON a.id = s.article_id
    WHERE s.feed_url IN (SELECT unnest(?)) GROUP BY s.feed_url
"""


def _health(feed: Feed, state: FeedState, brought: _Brought | None, now: datetime) -> FeedHealth:
    if brought is None:
        return FeedHealth(feed, state, _word(state, None, None, now))
    days = (now - RECENT - brought.earliest) / timedelta(days=1) if brought.earliest else 0
    usual = brought.before / max(days, 1.0) if brought.before else None
    word = _word(state, brought.newest, usual, now)
    return FeedHealth(feed, state, word, brought.articles, brought.newest, brought.recent / RECENT.days, usual)


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
