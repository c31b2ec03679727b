"""How many articles each value of each filter would give: the numbers in the filter bar."""

from dataclasses import replace

import pandas as pd

from analysis.relations import CONTENT_FIELDS, grouped, real_only
from analysis.selection import Selection
from analysis.where import ARTICLES, ROLLUP, Conditions, article_conditions, rollup_conditions
from ingest.store import Reading, Store

FACETS = {
    "outlet": ("outlets", "r.outlet"),
    "group": ("groups", "o.group_id"),
    "language": ("languages", "r.language"),
    "target": ("targets", "r.key"),
    "theme": ("themes", "r.key"),
    "topic": ("topics", "r.key"),
    "entity": ("entities", "k.entity"),
}
"""What can be counted for the filter bar: facet → (field of Selection, column)."""


def facets(store: Store, selection: Selection, names: tuple[str, ...] = tuple(FACETS)) -> pd.DataFrame:
    """Relevant articles by value of each named facet: facet, value, n; most frequent first.

    The counts of a facet leave its own filter aside, so that they say what choosing another value would give.
    """
    with store.reading() as reading:
        frames = [_facet(reading, name, replace(selection, **{FACETS[name][0]: ()})) for name in names]
    found = pd.concat(frames, ignore_index=True)
    return found.astype({"facet": "str", "value": "str", "n": "int64"})


def _facet(reading: Reading, name: str, selection: Selection) -> pd.DataFrame:
    content = any((selection.targets, selection.themes, selection.topics, selection.entities, selection.search))
    if content or name == "entity":
        source, where, value, n = _facet_of_articles(reading, name, selection)
    else:
        kind = name if name in CONTENT_FIELDS else "relevant"
        source, where = grouped(ROLLUP, name, "r"), rollup_conditions(selection, real_only(reading), kind)
        value, n = FACETS[name][1], "sum(r.n)"
    columns = f"'{name}' AS facet, {value} AS value, {n} AS n"
    sql = f"SELECT {columns} FROM {source} WHERE {where} GROUP BY 2 ORDER BY 3 DESC, 2"
    return reading.frame(sql, where.parameters).astype({"value": "str"})


_FACET_TABLES = {
    "target": ("target_sentiment", "k.target"),
    "theme": ("article_themes", "k.theme"),
    "topic": ("article_topics", "k.topic_id"),
    "entity": ("article_entities", "k.entity"),
}


def _facet_of_articles(reading: Reading, name: str, selection: Selection) -> tuple[str, Conditions, str, str]:
    where = article_conditions(selection, real_only(reading))
    if name in _FACET_TABLES:
        table, value = _FACET_TABLES[name]
        return f"{ARTICLES} JOIN {table} k ON k.article_id = a.article_id", where, value, "count(*)"
    value = {"outlet": "a.outlet", "group": "o.group_id", "language": "a.language"}[name]
    return grouped(ARTICLES, name, "a"), where, value, "count(*)"
