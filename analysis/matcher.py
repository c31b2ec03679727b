"""Every word list of the project in one automaton: a text is read once, whatever the number of lists.

Words in Latin script match whole words in any case, with their plurals, hyphen or space alike; a term written with a
leading `=` matches only in the case it is written in (`=NEO`). Chinese matches as a substring of simplified text. A
longer `mask` term hides what stands inside it: `supply chain` is no chain. A mask with a value hides only hits of that
value: `Standard Chartered` is no cue of the theme standards.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import ahocorasick

from analysis.document import Document
from analysis.text import detect_language, fold

LONGEST = 4_000
"""Characters of a text that are read: an article is about what it says there."""

CASED = "="
MASK = "mask"

_AS_SPACE = str.maketrans("-–—_’‘", "    ''")
_SIBILANT = ("s", "x", "z", "ch", "sh")
_WORD = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")


class Hit(NamedTuple):
    """A term of list `kind` at `folded[start:end]`; `value` is what the list says of it, `term` the term as listed."""

    start: int
    end: int
    kind: str
    value: str
    term: str

    def holds(self, other: "Hit") -> bool:
        """Whether the other hit stands inside this longer one."""
        longer = self.end - self.start > other.end - other.start
        return longer and self.start <= other.start and other.end <= self.end


class Scan(NamedTuple):
    """A document as the word lists see it: `folded` is its text, at most LONGEST characters; `hits` lie in it."""

    document: Document
    folded: str
    language: str
    hits: tuple[Hit, ...]


class Matcher:
    """An Aho-Corasick automaton over (kind, value, term) entries. Build once; `scan` is pure and thread-safe."""

    def __init__(self, entries: Iterable[tuple[str, str, str]]) -> None:
        by_key: dict[str, list[tuple[str, str, str, str | None]]] = {}
        for kind, value, term in entries:
            shown = term.removeprefix(CASED)
            cased = shown if term.startswith(CASED) else None
            for key in _forms(_loose(fold(shown))):
                by_key.setdefault(key, []).append((kind, value, shown, cased))
        self._automaton = ahocorasick.Automaton()
        for key, found in by_key.items():
            self._automaton.add_word(key, (len(key), key[0] in _WORD, key[-1] in _WORD, tuple(dict.fromkeys(found))))
        self._automaton.make_automaton()

    def scan(self, document: Document) -> Scan:
        """Read one document."""
        text = document.text[:LONGEST]
        folded = fold(text)
        return Scan(document, folded, document.language or detect_language(text), tuple(self.find(text, folded)))

    def find(self, text: str, folded: str) -> list[Hit]:
        """Hits in the order of their ends. `folded` is `fold(text)`; the case of a `=` term is read from `text`."""
        loose = _loose(folded)
        size = len(loose)
        hits: list[Hit] = []
        masks: list[tuple[int, int, str]] = []
        for last, (length, word_start, word_end, entries) in self._automaton.iter(loose):
            start, end = last - length + 1, last + 1
            if word_start and start and loose[start - 1] in _WORD:
                continue
            if word_end and end < size and loose[end] in _WORD:
                continue
            for kind, value, term, cased in entries:
                if cased and not text.startswith(cased, start):
                    continue
                if kind == MASK:
                    masks.append((start, end, value))
                else:
                    hits.append(Hit(start, end, kind, value, term))
        return [hit for hit in hits if not _hidden(hit, masks)] if masks else hits


def _hidden(hit: Hit, masks: Sequence[tuple[int, int, str]]) -> bool:
    """Whether a longer mask holds the hit, or the hit begins inside a mask and runs out of it."""
    return any(
        (not value or value == hit.value)
        and (
            (start <= hit.start and hit.end <= end and end - start > hit.end - hit.start)
            or start < hit.start < end < hit.end
        )
        for start, end, value in masks
    )


def _loose(folded: str) -> str:
    return folded.translate(_AS_SPACE)


def _forms(key: str) -> tuple[str, ...]:
    """The key and, for a Latin word of three letters or more, its plural."""
    if len(key) < 3 or not key[-1].isascii() or not key[-1].isalpha():
        return (key,)
    if key.endswith(_SIBILANT):
        return (key, key + "es")
    if key.endswith("y") and key[-2] not in "aeiou":
        return (key, key[:-1] + "ies")
    return (key, key + "s")
