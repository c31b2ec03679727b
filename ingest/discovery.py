"""The feeds a web page announces in its head: `<link rel="alternate" type="application/rss+xml" href="...">`."""

from html.parser import HTMLParser
from urllib.parse import urljoin

from ingest.config import is_web_address

FEED_TYPES = {"application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json"}


def feed_links(page: bytes, url: str) -> list[str]:
    """Absolute addresses of the feeds that the page at `url` announces, in its order. Never raises."""
    finder = _Links()
    finder.feed(page.decode("utf-8", errors="replace"))
    base = _joined(url, finder.base)
    links = dict.fromkeys(_joined(base, href) for href in finder.found)
    return [link for link in links if is_web_address(link)]


def _joined(base: str, href: str) -> str:
    try:
        return urljoin(base, href)
    except ValueError:  # such as http://[
        return ""


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.base = ""
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "base":
            self.base = self.base or values.get("href", "")
        announced = "alternate" in values.get("rel", "").lower().split()
        if tag == "link" and announced and values.get("type", "").lower().strip() in FEED_TYPES:
            self.found.append(values.get("href", ""))
