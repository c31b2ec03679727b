"""Counts and sums by bucket and key, read from the rollups where they can answer and from article rows otherwise."""

from dataclasses import replace

import pandas as pd

from analysis.buckets import WHOLE, Span
from analysis.selection import Breakdown, Frequency, Selection
from analysis.where import (
    ARTICLES,
    COPIES,
    ROLLUP,
    Conditions,
    article_conditions,
    day_sql,
    local_day,
    placeholders,
    rollup_conditions,
)
from ingest.store import Reading

SUCCESSES = ("ok", "not_modified", "unchanged", "moved", "empty")
"""Fetch statuses after which "no article" means that there was none."""

CONTENT_FIELDS = {"target": "targets", "theme": "themes", "topic": "topics"}
"""Breakdown by what an article says → the Selection field of the same thing, which then chooses the keys."""

_ROLLUP_KEYS = {"none": "''", "source": "r.outlet", "group": "o.group_id", "language": "r.language"}
_ARTICLE_KEYS = {"none": "''", "source": "a.outlet", "group": "o.group_id", "language": "a.language"}
_CONTENT_KEYS = {
    "target": ("target_sentiment", "k.target"),
    "theme": ("article_themes", "k.theme"),
    "topic": ("article_topics", "CAST(k.topic_id AS TEXT)"),
}
_CELL = "{target} || ' ' || o.group_id || ' ' || {language}"
"""Key of a target, outlet group and language together."""

_FEED_KEYS = {"source": "f.outlet", "group": "f.group_id", "language": "split_part(f.language, '-', 1)"}
_ROLLUP_SUMS = ("n", "n_stories", "n_scored", "n_abstain", "score_sum", "vader_n", "vader_sum")


def real_only(reading: Reading) -> bool:
    """Whether the store holds an outlet that is not sample data: from then on sample articles do not count."""
    return reading.rows("SELECT count(*) FROM outlets WHERE NOT sample")[0][0] > 0


def collected_span(reading: Reading, selection: Selection) -> Span | None:
    """The days for which the selection's outlets can have articles; None where there are none.

    It ends with the last article or successful fetch, never with the clock: one store gives one answer.
    """
    where = rollup_conditions(replace(selection, start=None, end=None), real_only(reading), "all")
    first, last = reading.rows(f"SELECT min(r.day), max(r.day) FROM {ROLLUP} WHERE {where}", where.parameters)[0]
    if first is None:
        return None
    seen, fetched = _last_look(reading)
    # A date in the future is an error of its feed: nothing can be published after it was seen.
    end = min(max(pd.Timestamp(last), fetched or pd.Timestamp(last)), max(seen, fetched or seen))
    start = max(pd.Timestamp(first), pd.Timestamp(selection.start or first))
    span = Span(start, min(end, pd.Timestamp(selection.end or end)), max(seen, fetched or seen))
    return span if span.first <= span.last else None


def _last_look(reading: Reading) -> tuple[pd.Timestamp, pd.Timestamp | None]:
    """Days on which an article was last seen for the first time and a feed last fetched with success."""
    seen, fetched = reading.rows(
        f"""SELECT (SELECT max(first_seen) FROM articles),
                   (SELECT max(x.started_at) FROM fetches x JOIN feeds f ON f.url = x.feed_url
                    WHERE x.status IN ({placeholders(SUCCESSES)}))""",
        SUCCESSES,
    )[0]
    return local_day(seen), None if fetched is None else local_day(fetched)


def _rollup_key(by: Breakdown, content: str = "r.key") -> str:
    """content: the column of what the articles say."""
    if by == "cell":
        return _CELL.format(target=content, language=_ROLLUP_KEYS["language"])
    return _ROLLUP_KEYS.get(by, content)


def counts(reading: Reading, selection: Selection, by: Breakdown, freq: Frequency) -> pd.DataFrame:
    """Relevant articles of the selection: bucket, key and the sums of `roll_day` (n, n_stories, ..., vader_sum)."""
    kind = _rollup_kind(selection, by)
    return _from_rollup(reading, selection, by, freq, *kind) if kind else _from_articles(reading, selection, by, freq)


