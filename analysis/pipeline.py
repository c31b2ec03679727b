"""The analysis of a store: annotate what is new, then group stories, fit topics, rebuild rollups, stamp.

    pending articles ─► batches ─► executor.map(annotate_batch) ─► upserts ─► stories ─► topics ─► rollups ─► stamp

Each step looks at what is marked for it (`ingest.pending`), is idempotent and writes in short transactions, so a killed
run is simply run again.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor

from analysis import rereading, rollups
from analysis.annotate import annotate_batch, document, engine_version
from analysis.document import Annotation
from analysis.rereading import READ
from ingest.pending import ANNOTATE, GROUP, TAKEN, done_articles, mark_articles, mark_days, take_articles
from ingest.store import Store, Transaction

BATCH = 500
"""Articles a task: large enough to hide the cost of passing it to a process, small enough for steady progress."""

WINDOW = 16
"""Batches read, annotated and written together: one write of 8,000 articles takes well under a second."""

PAGE = 15 * BATCH * WINDOW
"""Articles found at a look: each look goes over all that is stored, so a window a look would be quadratic."""

_TAKEN = f"""
    SELECT a.id, a.title, a.summary, a.language, a.content_hash, a.published, o.group_id
    FROM articles a JOIN outlets o ON o.outlet = a.outlet
    WHERE a.duplicate_of IS NULL AND a.id > ? AND a.id IN ({TAKEN.format(ANNOTATE)})
    ORDER BY a.id LIMIT {PAGE}
"""


def annotate_pending(store: Store, executor: Executor, everything: bool, progress: Callable[[int], object]) -> int:
    """Annotate what is new or changed in `store` (`everything`: all of it); returns the number of articles.

    `progress` is told the number annotated after each write. What another engine said stays, and is shown, until
    all is read anew.
    """
    twin = rereading.begin(store, engine_version())
    if everything:
        rereading.mark_all(store)
    if take_articles(store, ANNOTATE):
        _forget_duplicates(store, twin)
    done = 0
    for rows in _taken(store):
        documents = [document(id_, title, summary, lang, outlet_group=g) for id_, title, summary, lang, _, _, g in rows]
        batches = [documents[at : at + BATCH] for at in range(0, len(documents), BATCH)]
        annotations = [found for batch in executor.map(annotate_batch, batches) for found in batch]
        with store.transaction() as tx:
            _write(tx, twin, annotations, {row[0]: row[4] for row in rows})
            mark_days(tx, [row[5] for row in rows])
        done += len(rows)
        progress(len(rows))
    if twin:
        rollups.rebuild(store, twin)
        rereading.finish(store)
    return done


def count_pending(store: Store, everything: bool) -> int:
    """How many articles `annotate_pending` would look at."""
    rereading.begin(store, engine_version())
    marked = "SELECT article_id FROM pending_articles WHERE step = ?"
    all_read = "SELECT article_id FROM annotations WHERE ?"
    return store.rows(f"SELECT count(*) FROM ({marked} UNION {all_read}) AS pending", [ANNOTATE, everything])[0][0]


def _taken(store: Store) -> Iterator[list[tuple]]:
    last = ""
    while page := store.rows(_TAKEN, [last]):
        for at in range(0, len(page), BATCH * WINDOW):
            yield page[at : at + BATCH * WINDOW]
        last = page[-1][0]


def _write(tx: Transaction, twin: str, annotations: Sequence[Annotation], content_hashes: dict[str, int]) -> None:
    ids = [annotation.id for annotation in annotations]
    for table in READ[1:]:
        tx.execute(f"DELETE FROM {twin}{table} WHERE article_id IN (SELECT unnest(?))", [ids])
    tx.upsert(f"{twin}annotations", [_row(a, content_hashes[a.id]) for a in annotations], key=["article_id"])
    tx.upsert(f"{twin}target_sentiment", _target_rows(annotations), key=["article_id", "target"])
    tx.upsert(f"{twin}article_themes", _theme_rows(annotations), key=["article_id", "theme"])
    tx.upsert(f"{twin}article_entities", _entity_rows(annotations), key=["article_id", "entity"])
    done_articles(tx, ANNOTATE, ids)
    mark_articles(tx, GROUP, ids)


def _forget_duplicates(store: Store, twin: str) -> None:
    """An annotated article may turn out later to be another one under a second address."""
    second = f"SELECT id FROM articles WHERE duplicate_of IS NOT NULL AND id IN ({TAKEN.format(ANNOTATE)})"
    ids = [id_ for (id_,) in store.rows(second)]
    if ids:
        with store.transaction() as tx:
            for table in (*READ, *(twin + table for table in READ if twin)):
                tx.execute(f"DELETE FROM {table} WHERE article_id IN (SELECT unnest(?))", [ids])
            done_articles(tx, ANNOTATE, ids)
            mark_articles(tx, GROUP, ids)


def _row(annotation: Annotation, content_hash: int) -> dict:
    return {
        "article_id": annotation.id,
        "content_hash": content_hash,
        "engine": engine_version(),
        "language": annotation.language,
        "relevance": annotation.relevance.verdict,
        "scope": annotation.relevance.scope,
        "reason": annotation.relevance.reason,
        **_tone_columns(annotation.tone),
        "vader": annotation.vader,
    }


def _tone_columns(tone) -> dict:
    if tone is None:
        nothing = dict.fromkeys(("score", "p_negative", "p_neutral", "p_positive", "label"))
        return {**nothing, "abstain": False}
    return {
        "score": tone.score,
        "p_negative": tone.p_negative,
        "p_neutral": tone.p_neutral,
        "p_positive": tone.p_positive,
        "label": tone.label,
        "abstain": tone.abstain,
    }


def _target_rows(annotations: Sequence[Annotation]) -> list[dict]:
    return [
        {"article_id": a.id, "target": found.target, **_tone_columns(found.tone), "evidence": found.evidence}
        for a in annotations
        for found in a.targets
    ]


def _theme_rows(annotations: Sequence[Annotation]) -> list[dict]:
    return [
        {
            "article_id": a.id,
            "theme": hit.theme,
            "position": position,
            "probability": hit.probability,
            "evidence": json.dumps(hit.evidence or "model", ensure_ascii=False),
        }
        for a in annotations
        for position, hit in enumerate(a.themes)
    ]


def _entity_rows(annotations: Sequence[Annotation]) -> list[dict]:
    return [{"article_id": a.id, "entity": entity} for a in annotations for entity in a.entities]


def totals(store: Store) -> dict[str, int]:
    """How many articles count, and how many of them are relevant or peripheral."""
    row = store.rows(
        """
        SELECT count(*), count(*) FILTER (WHERE relevance = 'yes'), count(*) FILTER (WHERE relevance = 'peripheral')
        FROM annotations
        """
    )[0]
    return dict(zip(("articles", "relevant", "peripheral"), row, strict=True))
