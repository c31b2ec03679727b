"""Sentiment beside VADER, TextBlob, AFINN, SnowNLP, cnsenti and a TF-IDF logistic regression, on every open set.

Macro-F1; Pearson's r for `valence`; accuracy for `targets` and `tone`. "Transfer": no label of the set was used.
"3-fold": fitted on two thirds of the set's texts, measured on the others. Sets: crypto news, news headlines with a
valence, entity headlines (all; `conflicting`: texts whose labels differ), Chinese internet and stock news (two classes,
by the score's sign), real headlines on China (the label of each given target, an unfound one counting as wrong; overall
tone), and our own lines set aside. A tool without targets gives each the tone of the text. Speed: texts a second of
CPU. `equal`: share of all texts to which our VADER gives nltk's four figures to the last digit.
"""

import csv
import gzip
import json
import os
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score
from sklearn.pipeline import make_pipeline

from analysis import vader
from analysis.document import LABELS
from analysis.labelled import Labelled, answers, read_labelled, set_aside
from analysis.modelfile import shipped_model
from analysis.reading import SPAN
from analysis.sentiment import Engine, read_engine
from analysis.training.corpus import EXTRA_WEIGHT, Example, Labels, agreed, is_held_out, read_corpus
from analysis.training.fit import fit_language
from benchmarks import scorers
from benchmarks.scorers import TOOLS, Answers

SHARED = Path(os.environ.get("LIANWATCH_SHARED") or Path(__file__).parents[2] / "shared") / "data"
FILES = {
    "crypto": "crypto_news_en.csv",
    "valence": "news_headlines_en.csv",
    "entity": "entity_headlines_en.csv",
    "net zh": "internet_news_zh.csv",
    "stock zh": "stock_news_zh.csv",
    "targets": "china_crypto_dev_en.jsonl",
}
SPEED = {"crypto": "texts/s en", "net zh": "texts/s zh"}
COLUMNS = (*FILES, "conflicting", "tone", "aside en", "aside zh", *SPEED.values(), "equal")
IN_SET = ("crypto", "entity")
"""Sets with an aim for fitting on the set's own labels."""
FOLDS = 3

Contender = Callable[[Sequence[Labelled]], Answers]


def measure() -> list[dict]:
    sets = _sets()
    engine = read_engine(shipped_model())
    in_set = {name: sets[name] for name in IN_SET if name in sets}
    rows = [
        _row("Lianwatch, transfer", sets, lambda items: _timed(lambda: answers(engine, items))),
        _row("TF-IDF regression on our lines, transfer", sets, _tfidf_transfer()),
        _row("VADER (nltk)", sets, lambda items: scorers.nltk(_texts(items)), "en"),
        _row("VADER (Lianwatch)", sets, lambda items: scorers.ours(_texts(items)), "en"),
        *(_row(name, sets, partial(_tool, name), tool.language) for name, tool in TOOLS.items()),
        _row("Lianwatch and the set's labels, 3-fold", in_set, lambda items: _folds(items, _fitted)),
        _row("TF-IDF regression on the set, 3-fold", in_set, lambda items: _folds(items, _tfidf)),
    ]
    rows[3]["equal"] = _equal(sets)
    return rows


def _sets() -> dict[str, list[Labelled]]:
    aside = [item for item in set_aside() if item.kind == "text"]
    sets = {f"aside {x}": [item for item in aside if item.language == x] for x in ("en", "zh")}
    for name, file in FILES.items():
        if (SHARED / "sentiment" / file).is_file():
            items = read_labelled(SHARED / "sentiment" / file)
            kind = {"entity": "span", "targets": "target"}.get(name, "text")
            sets[name] = [item for item in items if item.kind == kind]
            if name == "targets":
                sets["tone"] = [item for item in items if item.kind == "text"]
    return sets


def _row(name: str, sets: dict[str, list[Labelled]], contender: Contender, language: str | None = None) -> dict:
    row = {"contender": name, **dict.fromkeys(COLUMNS)}
    for key, items in sets.items():
        if language in (None, items[0].language):
            found = contender(items)
            row[key] = _figure(key, items, found)
            if key == "entity":
                row["conflicting"] = _conflicting(items, found)
            if key in SPEED and found.seconds:
                row[SPEED[key]] = round(len(items) / found.seconds)
    return row


def _texts(items: Sequence[Labelled]) -> list[str]:
    return [item.text for item in items]


def _tool(name: str, items: Sequence[Labelled]) -> Answers:
    return scorers.tool(name, _texts(items))


