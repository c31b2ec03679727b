"""The part of a text that speaks of a target: the sentences that name it, so that it is not judged by the others.

    text, Mentions ─► Passages: the whole first, then, in a text of several sentences, those of each set of targets

A summary that praises one thing in its first sentence and bans another in its last says nothing bad of the first.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from analysis.document import Mention

_END = re.compile(r"(?<=\w\w\w[.!?])\s+(?=[^\sa-z])|(?<=[。！？])|\n")
"""Ends of sentences; a full stop after fewer than three letters is an abbreviation's (U.S., vs.)."""


class Passage(NamedTuple):
    """A text with its mentions, and the targets that are to be judged by it."""

    text: str
    mentions: list[Mention]
    targets: tuple[str, ...]


def passages(text: str, mentions: Sequence[Mention]) -> list[Passage]:
    """The whole text, whose overall tone is read, and a passage for each set of targets named in the same sentences."""
    spans = _sentences(text)
    named: dict[str, list[int]] = {}
    for mention in mentions:
        at = [i for i, (start, end) in enumerate(spans) if start < mention.end and mention.start < end]
        named.setdefault(mention.target, []).extend(at)
    together: dict[tuple[int, ...], list[str]] = {}
    for target, at in named.items():
        together.setdefault(tuple(sorted(set(at))), []).append(target)
    everywhere = tuple(together.pop(tuple(range(len(spans))), ()))
    parts = [_joined(text, mentions, [spans[i] for i in at], targets) for at, targets in together.items()]
    return [Passage(text, list(mentions), everywhere), *parts]


def _sentences(text: str) -> list[tuple[int, int]]:
    ends = [0, *(match.end() for match in _END.finditer(text)), len(text)]
    return [(start, end) for start, end in zip(ends, ends[1:], strict=False) if text[start:end].strip()]


def _joined(text: str, mentions: Sequence[Mention], spans: list[tuple[int, int]], targets: list[str]) -> Passage:
    joined, moved = "", []
    for start, end in spans:
        shift = len(joined) - start
        joined += text[start:end]
        moved += [Mention(m.target, m.start + shift, m.end + shift) for m in mentions if start <= m.start < end]
    return Passage(joined, moved, tuple(targets))
