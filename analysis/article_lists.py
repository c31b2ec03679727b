"""Lists of articles: which ones, in what order, and what a reader sees of each."""

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np
import pandas as pd

from analysis.relations import outlet_groups, real_only
from analysis.selection import Selection
from analysis.where import ARTICLES, Conditions, article_conditions, placeholders
from ingest.store import Reading, Store, Table

ARTICLE_COLUMNS = {
    "id": "str", "published": "datetime64[us, UTC]", "published_offset": "Int32", "published_quality": "str",
    "day": "datetime64[us]", "title": "str", "summary": "str", "outlet": "str", "group": "str", "language": "str",
    "url": "str", "score": "float64", "label": "str", "abstain": "boolean", "vader": "float64", "story_id": "str",
    "copies": "int64", "topic_id": "Int64",
}  # fmt: skip
"""Columns of an article list with their types, in order; docs/columns.md says what each means."""

REACHES = (31, 124, 496)
"""Days back from the newest article within which the newest ones are looked for before all are."""

FEW = 50
"""Ids that are named one by one: a page of a list. Their look-up is planned in half the time of that of a list."""

ORDERS = {
    "newest": "published DESC NULLS LAST, id",
    "oldest": "published ASC NULLS LAST, id",
    "most_positive": "score DESC NULLS LAST, id",
    "most_negative": "score ASC NULLS LAST, id",
}


def articles(
    store: Store,
    selection: Selection,
    limit: int | None = 50,
    offset: int = 0,
    order: str = "newest",
    folded: bool = False,
) -> pd.DataFrame:
    """The articles of the selection (ARTICLE_COLUMNS); undated ones last, and only where no period is chosen.

    `score`, `label` and `abstain` are toward the target where one target is selected, else overall. `copies` counts
    the story's other articles; `folded` leaves out those that are not the first of their story within the selection.
    Raises KeyError for an order that is not in ORDERS.
    """
    with store.reading() as reading:
        where = article_conditions(selection, real_only(reading), dated=False)
        days = _since(reading, selection) if limit is not None and order == "newest" else [None]
        wanted = None if limit is None else offset + limit
        for since in days:
            chosen = _first(reading, selection, where, since, wanted, order, folded)
            if len(chosen["id"]) == wanted:
                break
        return _with_texts(reading, _rows(chosen, slice(offset, None)))


def _since(reading: Reading, selection: Selection) -> Iterator[date | None]:
    """Days from which on to look for the newest articles, ever earlier ones; None in the end: at all of them."""
    newest = selection.end
    if newest is None:
        ((newest,),) = reading.rows("SELECT max(published) FROM relevant_articles")
    for days in REACHES if newest is not None else ():
        since = pd.Timestamp(newest).date() - timedelta(days)
        if selection.start is None or since > selection.start:
            yield since
    yield None


def _first(
    reading: Reading,
    selection: Selection,
    where: Conditions,
    since: date | None,
    wanted: int | None,
    order: str,
    folded: bool,
) -> Table:
    """The first `wanted` rows of the list (all: None), or as many as there are from a day on."""
    taken = wanted
    while True:
        chosen = kept = _chosen(reading, selection, where, since, taken, order)
        if folded and (later := _later_copies(reading, where, chosen, taken is not None)):
            kept = _rows(chosen, np.array([id_ not in later for id_ in chosen["id"].tolist()]))
        if taken is None or len(kept["id"]) >= wanted or len(chosen["id"]) < taken:
            return _rows(kept, slice(wanted))
        taken *= 2


def _rows(table: Table, some: slice | np.ndarray) -> Table:
    return {name: values[some] for name, values in table.items()}


def _later_copies(reading: Reading, where: Conditions, chosen: Table, of_few: bool) -> set[str]:
    """The articles that are not the first of their story within the conditions; of the stories among `chosen`, which
    are named to the store where they are few: it then reads no other text."""
    stories = sorted(set(chosen["story_id"][chosen["copies"] > 0].tolist()))
    if not stories:
        return set()
    named = f"AND a.copied_story IN ({placeholders(stories)})" if of_few else ""
    later = reading.rows(
        f"""
        SELECT copy FROM (
            SELECT a.article_id AS copy, row_number() OVER (
                PARTITION BY a.copied_story ORDER BY a.published NULLS LAST, a.article_id) AS place
            FROM {ARTICLES} WHERE {where} AND a.copied_story IS NOT NULL {named}) AS copies
        WHERE place > 1
        """,
        where.parameters + (stories if of_few else []),
    )
    return {id_ for (id_,) in later}


def _chosen(
    reading: Reading, selection: Selection, where: Conditions, since: date | None, most: int | None, order: str
) -> Table:
    where = Conditions([*where.clauses], [*where.parameters])
    if since is not None:
        where.add("a.day >= ?", since)
    tone, source = "a", ARTICLES
    if len(selection.targets) == 1:
        tone, source = "t", f"{ARTICLES} JOIN target_sentiment t ON t.article_id = a.article_id"
        where.add("t.target = ?", selection.targets[0])
    # Ids first: sorting all articles with their texts would move a thousand times as much. Names are given where two
    # tables have them: ClickHouse would call the column a.id.
    return reading.columns(
        f"""
        SELECT a.article_id AS id, a.published AS published, a.day AS day, a.outlet AS outlet, a.language AS language,
               {tone}.score AS score, {tone}.label AS label, {tone}.abstain AS abstain,
               a.vader AS vader, a.story_id AS story_id, a.copies AS copies
        FROM {source} WHERE {where} ORDER BY {ORDERS[order]} {"" if most is None else f"LIMIT {int(most)}"}
        """,
        where.parameters,
    )


def _with_texts(reading: Reading, chosen: Table) -> pd.DataFrame:
    """Those of the chosen that have a text, with it, their group and their topic."""
    # A list of ids is looked up, each by itself where they are few; the same ids from a join would have the whole table
    # read.
    ids = chosen["id"].tolist()
    listed, named = (placeholders(ids), ids) if 0 < len(ids) <= FEW else ("SELECT unnest(?)", [ids])
    texts = reading.columns(
        f"""SELECT id, published_offset, published_quality, title, summary, url FROM articles WHERE id IN ({listed})""",
        named,
    )
    topics = dict(
        reading.rows(f"SELECT article_id, topic_id FROM article_topics WHERE article_id IN ({listed})", named)
    )
    groups = outlet_groups(reading)
    place = {id_: number for number, id_ in enumerate(texts["id"].tolist())}
    chosen = _rows(chosen, np.array([id_ in place for id_ in ids], dtype=bool))
    ids = chosen["id"].tolist()
    columns = chosen | _rows(texts, np.array([place[id_] for id_ in ids], dtype=int))
    columns["group"] = [groups.get(outlet) for outlet in chosen["outlet"].tolist()]
    columns["topic_id"] = [topics.get(id_) for id_ in ids]
    return pd.DataFrame({name: pd.array(columns[name], dtype=kind) for name, kind in ARTICLE_COLUMNS.items()})


def article_count(store: Store, selection: Selection, folded: bool = False) -> int:
    """How many articles `articles` has to offer."""
    # Of each story one article is left.
    counted = "count(CASE WHEN a.copied_story IS NULL THEN 1 END) + count(DISTINCT a.copied_story)"
    with store.reading() as reading:
        where = article_conditions(selection, real_only(reading), dated=False)
        what = counted if folded else "count(*)"
        return reading.rows(f"SELECT {what} FROM {ARTICLES} WHERE {where}", where.parameters)[0][0]
