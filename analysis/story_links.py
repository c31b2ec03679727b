"""Which articles are copies of one another: a pure function of two texts and their times.

Four kinds of link, all only between articles of different outlets (an outlet's own repeats are found on collection):
the same folded text; nearly the same text by MinHash (Broder 1997); a rewritten headline, by the cosine of its letter
groups; and, with the `semantic` extra, a relevant headline in the other language, by sentence vectors. Weights are
fixed, not counted on the collection, so that a link never depends on what else is stored.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from analysis import meaning
from analysis.story_marks import contradict
from analysis.text import fold, is_stop_word, normalise

HEADLINE_DAYS = 3.0
"""A rewritten headline follows within this time; later ones are about the next day's news."""

TEXT_DAYS = 14.0
"""The same or nearly the same text counts as a copy for this long."""

HEADLINE_LIKENESS = 0.73
"""Least cosine of two headlines of one story, the best on tests/data/story_pairs.jsonl."""

MEANING_LIKENESS = 0.6
"""Least cosine of sentence vectors of one headline in two languages: between the copies and others of those pairs."""

TEXT_LIKENESS = 0.8
"""Least Jaccard of the shingles of two nearly equal texts."""

MIN_SHINGLES = 12
"""Texts with fewer word pairs are compared as headlines only."""

MIN_GRAMS = 14
"""A headline with fewer letter groups ("Daily briefing"; a Han character counts 2) recurs and tells nothing."""

PERMUTATIONS = 64
BLOCK = 512
HASH_BITS = 20
SECONDS_A_DAY = 86400.0

_HAN_RUN = re.compile(r"[\u3400-\u9fff]+")
_WORD = re.compile(r"[a-z\u00c0-\u024f]+|\d+")


@dataclass(frozen=True, slots=True)
class Text:
    """What of an article decides about copies. `time` in seconds; only equally `relevant` ones are linked."""

    title: str
    summary: str
    outlet: str
    time: float
    language: str
    relevant: bool


def links(texts: Sequence[Text], new: np.ndarray) -> list[tuple[int, int]]:
    """Index pairs that are copies, at least one of each pair `new` ((n,) bool)."""
    order = np.argsort([text.time for text in texts], kind="stable")
    found = {*_same_text(texts), *_near_text(texts), *_like_headlines(texts, order)}
    if any(texts[index].relevant for index in np.flatnonzero(new)):
        found |= set(_across_languages(texts, [index for index in order if texts[index].relevant]))
    return sorted(pair for pair in found if (new[pair[0]] or new[pair[1]]) and _may_link(*pair, texts))


def _may_link(first: int, second: int, texts: Sequence[Text]) -> bool:
    a, b = texts[first], texts[second]
    return a.outlet != b.outlet and a.relevant == b.relevant


def _same_text(texts: Sequence[Text]) -> Iterator[tuple[int, int]]:
    by_text: dict[str, list[int]] = {}
    for index, text in enumerate(texts):
        if _telling_grams(text.title):
            by_text.setdefault(fold(normalise(f"{text.title}\n{text.summary}")), []).append(index)
    for members in by_text.values():
        yield from _chain(members, texts)


def _chain(members: list[int], texts: Sequence[Text]) -> Iterator[tuple[int, int]]:
    """Every pair of members within TEXT_DAYS: few, since equal texts are few."""
    members.sort(key=lambda index: texts[index].time)
    for position, first in enumerate(members):
        for second in members[position + 1 :]:
            if texts[second].time - texts[first].time > TEXT_DAYS * SECONDS_A_DAY:
                break
            yield _pair(first, second)


