"""Texts speak for their neighbours too: each row of a tf-idf matrix is mixed with those of the texts most like it.

A headline has few words; mixing lets words meet that never share a headline. Neighbours are sought by sentence vectors
where there are any, across languages; else among texts of one language in a latent semantic space (Deerwester and
others 1990), of words or, in Chinese, of characters and pairs of characters: five words a headline say too little.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import scipy.sparse as sp

from analysis import meaning
from analysis.text import fold, normalise
from analysis.topic_model import Rows

NEIGHBOURS = 10
NEIGHBOUR_SHARE = 0.5
"""How much of a row comes from its neighbours: half, and 10 of them, gave the best NPMI on texts held out."""

MEANING_SHARE = 0.7
"""With sentence vectors, which know better who is alike: the best on BBC and SearchSnippets together."""

MEANING_NEIGHBOURS = 200
"""With sentence vectors the nearest n / MEANING_NEIGHBOURS texts are neighbours, at least NEIGHBOURS of them."""

LATENT = 50
"""Dimensions of the latent semantic space."""

MAX_CHARACTERS = 300
"""A headline and its lead."""

MIN_TEXTS_A_GROUP = 3
"""A group of characters in fewer texts is left out."""

SVD_SEED = 0
"""Where the exact SVD begins to search. A randomised one is no faster here, and another seed gives other neighbours."""

BLOCK = 250
"""Rows compared at a time, few enough to stay in the processor's cache."""

GROUP = 8
"""Texts of which only the likest is looked at first: partitioning so many fewer takes less than half as long."""


def mixed_rows(matrix: sp.csr_matrix, vocabulary: np.ndarray, texts: Sequence[str], languages: Sequence[str]) -> Rows:
    """The rows that are fitted: `matrix` (n, V) of n texts in these languages, as it is and mixed with neighbours.

    Sentence vectors are mixed in the same way. Time grows with n squared: 10,000 texts take a second, 20,000 three.
    """
    vectors = meaning.vectors(texts, languages)
    mix = mixing(matrix, texts, languages, vectors)
    return Rows(matrix, (mix @ matrix).astype(matrix.dtype), vocabulary, None if vectors is None else mix @ vectors)


def mixing(
    matrix: sp.csr_matrix, texts: Sequence[str], languages: Sequence[str], vectors: np.ndarray | None = None
) -> sp.csr_matrix:
    """(n, n) shares: multiplied by rows of the n texts it mixes each with the mean of its neighbours', half and half.

    vectors: (n, d) unit rows of their meaning, or None; with them MEANING_SHARE is the neighbours'. A row among
    neighbours that agree keeps its length, a stray one loses up to that share; one that says nothing, or with too few
    texts to choose from, stays.
    """
    n = matrix.shape[0]
    mix = sp.eye(n, format="csr", dtype=np.float32)
    share = NEIGHBOUR_SHARE if vectors is None else MEANING_SHARE
    for rows, near in _near(matrix, texts, np.asarray(languages), vectors):
        shares = np.full(near.size, share / near.shape[1], dtype=np.float32)
        own = np.zeros(n, dtype=np.float32)
        own[rows] = share
        mix -= sp.diags(own)
        mix += sp.csr_matrix((shares, (np.repeat(rows, near.shape[1]), rows[near].ravel())), shape=(n, n))
    return mix.tocsr()


def _near(matrix, texts, languages: np.ndarray, vectors) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """(rows, (rows, m) places among them of the nearest) of each group of texts that can be compared."""
    if vectors is not None:
        if len(vectors) > NEIGHBOURS:
            yield np.arange(len(vectors)), nearest(vectors, max(NEIGHBOURS, len(vectors) // MEANING_NEIGHBOURS))
        return
    for language in np.unique(languages):
        rows = np.flatnonzero(languages == language)
        seen = _spelling([texts[row] for row in rows]) if language == "zh" else matrix[rows]
        if seen.shape[1] <= 2:
            continue
        latent = _latent(seen)
        says = latent.any(axis=1)
        if says.sum() > NEIGHBOURS:
            yield rows[says], nearest(latent[says], NEIGHBOURS)


def _spelling(texts: Sequence[str]) -> sp.csr_matrix:
    """Sublinear tf-idf of characters and pairs of characters, (n, c)."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectoriser = TfidfVectorizer(
        analyzer="char", ngram_range=(1, 2), sublinear_tf=True, min_df=min(MIN_TEXTS_A_GROUP, len(texts)),
        dtype=np.float32,
    )  # fmt: skip
    try:
        return vectoriser.fit_transform([fold(normalise(text[:MAX_CHARACTERS])) for text in texts])
    except ValueError:  # no group of characters is in enough texts
        return sp.csr_matrix((len(texts), 0), dtype=np.float32)


def _latent(matrix: sp.csr_matrix) -> np.ndarray:
    from sklearn.decomposition import TruncatedSVD
    from sklearn.preprocessing import normalize

    width = min(LATENT, min(matrix.shape) - 1)
    exact = TruncatedSVD(width, algorithm="arpack", random_state=SVD_SEED)
    return normalize(exact.fit_transform(matrix)).astype(np.float32)


def nearest(vectors: np.ndarray, m: int) -> np.ndarray:
    """(n, m) the rows most like each row."""
    n = len(vectors)
    m = min(m, n - 1)
    near = np.empty((n, m), dtype=np.int32)
    for begin in range(0, n, BLOCK):
        likeness = vectors[begin : begin + BLOCK] @ vectors.T
        own = np.arange(len(likeness))
        likeness[own, own + begin] = -np.inf
        near[begin : begin + BLOCK] = _largest(likeness, m)
    return near


def _largest(values: np.ndarray, m: int) -> np.ndarray:
    """(r, m) places of the m largest of each row of `values` (r, n): they are in the m groups with the largest best."""
    width = values.shape[1]
    groups = width // GROUP
    if groups <= m:
        return np.argpartition(values, width - m, axis=1)[:, width - m :]
    best = np.maximum.reduce([values[:, at * groups : (at + 1) * groups] for at in range(GROUP)])
    top = np.argpartition(best, groups - m, axis=1)[:, groups - m :]
    ungrouped = np.broadcast_to(np.arange(groups * GROUP, width), (len(values), width - groups * GROUP))
    places = np.hstack([*(top + at * groups for at in range(GROUP)), ungrouped])
    near = np.argpartition(np.take_along_axis(values, places, axis=1), -m, axis=1)[:, -m:]
    return np.take_along_axis(places, near, axis=1)
