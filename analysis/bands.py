"""Intervals for a mean tone that know that copies are no new evidence.

The unit is the story, not the article: forty sites with one wire text are one observation of weight forty. Within a
bucket, adjacent days form blocks worth at least BLOCK_STORIES stories, so that a drift of the tone over the bucket
does not widen the band. In a block with story means x_g of n_g articles, w_g = n_g / N_b and q = sum w^2, the
variance of the block's mean m_b = sum w_g x_g is

    V_b = sum w_g^2 (x_g - m_b)^2 / (1 - 2 w_g + q)

which is unbiased whatever the weights (CR2: Bell & McCaffrey 2002, Survey Methodology 28; Pustejovsky & Tipton 2018,
JBES 36), with 1/q - 1 degrees of freedom (Kish's effective number of stories less one). The bucket has
V = sum (N_b / N)^2 V_b, its degrees of freedom by Satterthwaite's rule, and the band mean -/+ t sqrt(V), cut to
[-1, 1]. All sums run over classes of stories with the same n_g, so that the store can add them up.
"""

import numpy as np
import pandas as pd
from scipy import special

from ingest.store import Table

LEVEL = 0.95

BLOCK_STORIES = 5
"""Effective stories (Kish) a block holds at least: a stratum of one story would seem to have no spread."""


def bands(classes: pd.DataFrame, level: float = LEVEL) -> pd.DataFrame:
    """Band of the mean for every bucket and key.

    `classes` (the rows of a bucket and key together, in order of days): the `stories` of a bucket, key and first day
    with `n` articles each, the sum of their score sums `s1` and the sum of the squared score sums `s2`. Returns bucket,
    key, lo, hi; a bucket of one story has no band and no row.
    """
    columns = {name: column.to_numpy() for name, column in classes.items()}
    return pd.DataFrame(band_columns(columns, level))


def band_columns(classes: Table, level: float = LEVEL) -> Table:
    """`bands` of and as columns."""
    if not len(classes["bucket"]):
        return {"bucket": classes["bucket"], "key": classes["key"], "lo": np.array([]), "hi": np.array([])}
    group = _numbered(classes["bucket"], classes["key"])
    day = _numbered(classes["bucket"], classes["key"], classes["day"])
    n, stories, s1, s2 = (classes[name].astype(float) for name in ("n", "stories", "s1", "s2"))
    block = _blocks(day, group, n * stories, n**2 * stories)

    def by_block(values: np.ndarray) -> np.ndarray:
        return np.bincount(block, values)

    block_n = by_block(n * stories)
    mean = by_block(s1) / block_n
    weight = n / block_n[block]
    q = by_block(stories * weight**2)
    residual = 1 - 2 * weight + q[block]
    with np.errstate(divide="ignore", invalid="ignore"):
        a = weight**2 / residual
        squares = s2 / n**2 - 2 * mean[block] * s1 / n + stories * mean[block] ** 2
        variance = by_block(a * squares.clip(0))

    first = np.flatnonzero(np.diff(group, prepend=-1))
    of_block = np.zeros(len(block_n), dtype=int)
    of_block[block] = group
    total = np.bincount(of_block, block_n)
    share = (block_n / total[of_block]) ** 2
    centre = np.bincount(of_block, mean * block_n) / total
    freedom = np.bincount(of_block, share * q) ** 2 / np.bincount(of_block, (share * q) ** 2 / np.maximum(1 / q - 1, 1))
    half = special.stdtrit(freedom, (1 + level) / 2) * np.sqrt(np.bincount(of_block, share * variance))
    drawn = np.bincount(group, stories) > 1
    of_group = {name: classes[name][first][drawn] for name in ("bucket", "key")}
    return of_group | {"lo": (centre - half).clip(-1)[drawn], "hi": (centre + half).clip(None, 1)[drawn]}


def _numbered(*columns: np.ndarray) -> np.ndarray:
    """Running number of the distinct rows of sorted columns."""
    changed = np.zeros(len(columns[0]), dtype=bool)
    for values in columns:
        changed[1:] |= values[1:] != values[:-1]
    return np.cumsum(changed)


def _blocks(day: np.ndarray, group: np.ndarray, articles: np.ndarray, squares: np.ndarray) -> np.ndarray:
    """Block of every row: whole adjacent days of a group until BLOCK_STORIES are together; a rest joins the last.

    `articles` and `squares` are the rows' sums of n and n^2 over stories: (sum n)^2 / sum n^2 stories are together.
    """
    group_of_day = group[np.flatnonzero(np.diff(day, prepend=-1))]
    sums = zip(
        group_of_day.tolist(), np.bincount(day, articles).tolist(), np.bincount(day, squares).tolist(), strict=True
    )
    block_of_day, block, held, held_squares, current = [], -1, 0.0, 0.0, -1
    for of_group, n, n_squares in sums:
        if of_group != current or held**2 >= BLOCK_STORIES * held_squares:
            block, held, held_squares, current = block + 1, 0.0, 0.0, of_group
        block_of_day.append(block)
        held, held_squares = held + n, held_squares + n_squares
    numbers = np.array(block_of_day, dtype=int)
    group_of_block = group_of_day[np.flatnonzero(np.diff(numbers, prepend=-1))]
    stories = np.bincount(numbers, np.bincount(day, articles)) ** 2 / np.bincount(numbers, np.bincount(day, squares))
    rest = (stories < BLOCK_STORIES) & (np.diff(group_of_block, prepend=-1) == 0)
    return (numbers - np.cumsum(rest)[numbers])[day]
