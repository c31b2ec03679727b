"""Articles into the store: once each, whatever the order and however often they are shown.

What is one article, and what is kept of it, is decided in `identity`; here the stored rows are read, the rules applied
and the difference written. Shown the same documents in any order, two stores end up with the same content.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from ingest.identity import COLUMNS, digest64, find_duplicates, merge, row_of, text_of
from ingest.model import Article
from ingest.pending import ANNOTATE, mark_articles, mark_days
from ingest.store import Transaction


@dataclass(frozen=True, slots=True)
class Counts:
    """What storing a batch did: articles stored for the first time, with a changed text, and seen before."""

    new: int = 0
    updated: int = 0
    seen: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(self.new + other.new, self.updated + other.updated, self.seen + other.seen)


@dataclass(frozen=True, slots=True)
class Showing:
    """What a source (a feed's URL or a file's path) showed at one time.

    `groups` maps outlets to their group; an outlet that is not in it keeps the group it has, else "other".
    `seen_at` is now; `text_at` is the time the texts speak for where that is not now: a recorded file is older.
    """

    source: str
    articles: Sequence[Article]
    groups: Mapping[str, str]
    seen_at: datetime
    text_at: datetime | None = None


class _Twin(NamedTuple):
    """What tells whether an article is another one under a second address."""

    id: str
    title_key: int
    published: datetime | None
    duplicate_of: str | None


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
    """Store one `Showing`, given by its fields. The caller stamps the transaction."""
    [counts] = store_showings(tx, [Showing(source, articles, groups, seen_at, text_at)], sample=sample)
    return counts


def store_showings(tx: Transaction, showings: Sequence[Showing], *, sample: bool) -> list[Counts]:
    """Store what several sources showed, and count each one's articles. The caller stamps the transaction."""
    rows = [row for showing in showings for row in _rows(showing)]
    if not rows:
        return [Counts()] * len(showings)
    stored, originals = _stored(tx, {row["id"] for row in rows})
    merged: dict[str, dict] = {}
    for row in rows:
        merged[row["id"]] = merge(merged.get(row["id"]) or stored.get(row["id"]), row)
    dated = {article.id for showing in showings if showing.text_at for article in showing.articles}
    changed = [row for id_, row in merged.items() if _is_worth_writing(stored.get(id_), row, id_ in dated)]
    alike = _alike(tx, changed, stored)
    tx.insert("articles", [row for row in changed if row["id"] not in stored])
    tx.upsert("articles", [row for row in changed if row["id"] in stored], key=["id"])
    _store_revisions(tx, [*stored.values(), *rows], merged)
    sightings = _sightings(showings)
    tx.insert("sightings", [row for row in sightings if row["article_id"] not in stored])
    again = [row for row in sightings if row["article_id"] in stored]
    tx.insert_new("sightings", again, key=["article_id", "feed_url"])
    _store_outlets(tx, {row["outlet"] for row in rows}, showings, sample)
    duplicates, moved = _set_duplicates(tx, [*alike, *(_twin(row, originals) for row in changed)])
    _mark(tx, changed, stored, moved)
    new = merged.keys() - stored.keys() - duplicates
    updated = {id_ for id_, row in stored.items() if text_of(row) != text_of(merged[id_])}
    return [_count(showing, new, updated) for showing in showings]


def _count(showing: Showing, new: set[str], updated: set[str]) -> Counts:
    """Counts of one showing; what it counts is taken out of `new` and `updated`, so that nothing is counted twice."""
    counts = {}
    for name, ids in (("new", new), ("updated", updated)):
        shown = ids & {article.id for article in showing.articles}
        ids -= shown
        counts[name] = len(shown)
    return Counts(**counts, seen=len(showing.articles) - sum(counts.values()))


def _rows(showing: Showing) -> list[dict]:
    text_at = showing.text_at or showing.seen_at
    return [row_of(article, showing.seen_at, text_at) for article in showing.articles]


def _stored(tx: Transaction, ids: Iterable[str]) -> tuple[dict[str, dict], dict[str, str | None]]:
    """Rows of `articles` by id, and of which article each is a duplicate."""
    found = tx.find("articles", (*COLUMNS, "duplicate_of"), "id", sorted(ids))
    rows = {values[0]: dict(zip(COLUMNS, values, strict=False)) for values in found}
    return rows, {values[0]: values[-1] for values in found}


def _is_worth_writing(stored: dict | None, row: dict, dated: bool) -> bool:
    """Whether a row differs. That a text was seen once more matters only among showings of different times."""
    if stored is None or dated:
        return row != stored
    return any(row[name] != stored[name] for name in COLUMNS if name != "text_at")


