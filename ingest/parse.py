"""Feed documents to articles: bytes in, `ParsedFeed` out. No network, no clock, no store.

feedparser reads RSS, RDF, Atom and CDF, well-formed or not; most documents are well-formed, and `wellformed` reads
those as it would. Around them: the encoding is settled first (feedparser believes wrong declarations), document types
with entities are taken out, and what is taken from an entry is made into plain text, dates and addresses by our own
rules.
"""

import re
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from ingest import jsonfeed, outlets, safe_xml, urls, wellformed
from ingest.encoding import decode
from ingest.entries import MAX_OUTLET_LENGTH, NO_TEXT, Document, Entry, Origin, articles_of, language_code
from ingest.errors import NotAFeedError
from ingest.model import Article, Feed
from ingest.plaintext import plain

MAX_DOCUMENT_BYTES = 64_000_000
"""A feed larger than this, unpacked, is an attack or a mistake; the largest recorded real one has 3 MB."""

_FEED_ROOT = re.compile(r"<(?:[a-z0-9_]+:)?(?:rss|rdf|feed|channel)\b", re.I)
_FEED_ENTRY = re.compile(r"<(?:[a-z0-9_]+:)?(?:item|entry)\b", re.I)
_HTML_PAGE = re.compile(r"<(?:!doctype\s+html|html|head|body)\b", re.I)
_PERIOD_MINUTES = {"hourly": 60, "daily": 1440, "weekly": 10080, "monthly": 43200, "yearly": 525600}


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """A feed document, read.

    `entries` counts what the document holds: every one is in `articles` or told in `problems` (place and reason).
    `groups` maps the articles' outlets to their groups. `ttl_minutes` is how long the publisher asks to wait between
    two fetches; None where it does not say.
    """

    title: str
    link: str | None
    language: str | None
    articles: tuple[Article, ...]
    entries: int
    problems: tuple[str, ...]
    groups: Mapping[str, str]
    ttl_minutes: float | None


def parse(
    body: bytes, feed: Feed, *, content_type: str | None = None, url: str | None = None, now: datetime
) -> ParsedFeed:
    """Read a feed document of any format, version and encoding, plain or gzipped.

    `content_type` is the HTTP header as it came, `url` the address the document came from after redirects (default:
    the feed's), against which relative links are resolved; `now` bounds plausible dates. A `Feed` with outlet None
    takes each entry's own outlet; one with an empty language or timezone takes the document's.
    Raises NotAFeedError, whose `status` is `empty` (no bytes, or only white space), `not_a_feed` (a web page or
    anything else) or `parse_error` (begins as a feed, cannot be read).
    """
    document = read(body, content_type)
    base = url or feed.url
    origin = Origin(
        feed=feed,
        now=now,
        base=base if urls.canonical(base) else urls.canonical(document.link),
        title=plain(document.title, MAX_OUTLET_LENGTH),
        link=urls.canonical(document.link, base),
        language=feed.language or language_code(document.language),
    )
    articles, places = articles_of(document.entries, origin)
    return ParsedFeed(
        title=origin.title,
        link=origin.link,
        language=origin.language,
        articles=articles,
        entries=len(document.entries),
        problems=tuple(f"{place}: {NO_TEXT}" for place in places),
        groups=outlets.groups(articles, feed),
        ttl_minutes=document.ttl_minutes,
    )


def read(body: bytes, content_type: str | None = None) -> Document:
    """A feed document as it is, before anything is made of its entries. Raises NotAFeedError as `parse` does."""
    text = decode(_unpacked(body), _charset(content_type)).lstrip()
    if result := wellformed.read(safe_xml.without_doctype(text)):
        return document_of(result)
    text = safe_xml.without_illegal_characters(text).strip()
    if not text:
        raise NotAFeedError("the document is empty", "empty")
    if text[0] in "{[":
        return jsonfeed.read(text)
    _check_is_feed(text)
    result = _feedparser_result(text)
    if not result["entries"] and not result["version"]:
        raise NotAFeedError("the document has a feed's root element but is in no feed format", "parse_error")
    return document_of(result)


