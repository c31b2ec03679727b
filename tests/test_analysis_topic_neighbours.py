import numpy as np

from analysis import topic_model
from analysis.topic_neighbours import NEIGHBOURS, mixing, nearest

ENGLISH = [f"bitcoin miners{i} power" for i in range(20)] + [f"court ruling{i} fraud" for i in range(20)]


def rows_of(texts):
    return topic_model.tfidf([text.split() for text in texts])


def test_a_text_takes_half_of_its_words_from_texts_like_it():
    texts = [*ENGLISH, "weather report", "weather report", "power"]
    matrix, vocabulary = rows_of(texts)
    column = list(vocabulary).index("bitcoin")
    mixed = mixing(matrix, texts, ["en"] * len(texts)) @ matrix
    assert matrix[42, column] == 0 < mixed[42, column]
    assert np.isclose(mixed[42, list(vocabulary).index("court")], 0)


def test_a_text_that_says_nothing_takes_no_words_from_others():
    texts = [*ENGLISH, "nothing"]
    matrix, _ = rows_of(texts)
    assert (mixing(matrix, texts, ["en"] * len(texts)) @ matrix)[40].sum() == 0


def test_chinese_headlines_without_a_word_in_common_meet_by_their_characters():
    stocks = [f"股市{a}涨{b}点收盘" for a in "大小微急" for b in "三五七"]
    sport = [f"球队{a}胜{b}球夺冠" for a in "大小险惨" for b in "三五七"]
    texts = stocks + sport
    matrix, _ = topic_model.tfidf([["stock" if text in stocks[:6] else f"w{i % 3}"] for i, text in enumerate(texts)])
    mixed = (mixing(matrix, texts, ["zh"] * len(texts)) @ matrix).toarray()
    only = matrix.toarray()[:6].any(axis=0) & ~matrix.toarray()[6:].any(axis=0)
    assert mixed[6:12][:, only].min() > 0 == mixed[12:][:, only].max()


def test_each_language_is_smoothed_by_itself_and_few_texts_stay_as_they_are():
    texts = [*ENGLISH, "miners power", *["power 判决", "court 判决"] * (NEIGHBOURS // 2)]
    matrix, _ = rows_of(texts + ["weather"] * NEIGHBOURS)
    mix = mixing(matrix, texts + ["weather"] * NEIGHBOURS, ["en"] * 41 + ["zh"] * NEIGHBOURS + ["en"] * NEIGHBOURS)
    mixed = mix @ matrix
    assert np.allclose(mixed[41:51].toarray(), matrix[41:51].toarray())
    assert not np.allclose(mixed[:41].toarray(), matrix[:41].toarray())


def test_the_same_texts_give_the_same_rows_whatever_the_seed(monkeypatch):
    matrix, _ = rows_of(ENGLISH)
    first = mixing(matrix, ENGLISH, ["en"] * 40) @ matrix
    monkeypatch.setattr("analysis.topic_neighbours.SVD_SEED", 7)
    assert np.allclose(first.toarray(), (mixing(matrix, ENGLISH, ["en"] * 40) @ matrix).toarray())


def test_the_nearest_are_those_that_sorting_finds_however_many_rows_there_are():
    for n in (3, 40, 203):
        vectors = np.random.default_rng(n).standard_normal((n, 5)).astype(np.float32)
        likeness = vectors @ vectors.T
        np.fill_diagonal(likeness, -np.inf)
        m = min(10, n - 1)
        assert (np.sort(nearest(vectors, 10)) == np.sort(np.argsort(likeness, axis=1)[:, n - m :])).all()
