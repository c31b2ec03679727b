"""The few distributions that a page needs, from `scipy.special`.

`scipy.stats` says the same (the tests hold these against it), but takes a second to load and 45 MB in a server that
never lets go of them.
"""

import numpy as np
from scipy import special

NORMAL_95 = float(special.ndtri(0.975))
"""Standard errors to either side that hold 95 % of a normal distribution."""


def two_sided_p(z: np.ndarray) -> np.ndarray:
    """p of a normal value as far from 0 as `z`."""
    return 2 * special.ndtr(-np.abs(z))


def q_values(p: np.ndarray) -> np.ndarray:
    """q of each p (none missing): the share of false discoveries where everything with this p or less is believed
    (Benjamini & Hochberg 1995, JRSS B 57)."""
    p = np.asarray(p, dtype=float)
    order = np.argsort(p)
    scaled = p[order] * len(p) / np.arange(1, len(p) + 1)
    q = np.empty_like(p)
    q[order] = np.minimum.accumulate(scaled[::-1])[::-1].clip(0, 1)
    return q


def negative_binomial(n: np.ndarray, size: np.ndarray, success: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities of at most and of at least `n` failures before `size` (any positive number) successes."""
    at_most = special.betainc(size, n + 1, success)
    at_least = np.where(n > 0, special.betainc(np.maximum(n, 1), size, 1 - success), 1.0)
    return at_most, at_least