def document_of(result: dict) -> Document:
    """What is taken from a result of feedparser's."""
    about = result["feed"]
    title, link, language = (str(dict.get(about, name) or "") for name in ("title", "link", "language"))
    return Document(tuple(_entry(entry) for entry in result["entries"]), title, link, language, _ttl(about))


def _unpacked(body: bytes) -> bytes:
    if body.startswith(b"\x1f\x8b"):
        unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
        try:
            body = unpacker.decompress(body, MAX_DOCUMENT_BYTES + 1)
        except zlib.error as error:
            raise NotAFeedError(f"gzip bytes that cannot be unpacked ({error})", "parse_error") from None
    if len(body) > MAX_DOCUMENT_BYTES:
        raise NotAFeedError(f"the document is larger than {MAX_DOCUMENT_BYTES // 1_000_000} MB", "parse_error")
    return body


def _charset(content_type: str | None) -> str | None:
    match = re.search(r"charset\s*=\s*[\"']?([\w.:-]+)", content_type or "", re.I)
    return match.group(1) if match else None


def _check_is_feed(text: str) -> None:
    root = _FEED_ROOT.search(text)
    page = _HTML_PAGE.search(text)
    if page and (not root or (page.start() < root.start() and not _FEED_ENTRY.search(text, root.start()))):
        raise NotAFeedError("a web page, not a feed (look for the feed's own address)")
    if not root:
        raise NotAFeedError("not a feed: no RSS, RDF, Atom, CDF or JSON Feed element in it")


def _feedparser_result(text: str) -> dict:
    try:
        return _run_feedparser(text)
    except Exception:  # feedparser raises whatever its parsers do: ValueError, AssertionError, RecursionError, ...
        pass
    try:
        return _run_feedparser(safe_xml.without_references(text))
    except Exception as error:
        raise NotAFeedError(f"feedparser cannot read it ({type(error).__name__}: {error})", "parse_error") from None


def _run_feedparser(text: str) -> dict:
    import feedparser

    document = safe_xml.declared_utf8(safe_xml.without_doctype(text))
    headers = {"content-type": "application/xml; charset=utf-8"}
    return feedparser.parse(
        document.encode("utf-8"), response_headers=headers, resolve_relative_uris=False, sanitize_html=False
    )


def _entry(entry: dict) -> Entry:
    get = partial(dict.get, entry)  # feedparser's own `get` falls back from one field to another with warnings
    summary, summary_is_html = _summary(get)
    source = get("source") or {}
    return Entry(
        title=get("title") or "",
        summary=summary,
        link=get("feedburner_origlink") or _link(get),
        guid=get("id") or "",
        published=get("published") or get("updated") or get("created") or "",
        outlet=dict.get(source, "title") or "",
        outlet_url=dict.get(source, "href") or "",
        language=_declared_language(get("title_detail")),
        title_is_html=_is_html(get("title_detail")),
        summary_is_html=summary_is_html,
    )


def _summary(get: Callable) -> tuple[str, bool]:
    if summary := get("summary"):
        return summary, _is_html(get("summary_detail"))
    for content in get("content") or ():
        if value := dict.get(content, "value"):
            return value, _is_html(content)
    return "", True


def _link(get: Callable) -> str:
    link = get("link")
    if link and (link != get("id") or "/" in link):  # a bare number as guid is no address, whatever RSS says
        return link
    links = [link for link in get("links") or () if link.get("rel") in ("alternate", None) and link.get("href")]
    return links[0]["href"] if links else ""


def _is_html(detail: dict | None) -> bool:
    return not detail or dict.get(detail, "type") != "text/plain"


def _declared_language(detail: dict | None) -> str:
    return (dict.get(detail, "language") if detail else None) or ""


def _ttl(about: dict) -> float | None:
    """Minutes between updates that the feed announces: RSS `ttl`, else `sy:updatePeriod` and `sy:updateFrequency`."""
    if minutes := _number(dict.get(about, "ttl")):
        return minutes
    period = _PERIOD_MINUTES.get(str(dict.get(about, "sy_updateperiod")).strip().lower())
    return period / (_number(dict.get(about, "sy_updatefrequency")) or 1) if period else None


def _number(text: object) -> float | None:
    match = re.fullmatch(r"\s*(\d{1,6})(?:\.\d+)?\s*", str(text))
    return float(match.group(1)) if match else None
