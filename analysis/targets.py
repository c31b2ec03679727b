"""Where a text names a target: alias lists, longest first, over folded text.

    text ─► longest alias at each word or character ─► gated aliases need the field named by something else
         ─► "digital currency" resolved by its surroundings ─► Mentions

Knows words only; what the text says about the target is the sentiment engine's question.
"""

import json
import re
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from analysis.aliases import LATIN, Table, build_table, even, longest_matches
from analysis.document import Mention

UNRESOLVED = "unresolved"
"""Stands for "digital currency" and the like until its surroundings say which currency is meant."""
HINTS = 2
"""So many different gated aliases or words of the field stand for an alias that is not gated."""

PRICED_IN = "stablecoins"
"""Of a target that prices are told in, an alias after a figure is a unit ("falls below 60,000 USDT"), not a mention."""


class _Alias(NamedTuple):
    """`target` is a target id, UNRESOLVED, or None where the expression means something else."""

    target: str | None
    gated: bool
    as_written: str | None


def find_targets(text: str, language: str) -> list[Mention]:
    """Mentions of targets in `text` in reading order, never overlapping; `text[start:end]` is the alias as printed.

    `language` is `zh`, where Chinese and Latin aliases are looked for, or anything else, where only Latin ones are.
    """
    evened = even(text)

    def as_printed(alias: _Alias, start: int, end: int) -> bool:
        if alias.target == PRICED_IN and _follows_a_figure(evened, start):
            return False
        return not alias.as_written or text[start:end] == alias.as_written

    found = []
    for alias, start, end in longest_matches(evened, _table(language == "zh"), as_printed):
        target = _resolve(evened, start, end) if alias.target == UNRESOLVED else alias.target
        if target:
            found.append((Mention(target, start, end), alias.gated))
    named = [(mention, gated) for mention, gated in found if mention.target != "regulation"]
    hints = {evened[mention.start : mention.end] for mention, _ in named}
    hints.update(_cues()["field"].findall(evened))
    field_is_named = any(not gated for _, gated in named) or len(hints) >= HINTS and bool(named)
    return [mention for mention, gated in found if field_is_named or not gated]


def _follows_a_figure(evened: str, start: int) -> bool:
    return evened[max(0, start - 2) : start].rstrip()[-1:].isdigit()


def _resolve(evened: str, start: int, end: int) -> str | None:
    """Which currency an expression like "digital currency" means.

    A central bank's, or China's where nothing speaks of coins: the digital yuan, unless another land is named nearer;
    a central bank's of another land: nothing. Else a cryptocurrency.
    """
    cues = _cues()
    china, foreign = (_nearest(cues[place], evened, start, end) for place in ("china", "foreign"))
    is_official = any(word in evened[start:end] for word in ("cbdc", "central", "央行"))
    if is_official or cues["central_bank"].search(evened):
        if china == foreign:
            return None if "cbdc" in evened[start:end] else "digital_yuan"
        return "digital_yuan" if china < foreign else None
    return "digital_yuan" if china < foreign and not cues["coin"].search(evened) else "crypto"


def _nearest(cue: re.Pattern, evened: str, start: int, end: int) -> float:
    """From `start` to the nearest cue that is no part of the expression itself, as the central bank in its name is."""
    outside = (m.start() for m in cue.finditer(evened) if not start <= m.start() < end)
    return min((abs(found - start) for found in outside), default=float("inf"))


@cache
def _knowledge() -> dict:
    return json.loads((files("analysis") / "knowledge" / "targets.json").read_text(encoding="utf-8"))


@cache
def _table(chinese: bool) -> Table:
    knowledge = _knowledge()
    as_written = {even(alias): alias for alias in knowledge["as_written"]}
    aliases: list[tuple[str, _Alias]] = []

    def add(texts: list[str], target: str | None, gated: bool = False) -> None:
        for text in map(even, texts):
            printed = as_written.get(text)
            aliases.append((text, _Alias(target, gated, printed)))
            if not printed and text[-1] in LATIN and not text.endswith("s"):
                aliases.append((text + "s", _Alias(target, gated, None)))

    for language in ("en", "zh") if chinese else ("en",):
        add(knowledge[f"ignored_{language}"], None)
        for target in knowledge["targets"]:
            add(target[f"aliases_{language}"], target["id"])
            add(target[f"gated_{language}"], target["id"], gated=True)
    add(knowledge["unresolved"], UNRESOLVED)
    return build_table(aliases)


@cache
def _cues() -> dict[str, re.Pattern]:
    knowledge = _knowledge()
    cues = {name: _pattern(knowledge[name]) for name in ("central_bank", "china", "foreign", "coin")}
    return cues | {"field": _pattern(knowledge["field_en"] + knowledge["field_zh"])}


def _pattern(words: list[str]) -> re.Pattern:
    words = sorted(set(map(even, words)), key=len, reverse=True)
    latin = "|".join(re.escape(w) for w in words if w.isascii())
    han = "|".join(re.escape(w) for w in words if not w.isascii())
    return re.compile(rf"\b(?:{latin})\b|{han}", re.ASCII)
