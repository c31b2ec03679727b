"""Large invented stores for benchmarks. No benchmark by itself.

The articles of `corpus` go straight into the tables. Nothing is annotated anew: an article is given what the engine
says of the line that its head comes from, so that ten million take minutes and not hours. The figures are those of an
annotated store; the words behind them fit only half.
"""

import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from analysis import pipeline
from analysis.executors import InThisProcess
from benchmarks import corpus
from ingest.pending import ANNOTATE, mark_articles
from ingest.store import Store, open_store

TOPICS = 12
FETCHED_DAYS = 90

ANNOTATION_TABLES = ("annotations", "target_sentiment", "article_themes", "article_entities")
"""Tables that hold what the engine says."""

KEYS = {
    "articles": ["id"],
    "sightings": ["article_id", "feed_url"],
    "annotations": ["article_id"],
    "target_sentiment": ["article_id", "target"],
    "article_themes": ["article_id", "theme"],
    "article_entities": ["article_id", "entity"],
    "stories": ["article_id"],
    "article_topics": ["article_id"],
}
"""The tables that are written here, with their keys."""


def filled(path: Path, size: int) -> Path:
    """A store of `size` articles, annotated, grouped and rolled up."""
    from analysis import rollups

    store = open_store(str(path))
    _write_feeds(store)
    with _bulk(path) as write:
        for articles in corpus.batches(size):
            for name, rows in _tables(articles).items():
                write(name, rows)
    rollups.rebuild(store)
    with store.transaction() as tx:
        tx.stamp()
    return path


@contextmanager
def _bulk(path: Path) -> Iterator[Callable[[str, pd.DataFrame], None]]:
    """Write rows of empty tables without their keys and indices, which are made in the end: in half the time."""
    with duckdb.connect(str(path), config={"memory_limit": "2GB"}) as connection:
        made = dict(connection.execute("SELECT table_name, sql FROM duckdb_tables()").fetchall())
        indices = dict(connection.execute("SELECT table_name, sql FROM duckdb_indexes()").fetchall())
        for name in KEYS:
            connection.execute(f"DROP TABLE {name}")
            connection.execute(re.sub(r",? PRIMARY KEY(\([^)]*\))?", "", made[name]))

        def write(name: str, rows: pd.DataFrame) -> None:
            connection.register("rows_to_write", rows)
            connection.execute(f"INSERT INTO {name} BY NAME SELECT * FROM rows_to_write")

        yield write
        for name, key in KEYS.items():
            connection.execute(f"ALTER TABLE {name} ADD PRIMARY KEY ({', '.join(key)})")
            connection.execute(indices.get(name, ""))


@cache
def _said() -> dict[str, pd.DataFrame]:
    """Annotation tables of the lines, with the number of the line for an id: annotated as any store is."""
    lines = corpus.lines()
    ids = [str(number) for number in range(len(lines.texts))]
    frame = pd.DataFrame({"id": ids, "title": lines.texts, "language": lines.languages})
    frame = frame.assign(url=None, summary="", outlet="Lines", published=corpus.FIRST_DAY, content_hash=0, title_key=0)
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(str(Path(folder, "lines.duckdb")))
        with store.transaction() as tx:
            tx.upsert("outlets", [{"outlet": "Lines", "group_id": "other", "sample": False}], key=["outlet"])
            tx.upsert("articles", _stored(frame), key=["id"])
            mark_articles(tx, ANNOTATE, ids)
        pipeline.annotate_pending(store, InThisProcess(), False, lambda n: None)
        tables = {name: store.frame(f"SELECT * FROM {name}") for name in ANNOTATION_TABLES}
    return {name: rows.assign(line=rows["article_id"].astype(int)) for name, rows in tables.items()}


def _tables(frame: pd.DataFrame) -> dict[str, pd.DataFrame]:
    chosen = frame[frame["relevant"]]
    return {
        "articles": _stored(frame),
        "sightings": _sightings(frame),
        **{name: _given(frame, _said()[name]) for name in ANNOTATION_TABLES},
        "stories": _stories(frame),
        "article_topics": pd.DataFrame(
            {"article_id": chosen["id"], "topic_id": chosen["line"] % TOPICS, "weight": 1.0}
        ),
    }


def _stored(frame: pd.DataFrame) -> pd.DataFrame:
    columns = ["id", "url", "title", "summary", "outlet", "language", "published", "title_key", "content_hash"]
    return frame[columns].assign(
        published_offset=480,
        published_quality="exact",
        first_seen=frame["published"],
        text_at=frame["published"],
        duplicate_of=None,
    )


def _sightings(frame: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "article_id": frame["id"],
            "feed_url": frame["outlet"].map({outlet: feed_url(outlet) for outlet in corpus.outlet_groups()}),
            "guid": frame["id"],
            "first_seen": frame["published"],
        }
    )


def _given(frame: pd.DataFrame, said: pd.DataFrame) -> pd.DataFrame:
    """What is said of each article: of the line that its head comes from."""
    rows = frame[["id", "line", "content_hash"]].merge(said, on="line", suffixes=("", "_of_line"))
    rows["article_id"] = rows["id"]
    return rows[[name for name in said.columns if name != "line"]]


def _stories(frame: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "article_id": frame["id"],
            "story_id": frame["id"].to_numpy()[frame["story"]],
            "is_original": frame["story"] == np.arange(len(frame)),
            "content_hash": frame["content_hash"],
            "relevant": frame["relevant"],
        }
    )


def _write_feeds(store: Store) -> None:
    groups = corpus.outlet_groups()
    last = corpus.FIRST_DAY + timedelta(days=corpus.DAYS)
    feeds = [
        {
            "url": feed_url(outlet), "name": outlet, "outlet": outlet, "group_id": group, "language": "en",
            "timezone": "UTC", "sample": False, "subscribed": True, "failures": 0.0, "interval_minutes": 30.0,
            "status": "ok", "last_checked": last, "last_success": last,
        }
        for outlet, group in groups.items()
    ]  # fmt: skip
    fetches = [
        {
            "feed_url": feed["url"], "started_at": last - timedelta(days=back), "status": "ok", "new_count": 1,
            "updated_count": 0, "seen_count": 20, "ms": 100,
        }
        for feed in feeds
        for back in range(FETCHED_DAYS)
    ]  # fmt: skip
    outlets = [{"outlet": outlet, "group_id": group, "sample": False} for outlet, group in groups.items()]
    with store.transaction() as tx:
        tx.upsert("outlets", outlets, key=["outlet"])
        tx.upsert("feeds", feeds, key=["url"])
        tx.upsert("fetches", fetches, key=["feed_url", "started_at"])
        tx.upsert("topic_runs", [_topic_run(last)], key=["run_id"])
        tx.upsert("topics", [_topic(number) for number in range(TOPICS)], key=["run_id", "topic_id"])


def _topic_run(fitted_at: datetime) -> dict:
    return {"run_id": 1, "fitted_at": fitted_at, "n_texts": 0, "k": TOPICS, "seed": 0, "details": "{}"}


def _topic(number: int) -> dict:
    return {
        "run_id": 1, "topic_id": number, "label": f"topic {number}", "words": "[]", "examples": "[]", "size": 1,
        "first_run": 1,
    }  # fmt: skip


def feed_url(outlet: str) -> str:
    return f"https://feeds.example/{outlet.replace(' ', '-')}"
