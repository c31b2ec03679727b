"""Sentiment toward each target and of the whole text, with calibrated probabilities.

    Document, Mentions ─► passages (the sentences of each target) ─► reading (clauses, blanks for names)
                       ─► features (n-grams, signed words) ─► linear model ┐
                       ─► words in order ─► encoder ───────────────────────┴─► both in one, calibrated
                       ─► a Tone for each target, and one for the text, read off the targets and its own model

The model is arrays in `model/`, fitted by `python -m analysis train` on the project's own labelled text.
It scores English and Chinese; a text in another language has no tone (None), which is not a neutral one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from analysis.document import Document, Mention, TargetTone, Tone
from analysis.features import target_features, text_features
from analysis.modelfile import LanguageModel, model_folder, read_model, stacked
from analysis.passages import Passage, passages
from analysis.reading import SPAN, UNMASKED, Reading, read
from analysis.signed import Annotated, annotate_reading
from analysis.targets import find_targets
from analysis.text import detect_language

MARGIN = 0.15
"""The engine abstains where its two most probable labels are closer than this."""
BATCH = 512
"""Texts scored at a time: bounds memory, and is past the point where numpy's overhead counts."""
SURE = 0.75
"""N-grams whose most probable label is at least so probable are as right without the encoder as with it, on the
project's own lines and on open ones; two texts in five need not be read twice."""
LONGEST = 600
"""Characters of a text that are read: a headline and the first sentences after it."""


Judged = tuple[np.ndarray, np.ndarray]
"""Probabilities of LABELS for texts and for pairs of text and target: texts × 3, pairs × 3."""


@dataclass(frozen=True)
class Engine:
    """Scores documents. `version` changes whenever the model or a knowledge file behind it does."""

    version: str
    models: dict[str, LanguageModel]

    def score(
        self, documents: Sequence[Document], mentions: Sequence[Sequence[Mention]]
    ) -> list[tuple[Tone | None, tuple[TargetTone, ...]]]:
        """For each document its overall Tone (None in a language not scored) and a TargetTone a target mentioned."""
        results: list[tuple[Tone | None, tuple[TargetTone, ...]]] = [(None, ())] * len(documents)
        languages = [document.language or detect_language(document.text) for document in documents]
        for language, model in self.models.items():
            chosen = [i for i, found in enumerate(languages) if found == language]
            for start in range(0, len(chosen), BATCH):
                batch = chosen[start : start + BATCH]
                scored = _score_batch(model, [documents[i].text for i in batch], [mentions[i] for i in batch])
                for i, result in zip(batch, scored, strict=True):
                    results[i] = result
        return results

    def score_span(self, document: Document, start: int, end: int) -> Tone | None:
        """Tone toward whatever `document.text[start:end]` names; None in a language not scored."""
        language = document.language or detect_language(document.text)
        if language not in self.models:
            return None
        others = [m for m in find_targets(document.text, language) if m.end <= start or end <= m.start]
        mentions = sorted([*others, Mention(SPAN, start, end)], key=lambda m: m.start)
        ((_, targets),) = _score_batch(self.models[language], [document.text], [mentions])
        return next((t.tone for t in targets if t.target == SPAN), None)


@cache
def load_engine() -> Engine:
    """The engine in force: the user's own once fitted, else the shipped one. Raises ConfigError as `read_engine`."""
    return read_engine(model_folder())


def read_engine(folder: Path) -> Engine:
    """The engine of a folder. Raises ConfigError where its files are missing, damaged or of another format."""
    return Engine(*read_model(folder))


def _score_batch(
    model: LanguageModel, texts: list[str], mentions: Sequence[Sequence[Mention]]
) -> list[tuple[Tone, tuple[TargetTone, ...]]]:
    parts, whole = [], []
    for text, found in zip(texts, mentions, strict=True):
        whole.append(len(parts))
        parts += passages(text[:LONGEST], [m for m in found if m.end <= LONGEST])
    read_texts = [_read(model, part) for part in parts]
    pairs = [(row, t) for row, part in enumerate(parts) for t in part.targets if t in read_texts[row].reading.at]
    text_of = np.searchsorted(whole, [row for row, _ in pairs], side="right") - 1
    own = probabilities(model, read_texts, pairs)
    other = second_opinion(model, own, lambda row: _read_openly(model, parts[row]), pairs)
    of_text = [(i, target) for i, (_, target) in zip(text_of, pairs, strict=True)]
    outside_texts, outside_pairs = is_outside(len(texts), of_text)
    p_text = stacked(own[0][whole], None if other[0] is None else other[0][whole], model.text_scale[outside_texts])
    p_targets = stacked(own[1], other[1], model.target_scale[outside_pairs])
    tones: list[list[TargetTone]] = [[] for _ in texts]
    for (row, target), i, p in zip(pairs, text_of, p_targets.tolist(), strict=True):
        tones[i].append(TargetTone(target, _tone(p), _evidence(read_texts[row], target, parts[row].text)))
    overall = stacked(blend(p_text, p_targets, of_text), None, model.tone_scale)
    return [(_tone(p), tuple(found)) for p, found in zip(overall.tolist(), tones, strict=True)]


