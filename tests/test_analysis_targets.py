import pytest

from analysis.targets import find_targets


def named(text, language="en"):
    return [(m.target, text[m.start : m.end]) for m in find_targets(text, language)]


def test_the_longest_alias_wins():
    assert named("Bitcoin mining ban") == [("mining", "Bitcoin mining"), ("regulation", "ban")]
    assert named("数字人民币上链", "zh") == [("digital_yuan", "数字人民币"), ("blockchain", "上链")]


def test_traditional_characters_are_found_and_keep_their_offsets():
    assert named("香港穩定幣條例生效", "zh") == [("stablecoins", "穩定幣條例")]


def test_a_word_of_every_day_counts_only_beside_the_field():
    assert named("New rules for the stock exchange") == []
    assert named("New rules for bitcoin trading") == [("regulation", "rules"), ("crypto", "bitcoin")]


def test_an_alias_never_begins_or_ends_inside_a_word():
    assert named("Etherton banned ethereal music at its tetherball court") == []


def test_plural_and_hyphen_make_no_difference():
    assert named("Crypto-miners and stable-coins") == [("mining", "Crypto-miners"), ("stablecoins", "stable-coins")]


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("China's central bank tests its digital currency in Shenzhen", ["digital_yuan"]),
        ("Bank of England weighs a digital currency", []),
        ("Traders in Shanghai turn to digital currency", ["crypto"]),
        ("Kenya Explores CBDC", []),
    ],
)
def test_digital_currency_is_resolved_by_its_surroundings(text, target):
    assert [m.target for m in find_targets(text, "en")] == target


def test_expressions_that_only_contain_an_alias_are_ignored():
    assert named("Bitcoin ETF issuer turns to the stock exchange") == [("crypto", "Bitcoin ETF")]