def _figure(key: str, items: Sequence[Labelled], found: Answers) -> float:
    given = [item.label for item in items]
    if key == "valence":
        return round(float(np.corrcoef([item.valence for item in items], found.scores)[0, 1]), 3)
    if key in ("targets", "tone"):
        return round(accuracy_score(given, [label or "none" for label in found.labels]), 3)
    guessed = found.labels
    if "neutral" not in given:
        # A tool without an opinion (0) is given the commoner class of such sets.
        guessed = ["positive" if score >= 0 else "negative" for score in found.scores]
    return round(f1_score(given, guessed, labels=sorted(set(given)), average="macro"), 3)


def _conflicting(items: Sequence[Labelled], found: Answers) -> float:
    labels = defaultdict(set)
    for item in items:
        labels[item.text].add(item.label)
    at = [i for i, item in enumerate(items) if len(labels[item.text]) > 1]
    return _figure("conflicting", [items[i] for i in at], Answers([found.labels[i] for i in at], found.scores[at], 0))


def _timed(work: Callable[[], np.ndarray]) -> Answers:
    start = time.process_time()
    p = work()
    return _of_probabilities(p, time.process_time() - start)


def _of_probabilities(p: np.ndarray, seconds: float = 0.0) -> Answers:
    labels = [None if np.isnan(row[0]) else LABELS[int(row.argmax())] for row in p]
    return Answers(labels, p[:, 2] - p[:, 0], seconds)


def _equal(sets: dict[str, list[Labelled]]) -> float:
    """Over the texts of the sets, their raw files and the recorded headlines, where they are present."""
    texts = {item.text for items in sets.values() for item in items}
    for path in (SHARED / "sentiment").glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as lines:
            texts |= {row["text"] for row in csv.DictReader(lines)}
    if (SHARED / "headlines.jsonl.gz").is_file():
        with gzip.open(SHARED / "headlines.jsonl.gz", "rt", encoding="utf-8") as lines:
            texts |= {json.loads(line).get("title") or "" for line in lines}
    score = scorers.nltk_scorer()
    return sum(vader.polarity_scores(text) == score(text) for text in texts) / len(texts)


def _masked(item: Labelled) -> str:
    """The text as n-grams of a target need it: with a word of its own where the target stands."""
    if item.kind != "span":
        return item.text
    start, end = item.about
    return f"{item.text[:start]} targetword {item.text[end:]}"


def _tfidf(train: Sequence[Labelled], items: Sequence[Labelled]) -> np.ndarray:
    words = {"analyzer": "char", "ngram_range": (1, 3)} if train[0].language == "zh" else {"ngram_range": (1, 2)}
    model = make_pipeline(
        TfidfVectorizer(sublinear_tf=True, min_df=2, **words), LogisticRegression(C=3, class_weight="balanced")
    )
    model.fit([_masked(item) for item in train], [item.label for item in train])
    p = np.zeros((len(items), len(LABELS)))
    p[:, [LABELS.index(label) for label in model.classes_]] = model.predict_proba([_masked(i) for i in items])
    return p


def _tfidf_transfer() -> Contender:
    own = {language: _own_lines(language) for language in ("en", "zh")}
    return lambda items: _of_probabilities(_tfidf(own[items[0].language], items))


def _own_lines(language: str) -> list[Labelled]:
    examples = [example for example in read_corpus(language) if not is_held_out(example)]
    return [Labelled(e.text, language, tone) for e in examples if (tone := agreed(e.tones()))]


def _folds(items: Sequence[Labelled], fit: Callable[[list, Sequence], np.ndarray]) -> Answers:
    """Each third answered by what is fitted on the others; all labels of a text are in one third."""
    texts = {text: i for i, text in enumerate(dict.fromkeys(item.text for item in items))}
    fold_of_text = np.random.default_rng(0).permutation(len(texts)) % FOLDS
    fold = np.array([fold_of_text[texts[item.text]] for item in items])
    p = np.full((len(items), len(LABELS)), np.nan)
    for k in range(FOLDS):
        train = [item for item, f in zip(items, fold, strict=True) if f != k]
        p[fold == k] = fit(train, [item for item, f in zip(items, fold, strict=True) if f == k])
    return _of_probabilities(p)


def _fitted(train: list[Labelled], items: Sequence[Labelled]) -> np.ndarray:
    """The engine fitted on our own lines and the set's, as a newsroom would with `train --extra`."""
    language = train[0].language
    own = [example for example in read_corpus(language) if not is_held_out(example)]
    extra = [_example(item, f"set:{at}") for at, item in enumerate(train)]
    return answers(Engine("", {language: fit_language(language, [*own, *extra], lambda line: None)}), items)


def _example(item: Labelled, id_: str) -> Example:
    if item.kind == "text":
        labels = Labels(item.label, {})
    else:
        start, end = item.about
        labels = Labels(None, {SPAN + item.text[start:end]: item.label})
    return Example(id_, item.text, item.language, "", (labels,), weight=EXTRA_WEIGHT)
