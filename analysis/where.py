"""From a Selection to SQL: the conditions that every query shares, with their parameters apart from the text.

Two shapes of conditions: over rows of `roll_day` (alias r, fast, one content filter at most) and over those of
`relevant_articles` (alias a; every filter). Nothing here runs a query.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pandas as pd

from analysis.search import terms
from analysis.selection import Selection
from ingest import config

ARTICLES = "relevant_articles a"
"""The relation behind every article query; conditions of `article_conditions` refer to its alias."""

ROLLUP = "roll_day r"
"""The relation behind every rollup query; conditions of `rollup_conditions` refer to its alias."""

COPIES = "roll_copies r"
"""Tones of the articles of stories with copies, under the alias of ROLLUP."""

_CONTENT = {
    "targets": ("target_sentiment", "target"),
    "themes": ("article_themes", "theme"),
    "topics": ("article_topics", "topic_id"),
    "entities": ("article_entities", "entity"),
}
"""Filters on what an article says: Selection field → (table, column)."""


@dataclass
class Conditions:
    """Conditions joined by AND, and their parameters in order."""

    clauses: list[str] = field(default_factory=list)
    parameters: list = field(default_factory=list)

    def add(self, clause: str, *parameters) -> None:
        self.clauses.append(clause)
        self.parameters.extend(parameters)

    def add_in(self, column: str, values: Iterable) -> None:
        """One of `values`; no condition where there are none."""
        if values := tuple(values):
            self.add(f"{column} IN ({placeholders(values)})", *values)

    def __str__(self) -> str:
        return " AND ".join(self.clauses) or "TRUE"


def placeholders(values: Iterable) -> str:
    return ", ".join("?" for _ in values)


def rollup_conditions(selection: Selection, real_only: bool, *kinds: str) -> Conditions:
    """Rows of `roll_day` of these kinds; only period, outlets, groups and languages of the selection apply.
    `real_only`: those of sample data are left out."""
    where = Conditions()
    where.add_in("r.kind", kinds)
    if selection.start:
        where.add("r.day >= ?", selection.start)
    if selection.end:
        where.add("r.day <= ?", selection.end)
    _add_outlets(where, selection, real_only, outlet="r.outlet", language="r.language")
    return where


def article_conditions(selection: Selection, real_only: bool, dated: bool = True) -> Conditions:
    """Relevant articles of the selection; `real_only`: without sample data. `dated=False` keeps undated ones where no
    period is chosen."""
    where = Conditions()
    if dated:
        where.add("a.day IS NOT NULL")
    if selection.start:
        where.add("a.day >= ?", selection.start)
    if selection.end:
        where.add("a.day <= ?", selection.end)
    _add_outlets(where, selection, real_only, outlet="a.outlet", language="a.language")
    for name, (table, column) in _CONTENT.items():
        if values := getattr(selection, name):
            inside = f"SELECT article_id FROM {table} WHERE {column} IN ({placeholders(values)})"
            where.add(f"a.article_id IN ({inside})", *values)
    _add_search(where, selection.search)
    return where


def _add_outlets(where: Conditions, selection: Selection, real_only: bool, outlet: str, language: str) -> None:
    where.add_in(outlet, selection.outlets)
    where.add_in(language, selection.languages)
    among = Conditions()
    among.add_in("group_id", selection.groups)
    if real_only:
        among.add("NOT sample")
    if among.clauses:
        where.add(f"{outlet} IN (SELECT outlet FROM outlets WHERE {among})", *among.parameters)


def _add_search(where: Conditions, query: str) -> None:
    for term in terms(query):
        # Without ESCAPE a scan takes a quarter less; few terms hold a character that stands for others.
        plain = not set(term) & set("%_\\")
        where.add("a.text LIKE ?" if plain else "a.text LIKE ? ESCAPE '!'", f"%{term if plain else _escaped(term)}%")


def _escaped(term: str) -> str:
    return term.replace("!", "!!").replace("%", "!%").replace("_", "!_")


def day_sql(instant: str = "a.published") -> str:
    """SQL of the day of an instant in LIANWATCH_TIMEZONE (the zone's name is checked by `config`)."""
    return f"CAST({instant} AT TIME ZONE '{config.timezone().key}' AS DATE)"


def local_day(instant: datetime) -> pd.Timestamp:
    """The day of an instant in LIANWATCH_TIMEZONE."""
    return pd.Timestamp(instant).tz_convert(config.timezone()).tz_localize(None).normalize()


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The instant a day begins in `zone`, as UTC."""
    return datetime.combine(day, time(), zone).astimezone(UTC)
