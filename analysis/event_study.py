"""What coverage did around a date, against its own days before, and how unusual that is. It never says "caused".

The effect is the weighted mean of the days from the date on less that of the days before (`analysis.contrast`). Every
other date of the collection is a placebo: the share of them with a studentised effect at least as large is
`p_placebo`, and the 95 % quantile of their studentised effects is how many standard errors the interval reaches, so
that it holds under whatever dependence the days of this series have (a randomisation test in time; compare
Abadie, Diamond & Hainmueller 2010, JASA 105). Both are at least what fixed-b theory asks, since a short collection
has few placebo windows that do not overlap.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

import numpy as np
import pandas as pd
from scipy import special

from analysis import queries
from analysis.contrast import Contrasts, bandwidth, contrasts, critical_value
from analysis.distributions import NORMAL_95, two_sided_p
from analysis.events import load_events
from analysis.selection import Selection
from ingest.store import Store

Outcome = Literal["volume", "share", "sentiment"]

WINDOW = 28
"""Days on either side: whole weeks, so that weekdays weigh the same before and after."""

SHORTEST_WINDOW, LONGEST_WINDOW = 7, 730
"""A week, below which weekdays alone make an effect; two years, beyond which no side has a past of its own."""

MIN_ARTICLES = 20
"""Articles that each side needs (both together for volume and share)."""

MIN_DAYS = 1 / 3
"""Share of a side's days that must have data."""

MIN_PLACEBOS = 100
"""Other dates needed to say how unusual an effect is."""

PRETREND_ALARM = 0.1

NOTES = {
    "outside": "{date} lies outside the collected days",
    "too_little": f"too little on one side: each needs {MIN_ARTICLES} articles and data on a third of its days",
    "no_placebo": f"fewer than {MIN_PLACEBOS} other dates to compare with: no placebo test, a wider interval",
    "pretrend": "the outcome was already moving before the date",
    "overlapping": "other events in the window: {overlapping}; what they did cannot be told apart",
    "uneven": "the window is not a whole number of weeks: weekdays weigh unequally before and after",
}
"""What a reader of a study must know → how it is said."""


@dataclass(frozen=True, slots=True)
class Study:
    """One event study. Figures are None where there is too little (`enough`); `notes` are keys of NOTES."""

    date: date
    outcome: Outcome
    target: str | None
    n_before: int
    n_after: int
    before: float | None
    after: float | None
    effect: float | None
    interval: tuple[float, float] | None
    p_placebo: float | None
    placebo_dates: int
    pretrend: dict[str, float] | None
    overlapping: tuple[str, ...]
    enough: bool
    notes: tuple[str, ...]
    window: int
    standard_error: float | None


def study(
    store: Store, selection: Selection, when: date, outcome: Outcome = "sentiment", window: int = WINDOW
) -> Study:
    """Study `outcome` of the selection around `when`; the selection's own period is left aside.

    volume: articles a day. share: of all articles of the same outlets. sentiment: mean tone, toward the target where
    the selection has one. `window` is the number of days on either side.
    """
    return studies(store, selection, [when], outcome, window)[0]


def studies(
    store: Store, selection: Selection, dates: Sequence[date], outcome: Outcome = "sentiment", window: int = WINDOW
) -> list[Study]:
    """One `study` a date, from one reading of the series."""
    everything = replace(selection, start=None, end=None)
    daily = queries.series(store, everything, "day", min_n=1, bands=False)
    events = load_events()
    target = selection.targets[0] if len(selection.targets) == 1 else None
    return [study_frame(daily, when, outcome, window, target, events) for when in dates]


def study_frame(
    daily: pd.DataFrame, when: date, outcome: Outcome, window: int, target: str | None, events: pd.DataFrame
) -> Study:
    """`study` on a daily series (one key, every day of the collection) with the events that may overlap."""
    at = (pd.Timestamp(when) - daily["bucket"].iloc[0]).days if len(daily) else -1
    overlapping = _overlapping(events, when, window)
    if not 0 <= at < len(daily):
        return _outside(when, outcome, target, overlapping, window)
    value, weight, n = _outcome(daily, outcome)
    found = contrasts(value, weight, window)
    sums = contrasts(n, np.ones(len(n)), window)
    n_before, n_after = sums.before * window, sums.after * window
    enough = _enough(found, n_before, n_after, outcome, window)
    placebos = np.abs(found.t[_placebo_days(len(daily), at, window) & enough])
    placebos = placebos[~np.isnan(placebos)]
    usable = bool(enough[at] and found.se[at] > 0)
    tested = usable and len(placebos) >= MIN_PLACEBOS
    reach = max(np.quantile(placebos, 0.95) if tested else 0.0, critical_value(window))
    effect, error = found.effect[at], found.se[at]
    trend = _pretrend(value, weight, at, window) if usable else None
    return Study(
        when,
        outcome,
        target,
        int(round(n_before[at])),
        int(round(n_after[at])),
        _figure(found.before[at]),
        _figure(found.after[at]),
        _figure(effect) if usable else None,
        (_figure(effect - reach * error), _figure(effect + reach * error)) if usable else None,
        _placebo_p(abs(found.t[at]), placebos, window) if tested else None,
        len(placebos),
        trend,
        overlapping,
        usable,
        _notes(usable, tested, trend, overlapping, window),
        window,
        _figure(error) if usable else None,
    )


