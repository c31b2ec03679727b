"""Topics of a set of texts: non-negative factors of their tf-idf matrix. Pure: token lists in, topics out.

    tfidf ─► topic_neighbours.smooth ─► NMF ─► weights ─► assignments
      └──────────────────────────────────┴─► reread ─► words

Sublinear tf-idf (Salton and Buckley 1988) is factorised by NMF (Lee and Seung 1999) from the NNDSVD start (Boutsidis
and Gallopoulos 2008), so that the same texts give the same topics. Which subjects there are is seen best in texts that
are mixed with their like; which words a subject has, in the texts as they are.
"""

import warnings
from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp

TOP_WORDS = 10
MAX_SHARE = 0.5
"""A word in more than this share of the texts names what all are about, not a topic."""

MIN_TEXTS_A_WORD = 2
FEW_TEXTS = 20
"""Below this many texts every word is kept."""

SPECIFICITY = 0.25
"""Power of a word's share in a topic by which its weight is multiplied: top words serve few topics."""

SVD_SEED = 0
"""Of the randomised SVD behind NNDSVD. Fixed: another seed gives as good a start, but not quite the same topics."""

WARM_ITERATIONS = 5
"""A warm fit has only the new articles to settle; more would let large subjects push small topics out."""

COLD_ITERATIONS = 200
TOLERANCE = 1e-3
"""A cold fit ends when a step changes so little of what the first changed. A tenth of it takes seven times as many
steps on headlines, and neither words nor groups come out better."""

REREAD_STEPS = 3
"""Multiplicative updates on the texts as they are: on texts held out 1 to 10 of them gave the same coherence."""

TRACE = 1e-6
"""Start weight of a word that a topic did not have: above 0, from where it can rise."""

SETTLING_STEPS = 10
"""After these hardly a text moves."""


class Rows(NamedTuple):
    """What is fitted of n texts. vocabulary: (V,).

    own: (n, V) tf-idf rows; mixed: the same, mixed with those of the texts most like them; meanings: (n, d) sentence
    vectors mixed in the same way, or None.
    """

    own: sp.csr_matrix
    mixed: sp.csr_matrix
    vocabulary: np.ndarray
    meanings: np.ndarray | None = None

    def some(self, rows: np.ndarray) -> "Rows":
        meanings = None if self.meanings is None else self.meanings[rows]
        return Rows(self.own[rows], self.mixed[rows], self.vocabulary, meanings)


@dataclass(frozen=True)
class TopicModel:
    """A fit. `weights` rows sum to 1, or are 0 where a text has no word of the vocabulary.

    vocabulary: (V,) str; components: (k, V) ≥ 0, unit rows; weights: (n, k); assignments: (n,) in 0..k-1; error: norm
    of what the topics do not explain, as a share of the whole.
    """

    vocabulary: np.ndarray
    components: np.ndarray
    weights: np.ndarray
    assignments: np.ndarray
    error: float

    @property
    def words(self) -> tuple[tuple[str, ...], ...]:
        return top_words(self.components, self.vocabulary)


def tfidf(texts: Sequence[Sequence[str]]) -> tuple[sp.csr_matrix, np.ndarray]:
    """Sublinear tf-idf of token lists with unit rows: (n, V) float32, and the vocabulary (V,)."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    few = len(texts) < FEW_TEXTS
    vectoriser = TfidfVectorizer(
        analyzer=_as_is,
        sublinear_tf=True,
        min_df=1 if few else MIN_TEXTS_A_WORD,
        max_df=1.0 if few else MAX_SHARE,
        dtype=np.float32,
    )
    try:
        matrix = vectoriser.fit_transform(texts)
    except ValueError:  # no word is left
        return sp.csr_matrix((len(texts), 0), dtype=np.float32), np.array([], dtype=str)
    return matrix, vectoriser.get_feature_names_out()


def inverse_frequencies(matrix: sp.csr_matrix) -> np.ndarray:
    """(V,) the idf that `tfidf` gave the words of its `matrix`."""
    in_texts = np.bincount(matrix.indices, minlength=matrix.shape[1])
    return np.log((1 + matrix.shape[0]) / (1 + in_texts)) + 1


def later_rows(texts: Sequence[Sequence[str]], vocabulary: Sequence[str], idf: np.ndarray) -> sp.csr_matrix:
    """Rows (n, V) of token lists that were not part of the fit, by its vocabulary (V,) and idf (V,)."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectoriser = TfidfVectorizer(analyzer=_as_is, sublinear_tf=True, vocabulary=vocabulary, dtype=np.float32)
    vectoriser.idf_ = idf
    return vectoriser.transform(texts)


