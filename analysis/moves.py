"""What made a figure move, and what moved lately: contributors, leading stories, the story of one point."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

import numpy as np
import pandas as pd
from scipy import stats

from analysis import queries
from analysis.anomalies import anomalies
from analysis.comparable import own_baseline
from analysis.counts import real_only
from analysis.selection import Breakdown, Frequency, Selection
from analysis.where import ARTICLES, article_conditions
from ingest.store import Store

EVENT_REACH = timedelta(days=3)
"""Events this near a bucket are named beside it."""

MOVE_Q = 0.05
"""A move has a q of at most this: of all moves listed, at most one in twenty is expected to be chance."""

Period = tuple[date, date]


def contributors(
    store: Store, selection: Selection, before: Period, after: Period, by: Breakdown = "source"
) -> pd.DataFrame:
    """What each key did to the change from one period to another, largest first.

    Columns: key, n_before, n_after, volume (articles a day more or less), mean_before, mean_after, tone, composition,
    within. With weights w_k (share of scored articles) and M the mid of both means, tone_k = w1 (m1 - M) - w0 (m0 - M)
    sums to the change of the mean where keys exclude each other (source, group, language, topic);
    composition_k = (w1 - w0) (mid m_k - M) is more or less of it, within_k = mid w_k (m1 - m0) a change of its tone.
    """
    first, second = (_period(store, selection, period, by) for period in (before, after))
    both = first.astype(float).join(second.astype(float), how="outer", suffixes=("0", "1")).fillna(0)
    both = both[both["n0"] + both["n1"] > 0]
    total0, total1 = both["w0"].sum() or np.nan, both["w1"].sum() or np.nan
    middle = (both["s0"].sum() / total0 + both["s1"].sum() / total1) / 2
    w0, w1 = both["w0"] / total0, both["w1"] / total1
    m0, m1 = both["s0"] / both["w0"].where(both["w0"] > 0), both["s1"] / both["w1"].where(both["w1"] > 0)
    mid = pd.concat([m0, m1], axis=1).mean(axis=1)
    frame = pd.DataFrame(
        {
            "n_before": both["n0"].astype("int64"),
            "n_after": both["n1"].astype("int64"),
            "volume": both["n1"] / _days(after) - both["n0"] / _days(before),
            "mean_before": m0,
            "mean_after": m1,
            "tone": w1 * (m1.fillna(middle) - middle) - w0 * (m0.fillna(middle) - middle),
            "composition": (w1 - w0) * (mid - middle),
            "within": (w1 + w0) / 2 * (m1.fillna(mid) - m0.fillna(mid)),
        }
    )
    order = frame["tone"].abs().sort_values(ascending=False, kind="stable").index
    return frame.loc[order].rename_axis("key").reset_index()


def _period(store: Store, selection: Selection, period: Period, by: Breakdown) -> pd.DataFrame:
    chosen = replace(selection, start=period[0], end=period[1])
    frame = queries.series(store, chosen, "whole", by, min_n=1, bands=False).set_index("key")
    mean = frame["mean"].fillna(0)
    return pd.DataFrame({"n": frame["n"], "w": frame["n_scored"], "s": frame["n_scored"] * mean})


def _days(period: Period) -> int:
    return (period[1] - period[0]).days + 1


def leading_stories(store: Store, selection: Selection, limit: int = 5) -> pd.DataFrame:
    """The stories of the selection that most outlets ran: story_id, title, outlet, url, published (of the first),
    articles, outlets, score (mean)."""
    with store.reading() as reading:
        where = article_conditions(selection, real_only(reading))
        return reading.frame(
            f"""
            WITH sizes AS (
                SELECT a.story_id, count(*) AS articles,
                       count(DISTINCT a.outlet) AS outlets, avg(a.score) AS score, min(a.published) AS first_published
                FROM {ARTICLES} WHERE {where} GROUP BY 1
                ORDER BY outlets DESC, articles DESC, first_published, story_id LIMIT {int(limit)}
            )
            SELECT z.story_id, b.title, b.outlet, b.url, b.published, z.articles, z.outlets, z.score
            FROM sizes z JOIN articles b ON b.id = z.story_id
            ORDER BY z.outlets DESC, z.articles DESC, z.first_published, z.story_id
            """,
            where.parameters,
        )


@dataclass(frozen=True, slots=True)
class Happening:
    """One bucket explained: its row of the series with expected and change, its stories, events near it, and what
    contributed to the move from the bucket before."""

    row: pd.Series
    stories: pd.DataFrame
    events: pd.DataFrame
    contributors: pd.DataFrame


def happening(store: Store, selection: Selection, bucket: date, freq: Frequency) -> Happening | None:
    """What happened in the bucket that begins on `bucket`; None where the series has no such bucket."""
    everything = replace(selection, start=None, end=None)
    outlets = queries.by_outlet(store, everything, freq)
    frame = own_baseline(anomalies(queries.series(store, everything, freq), outlets, freq))
    found = frame[frame["bucket"] == pd.Timestamp(bucket)]
    if found.empty:
        return None
    period, past = _bucket_days(bucket, freq), _bucket_days(bucket - timedelta(days=1), freq)
    near = queries.events(period[0] - EVENT_REACH, period[1] + EVENT_REACH)
    stories = leading_stories(store, replace(selection, start=period[0], end=period[1]))
    return Happening(found.iloc[0], stories, near, contributors(store, selection, past, period))


def _bucket_days(day: date, freq: Frequency) -> Period:
    period = pd.Timestamp(day).to_period({"day": "D", "week": "W-SUN", "month": "M"}[freq])
    return period.start_time.date(), period.end_time.date()


@dataclass(frozen=True, slots=True)
class Move:
    """A bucket in which a figure left its own past. `value` against `past`; `z` standard errors apart."""

    bucket: date
    figure: Literal["volume", "tone"]
    target: str | None
    value: float
    past: float
    z: float
    q: float


def moves(store: Store, selection: Selection, freq: Frequency = "week") -> list[Move]:
    """Moves of volume and of the tone toward each target in the selection's period, newest first, then largest.

    The past of the first bucket lies before the period. q is over everything tested in the period.
    """
    everything = replace(selection, start=None, end=None)
    outlets = queries.by_outlet(store, everything, freq)
    volume = anomalies(queries.series(store, everything, freq, bands=False), outlets, freq)
    tone = own_baseline(queries.series(store, everything, freq, by="target"))
    rows = [
        ("volume", None, r.bucket, r.comparable, r.expected, r.z, r.p) for r in volume.dropna(subset=["p"]).itertuples()
    ]
    for r in tone.dropna(subset=["change", "change_hi"]).itertuples():
        error = (r.change_hi - r.change) / stats.norm.isf(0.025)
        if error > 0:
            z = r.change / error
            rows.append(("tone", r.key, r.bucket, r.mean, r.baseline, z, 2 * stats.norm.sf(abs(z))))
    inside = [row for row in rows if _inside(row[2], selection)]
    if not inside:
        return []
    q = stats.false_discovery_control([row[-1] for row in inside])
    found = [
        Move(bucket.date(), figure, target, float(value), float(past), float(z), float(of_all))
        for (figure, target, bucket, value, past, z, _), of_all in zip(inside, q, strict=True)
        if of_all <= MOVE_Q
    ]
    return sorted(found, key=lambda move: (-move.bucket.toordinal(), -abs(move.z), move.target or ""))


def _inside(bucket: pd.Timestamp, selection: Selection) -> bool:
    after = selection.start is None or bucket >= pd.Timestamp(selection.start)
    return after and (selection.end is None or bucket <= pd.Timestamp(selection.end))
