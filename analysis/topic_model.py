"""Topics of a set of texts: non-negative factors of their tf-idf matrix. Pure: token lists in, topics out.

Sublinear tf-idf (Salton and Buckley 1988) is factorised by NMF (Lee and Seung 1999) from the deterministic NNDSVD
start (Boutsidis and Gallopoulos 2008), so that the same texts give the same topics whatever the seed.
"""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

TOP_WORDS = 10
MAX_SHARE = 0.5
"""A word in more than this share of the texts names what all are about, not a topic."""

MIN_TEXTS_A_WORD = 2
FULL_BATCH_TEXTS = 100_000
"""Above this many texts NMF goes through them in batches (MiniBatchNMF): 10 times the speed, near the same topics."""

WARM_ITERATIONS = 30
COLD_ITERATIONS = 200


@dataclass(frozen=True)
class TopicModel:
    """A fit. `weights` rows sum to 1, or are 0 where a text has no word of the vocabulary.

    vocabulary: (V,) str; components: (k, V) ≥ 0, unit rows; weights: (n, k); assignments: (n,) in 0..k-1;
    words: k tuples of the top words.
    """

    vocabulary: np.ndarray
    components: np.ndarray
    weights: np.ndarray
    assignments: np.ndarray
    words: tuple[tuple[str, ...], ...]


def tfidf(texts: Sequence[Sequence[str]]) -> tuple[sp.csr_matrix, np.ndarray]:
    """Sublinear tf-idf of token lists with unit rows: (n, V) float32, and the vocabulary (V,)."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    rare = MIN_TEXTS_A_WORD if len(texts) >= 10 * MIN_TEXTS_A_WORD else 1
    common = MAX_SHARE if len(texts) >= 10 * MIN_TEXTS_A_WORD else 1.0
    vectoriser = TfidfVectorizer(
        analyzer=_as_is, sublinear_tf=True, min_df=rare, max_df=common, dtype=np.float32, lowercase=False
    )
    try:
        matrix = vectoriser.fit_transform(texts)
    except ValueError:  # no word is left
        return sp.csr_matrix((len(texts), 0), dtype=np.float32), np.array([], dtype=str)
    return matrix, vectoriser.get_feature_names_out()


def fit_topics(matrix: sp.csr_matrix, vocabulary: np.ndarray, k: int, seed: int = 0, start=None) -> TopicModel:
    """Factorise `matrix` (n, V) into at most `k` topics.

    `start`: (weights (n, k), components (k, V)) to begin from instead of NNDSVD: a warm start keeps topics in place.
    """
    k = max(1, min(k, *matrix.shape))
    if matrix.shape[1] == 0:
        flat = np.zeros((matrix.shape[0], 1))
        return TopicModel(vocabulary, np.zeros((1, 0)), flat, np.zeros(len(flat), dtype=int), ((),))
    weights, components = _factorise(matrix, k, seed, start)
    norms = np.linalg.norm(components, axis=1)
    norms[norms == 0] = 1
    components, weights = components / norms[:, None], weights * norms
    sums = weights.sum(axis=1, keepdims=True)
    weights = np.divide(weights, sums, out=np.zeros_like(weights), where=sums > 0)
    assignments = weights.argmax(axis=1)
    unread = sums[:, 0] == 0
    if unread.any() and not unread.all():
        assignments[unread] = np.bincount(assignments[~unread]).argmax()
    return TopicModel(vocabulary, components, weights, assignments, top_words(components, vocabulary))


def top_words(components: np.ndarray, vocabulary: np.ndarray, n: int = TOP_WORDS) -> tuple[tuple[str, ...], ...]:
    """The `n` heaviest words of each topic."""
    order = np.argsort(-components, axis=1, kind="stable")[:, :n]
    return tuple(tuple(str(vocabulary[i]) for i in row if components[topic, i] > 0) for topic, row in enumerate(order))


def _factorise(matrix, k: int, seed: int, start) -> tuple[np.ndarray, np.ndarray]:
    from sklearn.decomposition import NMF, MiniBatchNMF
    from sklearn.exceptions import ConvergenceWarning

    settings = {"n_components": k, "random_state": seed, "init": "custom" if start else "nndsvd"}
    given = dict(zip(("W", "H"), start, strict=True)) if start else {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        if matrix.shape[0] > FULL_BATCH_TEXTS:
            model = MiniBatchNMF(**settings, batch_size=4096, max_iter=10)
        else:
            model = NMF(**settings, max_iter=WARM_ITERATIONS if start else COLD_ITERATIONS)
        return model.fit_transform(matrix, **given), model.components_


def _as_is(words: Sequence[str]) -> Sequence[str]:
    return words
