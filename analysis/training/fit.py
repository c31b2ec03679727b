"""Fit the sentiment model: `python -m analysis train`. Deterministic: the same text gives the same bytes.

Multinomial logistic regression over the keys and numbers of `analysis.features`, one head for targets and one for
whole texts. Where the language has an encoder, both judges' probabilities are joined, with weights and class offsets
fitted on months neither saw; else the n-grams' own are calibrated on every month in turn (after Guo et al. 2017).
"""

import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix, hstack
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from analysis.document import LABELS
from analysis.features import target_features, text_features
from analysis.lexicon import lexicon_words
from analysis.modelfile import KEY_WEIGHT, SMALLEST, LanguageModel, shipped_encoder, stacked
from analysis.reading import UNMASKED, Reading, read
from analysis.sentiment import blend, is_outside, probabilities, second_opinion
from analysis.signed import annotate_reading
from analysis.training.corpus import Example, agreed, is_for_stacking

STRENGTH = 0.15
"""Inverse of the penalty (C), chosen by cross-validation on the project's own text."""
NUMBER_GAIN = 3.0
"""Numbers are scaled up before fitting, so that the penalty leaves the lexicon freer than single n-grams."""
KNOWN_FROM, KEYS_FROM = 3, 3
"""Texts a word must occur in to be known, and rows a key must occur in to be kept."""
FOLDS = 3
ITERATIONS, TOLERANCE = 80, 3e-3
"""More iterations cost time and change no figure."""
SCALE_DIGITS = 4
"""Digits beyond these differ with the machine's order of additions, and the same text shall give the same bytes."""


class _Unseen(NamedTuple):
    """What the n-grams (`own`) and the encoder (`other`, None without one) make of examples neither was fitted on.

    Only labels that all readers gave count: of each pair of text and target, and of each text; -1 is none.
    `outside` says of texts and of pairs whether the field has no part in them.
    """

    own: tuple[np.ndarray, np.ndarray]
    other: tuple[np.ndarray | None, np.ndarray | None]
    outside: tuple[np.ndarray, np.ndarray]
    pairs: list[tuple[int, str]]
    targets: np.ndarray
    tones: np.ndarray


def fit_language(language: str, examples: Sequence[Example], report: Callable[[str], None]) -> LanguageModel:
    """A calibrated model of one language from its examples, beside the language's encoder where there is one."""
    encoder = shipped_encoder(language)
    unseen = []
    for known, new in _splits(examples, encoder is not None):
        report(f"{language}: fitting on {len(known)} texts, to calibrate on {len(new)}")
        unseen.append(_judge(replace(fit_plain(language, known), encoder=encoder), new))
    report(f"{language}: fitting on {len(examples)} texts")
    return replace(fit_plain(language, examples), encoder=encoder, **_scales(unseen))


def _splits(examples: Sequence[Example], has_encoder: bool) -> Iterator[tuple[list[Example], list[Example]]]:
    """Examples to fit and to judge: the months an encoder never saw, or without one every month in turn."""
    months = sorted({example.date[:7] for example in examples})
    fold_of = {month: i % FOLDS for i, month in enumerate(np.random.default_rng(0).permutation(months))}
    for fold in range(1 if has_encoder else FOLDS):
        judge = is_for_stacking if has_encoder else lambda example, fold=fold: fold_of[example.date[:7]] == fold
        yield [e for e in examples if not judge(e)], [e for e in examples if judge(e)]


def _scales(unseen: list[_Unseen]) -> dict[str, np.ndarray]:
    """The scales of a model; without an encoder the probabilities of texts stay as they are until they are blended."""
    (own_text, own_target), (text, target), (outside_texts, outside_pairs) = (
        tuple(None if part[0] is None else np.concatenate(part) for part in zip(*judge, strict=True))
        for judge in ([u.own for u in unseen], [u.other for u in unseen], [u.outside for u in unseen])
    )
    targets, tones = (np.concatenate(found) for found in ([u.targets for u in unseen], [u.tones for u in unseen]))
    target_scale = _calibrations(own_target, target, targets, outside_pairs)
    text_scale = UNSCALED if text is None else _calibrations(own_text, text, tones, outside_texts)
    overall = np.concatenate([_overall(u, text_scale, target_scale) for u in unseen])
    tone_scale = _calibration(overall[tones >= 0], None, tones[tones >= 0])
    return {"target_scale": target_scale, "text_scale": text_scale, "tone_scale": tone_scale}


def _overall(unseen: _Unseen, text_scale: np.ndarray, target_scale: np.ndarray) -> np.ndarray:
    p_text, p_target = (
        stacked(own, other, scale[outside])
        for own, other, scale, outside in zip(
            unseen.own, unseen.other, (text_scale, target_scale), unseen.outside, strict=True
        )
    )
    return blend(p_text, p_target, unseen.pairs)


NO_SCALE = np.array([1.0, 0.0, 0.0, 0.0, 0.0], dtype=np.float32)
"""The n-grams' probabilities as they are."""
UNSCALED = np.array([NO_SCALE, NO_SCALE])
EQUAL_TRUST = np.array([0.5, 0.5, 0.0, 0.0, 0.0], dtype=np.float32)
PULL = 5.0
"""A handful of labels moves a scale little from where it starts; hundreds move it as they like."""


