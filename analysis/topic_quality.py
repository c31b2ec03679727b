"""How far topics can be relied on: do they come back from other texts, and do their words belong together?"""

from collections.abc import Sequence

import numpy as np
import scipy.sparse as sp
from scipy.optimize import linear_sum_assignment

from analysis.topic_model import Rows, TopicModel, fit_topics

REFITS = 3
SAMPLE_SHARE = 0.9
SAMPLE_TEXTS = 5_000
"""At most this many texts are refitted: stability is an estimate, and should cost less than the fit."""


def stability(rows: Rows, model: TopicModel, seed: int, refits: int = REFITS) -> np.ndarray:
    """(k,) mean Jaccard of each topic's top words with its match in refits on other texts.

    Each refit sees a random 90 % (drawn by `seed`) of the `rows`. In [0, 1].
    """
    random = np.random.default_rng(seed)
    n = rows.own.shape[0]
    size = min(max(1, round(SAMPLE_SHARE * n)), SAMPLE_TEXTS)
    agreement = []
    for _ in range(refits):
        drawn = np.sort(random.choice(n, size, replace=False))
        other = fit_topics(rows.some(drawn), len(model.components))
        agreement.append(matched_jaccard(model.words, other.words))
    return np.mean(agreement, axis=0)


def matched_jaccard(words: Sequence[Sequence[str]], others: Sequence[Sequence[str]]) -> np.ndarray:
    """(k,) Jaccard of each topic's words with those of its partner in the best one-to-one match; 0 without partner."""
    table = jaccard_table(words, others)
    rows, columns = linear_sum_assignment(-table)
    matched = np.zeros(len(words))
    matched[rows] = table[rows, columns]
    return matched


def jaccard_table(words: Sequence[Sequence[str]], others: Sequence[Sequence[str]]) -> np.ndarray:
    """(k, l) Jaccard of two lists of word sets; two empty sets are equal."""
    table = np.ones((len(words), len(others)))
    for i, first in enumerate(map(set, words)):
        for j, second in enumerate(map(set, others)):
            if first or second:
                table[i, j] = len(first & second) / len(first | second)
    return table


def coherence(matrix: sp.csr_matrix, vocabulary: np.ndarray, words: Sequence[Sequence[str]]) -> list[float | None]:
    """Mean NPMI (Bouma 2009) of each topic's word pairs by the texts they share, in [-1, 1]; None below two words.

    `matrix`: (n, V), of which only zero or not is read.
    """
    column = {word: index for index, word in enumerate(vocabulary)}
    present = sp.csc_matrix(matrix > 0)
    found = []
    for top in words:
        some = present[:, [column[word] for word in top]].astype(np.float64)
        found.append(_npmi((some.T @ some).toarray() / matrix.shape[0]) if len(top) > 1 else None)
    return found


def _npmi(together: np.ndarray) -> float:
    alone = together.diagonal()
    pairs = np.triu_indices(len(alone), 1)
    both = together[pairs]
    expected = np.outer(alone, alone)[pairs]
    value = np.full(len(both), -1.0)  # words that never meet
    meet = both > 0
    always = both >= 1
    value[meet] = np.log(both[meet] / expected[meet]) / np.maximum(-np.log(both[meet]), 1e-12)
    value[always] = 1.0
    return float(value.mean())