def _read(model: LanguageModel, passage: Passage) -> Annotated:
    reading = read(passage.text, model.language, passage.mentions, model.known)
    return annotate_reading(reading, model.language, passage.text)


def _read_openly(model: LanguageModel, passage: Passage) -> Reading:
    return read(passage.text, model.language, passage.mentions, model.readable)


def second_opinion(
    model: LanguageModel, own: Judged, reading_of: Callable[[int], Reading], pairs: list[tuple[int, str]]
) -> Judged | tuple[None, None]:
    """The encoder's probabilities beside the n-grams' `own`; (None, None) where the language has no encoder.

    Where the n-grams are sure of a text and of all its targets, the encoder is not asked and taken to agree: it costs
    ten times as much. `reading_of` gives a text with the words of `model.readable`.
    """
    if model.encoder is None:
        return None, None
    sure = own[0].max(axis=1)
    np.minimum.at(sure, [row for row, _ in pairs], own[1].max(axis=1))
    place = {row: at for at, row in enumerate(np.flatnonzero(sure < SURE).tolist())}
    chosen = [at for at, (row, _) in enumerate(pairs) if row in place]
    asked = [(place[pairs[at][0]], pairs[at][1]) for at in chosen]
    p_text, p_targets = own[0].copy(), own[1].copy()
    p_text[list(place)], p_targets[chosen] = model.encoder.probabilities([reading_of(row) for row in place], asked)
    return p_text, p_targets


def probabilities(model: LanguageModel, read_texts: list[Annotated], pairs: list[tuple[int, str]]) -> Judged:
    """What the n-grams say. `pairs` are (text, target)."""
    parts = [text_features(a) for a in read_texts]
    sums = model.sum_keys([keys for keys, _ in parts])
    counts = np.array([len(keys) for keys, _ in parts])
    numbers = np.array([found for _, found in parts], dtype=np.float32).reshape(len(parts), -1)
    p_text = model.tone_probabilities(sums, counts, numbers)
    if not pairs:
        return p_text, np.zeros((0, 3))
    extra = [target_features(read_texts[i], target) for i, target in pairs]
    rows = [i for i, _ in pairs]
    sums = sums[rows] + model.sum_keys([keys for keys, _ in extra])
    counts = counts[rows] + [len(keys) for keys, _ in extra]
    numbers = np.hstack([numbers[rows], np.array([found for _, found in extra], dtype=np.float32)])
    special = np.array([target == UNMASKED for _, target in pairs])
    return p_text, model.target_probabilities(sums, counts, numbers, special)


TARGETS_WEIGH = 0.5
"""How far the overall tone of a text is read off its targets; the rest comes from the model of whole texts."""


def blend(p_text: np.ndarray, p_targets: np.ndarray, pairs: list[tuple[int, str]]) -> np.ndarray:
    """Overall probabilities: those of the text and the mean of its targets' (regulation left out), texts × 3."""
    sums, counts = np.zeros_like(p_text), np.zeros(len(p_text))
    for (i, target), p in zip(pairs, p_targets, strict=True):
        if _is_judged(target):
            sums[i] += p
            counts[i] += 1
    has = counts > 0
    blended = p_text.copy()
    blended[has] = (1 - TARGETS_WEIGH) * p_text[has] + TARGETS_WEIGH * sums[has] / counts[has, None]
    return blended


def is_outside(texts: int, pairs: Sequence[tuple[int, str]]) -> tuple[np.ndarray, np.ndarray]:
    """0 or 1 for each text and each of `pairs`: whether the field has no part in it, so that other scales hold."""
    of_texts = np.ones(texts, dtype=np.intp)
    of_texts[[i for i, target in pairs if _is_judged(target)]] = 0
    return of_texts, np.array([target.startswith(SPAN) for _, target in pairs], dtype=np.intp)


def _is_judged(target: str) -> bool:
    """Whether a target of the field other than its rules."""
    return target != UNMASKED and not target.startswith(SPAN)


def _tone(p: list[float]) -> Tone:
    _, second, first = sorted(p)
    return Tone(*p, abstain=first - second < MARGIN)


def _evidence(a: Annotated, target: str, text: str) -> str:
    """The clause that names the target and holds most signed words; the first such clause where none does."""
    reading = a.reading
    own = dict.fromkeys(reading.clauses[i] for i in reading.at[target])
    weight = {clause: sum(abs(h.raw) for h in a.hits if reading.clauses[h.start] == clause) for clause in own}
    chosen = max(own, key=weight.__getitem__)
    places = [i for i, clause in enumerate(reading.clauses) if clause == chosen]
    return text[reading.starts[places[0]] : reading.ends[places[-1]]].strip(" \n,;:，；：、—–")
