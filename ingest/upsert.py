"""Articles into the store: once each, whatever the order and however often they are shown.

What is one article, and what is kept of it, is decided in `identity`; here the stored rows are read, the rules applied
and the difference written. Shown the same documents in any order, two stores end up with the same content.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from ingest.identity import COLUMNS, digest64, find_duplicates, merge, row_of, text_of
from ingest.model import Article
from ingest.pending import ANNOTATE, mark_articles, mark_days
from ingest.store import Transaction

IDS_A_LOOK = 500
"""Articles looked up at a time: as many as DuckDB finds by its index."""


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
    stored = _stored_rows(tx, {row["id"] for row in rows})
    merged: dict[str, dict] = {}
    for row in rows:
        merged[row["id"]] = merge(merged.get(row["id"]) or stored.get(row["id"]), row)
    dated = {article.id for showing in showings if showing.text_at for article in showing.articles}
    changed = [row for id_, row in merged.items() if _is_worth_writing(stored.get(id_), row, id_ in dated)]
    tx.upsert("articles", changed, key=["id"])
    _store_revisions(tx, [*stored.values(), *rows], merged)
    tx.insert_new("sightings", _sightings(showings), key=["article_id", "feed_url"])
    _store_outlets(tx, {row["outlet"] for row in rows}, showings, sample)
    duplicates = _mark_duplicates(tx, changed, stored)
    _mark(tx, changed, stored)
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


def _stored_rows(tx: Transaction, ids: Iterable[str], columns: Sequence[str] = COLUMNS) -> dict[str, dict]:
    """Rows of `articles` by id. Ids are listed one by one: a longer list from an array is not looked up by DuckDB,
    which then reads all that is stored."""
    found, asked = {}, sorted(ids)
    for at in range(0, len(asked), IDS_A_LOOK):
        some = asked[at : at + IDS_A_LOOK]
        marks = ", ".join("?" for _ in some)
        for values in tx.rows(f"SELECT {', '.join(columns)} FROM articles WHERE id IN ({marks})", some):
            found[values[0]] = dict(zip(columns, values, strict=True))
    return found


def _is_worth_writing(stored: dict | None, row: dict, dated: bool) -> bool:
    """Whether a row differs. That a text was seen once more matters only among showings of different times."""
    if stored is None or dated:
        return row != stored
    return any(row[name] != stored[name] for name in COLUMNS if name != "text_at")


def _store_revisions(tx: Transaction, shown: Iterable[dict], merged: Mapping[str, dict]) -> None:
    """Keep every text that an article was shown with, other than its present one."""
    current = {(id_, text_of(row)) for id_, row in merged.items()}
    others = {(row["id"], text_of(row)): row for row in shown if (row["id"], text_of(row)) not in current}
    replaced_at = {id_: row["text_at"] for id_, row in merged.items()}
    revisions = [
        {
            "article_id": id_,
            "content_hash": digest64(id_, *text),
            "title": text[0],
            "summary": text[1],
            "replaced_at": replaced_at[id_],
        }
        for id_, text in others
    ]
    tx.insert_new("revisions", revisions, key=["article_id", "content_hash"])
    if revisions:
        tx.execute(
            "DELETE FROM revisions WHERE content_hash IN (SELECT unnest(?)) AND article_id IN (SELECT unnest(?))",
            [[digest64(id_, *text) for id_, text in current], [id_ for id_, _ in current]],
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
    known = set(tx.rows("SELECT outlet, group_id, sample FROM outlets"))
    tx.upsert("outlets", [row for row in named if tuple(row.values()) not in known], key=["outlet"])
    tx.insert_new("outlets", unnamed, key=["outlet"])


def _mark(tx: Transaction, changed: Sequence[dict], stored: Mapping[str, dict]) -> None:
    """Have new texts annotated, and the days counted again on which a changed article was."""
    hashes = {id_: row["content_hash"] for id_, row in stored.items()}
    news = [row["id"] for row in changed if row["content_hash"] != hashes.get(row["id"])]
    mark_articles(tx, ANNOTATE, news)
    mark_days(tx, [stored[id_]["published"] for id_ in news if id_ in stored])


def _mark_duplicates(tx: Transaction, changed: Sequence[dict], stored: Mapping[str, dict]) -> set[str]:
    if not changed:
        return set()
    # A changed title leaves one group of equal titles and joins another: both are looked at again.
    left = {stored[row["id"]]["title_key"] for row in changed if row["id"] in stored}
    keys = sorted((left | {row["title_key"] for row in changed}) - {0})
    columns = ("id", "title_key", "published", "duplicate_of")
    alike = tx.rows(f"SELECT {', '.join(columns)} FROM articles WHERE title_key IN (SELECT unnest(?))", [keys])
    rows = _stored_rows(tx, [row["id"] for row in changed], columns)
    rows |= {values[0]: dict(zip(columns, values, strict=True)) for values in alike}
    duplicates = find_duplicates((r["title_key"], r["id"], r["published"]) for r in rows.values() if r["title_key"])
    wrong = {id_: row["published"] for id_, row in rows.items() if row["duplicate_of"] != duplicates.get(id_)}
    if wrong:
        mark_articles(tx, ANNOTATE, wrong)
        mark_days(tx, wrong.values())
        tx.execute(
            """
            UPDATE articles SET duplicate_of = right_now.original
            FROM (SELECT unnest(CAST(? AS TEXT[])) AS id, unnest(CAST(? AS TEXT[])) AS original) AS right_now
            WHERE articles.id = right_now.id
            """,
            [list(wrong), [duplicates.get(id_) for id_ in wrong]],
        )
    return set(duplicates)