def denominators(reading: Reading, selection: Selection, by: Breakdown, freq: Frequency) -> pd.DataFrame:
    """bucket, [key where `by` is about outlets], n_all, n_relevant: of the same outlets, languages and period."""
    key = _ROLLUP_KEYS.get(by, "''")
    where = rollup_conditions(selection, real_only(reading), "all", "relevant")
    frame = reading.frame(
        f"""SELECT {_bucket("r.day", freq)} AS bucket, {key} AS key,
                   CAST(sum(CASE WHEN r.kind = 'all' THEN r.n ELSE 0 END) AS BIGINT) AS n_all,
                   CAST(sum(CASE WHEN r.kind = 'relevant' THEN r.n ELSE 0 END) AS BIGINT) AS n_relevant
            FROM {ROLLUP} WHERE {where} GROUP BY 1, 2""",
        where.parameters,
    )
    return _typed(frame)


def story_classes(reading: Reading, selection: Selection, by: Breakdown, freq: Frequency) -> pd.DataFrame:
    """Scored stories of a bucket, key and first day with the same number of articles: what `bands` reads.

    bucket, key, day, n (articles a story), stories, s1 and s2 (sum and sum of squares of the stories' score sums).
    Where rollups answer, only articles of stories with copies are read: the others are the rollup's sums less theirs.
    """
    kind = _rollup_kind(selection, by)
    if kind:
        source, key, tone, where = _copied_parts(reading, selection, by, *kind)
        story, day = "r.story_id", "r.day"
        singles, parameters = _single_stories(reading, selection, by, freq, *kind)
    else:
        source, key, tone, where = _article_parts(reading, selection, by)
        story, day = "a.story_id", "a.day"
        singles, parameters = "", []
    where.add(f"{tone}.score IS NOT NULL")
    frame = reading.frame(
        f"""WITH read AS (
                SELECT {_bucket(day, freq)} AS bucket, {key} AS key, {story} AS story, {day} AS day,
                       {tone}.score AS score
                FROM {source} WHERE {where}
            ), parts AS (
                SELECT bucket, key, day, n, 1 AS stories, score AS s1, score * score AS s2
                FROM (SELECT bucket, key, min(day) AS day, count(*) AS n, sum(score) AS score
                      FROM read GROUP BY bucket, key, story) AS story_sums
                {singles}
            )
            SELECT p.bucket, p.key, p.day, p.n, sum(p.stories) AS stories, sum(p.s1) AS s1, sum(p.s2) AS s2
            FROM parts p GROUP BY 1, 2, 3, 4 HAVING sum(p.stories) > 0 ORDER BY 1, 2, 3, 4""",
        where.parameters + parameters,
    )
    return _typed(frame)


def _copied_parts(
    reading: Reading, selection: Selection, by: Breakdown, kind: str, keys: tuple[str, ...]
) -> tuple[str, str, str, Conditions]:
    """The same as `_article_parts`, over the articles of stories with copies."""
    where = rollup_conditions(selection, real_only(reading))
    if kind not in _CONTENT_KEYS:
        return COPIES, _ROLLUP_KEYS[by], "r", where
    table, column = _CONTENT_KEYS[kind]
    where.add_in(column, keys)
    source = f"{COPIES} JOIN {table} k ON k.article_id = r.article_id"
    return source, _rollup_key(by, column), "k" if kind == "target" else "r", where


def _single_stories(
    reading: Reading, selection: Selection, by: Breakdown, freq: Frequency, kind: str, keys: tuple[str, ...]
) -> tuple[str, list]:
    """SQL of everything that is scored, each article as a story, less the articles in `read`; its parameters."""
    where = _rollup_where(reading, selection, kind, keys)
    return (
        f"""UNION ALL
            SELECT {_bucket("r.day", freq)}, {_rollup_key(by)}, r.day, 1, sum(r.n_scored),
                   sum(r.score_sum), sum(r.score_sum2) FROM {ROLLUP} WHERE {where} GROUP BY 1, 2, 3
            UNION ALL
            SELECT bucket, key, day, 1, -count(*), -sum(score), -sum(score * score) FROM read GROUP BY 1, 2, 3""",
        where.parameters,
    )


def fetched(reading: Reading, selection: Selection, by: Breakdown, freq: Frequency) -> pd.DataFrame:
    """bucket, key: where at least one feed of the selection's outlets was fetched with success."""
    where = Conditions()
    where.add_in("x.status", SUCCESSES)
    where.add_in("f.outlet", selection.outlets)
    where.add_in("f.group_id", selection.groups)
    where.add_in(_FEED_KEYS["language"], selection.languages)
    frame = reading.frame(
        f"""SELECT DISTINCT {_bucket(day_sql("x.started_at"), freq)} AS bucket, {_FEED_KEYS.get(by, "''")} AS key
            FROM fetches x JOIN feeds f ON f.url = x.feed_url WHERE {where}""",
        where.parameters,
    )
    return _typed(frame.dropna())


