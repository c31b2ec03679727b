"""What moved, in words: on the front page, and as an Atom feed that any reader of feeds can follow."""

import xml.etree.ElementTree as ElementTree
from datetime import UTC, datetime, time, timedelta
from urllib.parse import urlencode

from analysis.moves import Move, moves
from analysis.selection import Frequency, Selection
from dashboard.words import Words
from ingest import config
from ingest.store import Store

PATH = "lianwatch/moves.atom"
"""Where the server answers with the feed."""

ATOM = "http://www.w3.org/2005/Atom"
ALERT_FREQ: Frequency = "week"
MOST_ENTRIES = 30


def in_words(move: Move, words: Words, freq: Frequency) -> str:
    """`week of 21 Oct 2019: …`, plain text."""
    when = words.bucket(move.bucket, freq)
    if move.figure == "volume":
        value, past = words.number(move.value), words.number(move.past, 1)
        return words("moves.more" if move.value > move.past else "moves.fewer", when=when, value=value, past=past)
    return words(
        "moves.kinder" if move.value > move.past else "moves.harsher",
        when=when,
        target=words.name("target", move.target),
        value=words.score(move.value),
        past=words.score(move.past),
    )


def atom(store: Store, base: str) -> bytes:
    """The newest moves of the whole collection as an Atom feed. base: address of the dashboard, ending in a slash."""
    words, version = Words("en"), store.data_version()
    found = moves(store, Selection(), ALERT_FREQ)[:MOST_ENTRIES]
    feed = ElementTree.Element("feed", xmlns=ATOM)
    _add(feed, "title", "Lianwatch: what moved")
    _add(feed, "id", "urn:lianwatch:moves")
    _add(feed, "updated", _instant(found[0]) if found else datetime.fromtimestamp(0, UTC).isoformat())
    _add(feed, "generator", f"Lianwatch, data version {version}")
    ElementTree.SubElement(_add(feed, "author"), "name").text = "Lianwatch"
    for move in found:
        entry = _add(feed, "entry")
        _add(entry, "title", in_words(move, words, ALERT_FREQ))
        _add(entry, "id", f"urn:lianwatch:move:{move.bucket}:{move.figure}:{move.target or 'all'}")
        _add(entry, "updated", _instant(move))
        ElementTree.SubElement(entry, "link", href=f"{base}stories?{urlencode(_address(move))}")
    return ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)


def _address(move: Move) -> dict[str, str]:
    days = {"from": move.bucket.isoformat(), "to": (move.bucket + timedelta(days=6)).isoformat()}
    return days | ({"target": move.target} if move.target else {})


def _instant(move: Move) -> str:
    """The end of the move's week: from then on it is known."""
    end = datetime.combine(move.bucket + timedelta(days=7), time(), config.timezone())
    return end.isoformat()


def _add(parent: ElementTree.Element, name: str, text: str | None = None) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, name)
    element.text = text
    return element
