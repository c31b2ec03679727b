import json

import numpy as np
import pytest

from analysis.encoder import LONGEST, read_encoder, write_encoder
from analysis.modelfile import shipped_encoder, shipped_model
from analysis.reading import read
from analysis.sentiment import load_engine
from analysis.targets import find_targets
from analysis.wordpiece import shown, split
from ingest.errors import ConfigError

TEXTS = {
    "en": [
        "Bitcoin slides",
        "China bans bitcoin mining in Sichuan while Xi praises blockchain",
        "",
        "Court rules that a stolen wallet of bitcoin must be returned, and the exchange that lost it says it will pay",
    ],
    "zh": ["央行推出数字人民币", "比特币暴跌，矿工离场，监管部门提示风险", "", "区块链助力供应链金融，ETF获批"],
}
BASES = {
    "en": ("sentence-transformers/all-MiniLM-L6-v2", "Apache-2.0"),
    "zh": ("intfloat/multilingual-e5-small", "MIT"),
}
TURNED = {
    "en": ("Police praise thieves of coins", "Thieves of coins praise police"),
    "zh": ("警察表扬小偷", "小偷表扬警察"),
}
REFERENCE = [
    ("央行推出数字人民币试点", ["_", "推出", "数字", "人民币", "试点"]),
    ("资产充足，公司股价大涨5%", ["资产", "充足", ",", "公司", "股价", "大", "涨", "▁PCT"]),
    ("ETF获批", ["▁et", "f", "获", "批"]),
]
"""As `tokenizers` 0.23 cuts them with the same pieces and log probabilities."""

both = pytest.mark.parametrize("language", TEXTS)


def judged(language, texts):
    """Probabilities of each text and each of its targets."""
    readable = load_engine().models[language].readable
    readings = [read(text, language, find_targets(text, language), readable) for text in texts]
    pairs = [(at, target) for at, reading in enumerate(readings) for target in reading.at]
    tones, targets = shipped_encoder(language).probabilities(readings, pairs)
    return [(tones[at].tolist(), targets[[row == at for row, _ in pairs]].tolist()) for at in range(len(texts))]


@both
def test_the_company_of_a_text_does_not_change_its_last_digit(language):
    texts = TEXTS[language]
    alone = [judged(language, [text])[0] for text in texts]
    assert judged(language, texts) == alone
    assert judged(language, texts[::-1] * 5) == alone[::-1] * 5


@both
def test_probabilities_sum_to_one(language):
    for tone, targets in judged(language, TEXTS[language]):
        assert np.allclose([sum(p) for p in [tone, *targets]], 1, atol=1e-5)


@both
def test_the_order_of_words_counts(language):
    (one, _), (other, _) = judged(language, TURNED[language])
    assert one != other


@both
def test_its_card_names_what_it_was_made_from(language):
    card = json.loads((shipped_model() / f"encoder_{language}.json").read_text(encoding="utf-8"))
    assert (card["base"], card["licence"]) == BASES[language]


def test_the_shipped_model_is_smaller_than_twenty_megabytes():
    assert sum(file.stat().st_size for file in shipped_model().iterdir()) < 20_000_000


@pytest.mark.parametrize(("text", "pieces"), REFERENCE)
def test_chinese_is_cut_as_the_reference_cuts_it(text, pieces):
    encoder = shipped_encoder("zh")
    names = list(encoder.vocabulary)
    ids, _ = encoder.pieces(read(text, "zh", [], None))
    assert [names[i] for i in ids] == ["[CLS]", *pieces, "[SEP]"]


def test_a_target_named_after_the_longest_text_that_is_read_is_judged_by_the_whole():
    ((tone, targets),) = judged("en", ["word " * LONGEST + "bitcoin"])
    assert len(targets) == 1
    assert sum(targets[0]) == pytest.approx(sum(tone), abs=1e-5)


def test_a_word_is_split_into_its_longest_pieces():
    vocabulary = {piece: at for at, piece in enumerate(["[UNK]", "de", "del", "##is", "##ist", "##ed", "-"])}
    assert split("delisted", vocabulary) == [2, 4, 5]
    assert split("delx", vocabulary) == [0]
    assert split("—", vocabulary) == [6]


def test_a_word_nobody_knows_is_read_as_a_name_is():
    one, other = judged("en", ["Quuxcorp tests blockchain for shipping", "Zzyqinc tests blockchain for shipping"])
    assert one == other


def test_a_mention_is_shown_by_the_mark_of_its_target():
    text = "Beijing bans bitcoin mining and praises blockchain"
    marks = [word for word in shown(read(text, "en", find_targets(text, "en"), None)) if word.startswith("ENT")]
    assert marks == ["ENT mining", "ENT blockchain"]


def test_what_is_written_is_read_again_within_a_byte_s_step(tmp_path):
    encoder = shipped_encoder("en")
    pieces = list(encoder.vocabulary)
    arrays = {name: array for name, array in encoder.arrays.items() if not name.endswith(".scale")}
    scale = encoder.arrays["words.scale"][..., None]
    arrays["words"] = (arrays["words"].reshape(*scale.shape[:2], -1) * scale).reshape(len(pieces), -1)
    write_encoder(tmp_path, "en", pieces, arrays, 127, {"layers": encoder.layers})
    again = read_encoder(tmp_path, "en")
    assert again.vocabulary == encoder.vocabulary
    for name, array in encoder.arrays.items():
        assert np.allclose(again.arrays[name], array, atol=np.abs(array).max() / 100)


def test_a_damaged_encoder_is_refused(tmp_path):
    for name in ("encoder_en.json", "encoder_en.npz"):
        (tmp_path / name).write_bytes((shipped_model() / name).read_bytes())
    (tmp_path / "encoder_en.npz").write_bytes(b"PK")
    with pytest.raises(ConfigError, match="seal"):
        read_encoder(tmp_path, "en")


def test_a_language_without_an_encoder_has_none(tmp_path):
    assert read_encoder(tmp_path, "zh") is None
