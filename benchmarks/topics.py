"""Topics beside LDA, plain NMF and BERTopic: coherence (gensim's c_npmi), diversity, NMI, stability, time and memory.

Texts lie beside the checkout (`LIANWATCH_SHARED`; without them nothing is measured). Each contender works in a process
of its own, two at a time, on the same tokens. Coherence, diversity and seconds are over all the numbers of topics
(`--topics`), on the texts themselves or, held out, fitted on one half of the crypto news and judged on the other. NMI
is with known classes; texts that BERTopic leaves without a topic (`unassigned` is their share) are one class of their
own in it. BERTopic gets the vectors of the universal sentence encoder, the only encoder that comes as a package: its
published figures are with MPNET. `jaccard`: matched top words of fits that begin from other random states, and of fits
on 90 % of the texts.
"""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from sklearn.metrics import normalized_mutual_info_score

from analysis import meaning, topic_model, topic_neighbours, topic_quality
from benchmarks import peers, topic_texts
from benchmarks.topic_contenders import PEERS, PINS, coherence, contend, ours

COLUMNS = ("what", "method", "npmi", "diversity", "nmi", "unassigned", "jaccard", "cpu_s", "mb")

MOST_TEXTS = {"scikit-learn LDA": 10_000, "gensim LDA": 10_000, "tomotopy LDA": 10_000, "BERTopic": 1_000}
"""Texts up to which a contender's time is taken: it takes minutes for more."""

KNOWN_TEXTS = 3_000
"""Labelled short texts on which all are compared, every so-manieth of the set; ours see all of them, too."""

AT_ONCE = 2
"""Contenders at work side by side, one a core of the smallest machine this is run on: each counts its own CPU time."""

STABLE_TOPICS = 20
SIZED_TOPICS = 20


def measure() -> list[dict]:
    if not topic_texts.TEXTS.is_dir():
        return [{"what": "no texts beside the checkout"}]
    peers.python("topics", *PINS)  # made here, not by two contenders at once
    numbers, sizes = (tuple(map(int, os.environ[f"LIANWATCH_BENCH_{of}"].split(","))) for of in ("TOPICS", "TEXTS"))
    bbc, news = topic_texts.bbc(), topic_texts.crypto_news()
    order = np.random.default_rng(0).permutation(len(news["texts"]))
    halves = (topic_texts.some(news, half) for half in np.array_split(order, 2))
    rows = _compare("BBC", bbc, bbc, numbers) + _compare("crypto news, held out", *halves, numbers)
    rows += _known_classes("Chinese titles, k=10", topic_texts.chinese_titles(), 10)
    rows += _known_classes("SearchSnippets, k=8", topic_texts.snippets(), 8)
    rows += _stability(bbc) + _sizes(sizes)
    return [{name: row.get(name) for name in COLUMNS} for row in rows]


def _compare(name: str, given: dict, judged_on: dict, numbers: tuple[int, ...]) -> list[dict]:
    found = _contend((*ours(), *PEERS), given, numbers)
    topics = [topic for answer in found.values() for some in answer["topics"] for topic in some]
    npmi = iter(coherence(topics, judged_on["tokens"]))
    name = f"{name}, k={'/'.join(map(str, numbers))}"
    rows = []
    for method, answer in found.items():
        means = [np.nanmean(np.array([next(npmi) for _ in some], dtype=float)) for some in answer["topics"]]
        rows.append(_row(name, method, answer) | {"npmi": float(np.mean(means))})
        rows[-1]["diversity"] = _diversity(answer["topics"])
    return rows


def _known_classes(name: str, given: dict, k: int) -> list[dict]:
    n = len(given["texts"])
    some = topic_texts.some(given, np.arange(0, n, max(1, n // KNOWN_TEXTS)))
    rows = []
    for texts, methods in ((some, (*ours(), *PEERS)), (given, (*ours(), "scikit-learn NMF"))):
        for method, found in _contend(methods, texts, (k,)).items():
            nmi = float(normalized_mutual_info_score(texts["classes"], found["own"]))
            rows.append(_row(f"{name}, {len(texts['texts']):,} texts", method, found) | {"nmi": nmi})
    return rows


def _contend(methods: Sequence[str], given: dict, numbers: tuple[int, ...]) -> dict[str, dict]:
    """What each method answers, the longest at work first."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        asked = {method: pool.submit(contend, method, given, numbers) for method in reversed(methods)}
        return {method: asked[method].result() for method in methods}


def _row(name: str, method: str, found: dict) -> dict:
    unassigned = float(np.mean(np.array(found["own"]) < 0))
    return {"what": name, "method": method, "unassigned": unassigned, "cpu_s": found["cpu"], "mb": found["mb"]}


def _diversity(found: list) -> float:
    return float(np.mean([len({w for t in topics for w in t}) / sum(map(len, topics)) for topics in found]))


def _stability(given: dict) -> list[dict]:
    languages = [given["language"]] * len(given["texts"])
    matrix, vocabulary = topic_model.tfidf(given["tokens"])
    meaning._encoder = lambda: None

    def fit() -> tuple:
        rows = topic_neighbours.mixed_rows(matrix, vocabulary, given["texts"], languages)
        return rows, topic_model.fit_topics(rows, STABLE_TOPICS)

    rows, model = fit()
    again = []
    for seed in (1, 2, 3):
        topic_model.SVD_SEED = topic_neighbours.SVD_SEED = seed
        again.append(topic_quality.matched_jaccard(model.words, fit()[1].words).mean())
    topic_model.SVD_SEED = topic_neighbours.SVD_SEED = 0
    means = {"other random states": np.mean(again), "90 % of the texts": topic_quality.stability(rows, model, 0).mean()}
    what = f"BBC, k={STABLE_TOPICS}: words that come back"
    return [{"what": what, "method": f"Lianwatch, {m}", "jaccard": float(v)} for m, v in means.items()]


def _sizes(sizes: tuple[int, ...]) -> list[dict]:
    rows = []
    for size in sizes:
        given = topic_texts.short_texts(size)
        methods = ("Lianwatch", *(peer for peer in PEERS if size <= MOST_TEXTS.get(peer, size)))
        for method, found in _contend(methods, given, (SIZED_TOPICS,)).items():
            rows.append(_row(f"{size:,} short texts, k={SIZED_TOPICS}", method, found))
    return rows
