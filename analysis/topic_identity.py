"""Who is who between two fits: a topic keeps its id as long as its words and articles are mostly the same.

Pure. A warm fit begins from the previous topics and finds room for a new one; a cold fit begins from nothing and its
topics are matched with the previous ones (Kuhn 1955, the Hungarian method) by the articles and words they share.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from scipy.optimize import linear_sum_assignment

from analysis.topic_model import TRACE, Rows, TopicModel, fit_topics
from analysis.topic_quality import jaccard_table

INERTIA = 1.5
"""A recent article leaves its topic only for one that weighs this many times as much."""

UNKNOWN = 0.7
"""An article less like any topic than this share of what is usual may belong to a new one."""

CANDIDATES = 3
"""Groups into which such articles are parted when a new topic is sought: a subject apart from the merely odd."""

MIN_SIZE = 8
"""Articles that make a new topic."""

NEWCOMERS = 0.5
"""Least share of a new topic's articles that are recent."""

TWIN = 0.3
"""A new topic that shares this much of its top words (Jaccard) with another is that other one."""

LIKENESS = 0.2
"""Least mean of article and word Jaccard for a topic of a cold fit to be a previous one."""

SHARE_MOVED = 0.3
"""A topic that gives this share of its articles to each of several has split; several that give it to one, merged."""


@dataclass(frozen=True)
class Previous:
    """The last run as this one sees it.

    topic_ids: k ids; words: k tuples; topics: (n,) index into topic_ids of each present article, -1 where it is new;
    shares: (n,) weight of the article's topic, 0 where new; recent: (n,) bool, came since the run before the last (a
    new topic may take two runs to grow large enough); next_id: never used yet.
    """

    topic_ids: tuple[int, ...]
    words: tuple[tuple[str, ...], ...]
    topics: np.ndarray
    shares: np.ndarray
    recent: np.ndarray
    next_id: int


def warm_fit(rows: Rows, previous: Previous) -> tuple[TopicModel, tuple[int, ...]]:
    """Go on from the previous topics; one more if articles without a topic of their own make one. (fit, topic ids)."""
    components, old = _centroids(rows.mixed, previous)
    ids = [previous.topic_ids[topic] for topic in old]
    model = fit_topics(rows, len(ids), _start(rows.mixed, components, previous, old))
    candidate = _unexplained(rows, model, previous.recent)
    if candidate is not None:
        wider = np.vstack([components, candidate])
        grown = fit_topics(rows, len(wider), _start(rows.mixed, wider, previous, old))
        everyone = np.ones(len(previous.topics), dtype=bool)
        if _is_new_topic(_with_inertia(grown, previous, old, free=everyone), previous.recent):
            return _with_inertia(grown, previous, old, free=previous.recent), (*ids, previous.next_id)
    return _with_inertia(model, previous, old, free=previous.recent), tuple(ids)


def match(model: TopicModel, previous: Previous) -> tuple[int, ...]:
    """The id of each topic of a cold fit: that of the previous topic it continues, else a new one."""
    known = previous.topics >= 0
    shared = _overlap(model.assignments[known], previous.topics[known], len(model.components), len(previous.topic_ids))
    either = shared.sum(axis=1, keepdims=True) + shared.sum(axis=0) - shared
    likeness = (shared / np.maximum(either, 1) + jaccard_table(model.words, previous.words)) / 2
    ids = [-1] * len(model.components)
    for new, old in zip(*linear_sum_assignment(-likeness), strict=True):
        if likeness[new, old] >= LIKENESS:
            ids[new] = previous.topic_ids[old]
    fresh = iter(range(previous.next_id, previous.next_id + len(ids)))
    return tuple(next(fresh) if id_ < 0 else id_ for id_ in ids)


