import json
from pathlib import Path

import numpy as np
import pytest

from analysis import knowledge, theme_model
from analysis.annotate import annotate_batch, document
from analysis.training import themes as training
from analysis.training.corpus import Example, is_held_out, read_corpus

LINES = [json.loads(line) for line in (Path(__file__).parent / "data" / "themes.jsonl").read_text("utf-8").splitlines()]


def themes_of(*texts):
    annotations = annotate_batch([document("", text) for text in texts])
    return [[hit.theme for hit in annotation.themes] for annotation in annotations]


def test_the_main_theme_of_plain_lines_is_named():
    found = themes_of(*(line["text"] for line in LINES))
    right = [(themes[0] if themes else None) == line["main"] for themes, line in zip(found, LINES, strict=True)]
    assert np.mean(right) >= 0.95


@pytest.mark.parametrize("line", [line for line in LINES if not line["main"]], ids=lambda line: line["text"][:40])
def test_a_text_outside_the_field_has_no_theme(line):
    assert themes_of(line["text"]) == [[]]


def test_bans_of_other_countries_are_not_the_theme_of_chinas_ban():
    assert "crypto_ban_enforcement" not in themes_of("India bans cryptocurrency exchanges")[0]
    assert themes_of("China bans cryptocurrency exchanges")[0][0] == "crypto_ban_enforcement"


def test_a_bank_called_standard_is_no_cue_of_standards():
    (annotation,) = annotate_batch([document("", "Standard Chartered tests blockchain in Hong Kong")])
    assert "standards_rules" not in [hit.theme for hit in annotation.themes]


def test_the_evidence_is_the_longest_cue():
    (annotation,) = annotate_batch([document("", "China lists blockchain supply chain finance projects")])
    evidence = {hit.theme: hit.evidence for hit in annotation.themes}
    assert "supply chain finance" in evidence["business_financing"]


def test_a_text_gets_the_same_themes_alone_and_in_a_batch():
    texts = [line["text"] for line in LINES]
    assert themes_of(*texts) == [themes_of(text)[0] for text in texts]


def test_every_theme_has_cues_in_both_languages_and_vetoes():
    for theme in knowledge.load("themes")["themes"]:
        assert min(len(theme[key]) for key in ("telling_en", "telling_zh", "hinting_en", "hinting_zh", "vetoes")) > 3


def test_the_shipped_models_know_the_eighteen_themes():
    ids = sorted(theme["id"] for theme in knowledge.load("themes")["themes"])
    for language in ("en", "zh"):
        assert list(theme_model.load(language).themes) == ids


def test_fitting_twice_gives_the_same_arrays_and_they_survive_saving(tmp_path):
    examples = [
        Example("", line["text"], "en", "2020-01-01", (), themes=(line["main"],) if line["main"] else ())
        for line in LINES
    ]
    first, second = training.fit(examples, "en"), training.fit(examples, "en")
    assert first.vocabulary == second.vocabulary
    assert np.array_equal(first.weights, second.weights)
    theme_model.save(first, tmp_path / "themes.npz")
    with np.load(tmp_path / "themes.npz", allow_pickle=False) as arrays:
        assert arrays["weights"].shape == first.weights.shape


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_main_theme_of_relevant_lines_set_aside_is_named_at_the_floor(language):
    examples = [example for example in read_corpus(language) if is_held_out(example) and example.themes]
    annotations = annotate_batch([document("", example.text) for example in examples])
    right = [
        annotation.themes[0].theme in example.themes
        for annotation, example in zip(annotations, examples, strict=True)
        if annotation.relevance.verdict == "yes"
    ]
    assert np.mean(right) >= 0.82


@pytest.mark.shared
def test_the_main_theme_of_the_open_headlines_is_named_at_the_floor(shared):
    path = shared / "data" / "sentiment" / "china_crypto_dev_en.jsonl"
    rows = [row for row in map(json.loads, path.open(encoding="utf-8")) if row["themes"]]
    found = themes_of(*(row["text"] for row in rows))
    assert np.mean([bool(got) and got[0] in row["themes"] for got, row in zip(found, rows, strict=True)]) >= 0.83
