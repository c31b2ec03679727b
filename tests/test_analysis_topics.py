import io
import json
from datetime import UTC, datetime
from types import SimpleNamespace

import numpy as np
import pytest

from analysis import topic_model
from analysis.commands import topics_
from analysis.text import tokens
from analysis.topics import refit
from ingest.errors import UsageError
from ingest.store import open_store

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SUBJECTS = {
    "mining": ["bitcoin miners", "hash rate", "power grid", "mining farms", "Sichuan rigs"],
    "yuan": ["digital yuan", "wallet pilot", "red packets", "retail payments", "Suzhou shops"],
    "courts": ["court ruling", "virtual property", "fraud trial", "judges jail", "police seize"],
}


def headlines(subject, n, seed=0):
    random = np.random.default_rng(seed)
    return [" and ".join(random.choice(SUBJECTS[subject], 3, replace=False)) + f" story{i}" for i in range(n)]


def test_tokens_keep_words_of_both_languages_that_carry_a_subject():
    words = tokens("China's e-CNY pilot: the 5G firms say 2021 AT&T’s", "en")
    assert words == ["china", "e-cny", "pilot", "5g", "firms", "at&t"]
    assert tokens("區塊鏈應用在深圳啟動，Libra引關注", "zh") == ["区块链", "应用", "深圳", "启动", "libra"]


def test_texts_of_three_subjects_are_three_topics():
    texts = [tokens(text, "en") for subject in SUBJECTS for text in headlines(subject, 30)]
    model = topic_model.fit_topics(*topic_model.tfidf(texts), k=3)
    groups = [set(model.assignments[i : i + 30]) for i in (0, 30, 60)]
    assert [len(group) for group in groups] == [1, 1, 1]
    assert len(set.union(*groups)) == 3
    assert np.allclose(model.weights.sum(axis=1), 1)


def test_a_text_without_a_known_word_goes_to_the_largest_topic():
    texts = [tokens(text, "en") for subject in SUBJECTS for text in headlines(subject, 30)][:70] + [[]]
    model = topic_model.fit_topics(*topic_model.tfidf(texts), k=3)
    assert np.bincount(model.assignments[:-1]).max() == np.bincount(model.assignments[:-1])[model.assignments[-1]]
    assert model.weights[-1].sum() == 0


def ask(monkeypatch, capsys, text, k=3):
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    assert topics_.run(SimpleNamespace(k=k, top=5, seed=0, json=True)) == 0
    return json.loads(capsys.readouterr().out)


def test_the_command_assigns_every_line_in_order(monkeypatch, capsys):
    lines = [json.dumps({"text": t}) for t in headlines("mining", 20)] + headlines("yuan", 20) + headlines("courts", 20)
    answer = ask(monkeypatch, capsys, "\n".join(lines))
    assert len(answer["assignments"]) == 60
    assert [topic["size"] for topic in answer["topics"]] == [answer["assignments"].count(i) for i in range(3)]
    assert {"id", "label", "words", "size", "examples"} <= answer["topics"][0].keys()
    assert all(len(topic["words"]) <= 5 and len(topic["examples"]) == 3 for topic in answer["topics"])


@pytest.mark.parametrize("text", ["one line only", "的\n了\n", "same\nsame\nsame", "[1]\n{broken\n{}\n"])
def test_hardly_any_text_is_still_answered(monkeypatch, capsys, text):
    answer = ask(monkeypatch, capsys, text)
    assert len(answer["assignments"]) == len(text.strip().split("\n"))


def test_no_text_at_all_is_wrong_usage(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("\n \n"))
    with pytest.raises(UsageError, match="standard input"):
        topics_.run(SimpleNamespace(k=3, top=5, seed=0, json=True))


@pytest.fixture
def store(tmp_path):
    return open_store(str(tmp_path / "store.duckdb"))


def put(store, prefix, texts, relevance="yes"):
    common = {"url": None, "summary": "", "outlet": "Daily", "published": NOW, "published_quality": "exact"}
    common |= {"first_seen": NOW, "text_at": NOW, "title_key": 0, "duplicate_of": None, "content_hash": 1}
    ids = [f"{prefix}{i:03}" for i in range(len(texts))]
    said = {"content_hash": 1, "engine": "e", "language": "en", "relevance": relevance, "abstain": False}
    with store.transaction() as tx:
        tx.upsert("articles", [{**common, "id": i, "title": t} for i, t in zip(ids, texts, strict=True)], key=["id"])
        tx.upsert("annotations", [{**said, "article_id": i} for i in ids], key=["article_id"])


def test_a_refit_stores_a_run_its_topics_and_the_topic_of_each_relevant_article(store):
    for subject in SUBJECTS:
        put(store, subject, headlines(subject, 30))
    put(store, "other", headlines("mining", 5), relevance="no")
    assert refit(store, NOW, k=3) == {"run": 1, "n_texts": 90, "k": 3}
    assert store.rows("SELECT run_id, k, n_texts FROM topic_runs") == [(1, 3, 90)]
    assert store.rows("SELECT sum(size), count(*) FROM topics") == [(90, 3)]
    assert store.rows("SELECT count(*) FROM article_topics") == [(90,)]


def test_too_few_articles_have_no_topics(store):
    put(store, "a", headlines("mining", 10))
    assert refit(store, NOW)["run"] is None
