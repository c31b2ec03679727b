"""Articles that were not part of a fit, each under the topic whose articles it is most like.

A fit reads a sample of a large collection (`analysis.topics`) and leaves what it takes to place an article: the words
of each topic's centre. `assign` places whatever relevant article has no topic, a page at a time, so that memory does
not grow with the collection and a killed run goes on where it was.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
import scipy.sparse as sp

from analysis import topic_model
from analysis.text import tokens
from analysis.topic_model import TopicModel
from ingest.pending import mark_days
from ingest.store import Store

RELEVANT = """
    articles a JOIN annotations n ON n.article_id = a.id LEFT JOIN article_topics t ON t.article_id = a.id
    WHERE n.relevance = 'yes' AND a.duplicate_of IS NULL
        AND a.outlet NOT IN
            (SELECT outlet FROM outlets WHERE sample AND EXISTS (SELECT 1 FROM outlets WHERE NOT sample))
"""
"""The articles that have topics, with the topic they have: sample data only where there is nothing else."""

WORDS_A_TOPIC = 300
"""Words kept of a topic's centre: what comes after them hardly decides."""

PAGE = 10_000
"""Articles read, placed and written at a time."""

LOOK = 20 * PAGE
"""Articles without a topic found at a look: each goes over all that is stored, so a look a page would be quadratic."""

COLUMNS = ("topic_id", "word", "weight", "idf")


def centre_words(matrix: sp.csr_matrix, model: TopicModel, ids: Sequence[int]) -> pd.DataFrame:
    """Rows of the table `topic_words`. `matrix`: the (n, V) rows as they were before smoothing."""
    centres = topic_model.centres(matrix, model.assignments, len(ids))
    idf = topic_model.inverse_frequencies(matrix)
    parts = []
    for id_, centre in zip(ids, centres, strict=True):
        top = np.argsort(-centre, kind="stable")[:WORDS_A_TOPIC]
        top = top[centre[top] > 0]
        parts.append(
            pd.DataFrame(
                {"topic_id": id_, "word": model.vocabulary[top], "weight": centre[top].astype(float), "idf": idf[top]}
            )
        )
    return pd.concat(parts, ignore_index=True)[list(COLUMNS)]


def assign(store: Store) -> int:
    """Give every relevant article without a topic one; returns how many. Without a fit nothing is done."""
    words = store.frame("SELECT topic_id, word, weight, idf FROM topic_words ORDER BY word, topic_id")
    if words.empty:
        return 0
    placed = 0
    for page in _without_topic(store):
        rows = _placed(page, words)
        with store.transaction() as tx:
            tx.upsert("article_topics", rows, key=["article_id"])
            mark_days(tx, page["published"])
        placed += len(rows)
    if placed:
        _recount(store)
    return placed


def _recount(store: Store) -> None:
    """Sizes of the newest run's topics, by the articles that have them now."""
    newest = "run_id = (SELECT max(run_id) FROM topic_runs)"
    count = "(SELECT count(*) FROM article_topics t WHERE t.topic_id = topics.topic_id)"
    with store.transaction() as tx:
        tx.execute(f"UPDATE topics SET size = {count} WHERE {newest}")


def _without_topic(store: Store) -> Iterator[pd.DataFrame]:
    last = ""
    while ids := [
        id_
        for (id_,) in store.rows(
            f"SELECT a.id FROM {RELEVANT} AND t.article_id IS NULL AND a.id > ? ORDER BY a.id LIMIT {LOOK}", [last]
        )
    ]:
        for begin in range(0, len(ids), PAGE):
            yield store.frame(
                """
                SELECT a.id, a.title, a.summary, n.language, a.published
                FROM articles a JOIN annotations n ON n.article_id = a.id
                WHERE a.id IN (SELECT unnest(?)) ORDER BY a.id
                """,
                [ids[begin : begin + PAGE]],
            )
        last = ids[-1]


def _placed(page: pd.DataFrame, words: pd.DataFrame) -> pd.DataFrame:
    """Rows of the table `article_topics`; an article without a known word goes to the topic of most words."""
    vocabulary, idf = np.unique(words["word"]), words.groupby("word")["idf"].first().to_numpy()
    topics, at = np.unique(words["topic_id"], return_inverse=True)
    centres = np.zeros((len(topics), len(vocabulary)))
    centres[at, np.searchsorted(vocabulary, words["word"])] = words["weight"]
    cut = [tokens(f"{row.title}\n{row.summary}", row.language) for row in page.itertuples()]
    likeness = topic_model.later_rows(cut, vocabulary.tolist(), idf) @ centres.T
    best, total = likeness.argmax(axis=1), likeness.sum(axis=1)
    best[total == 0] = int(np.bincount(at).argmax())
    shares = np.divide(likeness.max(axis=1), total, out=np.zeros(len(page)), where=total > 0)
    return pd.DataFrame({"article_id": page["id"], "topic_id": topics[best], "weight": shares})
