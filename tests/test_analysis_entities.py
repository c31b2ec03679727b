from analysis import knowledge
from analysis.annotate import annotate_batch, document, matcher
from analysis.commands import themes_


def entities_of(text):
    return annotate_batch([document("", text)])[0].entities


def test_names_are_found_in_either_language():
    english = entities_of("People's Bank of China and Alipay widen the digital yuan in Suzhou")
    chinese = entities_of("中国人民银行与支付宝在蘇州推广数字人民币")
    assert set(english) == set(chinese) == {"pboc", "alipay", "suzhou"}


def test_an_ambiguous_name_counts_only_in_a_text_of_the_field():
    assert "neo" not in entities_of("NEO survey finds asteroid")
    assert "neo" in entities_of("NEO blockchain grows in China")


def test_ids_are_unique_and_types_are_known():
    entities = knowledge.load("entities")["entities"]
    assert len({entity["id"] for entity in entities}) == len(entities) >= 250
    assert {entity["type"] for entity in entities} == {"person", "institution", "company", "place"}


def test_an_explanation_names_rule_probability_and_cue():
    explanation = themes_.explain(matcher().scan(document("x", "China bans bitcoin mining")))
    assert explanation["relevance"]["reason"] == "R1 bitcoin + China"
    first = explanation["themes"][0]
    assert first["named"]
    assert first["probability"] > 0.5
    assert first["evidence"]