def _rollup_kind(selection: Selection, by: Breakdown) -> tuple[str, tuple[str, ...]] | None:
    """Kind and keys of the rollup rows that answer; None where only article rows can."""
    chosen = {kind: getattr(selection, name) for kind, name in CONTENT_FIELDS.items() if getattr(selection, name)}
    if selection.entities or selection.search or len(chosen) > 1:
        return None
    said = "target" if by == "cell" else by
    if said in CONTENT_FIELDS:
        return (said, tuple(map(str, chosen.get(said, ())))) if set(chosen) <= {said} else None
    if not chosen:
        return "relevant", ()
    ((kind, values),) = chosen.items()
    return (kind, (str(values[0]),)) if len(values) == 1 else None


def _rollup_where(reading: Reading, selection: Selection, kind: str, keys: tuple[str, ...]) -> Conditions:
    where = rollup_conditions(selection, real_only(reading), kind)
    where.add_in("r.key", keys)
    return where


def _from_rollup(
    reading: Reading, selection: Selection, by: Breakdown, freq: Frequency, kind: str, keys: tuple[str, ...]
) -> pd.DataFrame:
    where = _rollup_where(reading, selection, kind, keys)
    sums = ", ".join(f"{_total(name)} AS {name}" for name in _ROLLUP_SUMS)
    frame = reading.frame(
        f"""SELECT {_bucket("r.day", freq)} AS bucket, {_rollup_key(by)} AS key, {sums}
            FROM {ROLLUP} WHERE {where} GROUP BY 1, 2""",
        where.parameters,
    )
    return _typed(frame)


def _from_articles(reading: Reading, selection: Selection, by: Breakdown, freq: Frequency) -> pd.DataFrame:
    source, key, tone, where = _article_parts(reading, selection, by)
    frame = reading.frame(
        f"""SELECT {_bucket("a.day", freq)} AS bucket, {key} AS key, count(*) AS n,
                   sum(CASE WHEN a.is_original THEN 1 ELSE 0 END) AS n_stories,
                   count({tone}.score) AS n_scored,
                   sum(CASE WHEN {tone}.score IS NOT NULL AND {tone}.abstain THEN 1 ELSE 0 END) AS n_abstain,
                   COALESCE(sum({tone}.score), 0) AS score_sum,
                   count(a.vader) AS vader_n, COALESCE(sum(a.vader), 0) AS vader_sum
            FROM {source} WHERE {where} GROUP BY 1, 2""",
        where.parameters,
    )
    return _typed(frame)


def _article_parts(reading: Reading, selection: Selection, by: Breakdown) -> tuple[str, str, str, Conditions]:
    """Relation, key, alias of the table with the tone, and conditions of a question to the article rows."""
    if by == "cell":
        source, target, tone, where = _article_parts(reading, selection, "target")
        return source, _CELL.format(target=target, language=_ARTICLE_KEYS["language"]), tone, where
    where = article_conditions(selection, real_only(reading))
    if by in _CONTENT_KEYS:
        table, key = _CONTENT_KEYS[by]
        source = f"{ARTICLES} JOIN {table} k ON k.article_id = a.article_id"
        where.add_in(key, map(str, getattr(selection, CONTENT_FIELDS[by])))
    else:
        source, key = ARTICLES, _ARTICLE_KEYS[by]
    if by == "target":
        return source, key, "k", where
    if len(selection.targets) == 1:
        source += " JOIN target_sentiment t ON t.article_id = a.article_id"
        where.add("t.target = ?", selection.targets[0])
        return source, key, "t", where
    return source, key, "a", where


def _total(column: str) -> str:
    """A sum of `roll_day`; a count stays a whole number (a database's own sum of them may be wider)."""
    return f"sum(r.{column})" if column.endswith("_sum") else f"CAST(sum(r.{column}) AS BIGINT)"


def _bucket(day: str, freq: Frequency) -> str:
    if freq == "day":
        return day
    return f"DATE '{WHOLE:%Y-%m-%d}'" if freq == "whole" else f"CAST(date_trunc('{freq}', {day}) AS DATE)"


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    dates = {name: "datetime64[us]" for name in ("bucket", "day") if name in frame}
    sums = {name: "int64" for name in frame if name.startswith("n") or name == "vader_n"}
    # Asking for the type that is there already takes as long as a query.
    wanted = {"key": "str", **dates, **sums}
    changed = {name: kind for name, kind in wanted.items() if frame[name].dtype != kind}
    return frame.astype(changed) if changed else frame