def _outside(when: date, outcome: Outcome, target: str | None, overlapping: tuple[str, ...], window: int) -> Study:
    return Study(
        when, outcome, target, 0, 0, None, None, None, None, None, 0, None, overlapping, False, ("outside",), window,
        None,
    )  # fmt: skip


def _outcome(daily: pd.DataFrame, outcome: Outcome) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Value and weight of every day, and the articles it stands for; NaN and weight 0 where there is none."""
    n, n_all, n_scored = (daily[name].to_numpy(dtype=float) for name in ("n", "n_all", "n_scored"))
    if outcome == "volume":
        return n, np.where(daily["gap"], 0.0, 1.0), n
    if outcome == "share":
        return daily["share"].to_numpy(), n_all, n
    return daily["mean"].to_numpy(), n_scored, n_scored


def _enough(found: Contrasts, n_before: np.ndarray, n_after: np.ndarray, outcome: Outcome, window: int) -> np.ndarray:
    days = np.minimum(found.days_before, found.days_after) >= MIN_DAYS * window
    if outcome == "sentiment":
        return days & (np.minimum(n_before, n_after) >= MIN_ARTICLES)
    return days & (n_before + n_after >= MIN_ARTICLES)


def _placebo_days(days: int, at: int, window: int) -> np.ndarray:
    """Days whose whole windows lie in the series and hold no day of the studied window after the date."""
    day = np.arange(days)
    inside = (day >= window) & (day + window <= days)
    return inside & ((day + window <= at) | (day - window >= at + window))


def _placebo_p(t: float, placebos: np.ndarray, window: int) -> float | None:
    """Share of dates, this one included, with an effect as large; at least the p of fixed-b theory.

    A year of placebo dates alone would call 7 % of null events unusual.
    """
    share = (1 + np.sum(placebos >= t)) / (1 + len(placebos))
    return _figure(max(share, two_sided_p(t * NORMAL_95 / critical_value(window))))


def _pretrend(value: np.ndarray, weight: np.ndarray, at: int, window: int) -> dict[str, float] | None:
    """Slope a day over the days before, with the p of no slope (weighted least squares, HAC errors)."""
    days = np.arange(max(at - window, 0), at)
    days = days[(weight[days] > 0) & ~np.isnan(value[days])]
    slope, error = robust_slope(value[days], days - at, weight[days], bandwidth(len(days)) - 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        p = 2 * special.stdtr(len(days) - 2, -np.abs(slope / error))
    return {"slope": _figure(slope), "p": _figure(p)} if np.isfinite(p) else None


def robust_slope(value: np.ndarray, at: np.ndarray, weight: np.ndarray, lags: int) -> tuple[float, float]:
    """Slope of a weighted least squares line and its standard error, robust to autocorrelation up to `lags` (Newey &
    West 1987, Econometrica 55).

    The same as statsmodels, which takes a second to load and 40 MB in a server that never lets go of them.
    """
    root = np.sqrt(weight)
    design = np.column_stack([root, root * at])
    inverse = np.linalg.pinv(design.T @ design)
    line = inverse @ design.T @ (root * value)
    scores = design * (root * value - design @ line)[:, None]
    spread = scores.T @ scores
    for lag in range(1, min(lags, len(scores) - 1) + 1):
        beside = scores[lag:].T @ scores[:-lag]
        spread += (1 - lag / (lags + 1)) * (beside + beside.T)
    return line[1], np.sqrt((inverse @ spread @ inverse)[1, 1])


def _overlapping(events: pd.DataFrame, when: date, window: int) -> tuple[str, ...]:
    """Other events in the window, by date: their effects cannot be told from this one's."""
    away = np.abs(events["date"].to_numpy() - np.datetime64(when))
    near = events[(away > np.timedelta64(0, "D")) & (away < np.timedelta64(window, "D"))]
    return tuple(f"{day:%Y-%m-%d} {label}" for day, label in zip(near["date"], near["label_en"], strict=True))


def _notes(usable: bool, tested: bool, trend: dict | None, overlapping: tuple, window: int) -> tuple[str, ...]:
    holds = {
        "too_little": not usable,
        "no_placebo": usable and not tested,
        "pretrend": trend is not None and trend["p"] < PRETREND_ALARM,
        "overlapping": bool(overlapping),
        "uneven": window % 7 > 0,
    }
    return tuple(note for note, said in holds.items() if said)


def notes_in_words(study: Study) -> list[str]:
    """The notes of a study in English."""
    return [NOTES[note].format(date=study.date, overlapping=len(study.overlapping)) for note in study.notes]


def _figure(value: float) -> float | None:
    return round(float(value), queries.DECIMALS) if np.isfinite(value) else None
