"""A text as the sentiment engine sees it: words, clauses, mentions, and blanks where names and unknown words stand.

Names (countries, bodies, companies, people) and words the engine never learned become one and the same BLANK, so
that no name can carry a tone and a new name changes nothing. Chinese is read character by character.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from analysis.aliases import LATIN, Table, build_table, even, longest_matches
from analysis.document import Mention

BLANK = "_"
"""A name, or a word not learned; several in a row are one."""
MENTION = "ENT"
"""A mention of any target but the UNMASKED one."""
SPAN = "@"
"""Begins the id of a thing that is not among the eight targets: a span that a caller points at."""
UNMASKED = "regulation"
"""Its words (ban, approve, rules) are what a text says of the other targets, so they stay readable."""

_TOKEN = re.compile(
    r"(?P<mask>_[a-z]+_)"
    r"|(?P<USD>[$€£¥]\s?\d[\d,.]*(?:\s?(?:k|m|mn|b|bn|tn|million|billion|trillion)\b)?)"
    r"|(?P<PCT>\d[\d,.]*\s?(?:%|percent|per cent))"
    r"|(?P<YEAR>(?:19|20)\d\d(?!\d))"
    r"|(?P<NUM>\d[\d,.]*(?:k|m|mn|bn|x)?)"
    r"|(?P<word>[a-z]+(?:'[a-z]+)?)"
    r"|(?P<han>[\u3400-\u9fff])"
    r"|(?P<mark>[?!:;,.…\"“”—–|()、。，；：？！《》])"
)
_BREAKS = frozenset("?!:;,.…—–|。，；：？！")
_CONJUNCTIONS = frozenset(
    """but while as after despite although though yet amid amidst because since when whereas however even before
    following until""".split()
)


@dataclass(slots=True)
class Reading:
    """A text in tokens: parallel lists of the word, the number of its clause, and its place in the text.

    `at` is target id → indices of its tokens; `printed` holds the words by which the UNMASKED target is named.
    """

    words: list[str]
    clauses: list[int]
    starts: list[int]
    ends: list[int]
    at: dict[str, list[int]]
    printed: list[str]


def read(text: str, language: str, mentions: Sequence[Mention], known: Collection[str] | None) -> Reading:
    """Tokens of `text`. `known` are the words that are not blanked; None while they are being counted."""
    evened = even(text)
    spans = _spans(text, evened, language, mentions)
    reading = Reading([], [], [], [], {}, [])
    clause, span = 0, 0
    for match in _TOKEN.finditer(evened):
        start, end = match.span()
        while span < len(spans) and spans[span][1] <= start:
            span += 1
        inside = span < len(spans) and spans[span][0] < end
        kind, word = match.lastgroup, match.group()
        if inside:
            span_start, span_end, target, blank = spans[span]
            if target and target != UNMASKED:
                _append_mention(reading, target, clause, start, span_end)
                continue
            kind = "mask" if blank else kind
        if kind == "mark" and word in _BREAKS or kind == "word" and word in _CONJUNCTIONS:
            clause += 1
        _append(reading, _shown(kind, word, known), clause, start, end)
        if inside and target:
            reading.at.setdefault(target, []).append(len(reading.words) - 1)
            reading.printed.append(evened[span_start:span_end])
    return reading


def _shown(kind: str, word: str, known: Collection[str] | None) -> str:
    if kind == "mask":
        return BLANK
    if kind in ("USD", "PCT", "YEAR", "NUM"):
        return kind
    if kind == "word" and word.endswith("'s"):
        word = word[:-2]
    return word if kind == "mark" or known is None or word in known else BLANK


def _append(reading: Reading, word: str, clause: int, start: int, end: int) -> None:
    if word == BLANK and reading.words and reading.words[-1] == BLANK and reading.clauses[-1] == clause:
        reading.ends[-1] = end
        return
    reading.words.append(word)
    reading.clauses.append(clause)
    reading.starts.append(start)
    reading.ends.append(end)


def _append_mention(reading: Reading, target: str, clause: int, start: int, end: int) -> None:
    if reading.words and reading.words[-1] == MENTION and reading.ends[-1] == end:
        return
    reading.at.setdefault(target, []).append(len(reading.words))
    _append(reading, MENTION, clause, start, end)


def _spans(text: str, evened: str, language: str, mentions: Sequence[Mention]) -> list[tuple]:
    """(start, end, target or None, is a name) in order. A name in a mention gives way, but for the UNMASKED target."""
    spans = [(m.start, m.end, m.target, False) for m in mentions]
    masked = [(m.start, m.end) for m in mentions if m.target != UNMASKED]

    def is_name(exact: str | None, start: int, end: int) -> bool:
        if any(start < e and s < end for s, e in masked):
            return False
        return text[start:end] == exact if exact else not text[start].islower()

    for _, start, end in longest_matches(evened, _names(language == "zh"), is_name):
        covered = [s for s in spans if s[0] < end and start < s[1]]
        spans = [s for s in spans if s not in covered]
        spans.append((start, end, UNMASKED if covered else None, True))
    return sorted(spans, key=lambda s: s[:2])


SHORT_NAME = 4
"""A name of up to so many letters in capitals (US, SEC) counts only as written."""


@cache
def _names(chinese: bool) -> Table:
    lines = (files("analysis") / "knowledge" / "names.txt").read_text(encoding="utf-8").splitlines()
    names = [name.strip() for line in lines if line and line[0] != "#" for name in line.split(",")]
    return build_table(
        (even(name), name if name.isupper() and len(name) <= SHORT_NAME and name[0] in _CAPITALS else None)
        for name in names
        if name and (chinese or even(name)[0] in LATIN)
    )


_CAPITALS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