def fit_topics(rows: Rows, k: int, start=None) -> TopicModel:
    """Factorise n texts into at most `k` topics. Nothing is left to chance: the same texts, the same topics.

    `start`: (weights (n, k), components (k, V)) to begin from instead of NNDSVD. A weight of 0 there keeps a text from
    shaping a topic, so that topics stay where their texts are; what each text is made of is then read anew.
    """
    matrix = rows.mixed
    k = max(1, min(k, *matrix.shape))
    if matrix.shape[1] == 0:
        flat = np.zeros((matrix.shape[0], 1))
        return TopicModel(rows.vocabulary, np.zeros((1, 0)), flat, np.zeros(len(flat), dtype=int), 0.0)
    weights, components, error = _factorise(matrix, k, start)
    norms = np.linalg.norm(components, axis=1)
    norms[norms == 0] = 1
    components, weights = components / norms[:, None], weights * norms
    sums = weights.sum(axis=1, keepdims=True)
    weights = np.divide(weights, sums, out=np.zeros_like(weights), where=sums > 0)
    assignments = weights.argmax(axis=1)
    if not start:
        assignments = _settled(matrix, assignments, k)
        if rows.meanings is not None:
            assignments = _settled(matrix, _settled(sp.csr_matrix(rows.meanings), assignments, k), k)
    unread = sums[:, 0] == 0
    if unread.any() and not unread.all():
        assignments[unread] = np.bincount(assignments[~unread]).argmax()
    components = reread(rows.own, components, start[0] == 0 if start else None)
    return TopicModel(rows.vocabulary, components, weights, assignments, error)


def reread(own: sp.csr_matrix, components: np.ndarray, closed: np.ndarray | None = None) -> np.ndarray:
    """(k, V) unit rows: the words of topics (components: (k, V)) as texts themselves have them, `own` (n, V).

    closed: (n, k) bool, True where a text may not speak for a topic.
    """
    from sklearn.decomposition import NMF

    weights = np.asarray(own @ components.T, dtype=own.dtype)
    if closed is not None:
        weights[closed] = 0
    nmf = NMF(len(components), init="custom", solver="mu", max_iter=REREAD_STEPS, tol=0, random_state=SVD_SEED)
    with _quietly():
        nmf.fit_transform(own, W=weights, H=(components + TRACE).astype(own.dtype))
    return nmf.components_ / np.maximum(np.linalg.norm(nmf.components_, axis=1, keepdims=True), TRACE)


def top_words(components: np.ndarray, vocabulary: np.ndarray, n: int = TOP_WORDS) -> tuple[tuple[str, ...], ...]:
    """The `n` words that weigh most in each topic and little in others. components: (k, V) with unit rows."""
    shares = components / np.maximum(components.sum(axis=0), np.finfo(float).tiny)
    telling = components * shares**SPECIFICITY
    order = np.argsort(-telling, axis=1, kind="stable")[:, :n]
    return tuple(tuple(str(vocabulary[i]) for i in row if telling[topic, i] > 0) for topic, row in enumerate(order))


def centres(matrix: sp.csr_matrix, assignments: np.ndarray, k: int) -> np.ndarray:
    """(k, V) unit means of the topics' rows, each row as long as any other; 0 where a topic has none."""
    from sklearn.preprocessing import normalize

    n = len(assignments)
    members = sp.csr_matrix((np.ones(n, matrix.dtype), (assignments, np.arange(n))), shape=(k, n))
    return normalize((members @ normalize(matrix)).toarray())


def _settled(matrix: sp.csr_matrix, assignments: np.ndarray, k: int) -> np.ndarray:
    """Texts moved to the topic whose texts they are most like on average (spherical k-means, Dhillon and Modha 2001).

    Weights say how much of a topic a text holds, and large topics hold some of everything; among rows of equal length
    a text goes where its like are. With sentence vectors it goes by these, too, and by words once more: so texts that
    share a subject but hardly a word come together, and what says little to the encoder falls back into place.
    """
    for _ in range(SETTLING_STEPS):
        likeness = matrix @ centres(matrix, assignments, k).T
        assignments = np.where(likeness.max(axis=1) > 0, likeness.argmax(axis=1), assignments)
    return assignments


def _factorise(matrix, k: int, start) -> tuple[np.ndarray, np.ndarray, float]:
    from sklearn.decomposition import NMF, non_negative_factorization

    with _quietly():
        if start:
            model = NMF(k, init="custom", solver="mu", max_iter=WARM_ITERATIONS, random_state=SVD_SEED)
            model.fit_transform(matrix, W=start[0].copy(), H=start[1])
            known = {"H": model.components_, "update_H": False, "random_state": SVD_SEED, "max_iter": COLD_ITERATIONS}
            weights, components, _ = non_negative_factorization(matrix, n_components=k, **known)
        else:
            nmf = NMF(k, init="nndsvd", random_state=SVD_SEED, max_iter=COLD_ITERATIONS, tol=TOLERANCE)
            weights, components = nmf.fit_transform(matrix), nmf.components_
    return weights, components, _error(matrix, weights, components)


@contextmanager
def _quietly():
    """Iterations are counted out here, and the error that multiplicative updates stop by, a difference of large sums,
    may round to just below 0."""
    from sklearn.exceptions import ConvergenceWarning

    with warnings.catch_warnings(), np.errstate(invalid="ignore"):
        warnings.simplefilter("ignore", ConvergenceWarning)
        yield


def _error(matrix, weights: np.ndarray, components: np.ndarray) -> float:
    """Norm of matrix - weights @ components as a share of the norm of matrix."""
    whole = float(matrix.multiply(matrix).sum())
    met = float(((matrix @ components.T) * weights).sum())
    explained = float(((weights.T @ weights) * (components @ components.T)).sum())
    return float(np.sqrt(max(whole - 2 * met + explained, 0) / max(whole, 1e-12)))


def _as_is(words: Sequence[str]) -> Sequence[str]:
    return words
