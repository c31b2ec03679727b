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

TEXTS = [
    "Bitcoin slides",
    "China bans bitcoin mining in Sichuan while Xi praises blockchain",
    "",
    "Court rules that a stolen wallet of bitcoin must be given back, and the exchange that lost it says it will pay",
]


@pytest.fixture(scope="module")
def encoder():
    return shipped_encoder("en")


def judged(encoder, texts):
    """Probabilities of each text and each of its targets."""
    readings = [read(text, "en", find_targets(text, "en"), load_engine().models["en"].readable) for text in texts]
    pairs = [(at, target) for at, reading in enumerate(readings) for target in reading.at]
    tones, targets = encoder.probabilities(readings, pairs)
    return [(tones[at].tolist(), targets[[row == at for row, _ in pairs]].tolist()) for at in range(len(texts))]


def test_the_company_of_a_text_does_not_change_its_last_digit(encoder):
    alone = [judged(encoder, [text])[0] for text in TEXTS]
    assert judged(encoder, TEXTS) == alone
    assert judged(encoder, TEXTS[::-1] * 5) == alone[::-1] * 5


def test_probabilities_sum_to_one(encoder):
    for tone, targets in judged(encoder, TEXTS):
        assert np.allclose([sum(p) for p in [tone, *targets]], 1, atol=1e-5)


def test_the_order_of_words_counts(encoder):
    (one, _), (other, _) = judged(encoder, ["Police praise thieves of coins", "Thieves of coins praise police"])
    assert one != other


def test_a_target_named_after_the_longest_text_that_is_read_is_judged_by_the_whole(encoder):
    ((tone, targets),) = judged(encoder, ["word " * LONGEST + "bitcoin"])
    assert len(targets) == 1
    assert sum(targets[0]) == pytest.approx(sum(tone), abs=1e-5)


def test_a_word_is_split_into_its_longest_pieces():
    vocabulary = {piece: at for at, piece in enumerate(["[UNK]", "de", "del", "##is", "##ist", "##ed", "-"])}
    assert split("delisted", vocabulary) == [2, 4, 5]
    assert split("delx", vocabulary) == [0]
    assert split("—", vocabulary) == [6]


def test_a_word_nobody_knows_is_read_as_a_name_is(encoder):
    one, other = judged(encoder, ["Quuxcorp tests blockchain for shipping", "Zzyqinc tests blockchain for shipping"])
    assert one == other


def test_a_mention_is_shown_by_the_mark_of_its_target():
    text = "Beijing bans bitcoin mining and praises blockchain"
    marks = [word for word in shown(read(text, "en", find_targets(text, "en"), None)) if word.startswith("ENT")]
    assert marks == ["ENT mining", "ENT blockchain"]


def test_what_is_written_is_read_again_within_a_byte_s_step(encoder, tmp_path):
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


def test_its_card_names_what_it_was_made_from():
    card = json.loads((shipped_model() / "encoder_en.json").read_text(encoding="utf-8"))
    assert card["base"] == "sentence-transformers/all-MiniLM-L6-v2"
    assert card["licence"] == "Apache-2.0"
    assert sum(file.stat().st_size for file in shipped_model().iterdir()) < 20_000_000
