"""Contenders of the sentiment benchmark that give a text one score: VADER twice, and tools in their own environment."""

import json
import time
from collections.abc import Callable, Sequence
from importlib.resources import files
from typing import NamedTuple

import numpy as np

from analysis import vader
from benchmarks import peers

REQUIREMENTS = ("textblob==0.20.1", "afinn==0.1", "snownlp==0.12.3", "cnsenti==0.0.7")


class Tool(NamedTuple):
    """A contender in its own environment: `code` defines score(text); within ± `band` a score is neutral."""

    language: str
    band: float
    code: str


TOOLS = {
    "TextBlob": Tool("en", 0.05, "from textblob import TextBlob\nscore = lambda t: TextBlob(t).sentiment.polarity"),
    "AFINN": Tool("en", 0.0, "from afinn import Afinn\nscore = Afinn().score"),
    "SnowNLP": Tool("zh", 0.1, "from snownlp import SnowNLP\nscore = lambda t: SnowNLP(t).sentiments - 0.5"),
    "cnsenti": Tool(
        "zh",
        0.0,
        "from cnsenti import Sentiment\ncount = Sentiment().sentiment_count\n"
        "def score(t):\n    found = count(t)\n    return found['pos'] - found['neg']",
    ),
}
SCRIPT = """
import json, sys, time
texts = json.load(sys.stdin)
score(texts[0])
start = time.process_time()
scores = [float(score(text)) for text in texts]
print()
print(json.dumps({"scores": scores, "seconds": time.process_time() - start}))
"""
VADER_BAND = 0.05


class Answers(NamedTuple):
    """For each text a label (None where there is none) and a score, and the seconds of CPU it took."""

    labels: list[str | None]
    scores: np.ndarray
    seconds: float


def _of_scores(scores: Sequence[float], band: float, seconds: float) -> Answers:
    labels = ["positive" if s > band else "negative" if s < -band else "neutral" for s in scores]
    return Answers(labels, np.array(scores), seconds)


def tool(name: str, texts: Sequence[str]) -> Answers:
    """The scores of one of TOOLS, from a process in its environment."""
    chosen = TOOLS[name]
    found = peers.run("sentiment", REQUIREMENTS, chosen.code + "\n" + SCRIPT, stdin=json.dumps(list(texts)))
    return _of_scores(found["scores"], chosen.band, found["seconds"])


def nltk_scorer() -> Callable[[str], dict]:
    """nltk's function from a text to its four figures."""
    from nltk.sentiment.vader import SentimentIntensityAnalyzer, VaderConstants

    analyser = SentimentIntensityAnalyzer.__new__(SentimentIntensityAnalyzer)  # its own lexicon needs a download
    analyser.lexicon_file = (files("vaderSentiment") / "vader_lexicon.txt").read_text(encoding="utf-8").rstrip("\n")
    analyser.lexicon = analyser.make_lex_dict()
    analyser.constants = VaderConstants()
    return analyser.polarity_scores


def _scored(score: Callable[[str], dict], texts: Sequence[str]) -> Answers:
    start = time.process_time()
    scores = [score(text)["compound"] for text in texts]
    return _of_scores(scores, VADER_BAND, time.process_time() - start)


def nltk(texts: Sequence[str]) -> Answers:
    """VADER as nltk computes it."""
    return _scored(nltk_scorer(), texts)


def ours(texts: Sequence[str]) -> Answers:
    """VADER as Lianwatch computes it."""
    return _scored(vader.polarity_scores, texts)
