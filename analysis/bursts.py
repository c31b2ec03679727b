"""What is new: keys (terms, themes, ...) in more articles of one to three days than their past lets expect.

    collected ─► exposure (days) ┐
    counts (day, outlet, key) ───┴► windows of 1 to 3 days ─► expected from their own past ─► z ─► bursts
                                 └► two-state intervals (Kleinberg 2002)      └► false alarms on shuffled days

Pure: `analysis.emerging` reads the counts from the store. For one series with bands and its outlets' own output see
`analysis.anomalies`; here thousands of keys, most of them rare, are screened at once.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy import special

from analysis.distributions import negative_binomial

PAST_DAYS = 56
"""Eight weeks: each weekday eight times, and short enough that last year's news is forgotten."""

PAST_ARTICLES = 200
"""Collected articles that a past needs to say what is usual; where eight weeks bring fewer it reaches further back."""

PAST_LIMIT = 730
"""Days, however few articles they bring."""

PRIOR_ARTICLES = 0.5
"""Articles of prior belief in the past of a key: a first mention is expected to be rare, not impossible."""

WEEKDAY_WEEKS = 52
WEEKDAY_PRIOR = 5.0
"""Articles of prior belief that a weekday is like any other."""

WINDOWS = (1, 2, 3)
"""Days of a burst: one report comes in the evening, another the next morning, a third in another time zone."""

MIN_ARTICLES = 4
MIN_OUTLETS = 2
"""A burst is in more than one outlet: one paper's series of articles is no news of the field."""

ALARM_Z = 3.0
"""Least z of a burst. Chosen on shuffled days alone: there it lets through a twentieth of what real days have."""

INTERVAL_RATE = 3.0
"""Times the usual share that a key has inside an interval (Kleinberg's s)."""

INTERVAL_COST = 1.0
"""Cost of entering an interval (Kleinberg's gamma)."""

COUNT_COLUMNS = ("day", "outlet", "key", "n")
BURST_COLUMNS = ("day", "key", "days", "n", "outlets", "expected", "z")


def exposure(collected: pd.DataFrame) -> pd.DataFrame:
    """How much each day could have brought: `total` articles, and `exposure`, that total as a burst sees it.

    `collected` has day, outlet, n (articles on whatever) and n_relevant, one row a day and outlet. A source that joined
    within PAST_DAYS and brings MIN_ARTICLES a day would make all its subjects look new; so its relevant articles count
    as many times as such an article is usually rare. Returns one row for every day of the range.
    """
    span = pd.date_range(collected["day"].min(), collected["day"].max(), name="day")
    total, relevant = (collected.groupby("day")[name].sum().reindex(span, fill_value=0) for name in ("n", "n_relevant"))
    age = (collected["day"] - collected.groupby("outlet")["day"].transform("min")).dt.days
    late = collected["day"] >= span[0] + pd.Timedelta(days=PAST_DAYS)
    joined = late & (age < PAST_DAYS) & (collected["n"] >= MIN_ARTICLES)
    begin, end = _past(total.to_numpy(), np.arange(len(span)))
    rarity = (_between(total, begin, end) + 1) / (_between(relevant, begin, end) + PRIOR_ARTICLES)
    news = collected[joined].groupby("day")[["n", "n_relevant"]].sum().reindex(span, fill_value=0)
    as_usual = total - news["n"] + news["n_relevant"] * rarity
    return pd.DataFrame({"total": total, "exposure": np.maximum(total, as_usual)})


def bursts(counts: pd.DataFrame, days: pd.DataFrame, since: pd.Timestamp | None = None) -> pd.DataFrame:
    """Bursts, strongest first: BURST_COLUMNS; of a key and a last day the strongest window.

    `counts` has COUNT_COLUMNS, one row a day, outlet and key with n > 0 articles; `days` as `exposure` makes it. The
    first PAST_DAYS days have no past and no burst. `since`: first day on which a burst may end.
    """
    if counts.empty:
        return pd.DataFrame(columns=list(BURST_COLUMNS))
    first = max(PAST_DAYS, 0 if since is None else days.index.get_loc(since))
    code, keys = pd.factorize(counts["key"], sort=True)
    rows = pd.DataFrame({"key": code, "at": (counts["day"] - days.index[0]).dt.days, "n": counts["n"]})
    rows["outlet"] = pd.factorize(counts["outlet"])[0]
    found = pd.concat([_windows(rows, length, first, len(days)) for length in WINDOWS], ignore_index=True)
    found["expected"], weight = _expected(rows, found, days)
    _, as_many = negative_binomial(found["n"].to_numpy(), weight, weight / (weight + found["expected"].to_numpy()))
    found["z"] = -special.ndtri(np.maximum(as_many, np.finfo(float).tiny))
    found = found[found["z"] >= ALARM_Z].assign(
        day=lambda frame: days.index[frame["at"]], key=lambda frame: keys[frame["key"]]
    )
    found = found.sort_values(["z", "key", "day", "days"], ascending=[False, True, True, True], ignore_index=True)
    return found.drop_duplicates(["key", "day"], ignore_index=True)[list(BURST_COLUMNS)]


