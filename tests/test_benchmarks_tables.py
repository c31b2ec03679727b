import json

import pytest

from benchmarks import tables
from benchmarks.__main__ import main
from benchmarks.tables import BEGIN, END, Cell, Headline

OURS, THEIRS = {"who": "ours", "f1": 0.75}, {"who": "theirs", "f1": 0.5, "note": "a|b"}


@pytest.fixture
def root(tmp_path, monkeypatch):
    """A folder with the two documents, and the results of one benchmark."""
    (tmp_path / "docs").mkdir()
    for name in ("README.md", "docs/measured.md"):
        (tmp_path / name).write_text(f"before\n\n{BEGIN}\nold\n{END}\n\nafter\n")
    (tmp_path / "trends.json").write_text(json.dumps([OURS, THEIRS]))
    line = Headline("tone", "trends", Cell({"who": "ours"}, "f1"), "VADER", Cell({"who": "theirs"}, "f1"))
    gone = Headline("gone", "trends", Cell({"who": "nobody"}, "f1"), "VADER", Cell({"who": "theirs"}, "f1"))
    monkeypatch.setattr(tables, "HEADLINES", (line, gone))
    monkeypatch.setattr(tables, "RESULTS", tmp_path)
    return tmp_path


def test_documents_get_their_tables_between_the_marks_and_keep_the_rest(root):
    for _ in range(2):
        tables.write_documents(root)
    table = "| what | Lianwatch | beside it |\n| --- | --- | --- |\n| tone | 0.75 | VADER: 0.5 |"
    assert (root / "README.md").read_text() == f"before\n\n{BEGIN}\n{table}\n{END}\n\nafter\n"
    measured = (root / "docs/measured.md").read_text()
    assert "## trends\n" in measured
    assert "| theirs | 0.5 | a\\|b |" in measured
    assert "## scale\n" not in measured


def test_a_document_without_marks_is_named(root):
    (root / "README.md").write_text("nothing")
    with pytest.raises(ValueError, match=r"README\.md: the tables stand between"):
        tables.write_documents(root)


def test_rows_of_sizes_that_were_not_measured_stay():
    before = [{"articles": size, "s": 1} for size in (10, 100, 1000)]
    now = [{"articles": size, "s": 2} for size in (10, 100)]
    assert tables.with_other_sizes(now, before) == [*now, before[2]]
    assert tables.with_other_sizes([OURS], before) == [OURS]


def test_every_headline_names_a_benchmark():
    assert {line.benchmark for line in tables.HEADLINES} <= set(tables.names())


def test_an_unknown_benchmark_is_one_line(capsys):
    assert main(["nothing"]) == 2
    assert capsys.readouterr().err.startswith("benchmarks: no benchmark 'nothing' (known: annotation, ")
