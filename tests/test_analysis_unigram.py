
from analysis.unigram import cut, split

CHANCES = {"[UNK]": 0.0, "央": -9.0, "行": -8.0, "央行": -10.0, "行推": -5.0, "推": -9.0, "出": -9.0, "推出": -9.5}
CHANCES |= {"▁": -4.0, "▁btc": -9.0, "b": -7.0, "t": -7.0, "c": -7.0, ",": -3.0, "▁ENT": 0.0}
VOCABULARY = {piece: at for at, piece in enumerate(CHANCES)}


def pieces(words):
    ids, begins = split(words, VOCABULARY, list(CHANCES.values()))
    return [list(VOCABULARY)[i] for i in ids], begins


def test_the_likeliest_pieces_are_taken_not_the_longest_first():
    assert cut("央行推出", VOCABULARY, list(CHANCES.values())) == ["央行", "推出"]
    assert cut("央行推", VOCABULARY, list(CHANCES.values())) == ["央", "行推"]


def test_a_character_is_found_in_the_piece_it_is_part_of():
    assert pieces(["央", "行", "，", "推", "出"]) == (["央行", ",", "推出"], [0, 0, 1, 2, 2])


def test_what_the_vocabulary_lacks_is_one_unknown_piece_a_character():
    assert pieces(["鲲", "鹏", "推", "出"]) == (["[UNK]", "[UNK]", "推出"], [0, 1, 2, 2])


def test_a_latin_word_begins_with_its_mark_and_our_own_marks_are_one_piece():
    assert pieces(["btc", "ENT", "bt"]) == (["▁btc", "▁ENT", "▁", "b", "t"], [0, 1, 2])


def test_no_words_have_no_pieces():
    assert split([], VOCABULARY, []) == ([], [])
