"""The interface's words in English and Chinese, and how numbers and dates are written.

Texts are in `i18n/en.toml` and `i18n/zh.toml`, under the same keys; names of targets, themes and groups come with the
knowledge files, where the two languages stand side by side.
"""

import tomllib
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib import resources

from analysis import knowledge

LANGUAGES = {"en": "EN", "zh": "中文"}

MISSING = "–"
"""Stands in a table where there is no value."""

_KNOWLEDGE = {"target": "targets", "theme": "themes", "entity": "entities", "group": "groups"}
"""Dimension → the knowledge file that names its ids."""


@dataclass(frozen=True, slots=True)
class Words:
    """The interface in one language: `words("key", n=3)` is the text under `key` with its blanks filled."""

    language: str

    def __call__(self, key: str, **blanks) -> str:
        text = _texts(self.language)[key]
        return text.format(**blanks) if blanks else text

    def name(self, dimension: str, key: str) -> str:
        """Readable name of the id of a target, theme, entity, group or language; anything else is a name already."""
        if dimension in _KNOWLEDGE:
            return knowledge.names(_KNOWLEDGE[dimension], self.language).get(key, key)
        return _texts(self.language).get(f"{dimension}.{key}", key)

    def kind(self, entity: str) -> str:
        """Person, body, company or place, in the reader's language."""
        return self(f"kind.{_entity_kinds()[entity]}")

    def knows(self, dimension: str, key: str) -> bool:
        """Whether `key` is the id of a target, theme, entity or group."""
        return dimension in _KNOWLEDGE and key in knowledge.names(_KNOWLEDGE[dimension], self.language)

    def themes(self) -> dict[str, str]:
        """Theme id → name, in the order of the taxonomy."""
        return knowledge.names("themes", self.language)

    def number(self, value: float, digits: int = 0) -> str:
        return f"{value:,.{digits}f}"

    def percent(self, value: float, digits: int = 1) -> str:
        return f"{100 * value:.{digits}f}%"

    def score(self, value: float) -> str:
        """A tone in [-1, 1] with its sign; zero has none."""
        return f"{round(value, 2) or 0.0:+.2f}".replace("+0.00", "0.00").replace("-", "\u2212")

    def day(self, value: date) -> str:
        """`25 Oct 2019` or `2019年10月25日`."""
        if self.language == "zh":
            return f"{value.year}年{value.month}月{value.day}日"
        return f"{value.day} {value:%b %Y}"

    def moment(self, value: datetime) -> str:
        """Day and time of a time that has been brought into the reader's zone."""
        return f"{self.day(value)} {value:%H:%M}"

    def bucket(self, first: date, freq: str) -> str:
        """Name of the day, week or month that begins on `first`."""
        if freq == "month":
            return f"{first.year}年{first.month}月" if self.language == "zh" else f"{first:%b %Y}"
        return self("bucket.week", day=self.day(first)) if freq == "week" else self.day(first)


@cache
def _texts(language: str) -> dict[str, str]:
    text = resources.files("dashboard").joinpath("i18n", f"{language}.toml").read_text(encoding="utf-8")
    return {f"{section}.{key}": value for section, rows in tomllib.loads(text).items() for key, value in rows.items()}


@cache
def _entity_kinds() -> dict[str, str]:
    return {entry["id"]: entry["type"] for entry in knowledge.load("entities")["entities"]}
