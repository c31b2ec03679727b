"""Simulated feeds whose true tone is known: what bands and event studies are measured on. No benchmark by itself."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

REACH = 0.6
"""Scores of a day lie within this of the day's tone (uniformly), cut to [-1, 1]."""


@dataclass(frozen=True)
class Feed:
    """A kind of bucket: `days` long, `stories` a day (Poisson; times `weekend` on two days of seven).

    `copies` is the exponent of the Zipf law of articles a story, at most 60; None: every story is alone. The days'
    tones are autocorrelated by `rho`.
    """

    name: str
    days: int
    stories: float
    copies: float | None = None
    rho: float = 0.0
    weekend: float = 1.0


FEEDS = (
    Feed("few stories a week", 7, 1.2),
    Feed("a day of eight stories", 1, 8),
    Feed("many copies", 7, 3, copies=2.4),
    Feed("one story on sixty sites", 7, 3, copies=1.9),
    Feed("a weekend cycle and autocorrelated tone", 28, 2, rho=0.8, weekend=0.3),
    Feed("days that each make a block", 28, 12, rho=0.9, weekend=0.3),
    Feed("all at once", 28, 4, copies=2.4, rho=0.8, weekend=0.3),
    Feed("all at once, one story on sixty sites", 28, 4, copies=1.9, rho=0.8, weekend=0.3),
    Feed("a month of many stories", 28, 20, copies=2.4, rho=0.5, weekend=0.3),
)


def buckets(feed: Feed, count: int, rng: np.random.Generator) -> tuple[pd.DataFrame, np.ndarray]:
    """`count` buckets of a feed: a frame of stories (key, day, n, score_sum) and each bucket's true mean tone."""
    weekday = np.where(np.arange(feed.days) % 7 >= 5, feed.weekend, 1.0)
    tone = rng.normal(0, 0.1, (count, feed.days))
    for day in range(1, feed.days):
        tone[:, day] += feed.rho * tone[:, day - 1]
    stories = rng.poisson(feed.stories * weekday, (count, feed.days))
    key, day = (np.repeat(index.ravel(), stories.ravel()) for index in np.indices(stories.shape))
    n = np.ones(len(key), dtype=int) if feed.copies is None else np.minimum(rng.zipf(feed.copies, len(key)), 60)
    centre = np.tanh(0.2 + tone[key, day])
    score = np.clip(centre + rng.uniform(-REACH, REACH, len(key)), -1, 1)
    truth = np.bincount(key, _clipped_mean(centre) * n, count) / np.bincount(key, n, count).clip(1)
    return pd.DataFrame({"key": key, "day": day, "n": n, "score_sum": score * n}), truth


def classes(stories: pd.DataFrame) -> pd.DataFrame:
    """Stories as `analysis.bands` reads them, of one bucket a key."""
    frame = stories.assign(stories=1, s1=stories["score_sum"], s2=stories["score_sum"] ** 2)
    sums = frame.groupby(["key", "day", "n"], as_index=False)[["stories", "s1", "s2"]].sum()
    return sums.assign(bucket=pd.Timestamp("2021-01-04"))


def covered(found: pd.DataFrame, truth: np.ndarray) -> float:
    """Share of bands (key, lo, hi) that hold the truth of their bucket."""
    true = truth[found["key"]]
    return float(((found["lo"] <= true) & (true <= found["hi"])).mean())


def daily(
    rng: np.random.Generator, days: int = 400, stories: float = 5, rho: float = 0.0, effect: float = 0.0, at: int = 200
) -> pd.DataFrame:
    """A daily series as `queries.series` makes it: scores of deviation 0.4, a shift of `effect` from day `at` on."""
    tone = np.r_[0.0, rng.normal(0, 0.1 if rho else 0, days - 1)]
    for day in range(1, days):
        tone[day] += rho * tone[day - 1]
    n = rng.poisson(stories, days)
    mean = tone + rng.normal(0, 0.4, days) / np.sqrt(np.maximum(n, 1)) + effect * (np.arange(days) >= at)
    return daily_frame(mean, n)


def daily_frame(mean: np.ndarray, n: np.ndarray) -> pd.DataFrame:
    """A daily series of mean tones of `n` articles, from 2019-01-01 on."""
    mean, n = np.asarray(mean, dtype=float), np.asarray(n)
    return pd.DataFrame(
        {
            "bucket": pd.date_range("2019-01-01", periods=len(n)), "n": n, "n_all": 10 * n, "n_scored": n,
            "share": np.where(n > 0, 0.1, np.nan), "mean": np.where(n > 0, mean, np.nan), "gap": n == 0,
        }
    )  # fmt: skip


def _clipped_mean(centre: np.ndarray) -> np.ndarray:
    """Mean of clip(U, -1, 1) for U uniform within REACH of the centre."""
    over = np.clip(centre + REACH - 1, 0, None)
    under = np.clip(-1 - (centre - REACH), 0, None)
    return centre - (over**2 - under**2) / (4 * REACH)
