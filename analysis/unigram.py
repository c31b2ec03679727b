"""Chinese in the pieces of a unigram vocabulary: of all ways to cut a run of characters, the likeliest (Kudo 2018).

A run of Chinese characters is cut as a whole, so a piece may be a word; anything else is cut word by word, a Latin word
behind the mark that begins one in the vocabulary (SentencePiece's). What no piece covers is the unknown piece.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

BEGINS = "▁"
"""Begins a piece that begins a Latin word."""
UNKNOWN = "[UNK]"
LONGEST = 16
"""Characters of the longest piece that is looked for."""
UNLIKELY = -30.0
"""Log probability of a character that no piece covers: less than that of any piece."""
PLAIN = str.maketrans("，；：？！（）。“”—–…", ',;:?!().""--.')
"""Marks as the vocabulary has them."""


def split(words: Sequence[str], vocabulary: Mapping[str, int], chances: Sequence[float]) -> tuple[list[int], list[int]]:
    """Ids of the pieces that make up `words`, and for each word which of them holds its first character.

    `chances` are the pieces' log probabilities by id.
    """
    ids: list[int] = []
    begins: list[int] = []
    for run, starts in _runs(words):
        piece_of: list[int] = []
        for piece in cut(run, vocabulary, chances):
            piece_of += [len(ids)] * len(piece)
            ids.append(vocabulary.get(piece, vocabulary[UNKNOWN]))
        begins += [piece_of[start] for start in starts]
    return ids, begins


def _runs(words: Sequence[str]) -> Iterator[tuple[str, range]]:
    """What is cut by itself, and where in it words begin."""
    for chinese, group in groupby(words, lambda word: "\u3400" <= word[0] <= "\u9fff"):
        if chinese:
            run = "".join(group)
            yield run, range(len(run))
            continue
        for word in group:
            yield BEGINS + word if word.isalpha() else word.translate(PLAIN), range(1)


def cut(run: str, vocabulary: Mapping[str, int], chances: Sequence[float]) -> list[str]:
    """The likeliest pieces of `run`, in order."""
    best = [0.0, *[float("-inf")] * len(run)]
    back = [0] * len(best)
    for start in range(len(run)):
        for end in range(start + 1, min(start + LONGEST, len(run)) + 1):
            at = vocabulary.get(run[start:end])
            if at is None and end > start + 1:
                continue
            chance = best[start] + (UNLIKELY if at is None else chances[at])
            if chance > best[end]:
                best[end], back[end] = chance, start
    pieces, end = [], len(run)
    while end:
        pieces.append(run[back[end] : end])
        end = back[end]
    return pieces[::-1]
