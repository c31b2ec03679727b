"""Topics of the stored articles: fitted on those that are relevant, each topic under an id that lasts.

`refit` is one run: it reads the relevant articles, fits (analysis.topic_model), names the topics
(analysis.topic_labels) and writes topic_runs, topics and article_topics.
"""

import json
from datetime import datetime

import numpy as np

from analysis import topic_labels, topic_model
from analysis.text import tokens
from ingest.store import Store

MIN_TEXTS = 20
"""Below this many relevant articles no topics are fitted: they would be single headlines."""

DEFAULT_K = 12


def refit(store: Store, now: datetime, k: int | None = None, seed: int = 0) -> dict:
    """Fit the topics of the relevant articles and store the run. Returns what was done, for the command to print."""
    articles = store.frame(
        """
        SELECT a.id, a.title, a.summary, n.language FROM articles a JOIN annotations n ON n.article_id = a.id
        WHERE n.relevance = 'yes' AND a.duplicate_of IS NULL ORDER BY a.id
        """
    )
    if len(articles) < MIN_TEXTS:
        return {"run": None, "n_texts": len(articles), "k": 0}
    texts = [tokens(f"{r.title}\n{r.summary}", r.language) for r in articles.itertuples()]
    model = topic_model.fit_topics(*topic_model.tfidf(texts), k or DEFAULT_K, seed)
    run_id = store.rows("SELECT coalesce(max(run_id), 0) + 1 FROM topic_runs")[0][0]
    names = topic_labels.labels(list(articles.title), texts, model.weights, model.assignments, model.words)
    rows = [
        {
            "run_id": run_id,
            "topic_id": topic,
            "label": names[topic],
            "words": json.dumps(words, ensure_ascii=False),
            "examples": json.dumps(_examples(articles.title, model, topic), ensure_ascii=False),
            "size": int((model.assignments == topic).sum()),
            "stability": None,
            "coherence": None,
            "first_run": run_id,
        }
        for topic, words in enumerate(model.words)
    ]
    run = {
        "run_id": run_id,
        "fitted_at": now,
        "n_texts": len(articles),
        "k": len(rows),
        "seed": seed,
        "stability": None,
        "details": "{}",
    }
    shares = model.weights[np.arange(len(articles)), model.assignments]
    with store.transaction() as tx:
        tx.insert_new("topic_runs", [run], key=["run_id"])
        tx.upsert("topics", rows, key=["run_id", "topic_id"])
        tx.execute("DELETE FROM article_topics")
        tx.upsert(
            "article_topics",
            articles[["id"]].rename(columns={"id": "article_id"}).assign(topic_id=model.assignments, weight=shares),
            key=["article_id"],
        )
        tx.stamp()
    return {"run": run_id, "n_texts": len(articles), "k": len(rows)}


def _examples(titles, model: topic_model.TopicModel, topic: int) -> list[str]:
    members = np.flatnonzero(model.assignments == topic)
    return topic_labels.examples(list(titles), model.weights[:, topic], members)
