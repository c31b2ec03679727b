"""What made a figure move, and what moved lately: contributors, leading stories, the story of one point."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

import numpy as np
import pandas as pd

from analysis import queries
from analysis.anomalies import anomalies
from analysis.comparable import own_baseline
from analysis.distributions import NORMAL_95, q_values, two_sided_p
from analysis.relations import real_only
from analysis.selection import Breakdown, Frequency, Selection
from analysis.where import ARTICLES, article_conditions
from ingest.store import Store

EVENT_REACH = timedelta(days=3)
"""Events this near a bucket are named beside it."""

MOVE_Q = 0.05
"""A move has a q of at most this: of all moves listed, at most one in twenty is expected to be chance."""

_TESTED = ["bucket", "figure", "target", "value", "past", "z", "p"]

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
    tested = pd.concat([_volumes_tested(volume), _tones_tested(tone)], ignore_index=True)
    if selection.start:
        tested = tested[tested["bucket"] >= pd.Timestamp(selection.start)]
    if selection.end:
        tested = tested[tested["bucket"] <= pd.Timestamp(selection.end)]
    tested = tested.assign(q=q_values(tested["p"]))
    found = [
        Move(r.bucket.date(), r.figure, r.target or None, r.value, r.past, r.z, r.q)
        for r in tested[tested["q"] <= MOVE_Q].itertuples()
    ]
    return sorted(found, key=lambda move: (-move.bucket.toordinal(), -abs(move.z), move.target or ""))


def _volumes_tested(volume: pd.DataFrame) -> pd.DataFrame:
    named = volume.rename(columns={"comparable": "value", "expected": "past"}).assign(figure="volume", target="")
    return named.dropna(subset=["p"])[_TESTED]


def _tones_tested(tone: pd.DataFrame) -> pd.DataFrame:
    error = (tone["change_hi"] - tone["change"]) / NORMAL_95
    z = tone["change"] / error.where(error > 0)
    named = tone.rename(columns={"mean": "value", "baseline": "past", "key": "target"}).assign(figure="tone", z=z)
    return named.assign(p=two_sided_p(z)).dropna(subset=["p"])[_TESTED]
