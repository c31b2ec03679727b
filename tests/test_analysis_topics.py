import io
import json
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import numpy as np
import pytest

from analysis import meaning, topic_assignment, topic_model, topic_quality, topics
from analysis.commands import topics_
from analysis.text import tokens
from analysis.topics import refit, update
from ingest.errors import UsageError
from ingest.store import open_store

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SUBJECTS = {
    "mining": ["bitcoin miners", "hash rate", "power grid", "mining farms", "Sichuan rigs"],
    "yuan": ["digital yuan", "wallet pilot", "red packets", "retail payments", "Suzhou shops"],
    "courts": ["court ruling", "virtual property", "fraud trial", "judges jail", "police seize"],
}


@pytest.fixture(autouse=True)
def _words_only(monkeypatch):
    """The same topics with and without the semantic extra."""
    monkeypatch.setattr(meaning, "_encoder", lambda: None)


def headlines(subject, n, seed=0):
    random = np.random.default_rng(seed)
    return [" and ".join(random.choice(SUBJECTS[subject], 3, replace=False)) + f" story{i}" for i in range(n)]


def fit(texts, k):
    matrix, vocabulary = topic_model.tfidf(texts)
    return topic_model.fit_topics(topic_model.Rows(matrix, matrix, vocabulary), k)


def test_tokens_keep_words_of_both_languages_that_carry_a_subject():
    words = tokens("China's e-CNY pilot: the 5G firms say 2021 AT&T’s", "en")
    assert words == ["china", "e-cny", "pilot", "5g", "firms", "at&t"]
    assert tokens("區塊鏈應用在深圳啟動，Libra引關注", "zh") == ["区块链", "应用", "深圳", "启动", "libra"]


def test_texts_of_three_subjects_are_three_topics():
    texts = [tokens(text, "en") for subject in SUBJECTS for text in headlines(subject, 30)]
    model = fit(texts, 3)
    groups = [set(model.assignments[i : i + 30]) for i in (0, 30, 60)]
    assert [len(group) for group in groups] == [1, 1, 1]
    assert len(set.union(*groups)) == 3
    assert np.allclose(model.weights.sum(axis=1), 1)


def test_a_text_without_a_known_word_goes_to_the_largest_topic():
    texts = [tokens(text, "en") for subject in SUBJECTS for text in headlines(subject, 30)][:70] + [[]]
    model = fit(texts, 3)
    assert np.bincount(model.assignments[:-1]).max() == np.bincount(model.assignments[:-1])[model.assignments[-1]]
    assert model.weights[-1].sum() == 0


def ask(monkeypatch, capsys, text, k=3):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode("utf-8", "surrogateescape"))))
    assert topics_.run(SimpleNamespace(k=k, top=5, seed=0, json=True)) == 0
    return json.loads(capsys.readouterr().out)


def test_the_command_assigns_every_line_in_order(monkeypatch, capsys):
    lines = [json.dumps({"text": t}) for t in headlines("mining", 20)] + headlines("yuan", 20) + headlines("courts", 20)
    answer = ask(monkeypatch, capsys, "\n".join(lines))
    assert len(answer["assignments"]) == 60
    assert [topic["size"] for topic in answer["topics"]] == [answer["assignments"].count(i) for i in range(3)]
    assert {"id", "label", "words", "size", "examples"} <= answer["topics"][0].keys()
    assert all(len(topic["words"]) <= 5 and len(topic["examples"]) == 3 for topic in answer["topics"])


@pytest.mark.parametrize(
    "text", ["one line only", "的\n了\n", "same\nsame\nsame", "[1]\n{broken\n{}\n", "\udcff\udcfe\nb"]
)
def test_hardly_any_text_is_still_answered(monkeypatch, capsys, text):
    answer = ask(monkeypatch, capsys, text)
    assert len(answer["assignments"]) == len(text.strip().split("\n"))


def test_no_text_at_all_is_wrong_usage(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"\n \n")))
    with pytest.raises(UsageError, match="standard input"):
        topics_.run(SimpleNamespace(k=3, top=5, seed=0, json=True))


