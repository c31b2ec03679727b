import csv
import json
import time
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.vader import lexicon, polarity_scores


@pytest.fixture(scope="module")
def nltk_scores():
    """nltk's analyser over the same lexicon; nltk would have to download its own copy of the file."""
    from nltk.sentiment.vader import SentimentIntensityAnalyzer, VaderConstants

    analyser = SentimentIntensityAnalyzer.__new__(SentimentIntensityAnalyzer)
    analyser.lexicon_file = (files("vaderSentiment") / "vader_lexicon.txt").read_text(encoding="utf-8").rstrip("\n")
    analyser.lexicon = analyser.make_lex_dict()
    analyser.constants = VaderConstants()
    return analyser.polarity_scores


RULE_WORDS = """never so this least at very but kind of sort just enough without isn't not NOT Kind BUT really VERY
barely less the bomb shit bad ass yeah right cut mustard kiss death hand to mouth great terrible ban crash good GOOD
hope risk kind! (good) "great" ...bad :D ;-) a I x? no""".split()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a b c",
        "China bans all cryptocurrency trading",
        "not the bomb but kind of great!!! really??",
        "NEVER so GOOD, never this bad, at least good, least good",
        "good good but good",
        "all caps ARE bad",
    ],
)
def test_known_turns_equal_nltk(text, nltk_scores):
    assert polarity_scores(text) == nltk_scores(text)


@given(st.lists(st.sampled_from(RULE_WORDS + list(lexicon())[:3000]), max_size=14).map(" ".join))
def test_any_row_of_rule_words_equals_nltk(nltk_scores, text):
    assert polarity_scores(text) == nltk_scores(text)


@given(st.text(max_size=80))
def test_any_text_at_all_equals_nltk(nltk_scores, text):
    assert polarity_scores(text) == nltk_scores(text)


@pytest.mark.shared
def test_recorded_headlines_equal_nltk(shared, nltk_scores):
    with (shared / "data/sentiment/crypto_news_en.csv").open(encoding="utf-8") as lines:
        texts = [row["text"] for row in csv.DictReader(lines)]
    with (shared / "data/sentiment/china_crypto_dev_en.jsonl").open(encoding="utf-8") as lines:
        texts += [json.loads(line)["text"] for line in lines]
    assert [polarity_scores(t) for t in texts] == [nltk_scores(t) for t in texts]


def test_it_takes_a_fifth_of_the_time_nltk_takes(nltk_scores):
    texts = [f"Bitcoin slides {n}% as Beijing warns of new risks for traders, but miners hope" for n in range(300)]

    def seconds(score):
        start = time.process_time()
        for text in texts:
            score(text)
        return time.process_time() - start

    assert min(seconds(polarity_scores) for _ in range(3)) * 5 < min(seconds(nltk_scores) for _ in range(3))
