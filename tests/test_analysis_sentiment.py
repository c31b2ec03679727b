import pytest

from analysis.document import Document
from analysis.sentiment import load_engine
from analysis.targets import find_targets


def scored(text, language="en", summary=""):
    document = Document("1", text, summary, language)
    ((tone, targets),) = load_engine().score([document], [find_targets(document.text, language)])
    return tone, {t.target: t for t in targets}


def test_yes_to_the_chain_no_to_the_coin():
    _, targets = scored("Xi urges China to seize the opportunity of blockchain, while crypto trading stays banned")
    assert targets["blockchain"].tone.label == "positive"
    assert targets["crypto"].tone.label == "negative"


def test_probabilities_sum_to_one_and_the_score_is_their_difference():
    tone, _ = scored("Bitcoin slides 4% after Beijing warns traders")
    assert tone.p_negative + tone.p_neutral + tone.p_positive == pytest.approx(1)
    assert tone.score == tone.p_positive - tone.p_negative < 0


def test_evidence_is_the_clause_that_names_the_target():
    _, targets = scored("Blockchain wins praise in Shanghai, but bitcoin miners are told to leave")
    assert targets["blockchain"].evidence == "Blockchain wins praise in Shanghai"


def test_a_language_that_is_not_scored_has_no_tone():
    assert scored("ビットコインが急落した", "other") == (None, {})


def test_a_span_is_scored_like_a_target():
    document = Document("1", "Kestrel Foods wins record order, Dunlin Shipping files for bankruptcy", language="en")
    good, bad = (load_engine().score_span(document, *span) for span in ((0, 13), (34, 49)))
    assert good.label == "positive"
    assert bad.label == "negative"


def test_the_order_and_company_of_documents_change_nothing():
    texts = ["Bitcoin soars past $50,000", "比特币暴跌，矿工离场", "Rainfall in Ningbo", "Ether slumps"]
    documents = [Document(str(i), t) for i, t in enumerate(texts)]
    mentions = [find_targets(t, "zh" if i == 1 else "en") for i, t in enumerate(texts)]
    together = load_engine().score(documents, mentions)
    alone = [load_engine().score([d], [m])[0] for d, m in zip(documents, mentions, strict=True)]
    assert [t[0].score for t in together] == pytest.approx([t[0].score for t in alone])


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("China bans crypto trading", "Japan bans crypto trading"),
        ("SEC approves bitcoin fund", "FCA approves bitcoin fund"),
        ("Alibaba tests blockchain for shipping", "Toyota tests blockchain for shipping"),
        ("Alibaba tests blockchain for shipping", "Quuxcorp tests blockchain for shipping"),
        ("Elon Musk praises dogecoin", "Jack Ma praises dogecoin"),
    ],
)
def test_a_name_carries_no_tone(text, other):
    assert scored(text)[0].score == pytest.approx(scored(other)[0].score, abs=0.02)
