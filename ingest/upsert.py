"""Articles into the store: once each, whatever the order and however often they are shown.

The rules are pure functions over rows (`merge`, `find_duplicates`); `store_articles` reads what is stored, applies
them and writes the difference. Shown the same documents in any order, two stores end up with the same content.
"""

import hashlib
import itertools
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ingest.model import Article
from ingest.store import Transaction

SAME_TITLE_WINDOW = timedelta(days=7)
"""An outlet's repeated title within this time of the first is the same article under a second address."""

TELLING_TITLE_WIDTH = 16
"""Titles narrower than this (a Han character counts 2) recur as column names and say nothing about identity."""

QUALITY_RANK = {"missing": 0, "date_only": 1, "guessed": 2, "exact": 3}

_COLUMNS = (
    "id", "url", "title", "summary", "outlet", "language", "published", "published_offset", "published_quality",
    "first_seen", "text_at", "title_key", "content_hash",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Counts:
    """What storing a batch did: articles stored for the first time, with a changed text, and seen before."""

    new: int = 0
    updated: int = 0
    seen: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(self.new + other.new, self.updated + other.updated, self.seen + other.seen)


def store_articles(
    tx: Transaction,
    source: str,
    articles: Sequence[Article],
    groups: Mapping[str, str],
    *,
    sample: bool,
    seen_at: datetime,
    text_at: datetime | None = None,
) -> Counts:
    """Store what `source` (a feed's URL or a file's path) showed.

    `groups` maps outlets to their group; an outlet that is not in it keeps the group it has, else "other".
    `seen_at` is now; `text_at` is the time the texts speak for (a recorded file is older than now).
    The caller stamps the transaction.
    """
    if not articles:
        return Counts()
    rows = [_row(article, seen_at, text_at or seen_at) for article in articles]
    incoming = _one_row_an_id(rows)
    stored = _stored_rows(tx, incoming)
    merged = {id_: merge(stored.get(id_), row) for id_, row in incoming.items()}
    changed = [row for id_, row in merged.items() if row != stored.get(id_)]
    revisions = [_revision(stored[row["id"]], row) for row in changed if _text_differs(stored.get(row["id"]), row)]
    tx.upsert("articles", changed, key=["id"])
    tx.insert_new("revisions", revisions, key=["article_id", "content_hash"])
    tx.insert_new("sightings", _sightings(articles, source, seen_at), key=["article_id", "feed_url"])
    _store_outlets(tx, {row["outlet"] for row in incoming.values()}, groups, sample)
    duplicates = _mark_duplicates(tx, changed, stored)
    new = sum(1 for id_ in merged if id_ not in stored and id_ not in duplicates)
    return Counts(new, len(revisions), len(articles) - new - len(revisions))


def merge(stored: dict | None, shown: dict) -> dict:
    """The row to keep of an article that is stored and shown again; the same whichever of the two came first.

    The later text wins, but none without a summary over one with it; the better-known time wins; a missing value never
    replaces a known one; of two spellings of the address the `https` one is kept.
    """
    if stored is None:
        return shown
    text = max(stored, shown, key=lambda row: (row["summary"] != "", row["text_at"], row["title"], row["summary"]))
    time = max(stored, shown, key=_time_order)
    row = {
        **text,
        "url": max(stored["url"] or "", shown["url"] or "") or None,
        "language": text["language"] or stored["language"] or shown["language"],
        "first_seen": min(stored["first_seen"], shown["first_seen"]),
        **{key: time[key] for key in ("published", "published_offset", "published_quality")},
    }
    if not _text_differs(stored, row):
        row["text_at"] = stored["text_at"]
    return {**row, "title_key": _title_key(row), "content_hash": _content_hash(row)}


def _time_order(row: dict) -> tuple:
    # Of two equally well-known times the earlier is the publication, the later an edit.
    published = row["published"]
    return (QUALITY_RANK[row["published_quality"]], -published.timestamp() if published else 0.0)


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


def _row(article: Article, seen_at: datetime, text_at: datetime) -> dict:
    row = {name: getattr(article, name) for name in _COLUMNS[:9]}
    row |= {"first_seen": seen_at, "text_at": text_at}
    return {**row, "title_key": _title_key(row), "content_hash": _content_hash(row)}


def _one_row_an_id(rows: Iterable[dict]) -> dict[str, dict]:
    by_id: dict[str, dict] = {}
    for row in rows:
        by_id[row["id"]] = merge(by_id.get(row["id"]), row)
    return by_id


def _stored_rows(tx: Transaction, incoming: Mapping[str, dict]) -> dict[str, dict]:
    found = tx.rows(f"SELECT {', '.join(_COLUMNS)} FROM articles WHERE id IN (SELECT unnest(?))", [list(incoming)])
    return {values[0]: dict(zip(_COLUMNS, values, strict=True)) for values in found}


def _text_differs(stored: dict | None, row: dict) -> bool:
    return stored is not None and (stored["title"], stored["summary"]) != (row["title"], row["summary"])


def _revision(stored: dict, row: dict) -> dict:
    return {
        "article_id": stored["id"],
        "content_hash": stored["content_hash"],
        "title": stored["title"],
        "summary": stored["summary"],
        "replaced_at": row["text_at"],
    }


def _sightings(articles: Iterable[Article], source: str, seen_at: datetime) -> list[dict]:
    guids = {article.id: article.guid for article in articles}
    return [{"article_id": id_, "feed_url": source, "guid": guid, "first_seen": seen_at} for id_, guid in guids.items()]


def _store_outlets(tx: Transaction, outlets: Iterable[str], groups: Mapping[str, str], sample: bool) -> None:
    rows = [{"outlet": name, "group_id": groups.get(name, "other"), "sample": sample} for name in sorted(outlets)]
    tx.upsert("outlets", [row for row in rows if row["group_id"] != "other"], key=["outlet"])
    tx.insert_new("outlets", rows, key=["outlet"])


def _mark_duplicates(tx: Transaction, changed: Sequence[dict], stored: Mapping[str, dict]) -> dict[str, str]:
    # A changed title leaves one group of equal titles and joins another: both are looked at again.
    left = {stored[row["id"]]["title_key"] for row in changed if row["id"] in stored}
    keys = sorted((left | {row["title_key"] for row in changed}) - {0})
    rows = tx.rows(
        """
        SELECT title_key, id, published, duplicate_of FROM articles
        WHERE title_key IN (SELECT unnest(?)) OR id IN (SELECT unnest(?))
        """,
        [keys, [row["id"] for row in changed]],
    )
    duplicates = find_duplicates((key, id_, published) for key, id_, published, _ in rows if key)
    for _, id_, _, marked in rows:
        if marked != duplicates.get(id_):
            tx.execute("UPDATE articles SET duplicate_of = ? WHERE id = ?", [duplicates.get(id_), id_])
    return duplicates


def _title_key(row: dict) -> int:
    folded = unicodedata.normalize("NFKC", row["title"]).casefold()
    folded = "".join(c for c in folded if c.isalnum())
    width = sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in folded)
    return _digest64(row["outlet"], folded) if width >= TELLING_TITLE_WIDTH else 0


def _content_hash(row: dict) -> int:
    published = row["published"]
    time = published.isoformat() if published else ""
    return _digest64(row["url"] or "", row["title"], row["summary"], row["outlet"], time)


def _digest64(*parts: str) -> int:
    digest = hashlib.blake2b("\x1f".join(parts).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