def first_day_needed(days: pd.DataFrame, since: pd.Timestamp) -> pd.Timestamp:
    """First day whose counts `bursts` needs to judge windows that end on `since` or later."""
    opens = max(0, days.index.get_loc(since) - max(WINDOWS) + 1)
    begin, _ = _past(days["total"].to_numpy(), np.array([opens]))
    return days.index[max(0, min(begin[0], opens - 7 * WEEKDAY_WEEKS))]


def false_alarms(counts: pd.DataFrame, days: pd.DataFrame, rounds: int = 20, seed: int = 0) -> float:
    """Bursts a round when the days of articles are shuffled, so that nothing new happens: each is a false alarm.

    Every article keeps its outlet and key and takes the place of some collected article, so that days stay as full.
    """
    random = np.random.default_rng(seed)
    place = np.repeat(days.index.to_numpy(), days["total"])
    single = counts.loc[counts.index.repeat(counts["n"]), ["outlet", "key"]].sort_values("key")
    sizes = single["key"].value_counts(sort=False).sort_index()
    found = 0
    for _ in range(rounds):
        taken = np.concatenate([random.choice(len(place), n, replace=False) for n in sizes])
        drawn = single.assign(day=place[taken]).groupby(list(COUNT_COLUMNS[:3])).size()
        found += len(bursts(drawn.rename("n").reset_index(), days))
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


def _windows(rows: pd.DataFrame, length: int, first: int, end: int) -> pd.DataFrame:
    """Windows of `length` days with enough articles and outlets, from day `first` on: key, at, n, outlets."""
    near = rows[rows["at"] > first - length]
    moved = pd.concat([near.assign(at=near["at"] + late, today=late == 0) for late in range(length)])
    moved = moved[(moved["at"] >= first) & (moved["at"] < end)]
    found = moved.groupby(["key", "at"]).agg(
        n=("n", "sum"), outlets=("outlet", "nunique"), today=("today", "any")
    ).reset_index()  # fmt: skip
    enough = (found["n"] >= MIN_ARTICLES) & (found["outlets"] >= MIN_OUTLETS) & found["today"].astype(bool)
    return found[enough].drop(columns="today").assign(days=length)


def _expected(rows: pd.DataFrame, found: pd.DataFrame, days: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Articles expected of each window, and the articles (with the prior) that this belief rests on."""
    total, exposed = days["total"].to_numpy(), days["exposure"].to_numpy(dtype=float)
    key, last = found["key"].to_numpy(), found["at"].to_numpy()
    opens = last - found["days"].to_numpy() + 1
    begin, end = _past(total, opens)
    seen = _counter(rows["key"], rows["at"], rows["n"], len(days))(key, begin, end) + PRIOR_ARTICLES
    factor = _weekdays(rows, total)
    met = np.zeros(len(found))
    for late in range(max(WINDOWS)):
        day = np.maximum(last - late, 0)
        met += np.where(day >= opens, exposed[day] * factor(key, day), 0.0)
    with np.errstate(divide="ignore"):
        return seen * met / _between(total, begin, end), seen  # infinite where nothing was collected before


def _past(total: np.ndarray, opens: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """First day and end (excluded) of the past of windows that open on days `opens`."""
    before = np.r_[0, np.cumsum(total)]
    enough = np.searchsorted(before, before[opens] - PAST_ARTICLES, side="right") - 1
    begin = np.minimum(opens - PAST_DAYS, np.maximum(enough, opens - PAST_LIMIT))
    return np.maximum(begin, 0), opens


def _between(series, begin: np.ndarray, end: np.ndarray) -> np.ndarray:
    sums = np.r_[0, np.cumsum(series)]
    return sums[end] - sums[begin]


def _counter(key, at, n, width: int):
    """count(keys, begin, end): articles of each key from place `begin` to `end` (excluded), of `width` places."""
    place = np.asarray(key, dtype=np.int64) * width + np.asarray(at)
    order = np.argsort(place, kind="stable")
    place, sums = place[order], np.r_[0, np.cumsum(np.asarray(n)[order])]

    def count(keys: np.ndarray, begin: np.ndarray, end: np.ndarray) -> np.ndarray:
        low, high = (np.searchsorted(place, keys * width + edge) for edge in (begin, end))
        return sums[high] - sums[low]

    return count


def _weekdays(rows: pd.DataFrame, total: np.ndarray):
    """factor(keys, days): how many times its usual share a key had on the same weekday of the past year."""
    weeks = len(total) // 7 + 1
    place = rows["at"] % 7 * weeks + rows["at"] // 7  # the same weekdays stand side by side
    on_weekday = _counter(rows["key"], place, rows["n"], 7 * weeks)
    on_any = _counter(rows["key"], rows["at"], rows["n"], len(total))
    day = np.arange(len(total))
    all_on_weekday = np.zeros(7 * weeks)
    all_on_weekday[day % 7 * weeks + day // 7] = total

    def factor(keys: np.ndarray, days: np.ndarray) -> np.ndarray:
        year = np.maximum(days - 7 * WEEKDAY_WEEKS, days % 7)
        begin, end = year % 7 * weeks + year // 7, days % 7 * weeks + days // 7
        share = _between(all_on_weekday, begin, end) / np.maximum(_between(total, year, days), 1)
        return (on_weekday(keys, begin, end) + WEEKDAY_PRIOR) / (on_any(keys, year, days) * share + WEEKDAY_PRIOR)

    return factor
