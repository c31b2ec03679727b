"""How well an engine's probabilities agree with labels: the figures behind `python -m analysis evaluate`.

    Engine, Labelled ─► evaluate ─► a section for each language and kind of label
    labels, probabilities ─► measures: accuracy, F1, confusion, calibration, accuracy by coverage, bootstrap intervals
"""

from collections.abc import Sequence

import numpy as np

from analysis.document import LABELS
from analysis.labelled import Labelled, answers
from analysis.sentiment import MARGIN, Engine

RESAMPLES = 1000
LEVEL = 0.95
BINS = 15
"""Bins of confidence for the calibration error, as in Guo et al. 2017."""
COVERAGES = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5)
FEWEST = 2
"""A correlation needs so many values at least."""


def evaluate(engine: Engine, items: Sequence[Labelled]) -> list[dict]:
    """Figures for each language and kind of label that occur, and for each target. `found` counts the answered ones."""
    p = answers(engine, items)
    sections = []
    for language, kind in dict.fromkeys((item.language, item.kind) for item in items):
        rows = [at for at, item in enumerate(items) if (item.language, item.kind) == (language, kind)]
        section = {"of": kind, "language": language, **_figures([items[at] for at in rows], p[rows])}
        if kind == "target":
            by = {items[at].about: [other for other in rows if items[other].about == items[at].about] for at in rows}
            section["targets"] = {t: _figures([items[at] for at in some], p[some]) for t, some in sorted(by.items())}
        sections.append(section)
    return sections


def _figures(items: Sequence[Labelled], p: np.ndarray) -> dict:
    """Figures of the answered items, beside how many were given and how many are found and right."""
    found = [at for at in range(len(items)) if not np.isnan(p[at, 0])]
    answered = [items[at] for at in found]
    figures = {"given": len(items), "found": len(found) / len(items), "found_and_right": 0.0}
    if answered:
        valence = [item.valence for item in answered if item.valence is not None]
        labels, texts = [item.label for item in answered], [item.text for item in answered]
        figures |= measures(labels, p[found], texts, valence if len(valence) == len(answered) else ())
        figures["found_and_right"] = figures["accuracy"] * figures["found"]
    return figures


def measures(labels: Sequence[str], p: np.ndarray, groups: Sequence[object], valence: Sequence[float] = ()) -> dict:
    """Figures of `p` (n × 3, in the order of LABELS; no nan) against n labels, n ≥ 1.

    Without a single neutral label the sign of the score decides. Intervals hold the middle 95 % of 1,000 resamples
    (seeded) of whole `groups`, so that several labels of one text count as the one observation they are. Pearson's r is
    that of the score with `valence`.
    """
    gold = np.array([LABELS.index(label) for label in labels])
    if "neutral" not in labels:
        p = p * [1, 0, 1] / (p[:, [0]] + p[:, [2]])
    guess = p.argmax(axis=1)
    weights = _resamples(groups)
    confusion = _confusion(gold, guess, np.ones((1, len(gold))))[0]
    drawn = _confusion(gold, guess, weights)
    return {
        "n": len(gold),
        "accuracy": float(_accuracy(confusion)),
        "accuracy_interval": _interval(_accuracy(drawn)),
        "macro_f1": float(_macro_f1(confusion)),
        "macro_f1_interval": _interval(_macro_f1(drawn)),
        "classes": _classes(confusion),
        "confusion": {LABELS[g]: dict(zip(LABELS, map(int, confusion[g]), strict=True)) for g in np.unique(gold)},
        "calibration_error": calibration_error(p.max(axis=1), guess == gold),
        "coverage": coverage(p, guess == gold),
        **(_pearson(p, np.array(valence, dtype=float), weights) if len(valence) >= FEWEST else {}),
    }


def calibration_error(confidence: np.ndarray, right: np.ndarray) -> float:
    """Expected calibration error: mean gap of confidence and accuracy over bins of equal width, weighed by size."""
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    gaps = np.bincount(bins, weights=confidence, minlength=BINS) - np.bincount(bins, weights=right, minlength=BINS)
    return float(np.abs(gaps).sum() / len(right))


def coverage(p: np.ndarray, right: np.ndarray) -> list[dict]:
    """Accuracy of the surest answers, by the share that is kept; and of those not abstained on."""
    ordered = np.sort(p, axis=1)
    margin = ordered[:, -1] - ordered[:, -2]
    sure = right[np.argsort(-margin, kind="stable")]
    kept = [max(1, round(share * len(sure))) for share in COVERAGES]
    curve = [{"coverage": n / len(sure), "accuracy": float(sure[:n].mean())} for n in kept]
    answered = margin >= MARGIN
    if answered.any():
        curve.append(
            {"coverage": float(answered.mean()), "accuracy": float(right[answered].mean()), "abstaining": True}
        )
    return curve


def _resamples(groups: Sequence[object]) -> np.ndarray:
    """How often each row counts in each resample of whole groups, RESAMPLES × n."""
    _, of_row = np.unique(np.array([str(group) for group in groups]), return_inverse=True)
    n = of_row.max() + 1
    draws = np.random.default_rng(0).multinomial(n, np.full(n, 1 / n), size=RESAMPLES)
    return draws[:, of_row]


def _confusion(gold: np.ndarray, guess: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Given × guessed label, one matrix a row of weights."""
    k = len(LABELS)
    cells = np.eye(k * k)[gold * k + guess]
    return (weights @ cells).reshape(-1, k, k)


def _accuracy(confusion: np.ndarray) -> np.ndarray:
    return np.trace(confusion, axis1=-2, axis2=-1) / confusion.sum(axis=(-2, -1))


def _f1(confusion: np.ndarray) -> np.ndarray:
    hits = np.diagonal(confusion, axis1=-2, axis2=-1)
    return 2 * hits / np.maximum(confusion.sum(axis=-1) + confusion.sum(axis=-2), 1)


def _macro_f1(confusion: np.ndarray) -> np.ndarray:
    """Mean F1 of the labels that were given at least once."""
    present = confusion.sum(axis=-1) > 0
    return (_f1(confusion) * present).sum(axis=-1) / present.sum(axis=-1)


def _classes(confusion: np.ndarray) -> dict[str, dict]:
    given, guessed, f1 = confusion.sum(axis=1), confusion.sum(axis=0), _f1(confusion)
    return {
        LABELS[i]: {
            "n": int(given[i]),
            "precision": float(confusion[i, i] / max(guessed[i], 1)),
            "recall": float(confusion[i, i] / given[i]),
            "f1": float(f1[i]),
        }
        for i in range(len(LABELS))
        if given[i]
    }


def _pearson(p: np.ndarray, valence: np.ndarray, weights: np.ndarray) -> dict:
    score = p[:, 2] - p[:, 0]
    with np.errstate(invalid="ignore"):  # a resample of one text only has no correlation and is left out
        drawn = np.array([np.corrcoef(np.repeat(score, w), np.repeat(valence, w))[0, 1] for w in weights])
    return {"pearson": float(np.corrcoef(score, valence)[0, 1]), "pearson_interval": _interval(drawn)}


def _interval(drawn: np.ndarray) -> list[float]:
    tail = (1 - LEVEL) / 2
    return [float(x) for x in np.nanquantile(drawn, (tail, 1 - tail))]
