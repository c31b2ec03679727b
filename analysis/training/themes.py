"""Fit the theme models on the project's labelled text: `python -m analysis.training.themes`.

Deterministic: the same lines give the same arrays. One logistic regression a theme (scikit-learn, liblinear) on binary
n-grams of unit length and on cue features. The tenth that is set aside (`corpus.is_held_out`) is not learned from.
"""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from analysis import annotate, relevance, theme_model
from analysis.training.corpus import Example, is_held_out, read_corpus

INVERSE_REGULARISATION = 8.0
RAREST = 2
"""An n-gram of fewer lines than this is not learned from."""

MODELS = Path(__file__).parent.parent / "model"


def fit(examples: Sequence[Example], language: str) -> theme_model.ThemeModel:
    """The model of one language from its labelled texts."""
    features = [_features(example.text, language) for example in examples]
    counts = Counter(feature for grams, cues in features for feature in (*grams, *cues))
    vocabulary = {feature: at for at, feature in enumerate(sorted(f for f, n in counts.items() if n >= RAREST))}
    themes = tuple(sorted({theme for example in examples for theme in example.themes}))
    matrix = _matrix(features, vocabulary)
    weights, bias = [], []
    for theme in themes:
        labels = [theme in example.themes for example in examples]
        one = LogisticRegression(C=INVERSE_REGULARISATION, solver="liblinear", random_state=0).fit(matrix, labels)
        weights.append(one.coef_[0])
        bias.append(one.intercept_[0])
    return theme_model.ThemeModel(vocabulary, np.array(weights).T, np.array(bias), themes)


def _features(text: str, language: str) -> tuple[list[str], list[str]]:
    scan = annotate.matcher().scan(annotate.document("", text))
    verdict = relevance.judge(scan).verdict
    return theme_model.n_grams(scan.folded, language), theme_model.cue_features(scan.hits, verdict)


def _matrix(features: Sequence[tuple[list[str], list[str]]], vocabulary: dict[str, int]) -> csr_matrix:
    values, columns, starts = [], [], [0]
    for grams, cues in features:
        known = [vocabulary[gram] for gram in grams if gram in vocabulary]
        found = [vocabulary[cue] for cue in cues if cue in vocabulary]
        columns += known + found
        values += [max(len(known), 1) ** -0.5] * len(known) + [theme_model.CUE_WEIGHT] * len(found)
        starts.append(len(columns))
    return csr_matrix((values, columns, starts), shape=(len(features), len(vocabulary)))


def main() -> None:
    """Fit and write the models of both languages."""
    for language in annotate.LANGUAGES:
        examples = [example for example in read_corpus(language) if not is_held_out(example)]
        theme_model.save(fit(examples, language), MODELS / f"themes_{language}.npz")


if __name__ == "__main__":
    main()
