"""The analysis of a store: annotate what is new, then group stories, fit topics, rebuild rollups, stamp.

    pending articles ─► batches ─► executor.map(annotate_batch) ─► upserts ─► stories ─► topics ─► rollups ─► stamp

Each step is idempotent and writes in short transactions, so a killed run is simply run again.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor

from analysis import rereading, rollups
from analysis.annotate import annotate_batch, document, engine_version
from analysis.document import Annotation
from analysis.rereading import READ
from ingest.store import Store, Transaction

BATCH = 500
"""Articles a task: large enough to hide the cost of passing it to a process, small enough for steady progress."""

WINDOW = 16
"""Batches read, annotated and written together: one write of 8,000 articles takes well under a second."""

PAGE = 15 * BATCH * WINDOW
"""Articles found at a look: each look goes over all that is stored, so a window a look would be quadratic."""

# NOT EXISTS and no LEFT JOIN: DuckDB 2.0.0 loses the LIMIT of the latter.
_PENDING = """
    SELECT a.id, a.title, a.summary, a.language, a.content_hash, o.group_id
    FROM articles a JOIN outlets o ON o.outlet = a.outlet
    WHERE a.duplicate_of IS NULL AND a.id > ? AND (? OR NOT EXISTS (
        SELECT 1 FROM {twin}annotations n
        WHERE n.article_id = a.id AND n.content_hash = a.content_hash AND n.engine = ?))
    ORDER BY a.id
"""


def annotate_pending(store: Store, executor: Executor, everything: bool, progress: Callable[[int], object]) -> int:
    """Annotate what is new or changed in `store` (`everything`: all of it); returns the number of articles.

    `progress` is told the number annotated after each write. What another engine said stays, and is shown, until
    all is read anew.
    """
    done = 0
    twin = rereading.begin(store, engine_version())
    for rows in _pending(store, everything, twin):
        documents = [document(id_, title, summary, lang, outlet_group=g) for id_, title, summary, lang, _, g in rows]
        batches = [documents[at : at + BATCH] for at in range(0, len(documents), BATCH)]
        annotations = [found for batch in executor.map(annotate_batch, batches) for found in batch]
        with store.transaction() as tx:
            _write(tx, twin, annotations, {row[0]: row[4] for row in rows})
        done += len(rows)
        progress(len(rows))
    if twin:
        rollups.rebuild(store, twin)
        rereading.finish(store)
    _forget_duplicates(store)
    return done


def count_pending(store: Store, everything: bool) -> int:
    """How many articles `annotate_pending` would annotate."""
    pending = _PENDING.format(twin=rereading.begin(store, engine_version()))
    return store.rows(f"SELECT count(*) FROM ({pending}) pending", ["", everything, engine_version()])[0][0]


def _pending(store: Store, everything: bool, twin: str) -> Iterator[list[tuple]]:
    last, pending = "", _PENDING.format(twin=twin)
    while page := store.rows(f"{pending} LIMIT {PAGE}", [last, everything, engine_version()]):
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


def _forget_duplicates(store: Store) -> None:
    """An annotated article may turn out later to be another one under a second address."""
    second = "article_id IN (SELECT id FROM articles WHERE duplicate_of IS NOT NULL)"
    if store.rows(f"SELECT count(*) FROM annotations WHERE {second}")[0][0]:
        with store.transaction() as tx:
            for table in READ:
                tx.execute(f"DELETE FROM {table} WHERE {second}")


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
        SELECT count(*), count(*) FILTER (WHERE n.relevance = 'yes'), count(*) FILTER (WHERE n.relevance = 'peripheral')
        FROM articles a JOIN annotations n ON n.article_id = a.id WHERE a.duplicate_of IS NULL
        """
    )[0]
    return dict(zip(("articles", "relevant", "peripheral"), row, strict=True))
