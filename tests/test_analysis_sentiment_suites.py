"""What the engine must get right whatever its average: names without tone, negation, contrast, bans, relief."""

import json
from pathlib import Path
from statistics import mean

import pytest

from analysis.document import Document
from analysis.sentiment import load_engine
from analysis.targets import find_targets
from analysis.text import detect_language

SUITES = json.loads((Path(__file__).parent / "data" / "sentiment_suites.json").read_text(encoding="utf-8"))
MOST_DRIFT = 0.02
"""How far the mean score may move when every name is swapped for another."""


def scored(texts):
    documents = [Document(str(at), text, language=detect_language(text)) for at, text in enumerate(texts)]
    mentions = [find_targets(d.text, d.language) for d in documents]
    return [(tone, {t.target: t.tone for t in targets}) for tone, targets in load_engine().score(documents, mentions)]


@pytest.mark.parametrize("swap", SUITES["swaps"], ids=lambda swap: swap["of"])
def test_a_swapped_name_does_not_move_the_mean(swap):
    found = [scored([frame.replace("NAME", name) for frame in swap["frames"]]) for name in swap["names"]]
    named = [set.intersection(*(set(targets) for _, targets in versions)) for versions in zip(*found, strict=True)]
    overall = [mean(tone.score for tone, _ in frames) for frames in found]
    toward = [
        mean(targets[t].score for (_, targets), common in zip(frames, named, strict=True) for t in common)
        for frames in found
    ]
    assert max(overall) - min(overall) < MOST_DRIFT
    assert max(toward) - min(toward) < MOST_DRIFT


@pytest.mark.parametrize("suite", SUITES["suites"], ids=lambda suite: f"{suite['language']}-{suite['of']}")
def test_a_suite_holds_as_far_as_it_did(suite):
    """`holds` of the cases are right; more is welcome and to be written down, fewer are a fall in quality."""
    wrong = [
        f"{case['text']}: {target} is {found.label}, not {label}"
        for case, (tone, targets) in zip(suite["cases"], scored([c["text"] for c in suite["cases"]]), strict=True)
        for target, label in case["labels"].items()
        if (found := tone if target == "text" else targets[target]).label != label
    ]
    total = sum(len(case["labels"]) for case in suite["cases"])
    assert total - len(wrong) >= suite["holds"], "\n".join(wrong)


SEED_NEWS = {
    "en": """Xi tells the Politburo to seize the opportunity of blockchain. The technology shall become a breakthrough
of China's own innovation and serve finance, health care and poverty relief. Trading of cryptocurrencies stays banned,
and officials warn of fraud behind coin offerings. The central bank says its digital yuan is nearly ready.""",
    "zh": """习近平要求抢抓区块链机遇。区块链将成为自主创新的重要突破口，服务金融、医疗和扶贫。虚拟货币交易仍被严禁，
官方提醒警惕代币发行骗局。央行称数字人民币呼之欲出。""",
}
"""The news of October 2019 in our own words."""


@pytest.mark.parametrize("language", SEED_NEWS)
def test_the_news_that_started_it_is_yes_to_the_chain_and_no_to_the_coin(language):
    ((_, targets),) = scored([SEED_NEWS[language].replace("\n", " " if language == "en" else "")])
    assert targets["blockchain"].label == "positive"
    assert targets["crypto"].label == "negative"
    assert targets["digital_yuan"].label != "negative"
