"""Intervals for a mean tone that know that copies are no new evidence.

The unit is the story, not the article: forty sites with one wire text are one observation of weight forty. Within a
bucket, adjacent days form blocks of at least BLOCK_STORIES stories; stories are resampled within their block, so a
drift of the tone over the bucket does not widen the band.

With z_g = (S_g - m n_g) / N the influence of story g on the mean m = S / N (S_g: sum of scores, n_g: articles), the
variance is sum over blocks of G/(G-1) * sum over its stories of (z_g - mean z)^2 (Cochran, Sampling Techniques, 3rd
ed., 1977, chapter 6 and 11.8), with sum of (G - 1) degrees of freedom.
"""

import numpy as np
import pandas as pd
from scipy import stats

LEVEL = 0.95
BLOCK_STORIES = 5
"""Stories a block holds at least: a stratum of one story would seem to have no spread."""


def bands(cells: pd.DataFrame, level: float = LEVEL) -> pd.DataFrame:
    """Band of the mean for every bucket and key.

    `cells`: bucket, key, day, n, score_sum, one row a story and day, sorted by day within bucket and key.
    Returns bucket, key, lo, hi in [-1, 1]; a bucket of one story has no row.
    """
    rows = [
        (bucket, key, *interval(part["day"].to_numpy(), part["n"].to_numpy(), part["score_sum"].to_numpy(), level))
        for (bucket, key), part in cells.groupby(["bucket", "key"], sort=False)
        if len(part) > 1
    ]
    return pd.DataFrame(rows, columns=["bucket", "key", "lo", "hi"]).astype(no_bands().dtypes) if rows else no_bands()


def no_bands() -> pd.DataFrame:
    """The frame of `bands` without a row."""
    empty = {"bucket": "datetime64[us]", "key": "str", "lo": "float64", "hi": "float64"}
    return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in empty.items()})


def interval(day: np.ndarray, n: np.ndarray, score_sum: np.ndarray, level: float = LEVEL) -> tuple[float, float]:
    """Closed form: mean -/+ t * standard error, cut to [-1, 1]. Arrays hold one entry a story, sorted by day."""
    mean, influence = _influence(n, score_sum)
    block = blocks(day)
    size = np.bincount(block)
    spread = influence - (np.bincount(block, influence) / size)[block]
    variance = np.sum(spread**2 * (size / (size - 1))[block])
    half = stats.t.ppf((1 + level) / 2, np.sum(size - 1)) * np.sqrt(variance)
    return max(mean - half, -1.0), min(mean + half, 1.0)


def _influence(n: np.ndarray, score_sum: np.ndarray) -> tuple[float, np.ndarray]:
    mean = score_sum.sum() / n.sum()
    return mean, (score_sum - mean * n) / n.sum()


def blocks(day: np.ndarray) -> np.ndarray:
    """Block number of every story: whole adjacent days until BLOCK_STORIES are together; a rest joins the last."""
    _, per_day = np.unique(day, return_counts=True)
    number, held, of_day = 0, 0, []
    for stories in per_day:
        of_day.append(number)
        held += stories
        if held >= BLOCK_STORIES:
            number, held = number + 1, 0
    if held and number:
        of_day = [min(index, number - 1) for index in of_day]
    return np.repeat(of_day, per_day)
