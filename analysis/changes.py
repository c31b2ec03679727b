"""Where a series changed its level, and whether the news changed or only what was collected.

Change points by optimal partitioning with squared error (Jackson et al. 2005, IEEE Signal Processing Letters 12; PELT,
Killick, Fearnhead & Eckley 2012, JASA 107, finds the same by looking at less) and a penalty of
PENALTY * long-run variance * log T. The variance comes from differences of neighbours, which a change of level hardly
touches, and is inflated for autocorrelation (as Tecuapetla-Gomez & Munk 2017 do): with d_k half the mean square of
x_t - x_{t-k}, rho = d_2 / d_1 - 1 and the long-run variance is d_1 (1 + rho) / (1 - rho)^2.
"""

import numpy as np
import pandas as pd

PENALTY = 3.0
"""Twice the log T of Yao's (1988) criterion for a normal mean is the usual 2; 3 keeps false alarms under 5 % with
autocorrelated buckets (simulated in the tests)."""

MIN_BUCKETS = 4
"""Buckets of a level at least: a burst is no new level."""

LARGEST_RHO = 0.7
"""Autocorrelation is not believed beyond this: then a change of level would pass for dependence."""

CHANGE_COLUMNS = ("bucket", "figure", "before", "after", "with_collection")


def changes(frame: pd.DataFrame) -> pd.DataFrame:
    """Changes of level in a series of one key: bucket (first of the new level), figure, before, after, with_collection.

    `figure` is n_all (the collection itself), share or mean. A change of share or mean within a bucket of one of the
    collection is marked `with_collection`: it may be a change of feeds, not of news. Partial buckets take no part.
    """
    whole = frame[~frame["partial"]].reset_index(drop=True)
    collection = _changes_of(whole, "n_all", np.sqrt)
    found = [collection, _changes_of(whole, "share", _arcsine), _changes_of(whole, "mean", lambda x: x)]
    table = pd.DataFrame([row for rows in found for row in rows], columns=["at", *CHANGE_COLUMNS[:4]])
    places = [row[0] for row in collection]
    beside = [any(abs(at - place) <= 1 for place in places) for at in table["at"]]
    table["with_collection"] = np.array(beside, dtype=bool) & (table["figure"] != "n_all").to_numpy()
    return table.loc[:, list(CHANGE_COLUMNS)]


def change_points(values: np.ndarray) -> list[int]:
    """Index of the first value of each new level in `values` (no NaN), in order."""
    if len(values) < 2 * MIN_BUCKETS:
        return []
    variance = long_run_variance(values)
    if variance <= 0:
        return []
    return partition(values, PENALTY * variance * np.log(len(values)))


def partition(values: np.ndarray, penalty: float) -> list[int]:
    """First indices of the levels after the first, such that squared errors plus `penalty` a change are least."""
    centred = values - values.mean()
    sums, squares = (np.concatenate([[0.0], np.cumsum(part)]) for part in (centred, centred**2))
    least = np.full(len(values) + 1, np.inf)  # of the values before an index
    least[0] = -penalty
    start = np.zeros(len(values) + 1, dtype=int)
    for end in range(MIN_BUCKETS, len(values) + 1):
        starts = slice(end - MIN_BUCKETS + 1)
        length = end - np.arange(end - MIN_BUCKETS + 1)
        errors = squares[end] - squares[starts] - (sums[end] - sums[starts]) ** 2 / length
        total = least[starts] + errors + penalty
        start[end] = total.argmin()
        least[end] = total[start[end]]
    points, at = [], int(start[-1])
    while at:
        points.append(at)
        at = int(start[at])
    return points[::-1]


def long_run_variance(values: np.ndarray) -> float:
    """Variance of a sum of neighbours for each of them, from differences (see the module)."""
    one, two = (np.mean((values[lag:] - values[:-lag]) ** 2) / 2 for lag in (1, 2))
    if one == 0:
        return 0.0
    rho = min(max(two / one - 1, 0.0), LARGEST_RHO)
    return float(one * (1 + rho) / (1 - rho) ** 2)


def _changes_of(frame: pd.DataFrame, figure: str, stabilised) -> list[tuple]:
    known = frame[~frame["gap"]].dropna(subset=[figure])
    values = known[figure].to_numpy(dtype=float)
    if not len(values):
        return []
    points = change_points(stabilised(values))
    edges = [0, *points, len(values)]
    levels = [values[start:stop].mean() for start, stop in zip(edges[:-1], edges[1:], strict=True)]
    return [
        (known.index[at], known["bucket"].iloc[at], figure, levels[number], levels[number + 1])
        for number, at in enumerate(points)
    ]


def _arcsine(share: np.ndarray) -> np.ndarray:
    """Variance-stabilising transform of a proportion."""
    return np.arcsin(np.sqrt(np.clip(share, 0, 1)))
