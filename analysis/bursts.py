"""What is new: terms, themes, topics and outlet groups with more articles in a day than their past lets expect.

    counts (day, outlet, key) ─► daily ─► expected from 56 days of their own past ─► z ─► alarms (n, z, outlets)
                                       └► two-state intervals (Kleinberg 2002)     └► false alarms on shuffled days

Pure: `analysis.emerging` reads the counts from the store. For one series with bands and its outlets' own output see
`analysis.anomalies`; here thousands of keys, most of them rare, are screened at once.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

PAST_DAYS = 56
"""Eight weeks: each weekday eight times, and short enough that last year's news is forgotten."""

PRIOR_ARTICLES = 0.5
"""Articles of prior belief in the past of a key: a first mention is expected to be rare, not impossible."""

WEEKDAY_PRIOR = 5.0
"""Articles of prior belief that a weekday is like any other."""

MIN_ARTICLES = 4
MIN_OUTLETS = 2
"""A burst is in more than one outlet: one paper's series of articles is no news of the field."""

ALARM_Z = 3.5
"""Least z of a burst; false_alarms counts what it lets through by chance."""

INTERVAL_RATE = 3.0
"""Times the usual share that a key has inside an interval (Kleinberg's s)."""

INTERVAL_COST = 1.0
"""Cost of entering an interval (Kleinberg's gamma)."""

COUNT_COLUMNS = ("day", "outlet", "key", "n")
BURST_COLUMNS = ("day", "key", "n", "outlets", "expected", "z")


def bursts(counts: pd.DataFrame, totals: pd.Series) -> pd.DataFrame:
    """Key-days with a burst, strongest first: BURST_COLUMNS.

    `counts` has COUNT_COLUMNS, one row a day, outlet and key with n > 0 articles; `totals`: all articles by day, 0
    where there was none, every day of the range. The first PAST_DAYS days have no past and no burst.
    """
    daily, outlets = _daily(counts, totals.index)
    expected = _expected(daily, totals)
    z = 2 * (np.sqrt(daily) - np.sqrt(expected))  # variance 1 whatever the mean (Anscombe 1948)
    alarm = (z >= ALARM_Z) & (daily >= MIN_ARTICLES) & (outlets >= MIN_OUTLETS)
    day, key = np.nonzero(alarm.to_numpy())
    frame = pd.DataFrame(
        {
            "day": daily.index[day],
            "key": daily.columns[key],
            "n": daily.to_numpy()[day, key].astype(int),
            "outlets": outlets.to_numpy()[day, key].astype(int),
            "expected": expected.to_numpy()[day, key],
            "z": z.to_numpy()[day, key],
        }
    )
    return frame.sort_values(["z", "key", "day"], ascending=[False, True, True], ignore_index=True)


def false_alarms(counts: pd.DataFrame, totals: pd.Series, rounds: int = 20, seed: int = 0) -> float:
    """Bursts a round when the days of articles are shuffled, so that nothing new happens: each is a false alarm.

    Every article keeps its outlet and key and draws a day with the odds of `totals`.
    """
    random = np.random.default_rng(seed)
    odds = totals.to_numpy(dtype=float) / totals.sum()
    single = counts.loc[counts.index.repeat(counts["n"])].assign(n=1)
    found = 0
    for _ in range(rounds):
        drawn = single.assign(day=totals.index[random.choice(len(totals), len(single), p=odds)])
        found += len(bursts(drawn.groupby(list(COUNT_COLUMNS[:3]), as_index=False)["n"].sum(), totals))
    return found / rounds


def intervals(daily: pd.Series, totals: pd.Series) -> list[tuple[pd.Timestamp, pd.Timestamp, float]]:
    """First day, last day and weight of each interval in which a key has INTERVAL_RATE times its usual share.

    Two states and the cheapest path through them (Kleinberg 2002, section 4, batched arrivals). `weight` is what the
    interval saves against staying usual, in nats.
    """
    seen = totals > 0
    n, d = daily[seen].to_numpy(dtype=float), totals[seen].to_numpy(dtype=float)
    usual = n.sum() / max(d.sum(), 1)
    if not 0 < usual < 1:
        return []
    high = min(INTERVAL_RATE * usual, 0.9999)
    costs = np.array([-(n * np.log(rate) + (d - n) * np.log1p(-rate)) for rate in (usual, high)])
    states = _cheapest(costs, INTERVAL_COST * np.log(max(len(n), 2)))
    days = totals.index[seen]
    return [(days[begin], days[end - 1], float((costs[0] - costs[1])[begin:end].sum())) for begin, end in _runs(states)]


def _cheapest(costs: np.ndarray, entering: float) -> np.ndarray:
    """(T,) states 0 or 1 of least total cost; costs: (2, T). Going up costs `entering`, going down nothing."""
    length = costs.shape[1]
    came_from = np.zeros((2, length), dtype=int)
    best = np.array([costs[0, 0], costs[1, 0] + entering])
    for t in range(1, length):
        low, high = (best[0], best[1]), (best[0] + entering, best[1])
        came_from[:, t] = int(np.argmin(low)), int(np.argmin(high))
        best = np.array([min(low) + costs[0, t], min(high) + costs[1, t]])
    states = np.zeros(length, dtype=int)
    states[-1] = int(np.argmin(best))
    for t in range(length - 1, 0, -1):
        states[t - 1] = came_from[states[t], t]
    return states


def _runs(states: np.ndarray) -> Iterator[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.r_[0, states, 0]))
    yield from zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)


def _daily(counts: pd.DataFrame, days: pd.Index) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Articles and outlets of each key by day, (days, keys), for keys that ever reach both minima in a day."""
    grouped = counts.groupby(["key", "day"]).agg(n=("n", "sum"), outlets=("outlet", "nunique"))
    reach = grouped[(grouped["n"] >= MIN_ARTICLES) & (grouped["outlets"] >= MIN_OUTLETS)]
    kept = grouped[grouped.index.get_level_values("key").isin(reach.index.get_level_values("key"))]
    wide = kept.unstack("key", fill_value=0).reindex(days, fill_value=0)
    if wide.empty:
        nothing = pd.DataFrame(index=days)
        return nothing, nothing
    return wide["n"].astype(float), wide["outlets"]


def _expected(daily: pd.DataFrame, totals: pd.Series) -> pd.DataFrame:
    """Articles expected of each key and day: its share of the past days, times the day's articles and its weekday."""
    past = daily.rolling(PAST_DAYS, min_periods=PAST_DAYS).sum().shift(1)
    past_total = totals.rolling(PAST_DAYS, min_periods=PAST_DAYS).sum().shift(1)
    share = (past + PRIOR_ARTICLES).div(past_total.where(past_total > 0), axis=0)
    plain = share.mul(totals, axis=0)
    return plain * _weekday_factors(daily, plain)


def _weekday_factors(daily: pd.DataFrame, plain: pd.DataFrame) -> pd.DataFrame:
    """How many times the plain expectation the same weekday had in the past year, drawn toward 1."""
    factors = []
    known = daily.where(plain.notna(), 0.0)
    for weekday in range(7):
        same = daily.index.day_of_week == weekday
        seen, thought = (frame[same].rolling(52, min_periods=1).sum().shift(1) for frame in (known, plain.fillna(0.0)))
        factors.append((seen.fillna(0) + WEEKDAY_PRIOR) / (thought.fillna(0) + WEEKDAY_PRIOR))
    return pd.concat(factors).sort_index()
