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


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("税务区块链平台为商户退税", [("regulation", "税务"), ("blockchain", "区块链平台")]),
        ("数藏平台关停", [("web3_nft", "数藏平台"), ("regulation", "关停")]),
        ("数字人民币接入跨境平台", [("digital_yuan", "数字人民币")]),
        ("香港发行多币种绿色债券", []),
        ("金矿矿工被困井下", []),
        ("加密骗局蔓延", [("crypto", "加密骗局")]),
        ("英国央行数字货币还在酝酿", []),
        ("央行数字货币进入试点", [("digital_yuan", "央行数字货币")]),
    ],
)
def test_chinese_expressions_name_what_they_mean(text, found):
    assert named(text, "zh") == found


def test_an_order_of_an_authority_is_regulation_and_an_order_for_goods_is_not():
    assert ("regulation", "orders") in named("Sichuan orders 26 bitcoin mines to shut")
    assert named("Bitcoin miner sees orders for rigs stretch into spring") == [
        ("mining", "Bitcoin miner"),
        ("mining", "rigs"),
    ]


def test_a_coin_that_a_price_is_told_in_is_not_named():
    assert named("Bitcoin climbs past 31,000 USDT") == [("crypto", "Bitcoin")]
    assert named("USDT slips below a dollar") == [("stablecoins", "USDT")]
