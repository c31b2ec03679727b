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
"""One month in so many is set aside for measuring: lines of one event share a month, so no event is on both sides.
Another one is kept from the encoder, so that how far it can be trusted is fitted on lines it never saw."""
EXTRA_WEIGHT = 3.0
"""A newsroom's own label counts as much as three of the project's lines."""


@dataclass(frozen=True, slots=True)
class Labels:
    """What one reader said of a text: its tone (None if not asked) and target id, or `@` and words, → label."""

    tone: str | None
    targets: dict[str, str]


@dataclass(frozen=True, slots=True)
class Example:
    """A text with the labels of each of its readers; `weight` is what all of them count together.

    `themes` are the ids of its themes, main first.
    """

    id: str
    text: str
    language: str
    date: str
    readers: tuple[Labels, ...]
    kind: str = "plain"
    weight: float = 1.0
    themes: tuple[str, ...] = ()

    def tones(self) -> dict[str, float]:
        """Label → share of the readers who gave it."""
        return _shares([labels.tone for labels in self.readers if labels.tone])

    def targets(self) -> dict[str, dict[str, float]]:
        """Target → label → share of the readers who named the target."""
        names = dict.fromkeys(name for labels in self.readers for name in labels.targets)
        return {n: _shares([r.targets[n] for r in self.readers if n in r.targets]) for n in names}

    def mentions(self) -> list[Mention]:
        """Targets found in the text and the labelled spans, in order; a span takes the place of what it covers."""
        spans = [
            Mention(name, match.start(), match.end())
            for name in self.targets()
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
    """All lines of a language, those set aside included."""
    text = (files("analysis") / "training" / f"{language}.jsonl").read_text(encoding="utf-8")
    return [_example(json.loads(line), language) for line in text.splitlines()]


def is_held_out(example: Example) -> bool:
    """Whether a line belongs to the tenth that no model is fitted on."""
    return _lot(example) == 0


def is_for_stacking(example: Example) -> bool:
    """Whether a line belongs to the tenth that the encoder is not fine-tuned on."""
    return _lot(example) == 1


def _lot(example: Example) -> int:
    return int(hashlib.md5(example.date[:7].encode(), usedforsecurity=False).hexdigest(), 16) % HELD_OUT_SHARE


def agreed(shares: dict[str, float]) -> str | None:
    """The label all readers gave; None where they differ."""
    return next(iter(shares)) if len(shares) == 1 else None


def _shares(labels: list[str]) -> dict[str, float]:
    return {label: labels.count(label) / len(labels) for label in dict.fromkeys(labels)}


def _example(record: dict, language: str) -> Example:
    readers = [Labels(record["tone"], record["targets"])]
    if second := record.get("second"):
        readers.append(Labels(second["tone"], second["targets"]))
    return Example(
        record["id"],
        record["text"],
        language,
        record["date"],
        tuple(readers),
        record["kind"],
        themes=tuple(record["themes"]),
    )


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
        labels = Labels(None, {target: label}) if target else Labels(label, {})
        yield Example(f"extra:{number}", text, language, row.get("date") or "", (labels,), weight=EXTRA_WEIGHT)


def read_rows(path: Path) -> list[dict]:
    """Rows of a `.csv`, `.jsonl` or `.json` file as dictionaries. Raises UsageError where it cannot be read."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            if path.suffix == ".csv":
                return list(csv.DictReader(lines))
            return [json.loads(line) for line in lines if line.strip()]
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from None
    except (ValueError, csv.Error) as error:  # of the encoding, too
        raise UsageError(f"cannot read {path} as CSV or JSON lines: {error}") from None