def fit_plain(language: str, examples: Sequence[Example]) -> LanguageModel:
    """A model whose probabilities are not calibrated: a third of the work, and enough to compare labels."""
    mentions = [example.mentions() for example in examples]
    counts = Counter(
        w for e, found in zip(examples, mentions, strict=True) for w in set(read(e.text, language, found, None).words)
    )
    known = frozenset(w for w, n in counts.items() if n >= KNOWN_FROM) | lexicon_words(language)
    texts, targets = [], []
    for example, found in zip(examples, mentions, strict=True):
        a = annotate_reading(read(example.text, language, found, known), language, example.text)
        keys, numbers = text_features(a)
        texts += [(keys, numbers, label, share) for label, share in _votes(example.tones(), example)]
        for target, shares in example.targets().items():
            more_keys, more_numbers = target_features(a, target)
            row = numbers + more_numbers
            row += [x * (target == UNMASKED) for x in row]
            targets += [(keys | more_keys, row, label, share) for label, share in _votes(shares, example)]
    frequency = Counter(key for rows in (texts, targets) for keys, *_ in rows for key in keys)
    keys = {key: i for i, key in enumerate(sorted(k for k, n in frequency.items() if n >= KEYS_FROM))}
    target_head, tone_head = _logistic(targets, keys), _logistic(texts, keys)
    n = len(keys)
    return LanguageModel(
        language=language,
        known=known,
        keys=keys,
        weights=np.hstack([target_head.coef_.T[:n], tone_head.coef_.T[:n]]),
        target_numbers=target_head.coef_.T[n:] * NUMBER_GAIN,
        tone_numbers=tone_head.coef_.T[n:] * NUMBER_GAIN,
        intercepts=np.array([target_head.intercept_, tone_head.intercept_]),
        target_scale=UNSCALED,
        text_scale=UNSCALED,
        tone_scale=NO_SCALE,
    )


def _votes(shares: dict[str, float], example: Example) -> list[tuple[int, float]]:
    """Where readers differ the text is learned with each label, weighed by its share."""
    return [(LABELS.index(label), share * example.weight) for label, share in shares.items()]


def _logistic(rows: list[tuple[set[str], list[float], int, float]], keys: dict[str, int]) -> LogisticRegression:
    ids = [sorted(keys[k] for k in found if k in keys) for found, *_ in rows]
    lengths = np.array([len(found) for found in ids])
    values = np.repeat([KEY_WEIGHT / np.sqrt(len(found)) for found, *_ in rows], lengths).astype(np.float32)
    starts = np.concatenate([[0], np.cumsum(lengths)])
    sparse = csr_matrix((values, np.concatenate(ids), starts), shape=(len(rows), len(keys)))
    numbers = csr_matrix(np.array([found for _, found, *_ in rows], dtype=np.float32) * NUMBER_GAIN)
    labels, weights = [row[2] for row in rows], [row[3] for row in rows]
    regression = LogisticRegression(C=STRENGTH, max_iter=ITERATIONS, tol=TOLERANCE)
    # One thread: the order of additions, and so the last digits, must not depend on the machine.
    with warnings.catch_warnings(), threadpool_limits(1):
        warnings.simplefilter("ignore", ConvergenceWarning)  # stopping after ITERATIONS is meant
        return regression.fit(hstack([sparse, numbers]).tocsr(), labels, sample_weight=weights)


def _judge(model: LanguageModel, examples: Sequence[Example]) -> _Unseen:
    mentions = [e.mentions() for e in examples]
    read_texts = [
        annotate_reading(read(e.text, model.language, found, model.known), model.language, e.text)
        for e, found in zip(examples, mentions, strict=True)
    ]
    labels = [{t: LABELS.index(y) for t, shares in e.targets().items() if (y := agreed(shares))} for e in examples]
    pairs = [(i, target) for i, a in enumerate(read_texts) for target in a.reading.at]
    own = probabilities(model, read_texts, pairs)

    def reading_of(row: int) -> Reading:
        return read(examples[row].text, model.language, mentions[row], model.readable)

    other = second_opinion(model, own, reading_of, pairs)
    tones = [agreed(example.tones()) for example in examples]
    return _Unseen(
        own,
        other,
        is_outside(len(examples), pairs),
        pairs,
        np.array([labels[i].get(target, -1) for i, target in pairs]),
        np.array([-1 if tone is None else LABELS.index(tone) for tone in tones]),
    )


def _calibrations(own: np.ndarray, other: np.ndarray | None, y: np.ndarray, outside: np.ndarray) -> np.ndarray:
    """A scale for what is of the field and one for what is outside it, 2 × 5: outside, news is of another kind."""
    parts = [np.flatnonzero((outside == which) & (y >= 0)) for which in (0, 1)]
    return np.array([_calibration(own[at], None if other is None else other[at], y[at]) for at in parts])


def _calibration(own: np.ndarray, other: np.ndarray | None, y: np.ndarray) -> np.ndarray:
    """The scale of `stacked` that makes the two judges' probabilities likeliest to have produced `y`."""
    start = np.array(NO_SCALE if other is None else EQUAL_TRUST, dtype=float)

    def loss(scale: np.ndarray) -> float:
        p = stacked(own, other, scale)[np.arange(len(y)), y]
        return float(-np.log(np.maximum(p, SMALLEST)).sum() + PULL * ((scale - start) ** 2).sum()) / (len(y) + 1)

    found = minimize(loss, start, method="L-BFGS-B").x
    return found.round(SCALE_DIGITS).astype(np.float32)
