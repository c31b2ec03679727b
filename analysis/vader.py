"""VADER exactly as nltk computes it, by doing less work: the transparent baseline beside our own score.

Method: Hutto & Gilbert, "VADER: A Parsimonious Rule-based Model for Sentiment Analysis of Social Media Text" (ICWSM
2014), as implemented in `nltk.sentiment.vader`, whose four figures are reproduced bit for bit. What is saved:
each distinct token is understood once, a text without a lexicon word is answered at once, and the rules are
applied only where a lexicon word stands. nltk itself is not imported (it takes seconds); it is the tests' reference.
"""

import math
import re
import string
from functools import cache
from importlib.resources import files
from typing import NamedTuple

BOOST = 0.293
"""How much a degree adverb adds; the same, negative, for a dampener."""
CAPS = 0.733
"""How much capitals add in a text that is not all capitals."""
NEGATED = -0.74
"""What a negation multiplies by."""
ALPHA = 15
"""Normalises the sum to (-1, 1): s / sqrt(s² + ALPHA)."""
FADING = (1.0, 0.95, 0.9)
"""Weight of a degree adverb one, two and three words before."""

_NEGATIONS = frozenset(
    """aint arent cannot cant couldnt darent didnt doesnt ain't aren't can't couldn't daren't didn't doesn't dont hadnt
    hasnt havent isnt mightnt mustnt neither don't hadn't hasn't haven't isn't mightn't mustn't neednt needn't never
    none nope nor not nothing nowhere oughtnt shant shouldnt uhuh wasnt werent oughtn't shan't shouldn't uh-uh wasn't
    weren't without wont wouldnt won't wouldn't rarely seldom despite""".split()
)
_BOOSTERS = frozenset(
    """absolutely amazingly awfully completely considerably decidedly deeply effing enormously entirely especially
    exceptionally extremely fabulously flipping flippin fricking frickin frigging friggin fully fucking greatly hella
    highly hugely incredibly intensely majorly more most particularly purely quite really remarkably so substantially
    thoroughly totally tremendously uber unbelievably unusually utterly very""".split()
)
_DAMPENERS = frozenset(
    """almost barely hardly kinda kindof kind-of less little marginally occasionally partly scarcely slightly somewhat
    sorta sortof sort-of""".split()
)
_DAMPENING_PAIRS = frozenset({"just enough", "kind of", "sort of"})
_IDIOMS = {
    "the shit": 3,
    "the bomb": 3,
    "bad ass": 1.5,
    "yeah right": -2,
    "cut the mustard": 2,
    "kiss of death": -1.5,
    "hand to mouth": -2,
}
_PHRASE_WORDS = frozenset(word for phrase in (*_IDIOMS, *_DAMPENING_PAIRS) for word in phrase.split())
_EDGES = [".", "!", "?", ",", ";", ":", "-", "'", '"', "!!", "!!!", "??", "???", "?!?", "!?!", "?!?!", "!?!?"]
_PUNCTUATION = re.compile(f"[{re.escape(string.punctuation)}]")
MEMO_LIMIT = 200_000
"""Distinct tokens remembered before starting anew: bounds the memory of a long run at about 60 MB."""


class _Word(NamedTuple):
    """What the rules need to know of a token; `valence` is None unless the token can carry sentiment."""

    text: str
    lower: str
    upper: bool
    valence: float | None
    in_lexicon: bool
    boost: float
    negates: bool


class _Memo(dict):
    """Token → _Word, or None for a token that counts for nothing; filled as tokens are met."""

    def __missing__(self, token: str) -> _Word | None:
        if len(self) >= MEMO_LIMIT:
            self.clear()
        word = self[token] = _understand(token)
        return word


def polarity_scores(text: str) -> dict[str, float]:
    """`{"neg", "neu", "pos", "compound"}` of a text, equal to nltk's `SentimentIntensityAnalyzer().polarity_scores`."""
    words = list(filter(None, map(_memo().__getitem__, text.split())))
    hits = [i for i, word in enumerate(words) if word[3] is not None]
    if not hits:
        return {"neg": 0.0, "neu": 1.0 if words else 0.0, "pos": 0.0, "compound": 0.0}
    return _summarise(_valences(words, hits), len(words), text)


def compound(text: str) -> float:
    """VADER's overall figure in [-1, 1]."""
    return polarity_scores(text)["compound"]


@cache
def lexicon() -> dict[str, float]:
    """Token → mean human rating in [-4, 4], from the file the vaderSentiment package carries."""
    text = (files("vaderSentiment") / "vader_lexicon.txt").read_text(encoding="utf-8")
    entries = (line.strip().split("\t")[:2] for line in text.rstrip("\n").split("\n"))
    return {word: float(measure) for word, measure in entries}


@cache
def _memo() -> _Memo:
    return _Memo()


def _understand(token: str) -> _Word | None:
    if len(token) < 2:
        return None
    text = _bare(token)
    lower = text.lower()
    boost = BOOST if lower in _BOOSTERS else -BOOST if lower in _DAMPENERS else 0.0
    valence = None if boost else lexicon().get(lower)
    return _Word(
        text, lower, text.isupper(), valence, lower in lexicon(), boost, lower in _NEGATIONS or "n't" in lower
    )


