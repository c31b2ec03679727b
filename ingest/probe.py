"""Look at addresses without storing anything: is there a feed, or a page that announces one?"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain

from ingest.discovery import feed_links
from ingest.errors import NotAFeedError
from ingest.fetch import Settings, fetch_all
from ingest.model import Feed, FetchRequest, FetchResult
from ingest.parse import ParsedFeed, parse


@dataclass(frozen=True, slots=True)
class Finding:
    """What is at an address. `document` is None unless it is a feed; `announced` are the feeds of a page."""

    feed: Feed
    status: str
    error: str | None
    ms: int
    document: ParsedFeed | None = None
    announced: tuple[str, ...] = ()

    @property
    def newest(self) -> datetime | None:
        times = [article.published for article in self.document.articles] if self.document else []
        return max(filter(None, times), default=None)


def probe(feeds: Sequence[Feed], settings: Settings) -> list[Finding]:
    """Fetch and read every one of `feeds`, in their order."""
    by_url = {feed.url: feed for feed in feeds}
    requests = [FetchRequest(url, url) for url in by_url]
    results = {result.url: result for result in chain.from_iterable(fetch_all(requests, settings))}
    return [_look(feed, results[url]) for url, feed in by_url.items()]


def find_feed(feed: Feed, settings: Settings) -> Finding:
    """The feed at `feed.url`, or the first one that the page there announces."""
    [finding] = probe([feed], settings)
    for url in finding.announced:
        [announced] = probe([replace(feed, url=url)], settings)
        if announced.document:
            return replace(announced, announced=finding.announced)
    return finding


def _look(feed: Feed, result: FetchResult) -> Finding:
    if result.body is None:
        return Finding(feed, result.status, result.error, result.ms)
    address = result.address or feed.url
    try:
        document = parse(result.body, feed, content_type=result.content_type, url=address, now=result.started_at)
    except NotAFeedError as error:
        announced = tuple(feed_links(result.body, address))
        return Finding(feed, error.status, str(error), result.ms, announced=announced)
    return Finding(feed, result.status if document.entries else "empty", None, result.ms, document)
