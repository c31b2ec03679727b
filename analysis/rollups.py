"""`roll_day` and `roll_copies`, what the charts read, kept equal to what the other tables say.

The one holds counts and sums a day, outlet and language; the other the articles of which sums say too little, since
bands take a story for one voice: those of stories with copies. Each is one SELECT over the store. What it gives is
compared with what is stored, and only what differs is written: a late article, a regrouped story or a refitted topic
needs no bookkeeping of its own. The store compares, some months at a time: neither the articles nor their sums are
ever in this process as a whole.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from analysis.where import day_sql, midnight
from ingest import config
from ingest.store import Store

ROWS_A_WRITE = 50_000
"""Rows replaced in one transaction, so that readers wait a fraction of a second."""

ARTICLES_A_LOOK = 500_000
"""Articles added up at a time: about 200 MB in the store, whatever the size of the collection."""

_KEY = ["day", "outlet", "language", "kind", "key"]
_COUNTS = ["n", "n_stories", "n_scored", "n_abstain", "vader_n"]
_SUMS = ["score_sum", "score_sum2", "vader_sum"]

_FRESH = """
    WITH counted AS (
        SELECT a.id, {day} AS day, a.outlet, n.language, n.relevance,
               n.score, n.abstain, n.vader, CASE WHEN s.is_original IS FALSE THEN 0 ELSE 1 END AS original
        FROM articles a JOIN {twin}annotations n ON n.article_id = a.id LEFT JOIN stories s ON s.article_id = a.id
        WHERE a.duplicate_of IS NULL AND a.published >= $begin AND a.published < $end
    ), kinds AS (
        SELECT id, day, outlet, language, score, abstain, vader, original, 'all' AS kind, '' AS key FROM counted
        UNION ALL SELECT id, day, outlet, language, score, abstain, vader, original, 'relevant', '' FROM counted
            WHERE relevance = 'yes'
        UNION ALL SELECT id, day, outlet, language, score, abstain, vader, original, 'theme', t.theme
            FROM counted c JOIN {twin}article_themes t ON t.article_id = c.id WHERE c.relevance = 'yes'
        UNION ALL SELECT id, day, outlet, language, score, abstain, vader, original, 'topic', CAST(t.topic_id AS TEXT)
            FROM counted c JOIN article_topics t ON t.article_id = c.id WHERE c.relevance = 'yes'
        UNION ALL SELECT id, day, outlet, language, t.score, t.abstain, vader, original, 'target', t.target
            FROM counted c JOIN {twin}target_sentiment t ON t.article_id = c.id WHERE c.relevance = 'yes'
    ), fresh AS (
        SELECT day, outlet, language, kind, key, count(*) AS n, sum(original) AS n_stories, count(score) AS n_scored,
               sum(CASE WHEN abstain AND score IS NOT NULL THEN 1 ELSE 0 END) AS n_abstain,
               coalesce(sum(score), 0) AS score_sum, coalesce(sum(score * score), 0) AS score_sum2,
               count(vader) AS vader_n, coalesce(sum(vader), 0) AS vader_sum
        FROM kinds GROUP BY day, outlet, language, kind, key
    )
"""

# Sums are added in no fixed order: equal up to rounding is equal.
_SAME = " AND ".join(
    [f"f.{name} = r.{name}" for name in _COUNTS] + [f"abs(f.{name} - r.{name}) < 1e-6" for name in _SUMS]
)

_DIFFERING = f"""
    {_FRESH}, differing AS (
        SELECT coalesce(f.day, r.day) AS day
        FROM fresh f FULL JOIN (SELECT * FROM {{twin}}roll_day WHERE day >= $first AND day <= $last) r
             ON {" AND ".join(f"f.{name} = r.{name}" for name in _KEY)}
        WHERE ({_SAME}) IS NOT TRUE
    )
    SELECT f.* FROM fresh f WHERE f.day IN (SELECT day FROM differing)
    UNION ALL
    SELECT DISTINCT day, NULL, NULL, NULL, NULL, 0, 0, 0, 0, 0, 0, 0, 0 FROM differing
    ORDER BY 1, 2, 3, 4, 5