def _store_revisions(tx: Transaction, shown: Iterable[dict], merged: Mapping[str, dict]) -> None:
    """Keep every text that an article was shown with, other than its present one."""
    others = {(row["id"], text_of(row)) for row in shown if text_of(row) != text_of(merged[row["id"]])}
    if not others:
        return
    revisions = [
        {
            "article_id": id_,
            "content_hash": digest64(id_, *text),
            "title": text[0],
            "summary": text[1],
            "replaced_at": merged[id_]["text_at"],
        }
        for id_, text in others
    ]
    tx.insert_new("revisions", revisions, key=["article_id", "content_hash"])
    ids = sorted({id_ for id_, _ in others})
    tx.execute(
        "DELETE FROM revisions WHERE content_hash IN (SELECT unnest(?)) AND article_id IN (SELECT unnest(?))",
        [[digest64(id_, *text_of(merged[id_])) for id_ in ids], ids],
    )


def _sightings(showings: Iterable[Showing]) -> list[dict]:
    rows: dict[tuple[str, str], dict] = {}
    for showing in showings:
        for article in showing.articles:
            key = (article.id, showing.source)
            sighting = {"article_id": key[0], "feed_url": key[1], "guid": article.guid, "first_seen": showing.seen_at}
            rows.setdefault(key, sighting)
    return list(rows.values())


def _store_outlets(tx: Transaction, outlets: set[str], showings: Iterable[Showing], sample: bool) -> None:
    groups: dict[str, str] = {}
    for showing in showings:
        groups |= {outlet: group for outlet, group in showing.groups.items() if group != "other" and outlet in outlets}
    named = [{"outlet": outlet, "group_id": group, "sample": sample} for outlet, group in sorted(groups.items())]
    others = sorted(outlets - groups.keys())
    unnamed = [{"outlet": outlet, "group_id": "other", "sample": sample} for outlet in others]
    known = {row[0]: row for row in tx.rows("SELECT outlet, group_id, sample FROM outlets")}
    tx.upsert("outlets", [row for row in named if tuple(row.values()) != known.get(row["outlet"])], key=["outlet"])
    tx.insert_new("outlets", [row for row in unnamed if row["outlet"] not in known], key=["outlet"])


def _alike(tx: Transaction, changed: Sequence[dict], stored: Mapping[str, dict]) -> list[_Twin]:
    """The stored articles that have an outlet and title in common with a changed one, as it is or as it was."""
    # A changed title leaves one group of equal titles and joins another: both are looked at again.
    ids = {row["id"] for row in changed}
    keys = {row["title_key"] for row in (*changed, *(stored[id_] for id_ in ids & stored.keys()))} - {0}
    if not keys:
        return []
    columns = ", ".join(_Twin._fields)
    found = tx.rows(f"SELECT {columns} FROM articles WHERE title_key IN (SELECT unnest(?))", [sorted(keys)])
    return [twin for twin in map(_Twin._make, found) if twin.id not in ids]


def _twin(row: dict, originals: Mapping[str, str | None]) -> _Twin:
    return _Twin(row["id"], row["title_key"], row["published"], originals.get(row["id"]))


def _set_duplicates(tx: Transaction, twins: Sequence[_Twin]) -> tuple[set[str], list[_Twin]]:
    """Note which articles are another one under a second address; returns their ids, and those of which it is news."""
    duplicates = find_duplicates((twin.title_key, twin.id, twin.published) for twin in twins if twin.title_key)
    moved = [twin for twin in twins if twin.duplicate_of != duplicates.get(twin.id)]
    if moved:
        tx.execute(
            """
            UPDATE articles SET duplicate_of = right_now.original
            FROM (SELECT unnest(CAST(? AS TEXT[])) AS id, unnest(CAST(? AS TEXT[])) AS original) AS right_now
            WHERE articles.id = right_now.id
            """,
            [[twin.id for twin in moved], [duplicates.get(twin.id) for twin in moved]],
        )
    return set(duplicates), moved


def _mark(tx: Transaction, changed: Sequence[dict], stored: Mapping[str, dict], moved: Sequence[_Twin]) -> None:
    """Have texts annotated that are new, or count now or no more, and the days counted again on which they were."""
    hashes = {id_: row["content_hash"] for id_, row in stored.items()}
    news = [row["id"] for row in changed if row["content_hash"] != hashes.get(row["id"])]
    mark_articles(tx, ANNOTATE, [*news, *(twin.id for twin in moved)])
    mark_days(tx, [*(stored[id_]["published"] for id_ in news if id_ in stored), *(twin.published for twin in moved)])
