"""The dashboard's only door to the data: one function a question, each with one frame or object as its answer.

Articles count when they are relevant, no second address of another and, once the store holds a real outlet, not
sample data. Times are UTC; days are days of LIANWATCH_TIMEZONE.
"""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pandas as pd

from analysis.article_lists import ARTICLE_COLUMNS, ORDERS, article_count, articles
from analysis.collected import collected_span, denominators, of_outlets
from analysis.counts import counts
from analysis.events import load_events
from analysis.facets import FACETS, facets
from analysis.relations import all_sample, of_everything, real_only
from analysis.selection import Frequency, Selection
from analysis.series import DECIMALS, MIN_N, SERIES_COLUMNS, series
from analysis.where import placeholders
from ingest import health
from ingest.store import Store

__all__ = [
    "ARTICLE_COLUMNS", "DECIMALS", "FACETS", "MIN_N", "ORDERS", "SERIES_COLUMNS", "Extent", "article_count",
    "article_details", "articles", "by_outlet", "events", "extent", "facets", "feed_health", "outlets", "series",
    "story", "topics",
]  # fmt: skip

def by_outlet(store: Store, selection: Selection, freq: Frequency = "week") -> pd.DataFrame:
    """Articles by bucket and outlet, only where there are any: bucket, key, n, n_all. Small where `series` is large."""
    columns = ["bucket", "key", "n", "n_all"]
    with store.reading() as reading:
        if of_everything(selection, "source"):
            return pd.DataFrame(of_outlets(reading, selection, "source", freq, ("n",)))[columns]
        counted = pd.DataFrame(counts(reading, selection, "source", freq))[["bucket", "key", "n"]]
        everything = pd.DataFrame(denominators(reading, selection, "source", freq))[["bucket", "key", "n_all"]]
    return everything.merge(counted, how="left").fillna({"n": 0}).astype({"n": "int64"})[columns]


def story(store: Store, story_id: str) -> pd.DataFrame:
    """The articles of one story, first published first: id, published, outlet, title, url, is_original."""
    return store.frame(
        """
        SELECT a.id, a.published, a.outlet, a.title, a.url, s.is_original
        FROM stories s JOIN articles a ON a.id = s.article_id
        WHERE s.story_id = ? AND a.duplicate_of IS NULL ORDER BY a.published NULLS LAST, a.id
        """,
        [story_id],
    )


def article_details(store: Store, ids: list[str]) -> dict[str, dict[str, list[dict]]]:
    """What is known of each article, by id: lists of dicts under the names of _DETAILS.

    `targets` carry score, label, abstain and the clause they were read from; `themes` their probability and cues, main
    theme first; `entities` who and what is named; `sightings` the feeds that showed it, under a second address too;
    `revisions` earlier texts, newest first.
    """
    found: dict[str, dict[str, list[dict]]] = {id_: {name: [] for name in _DETAILS} for id_ in ids}
    if not ids:
        return found
    with store.reading() as reading:
        for name, (columns, sql) in _DETAILS.items():
            for id_, *values in reading.rows(sql.format(columns=", ".join(columns), ids=placeholders(ids)), ids):
                found[id_][name].append(dict(zip(columns, values, strict=True)))
    for detail in found.values():
        for theme in detail["themes"]:
            theme["evidence"] = cues(theme["evidence"])
    return found


