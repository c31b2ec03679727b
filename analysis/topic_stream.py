"""Topics of any texts at hand, however many: what `python -m analysis topics` prints.

texts ─► tokens, tf-idf ─► a draw ─► neighbours, fit ─► every text to its topic, words read again in all texts
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp

from analysis import topic_model, topic_neighbours
from analysis.topic_model import Rows, TopicModel

DRAWN_TEXTS = 10_000
"""So many show what subjects there are; mixing all with their neighbours would take time that grows as n squared."""


class Fitted(NamedTuple):
    """`matrix`: (n, V) tf-idf rows; `drawn`: the rows that were fitted, by their own words; `model`: of all n texts."""

    matrix: sp.csr_matrix
    drawn: Rows
    model: TopicModel


def fit(texts: Sequence[str], tokens: Sequence[Sequence[str]], languages: Sequence[str], k: int) -> Fitted:
    """`k` topics of n texts with their token lists and languages; more than DRAWN_TEXTS are fitted on an even draw."""
    matrix, vocabulary = topic_model.tfidf(tokens)
    n = len(texts)
    draw = np.linspace(0, n - 1, min(n, DRAWN_TEXTS)).astype(int)
    some, spoken = [texts[at] for at in draw], [languages[at] for at in draw]
    said = np.flatnonzero(matrix[draw].getnnz(axis=0))
    drawn = topic_neighbours.mixed_rows(matrix[draw][:, said], vocabulary[said], some, spoken)
    model = topic_model.fit_topics(drawn, k)
    if len(draw) < n:
        components = np.zeros((len(model.components), len(vocabulary)), dtype=model.components.dtype)
        components[:, said] = model.components
        model = _of_all(matrix, replace(model, vocabulary=vocabulary, components=components), draw)
    return Fitted(matrix, drawn, model)


def _of_all(matrix: sp.csr_matrix, model: TopicModel, draw: np.ndarray) -> TopicModel:
    """The topics of a draw, with the words of all texts and every other text where the centre is most like it."""
    k = len(model.components)
    likeness = matrix @ topic_model.centres(matrix[draw], model.assignments, k).T
    sums = likeness.sum(axis=1, keepdims=True)
    weights = np.divide(likeness, sums, out=np.zeros_like(likeness), where=sums > 0)
    assignments = np.where(sums[:, 0] > 0, likeness.argmax(axis=1), np.bincount(model.assignments).argmax())
    weights[draw], assignments[draw] = model.weights, model.assignments
    components = topic_model.reread(matrix, model.components)
    return TopicModel(model.vocabulary, components, weights, assignments, model.error)
