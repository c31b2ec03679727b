import numpy as np

from analysis import topic_model
from analysis.topic_neighbours import NEIGHBOURS, smooth

ENGLISH = [f"bitcoin miners{i} power" for i in range(20)] + [f"court ruling{i} fraud" for i in range(20)]


def rows_of(texts):
    return topic_model.tfidf([text.split() for text in texts])


def test_a_text_takes_half_of_its_words_from_texts_like_it():
    texts = [*ENGLISH, "power"]
    matrix, vocabulary = rows_of(texts)
    column = list(vocabulary).index("bitcoin")
    mixed = smooth(matrix, texts, ["en"] * len(texts))
    assert matrix[40, column] == 0 < mixed[40, column]
    assert np.isclose(mixed[40, list(vocabulary).index("court")], 0)


def test_chinese_headlines_without_a_word_in_common_meet_by_their_characters():
    stocks = [f"股市{a}涨{b}点收盘" for a in "大小微急" for b in "三五七"]
    sport = [f"球队{a}胜{b}球夺冠" for a in "大小险惨" for b in "三五七"]
    texts = stocks + sport
    matrix, _ = topic_model.tfidf([["stock" if text in stocks[:6] else f"w{i % 3}"] for i, text in enumerate(texts)])
    mixed = smooth(matrix, texts, ["zh"] * len(texts)).toarray()
    only = matrix.toarray()[:6].any(axis=0) & ~matrix.toarray()[6:].any(axis=0)
    assert mixed[6:12][:, only].min() > 0 == mixed[12:][:, only].max()


def test_each_language_is_smoothed_by_itself_and_few_texts_stay_as_they_are():
    texts = [*ENGLISH, "power", *["power 判决", "court 判决"] * (NEIGHBOURS // 2)]
    matrix, _ = rows_of(texts)
    mixed = smooth(matrix, texts, ["en"] * 41 + ["zh"] * NEIGHBOURS)
    assert np.allclose(mixed[41:].toarray(), matrix[41:].toarray())
    assert not np.allclose(mixed[:41].toarray(), matrix[:41].toarray())


def test_the_same_texts_give_the_same_rows_whatever_the_seed(monkeypatch):
    matrix, _ = rows_of(ENGLISH)
    first = smooth(matrix, ENGLISH, ["en"] * 40)
    monkeypatch.setattr("analysis.topic_neighbours.SVD_SEED", 7)
    assert np.allclose(first.toarray(), smooth(matrix, ENGLISH, ["en"] * 40).toarray())
