"""Nightly refits of a growing collection: do articles and words stay, and is a planted new subject found?

Crypto news beside the checkout in random order, three quarters at first and the rest over nine nights; with the third
night come 24 snippets about engines. `words` is the mean Jaccard of a topic's top ten with the night before's,
`planted` the largest share of them in one new topic that is mostly theirs, one and two nights after.
"""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import numpy as np

from analysis import meaning, topics
from analysis.topic_quality import jaccard_table
from benchmarks.topic_texts import TEXTS
from ingest.store import Store, open_store

NIGHTS = 9
PLANT_NIGHT = 3
PLANTED = 24
PLANTED_CLASS = "5"
"""Engines, in SearchSnippets."""

K = 20
START = datetime(2026, 1, 1, tzinfo=UTC)


def measure() -> list[dict]:
    if not TEXTS.is_dir():
        return [{"what": "no texts beside the checkout"}]
    words_only = patch.object(meaning, "_encoder", lambda: None)  # quick, and the same with and without the extra
    with words_only, TemporaryDirectory() as folder:
        return [_nights(open_store(str(Path(folder) / "store.duckdb")))]


def _nights(store: Store) -> dict:
    old, late = _texts()
    _put(store, "a", old, START)
    topics.refit(store, START, k=K)
    kept, words, found = [], [], {}
    for night, some in enumerate(np.array_split(np.array(late, dtype=object), NIGHTS), 1):
        now = START + timedelta(days=night)
        before, top = _state(store)
        _put(store, f"n{night}_", [tuple(text) for text in some], now)
        if night == PLANT_NIGHT:
            _put(store, "planted", _snippets(), now)
        topics.refit(store, now)
        after, top_now = _state(store)
        kept.append(np.mean([after.get(id_) == topic for id_, topic in before.items()]))
        both = sorted(set(top) & set(top_now))
        words.append(float(jaccard_table([top[i] for i in both], [top_now[i] for i in both]).diagonal().mean()))
        if PLANT_NIGHT <= night <= PLANT_NIGHT + 1:
            found[night - PLANT_NIGHT + 1] = _planted_share(after, set(top_now) - set(range(K)))
    return {
        "what": f"crypto news, {len(old) + len(late):,} articles, {NIGHTS} nights, k={K}", "kept": float(np.mean(kept)),
        "kept_worst": float(min(kept)), "words": float(np.mean(words)), "words_worst": min(words),
        "planted_1": found[1], "planted_2": found[2], "topics": len(top_now),
    }  # fmt: skip


def _texts() -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    news = [json.loads(line) for line in (TEXTS / "topics/crypto_news.jsonl").open(encoding="utf-8")]
    order = np.random.default_rng(0).permutation(len(news))
    texts = [(news[i]["title"], news[i]["summary"]) for i in order]
    return texts[: len(texts) * 3 // 4], texts[len(texts) * 3 // 4 :]


def _snippets() -> list[tuple[str, str]]:
    texts = (TEXTS / "topics/SearchSnippets.txt").read_text(encoding="utf-8").splitlines()
    classes = (TEXTS / "topics/SearchSnippets_label.txt").read_text(encoding="utf-8").split()
    return [(text, "") for text, label in zip(texts, classes, strict=True) if label == PLANTED_CLASS][:PLANTED]


def _state(store: Store) -> tuple[dict[str, int], dict[int, list[str]]]:
    """Topic of each article, top words of each topic."""
    newest = "SELECT topic_id, words FROM topics WHERE run_id = (SELECT max(run_id) FROM topic_runs)"
    top = {topic: json.loads(words) for topic, words in store.rows(newest)}
    return dict(store.rows("SELECT article_id, topic_id FROM article_topics")), top


def _planted_share(topic_of: dict[str, int], fresh: set[int]) -> float:
    planted = [topic for id_, topic in topic_of.items() if id_.startswith("planted")]
    everywhere = list(topic_of.values())
    mostly = [planted.count(topic) for topic in fresh if planted.count(topic) > everywhere.count(topic) / 2]
    return max(mostly, default=0) / PLANTED


def _put(store: Store, prefix: str, texts: list[tuple[str, str]], now: datetime) -> None:
    ids = [f"{prefix}{number:05}" for number in range(len(texts))]
    common = {"url": None, "outlet": "Daily", "published": now, "published_quality": "exact", "first_seen": now}
    common |= {"text_at": now, "title_key": 0, "duplicate_of": None, "content_hash": 1}
    said = {"content_hash": 1, "engine": "e", "language": "en", "relevance": "yes", "abstain": False}
    rows = [{**common, "id": i, "title": title, "summary": more} for i, (title, more) in zip(ids, texts, strict=True)]
    with store.transaction() as tx:
        tx.upsert("articles", rows, key=["id"])
        tx.upsert("annotations", [{**said, "article_id": id_} for id_ in ids], key=["article_id"])
