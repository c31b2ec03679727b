"""Topics of the stored articles: fitted on those that are relevant, each topic under an id that lasts.

due ─► a sample ─► tokens, tf-idf ─► first run: choose k, cold fit ─────────────────────────┐
                                     later: warm fit (+ a new topic); weekly cold shadow fit ┴─► ids ─► labels ─► write
due or not ─► topic_assignment: what has no topic yet
"""

import json
from datetime import datetime, timedelta

import numpy as np
import pandas as pd

from analysis import (
    topic_assignment,
    topic_identity,
    topic_labels,
    topic_model,
    topic_neighbours,
    topic_quality,
)
from analysis.text import tokens
from analysis.topic_assignment import RELEVANT
from analysis.topic_identity import Previous
from analysis.topic_model import Rows, TopicModel
from ingest.pending import mark_days
from ingest.store import Store

MIN_TEXTS = 20
"""Below this many relevant articles no topics are fitted: they would be single headlines."""

CHOICES = (5, 8, 12, 16, 20)
TEXTS_A_TOPIC = 20
"""A k that leaves fewer articles a topic on average is not considered."""

NEAR_BEST = 0.05
"""The largest k whose stability is within this of the best is chosen: more topics say more, while they come back."""

SHADOW_EVERY = timedelta(days=7)
STUCK = 0.01
"""A cold fit that leaves this share less unexplained than the warm one shows that the warm one is stuck."""


FIT_TEXTS = 20_000
"""A fit reads at most about so many articles: mixing them with their neighbours takes time that grows as n squared."""

NEWEST_TEXTS = 10_000
"""Of a larger collection the newest are read, where new topics are,"""

PAST_TEXTS = 9_000
"""and of all the others those with the smallest ids: digests, so a draw that is the same every night."""

TEXTS_KEPT = 30
"""Articles of each topic that are read in any case, so that no small topic ends for want of a draw."""

REFIT_EVERY = timedelta(days=1)
REFIT_SHARE = 0.01
"""A large collection is fitted again when it grew by this share or a day passed; between, new articles are placed."""


def update(store: Store, now: datetime) -> dict:
    """Refit where that is due, and give every other article its topic. Returns {"run", "n_texts", "k"} of the fit."""
    if _due(store, now):
        return refit(store, now)
    topic_assignment.assign(store)
    last = store.rows("SELECT run_id, n_texts, k FROM topic_runs ORDER BY run_id DESC LIMIT 1")
    run, texts, k = last[0] if last else (None, 0, 0)
    return {"run": run, "n_texts": texts, "k": k}


def _due(store: Store, now: datetime) -> bool:
    """Whether to fit: what is new is worth it, or the week's shadow fit is due and anything came since the last.

    Of a large collection new is what came since the fit: older articles without a topic are those that a killed run
    did not place.
    """
    last = store.rows("SELECT fitted_at, details FROM topic_runs ORDER BY run_id DESC LIMIT 1")
    if not last:
        return bool(store.rows(f"SELECT count(*) FROM {RELEVANT}")[0][0])
    fitted_at, details = last[0]
    waits = "CASE WHEN t.article_id IS NULL{} THEN 1 ELSE 0 END"
    n, waiting, came, newest = store.rows(
        f"""
        SELECT count(*), sum({waits.format("")}), sum({waits.format(" AND a.first_seen > ?")}), max(a.first_seen)
        FROM {RELEVANT}
        """,
        [fitted_at],
    )[0]
    if not n:
        return False
    shadow_at = datetime.fromisoformat(json.loads(details).get("shadow_at") or fitted_at.isoformat())
    if now - shadow_at >= SHADOW_EVERY and newest > shadow_at:
        return True
    if n <= FIT_TEXTS:
        return waiting > 0
    return came >= REFIT_SHARE * n or (newest > fitted_at and now - fitted_at >= REFIT_EVERY)


