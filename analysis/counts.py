"""Counts and sums by bucket and key, and the stories behind a mean."""

import numpy as np
import pandas as pd

from analysis import buckets, relations
from analysis.collected import SUMS, add_from, added, beginnings, of_outlets, total, typed
from analysis.relations import Relation, bucket
from analysis.selection import Breakdown, Frequency, Selection
from ingest.store import Reading

_TOLD = ("n", "n_stories", "n_scored", "n_abstain", "score_sum", "vader_n", "vader_sum")
"""Columns that are added up from articles."""

_CLASS = ["bucket", "key", "day", "n", "stories", "s1", "s2"]


def counts(reading: Reading, selection: Selection, by: Breakdown, freq: Frequency) -> pd.DataFrame:
    """Relevant articles of the selection: bucket, key and the sums of `roll_day` (n, n_stories, ..., vader_sum)."""
    if relations.of_everything(selection, by):
        frame = of_outlets(reading, selection, by, freq)
        return frame[frame["n"] > 0].drop(columns="n_all")
    days = relations.sums(reading, selection, by)
    if days is None:
        return _of_articles(reading, relations.articles(reading, selection, by), freq)
    columns = ", ".join(f"{total(name)} AS {name}" for name in SUMS)
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
    if days is None:
        return _both_of_articles(reading, relations.articles(reading, selection, by), freq)
    daily = _daily(reading, selection, by, days)
    daily["bucket"] = buckets.first_days(daily["day"], freq)
    copied = _copied(reading, copies)
    copied["bucket"] = buckets.first_days(copied["day"], freq)
    return added(daily.drop(columns="day")), _classes(daily, copied)


def _daily(reading: Reading, selection: Selection, by: Breakdown, days: Relation) -> pd.DataFrame:
    """key, day and SUMS, in order."""
    if by == "none" and relations.of_everything(selection, by):
        frame = of_outlets(reading, selection, by, "day")
        return frame[frame["n"] > 0].drop(columns="n_all").rename(columns={"bucket": "day"})
    columns = ", ".join(f"{total(name)} AS {name}" for name in SUMS)
    frame = reading.frame(
        f"""SELECT {days.key} AS key, r.day AS day, {columns}
            FROM {days.source} WHERE {days.where} GROUP BY 1, 2 ORDER BY 1, 2""",
        days.where.parameters,
    )
    return typed(frame)


def _copied(reading: Reading, copies: Relation) -> pd.DataFrame:
    """Scored articles of stories with copies: key, story, day, score; in order."""
    frame = reading.frame(
        f"""SELECT {copies.key} AS key, r.story_id AS story, r.day AS day, r.score AS score
            FROM {copies.source} WHERE {copies.where} ORDER BY 1, 2, 3""",
        copies.where.parameters,
    )
    return typed(frame)


def _classes(daily: pd.DataFrame, copied: pd.DataFrame) -> pd.DataFrame:
    """Articles of stories with copies are put together by story; all others are the days' sums less theirs, each a
    story. Both frames are in order of key and day, `copied` with the story in between."""
    number = {key: place for place, key in enumerate(dict.fromkeys(daily["key"].tolist()))}
    columns = {name: copied[name].to_numpy() for name in ("bucket", "story", "day", "score")}
    key, score = np.array([number[key] for key in copied["key"].tolist()], dtype=int), columns["score"]
    first = beginnings(key, columns["story"], columns["bucket"])
    told = add_from(first, score)
    rows = [
        (
            np.array([number[key] for key in daily["key"].tolist()], dtype=int), daily["bucket"], daily["day"],
            np.ones(len(daily), dtype=int), daily["n_scored"], daily["score_sum"], daily["score_sum2"],
        ),
        (
            key[first], columns["bucket"][first], columns["day"][first],
            np.diff(first, append=len(key)), np.ones(len(first)), told, told**2,
        ),
        (
            key, columns["bucket"], columns["day"],
            np.ones(len(key), dtype=int), np.full(len(key), -1), -score, -(score**2),
        ),
    ]  # fmt: skip
    key, bucket, day, n, *sums = (np.concatenate(column) for column in zip(*rows, strict=True))
    order = np.lexsort((n, day, bucket, key))
    key, bucket, day, n = (column[order] for column in (key, bucket, day, n))
    first = beginnings(key, bucket, day, n)
    stories, s1, s2 = (add_from(first, column[order]) for column in sums)
    some = stories > 0
    at = first[some]
    keys = pd.Index(list(number), dtype="str").take(key[at])
    values = (bucket[at], keys, day[at], n[at], stories[some].astype("int64"), s1[some], s2[some])
    return pd.DataFrame(dict(zip(_CLASS, values, strict=True)))


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
                   {", ".join(f"t.{name}" for name in _TOLD)}
            FROM told t ORDER BY 1, 2, 3, 4""",
        rows.where.parameters,
    )
    frame = typed(frame)
    counted = frame.groupby(["bucket", "key"], as_index=False)[list(_TOLD)].sum()
    classes = frame.loc[frame["n_scored"] > 0, ["bucket", "key", "day", "size", "stories", "score_sum", "s2"]]
    return counted, classes.rename(columns={"size": "n", "score_sum": "s1"})