_DETAILS = {
    "targets": (
        ("target", "score", "p_negative", "p_neutral", "p_positive", "label", "abstain", "evidence"),
        "SELECT article_id, {columns} FROM target_sentiment WHERE article_id IN ({ids}) ORDER BY article_id, target",
    ),
    "themes": (
        ("theme", "probability", "evidence"),
        "SELECT article_id, {columns} FROM article_themes WHERE article_id IN ({ids}) ORDER BY article_id, position",
    ),
    "entities": (
        ("entity",),
        "SELECT article_id, {columns} FROM article_entities WHERE article_id IN ({ids}) ORDER BY article_id, entity",
    ),
    "sightings": (
        ("feed_url", "first_seen"),
        """SELECT COALESCE(a.duplicate_of, a.id) AS shown, g.feed_url, g.first_seen
           FROM sightings g JOIN articles a ON a.id = g.article_id
           WHERE COALESCE(a.duplicate_of, a.id) IN ({ids}) ORDER BY shown, g.first_seen, g.feed_url""",
    ),
    "revisions": (
        ("title", "summary", "replaced_at"),
        """SELECT article_id, {columns} FROM revisions WHERE article_id IN ({ids})
           ORDER BY article_id, replaced_at DESC""",
    ),
}


def cues(evidence: str) -> list[str]:
    """The cues in `article_themes.evidence`: none where the model named the theme by other words."""
    value = json.loads(evidence)
    return value if isinstance(value, list) else []


@dataclass(frozen=True, slots=True)
class Extent:
    """What the store holds. Days are None and counts 0 in an empty store."""

    first_day: date | None
    last_day: date | None
    n_articles: int
    n_relevant: int
    n_undated: int
    data_version: str
    is_sample: bool
    last_fetch: datetime | None


def extent(store: Store) -> Extent:
    """First and last day, articles that count, relevant ones, relevant ones without a date, version, last fetch."""
    with store.reading() as reading:
        span, is_sample = collected_span(reading, Selection()), all_sample(reading)
        outlets = "outlet IN (SELECT outlet FROM outlets WHERE NOT sample)" if real_only(reading) else "TRUE"
        total, relevant, undated, last_fetch = reading.rows(_EXTENT.format(outlets=outlets))[0]
    first_day, last_day = (span.first.date(), span.last.date()) if span else (None, None)
    version = store.data_version()
    return Extent(first_day, last_day, total, relevant or 0, undated or 0, version, is_sample and total > 0, last_fetch)


_EXTENT = """
    SELECT (SELECT count(*) FROM articles WHERE duplicate_of IS NULL AND {outlets}),
           count(*), sum(CASE WHEN day IS NULL THEN 1 ELSE 0 END), (SELECT max(started_at) FROM fetches)
    FROM relevant_articles WHERE {outlets}
"""


def outlets(store: Store) -> frozenset[str]:
    """The names of all outlets."""
    return frozenset(outlet for (outlet,) in store.rows("SELECT outlet FROM outlets"))


def feed_health(store: Store) -> pd.DataFrame:
    """One row a feed that the store knows, by name: how it is doing now (`ingest.health.FRAME_COLUMNS`)."""
    return health.frame(store, datetime.now(UTC))


def topics(store: Store) -> pd.DataFrame:
    """Topics of the newest run, largest first: topic_id, label, words, examples (lists), size, stability, coherence,
    is_new (first seen in this run), fitted_at."""
    frame = store.frame(
        """
        SELECT t.topic_id, t.label, t.words, t.examples, t.size, t.stability, t.coherence,
               t.first_run = t.run_id AND t.run_id > (SELECT min(run_id) FROM topic_runs) AS is_new, r.fitted_at
        FROM topics t JOIN topic_runs r ON r.run_id = t.run_id
        WHERE t.run_id = (SELECT max(run_id) FROM topic_runs) ORDER BY t.size DESC, t.topic_id
        """
    )
    return frame.assign(words=frame["words"].map(json.loads), examples=frame["examples"].map(json.loads))


def events(start: date | None = None, end: date | None = None, categories: tuple[str, ...] = ()) -> pd.DataFrame:
    """Dated events (`analysis.events.EVENT_COLUMNS`) of a period and of some categories, all where none is named."""
    frame = load_events()
    wanted = pd.Series(True, index=frame.index)
    if start:
        wanted &= frame["date"] >= pd.Timestamp(start)
    if end:
        wanted &= frame["date"] <= pd.Timestamp(end)
    if categories:
        wanted &= frame["category"].isin(categories)
    return frame[wanted].reset_index(drop=True)
