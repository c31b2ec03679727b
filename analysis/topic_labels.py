"""What a reader sees of a topic: a phrase for its name, and headlines that show it."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from analysis.text import fold

EXAMPLES = 3
LABEL_TEXTS = 300
"""A phrase is sought in this many of a topic's most typical texts."""


def examples(titles: Sequence[str], weights: np.ndarray, members: np.ndarray) -> list[str]:
    """The headlines most typical of a topic, no wording twice. `weights`: (n,) of the topic; `members`: its texts."""
    chosen: dict[str, str] = {}
    for index in _most_typical(weights, members):
        chosen.setdefault(fold(titles[index]), titles[index])
        if len(chosen) == EXAMPLES:
            break
    return list(chosen.values())


def labels(titles, tokens, weights: np.ndarray, assignments: np.ndarray, words: Sequence[Sequence[str]]) -> list[str]:
    """One phrase a topic: two words that stand side by side in its headlines and seldom in others'.

    titles: n headlines as published; tokens: n token lists; weights: (n, k); words: the top words of k topics.
    No label is given twice; a topic without a phrase is named by its first two words.
    """
    counts = [_phrases(titles, tokens, _most_typical(weights[:, t], np.flatnonzero(assignments == t)), top)
              for t, top in enumerate(words)]  # fmt: skip
    total = sum((Counter(count) for count in counts), Counter())
    taken: set[str] = set()
    named = []
    for count, top in zip(counts, words, strict=True):
        ranked = sorted(count, key=lambda pair: (-(count[pair] ** 2) / total[pair], pair))
        label = next((p for p in ranked if count[p] > 1 and p not in taken), " · ".join(top[:2]))
        taken.add(label)
        named.append(label or "(no words)")
    return named


def _most_typical(weights: np.ndarray, members: np.ndarray) -> np.ndarray:
    return members[np.argsort(-weights[members], kind="stable")]


def _phrases(titles, tokens, members: np.ndarray, top: Sequence[str]) -> Counter:
    """Phrases of two neighbouring words, at least one of them a top word, by the number of distinct headlines."""
    found: Counter = Counter()
    wanted = set(top)
    seen: set[str] = set()
    for index in members[:LABEL_TEXTS]:
        folded = fold(titles[index])
        if folded in seen:
            continue
        seen.add(folded)
        pairs = {pair for pair in zip(tokens[index], tokens[index][1:], strict=False) if wanted & set(pair)}
        for first, second in pairs:
            for joined in (f"{first} {second}", first + second):
                if joined in folded and first != second:
                    found[joined] += 1
                    break
    return found
