"""From what a document says about an entry to an `Article`: the rules every kind of document shares."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from ingest import outlets, urls
from ingest.dates import parse_date
from ingest.model import Article, Feed
from ingest.plaintext import MAX_SUMMARY_LENGTH, MAX_TITLE_LENGTH, first_words, plain

STAND_IN_TITLE_LENGTH = 120
"""Characters of the summary that stand in for a missing title."""

MAX_OUTLET_LENGTH = 120
MAX_GUID_LENGTH = 500

NO_TEXT = "no title and no summary"

_PRINTED_OBJECT = re.compile(r"^\{.*?['\"](?:title|name)['\"]: ?['\"]([^'\"]+)['\"]")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as its document gives it: strings of any content, empty where the document has none.

    `place` is where it stands (`line 17`), for messages; empty: its number tells.
    """

    title: str = ""
    summary: str = ""
    link: str = ""
    guid: str = ""
    published: object = ""
    outlet: str = ""
    outlet_url: str = ""
    language: str = ""
    title_is_html: bool = True
    summary_is_html: bool = True
    place: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """What a feed document says about itself, and its entries; empty where it does not say.

    `ttl_minutes` is how long the publisher asks to wait between two fetches.
    """

    entries: tuple[Entry, ...]
    title: str = ""
    link: str = ""
    language: str = ""
    ttl_minutes: float | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """What an entry inherits: its feed, and what the document says about itself."""

    feed: Feed
    now: datetime
    base: str | None = None
    title: str = ""
    link: str | None = None
    language: str | None = None


def articles_of(entries: Iterable[Entry], origin: Origin) -> tuple[tuple[Article, ...], tuple[str, ...]]:
    """The articles of a document's entries, in their order, and where the entries stand that gave none."""
    found, dropped = [], []
    for number, entry in enumerate(entries, 1):
        if article := article_of(entry, origin):
            found.append(article)
        else:
            dropped.append(entry.place or f"entry {number}")
    return tuple(_told_apart(found, origin)), tuple(dropped)


def article_of(entry: Entry, origin: Origin) -> Article | None:
    """The article behind one entry, or None where it has neither title nor summary."""
    title = plain(entry.title, MAX_TITLE_LENGTH, entry.title_is_html)
    summary = plain(entry.summary, MAX_SUMMARY_LENGTH, entry.summary_is_html)
    url = urls.canonical(entry.link, origin.base)
    outlet, given = _outlet(entry, title, url, origin)
    title = _without_suffix(title, (given, outlet)) if given else title
    title = title or first_words(summary, STAND_IN_TITLE_LENGTH)
    if not title:
        return None
    guid = plain(entry.guid, MAX_GUID_LENGTH, is_html=False) or None
    language = language_code(entry.language) or origin.language
    published, offset, quality = parse_date(entry.published, _zone(origin, language), origin.now)
    return Article(
        id=_id(url, guid, origin.link or origin.feed.url, outlet, title, published),
        url=url,
        title=title,
        summary="" if summary == title else summary,
        outlet=outlet,
        language=language,
        published=published,
        published_offset=offset,
        published_quality=quality,
        guid=guid,
    )


def language_code(text: str) -> str | None:
    """`en`, `zh`, `zh-Hant`, ... from what feeds write (`en-US`, `zh_CN`, `zh-tw`, `Chinese`); None from nothing."""
    if not text:
        return None
    parts = re.split("[^a-z]+", text.strip().lower())
    if parts[0] in ("zh", "chinese", "zho", "chi", "cn"):
        return "zh-Hant" if {"tw", "hk", "mo", "hant"} & set(parts[1:]) else "zh"
    names = {"english": "en", "eng": "en"}
    code = names.get(parts[0], parts[0])
    return code if code.isascii() and code.isalpha() and len(code) in (2, 3) else None


def _zone(origin: Origin, language: str | None) -> str:
    if origin.feed.timezone:
        return origin.feed.timezone
    return "Asia/Shanghai" if (language or "").startswith("zh") else "UTC"


def _outlet(entry: Entry, title: str, url: str | None, origin: Origin) -> tuple[str, str]:
    """(Outlet of the article, outlet as the entry itself names it)."""
    given = plain(_name_in(entry.outlet), MAX_OUTLET_LENGTH)
    if not given or given.lower().removeprefix("www.") in urls.AGGREGATORS:
        given = _suffix(title, url)
    if origin.feed.outlet is not None:
        return origin.feed.outlet, given
    known = outlets.by_host(urls.host(entry.outlet_url)) or outlets.by_name(given) or outlets.by_url(url)
    if known or given:
        return known.name if known else given, given
    host = urls.host(url)
    if origin.title and (not host or host == urls.host(origin.link)):
        known = outlets.by_name(origin.title)
        return known.name if known else origin.title, ""
    return host or origin.feed.name, ""


def _name_in(text: str) -> str:
    """The name in a source column; exports of JSON leave `{'title': 'NAME'}` there."""
    match = _PRINTED_OBJECT.search(text)
    return match.group(1) if match else text


def _suffix(title: str, url: str | None) -> str:
    """The outlet at the end of an aggregator's title (`Headline - Outlet`), where nothing else names it."""
    _, separator, name = title.rpartition(" - ")
    return name if separator and urls.host(url) == "news.google.com" and len(name) <= MAX_OUTLET_LENGTH else ""


def _without_suffix(title: str, names: Sequence[str]) -> str:
    """A search feed's title without the outlet it ends in (`Headline - Outlet`)."""
    for name in names:
        for separator in (" - ", " – ", " | ", "-"):
            if title.endswith(separator + name) and len(title) > len(separator + name):
                return title[: -len(separator + name)].rstrip()
    return title


def _id(url, guid, home: str, outlet: str, title: str, published: datetime | None) -> str:
    if url and not _is_front_page(url):
        return urls.article_id(url)
    if guid:
        return urls.article_id(home, guid)
    return urls.article_id("", outlet, title, published.date().isoformat() if published else "")


def _is_front_page(url: str) -> bool:
    return url.split("://", 1)[-1].partition("/")[2] == ""


def _told_apart(articles: Sequence[Article], origin: Origin) -> Iterable[Article]:
    """Give entries of one document that share an address, or a guid, but not a title an id of their own each."""
    titles: dict[str, set[str]] = {}
    for article in articles:
        titles.setdefault(article.id, set()).add(article.title)
    for article in articles:
        if len(titles[article.id]) > 1:
            own = (article.guid or "", article.title)
            yield replace(article, id=urls.article_id(article.url or origin.link or origin.feed.url, *own))
        else:
            yield article
