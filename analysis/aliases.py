"""Known expressions in a text, longest first: the one matcher behind targets and names.

An expression begins where a Latin word or a Chinese character begins and ends where one ends. Text and expressions
are folded alike: lower case, simplified characters, hyphens as spaces, one kind of apostrophe. Lengths never change.
"""

import re
from collections.abc import Iterable, Iterator

from analysis.text import fold

LATIN = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")
_UNIT = re.compile(r"[a-z0-9_]+|[\u3400-\u9fff]")
_EVEN = str.maketrans({"-": " ", "‐": " ", "‑": " ", "’": "'", "‘": "'", "\n": " "})

Table = dict[str, list[tuple[str, object]]]
"""First word or character → expressions that begin with it, longest first, each with what it stands for."""


def even(text: str) -> str:
    """The form in which texts and expressions are compared; as long as `text`."""
    return fold(text).translate(_EVEN)


def build_table(expressions: Iterable[tuple[str, object]]) -> Table:
    """A table of evened expressions; of equal ones the first is tried first."""
    table: Table = {}
    seen = set()
    for expression, meaning in expressions:
        if (expression, meaning) not in seen:
            seen.add((expression, meaning))
            table.setdefault(_UNIT.match(expression).group(), []).append((expression, meaning))
    for alternatives in table.values():
        alternatives.sort(key=lambda pair: -len(pair[0]))
    return table


def longest_matches(evened: str, table: Table, accepts=None) -> Iterator[tuple[object, int, int]]:
    """(meaning, start, end) of each expression, left to right, never overlapping.

    `accepts(meaning, start, end)` may refuse a match; the next shorter one is tried then.
    """
    behind = 0
    for unit in _UNIT.finditer(evened):
        alternatives = table.get(unit.group())
        if alternatives is None or (start := unit.start()) < behind:
            continue
        for expression, meaning in alternatives:
            end = start + len(expression)
            if not evened.startswith(expression, start) or _runs_on(evened, end):
                continue
            if accepts is None or accepts(meaning, start, end):
                behind = end
                yield meaning, start, end
                break


def _runs_on(evened: str, end: int) -> bool:
    """Whether a Latin word goes on after `end`."""
    return end < len(evened) and evened[end] in LATIN and evened[end - 1] in LATIN
