"""`roll_day`: counts and sums a day, outlet and language, kept equal to what the other tables say.

The rollup is one SELECT over the store. What it gives is compared with what is stored, and only the days that differ
are written: a late article, a regrouped story or a refitted topic needs no bookkeeping of its own.
"""

import pandas as pd

from ingest import config
from ingest.store import Store

DAYS_A_WRITE = 400
"""Days replaced in one transaction, so that readers wait a fraction of a second."""

_KEY = ["day", "outlet", "language", "kind", "key"]
_FIGURES = ["n", "n_stories", "n_scored", "n_abstain", "score_sum", "score_sum2", "vader_n", "vader_sum"]

_ARTICLES = """
    WITH counted AS (
        SELECT a.id, CAST(a.published AT TIME ZONE '{zone}' AS DATE) AS day, a.outlet, n.language, n.relevance,
               n.score, n.abstain, n.vader, CASE WHEN s.is_original IS FALSE THEN 0 ELSE 1 END AS original
        FROM articles a JOIN annotations n ON n.article_id = a.id LEFT JOIN stories s ON s.article_id = a.id
        WHERE a.duplicate_of IS NULL AND a.published IS NOT NULL
    ), kinds AS (
        SELECT *, 'all' AS kind, '' AS key FROM counted
        UNION ALL SELECT *, 'relevant', '' FROM counted WHERE relevance = 'yes'
        UNION ALL SELECT c.*, 'theme', t.theme FROM counted c JOIN article_themes t ON t.article_id = c.id
            WHERE c.relevance = 'yes'
        UNION ALL SELECT c.*, 'topic', CAST(t.topic_id AS TEXT) FROM counted c
            JOIN article_topics t ON t.article_id = c.id WHERE c.relevance = 'yes'
        UNION ALL SELECT c.id, c.day, c.outlet, c.language, c.relevance, t.score, t.abstain, c.vader, c.original,
            'target', t.target FROM counted c JOIN target_sentiment t ON t.article_id = c.id
            WHERE c.relevance = 'yes'
    )
    SELECT day, outlet, language, kind, key, count(*) AS n, sum(original) AS n_stories, count(score) AS n_scored,
           sum(CASE WHEN abstain AND score IS NOT NULL THEN 1 ELSE 0 END) AS n_abstain,
           coalesce(sum(score), 0) AS score_sum, coalesce(sum(score * score), 0) AS score_sum2,
           count(vader) AS vader_n, coalesce(sum(vader), 0) AS vader_sum
    FROM kinds GROUP BY day, outlet, language, kind, key
"""


def rebuild(store: Store) -> int:
    """Bring `roll_day` up to date; returns the number of days that were written."""
    fresh = store.frame(_ARTICLES.format(zone=config.timezone().key))
    stored = store.frame(f"SELECT {', '.join(_KEY + _FIGURES)} FROM roll_day")
    days = _days_that_differ(fresh, stored)
    for at in range(0, len(days), DAYS_A_WRITE):
        some = days[at : at + DAYS_A_WRITE]
        with store.transaction() as tx:
            tx.execute("DELETE FROM roll_day WHERE day IN (SELECT unnest(?))", [[day.date() for day in some]])
            tx.upsert("roll_day", fresh[fresh["day"].isin(some)], key=_KEY)
    return len(days)


def _days_that_differ(fresh: pd.DataFrame, stored: pd.DataFrame) -> list[pd.Timestamp]:
    both = fresh.merge(stored, on=_KEY, how="outer", suffixes=("", "_stored"))
    same = pd.Series(True, index=both.index)
    for figure in _FIGURES:
        # Sums are added in no fixed order: equal up to rounding is equal.
        same &= (both[figure] - both[f"{figure}_stored"]).abs() < 1e-6
    return sorted(both.loc[~same, "day"].unique())