def refit(store: Store, now: datetime, k: int | None = None, seed: int = 0) -> dict:
    """Fit the topics of the relevant articles and store the run. Returns {"run", "n_texts", "k"}.

    `k`: the reader's own number of topics; without it the number is chosen at the first run and then only grows with
    new topics or falls with ended ones. The same store, `now` and `seed` give the same run.
    """
    articles = _sample(store)
    if len(articles) < MIN_TEXTS:
        return {"run": None, "n_texts": len(articles), "k": 0}
    texts = [f"{row.title}\n{row.summary}" for row in articles.itertuples()]
    words = [tokens(text, language) for text, language in zip(texts, articles["language"], strict=True)]
    matrix, vocabulary = topic_model.tfidf(words)
    languages = list(articles["language"])
    fitted = topic_neighbours.mixed_rows(matrix, vocabulary, texts, languages)
    previous, details = _previous(store, articles)
    model, ids, details = _fit(fitted, previous, details, now, k, seed)
    rows = _topic_rows(store, articles, words, matrix, model, ids)
    steady = topic_quality.stability(fitted, model, seed)
    for row, stays in zip(rows, steady, strict=True):
        row["stability"] = float(stays)
    run = {"fitted_at": now, "n_texts": len(articles), "k": len(ids), "seed": seed, "stability": float(steady.mean())}
    centres = topic_assignment.centre_words(matrix, model, ids)
    run_id = _write(store, {**run, "details": json.dumps(details)}, rows, articles, model, ids, centres)
    topic_assignment.assign(store)
    return {"run": run_id, "n_texts": len(articles), "k": len(ids)}


def _sample(store: Store) -> pd.DataFrame:
    """The articles a fit reads, by id: all of a small collection."""
    n = store.rows(f"SELECT count(*) FROM {RELEVANT}")[0][0]
    newest, past = (n, 0) if n <= FIT_TEXTS else (NEWEST_TEXTS, PAST_TEXTS)
    return store.frame(
        f"""
        WITH relevant AS (
            SELECT a.id, a.title, a.summary, n.language, a.published, a.first_seen, t.topic_id, t.weight,
                row_number() OVER (ORDER BY a.first_seen DESC, a.id) AS age, row_number() OVER (ORDER BY a.id) AS draw,
                row_number() OVER (PARTITION BY t.topic_id ORDER BY a.id) AS place
            FROM {RELEVANT}
        )
        SELECT id, title, summary, language, published, first_seen, topic_id, weight FROM relevant
        WHERE age <= ? OR draw <= ? OR (topic_id IS NOT NULL AND place <= ?) ORDER BY id
        """,
        [newest, past, TEXTS_KEPT],
    )


def _previous(store: Store, articles: pd.DataFrame) -> tuple[Previous | None, dict]:
    """The last run's topics and its details; (None, {}) before the first."""
    last = store.rows("SELECT run_id, details FROM topic_runs WHERE run_id = (SELECT max(run_id) FROM topic_runs)")
    if not last:
        return None, {}
    run_id, details = last[0]
    topics = store.rows("SELECT topic_id, words FROM topics WHERE run_id = ? ORDER BY topic_id", [run_id])
    ids = tuple(topic_id for topic_id, _ in topics)
    index = {topic_id: position for position, topic_id in enumerate(ids)}
    known = articles["topic_id"].map(index).fillna(-1).to_numpy(dtype=int)
    shares = np.where(known >= 0, articles["weight"].fillna(0).to_numpy(dtype=float), 0.0)
    times = store.rows("SELECT fitted_at FROM topic_runs ORDER BY run_id DESC LIMIT 2")
    recent = (articles["first_seen"] > times[-1][0]).to_numpy() & (len(times) > 1) | (known < 0)
    next_id = store.rows("SELECT max(topic_id) + 1 FROM topics")[0][0]
    words = tuple(tuple(json.loads(found)) for _, found in topics)
    return Previous(ids, words, known, shares, recent, next_id), json.loads(details)