def _near_text(texts: Sequence[Text]) -> Iterator[tuple[int, int]]:
    from datasketch import MinHash, MinHashLSH

    shingled = {index: found for index, text in enumerate(texts) if len(found := shingles(text)) >= MIN_SHINGLES}
    if len(shingled) < 2:
        return
    index_of_hashes = MinHashLSH(threshold=TEXT_LIKENESS, num_perm=PERMUTATIONS)
    hashes = MinHash.bulk(list(shingled.values()), num_perm=PERMUTATIONS, seed=1)
    for index, hashed in zip(shingled, hashes, strict=True):
        for other in index_of_hashes.query(hashed):
            near = abs(texts[index].time - texts[other].time) <= TEXT_DAYS * SECONDS_A_DAY
            if near and _jaccard(shingled[index], shingled[other]) >= TEXT_LIKENESS:
                yield _pair(index, other)
        index_of_hashes.insert(index, hashed)


def _like_headlines(texts: Sequence[Text], order: np.ndarray) -> Iterator[tuple[int, int]]:
    matrix = headline_vectors([texts[index].title for index in order])
    times = np.array([texts[index].time for index in order])
    first_in_reach = np.searchsorted(times, times - HEADLINE_DAYS * SECONDS_A_DAY)
    for begin in range(0, len(order), BLOCK):
        end = min(begin + BLOCK, len(order))
        low = first_in_reach[begin]
        likeness = (matrix[begin:end] @ matrix[low:end].T).tocoo()
        rows, columns = likeness.row + begin, likeness.col + low
        keep = (likeness.data >= HEADLINE_LIKENESS) & (columns < rows) & (columns >= first_in_reach[rows])
        for row, column in zip(order[rows[keep]], order[columns[keep]], strict=True):
            if not contradict(texts[row].title, texts[column].title):
                yield _pair(int(row), int(column))


def _across_languages(texts: Sequence[Text], order: Sequence[int]) -> Iterator[tuple[int, int]]:
    if len({texts[index].language for index in order}) < 2:
        return
    vectors = meaning.encode([texts[index].title for index in order])
    if vectors is None:
        return
    times = np.array([texts[index].time for index in order])
    languages = np.array([texts[index].language for index in order])
    first_in_reach = np.searchsorted(times, times - HEADLINE_DAYS * SECONDS_A_DAY)
    for row, low in enumerate(first_in_reach):
        like = (vectors[low:row] @ vectors[row] >= MEANING_LIKENESS) & (languages[low:row] != languages[row])
        for column in low + np.flatnonzero(like):
            if not contradict(texts[order[row]].title, texts[order[column]].title):
                yield _pair(int(order[row]), int(order[column]))


def headline_vectors(titles: Sequence[str]):
    """Unit rows of `grams`, (n, 2 ** HASH_BITS) sparse; a headline that tells too little is a row of zeros."""
    from sklearn.feature_extraction.text import HashingVectorizer

    return HashingVectorizer(
        analyzer=_telling_grams, n_features=2**HASH_BITS, alternate_sign=False, binary=True, dtype=np.float32
    ).transform(titles)


def grams(title: str) -> set[str]:
    """Groups of four letters of each word that is no stop word, and single Han characters."""
    folded = fold(normalise(title))
    found = {character for run in _HAN_RUN.findall(folded) for character in run}
    for word in _WORD.findall(folded):
        if not is_stop_word(word):
            found |= _word_grams(word)
    return found


@cache
def _word_grams(word: str) -> frozenset[str]:
    padded = f" {word} "
    return frozenset(padded[start : start + 4] for start in range(max(1, len(padded) - 3)))


def shingles(text: Text) -> frozenset[bytes]:
    """Neighbouring words (Han: characters) of title and summary, as bytes for MinHash; empty without a summary."""
    if not text.summary:
        return frozenset()
    folded = fold(normalise(f"{text.title} {text.summary}"))
    words = re.findall(r"[\u3400-\u9fff]|[a-z0-9\u00c0-\u024f]+", folded)
    return frozenset(f"{a} {b}".encode() for a, b in zip(words, words[1:], strict=False))


def _telling_grams(title: str) -> set[str]:
    found = grams(title)
    return found if sum(2 if len(gram) == 1 else 1 for gram in found) >= MIN_GRAMS else set()


def _jaccard(a: frozenset, b: frozenset) -> float:
    return len(a & b) / len(a | b)


def _pair(a: int, b: int) -> tuple[int, int]:
    return (a, b) if a < b else (b, a)
