"""Lists of articles: which ones, in what order, and what a reader sees of each."""

import pandas as pd

from analysis.relations import real_only
from analysis.selection import Selection
from analysis.where import ARTICLES, Conditions, article_conditions
from ingest.store import Reading, Store

ARTICLE_COLUMNS = (
    "id", "published", "published_offset", "published_quality", "day", "title", "summary", "outlet", "group",
    "language", "url", "score", "label", "abstain", "vader", "story_id", "copies", "topic_id",
)  # fmt: skip
"""Columns of an article list, in order; docs/columns.md says what each means."""

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
        if folded:
            _fold(where)
        return _articles(reading, selection, where, limit, offset, order)


def _fold(where: Conditions) -> None:
    """Leave out the later copies among the articles that the conditions give."""
    copies = f"""
        SELECT a.article_id AS copy, row_number() OVER (
            PARTITION BY a.story_id ORDER BY a.published NULLS LAST, a.article_id) AS place
        FROM {ARTICLES} WHERE {where} AND a.copies > 0
    """
    where.add(f"a.article_id NOT IN (SELECT copy FROM ({copies}) AS copies WHERE place > 1)", *where.parameters)


def _articles(
    reading: Reading, selection: Selection, where: Conditions, limit: int | None, offset: int, order: str
) -> pd.DataFrame:
    tone, source = "a", ARTICLES
    if len(selection.targets) == 1:
        tone, source = "t", f"{ARTICLES} JOIN target_sentiment t ON t.article_id = a.article_id"
        where.add("t.target = ?", selection.targets[0])
    paging = "" if limit is None else f"LIMIT {int(limit)} OFFSET {int(offset)}"
    # Ids first: sorting all articles with their texts would move a thousand times as much. Names are given where two
    # tables have them: ClickHouse would call the column a.id.
    chosen = reading.frame(
        f"""
        SELECT a.article_id AS id, a.published AS published, a.day AS day, a.outlet AS outlet, o.group_id AS "group",
               a.language AS language, {tone}.score AS score, {tone}.label AS label, {tone}.abstain AS abstain,
               a.vader AS vader, a.story_id AS story_id, a.copies AS copies
        FROM {source} WHERE {where} ORDER BY {ORDERS[order]} {paging}
        """,
        where.parameters,
    )
    # A list of ids is looked up; the same ids from a join would have the whole table read.
    listed = [chosen["id"].tolist()]
    texts = reading.frame(
        """SELECT id, published_offset, published_quality, title, summary, url FROM articles
           WHERE id IN (SELECT unnest(?))""",
        listed,
    )
    topics = reading.rows(
        "SELECT article_id, topic_id FROM article_topics WHERE article_id IN (SELECT unnest(?))", listed
    )
    frame = chosen.merge(texts, on="id").assign(topic_id=chosen["id"].map(dict(topics)))
    return frame.loc[:, list(ARTICLE_COLUMNS)].astype({"topic_id": "Int64", "copies": "int64", "abstain": "boolean"})


def article_count(store: Store, selection: Selection, folded: bool = False) -> int:
    """How many articles `articles` has to offer."""
    with store.reading() as reading:
        where = article_conditions(selection, real_only(reading), dated=False)
        if folded:
            _fold(where)
        return reading.rows(f"SELECT count(*) FROM {ARTICLES} WHERE {where}", where.parameters)[0][0]
