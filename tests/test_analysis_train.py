import json
import shutil

import pytest

from analysis import labelled
from analysis.commands import train_
from analysis.document import Document
from analysis.labelled import Labelled
from analysis.modelfile import USER_MODEL, read_model, shipped_model, write_model
from analysis.sentiment import Engine, load_engine
from analysis.training.corpus import Example, Labels, is_for_stacking, is_held_out, read_corpus
from analysis.training.fit import fit_language
from ingest.commands import dispatch
from ingest.errors import ConfigError

FEW = 90
"""Lines that are enough to fit something and quick to fit."""
ASIDE = [Labelled("Bitcoin soars", "en", "positive"), Labelled("央行叫停比特币", "zh", "negative", "crypto")]


@pytest.fixture
def newsroom(tmp_path, monkeypatch):
    """An empty folder to work in, a corpus of FEW lines, and no engine loaded yet."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(train_, "read_corpus", lambda language: read_corpus(language)[:FEW])
    monkeypatch.setattr(labelled, "set_aside", lambda: ASIDE)
    load_engine.cache_clear()
    yield tmp_path
    load_engine.cache_clear()


def train(*arguments) -> int:
    return dispatch("analysis", {"train": ""}, ["train", *map(str, arguments)])


def test_the_same_text_gives_the_same_bytes(tmp_path):
    examples = [e for e in read_corpus("en") if not is_held_out(e)][:FEW]
    for name in ("once", "again"):
        (tmp_path / name).mkdir()
        write_model([fit_language("en", examples, lambda line: None)], {}, tmp_path / name)
    once, again = ((tmp_path / name / "sentiment.npz").read_bytes() for name in ("once", "again"))
    assert once == again


def test_a_newsrooms_model_is_in_force_where_it_was_fitted_and_its_version_is_another(newsroom, capsys):
    shipped = load_engine().version
    (newsroom / "labels.csv").write_text("text,target,label\nBitcoin sleeps,crypto,neutral\n", encoding="utf-8")
    assert train("--extra", "labels.csv", "--json") == 0
    report = json.loads(capsys.readouterr().out)
    assert report["extra"] == 1
    assert set(report["before"]) == set(report["after"]) == {"en text", "zh target"}
    load_engine.cache_clear()
    assert load_engine().version == report["engine"] != shipped


def test_a_model_fitted_with_other_word_lists_is_refused(newsroom):
    USER_MODEL.mkdir(parents=True)
    card = json.loads((shipped_model() / "sentiment.json").read_text(encoding="utf-8"))
    shutil.copy(shipped_model() / "sentiment.npz", USER_MODEL)
    (USER_MODEL / "sentiment.json").write_text(json.dumps(card | {"knowledge": "another"}), encoding="utf-8")
    with pytest.raises(ConfigError, match="other word lists"):
        load_engine()


def test_a_damaged_model_is_refused(newsroom):
    USER_MODEL.mkdir(parents=True)
    (USER_MODEL / "sentiment.json").write_bytes((shipped_model() / "sentiment.json").read_bytes())
    (USER_MODEL / "sentiment.npz").write_bytes(b"PK")
    with pytest.raises(ConfigError, match="seal"):
        read_model(USER_MODEL)


def test_repeated_corrections_outweigh_what_was_learned():
    own = [e for e in read_corpus("en") if not is_held_out(e)][:FEW]
    text = "Regulators quietly wave the coins through"
    corrections = [Example(f"x:{i}", text, "en", "", (Labels("negative", {}),), weight=3.0) for i in range(20)]
    model = fit_language("en", [*own, *corrections], lambda line: None)
    ((tone, _),) = Engine("x", {"en": model}).score([Document("1", text, language="en")], [[]])
    assert tone.label == "negative"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("text,label\nBitcoin,good\n", "row 1"),
        ("text,target,label\nBitcoin,Heron,neutral\n", "'Heron' is neither"),
        ("title,label\nBitcoin,neutral\n", "row 1"),
    ],
)
def test_labels_that_cannot_be_used_are_named_in_one_line(newsroom, capsys, content, told):
    (newsroom / "labels.csv").write_text(content, encoding="utf-8")
    assert train("--extra", "labels.csv") == 2
    said = capsys.readouterr().err
    assert told in said
    assert said.count("\n") == 1


def test_a_folder_that_cannot_be_is_told_before_anything_is_fitted(newsroom, capsys, monkeypatch):
    monkeypatch.setattr("analysis.training.fit.fit_language", None)
    (newsroom / "taken").write_text("a file")
    assert train("--out", newsroom / "taken") == 2
    assert "cannot be created" in capsys.readouterr().err


def test_the_encoder_is_not_tuned_without_what_it_takes(newsroom, capsys, monkeypatch):
    monkeypatch.setattr("analysis.training.base_en.find_spec", lambda package: None)
    assert train("--encoder") == 2
    assert "pip install -e '.[training]'" in capsys.readouterr().err


@pytest.mark.parametrize(("asked", "language"), [(["--encoder"], "en"), (["--encoder", "zh"], "zh")])
def test_no_line_that_measures_or_joins_is_shown_to_the_encoder(newsroom, monkeypatch, asked, language):
    shown = []
    monkeypatch.setattr("analysis.training.tuning.tune", lambda _, examples, *__: shown.extend(examples))
    assert train("--out", newsroom, *asked) == 0
    assert 0 < len(shown) < FEW
    assert {e.language for e in shown} == {language}
    assert not any(is_held_out(e) or is_for_stacking(e) for e in shown)
