"""The classifier behind the themes: word or character n-grams and the cues found, one logistic model a theme.

A cue alone names the right main theme of a real headline about half the time; most headlines hold cues of several
themes or of none. The model weighs cues against the rest of the words. It is arrays of numbers (`model/themes_*.npz`),
fitted on the project's own labelled text by `analysis.training.themes`.
"""

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import NamedTuple

import numpy as np

from analysis.matcher import Hit

CUE_WEIGHT = 0.6
"""Value of a cue feature; the n-grams of a text together have length 1."""

MOST_CUES = 3
"""More cues of one theme than this say no more than this many."""

DECIMALS = 4
"""Decimals of a probability: what lies below depends on how many texts are read at once."""

_NUMBER = re.compile(r"\d[\d,.]*")
_ENGLISH = re.compile(r"[a-z_][a-z_'&.]*[a-z_]|[a-z]|0%?|[$€£]")
_CHINESE = re.compile(r"[a-z_.]+|0%?|[\u4e00-\u9fff]")
_AS_SPACE = str.maketrans("-’", " '")


class ThemeModel(NamedTuple):
    """`weights` is (features, themes), `bias` (themes,); `themes` names the columns."""

    vocabulary: dict[str, int]
    weights: np.ndarray
    bias: np.ndarray
    themes: tuple[str, ...]

    def probabilities(self, texts: Sequence[tuple[Sequence[str], Sequence[str]]]) -> np.ndarray:
        """P(theme), (texts, themes), each theme for itself, from the n-grams and the cue features of each text.

        Features the model does not know are left out. One gather and one segmented sum serve the whole batch.
        """
        rows, values, starts = [], [], []
        for grams, cues in texts:
            starts.append(len(rows))
            known = [at for at in map(self.vocabulary.get, grams) if at is not None]
            found = [at for at in map(self.vocabulary.get, cues) if at is not None]
            rows += known
            rows += found
            values += [max(len(known), 1) ** -0.5] * len(known)
            values += [CUE_WEIGHT] * len(found)
            if not known and not found:
                rows.append(0)
                values.append(0.0)
        weighted = self.weights[rows] * np.array(values, np.float32)[:, None]
        logits = np.add.reduceat(weighted, starts).astype(np.float64) + self.bias
        return (1 / (1 + np.exp(-logits))).round(DECIMALS)


def n_grams(folded: str, language: str) -> list[str]:
    """Words and pairs of words of a folded English text; one to three characters in a row of a Chinese one."""
    folded = _NUMBER.sub("0", folded)
    if language == "zh":
        units = _CHINESE.findall(folded)
        runs = [units, zip(units, units[1:], strict=False), zip(units, units[1:], units[2:], strict=False)]
        grams = [*runs[0], *map(" ".join, runs[1]), *map(" ".join, runs[2])]
    else:
        words = _ENGLISH.findall(folded.translate(_AS_SPACE).replace("'s ", " "))
        grams = [*words, *map(" ".join, zip(words, words[1:], strict=False))]
    return list(dict.fromkeys(grams))


def cue_features(hits: Sequence[Hit], verdict: str) -> list[str]:
    """Which themes have a telling cue, how many places hold any cue of each, and the verdict on relevance."""
    telling = dict.fromkeys(f"#{hit.value}" for hit in hits if hit.kind == "theme")
    places = Counter(theme for theme, _ in {(hit.value, hit.start) for hit in hits if hit.kind in ("theme", "hint")})
    counts = [f"~{theme}{n}" for theme, found in places.items() for n in range(1, min(found, MOST_CUES) + 1)]
    return [*telling, *counts, f"@{verdict}"]


@cache
def load(language: str) -> ThemeModel:
    """The shipped model for `zh`, or the English one for anything else."""
    name = f"themes_{'zh' if language == 'zh' else 'en'}.npz"
    with resources.as_file(resources.files("analysis") / "model" / name) as path, np.load(path) as arrays:
        vocabulary = arrays["vocabulary"].tobytes().decode("utf-8").split("\n")
        themes = arrays["themes"].tobytes().decode("utf-8").split("\n")
        weights, bias = arrays["weights"].astype(np.float32), arrays["bias"].astype(np.float32)
    return ThemeModel({feature: at for at, feature in enumerate(vocabulary)}, weights, bias, tuple(themes))


def save(model: ThemeModel, path) -> None:
    """Write plain arrays: text as UTF-8 bytes, weights in half precision."""
    np.savez_compressed(
        path,
        vocabulary=np.frombuffer("\n".join(model.vocabulary).encode(), np.uint8),
        themes=np.frombuffer("\n".join(model.themes).encode(), np.uint8),
        weights=model.weights.astype(np.float16),
        bias=model.bias.astype(np.float32),
    )
