"""The project's own labelled text, and a newsroom's additions to it.

One JSON object a line in `en.jsonl` and `zh.jsonl`: see README.md beside them for the fields and the rules.
"""

import csv
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from analysis.document import LABELS, TARGETS, Mention
from analysis.reading import SPAN
from analysis.targets import find_targets
from analysis.text import detect_language
from ingest.errors import UsageError

HELD_OUT_SHARE = 10
"""One month in so many is set aside for measuring: lines of one event share a month, so no event is on both sides."""


@dataclass(frozen=True, slots=True)
class Example:
    """A labelled text. `labels` is target id (or `@` and the words of any other thing) → label; `tone` may be None.

    `themes` are theme ids, the main one first.
    """

    id: str
    text: str
    language: str
    date: str
    tone: str | None
    labels: dict[str, str]
    kind: str = "plain"
    weight: float = 1.0
    themes: tuple[str, ...] = ()

    def mentions(self) -> list[Mention]:
        """Targets found in the text and the labelled spans, in order; a span takes the place of what it covers."""
        spans = [
            Mention(name, match.start(), match.end())
            for name in self.labels
            if name.startswith(SPAN)
            for match in re.finditer(re.escape(name[1:]), self.text)
        ]
        targets = [
            m
            for m in find_targets(self.text, self.language)
            if not any(m.start < s.end and s.start < m.end for s in spans)
        ]
        return sorted([*targets, *spans], key=lambda m: m.start)


def read_corpus(language: str) -> list[Example]:
    """All settled lines of a language, those set aside included."""
    text = (files("analysis") / "training" / f"{language}.jsonl").read_text(encoding="utf-8")
    return [_settle(json.loads(line), language) for line in text.splitlines()]


def is_held_out(example: Example) -> bool:
    """Whether a line belongs to the tenth that no model is fitted on."""
    return int(hashlib.md5(example.date[:7].encode(), usedforsecurity=False).hexdigest(), 16) % HELD_OUT_SHARE == 0


def _settle(record: dict, language: str) -> Example:
    """One label where both readers agree; where they differ the label is left out."""
    second = record.get("second")
    tone, labels = record["tone"], dict(record["targets"])
    if second:
        tone = tone if second["tone"] == tone else None
        labels = {t: label for t, label in labels.items() if second["targets"].get(t, label) == label}
    themes = tuple(record["themes"])
    return Example(record["id"], record["text"], language, record["date"], tone, labels, record["kind"], themes=themes)


def read_extra(path: Path) -> Iterator[Example]:
    """A newsroom's own labels: CSV or JSON lines with `text`, `label`, and optionally `target`, `lang`, `date`.

    Without `target` the label is the overall tone; a target is one of the eight ids or words of the text. Raises
    UsageError, naming the row, for a label or target that is none.
    """
    for number, row in enumerate(read_rows(path), 1):
        text, label, target = row.get("text") or "", row.get("label") or "", row.get("target") or ""
        if not text or label not in LABELS:
            raise UsageError(f"{path}, row {number}: needs `text` and a `label` of {', '.join(LABELS)}")
        if target and target not in TARGETS:
            if target not in text:
                raise UsageError(f"{path}, row {number}: {target!r} is neither a target nor words of the text")
            target = SPAN + target
        language = row.get("lang") or detect_language(text)
        labels = {target: label} if target else {}
        yield Example(f"extra:{number}", text, language, row.get("date") or "", None if target else label, labels)


def read_rows(path: Path) -> list[dict]:
    """Rows of a `.csv`, `.jsonl` or `.json` file as dictionaries. Raises UsageError where it cannot be read."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            if path.suffix == ".csv":
                return list(csv.DictReader(lines))
            return [json.loads(line) for line in lines if line.strip()]
    except (OSError, UnicodeDecodeError, ValueError, csv.Error) as error:
        raise UsageError(f"cannot read {path} as CSV or JSON lines: {error}") from None
