import json

import pytest

from analysis.labelled import read_labelled, set_aside
from ingest.commands import dispatch

ONE_EACH = {
    "whole.csv": "text,label\nBitcoin soars past $50000,positive\n",
    "valence.csv": "text,valence,label\nBitcoin soars past $50000,0.8,positive\nExchange hacked,-0.7,negative\n",
    "target.csv": "text,target,label\nBitcoin soars as Kestrel Foods collapses,crypto,positive\n",
    "words.csv": "text,target,label\nBitcoin soars as Kestrel Foods collapses,kestrel foods,negative\n",
    "span.csv": 'text,target,a,b,label\n"Bitcoin soars, Kestrel collapses",Kestrel,15,22,negative\n',
    "lines.jsonl": '{"text": "比特币暴跌", "tone": "negative", "targets": {"crypto": "negative", "@币": "negative"}}\n',
}


def run(*arguments) -> int:
    return dispatch("analysis", {"evaluate": ""}, ["evaluate", *map(str, arguments)])


@pytest.mark.parametrize("name", ONE_EACH)
def test_every_shape_of_labels_is_measured(tmp_path, capsys, name):
    (tmp_path / name).write_text(ONE_EACH[name], encoding="utf-8")
    assert run(tmp_path / name, "--json") == 0
    sections = json.loads(capsys.readouterr().out)["sections"]
    assert all(section["found"] == 1 and section["accuracy"] == 1 for section in sections)
    assert ("pearson" in sections[0]) == (name == "valence.csv")


def test_a_file_is_measured_in_words_too(tmp_path, capsys):
    (tmp_path / "lines.jsonl").write_text(ONE_EACH["lines.jsonl"], encoding="utf-8")
    assert run(tmp_path / "lines.jsonl") == 0
    assert "tone toward targets, zh: 1 labels, 100.0% found, 1.000 found and right" in capsys.readouterr().out


def test_a_span_is_that_of_the_text_as_it_was_given(tmp_path):
    path = tmp_path / "span.csv"
    path.write_text("text,target,a,b,label\n  Kestrel\u00a0\u00a0and  Heron,Heron,16,21,neutral\n", encoding="utf-8")
    (item,) = read_labelled(path)
    assert item.text[slice(*item.about)] == "Heron"


def test_where_two_readers_differ_nothing_is_measured(tmp_path):
    line = {"text": "Bitcoin", "tone": "neutral", "targets": {"crypto": "neutral"}}
    line["second"] = {"tone": "positive", "targets": {"crypto": "neutral"}}
    (tmp_path / "two.jsonl").write_text(json.dumps(line), encoding="utf-8")
    assert [item.about for item in read_labelled(tmp_path / "two.jsonl")] == ["crypto"]


def test_a_target_the_engine_does_not_find_is_counted_and_not_guessed(tmp_path, capsys):
    (tmp_path / "target.csv").write_text("text,target,label\nRainfall in Ningbo,mining,neutral\n", encoding="utf-8")
    assert run(tmp_path / "target.csv", "--json") == 0
    (section,) = json.loads(capsys.readouterr().out)["sections"]
    assert section["found"] == section["found_and_right"] == 0
    assert "accuracy" not in section


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("title,label\nBitcoin,positive\n", "needs the columns"),
        ("text,score\nBitcoin,positive\n", "needs the columns"),
        ("text,label\nBitcoin,good\n", "row 1: 'good' is no label"),
        ("text,label\n", "holds no labels"),
        ("text,target,label\nBitcoin,Heron,neutral\n", "the target is not in the text"),
        ("text,target,a,b,label\nBitcoin,Heron,9,12,neutral\n", "the target is not in the text"),
        ("text,valence,label\nBitcoin,much,neutral\n", "must be numbers"),
    ],
)
def test_a_file_of_another_shape_is_refused_in_one_line(tmp_path, capsys, content, told):
    (tmp_path / "bad.csv").write_text(content, encoding="utf-8")
    assert run(tmp_path / "bad.csv") == 2
    said = capsys.readouterr().err
    assert told in said
    assert said.count("\n") == 1


def test_no_such_file_is_said_in_one_line(tmp_path, capsys):
    assert run(tmp_path / "absent.csv") == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_without_a_file_the_lines_set_aside_are_measured():
    kinds = {(item.language, item.kind) for item in set_aside()}
    assert kinds == {(language, kind) for language in ("en", "zh") for kind in ("text", "target", "span")}
