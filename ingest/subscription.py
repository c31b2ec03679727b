"""The user's list of feeds, edited: feeds added, removed, taken from OPML and written as OPML. Comments are kept.

The shipped list is never changed. As long as the user has no list, the first edit starts one as a copy of it.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

from ingest import config
from ingest.errors import ConfigError, UsageError
from ingest.model import GROUPS, Feed

SEARCH_FEEDS = "Search feeds"
"""Category of search feeds in OPML, which has no other place to say that entries name their own outlets."""


def user_path() -> Path:
    """The file that edits go to: what LIANWATCH_FEEDS names, else the user's own list."""
    return Path(os.environ.get("LIANWATCH_FEEDS") or config.USER_FEEDS)


def add(path: Path, feeds: Sequence[Feed]) -> list[Feed]:
    """Append those of `feeds` that are not listed in `path` yet, and return them."""
    text = _text(path)
    listed = _urls(text, path)
    new = [feed for feed in {feed.url: feed for feed in feeds}.values() if feed.url not in listed]
    if new:
        import tomlkit

        tables = tomlkit.dumps({"feed": [_table(feed) for feed in new]})
        _write(path, f"{text.rstrip()}\n\n{tables}".lstrip())
    return new


def remove(path: Path, which: str) -> list[str]:
    """Take out the feeds of this address or name, and return their addresses. Raises UsageError where there is none."""
    import tomlkit

    text = _text(path)
    _urls(text, path)
    document = tomlkit.parse(text)
    entries = document.get("feed", [])
    found = [number for number, entry in enumerate(entries) if which in (entry.get("url"), entry.get("name"))]
    if not found:
        raise UsageError(f"{path}: no feed has the address or name '{which}'")
    urls = [str(entries[number]["url"]) for number in found]
    for number in reversed(found):
        del entries[number]
    _write(path, tomlkit.dumps(document))
    return urls


def from_opml(path: Path) -> list[Feed]:
    """Feeds of an OPML file. A category named like one of our groups becomes the group.

    Raises ConfigError where the file cannot be read or holds no feed.
    """
    import listparser

    try:
        found = listparser.parse(path.read_bytes())
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from None
    web = [entry for entry in found.feeds if config.is_web_address(entry.url)]
    feeds = [_feed(entry.url, entry.title or entry.url, entry.tags) for entry in web]
    if not feeds:
        raise ConfigError(f"{path}: no feed in it (is it OPML?)")
    return feeds


def to_opml(feeds: Sequence[Feed]) -> str:
    """The feeds as OPML 2.0, one outline a group."""
    opml = ElementTree.Element("opml", version="2.0")
    ElementTree.SubElement(ElementTree.SubElement(opml, "head"), "title").text = "Lianwatch feeds"
    body = ElementTree.SubElement(opml, "body")
    titles = [SEARCH_FEEDS if feed.outlet is None else GROUPS[feed.group] for feed in feeds]
    for title in dict.fromkeys(titles):
        members = [feed for feed, its_title in zip(feeds, titles, strict=True) if its_title == title]
        outline = ElementTree.SubElement(body, "outline", text=title)
        for feed in members:
            names = {"text": feed.name, "title": feed.name, "xmlUrl": feed.url, "language": feed.language}
            ElementTree.SubElement(outline, "outline", type="rss", **names)
    ElementTree.indent(opml)
    return ElementTree.tostring(opml, encoding="unicode", xml_declaration=True) + "\n"


def _feed(url: str, name: str, tags: Sequence[str]) -> Feed:
    by_title = {title: group for group, title in GROUPS.items()}
    group = next((by_title.get(tag, tag) for tag in tags if tag in by_title or tag in GROUPS), "other")
    return Feed(url, name, None if SEARCH_FEEDS in tags else name, group, "", "UTC")


def _table(feed: Feed) -> dict:
    outlet = {"search": True} if feed.outlet is None else {"outlet": feed.outlet}
    language = {"language": feed.language} if feed.language else {}
    return {"url": feed.url, "name": feed.name, **outlet, "group": feed.group, **language, "timezone": feed.timezone}


def _text(path: Path) -> str:
    text = config.text_of(path) if path.exists() else ""
    if not text.strip() and path == config.USER_FEEDS:
        return config.SHIPPED_FEEDS.read_text(encoding="utf-8")
    return text


def _urls(text: str, path: Path) -> set[str]:
    return {feed.url for feed in config.read_feeds(text, path)}


def _write(path: Path, text: str) -> None:
    """Replace the file in one step, once the new text has been read as a feed list."""
    _urls(text, path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(path.name + ".new")
        draft.write_text(text, encoding="utf-8")
        draft.replace(path)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be written ({error.strerror})") from None
