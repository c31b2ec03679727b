"""Which showings are one article, and what is kept of them: pure functions over rows of table articles.

They are order-free: rows merged in any order give the same row, and duplicates depend on the set alone.
"""

import hashlib
import itertools
import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta
from operator import attrgetter

from ingest.model import Article

SAME_TITLE_WINDOW = timedelta(days=7)
"""An outlet's repeated title within this time of the first is the same article under a second address."""

TELLING_TITLE_WIDTH = 16
"""Titles narrower than this (a Han character counts 2) recur as column names and say nothing about identity."""

QUALITY_RANK = {"missing": 0, "date_only": 1, "guessed": 2, "exact": 3}

_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")

COLUMNS = (
    "id", "url", "title", "summary", "outlet", "language", "published", "published_offset", "published_quality",
    "first_seen", "text_at", "title_key", "content_hash",
)  # fmt: skip
_of_article = attrgetter(*COLUMNS[:9])


def row_of(article: Article, seen_at: datetime, text_at: datetime) -> dict:
    """The row of an article as shown at `seen_at`, its text speaking for `text_at`."""
    row = dict(zip(COLUMNS, (*_of_article(article), seen_at, text_at), strict=False))
    row["title_key"], row["content_hash"] = _title_key(row), _content_hash(row)
    return row


def merge(stored: dict | None, shown: dict) -> dict:
    """The row to keep of an article that is stored and shown again; the same whichever of the two came first.

    A text with a summary beats one without, then the later one wins; the better-known time wins; a missing value
    never replaces a known one; of two spellings of the address the `https` one is kept.
    """
    if stored is None or stored == shown:
        return shown
    text = max(stored, shown, key=_text_order)
    time = max(stored, shown, key=_time_order)
    row = {
        **text,
        "url": max(stored["url"] or "", shown["url"] or "") or None,
        "language": max(stored["language"] or "", shown["language"] or "") or None,
        "first_seen": min(stored["first_seen"], shown["first_seen"]),
        **{key: time[key] for key in ("published", "published_offset", "published_quality")},
    }
    if text_of(stored) == text_of(shown):
        row["text_at"] = max(stored["text_at"], shown["text_at"])
    if stored["content_hash"] == shown["content_hash"]:
        return row
    return {**row, "title_key": _title_key(row), "content_hash": _content_hash(row)}


def _text_order(row: dict) -> tuple:
    return (bool(row["summary"]), row["text_at"], row["title"], row["summary"], row["outlet"])


def _time_order(row: dict) -> tuple:
    # Of two equally well-known times the earlier is the publication, the later an edit.
    published = row["published"]
    earlier = -published.timestamp() if published else 0.0
    return (QUALITY_RANK[row["published_quality"]], earlier, row["published_offset"] or 0)


def text_of(row: dict) -> tuple[str, str]:
    """What is compared to tell whether an article was changed."""
    return row["title"], row["summary"]


def find_duplicates(rows: Iterable[tuple[str, str, datetime | None]]) -> dict[str, str]:
    """Which articles are another one under a second address: id → id of the first.

    `rows` are (group, id, published) with one group an outlet and title. Within a group, sorted by time, an article
    within SAME_TITLE_WINDOW of the first one before it is that one; undated ones are one article.
    """
    duplicates: dict[str, str] = {}
    for _, dated in itertools.groupby(sorted(rows, key=_by_group_and_time), key=lambda row: (row[0], row[2] is None)):
        first_id, first_time = None, None
        for _, id_, published in dated:
            if first_id and (published is None or published - first_time <= SAME_TITLE_WINDOW):
                duplicates[id_] = first_id
            else:
                first_id, first_time = id_, published
    return duplicates


def _by_group_and_time(row: tuple[str, str, datetime | None]) -> tuple:
    group, id_, published = row
    return (group, published is None, published.timestamp() if published else 0.0, id_)


def _title_key(row: dict) -> int:
    title = row["title"]
    folded = title.lower() if title.isascii() else unicodedata.normalize("NFKC", title).casefold()
    folded = _NOT_ALPHANUMERIC.sub("", folded)
    return digest64(row["outlet"], folded) if _is_telling(folded) else 0


def _is_telling(folded: str) -> bool:
    wide = len(folded) < TELLING_TITLE_WIDTH and sum(unicodedata.east_asian_width(c) in "WF" for c in folded)
    return len(folded) + wide >= TELLING_TITLE_WIDTH


def _content_hash(row: dict) -> int:
    published = row["published"]
    time = published.isoformat() if published else ""
    return digest64(row["url"] or "", row["title"], row["summary"], row["outlet"], time)


def digest64(*parts: str) -> int:
    """A number of 64 bits, signed as a BIGINT is, that is the same in every process (`hash` is not)."""
    digest = hashlib.blake2b("\x1f".join(parts).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
