"""What the store remembers of each feed and its host: rows of tables feeds, fetches and robots, read and written."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import datetime, timedelta

from ingest.model import Feed
from ingest.schedule import FeedState
from ingest.store import Reading, Store, Transaction

FEED_FIELDS = tuple(field.name for field in fields(Feed))
STATE_COLUMNS = tuple(field.name for field in fields(FeedState))
FETCHES_KEPT_WHOLE = timedelta(days=30)
FETCHES_KEPT = timedelta(days=3 * 365)
ROBOTS_FRESH = timedelta(days=1)


def load(store: Store | Reading) -> dict[str, FeedState]:
    """What is known of each feed, by its URL."""
    rows = store.rows(f"SELECT {', '.join(STATE_COLUMNS)} FROM feeds")
    return {row[0]: FeedState(*row) for row in rows}


def known_feeds(store: Store) -> list[tuple[Feed, bool]]:
    """Every feed the store knows, and whether it is subscribed to now; those first, by name."""
    columns = ", ".join("group_id" if name == "group" else name for name in FEED_FIELDS)
    rows = store.rows(f"SELECT {columns}, subscribed FROM feeds ORDER BY subscribed DESC, name, url")
    return [(Feed(*row[:-1]), row[-1]) for row in rows]


def forget(store: Store, urls: Iterable[str]) -> None:
    """Note that feeds left the subscription, so that one that comes back starts afresh."""
    with store.transaction() as tx:
        for url in urls:
            tx.execute("UPDATE feeds SET subscribed = FALSE WHERE url = ?", [url])


def subscribe(store: Store, feeds: Sequence[Feed]) -> None:
    """Bring table feeds in line with the subscription. Feeds that left it keep their row, their health and articles.

    Writes only where something differs. A feed that comes back to the subscription starts afresh, so that even one
    that was gone is asked again.
    """
    columns = ("url", "name", "outlet", "group_id", "language", "timezone", "sample", "subscribed")
    with store.reading() as reading:
        stored = {row[0]: row for row in reading.rows(f"SELECT {', '.join(columns)} FROM feeds WHERE NOT sample")}
        states = load(reading)
    wanted = {feed.url: tuple(_feed_columns(feed, subscribed=True)[name] for name in columns) for feed in feeds}
    changed = [feed for feed in feeds if stored.get(feed.url) != wanted[feed.url]]
    left = [url for url, row in stored.items() if url not in wanted and row[-1]]
    if not changed and not left:
        return
    known = {url: state for url, state in states.items() if url in stored and stored[url][-1]}
    with store.transaction() as tx:
        save(tx, ((feed, known.get(feed.url, FeedState(feed.url))) for feed in changed), subscribed=True)
        for url in left:
            tx.execute("UPDATE feeds SET subscribed = FALSE WHERE url = ?", [url])


def save(tx: Transaction, states: Iterable[tuple[Feed, FeedState]], *, subscribed: bool) -> None:
    """Store feeds with their states; `subscribed`: whether they are in the feed list now."""
    tx.upsert("feeds", [_feed_columns(feed, subscribed) | _state_columns(state) for feed, state in states], key=["url"])


def log(tx: Transaction, fetches: Sequence[Mapping]) -> None:
    """Add rows of the table `fetches`."""
    tx.upsert("fetches", fetches, key=["feed_url", "started_at"])


def trim_log(store: Store, now: datetime) -> None:
    """Bound the fetch log: of each older day only a feed's first success is kept, of very old ones nothing."""
    whole, oldest = now - FETCHES_KEPT_WHOLE, now - FETCHES_KEPT
    kept = """
        SELECT feed_url, min(started_at) FROM fetches
        WHERE started_at >= ? AND (started_at < ? AND error IS NULL)
        GROUP BY feed_url, CAST(started_at AS DATE)
    """
    superfluous = f"started_at < ? AND (feed_url, started_at) NOT IN ({kept})"
    parameters = [whole, oldest, whole]
    if store.rows(f"SELECT 1 FROM fetches WHERE {superfluous} LIMIT 1", parameters):
        with store.transaction() as tx:
            tx.execute(f"DELETE FROM fetches WHERE {superfluous}", parameters)


def load_robots(store: Store | Reading, now: datetime) -> dict[str, str]:
    """What hosts said in robots.txt within the last day: origin → text."""
    return dict(store.rows("SELECT origin, text FROM robots WHERE asked_at > ?", [now - ROBOTS_FRESH]))


def save_robots(store: Store, fetched: Mapping[str, str], now: datetime) -> None:
    """Keep what hosts say: origin (`https://host`) → text of its robots.txt."""
    if fetched:
        with store.transaction() as tx:
            rows = [{"origin": origin, "asked_at": now, "text": text} for origin, text in fetched.items()]
            tx.upsert("robots", rows, key=["origin"])


def _feed_columns(feed: Feed, subscribed: bool) -> dict:
    columns = {name: getattr(feed, name) for name in FEED_FIELDS}
    return columns | {"group_id": columns.pop("group"), "subscribed": subscribed}


def _state_columns(state: FeedState) -> dict:
    return {name: getattr(state, name) for name in STATE_COLUMNS}
