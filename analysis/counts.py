"""Counts and sums by bucket and key, and the stories behind a mean."""

import pandas as pd

from analysis import relations
from analysis.collected import typed
from analysis.relations import Relation, bucket
from analysis.selection import Breakdown, Frequency, Selection
from ingest.store import Reading

_SUMS = ("n", "n_stories", "n_scored", "n_abstain", "score_sum", "vader_n", "vader_sum")


def counts(reading: Reading, selection: Selection, by: Breakdown, freq: Frequency) -> pd.DataFrame:
    """Relevant articles of the selection: bucket, key and the sums of `roll_day` (n, n_stories, ..., vader_sum)."""
    days = relations.sums(reading, selection, by)
    if days is None:
        return _of_articles(reading, relations.articles(reading, selection, by), freq)
    columns = ", ".join(f"{_total(name)} AS {name}" for name in _SUMS)
    frame = reading.frame(
        f"""SELECT {bucket("r.day", freq)} AS bucket, {days.key} AS key, {columns}
            FROM {days.source} WHERE {days.where} GROUP BY 1, 2""",
        days.where.parameters,
    )
    return typed(frame)


def _of_articles(reading: Reading, rows: Relation, freq: Frequency) -> pd.DataFrame:
    frame = reading.frame(
        f"""SELECT {bucket("a.day", freq)} AS bucket, {rows.key} AS key, {_article_sums(rows.tone)}
            FROM {rows.source} WHERE {rows.where} GROUP BY 1, 2""",
        rows.where.parameters,
    )
    return typed(frame)


def _article_sums(tone: str) -> str:
    return f"""
        count(*) AS n, sum(CASE WHEN a.is_original THEN 1 ELSE 0 END) AS n_stories, count({tone}.score) AS n_scored,
        sum(CASE WHEN {tone}.score IS NOT NULL AND {tone}.abstain THEN 1 ELSE 0 END) AS n_abstain,
        COALESCE(sum({tone}.score), 0) AS score_sum,
        count(a.vader) AS vader_n, COALESCE(sum(a.vader), 0) AS vader_sum
    """


def counts_and_classes(
    reading: Reading, selection: Selection, by: Breakdown, freq: Frequency
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """`counts`, and the classes of stories that `bands` reads.

    A class holds scored stories of a bucket, key and first day with the same number of articles: bucket, key, day,
    n (articles a story), stories, s1 and s2 (sum and sum of squares of the stories' score sums).
    """
    days, copies = (of(reading, selection, by) for of in (relations.sums, relations.copies))
    if days is not None:
        return counts(reading, selection, by, freq), _classes_of_days(reading, days, copies, freq)
    return _both_of_articles(reading, relations.articles(reading, selection, by), freq)


def _classes_of_days(reading: Reading, days: Relation, copies: Relation, freq: Frequency) -> pd.DataFrame:
    """Only articles of stories with copies are read: all others are the days' sums less theirs, each a story."""
    frame = reading.frame(
        f"""WITH read AS (
                SELECT {bucket("r.day", freq)} AS bucket, {copies.key} AS key, r.story_id AS story, r.day AS day,
                       r.score AS score
                FROM {copies.source} WHERE {copies.where}
            ), parts AS (
                SELECT bucket, key, day, n, 1 AS stories, score AS s1, score * score AS s2
                FROM (SELECT bucket, key, min(day) AS day, count(*) AS n, sum(score) AS score
                      FROM read GROUP BY bucket, key, story) AS story_sums
                UNION ALL
                SELECT {bucket("r.day", freq)}, {days.key}, r.day, 1, sum(r.n_scored),
                       sum(r.score_sum), sum(r.score_sum2) FROM {days.source} WHERE {days.where} GROUP BY 1, 2, 3
                UNION ALL
                SELECT bucket, key, day, 1, -count(*), -sum(score), -sum(score * score) FROM read GROUP BY 1, 2, 3
            )
            SELECT p.bucket, p.key, p.day, p.n, sum(p.stories) AS stories, sum(p.s1) AS s1, sum(p.s2) AS s2
            FROM parts p GROUP BY 1, 2, 3, 4 HAVING sum(p.stories) > 0 ORDER BY 1, 2, 3, 4""",
        copies.where.parameters + days.where.parameters,
    )
    return typed(frame)


def _both_of_articles(reading: Reading, rows: Relation, freq: Frequency) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Both from one look at the articles, for what is costly, such as a search, is the look. Articles without copies
    are put together by day: each is a story."""
    frame = reading.frame(
        f"""WITH told AS (
                SELECT {bucket("a.day", freq)} AS bucket, {rows.key} AS key, {_article_sums(rows.tone)},
                       CASE WHEN a.copies > 0 THEN a.story_id END AS story,
                       min(CASE WHEN {rows.tone}.score IS NOT NULL THEN a.day END) AS day,
                       sum({rows.tone}.score * {rows.tone}.score) AS squares
                FROM {rows.source} WHERE {rows.where}
                GROUP BY 1, 2, CASE WHEN a.copies > 0 THEN a.story_id END, CASE WHEN a.copies = 0 THEN a.day END
            )
            SELECT t.bucket, t.key, t.day, CASE WHEN t.story IS NULL THEN 1 ELSE t.n_scored END AS size,
                   CASE WHEN t.story IS NULL THEN t.n_scored ELSE 1 END AS stories,
                   CASE WHEN t.story IS NULL THEN t.squares ELSE t.score_sum * t.score_sum END AS s2,
                   {", ".join(f"t.{name}" for name in _SUMS)}
            FROM told t ORDER BY 1, 2, 3, 4""",
        rows.where.parameters,
    )
    frame = typed(frame)
    counted = frame.groupby(["bucket", "key"], as_index=False)[list(_SUMS)].sum()
    classes = frame.loc[frame["n_scored"] > 0, ["bucket", "key", "day", "size", "stories", "score_sum", "s2"]]
    return counted, classes.rename(columns={"size": "n", "score_sum": "s1"})


def _total(column: str) -> str:
    """A sum of `roll_day`; a count stays a whole number (a database's own sum of them may be wider)."""
    return f"sum(r.{column})" if column.endswith("_sum") else f"CAST(sum(r.{column}) AS BIGINT)"
