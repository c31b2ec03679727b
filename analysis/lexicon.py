"""Signed words of news in two languages, and how the words before them change what they say.

A hit is an expression of the lexicon with its raw value (-3 to 3) and its value in place: a negation weakens and
turns it ("not approved"), a reverser makes a bad thing good and a good thing bad ("ends ban", "loses licence"), a
booster strengthens it, a damper weakens it. The lists are knowledge files; this module only reads and applies them.
"""

import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

NEGATION, REVERSAL_OF_BAD, REVERSAL_OF_GOOD, BOOSTED, DAMPED = -0.6, -0.8, -0.5, 1.3, 0.6
"""Factors on a value; set once by judgement, the model learns how far to trust the result."""
NEGATION_REACH, DEGREE_REACH, GOOD_REACH = 3, 2, 2
"""How many words before a hit a negation, a degree word, and a reverser of a good thing may stand."""
REVERSAL_REACH = {"en": 4, "zh": 7}
"""The same for a reverser of a bad thing, in words (English) and characters (Chinese)."""
ROLES = ("neg", "rev", "hedge", "boost", "damp")


class Hit(NamedTuple):
    """A lexicon expression at words[start:end]: its value in the list and its value in place."""

    start: int
    end: int
    raw: float
    value: float


class Cue(NamedTuple):
    """An expression at words[start:end] that changes others; `roles` are of ROLES."""

    start: int
    end: int
    roles: frozenset[str]


_Index = dict[str, list[tuple[tuple[str, ...], object]]]


def find_hits(words: Sequence[str], clauses: Sequence[int], language: str) -> tuple[list[Hit], list[Cue]]:
    """Hits and cues among `words`, in order. `clauses` gives each word's clause; nothing reaches across one."""
    values, roles = _lexicon(language)
    cues = [Cue(start, end, found) for start, end, found in _scan(words, roles)]
    ending = {cue.end - 1: cue.roles for cue in cues}
    hits = []
    reversed_by: set[int] = set()
    for start, end, raw in _scan(words, values):
        if not raw:
            continue
        value = float(raw)
        reach = min(start, REVERSAL_REACH[language])
        for distance in range(reach):
            at = start - 1 - distance
            if clauses[at] != clauses[start]:
                break
            if found := ending.get(at):
                if "rev" in found and value < 0:
                    reversed_by.add(at)
                value *= _factor(found, distance, value)
        hits.append(Hit(start, end, raw, value))
    # A bad word that only turned another one ("curb fraud") says nothing bad itself.
    quiet = {hit for hit in hits if hit.raw < 0 and not reversed_by.isdisjoint(range(hit.start, hit.end))}
    return [hit._replace(value=0.0) if hit in quiet else hit for hit in hits], cues


def _factor(roles: frozenset[str], distance: int, value: float) -> float:
    factor = 1.0
    if "neg" in roles and distance < NEGATION_REACH:
        factor *= NEGATION
    if "rev" in roles:
        if value < 0:
            factor *= REVERSAL_OF_BAD
        elif distance < GOOD_REACH and "neg" not in roles:
            factor *= REVERSAL_OF_GOOD
    if distance < DEGREE_REACH:
        factor *= BOOSTED if "boost" in roles else 1.0
        factor *= DAMPED if "damp" in roles else 1.0
    return factor


def _scan(words: Sequence[str], index: _Index) -> list[tuple[int, int, object]]:
    found = []
    behind = 0
    for start, word in enumerate(words):
        if start < behind or word not in index:
            continue
        for expression, meaning in index[word]:
            end = start + len(expression)
            if len(expression) == 1 or tuple(words[start:end]) == expression:
                found.append((start, end, meaning))
                behind = end
                break
    return found


@cache
def _lexicon(language: str) -> tuple[_Index, _Index]:
    """Values and roles, each as first word → expressions, longest first."""
    values: dict[tuple[str, ...], int] = {}
    guessed: dict[tuple[str, ...], int] = {}
    roles: dict[tuple[str, ...], set[str]] = {}
    text = (files("analysis") / "knowledge" / f"lexicon_{language}.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        head, _, terms = line.partition(" ")
        for term in terms.split(","):
            for expression in _spell_out(term.strip().lower(), language):
                if head in ROLES:
                    roles.setdefault(expression, set()).add(head)
                else:
                    (guessed if "~" in term else values).setdefault(expression, int(head))
    frozen = {expression: frozenset(found) for expression, found in roles.items()}
    return _index(guessed | values), _index(frozen)


def lexicon_words(language: str) -> set[str]:
    """Every word that stands in an expression of the lexicon."""
    return {word for index in _lexicon(language) for pairs in index.values() for e, _ in pairs for word in e}


def _index(meanings: dict[tuple[str, ...], object]) -> _Index:
    index: _Index = {}
    for expression, meaning in sorted(meanings.items(), key=lambda pair: -len(pair[0])):
        index.setdefault(expression[0], []).append((expression, meaning))
    return index


_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?~?|\d+|\S")
_CLASSES = {"$": "USD", "%": "PCT"}


def _spell_out(term: str, language: str) -> list[tuple[str, ...]]:
    """The expressions a term stands for: one, or one for each inflection of its words that end in `~`."""
    if language == "zh":
        return [tuple(term)] if term else []
    expressions: list[tuple[str, ...]] = [()]
    for word in _WORD.findall(term.replace("-", " ")):
        options = _inflections(word[:-1]) if word.endswith("~") else [_CLASSES.get(word, word)]
        expressions = [(*expression, option) for expression in expressions for option in options]
    return expressions if term else []


def _inflections(stem: str) -> list[str]:
    """Regular forms of a verb or noun, by spelling alone; a form that is no word does no harm."""
    forms = [stem, *(stem + ending for ending in ("s", "ed", "ing", "e", "es", "ion", "ions", "er", "ers"))]
    if stem.endswith("e"):
        forms += [stem + "d", stem[:-1] + "ing"]
    if stem.endswith("y"):
        forms += [stem[:-1] + "ies", stem[:-1] + "ied"]
    if len(stem) > 2 and stem[-1] not in "aeiouwxy" and stem[-2] in "aeiou":
        forms += [stem + stem[-1] + "ed", stem + stem[-1] + "ing"]
    return forms
