"""Who published it: well-known outlets by domain and by name.

`outlets.csv` has one outlet a row: name for readers, group, domains (a first path segment tells editions apart:
`bbc.com/zhongwen`), other names separated by `|`.
"""

import csv
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from ingest import urls
from ingest.model import Article, Feed

OUTLETS_FILE = Path(__file__).with_name("outlets.csv")


@dataclass(frozen=True, slots=True)
class Outlet:
    """A known outlet: its name for readers and its group (`ingest.model.GROUPS`)."""

    name: str
    group: str


@lru_cache(maxsize=4096)
def by_host(host: str, section: str = "") -> Outlet | None:
    """The outlet that a host, or the domain it belongs to, is known for; `section` is the first segment of a path."""
    labels = host.lower().removeprefix("www.").split(".")
    for start in range(max(len(labels) - 1, 1)):
        domain = ".".join(labels[start:])
        if found := _known()[0].get(f"{domain}/{section}") or _known()[0].get(domain):
            return found
    return None


@lru_cache(maxsize=4096)
def by_name(name: str) -> Outlet | None:
    """The outlet known under a name, however it is cased, spaced and suffixed (`Coindesk`, `coindesk.com`)."""
    return _known()[1].get(_folded(name)) or (by_host(name.strip().lower()) if "." in name else None)


def by_url(url: str | None) -> Outlet | None:
    """The outlet behind an address; None for an aggregator's address, which stands for another outlet."""
    if not url or urls.is_aggregator(url):
        return None
    return by_host(urls.host(url), urlsplit(url).path.lstrip("/").partition("/")[0])


def groups(articles: Iterable[Article], feed: Feed) -> dict[str, str]:
    """Outlet → group for the articles of a feed: the feed's own, or those that are known."""
    if feed.outlet is not None:
        return {feed.outlet: feed.group}
    names = {article.outlet for article in articles}
    return {name: known.group for name in names if (known := by_name(name))}


@cache
def _known() -> tuple[dict[str, Outlet], dict[str, Outlet]]:
    hosts: dict[str, Outlet] = {}
    names: dict[str, Outlet] = {}
    with OUTLETS_FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            outlet = Outlet(row["outlet"], row["group"])
            for domain in row["domains"].split():
                hosts[domain] = outlet
            for name in [row["outlet"], *row["aliases"].split("|")]:
                if name:
                    names.setdefault(_folded(name), outlet)
    return hosts, names


def _folded(name: str) -> str:
    folded = "".join(c for c in unicodedata.normalize("NFKC", name).casefold() if c.isalnum())
    return folded.removeprefix("the") or folded
