import pytest

from analysis.document import Mention
from analysis.passages import passages
from analysis.targets import find_targets


def parts(text, language="en"):
    return [(part.text, part.targets) for part in passages(text, find_targets(text, language))]


def test_a_text_of_one_sentence_is_its_own_passage():
    text = "China praises blockchain, bans bitcoin"
    assert parts(text)[0][0] == text
    assert len(parts(text)) == 1


def test_each_target_is_judged_by_the_sentences_that_name_it():
    text = "Bitcoin sinks. Blockchain thrives. Bitcoin miners leave."
    assert parts(text)[1:] == [
        ("Bitcoin sinks. ", ("crypto",)),
        ("Blockchain thrives. ", ("blockchain",)),
        ("Bitcoin miners leave.", ("mining",)),
    ]


def test_chinese_sentences_and_a_title_end_without_a_space():
    text = "比特币下跌\n区块链受捧。数字人民币试点！"
    assert [targets for _, targets in parts(text, "zh")] == [(), ("crypto",), ("blockchain",), ("digital_yuan",)]


def test_mentions_move_with_their_sentence():
    text = "Rain falls. Bitcoin falls."
    (_, part) = passages(text, [Mention("crypto", 12, 19)])
    (mention,) = part.mentions
    assert part.text[mention.start : mention.end] == "Bitcoin"


@pytest.mark.parametrize("text", ["U.S. Treasury eyes bitcoin", "Bitcoin vs. Gold", "Web3.0 and bitcoin at $5.2 each"])
def test_a_full_stop_that_ends_no_sentence_cuts_nothing(text):
    assert len(parts(text)) == 1
