import json
from pathlib import Path

import pytest

from analysis import relevance
from analysis.annotate import document, matcher

LINES = [
    json.loads(line) for line in (Path(__file__).parent / "data" / "relevance.jsonl").read_text("utf-8").splitlines()
]


def judge(title, summary="", **known):
    return relevance.judge(matcher().scan(document("", title, summary, **known)))


@pytest.mark.parametrize("line", LINES, ids=lambda line: line["text"][:40])
def test_a_line_is_judged_as_a_reader_would(line):
    found = judge(line["text"])
    assert (found.verdict, found.scope) == (line["verdict"], line["scope"]), found.reason


def test_the_reason_names_the_rule_and_the_words():
    assert judge("Bitcoin falls in Hong Kong").reason == "R1 bitcoin + Hong Kong"


def test_a_company_that_left_needs_a_second_cue():
    assert judge("Huobi adds a coin").verdict == "peripheral"
    assert judge("Huobi adds a coin for mainland users").verdict == "yes"


def test_china_after_the_lead_makes_a_text_peripheral():
    summary = "Traders were calm. Volumes fell. Days earlier China had spoken."
    assert judge("Bitcoin is flat", summary).verdict == "peripheral"
    assert judge("Bitcoin is flat", "Traders looked to China. Volumes fell.").verdict == "yes"


def test_one_weak_term_is_enough_in_the_trade_press_only():
    assert judge("Chinese miners go offline").verdict == "no"
    assert judge("Chinese miners go offline", outlet_group="trade_en").verdict == "yes"


def test_an_outlet_of_china_needs_no_place():
    assert judge("Blockchain ride code opens in twelve cities").verdict == "no"
    assert judge("Blockchain ride code opens in twelve cities", outlet_group="state").verdict == "yes"
    assert judge("穩定幣支付登陸街市", outlet_group="hongkong").scope == "hongkong"


def test_an_outlet_of_china_that_writes_of_another_country_is_not_relevant():
    assert judge("Japan opens a blockchain ride code", outlet_group="state").verdict == "no"


def test_the_trade_press_needs_a_place_or_an_organ():
    assert judge("区块链专利申请量上升").verdict == "yes"
    assert judge("区块链专利申请量上升", outlet_group="trade_zh").verdict == "no"
    assert judge("警方通报区块链传销案", outlet_group="trade_zh").verdict == "yes"


def test_traditional_and_simplified_are_judged_alike():
    assert judge("內蒙古整治虛擬貨幣挖礦") == judge("内蒙古整治虚拟货币挖矿")


@pytest.mark.shared
def test_the_open_headlines_are_told_apart_at_the_floor(shared):
    path = shared / "data" / "sentiment" / "china_crypto_dev_en.jsonl"
    rows = [row for row in map(json.loads, path.open(encoding="utf-8")) if row["relevant"] is not None]
    pairs = [(judge(row["text"]).verdict == "yes", row["relevant"]) for row in rows]
    hits = sum(found and given for found, given in pairs)
    assert 2 * hits / sum(found + given for found, given in pairs) >= 0.97
