"""The difference of a daily outcome between the days before and the days from a date on, for every date at once.

Means are weighted, e.g. a day's tone by its articles; a day of weight 0 is missing and takes no part. With u_t the
day's influence on the difference (weight * residual / sum of weights of its side, negative before the date), the
standard error is the Bartlett (Newey & West 1987) long-run one,

    se^2 = sum_t u_t^2 + 2 sum_{l=1}^{S-1} (1 - l/S) sum_t u_t u_{t+l},   S = 1.3 sqrt(T)

with the bandwidth S and the fixed-b critical values that Lazarus, Lewis, Stock & Watson (2018, JBES 36) recommend:
wide, so that autocorrelated days do not pass for independent ones.
"""

from dataclasses import dataclass

import numpy as np

BANDWIDTH = 1.3
"""S / sqrt(T), from Lazarus et al. (2018), equation 4."""

FIXED_B = (1.96, 2.9694, 0.416, -0.5324)
"""Critical value of a two-sided 5 % test as a polynomial of b = S / T (Kiefer & Vogelsang 2005, table 1, Bartlett)."""


@dataclass(frozen=True, slots=True)
class Contrasts:
    """Arrays with one entry a day of the series: the contrast if the date were that day. NaN where a side is empty.

    `n_before`, `n_after`: sums of weights; `days_before`, `days_after`: days with a weight.
    """

    before: np.ndarray
    after: np.ndarray
    se: np.ndarray
    n_before: np.ndarray
    n_after: np.ndarray
    days_before: np.ndarray
    days_after: np.ndarray

    @property
    def effect(self) -> np.ndarray:
        return self.after - self.before

    @property
    def t(self) -> np.ndarray:
        with np.errstate(divide="ignore", invalid="ignore"):
            return self.effect / self.se


def contrasts(value: np.ndarray, weight: np.ndarray, window: int) -> Contrasts:
    """Contrast `window` days from each day on with the `window` days before it; days beyond the series are missing."""
    weight = np.where(np.isnan(value), 0.0, weight)
    w = _windows(weight, window)
    y = _windows(np.nan_to_num(value), window)
    with np.errstate(divide="ignore", invalid="ignore"):
        sides = [_side(y[:, part], w[:, part]) for part in (slice(None, window), slice(window, None))]
    (before, n_before, u_before), (after, n_after, u_after) = sides
    variance = _long_run(np.hstack([-u_before, u_after]), bandwidth(2 * window))
    days_before, days_after = ((w[:, part] > 0).sum(axis=1) for part in (slice(None, window), slice(window, None)))
    return Contrasts(before, after, np.sqrt(variance), n_before, n_after, days_before, days_after)


def bandwidth(days: int) -> int:
    """S for a series of so many days, rounded up."""
    return int(np.ceil(BANDWIDTH * np.sqrt(days)))


def critical_value(window: int) -> float:
    """How many standard errors a 95 % interval reaches to either side; b refers to one side, the days of one mean."""
    b = bandwidth(2 * window) / window
    return float(sum(factor * b**power for power, factor in enumerate(FIXED_B)))


def _windows(values: np.ndarray, window: int) -> np.ndarray:
    padded = np.concatenate([np.zeros(window), values, np.zeros(window - 1)])
    return np.lib.stride_tricks.sliding_window_view(padded, 2 * window)


def _side(y: np.ndarray, w: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    total = w.sum(axis=1)
    mean = (w * y).sum(axis=1) / total
    return mean, total, w * (y - mean[:, None]) / total[:, None]


def _long_run(u: np.ndarray, span: int) -> np.ndarray:
    variance = (u * u).sum(axis=1)
    for lag in range(1, span):
        variance = variance + 2 * (1 - lag / span) * (u[:, lag:] * u[:, :-lag]).sum(axis=1)
    return variance