def changes(assignments: np.ndarray, ids: Sequence[int], previous: Previous) -> dict[str, list]:
    """What became of topics: ids that are new or ended, [from, [to, ...]] of splits and [[from, ...], to] of merges."""
    known = previous.topics >= 0
    moved = _overlap(assignments[known], previous.topics[known], len(ids), len(previous.topic_ids))
    gives = moved / np.maximum(moved.sum(axis=0), 1) >= SHARE_MOVED
    old_ids, new_ids = np.array(previous.topic_ids), np.array(ids)
    return {
        "new": sorted(set(ids) - set(previous.topic_ids)),
        "ended": sorted(set(previous.topic_ids) - set(ids)),
        "splits": [[int(old_ids[j]), new_ids[gives[:, j]].tolist()] for j in np.flatnonzero(gives.sum(axis=0) > 1)],
        "merges": [[old_ids[gives[i]].tolist(), int(new_ids[i])] for i in np.flatnonzero(gives.sum(axis=1) > 1)],
    }


def _centroids(matrix: sp.csr_matrix, previous: Previous) -> tuple[np.ndarray, list[int]]:
    """(k, V) unit means of the previous topics' present articles, and which previous topics still have any."""
    alive = [topic for topic in range(len(previous.topic_ids)) if (previous.topics == topic).any()]
    weights = sp.csr_matrix([np.where(previous.topics == topic, previous.shares, 0.0) for topic in alive])
    centroids = (weights @ matrix).toarray()
    return centroids / np.maximum(np.linalg.norm(centroids, axis=1, keepdims=True), 1e-12), alive


def _start(matrix, components: np.ndarray, previous: Previous, alive: Sequence[int]) -> tuple[np.ndarray, np.ndarray]:
    """Recent articles may shape any topic, earlier ones their own only (weight 0 in all others)."""
    weights = np.array(matrix @ components.T, dtype=matrix.dtype)
    own = np.full(len(components), -2)
    own[: len(alive)] = alive
    settled = ~previous.recent & (previous.topics >= 0)
    weights[settled[:, None] & (previous.topics[:, None] != own)] = 0
    return weights, (components + TRACE).astype(matrix.dtype)


def _unexplained(rows: Rows, model: TopicModel, recent: np.ndarray) -> np.ndarray | None:
    """(1, V) unit direction of the closest group of recent articles that no topic explains; None without one."""
    explained = _explained(rows.mixed, model)
    strange = recent & (explained < UNKNOWN * np.median(explained))
    if strange.sum() < MIN_SIZE or len(model.vocabulary) <= CANDIDATES:
        return None
    groups = fit_topics(some := rows.some(strange), CANDIDATES)
    closeness = [
        _explained(some.mixed[groups.assignments == group], groups).mean() if size >= MIN_SIZE else 0.0
        for group, size in enumerate(np.bincount(groups.assignments, minlength=len(groups.components)))
    ]
    return groups.components[[int(np.argmax(closeness))]] if max(closeness) else None


def _explained(matrix: sp.csr_matrix, model: TopicModel) -> np.ndarray:
    """(n,) cosine of each row with the topic it is most like."""
    norms = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    return (matrix @ model.components.T).max(axis=1) / np.maximum(norms, 1e-12)


def _is_new_topic(model: TopicModel, recent: np.ndarray) -> bool:
    members = model.assignments == len(model.components) - 1
    if members.sum() < MIN_SIZE or recent[members].mean() < NEWCOMERS:
        return False
    return jaccard_table(model.words[-1:], model.words[:-1]).max(initial=0) < TWIN


def _with_inertia(model: TopicModel, previous: Previous, alive: Sequence[int], free: np.ndarray) -> TopicModel:
    """Articles stay with their topic; `free` ((n,) bool) ones leave it where another weighs clearly more."""
    here = {old: topic for topic, old in enumerate(alive)}
    own = np.array([here.get(old, -1) for old in previous.topics])
    rows = np.arange(len(own))
    best = model.weights[rows, model.assignments]
    stays = (own >= 0) & (~free | (best < INERTIA * model.weights[rows, own]) | (best == 0))
    return TopicModel(
        model.vocabulary, model.components, model.weights, np.where(stays, own, model.assignments), model.error
    )


def _overlap(new: np.ndarray, old: np.ndarray, k: int, k_old: int) -> np.ndarray:
    table = np.zeros((k, k_old))
    np.add.at(table, (new, old), 1)
    return table
