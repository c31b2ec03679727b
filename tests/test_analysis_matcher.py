from analysis.matcher import MASK, Matcher
from analysis.text import fold


def found(entries, text):
    return [(hit.kind, text[hit.start : hit.end]) for hit in Matcher(entries).find(text, fold(text))]


def test_a_latin_term_is_a_whole_word_in_any_case_with_its_plural():
    entries = [("core", "", "token"), ("core", "", "policy")]
    assert found(entries, "TOKENS, policies and a tokenizer") == [("core", "TOKENS"), ("core", "policies")]


def test_hyphen_and_space_are_the_same():
    assert found([("core", "", "crypto mining")], "crypto-mining") == [("core", "crypto-mining")]


def test_a_marked_term_keeps_its_case():
    entries = [("company", "", "=NEO")]
    assert found(entries, "NEO rallies") == [("company", "NEO")]
    assert found(entries, "a neo classical tale") == []


def test_chinese_is_found_inside_a_sentence_and_in_either_script():
    assert found([("core", "", "区块链")], "發展區塊鏈技術") == [("core", "區塊鏈")]


def test_a_longer_mask_hides_what_stands_inside_it():
    entries = [("core", "", "chain"), (MASK, "", "supply chain")]
    assert found(entries, "a chain for the supply chain") == [("core", "chain")]


def test_a_chinese_term_may_touch_latin_letters():
    assert found([("core", "", "NFT")], "买NFT的人") == [("core", "NFT")]
