"""Do bands hold the truth, do placebo events stay quiet, is a planted effect found? On simulated feeds.

Peers: the percentile bootstrap of whole stories for bands; Welch's t test of articles for event studies.
"""

import time
from datetime import timedelta

import numpy as np
import pandas as pd
from scipy import stats

from analysis.bands import bands
from analysis.event_study import study_frame
from analysis.events import load_events
from benchmarks.simulated import FEEDS, buckets, classes, covered, daily

BUCKETS = 1000
REPLICATES = 500
SERIES = 300
HALF_A_DEVIATION = 0.2


def measure() -> list[dict]:
    return [*map(_coverage, FEEDS), *(_events(rho, effect) for rho in (0.0, 0.5) for effect in (0.0, HALF_A_DEVIATION))]


def _coverage(feed) -> dict:
    stories, truth = buckets(feed, BUCKETS, np.random.default_rng(11))
    started = time.perf_counter()
    ours = bands(classes(stories))
    seconds = time.perf_counter() - started
    started = time.perf_counter()
    peer = _bootstrap(stories, np.random.default_rng(0))
    ratio = (time.perf_counter() - started) / seconds
    return {
        "case": f"bands: {feed.name}", "aim": ".93 to .97", "ours": covered(ours, truth), "peer": covered(peer, truth),
        "peer's time, ratio": ratio,
    }  # fmt: skip


def _bootstrap(stories: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """95 % percentile interval of each bucket's mean, whole stories resampled."""
    rows = []
    for key, part in stories.groupby("key"):
        if len(part) > 1:
            drawn = rng.integers(0, len(part), (REPLICATES, len(part)))
            n, total = part["n"].to_numpy()[drawn].sum(axis=1), part["score_sum"].to_numpy()[drawn].sum(axis=1)
            rows.append((key, *np.quantile(total / n, [0.025, 0.975])))
    return pd.DataFrame(rows, columns=["key", "lo", "hi"])


def _events(rho: float, effect: float) -> dict:
    rng = np.random.default_rng(12)
    no_events = load_events().iloc[:0]
    ours, peer = [], []
    for _ in range(SERIES):
        frame = daily(rng, rho=rho, effect=effect)
        when = (frame["bucket"].iloc[0] + timedelta(days=200)).date()
        ours.append(study_frame(frame, when, "sentiment", 28, None, no_events).p_placebo <= 0.05)
        before, after = frame["mean"].iloc[172:200], frame["mean"].iloc[200:228]
        peer.append(stats.ttest_ind(before, after, equal_var=False, nan_policy="omit").pvalue <= 0.05)
    name = "half a deviation found" if effect else "placebo events called significant"
    return {
        "case": f"events, five stories a day, rho {rho}: {name}", "aim": ">= .9 (rho 0)" if effect else "<= .06",
        "ours": float(np.mean(ours)), "peer": float(np.mean(peer)), "peer's time, ratio": None,
    }  # fmt: skip
