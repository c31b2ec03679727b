"""What hosts ask of programs in robots.txt, read by Protego (Scrapy's parser) and asked for once a host and day.

A subscribed feed is published to be polled: only a host that names this program keeps it from a feed. Search windows
and archived copies are crawled: there the rules for all programs count. A robots.txt that is absent, broken or slow
allows everything.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from functools import lru_cache
from urllib.parse import urlsplit

NAME = "Lianwatch"
LONGEST_DELAY_SECONDS = 10.0
"""A Crawl-delay beyond this is capped: a feed is one small request, and its polls are ten minutes apart or more."""

MAX_BYTES = 500 * 1024
"""As much as RFC 9309 asks every crawler to read."""
PATIENCE_SECONDS = 5.0

_NAMED = re.compile(rf"^\s*user-agent\s*:\s*{NAME}\b", re.I | re.M)


class Robots:
    """The files of the hosts of one run: those `known` already (origin → text), and those it asks for, in `fetched`.

    `crawling`: heed what is said to all programs, not only what is said to this one by name.
    """

    def __init__(self, known: Mapping[str, str], crawling: bool = False) -> None:
        self.fetched: dict[str, str] = {}
        self._known = dict(known)
        self._crawling = crawling
        self._asking: dict[str, asyncio.Lock] = {}

    async def ask(self, url: str, fetch: Callable[[str], Awaitable[str]]) -> None:
        """Make the file of the address's host known; `fetch` returns the text at an address, empty without one."""
        origin = origin_of(url)
        if not origin or origin in self._known:
            return
        async with self._asking.setdefault(origin, asyncio.Lock()):
            if origin not in self._known:
                self._known[origin] = self.fetched[origin] = await fetch(f"{origin}/robots.txt")

    def forbids(self, url: str) -> bool:
        """Whether the host asks this program not to fetch the address."""
        text = self._known.get(origin_of(url), "")
        if not text or not (self._crawling or _NAMED.search(text)):
            return False
        return not _rules(text).can_fetch(url, NAME)

    def delay(self, url: str) -> float:
        """Seconds between two requests that the host asks for, at most LONGEST_DELAY_SECONDS; 0 where it does not."""
        text = self._known.get(origin_of(url), "")
        return min(_rules(text).crawl_delay(NAME) or 0.0, LONGEST_DELAY_SECONDS) if text else 0.0


def origin_of(url: str) -> str:
    """Scheme, host and port of a web address; empty for any other."""
    try:
        parts = urlsplit(url)
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2].lower()}" if parts.hostname else ""
    except ValueError:
        return ""


@lru_cache(maxsize=256)
def _rules(text: str):
    from protego import Protego

    return Protego.parse(text)
