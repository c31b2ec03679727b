"""Labelled text of any of the usual shapes, and what the sentiment engine answers to it.

    rows of a file ─► Labelled (a text, what is judged in it, its label) ─► answers: probabilities, or none

Knows nothing of figures: those are made of labels and answers in `analysis.evaluation`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from analysis.document import LABELS, TARGETS, Document, Mention
from analysis.reading import SPAN
from analysis.sentiment import Engine
from analysis.targets import find_targets
from analysis.text import detect_language, fold, normalise, normalised_span
from analysis.training.corpus import Example, agreed, is_held_out, read_corpus, read_rows
from ingest.errors import UsageError

Span = tuple[int, int]
SHAPES = "text,[valence],label / text,target,[a,b],label / JSON lines of text, tone, targets"


@dataclass(frozen=True, slots=True)
class Labelled:
    """A label of the whole text (`about` is None), of a target (its id) or of some of its characters."""

    text: str
    language: str
    label: str
    about: str | Span | None = None
    valence: float | None = None

    @property
    def kind(self) -> str:
        return "text" if self.about is None else "target" if isinstance(self.about, str) else "span"


def read_labelled(path: Path) -> list[Labelled]:
    """All labels of a file in one of SHAPES. Raises UsageError that names the row, or the columns that are missing."""
    found = []
    for number, row in enumerate(read_rows(path), 1):
        where = f"{path}, row {number}"
        if not isinstance(row, dict) or not isinstance(row.get("text"), str) or not ({"label", "tone"} & set(row)):
            raise UsageError(f"{where}: needs the columns of one of: {SHAPES}")
        found += _of_record(row, where) if "tone" in row else [_of_row(row, where)]
    if not found:
        raise UsageError(f"{path} holds no labels")
    return found


def set_aside() -> list[Labelled]:
    """The labels of the project's own text that no model is fitted on, where all readers agree."""
    examples = [e for language in ("en", "zh") for e in read_corpus(language) if is_held_out(e)]
    return [item for example in examples for item in _of_example(example)]


def _of_example(example: Example) -> list[Labelled]:
    """The labels of a line of the project's own text that all of its readers agree on."""
    agreed_targets = {name: agreed(shares) for name, shares in example.targets().items()}
    targets = {name: label for name, label in agreed_targets.items() if label}
    return list(_labels(example.text, example.language, agreed(example.tones()), targets))


def _of_record(row: dict, where: str) -> Iterable[Labelled]:
    """A JSON line with `tone` and `targets`; where a `second` reader is given, what both say."""
    tone, targets, second = row["tone"], row.get("targets") or {}, row.get("second")
    if second:
        tone = tone if tone == second["tone"] else None
        targets = {name: label for name, label in targets.items() if second["targets"].get(name) == label}
    for label in (tone, *targets.values()):
        if label is not None:
            _check(label, where)
    return _labels(row["text"], row.get("lang") or detect_language(row["text"]), tone, targets)


def _labels(text: str, language: str, tone: str | None, targets: dict[str, str]) -> Iterable[Labelled]:
    text = normalise(text)
    if tone:
        yield Labelled(text, language, tone)
    for name, label in targets.items():
        about = name if name in TARGETS else _find(name.removeprefix(SPAN), text)
        if about:
            yield Labelled(text, language, label, about)


def _of_row(row: dict, where: str) -> Labelled:
    text, target = normalise(row["text"]), row.get("target")
    _check(row["label"], where)
    try:
        valence = float(row["valence"]) if row.get("valence") else None
        characters = (int(row["a"]), int(row["b"])) if row.get("a") and row.get("b") else None
    except (TypeError, ValueError):
        raise UsageError(f"{where}: valence, a and b must be numbers") from None
    if characters:
        about = normalised_span(row["text"], *characters)
    else:
        about = target if target in TARGETS else _find(target or "", text)
    if about is None and (target or characters):
        raise UsageError(f"{where}: the target is not in the text")
    return Labelled(text, row.get("lang") or detect_language(text), row["label"], about, valence)


def _check(label: object, where: str) -> None:
    if label not in LABELS:
        raise UsageError(f"{where}: {label!r} is no label (known: {', '.join(LABELS)})")


def _find(words: str, text: str) -> Span | None:
    """Where `text` says `words`, in whatever case or script."""
    words = normalise(words)
    at = fold(text).find(fold(words)) if words else -1
    return (at, at + len(words)) if at >= 0 else None


def answers(engine: Engine, items: Sequence[Labelled]) -> np.ndarray:
    """Probabilities of LABELS for each item, n × 3; nan where no such target is found or the language not scored."""
    asked = [(item.text, item.language, item.about if item.kind == "span" else None) for item in items]
    once = {question: items[at] for at, question in enumerate(asked)}  # a text often has several labels
    documents = [Document("", item.text, language=item.language) for item in once.values()]
    scored = engine.score(documents, [_mentions(item) for item in once.values()])
    answered = dict(zip(once, scored, strict=True))
    found = np.full((len(items), len(LABELS)), np.nan)
    for at, question in enumerate(asked):
        overall, targets = answered[question]
        wanted = {"text": None, "target": items[at].about, "span": SPAN}[items[at].kind]
        tones = {t.target: t.tone for t in targets} | {None: overall}
        if tone := tones.get(wanted):
            found[at] = tone.p_negative, tone.p_neutral, tone.p_positive
    return found


def _mentions(item: Labelled) -> list[Mention]:
    found = find_targets(item.text, item.language)
    if item.kind != "span":
        return found
    start, end = item.about
    others = [m for m in found if m.end <= start or end <= m.start]
    return sorted([*others, Mention(SPAN, start, end)], key=lambda m: m.start)