def _bare(token: str) -> str:
    """The token without one run of punctuation at one end; untouched when more than that would have to go."""
    bare = _PUNCTUATION.sub("", token)
    at_one_end = token[: -len(bare)] in _EDGES and token.endswith(bare) if bare else False
    at_other_end = token[len(bare) :] in _EDGES and token.startswith(bare)
    return bare if len(bare) > 1 and (at_one_end or at_other_end) else token


def _valences(words: list[_Word], hits: list[int]) -> list[float]:
    """One valence a hit, in order. A repeated word takes that of its first place, as in nltk."""
    first: dict[str, int] = {}
    for i, word in enumerate(words):
        first.setdefault(word.text, i)
    capitals = sum(word.upper for word in words)
    shouts = 0 < capitals < len(words)
    known: dict[int, float] = {}
    valences = []
    for hit in hits:
        i = first[words[hit].text]
        if i not in known:
            known[i] = _valence(words, i, shouts)
        valences.append(known[i])
    but = next((i for i, word in enumerate(words) if word.lower == "but"), None)
    if but is None:
        return valences
    return [v * 0.5 if i < but else v * 1.5 if i > but else v for i, v in zip(hits, valences, strict=True)]


def _valence(words: list[_Word], i: int, shouts: bool) -> float:
    word = words[i]
    if word.lower == "kind" and i + 1 < len(words) and words[i + 1].lower == "of":
        return 0.0
    valence = word.valence
    if word.upper and shouts:
        valence += CAPS if valence > 0 else -CAPS
    for distance in range(min(i, 3)):
        before = words[i - distance - 1]
        if before.in_lexicon:
            continue
        if before.boost:
            valence += _boost(before, valence, shouts) * FADING[distance]
        valence = _negate(words, i, distance, valence)
        if distance == 2:
            valence = _phrases(words, i, valence)
    return _least(words, i, valence)


def _boost(adverb: _Word, valence: float, shouts: bool) -> float:
    boost = -adverb.boost if valence < 0 else adverb.boost
    if adverb.upper and shouts:
        boost += CAPS if valence > 0 else -CAPS
    return boost


def _negate(words: list[_Word], i: int, distance: int, valence: float) -> float:
    before = words[i - distance - 1]
    if distance == 1 and before.text == "never" and words[i - 1].text in ("so", "this"):
        return valence * 1.5
    if distance == 2:
        never_so = before.text == "never" and words[i - 2].text in ("so", "this")
        if never_so or words[i - 1].text in ("so", "this"):
            return valence * 1.25
    return valence * NEGATED if before.negates else valence


def _phrases(words: list[_Word], i: int, valence: float) -> float:
    """Idioms replace the valence; a dampening pair before the word weakens it."""
    around = [word.text for word in words[i - 3 : i + 3]]
    if _PHRASE_WORDS.isdisjoint(around):
        return valence
    three, two, one, zero, *after = around
    for phrase in (f"{one} {zero}", f"{two} {one} {zero}", f"{two} {one}", f"{three} {two} {one}", f"{three} {two}"):
        if phrase in _IDIOMS:
            valence = _IDIOMS[phrase]
            break
    for phrase in (" ".join([zero, *after[:1]]), " ".join([zero, *after[:2]])):
        valence = _IDIOMS.get(phrase, valence)
    if not _DAMPENING_PAIRS.isdisjoint((f"{three} {two}", f"{two} {one}")):
        valence -= BOOST
    return valence


def _least(words: list[_Word], i: int, valence: float) -> float:
    if i == 0 or words[i - 1].lower != "least" or words[i - 1].in_lexicon:
        return valence
    if i > 1 and words[i - 2].lower in ("at", "very"):
        return valence
    return valence * NEGATED


def _summarise(valences: list[float], n_words: int, text: str) -> dict[str, float]:
    total = float(sum(valences))
    emphasis = min(text.count("!"), 4) * 0.292 + _question_emphasis(text.count("?"))
    if total > 0:
        total += emphasis
    elif total < 0:
        total -= emphasis
    # One is added a word, to weigh it like the neutral ones, which count as one each.
    positive = sum([v + 1 for v in valences if v > 0], 0.0)
    negative = sum([v - 1 for v in valences if v < 0], 0.0)
    neutral = n_words - sum(1 for v in valences if v != 0)
    if positive > -negative:
        positive += emphasis
    elif positive < -negative:
        negative -= emphasis
    whole = positive - negative + neutral
    return {
        "neg": round(abs(negative / whole), 3),
        "neu": round(neutral / whole, 3),
        "pos": round(positive / whole, 3),
        "compound": round(total / math.sqrt(total * total + ALPHA), 4),
    }


def _question_emphasis(marks: int) -> float:
    if marks < 2:
        return 0
    return marks * 0.18 if marks <= 3 else 0.96