@pytest.fixture
def store(tmp_path):
    return open_store(str(tmp_path / "store.duckdb"))


def put(store, prefix, texts, relevance="yes", first_seen=NOW):
    common = {"url": None, "summary": "", "outlet": "Daily", "published": NOW, "published_quality": "exact"}
    common |= {"first_seen": first_seen, "text_at": NOW, "title_key": 0, "duplicate_of": None, "content_hash": 1}
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


def topic_of(store, prefix):
    rows = store.rows("SELECT topic_id FROM article_topics WHERE article_id LIKE ?", [prefix + "%"])
    found = {topic for (topic,) in rows}
    return found.pop() if len(found) == 1 else found


def test_a_topic_keeps_its_id_and_a_new_subject_gets_a_new_one(store):
    for subject in SUBJECTS:
        put(store, subject, headlines(subject, 30))
    refit(store, NOW, k=3)
    before = {subject: topic_of(store, subject) for subject in SUBJECTS}
    later = NOW + timedelta(days=1)
    put(store, "mining_later", headlines("mining", 10, seed=1), first_seen=later)
    put(store, "island", [f"Jeju island kimchi festival {i} volcano hiking" for i in range(12)], first_seen=later)
    refit(store, later)
    assert {subject: topic_of(store, subject) for subject in SUBJECTS} == before
    assert topic_of(store, "mining_later") == before["mining"]
    assert topic_of(store, "island") == 3
    details = json.loads(store.rows("SELECT details FROM topic_runs WHERE run_id = 2")[0][0])
    assert (details["fit"], details["new"], details["ended"]) == ("warm", [3], [])
    assert store.rows("SELECT first_run FROM topics WHERE run_id = 2 ORDER BY topic_id") == [(1,), (1,), (1,), (2,)]


def test_the_same_run_twice_gives_the_same_topics(store):
    for subject in SUBJECTS:
        put(store, subject, headlines(subject, 30))
    refit(store, NOW, k=3)
    first = store.rows("SELECT article_id, topic_id FROM article_topics ORDER BY 1")
    refit(store, NOW + timedelta(days=8))
    assert store.rows("SELECT article_id, topic_id FROM article_topics ORDER BY 1") == first
    assert "shadow_error" in store.rows("SELECT details FROM topic_runs WHERE run_id = 2")[0][0]


def test_another_number_of_topics_keeps_the_ids_of_those_that_go_on(store):
    for subject in SUBJECTS:
        put(store, subject, headlines(subject, 30))
    refit(store, NOW, k=3)
    refit(store, NOW, k=2)
    ids = {id_ for (id_,) in store.rows("SELECT topic_id FROM topics WHERE run_id = 2")}
    details = json.loads(store.rows("SELECT details FROM topic_runs WHERE run_id = 2")[0][0])
    assert len(ids & {0, 1, 2}) >= 1
    assert details["k"] == "chosen by the reader"
    assert set(details["ended"]) == {0, 1, 2} - ids


def test_the_number_of_topics_is_chosen_by_stability_and_says_so(store):
    for subject in SUBJECTS:
        put(store, subject, headlines(subject, 40))
    refit(store, NOW)
    k, stability, details = store.rows("SELECT k, stability, details FROM topic_runs")[0]
    assert json.loads(details)["k"].startswith(f"{k}: the most topics whose stability")
    assert 0 <= stability <= 1


@pytest.fixture
def small_fits(monkeypatch):
    """A collection is large from 50 articles on, of which the newest 30 and 15 others are read."""
    monkeypatch.setattr(topics, "FIT_TEXTS", 50)
    monkeypatch.setattr(topics, "NEWEST_TEXTS", 30)
    monkeypatch.setattr(topics, "PAST_TEXTS", 15)
    monkeypatch.setattr(topics, "TEXTS_KEPT", 8)