"""
"""The fresh rows of days that differ, and one row without an outlet for each such day (it may have lost them all)."""


def rebuild(store: Store, twin: str = "") -> int:
    """Bring both up to date; returns the number of days of `roll_day` that were written.

    `twin` begins the names of the tables to add up and to write, where another engine is about to be shown
    (`analysis.rereading`).
    """
    refresh_copies(store, twin)
    return sum(_rebuild(store, first, last, twin) for first, last in _spans(store, twin))


_COPIES = """
    WITH fresh AS (
        SELECT a.id AS article_id, s.story_id, {day} AS day, a.outlet, n.language, n.score
        FROM articles a JOIN {twin}annotations n ON n.article_id = a.id JOIN stories s ON s.article_id = a.id
        WHERE a.duplicate_of IS NULL AND a.published IS NOT NULL AND n.relevance = 'yes'
              AND s.story_id IN (SELECT story_id FROM stories WHERE NOT is_original)
    )
    SELECT coalesce(f.article_id, r.article_id) AS article_id, f.story_id, f.day, f.outlet, f.language, f.score
    FROM fresh f FULL JOIN {twin}roll_copies r ON f.article_id = r.article_id
    WHERE (f.story_id = r.story_id AND f.day = r.day AND f.outlet = r.outlet AND f.language = r.language
           AND f.score IS NOT DISTINCT FROM r.score) IS NOT TRUE
"""
"""Rows to write; without a story: to take away."""


def refresh_copies(store: Store, twin: str = "") -> int:
    """Bring `roll_copies` up to date; returns the number of rows written or taken away."""
    rows = store.frame(_COPIES.format(day=day_sql(), twin=twin))
    for at in range(0, len(rows), ROWS_A_WRITE):
        some = rows.iloc[at : at + ROWS_A_WRITE]
        gone = some["story_id"].isna()
        ids = some["article_id"][gone].tolist()
        with store.transaction() as tx:
            tx.execute(f"DELETE FROM {twin}roll_copies WHERE article_id IN (SELECT unnest(?))", [ids])
            tx.upsert(f"{twin}roll_copies", some[~gone], key=["article_id"])
    return len(rows)


def _spans(store: Store, twin: str) -> Iterator[tuple[date, date]]:
    """First and last days of adjacent spans that cover every article and every row of `roll_day`."""
    days = store.rows(
        f"""
        SELECT day, sum(n) FROM (
            SELECT {day_sql()} AS day, count(*) AS n FROM articles a WHERE a.published IS NOT NULL GROUP BY 1
            UNION ALL SELECT DISTINCT day, 0 FROM {twin}roll_day) AS days
        GROUP BY day ORDER BY day
        """
    )
    first, held = None, 0
    for day, n in days:
        first, held = first or day, held + n
        if held >= ARTICLES_A_LOOK or day == days[-1][0]:
            yield first, day
            first, held = None, 0


def _rebuild(store: Store, first: date, last: date, twin: str) -> int:
    zone = config.timezone()
    span = {
        "begin": midnight(first, zone), "end": midnight(last + timedelta(days=1), zone), "first": first, "last": last,
    }  # fmt: skip
    rows = store.frame(_DIFFERING.format(day=day_sql(), twin=twin), span)
    days = sorted(rows["day"].unique())
    days_a_write = max(1, ROWS_A_WRITE * len(days) // max(1, len(rows)))
    for at in range(0, len(days), days_a_write):
        some = days[at : at + days_a_write]
        with store.transaction() as tx:
            tx.execute(f"DELETE FROM {twin}roll_day WHERE day IN (SELECT unnest(?))", [[day.date() for day in some]])
            tx.upsert(f"{twin}roll_day", rows[rows["day"].isin(some) & rows["outlet"].notna()], key=_KEY)
    return len(days)
