"""What is new in the store: bursts of the last days with their articles.

Of terms, themes, targets, topics and outlet groups, and of relevant articles as a whole.
"""

import json
from datetime import date

import pandas as pd

from analysis.bursts import bursts, exposure, first_day_needed
from analysis.text import tokens
from ingest.store import Store

KINDS = ("term", "theme", "target", "topic", "group", "coverage")
EVERYTHING = "all"
"""The one key of `coverage`: any relevant article."""

COLUMNS = ("kind", "day", "key", "days", "n", "outlets", "expected", "z", "articles")

_REAL = "{outlet} NOT IN (SELECT outlet FROM outlets WHERE sample AND EXISTS (SELECT 1 FROM outlets WHERE NOT sample))"
"""Sample data count only where there is nothing else."""


def emerging(store: Store, days: int = 7) -> pd.DataFrame:
    """Bursts of the last `days` days of coverage, strongest first: COLUMNS.

    kind is one of KINDS, key a term, theme, target, group or topic id (as text), or EVERYTHING; a burst lasts `days`
    days up to `day`; articles is a JSON list of their ids. Of bursts of one kind with the same articles the strongest
    is kept. Reads the rollups: call `rollups.rebuild` first.
    """
    collected = collected_days(store)
    if not collected["n_relevant"].any():
        return pd.DataFrame(columns=list(COLUMNS))
    spans = exposure(collected)
    last = collected.loc[collected["n_relevant"] > 0, "day"].max()
    since = max(last - pd.Timedelta(days=days - 1), spans.index[0])
    found = [
        _bursts_of(kind, mentioned, spans, since)
        for kind, mentioned in mentions(store, first_day_needed(spans, since).date()).items()
    ]
    frame = pd.concat([part for part in found if len(part)] or found[:1], ignore_index=True)
    return frame.sort_values(["z", "kind", "key"], ascending=[False, True, True], ignore_index=True)


def collected_days(store: Store) -> pd.DataFrame:
    """day, outlet, n (articles collected) and n_relevant, one row a day and outlet, as `bursts.exposure` reads them."""
    frame = store.frame(
        f"""
        SELECT r.day, r.outlet, sum(CASE WHEN r.kind = 'all' THEN r.n ELSE 0 END) AS n,
            sum(CASE WHEN r.kind = 'relevant' THEN r.n ELSE 0 END) AS n_relevant
        FROM roll_day r WHERE r.kind IN ('all', 'relevant') AND {_REAL.format(outlet="r.outlet")}
        GROUP BY r.day, r.outlet ORDER BY r.day, r.outlet
        """
    )
    return frame.assign(day=pd.to_datetime(frame["day"])).astype({"n": int, "n_relevant": int})


def mentions(store: Store, first: date) -> dict[str, pd.DataFrame]:
    """kind → id, day, outlet, key: one row a relevant article published on day `first` or later and a key it has."""
    articles = store.frame(
        f"""
        SELECT a.id, a.title, r.outlet, r.language, r.day
        FROM relevant_articles r JOIN articles a ON a.id = r.article_id
        WHERE r.day >= ? AND {_REAL.format(outlet="r.outlet")} ORDER BY a.id
        """,
        [first],
    )
    base = articles[["id", "outlet"]].assign(day=pd.to_datetime(articles["day"]))
    words = [sorted(set(tokens(row.title, row.language))) for row in articles.itertuples()]
    themes, targets, topics = (
        store.frame(
            f"""
            SELECT k.article_id AS id, CAST(k.{column} AS TEXT) AS key
            FROM {table} k JOIN relevant_articles r ON r.article_id = k.article_id WHERE r.day >= ?
            """,
            [first],
        )
        for table, column in (
            ("article_themes", "theme"),
            ("target_sentiment", "target"),
            ("article_topics", "topic_id"),
        )
    )
    groups = store.frame("SELECT outlet, group_id AS key FROM outlets")
    return {
        "term": base.assign(key=words).explode("key").dropna(subset="key"),
        "theme": base.merge(themes, on="id"),
        "target": base.merge(targets, on="id"),
        "topic": base.merge(topics, on="id"),
        "group": base.merge(groups, on="outlet"),
        "coverage": base.assign(key=EVERYTHING),
    }


def counted(mentioned: pd.DataFrame) -> pd.DataFrame:
    """`bursts.COUNT_COLUMNS` of mentions."""
    return mentioned.groupby(["day", "outlet", "key"], as_index=False).size().rename(columns={"size": "n"})


def _bursts_of(kind: str, mentioned: pd.DataFrame, spans: pd.DataFrame, since: pd.Timestamp) -> pd.DataFrame:
    found = bursts(counted(mentioned), spans, since)
    behind = dict(list(mentioned[mentioned["key"].isin(found["key"])].groupby("key")))
    articles = [_articles(behind[row.key], row.day, row.days) for row in found.itertuples()]
    return found.assign(kind=kind, articles=articles).drop_duplicates("articles")[list(COLUMNS)]


def _articles(mentioned: pd.DataFrame, last: pd.Timestamp, days: int) -> str:
    inside = (mentioned["day"] <= last) & (mentioned["day"] > last - pd.Timedelta(days=days))
    return json.dumps(sorted(mentioned.loc[inside, "id"]))
