"""What a reader has chosen to look at: the one filter object that every query, chart, export and URL shares."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Frequency = Literal["day", "week", "month", "whole"]
"""Length of a bucket; "whole" is one bucket for the whole selection."""
Breakdown = Literal["none", "source", "group", "language", "theme", "topic", "target", "cell"]
"""What a series is split by; "cell" is target, outlet group and language together, its keys joined by spaces."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Filters, all optional: an empty tuple or None does not filter; values in one tuple are alternatives.

    `start` and `end` are days in LIANWATCH_TIMEZONE, both included. `outlets`, `groups` and `languages` also narrow
    the denominator of a share; `targets`, `themes`, `topics`, `entities` and `search` do not.
    """

    start: date | None = None
    end: date | None = None
    outlets: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    topics: tuple[int, ...] = ()
    entities: tuple[str, ...] = ()
    search: str = ""