def mixed(n, seed=0):
    """Articles of all subjects in turn, with the subject of each."""
    subjects = [list(SUBJECTS)[i % 3] for i in range(n)]
    return [headlines(subject, 1, seed + i)[0] for i, subject in enumerate(subjects)], subjects


def test_a_large_collection_is_fitted_on_a_sample_and_every_article_has_a_topic(store, small_fits):
    texts, subjects = mixed(90)
    put(store, "a", texts)
    assert refit(store, NOW, k=3)["n_texts"] < 50
    topic = dict(store.rows("SELECT article_id, topic_id FROM article_topics"))
    of_subject = {subject: {topic[f"a{i:03}"] for i in range(90) if subjects[i] == subject} for subject in SUBJECTS}
    assert [len(found) for found in of_subject.values()] == [1, 1, 1]
    assert store.rows("SELECT sum(size) FROM topics") == [(90,)]


def test_between_fits_of_a_large_collection_new_articles_are_only_placed(store, small_fits, monkeypatch):
    put(store, "a", mixed(300)[0])
    refit(store, NOW, k=3)
    before = dict(store.rows("SELECT article_id, topic_id FROM article_topics"))
    put(store, "b", mixed(2, seed=500)[0], first_seen=NOW + timedelta(hours=1))
    assert update(store, NOW + timedelta(hours=1))["run"] == 1
    after = dict(store.rows("SELECT article_id, topic_id FROM article_topics"))
    assert (after["b000"], after["b001"]) == (before["a000"], before["a001"])
    assert {id_: after[id_] for id_ in before} == before
    assert update(store, NOW + timedelta(days=2))["run"] == 2, "a day later they are part of a fit"


def test_a_large_collection_that_grew_is_fitted_again_and_small_topics_stay(store, small_fits):
    put(store, "a", mixed(120)[0])
    refit(store, NOW, k=3)
    before = dict(store.rows("SELECT article_id, topic_id FROM article_topics"))
    put(store, "b", headlines("yuan", 30, seed=9), first_seen=NOW + timedelta(hours=1))
    assert update(store, NOW + timedelta(hours=1))["run"] == 2
    after = dict(store.rows("SELECT article_id, topic_id FROM article_topics"))
    assert {id_: after[id_] for id_ in before} == before
    assert len(after) == 150


def test_a_run_that_was_killed_before_all_were_placed_goes_on(store, small_fits, monkeypatch):
    put(store, "a", mixed(90)[0])
    with monkeypatch.context() as patch:
        patch.setattr(topic_assignment, "_placed", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            refit(store, NOW, k=3)
    assert store.rows("SELECT count(*) FROM article_topics")[0][0] < 90
    assert update(store, NOW + timedelta(minutes=1))["run"] == 1, "the same fit, not another one that differs"
    assert store.rows("SELECT count(*) FROM article_topics") == [(90,)]


def test_nothing_new_is_not_fitted_again_but_the_weekly_shadow_fit_waits_for_no_new_article(store):
    put(store, "a", mixed(60)[0])
    update(store, NOW)
    put(store, "b", mixed(3, seed=99)[0], first_seen=NOW + timedelta(days=1))
    assert update(store, NOW + timedelta(days=1))["run"] == 2
    assert update(store, NOW + timedelta(days=2))["run"] == 2
    assert update(store, NOW + timedelta(days=8))["run"] == 3
    assert update(store, NOW + timedelta(days=16))["run"] == 3, "nothing came since the last one"


def test_coherence_is_the_mean_npmi_of_word_pairs():
    matrix, vocabulary = topic_model.tfidf([["a", "b"], ["a", "b"], ["c"], ["c"]])
    assert topic_quality.coherence(matrix, vocabulary, [["a", "b"], ["a", "c"], ["a"]]) == [1.0, -1.0, None]


def test_topics_are_matched_one_to_one_whatever_their_order():
    assert topic_quality.matched_jaccard([("a", "b"), ("c", "d")], [("c", "d"), ("a", "x")]).tolist() == [1 / 3, 1.0]
