"""Where a text names a target: alias lists, longest first, over folded text.

    text ─► folded, hyphens as spaces ─► longest alias at each word (English) or character (Chinese)
         ─► gated aliases need the field named by something else ─► "digital currency" resolved by its surroundings

Knows words only; what the text says about the target is the sentiment engine's question.
"""

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from analysis.document import TARGETS, Mention
from analysis.text import fold

UNRESOLVED = "unresolved"
"""Stands for "digital currency" and the like until its surroundings say which currency is meant."""

_UNIT = re.compile(r"[a-z0-9_]+|[\u3400-\u9fff]")
_LATIN = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")
_EVEN = str.maketrans({"-": " ", "‐": " ", "‑": " ", "’": "'", "‘": "'", "\n": " "})


@dataclass(frozen=True, slots=True)
class _Alias:
    """One expression. `target` is a target id, UNRESOLVED, or None where the expression means something else."""

    text: str
    target: str | None
    gated: bool
    as_written: str | None


def find_targets(text: str, language: str) -> list[Mention]:
    """Mentions of targets in `text` in reading order, never overlapping; `text[start:end]` is the alias as printed.

    `language` is `zh`, where Chinese and Latin aliases are looked for, or anything else, where only Latin ones are.
    """
    folded = fold(text).translate(_EVEN)
    found = _matches(text, folded, _table(language == "zh"))
    resolved = [(_resolve(folded, start, end) if t == UNRESOLVED else t, g, start, end) for t, g, start, end in found]
    field_is_named = any(target and target != "regulation" and not gated for target, gated, *_ in resolved)
    return [
        Mention(target, start, end)
        for target, gated, start, end in resolved
        if target and (field_is_named or not gated)
    ]


def _matches(text: str, folded: str, table: dict[str, list[_Alias]]) -> list[tuple[str, bool, int, int]]:
    found = []
    behind = 0
    for unit in _UNIT.finditer(folded):
        start = unit.start()
        if start < behind:
            continue
        for alias in table.get(unit.group(), ()):
            end = start + len(alias.text)
            if not folded.startswith(alias.text, start) or _runs_on(folded, end):
                continue
            if alias.as_written and text[start:end] != alias.as_written:
                continue
            behind = end
            if alias.target:
                found.append((alias.target, alias.gated, start, end))
            break
    return found


def _runs_on(folded: str, end: int) -> bool:
    """Whether a Latin word goes on after `end`."""
    return end < len(folded) and folded[end] in _LATIN and folded[end - 1] in _LATIN


def _resolve(folded: str, start: int, end: int) -> str | None:
    """Which currency an expression like "digital currency" means.

    A central bank's: the digital yuan where China is the nearest land named, nothing where another land is. Else
    a cryptocurrency.
    """
    cues = _cues()
    is_official = "cbdc" in folded[start:end] or "central" in folded[start:end] or "央行" in folded[start:end]
    if not is_official and not cues["central_bank"].search(folded):
        return "crypto"
    return "digital_yuan" if _nearest(cues["china"], folded, start) < _nearest(cues["foreign"], folded, start) else None


def _nearest(cue: re.Pattern, folded: str, position: int) -> float:
    return min((abs(m.start() - position) for m in cue.finditer(folded)), default=float("inf"))


@cache
def _knowledge() -> dict:
    return json.loads((files("analysis") / "knowledge" / "targets.json").read_text(encoding="utf-8"))


@cache
def _table(chinese: bool) -> dict[str, list[_Alias]]:
    """First word or character of an alias → the aliases that begin with it, longest first."""
    knowledge = _knowledge()
    languages = ("en", "zh") if chinese else ("en",)
    as_written = {_even(alias): alias for alias in knowledge["as_written"]}
    aliases: dict[str, _Alias] = {}

    def add(texts: list[str], target: str | None, gated: bool = False) -> None:
        for text in map(_even, texts):
            printed = as_written.get(text)
            aliases.setdefault(text, _Alias(text, target, gated, printed))
            if not printed and text[-1] in _LATIN and not text.endswith("s"):
                aliases.setdefault(text + "s", _Alias(text + "s", target, gated, None))

    for language in languages:
        add(knowledge[f"ignored_{language}"], None)
        for target in sorted(knowledge["targets"], key=lambda t: TARGETS.index(t["id"])):
            add(target[f"aliases_{language}"], target["id"])
            add(target[f"gated_{language}"], target["id"], gated=True)
    add(knowledge["unresolved"], UNRESOLVED)
    table: dict[str, list[_Alias]] = {}
    for alias in sorted(aliases.values(), key=lambda a: (-len(a.text), a.text)):
        table.setdefault(_UNIT.match(alias.text).group(), []).append(alias)
    return table


@cache
def _cues() -> dict[str, re.Pattern]:
    return {name: _pattern(_knowledge()[name]) for name in ("central_bank", "china", "foreign")}


def _pattern(words: list[str]) -> re.Pattern:
    latin = sorted({_even(w) for w in words if w.isascii()}, key=len, reverse=True)
    han = sorted({_even(w) for w in words if not w.isascii()}, key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, latin))})\b|{'|'.join(map(re.escape, han))}", re.ASCII)


def _even(text: str) -> str:
    return fold(text).translate(_EVEN)
