import json

import pytest

from analysis.modelfile import shipped_encoder, shipped_model
from analysis.reading import read
from analysis.sentiment import load_engine
from analysis.targets import find_targets

TEXTS = ["央行推出数字人民币", "比特币暴跌，矿工离场，监管部门提示风险", "", "区块链助力供应链金融，ETF获批"]


@pytest.fixture(scope="module")
def encoder():
    return shipped_encoder("zh")


def judged(encoder, texts):
    """Probabilities of each text and each of its targets."""
    readings = [read(text, "zh", find_targets(text, "zh"), load_engine().models["zh"].readable) for text in texts]
    pairs = [(at, target) for at, reading in enumerate(readings) for target in reading.at]
    tones, targets = encoder.probabilities(readings, pairs)
    return [(tones[at].tolist(), targets[[row == at for row, _ in pairs]].tolist()) for at in range(len(texts))]


def test_the_company_of_a_text_does_not_change_its_last_digit(encoder):
    alone = [judged(encoder, [text])[0] for text in TEXTS]
    assert judged(encoder, TEXTS) == alone
    assert judged(encoder, TEXTS[::-1] * 5) == alone[::-1] * 5


def test_the_order_of_characters_counts(encoder):
    (one, _), (other, _) = judged(encoder, ["警察表扬小偷", "小偷表扬警察"])
    assert one != other


REFERENCE = [
    ("央行推出数字人民币试点", ["_", "推出", "数字", "人民币", "试点"]),
    ("资产充足，公司股价大涨5%", ["资产", "充足", ",", "公司", "股价", "大", "涨", "▁PCT"]),
    ("ETF获批", ["▁et", "f", "获", "批"]),
]
"""As `tokenizers` 0.23 cuts them with the same pieces and log probabilities."""


@pytest.mark.parametrize(("text", "pieces"), REFERENCE)
def test_text_is_cut_as_the_reference_cuts_it(encoder, text, pieces):
    names = list(encoder.vocabulary)
    ids, _ = encoder.pieces(read(text, "zh", [], None))
    assert [names[i] for i in ids] == ["[CLS]", *pieces, "[SEP]"]


def test_its_card_names_what_it_was_made_from():
    card = json.loads((shipped_model() / "encoder_zh.json").read_text(encoding="utf-8"))
    assert (card["base"], card["licence"]) == ("intfloat/multilingual-e5-small", "MIT")
