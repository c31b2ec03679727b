"""Counts and sums by bucket and key, and the stories behind a mean."""

import numpy as np

from analysis import buckets, relations
from analysis.collected import SUMS, add_from, added, beginnings, of_outlets, read, total
from analysis.relations import Relation, bucket
from analysis.selection import Breakdown, Frequency, Selection
from ingest.store import Reading, Table

_TOLD = ("n", "n_stories", "n_scored", "n_abstain", "score_sum", "vader_n", "vader_sum")
"""Columns that are added up from articles."""


def counts(reading: Reading, selection: Selection, by: Breakdown, freq: Frequency) -> Table:
    """Relevant articles of the selection: bucket, key and the sums of `roll_day` (n, n_stories, ..., vader_sum)."""
    if relations.of_everything(selection, by):
        return _relevant(of_outlets(reading, selection, by, freq))
    days = relations.sums(reading, selection, by)
    if days is None:
        return _of_articles(reading, relations.articles(reading, selection, by), freq)
    columns = ", ".join(f"{total(name)} AS {name}" for name in SUMS)
    return read(
        reading,
        f"""SELECT {bucket("r.day", freq)} AS bucket, {days.key} AS key, {columns}
            FROM {days.source} WHERE {days.where} GROUP BY 1, 2""",
        days.where.parameters,
    )


def _relevant(found: Table) -> Table:
    """The rows of `of_outlets` that have relevant articles."""
    some = found["n"] > 0
    return {name: values[some] for name, values in found.items() if name != "n_all"}


def _of_articles(reading: Reading, rows: Relation, freq: Frequency) -> Table:
    return read(
        reading,
        f"""SELECT {bucket("a.day", freq)} AS bucket, {rows.key} AS key, {_article_sums(rows.tone)}
            FROM {rows.source} WHERE {rows.where} GROUP BY 1, 2""",
        rows.where.parameters,
    )


def _article_sums(tone: str) -> str:
    return f"""
        count(*) AS n, sum(CASE WHEN a.is_original THEN 1 ELSE 0 END) AS n_stories, count({tone}.score) AS n_scored,
        sum(CASE WHEN {tone}.score IS NOT NULL AND {tone}.abstain THEN 1 ELSE 0 END) AS n_abstain,
        COALESCE(sum({tone}.score), 0) AS score_sum,
        count(a.vader) AS vader_n, COALESCE(sum(a.vader), 0) AS vader_sum
    """


def counts_and_classes(
    reading: Reading, selection: Selection, by: Breakdown, freq: Frequency
) -> tuple[Table, Table]:
    """`counts`, and the classes of stories that `bands` reads.

    A class holds scored stories of a bucket, key and first day with the same number of articles: bucket, key, day,
    n (articles a story), stories, s1 and s2 (sum and sum of squares of the stories' score sums).
    """
    days, copies = (of(reading, selection, by) for of in (relations.sums, relations.copies))
    if days is None:
        return _both_of_articles(reading, relations.articles(reading, selection, by), freq)
    daily, copied = _daily(reading, selection, by, days), _copied(reading, copies)
    for rows in (daily, copied):
        rows["bucket"] = buckets.first_days(rows["day"], freq)
    return added({name: values for name, values in daily.items() if name != "day"}), _classes(daily, copied)


def _daily(reading: Reading, selection: Selection, by: Breakdown, days: Relation) -> Table:
    """key, day and SUMS, in order."""
    if by == "none" and relations.of_everything(selection, by):
        found = _relevant(of_outlets(reading, selection, by, "day"))
        return {"day": found.pop("bucket")} | found
    columns = ", ".join(f"{total(name)} AS {name}" for name in SUMS)
    return read(
        reading,
        f"""SELECT {days.key} AS key, r.day AS day, {columns}
            FROM {days.source} WHERE {days.where} GROUP BY 1, 2 ORDER BY 1, 2""",
        days.where.parameters,
    )


def _copied(reading: Reading, copies: Relation) -> Table:
    """Scored articles of stories with copies: key, story, day, score; in order."""
    return read(
        reading,
        f"""SELECT {copies.key} AS key, r.story_id AS story, r.day AS day, r.score AS score
            FROM {copies.source} WHERE {copies.where} ORDER BY 1, 2, 3""",
        copies.where.parameters,
    )


def _classes(daily: Table, copied: Table) -> Table:
    """Articles of stories with copies are put together by story; all others are the days' sums less theirs, each a
    story. Both are in order of key and day, `copied` with the story in between."""
    number = {key: place for place, key in enumerate(dict.fromkeys(daily["key"].tolist()))}
    own, key = (np.array([number[key] for key in rows["key"].tolist()], dtype=int) for rows in (daily, copied))
    one, bucket, day, score = np.ones(len(key), dtype=int), copied["bucket"], copied["day"], copied["score"]
    first = beginnings(key, copied["story"], bucket)
    told, told_by = add_from(first, score), np.diff(first, append=len(key))
    rows = [
        (own, daily["bucket"], daily["day"], np.ones_like(own), daily["n_scored"], daily["score_sum"],
         daily["score_sum2"]),
        (key[first], bucket[first], day[first], told_by, one[first], told, told**2),
        (key, bucket, day, one, -one, -score, -(score**2)),
    ]  # fmt: skip
    key, bucket, day, n, stories, s1, s2 = (np.concatenate(column) for column in zip(*rows, strict=True))
    order = np.lexsort((n, day, bucket, key))
    key, bucket, day, n = (column[order] for column in (key, bucket, day, n))
    first = beginnings(key, bucket, day, n)
    stories, s1, s2 = (add_from(first, column[order]) for column in (stories, s1, s2))
    some = stories > 0
    at, keys = first[some], np.array(list(number), dtype=object)
    told = {"bucket": bucket[at], "key": keys[key[at]], "day": day[at], "n": n[at]}
    return told | {"stories": stories[some], "s1": s1[some], "s2": s2[some]}


def _both_of_articles(reading: Reading, rows: Relation, freq: Frequency) -> tuple[Table, Table]:
    """Both from one look at the articles, for what is costly, such as a search, is the look. Articles without copies
    are put together by day: each is a story."""
    found = read(
        reading,
        f"""WITH told AS (
                SELECT {bucket("a.day", freq)} AS bucket, {rows.key} AS key, {_article_sums(rows.tone)},
                       a.copied_story AS story,
                       min(CASE WHEN {rows.tone}.score IS NOT NULL THEN a.day END) AS day,
                       sum({rows.tone}.score * {rows.tone}.score) AS squares
                FROM {rows.source} WHERE {rows.where}
                GROUP BY 1, 2, a.copied_story, CASE WHEN a.copied_story IS NULL THEN a.day END
            )
            SELECT t.bucket, t.key, t.day, CASE WHEN t.story IS NULL THEN 1 ELSE t.n_scored END AS size,
                   CASE WHEN t.story IS NULL THEN t.n_scored ELSE 1 END AS stories,
                   CASE WHEN t.story IS NULL THEN t.squares ELSE t.score_sum * t.score_sum END AS s2,
                   {", ".join(f"t.{name}" for name in _TOLD)}
            FROM told t ORDER BY 1, 2, 3, 4""",
        rows.where.parameters,
    )
    counted = added({name: found[name] for name in ("bucket", "key", *_TOLD)})
    scored = found["n_scored"] > 0
    classes = {"bucket": "bucket", "key": "key", "day": "day", "n": "size", "stories": "stories", "s1": "score_sum"}
    return counted, {name: found[source][scored] for name, source in (classes | {"s2": "s2"}).items()}
