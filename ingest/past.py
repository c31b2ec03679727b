"""Where the past of a feed can be asked for: dated windows of search feeds, and archived copies.

Services for free, so every request waits its turn and heeds what the service says about coming again.
"""

import json
import os
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from ingest.addresses import is_own_machine
from ingest.errors import LianwatchError
from ingest.fetch import Settings, fetch_all
from ingest.model import Feed, FetchRequest, FetchResult

ARCHIVE = "https://web.archive.org"
WINDOW_DAYS = 7
LIST_PAGE = 5000
PAUSE_SECONDS = 1.5
"""Between two requests to the same service, which is somebody else's."""
LONGEST_WAIT_SECONDS = 120
TRIES = 3
ANSWERED = {"ok", "moved", "unchanged", "empty", "not_found", "gone", "not_a_feed", "parse_error", "too_large"}
"""Statuses after which asking again would bring the same."""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a feed's past: its name in the store, where to ask, and the time the answer speaks for."""

    via: str
    feed: Feed
    name: str
    address: str
    text_at: datetime | None = None
    days: tuple[date, date] | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        return self.via, self.feed.url, self.name


def search_parts(feeds: Sequence[Feed], start: date, end: date) -> list[Part]:
    """Windows of the search feeds that understand dates, oldest first."""
    able = [feed for feed in feeds if feed.outlet is None and dated_search(feed.url, start, end)]
    days = range(0, (end - start).days + 1, WINDOW_DAYS)
    firsts = [start + timedelta(days=offset) for offset in days]
    windows = [(first, min(first + timedelta(days=WINDOW_DAYS - 1), end)) for first in firsts]
    return [_window(feed, *window) for feed in able for window in windows]


def dated_search(url: str, first: date, last: date) -> str | None:
    """The search feed's address asking for these days only; None where it has no query in which to say so.

    Bing's search has no words for dates.
    """
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    if "q" not in query or (parts.hostname or "").endswith("bing.com"):
        return None
    words = [word for word in query["q"].split() if not re.match(r"(when|after|before):", word)]
    query["q"] = " ".join([*words, f"after:{first}", f"before:{last + timedelta(days=1)}"])
    return urlunsplit(parts._replace(query=urlencode(query)))


def wayback_parts(feeds: Sequence[Feed], start: date, end: date, settings: Settings) -> Iterator[Part]:
    """Archived copies of the feeds between two days: one a day, none with the same content as the one before."""
    for feed in feeds:
        last_digest = None
        for stamp, original, digest in _copies(feed.url, start, end, settings):
            taken = _time_of(stamp)
            if digest == last_digest or not taken:
                continue
            last_digest = digest
            yield Part("wayback", feed, stamp, f"{_archive()}/web/{stamp}id_/{original}", taken)


def _time_of(stamp: str) -> datetime | None:
    """When a copy was taken; None where the list says no such time (its first line names the columns)."""
    try:
        return datetime.strptime(stamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def _archive() -> str:
    return (os.environ.get("LIANWATCH_ARCHIVE") or ARCHIVE).rstrip("/")


def _copies(url: str, start: date, end: date, settings: Settings) -> Iterator[tuple[str, str, str]]:
    listing = (
        f"{_archive()}/cdx/search/cdx?url={quote(url, safe='')}&from={start:%Y%m%d}&to={end:%Y%m%d}235959&output=json"
        f"&fl=timestamp,original,digest&filter=statuscode:200&collapse=timestamp:8&limit={LIST_PAGE}&showResumeKey=true"
    )
    resume = ""
    while True:
        result = ask(listing + (f"&resumeKey={quote(resume)}" if resume else ""), settings)
        if result.body is None:
            raise LianwatchError(f"the archive's list cannot be read: {result.status}: {result.error}")
        try:
            rows = [tuple(map(str, row)) for row in json.loads(result.body or b"[]")]
        except (ValueError, TypeError):
            raise LianwatchError("the archive's list cannot be read: not the JSON it promises") from None
        yield from (row for row in rows if len(row) == 3)
        resume = rows[-1][0] if rows and len(rows[-1]) == 1 else ""
        if not resume:
            return


def _window(feed: Feed, first: date, last: date) -> Part:
    return Part("search", feed, f"{first}/{last}", dated_search(feed.url, first, last) or feed.url, days=(first, last))


def halves(part: Part) -> list[Part]:
    """The window of a search in two, the first with the odd day; one of a single day cannot be halved."""
    first, last = part.days
    middle = first + (last - first) // 2
    return [_window(part.feed, first, middle), _window(part.feed, middle + timedelta(days=1), last)]


def ask(address: str, settings: Settings) -> FetchResult:
    """Fetch one address, politely: after a pause, and again when asked to wait or when nothing came."""
    pause = 0 if is_own_machine(urlsplit(address).hostname or "") else PAUSE_SECONDS
    if settings.robots:
        pause = max(pause, settings.robots.delay(address))
    for attempt in range(1, TRIES + 1):
        time.sleep(pause)
        [[result]] = fetch_all([FetchRequest(address, address)], settings)
        if result.status in ANSWERED or result.status == "refused_address" or attempt == TRIES:
            break
        wait = (result.retry_at - result.started_at).total_seconds() if result.retry_at else pause * 2**attempt
        time.sleep(min(wait, LONGEST_WAIT_SECONDS))
    return result
