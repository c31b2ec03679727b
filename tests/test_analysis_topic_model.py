import numpy as np
import pytest

from analysis import meaning, topic_model, topic_stream
from analysis.topic_model import Rows

MINING = [f"bitcoin miners hash{i % 7}" for i in range(40)]
YUAN = [f"digital yuan wallet{i % 7}" for i in range(40)]


@pytest.fixture(autouse=True)
def _words_only(monkeypatch):
    monkeypatch.setattr(meaning, "_encoder", lambda: None)


def rows_of(texts, meanings=None):
    matrix, vocabulary = topic_model.tfidf([text.split() for text in texts])
    return Rows(matrix, matrix, vocabulary, meanings)


def test_a_text_that_is_closed_to_a_topic_adds_no_word_to_it():
    rows = rows_of([*MINING, *YUAN])
    components = np.abs(np.random.default_rng(0).normal(size=(2, rows.own.shape[1])))
    closed = np.repeat([[False, True], [True, False]], 40, axis=0)
    first, second = topic_model.top_words(topic_model.reread(rows.own, components, closed), rows.vocabulary, 2)
    assert (set(first), set(second)) == ({"bitcoin", "miners"}, {"digital", "yuan"})


def test_texts_of_one_meaning_come_together_though_they_share_no_word():
    other_words = [f"crypto rigs{i % 7}" for i in range(10)]
    texts = [*MINING, *YUAN, *other_words]
    meanings = np.repeat(np.eye(2, dtype=np.float32), [40, 40], axis=0)
    meanings = np.vstack([meanings, np.repeat(meanings[:1], 10, axis=0)])
    found = topic_model.fit_topics(rows_of(texts, meanings), 2).assignments
    assert set(found[:40]) == set(found[-10:]) != set(found[40:80])


def test_many_texts_are_fitted_on_a_draw_and_each_goes_where_its_like_are(monkeypatch):
    monkeypatch.setattr(topic_stream, "DRAWN_TEXTS", 30)
    texts = [text for pair in zip(MINING, YUAN, strict=True) for text in pair] + ["nothing known"]
    found = topic_stream.fit(texts, [text.split() for text in texts], ["en"] * len(texts), 2)
    mining, yuan = set(found.model.assignments[:-1:2]), set(found.model.assignments[1:-1:2])
    assert (len(mining), len(yuan), len(mining | yuan)) == (1, 1, 2)
    assert found.drawn.own.shape[0] == 30
    assert len(found.model.assignments) == len(texts)
    assert {"bitcoin", "digital"} <= {words[0] for words in found.model.words} | {w[1] for w in found.model.words}


def test_a_draw_of_all_texts_is_the_fit_of_all():
    tokens = [text.split() for text in (*MINING, *YUAN)]
    found = topic_stream.fit([*MINING, *YUAN], tokens, ["en"] * 80, 2)
    assert np.array_equal(found.model.assignments, topic_model.fit_topics(found.drawn, 2).assignments)