def _fit(rows: Rows, previous: Previous | None, details: dict, now: datetime, k: int | None, seed: int):
    """(model, ids, details of this run)."""
    asked = k is not None and (previous is None or k != len(previous.topic_ids))
    if previous is None or asked or not (previous.topics >= 0).any():
        number, reason = (k, "chosen by the reader") if k else _choose_k(rows, seed)
        model = topic_model.fit_topics(rows, number)
        ids = topic_identity.match(model, previous) if previous else tuple(range(len(model.components)))
        changed = topic_identity.changes(model.assignments, ids, previous) if previous else {}
        return model, ids, {"fit": "cold", "k": reason, "shadow_at": now.isoformat(), **changed}
    model, ids = topic_identity.warm_fit(rows, previous)
    said = {"fit": "warm", "k": details.get("k"), "shadow_at": details.get("shadow_at") or now.isoformat()}
    if now - datetime.fromisoformat(said["shadow_at"]) >= SHADOW_EVERY:
        cold = topic_model.fit_topics(rows, len(ids))
        said |= {"shadow_at": now.isoformat(), "shadow_error": cold.error, "warm_error": model.error}
        if cold.error < model.error * (1 - STUCK):
            model, ids = cold, topic_identity.match(cold, previous)
            said["fit"] = "cold, since the warm fit was stuck"
    return model, ids, said | topic_identity.changes(model.assignments, ids, previous)


def _choose_k(rows: Rows, seed: int) -> tuple[int, str]:
    """The number of topics that refits on other texts confirm, and the sentence that says so."""
    n = rows.own.shape[0]
    possible = [k for k in CHOICES if k * TEXTS_A_TOPIC <= n] or [min(CHOICES[0], MIN_TEXTS // 5)]
    some = rows.some(np.arange(0, n, max(1, n // topic_quality.SAMPLE_TEXTS)))
    found = {}
    for k in possible:
        model = topic_model.fit_topics(some, k)
        found[k] = float(topic_quality.stability(some, model, seed).mean())
    best = max(found.values())
    k = max(k for k, stays in found.items() if stays >= best - NEAR_BEST)
    measured = ", ".join(f"{k}: {stays:.2f}" for k, stays in found.items())
    return k, f"{k}: the most topics whose stability is within {NEAR_BEST} of the best ({measured})"


def _topic_rows(store: Store, articles: pd.DataFrame, words, matrix, model: TopicModel, ids) -> list[dict]:
    titles = list(articles["title"])
    first_runs = dict(store.rows("SELECT topic_id, min(first_run) FROM topics GROUP BY topic_id"))
    names = topic_labels.labels(titles, words, model.weights, model.assignments, model.words)
    coherent = topic_quality.coherence(matrix, model.vocabulary, model.words)
    rows = []
    for topic, id_ in enumerate(ids):
        members = np.flatnonzero(model.assignments == topic)
        shown = topic_labels.examples(titles, model.weights[:, topic], members)
        rows.append(
            {
                "topic_id": id_,
                "label": names[topic],
                "words": json.dumps(model.words[topic], ensure_ascii=False),
                "examples": json.dumps(shown, ensure_ascii=False),
                "size": len(members),
                "coherence": coherent[topic],
                "first_run": first_runs.get(id_),
            }
        )
    return rows


def _write(store: Store, run: dict, rows: list[dict], articles: pd.DataFrame, model: TopicModel, ids, centres) -> int:
    shares = model.weights[np.arange(len(articles)), model.assignments]
    assigned = pd.DataFrame(
        {"article_id": articles["id"], "topic_id": np.array(ids)[model.assignments], "weight": shares}
    )
    moved = articles["published"][(assigned["topic_id"] != articles["topic_id"]).fillna(True).astype(bool)]
    warm = json.loads(run["details"])["fit"] == "warm"
    with store.transaction() as tx:
        run_id = tx.rows("SELECT coalesce(max(run_id), 0) + 1 FROM topic_runs")[0][0]
        tx.insert_new("topic_runs", [{**run, "run_id": run_id}], key=["run_id"])
        for row in rows:
            row |= {"run_id": run_id, "first_run": row["first_run"] or run_id}
        tx.upsert("topics", rows, key=["run_id", "topic_id"])
        if warm:
            gone = f"NOT topic_id IN (SELECT unnest(?)) OR article_id NOT IN (SELECT a.id FROM {RELEVANT})"
            tx.execute(f"DELETE FROM article_topics WHERE {gone}", [list(ids)])
        else:
            tx.execute("DELETE FROM article_topics")
        tx.upsert("article_topics", assigned, key=["article_id"])
        tx.execute("DELETE FROM topic_words")
        tx.upsert("topic_words", centres, key=["topic_id", "word"])
        mark_days(tx, moved)
        tx.stamp()
    return run_id
