"""Fit the sentiment model: `python -m analysis train`. Deterministic: the same text gives the same bytes.

Multinomial logistic regression over the keys and numbers of `analysis.features`, one head for targets and one for
whole texts, calibrated on cross-validated probabilities (a temperature and class offsets, after Guo et al. 2017).
"""

import warnings
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix, hstack
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from analysis.document import LABELS
from analysis.features import annotate_reading, target_features, text_features
from analysis.lexicon import lexicon_words
from analysis.modelfile import KEY_WEIGHT, LanguageModel
from analysis.reading import UNMASKED, read
from analysis.sentiment import blend, probabilities
from analysis.training.corpus import Example, agreed

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


def fit_language(language: str, examples: Sequence[Example], report: Callable[[str], None]) -> LanguageModel:
    """A calibrated model of one language from its examples."""
    months = sorted({example.date[:7] for example in examples})
    fold_of = {month: i % FOLDS for i, month in enumerate(np.random.default_rng(0).permutation(months))}
    out_of_fold = []
    for fold in range(FOLDS):
        report(f"{language}: cross-validation {fold + 1} of {FOLDS}")
        model = fit_plain(language, [e for e in examples if fold_of[e.date[:7]] != fold])
        out_of_fold.append(_predict(model, [e for e in examples if fold_of[e.date[:7]] == fold]))
    report(f"{language}: fitting on {len(examples)} texts")
    final = fit_plain(language, examples)
    p_target, y_target, p_tone, y_tone = (np.concatenate(parts) for parts in zip(*out_of_fold, strict=True))
    return _with_scales(final, _calibration(p_target, y_target), _calibration(p_tone, y_tone))


NO_SCALE = np.array([1.0, 0.0, 0.0, 0.0], dtype=np.float32)


def _with_scales(model: LanguageModel, target: np.ndarray, tone: np.ndarray) -> LanguageModel:
    fields = {name: getattr(model, name) for name in LanguageModel.__dataclass_fields__}
    return LanguageModel(**fields | {"target_scale": target, "tone_scale": tone})


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
        target_scale=NO_SCALE,
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


def _predict(model: LanguageModel, examples: Sequence[Example]) -> tuple[np.ndarray, ...]:
    """Target probabilities and labels, overall ones and labels, of unseen examples; only labels readers agree on."""
    read_texts = [
        annotate_reading(read(e.text, model.language, e.mentions(), model.known), model.language, e.text)
        for e in examples
    ]
    labels = [{t: LABELS.index(y) for t, shares in e.targets().items() if (y := agreed(shares))} for e in examples]
    pairs = [(i, target) for i, found in enumerate(labels) for target in found]
    p_text, p_target = probabilities(model, read_texts, pairs)
    p_tone = blend(p_text, p_target, pairs)
    y_target = np.array([label for found in labels for label in found.values()])
    tones = [agreed(example.tones()) for example in examples]
    has_tone = [i for i, tone in enumerate(tones) if tone]
    y_tone = np.array([LABELS.index(tones[i]) for i in has_tone])
    return p_target, y_target, p_tone[has_tone], y_tone


def _calibration(p: np.ndarray, y: np.ndarray) -> np.ndarray:
    """A temperature and three offsets that make `p` likeliest to have produced `y`."""
    log_p = np.log(np.maximum(p, 1e-9))

    def loss(scale: np.ndarray) -> float:
        logits = scale[0] * log_p + scale[1:]
        return float(np.mean(np.logaddexp.reduce(logits, axis=1) - logits[np.arange(len(y)), y]))

    found = minimize(loss, NO_SCALE.astype(float), method="L-BFGS-B").x
    return found.round(SCALE_DIGITS).astype(np.float32)
