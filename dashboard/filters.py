"""What the reader has chosen: one frozen object ⇄ the query string of the page's address.

`parse` and `query` are pure and inverse to each other: every state of the filter bar is an address that can be copied,
and every address, however damaged, is a state (what cannot be understood falls back to its default).
Streamlit's own binding is not used: it writes *labels* into the address, which change with the language.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import pandas as pd

from analysis.document import TARGETS
from analysis.selection import Frequency, Selection
from dashboard.words import LANGUAGES
from ingest.model import GROUPS

PERIODS: dict[str, int | tuple[str, str] | None] = {
    "main": None,
    "all": None,
    "7d": 7,
    "30d": 30,
    "90d": 90,
    "1y": 365,
    "3y": 3 * 365,
    "ban2017": ("2017-08-15", "2017-11-30"),
    "xi2019": ("2019-10-01", "2019-12-31"),
    "ban2021": ("2021-05-01", "2021-11-30"),
    "custom": None,
}
"""Presets: days that end with the newest article, or a fixed range around an event; "main" are the days since most
articles (`Days`), "custom" is the exact dates."""

FREQUENCIES = ("auto", "day", "week", "month")
DAILY_UP_TO = 100
WEEKLY_UP_TO = 1100
"""Longest period in days that "auto" shows by day and by week: about 100 to 160 points a line."""

EARLIEST, LATEST = date(1990, 1, 1), date(2100, 12, 31)
"""Days a reader can ask for."""

MOST_SEARCH = 200
"""Longest search text taken from an address."""


@dataclass(frozen=True, slots=True)
class Days:
    """First and last day of the data; since `main` nearly all articles were written (`first` where that is all)."""

    first: date
    last: date
    main: date

    @property
    def has_tail(self) -> bool:
        return self.main > self.first


OLDEST_SHARE = 0.02
"""Of all articles, the oldest that may be left off a chart at first, ..."""

LEAST_TAIL = 0.25
"""... where leaving them off shortens the time axis by at least this part."""


def days_of(months: pd.DataFrame, first: date, last: date) -> Days:
    """months: a series by month; first and last day of the data.

    What counts is everything collected, on the subject or not: where next to nothing was, a chart says next to nothing.
    """
    so_far = months["n_all"].cumsum() / max(months["n_all"].sum(), 1)
    reached = months.loc[so_far > OLDEST_SHARE, "bucket"]
    main = reached.iloc[0].date() if len(reached) else first
    return Days(first, last, main if main - first >= LEAST_TAIL * (last - first) else first)


@dataclass(frozen=True, slots=True)
class Chosen:
    """State of the page. `start`/`end` are exact dates and win over `period`; `event` is the date under study."""

    language: str | None = None
    period: str = "main"
    start: date | None = None
    end: date | None = None
    freq: str = "auto"
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    search: str = ""
    event: date | None = None

    def chosen(self, name: str) -> tuple[str, ...]:
        return self.lists.get(name, ())

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but language and frequency differs from the start."""
        return bool(self.start or self.period not in ("main", "custom") or any(self.lists.values()) or self.search)


LISTS = {
    "outlet": "outlets",
    "group": "groups",
    "lang": "languages",
    "target": "targets",
    "theme": "themes",
    "topic": "topics",
    "entity": "entities",
}
"""Filters of several values: parameter of the address → field of Selection."""

KNOWN = {"group": tuple(GROUPS), "lang": ("en", "zh", "other"), "target": TARGETS}
"""Values known beforehand, in the order shown; the others are known by the data."""


def parse(parameters: Mapping[str, Sequence[str]]) -> Chosen:
    """State of a query string given as name → values."""

    def one(name: str, allowed: Sequence[str] | Mapping, default):
        value = next(iter(parameters.get(name, ())), default)
        return value if value in allowed else default

    start, end = _range(parameters.get("from", ()), parameters.get("to", ()))
    lists = {name: _several(parameters.get(name, ()), KNOWN.get(name)) for name in LISTS}
    lists["topic"] = tuple(topic for topic in lists["topic"] if topic.isascii() and topic.isdigit() and len(topic) < 9)
    return Chosen(
        language=one("ui", LANGUAGES, None),
        period="custom" if start else _not_custom(one("period", PERIODS, "main")),
        start=start,
        end=end,
        freq=one("freq", FREQUENCIES, "auto"),
        lists={name: values for name, values in lists.items() if values},
        search=" ".join(next(iter(parameters.get("q", ())), "").split())[:MOST_SEARCH],
        event=_day(parameters.get("event", ())),
    )


def query(chosen: Chosen) -> dict[str, list[str]]:
    """The query string of a state, defaults left out; `parse` reads it back."""
    parameters = {
        "ui": [chosen.language] if chosen.language else [],
        "period": [chosen.period] if chosen.period not in ("main", "custom") and not chosen.start else [],
        "from": [chosen.start.isoformat()] if chosen.start else [],
        "to": [chosen.end.isoformat()] if chosen.end else [],
        "freq": [chosen.freq] if chosen.freq != "auto" else [],
        **{name: list(chosen.chosen(name)) for name in LISTS},
        "q": [chosen.search] if chosen.search else [],
        "event": [chosen.event.isoformat()] if chosen.event else [],
    }
    return {name: values for name, values in parameters.items() if values}


def span(chosen: Chosen, days: Days) -> tuple[date, date]:
    """First and last day the state asks for."""
    if chosen.start and chosen.end:
        return chosen.start, chosen.end
    preset = PERIODS[chosen.period]
    if isinstance(preset, tuple):
        return date.fromisoformat(preset[0]), date.fromisoformat(preset[1])
    if preset is None:
        return (days.main if chosen.period == "main" else days.first), days.last
    return days.last - timedelta(days=preset - 1), days.last


def selection(chosen: Chosen, days: Days) -> Selection:
    """What to ask the data for. Without a chosen period the ends stay open, so undated articles are listed too."""
    whole = chosen.start is None and PERIODS[chosen.period] is None and not (chosen.period == "main" and days.has_tail)
    start, end = (None, None) if whole else span(chosen, days)
    fields = {LISTS[name]: values for name, values in chosen.lists.items()}
    if "topics" in fields:
        fields["topics"] = tuple(int(topic) for topic in fields["topics"])
    return Selection(start=start, end=end, search=chosen.search, **fields)


def frequency(chosen: Chosen, days: Days) -> Frequency:
    """The bucket in force: the chosen one, or the one that gives a line a readable number of points."""
    if chosen.freq != "auto":
        return chosen.freq
    start, end = span(chosen, days)
    length = (min(end, days.last) - max(start, days.first)).days
    return "day" if length <= DAILY_UP_TO else "week" if length <= WEEKLY_UP_TO else "month"


def _not_custom(period: str) -> str:
    return "main" if period == "custom" else period


def _range(first: Sequence[str], last: Sequence[str]) -> tuple[date | None, date | None]:
    start, end = _day(first), _day(last)
    return (min(start, end), max(start, end)) if start and end else (None, None)


def _day(given: Sequence[str]) -> date | None:
    try:
        day = date.fromisoformat(given[0])
    except (IndexError, ValueError):
        return None
    return day if EARLIEST <= day <= LATEST else None


def _several(given: Sequence[str], known: Sequence[str] | None) -> tuple[str, ...]:
    wanted = dict.fromkeys(given)
    return tuple(value for value in wanted if value and (known is None or value in known))
