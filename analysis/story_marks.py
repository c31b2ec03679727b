"""What two like headlines may not differ in: figures, places, targets. Recurring columns and parallel events do."""

import re
from functools import cache

from analysis import knowledge
from analysis.targets import find_targets
from analysis.text import detect_language, fold, normalise

_FIGURE = re.compile(r"(\d[\d,]*(?:\.\d+)?)\s*(k|mn?|bn?|thousand|million|billion|trillion|[千万亿])?(?![a-z])")
_WEIGHT = {"k": 1e3, "thousand": 1e3, "千": 1e3, "万": 1e4, "m": 1e6, "mn": 1e6, "million": 1e6, "亿": 1e8,
           "b": 1e9, "bn": 1e9, "billion": 1e9, "trillion": 1e12}  # fmt: skip


def contradict(first: str, second: str) -> bool:
    """Whether each headline has a figure, a place or a target that the other lacks: then they tell two events."""
    return any(a - b and b - a for a, b in zip(marks(first), marks(second), strict=True))


def marks(title: str) -> tuple[set, set, set]:
    """The figures (as numbers), places and targets that a headline names."""
    text = normalise(title)
    folded = fold(text)
    figures = {
        round(float(digits.replace(",", "")) * _WEIGHT.get(unit, 1), 6) for digits, unit in _FIGURE.findall(folded)
    }
    places = {name for alias, name in _places().items() if alias in folded}
    targets = {mention.target for mention in find_targets(text, detect_language(text))}
    return figures, places, targets


@cache
def _places() -> dict[str, str]:
    """Folded name of a place in either language → its id; no names that depend on how they are written (US, HK)."""
    places = [entity for entity in knowledge.load("entities")["entities"] if entity["type"] == "place"]
    return {
        fold(alias): place["id"]
        for place in places
        for alias in (place["name_en"], place["name_zh"], *place["aliases"])
        if not alias.startswith("=")
    }
