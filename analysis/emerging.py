"""What is new in the store: bursts of terms, themes, topics and outlet groups of the last days, with their articles."""

import json
from collections import defaultdict
from datetime import timedelta

import pandas as pd

from analysis.bursts import PAST_DAYS, bursts
from analysis.text import tokens
from ingest import config
from ingest.store import Store

KINDS = ("term", "theme", "topic", "group")
YEARS_READ = 400
"""Days of articles read: the past of a day, and a year of its weekdays."""


def emerging(store: Store, days: int = 7) -> pd.DataFrame:
    """Bursts of the last `days` days of coverage, strongest first.

    Columns: kind (of KINDS), day, key (term, theme id, topic id as text, or group id), n, outlets, expected, z,
    articles (JSON list of ids). A term that always comes with a stronger one on the same articles is left out.
    """
    articles = _articles(store)
    found = [pd.DataFrame(columns=["kind", "day", "key", "n", "outlets", "expected", "z", "articles"])]
    if len(articles):
        span = pd.date_range(articles["day"].min(), articles["day"].max())
        totals = articles.groupby("day").size().reindex(span, fill_value=0)
        for kind, mentions in _mentions(store, articles).items():
            found.append(_bursts_of(kind, mentions, totals, span[-1] - timedelta(days=days - 1)))
    frame = pd.concat([part for part in found if len(part)] or found, ignore_index=True)
    return frame.sort_values(["z", "kind", "key"], ascending=[False, True, True], ignore_index=True)


def _articles(store: Store) -> pd.DataFrame:
    """Dated relevant articles of the last days with the day of each; sample data only where there is nothing else."""
    frame = store.frame(
        f"""
        SELECT a.id, a.title, a.outlet, n.language,
            CAST(a.published AT TIME ZONE '{config.timezone().key}' AS DATE) AS day
        FROM articles a JOIN annotations n ON n.article_id = a.id
        WHERE n.relevance = 'yes' AND a.duplicate_of IS NULL AND a.published IS NOT NULL
            AND a.outlet NOT IN
                (SELECT outlet FROM outlets WHERE sample AND EXISTS (SELECT 1 FROM outlets WHERE NOT sample))
        """
    )
    frame["day"] = pd.to_datetime(frame["day"])
    return frame[frame["day"] > frame["day"].max() - timedelta(days=YEARS_READ + PAST_DAYS)]


def _mentions(store: Store, articles: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """kind → one row an article and key: id, day, outlet, key."""
    base = articles[["id", "day", "outlet"]]
    words = [sorted(set(tokens(row.title, row.language))) for row in articles.itertuples()]
    themes = store.frame("SELECT article_id AS id, theme AS key FROM article_themes")
    topics = store.frame("SELECT article_id AS id, CAST(topic_id AS TEXT) AS key FROM article_topics")
    groups = store.frame("SELECT outlet, group_id AS key FROM outlets")
    return {
        "term": base.assign(key=words).explode("key").dropna(subset="key"),
        "theme": base.merge(themes, on="id"),
        "topic": base.merge(topics, on="id"),
        "group": base.merge(groups, on="outlet"),
    }


def _bursts_of(kind: str, mentions: pd.DataFrame, totals: pd.Series, first: pd.Timestamp) -> pd.DataFrame:
    counts = mentions.groupby(["day", "outlet", "key"], as_index=False).size().rename(columns={"size": "n"})
    found = bursts(counts, totals)
    found = found[found["day"] >= first]
    behind = defaultdict(list)
    for row in mentions[mentions["day"] >= first].itertuples():
        behind[row.day, row.key].append(row.id)
    found = found.assign(
        kind=kind, articles=[json.dumps(sorted(behind[row.day, row.key])) for row in found.itertuples()]
    )
    return found.drop_duplicates(["day", "articles"]) if kind == "term" else found
