import io
import json

import pandas as pd
import pyarrow.parquet as pq
import pytest

from analysis import queries
from analysis.__main__ import COMMANDS
from analysis.export import defused, export, read_export
from analysis.provenance import parse, provenance
from analysis.selection import Selection
from analysis.verify import verify
from ingest.commands import dispatch
from ingest.errors import UsageError
from tests.stores import filled_store

CORPUS = [
    {"day": "2021-05-03", "score": 0.5, "title": "=HYPERLINK(1)"},
    {"day": "2021-05-12", "score": -0.25, "title": "比特币, “挖矿”\n整治"},
]


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    return filled_store(tmp_path_factory.mktemp("export") / "s.duckdb", CORPUS)


@pytest.fixture
def store(filled, quick_stores, tmp_path, monkeypatch):
    monkeypatch.setenv("LIANWATCH_STORE", str(tmp_path / "s.duckdb"))
    return quick_stores.copied(filled, tmp_path / "s.duckdb")


def answer(store, form):
    selection = Selection(languages=("en",))
    frame = queries.articles(store, selection, limit=None, order="newest")
    return frame, export(frame, provenance(store, "articles", selection, limit=None, order="newest"), form)


def command(capsysbinary, *argv):
    code = dispatch("analysis", COMMANDS, list(argv))
    return code, capsysbinary.readouterr()


@pytest.mark.parametrize("form", ["csv", "json", "jsonl", "parquet"])
def test_every_format_says_what_was_asked_and_reads_back(store, form):
    frame, data = answer(store, form)
    source, rows = read_export(data, form)
    assert source == provenance(store, "articles", Selection(languages=("en",)), limit=None, order="newest")
    assert parse(source.to_json()) == source
    assert rows["id"].tolist() == frame["id"].tolist()
    assert answer(store, form)[1] == data


def test_csv_is_a_plain_table_without_a_formula(store):
    frame = pd.read_csv(io.BytesIO(answer(store, "csv")[1]))
    assert frame["title"].tolist() == ["比特币, “挖矿”\n整治", "'=HYPERLINK(1)"]
    assert frame["score"].tolist() == [-0.25, 0.5]


@pytest.mark.parametrize("form", ["csv", "json", "jsonl", "parquet"])
def test_a_file_without_rows_carries_its_provenance_and_verifies(store, form, tmp_path):
    nothing = Selection(search="nothing like it")
    source = provenance(store, "articles", nothing, limit=None, order="newest")
    path = tmp_path / f"nothing.{form}"
    path.write_bytes(export(queries.articles(store, nothing, limit=None), source, form))
    read, rows = read_export(path.read_bytes(), form)
    assert (read, len(rows)) == (source, 0)
    assert verify(store, path).holds


def test_a_csv_without_rows_has_none_for_any_reader(store):
    nothing = Selection(search="nothing like it")
    source = provenance(store, "articles", nothing)
    assert len(pd.read_csv(io.BytesIO(export(queries.articles(store, nothing), source, "csv")))) == 0


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_text_that_starts_like_a_formula_is_defused(start):
    assert defused(f"{start}1") == f"'{start}1"
    assert defused(f"a{start}1") == f"a{start}1"


def test_parquet_keeps_types_and_carries_provenance(store):
    table = pq.read_table(io.BytesIO(answer(store, "parquet")[1]))
    assert str(table.schema.field("published").type) == "timestamp[us, tz=UTC]"
    assert json.loads(table.schema.metadata[b"provenance"])["question"] == "articles"


def test_series_command_prints_the_series_and_the_file_verifies(store, capsysbinary, tmp_path):
    code, out = command(capsysbinary, "series", "--freq", "week", "--from", "2021-05-03", "--format", "json")
    assert code == 0
    assert [row["n"] for row in json.loads(out.out)["rows"]] == [1, 1]
    saved = tmp_path / "saved.json"
    saved.write_bytes(out.out)
    assert command(capsysbinary, "verify", str(saved))[0] == 0


@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet"])
def test_a_saved_file_no_longer_holds_once_its_articles_change(store, form, tmp_path):
    path = tmp_path / f"articles.{form}"
    path.write_bytes(answer(store, form)[1])
    assert verify(store, path).holds
    with store.transaction() as tx:
        tx.execute("UPDATE relevant_articles SET score = 0.75 WHERE article_id = 'a0'")
    verdict = verify(store, path)
    assert (verdict.holds, verdict.rows, verdict.rows_differing) == (False, 2, 1)


def test_days_of_another_zone_are_not_compared(store, tmp_path, monkeypatch):
    saved = tmp_path / "articles.csv"
    saved.write_bytes(answer(store, "csv")[1])
    monkeypatch.setenv("LIANWATCH_TIMEZONE", "America/New_York")
    with pytest.raises(UsageError, match="set LIANWATCH_TIMEZONE=Asia/Shanghai"):
        verify(store, saved)


def test_verify_refuses_what_is_no_export(store, tmp_path):
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    for name in ("other.csv", "missing.csv", "other.txt"):
        with pytest.raises(UsageError):
            verify(store, tmp_path / name)


@pytest.mark.parametrize(
    "argv",
    [
        ["series", "--group", "martian"],
        ["series", "--target", "doge"],
        ["articles", "--source", "No Such Paper"],
        ["series", "--language", "klingon"],
        ["series", "--topic", "99"],
        ["articles", "--entity", "nobody"],
        ["series", "--from", "2021-05-03", "--to", "2021-05-01"],
    ],
)
def test_a_filter_that_cannot_be_is_one_line_and_exit_code_2(store, capsysbinary, argv):
    code, out = command(capsysbinary, *argv)
    assert code == 2
    assert out.err.count(b"\n") == 1


def test_an_entity_is_asked_for_by_its_id_or_a_name_in_either_language(store, capsysbinary):
    names = ("huobi", "Huobi", "火币")
    asked = [command(capsysbinary, "series", "--entity", name, "--format", "json") for name in names]
    assert [code for code, _ in asked] == [0, 0, 0]
    assert asked[0][1].out == asked[1][1].out == asked[2][1].out


def test_of_many_values_those_nearest_to_what_was_written_are_named(store, capsysbinary):
    _, out = command(capsysbinary, "series", "--entity", "huobii")
    assert b"'huobii' (of " in out.err
    assert b"huobi" in out.err.partition(b"nearest: ")[2]


@pytest.mark.parametrize(
    "argv", [["series", "--search", "zeppelin"], ["articles", "--from", "2001-01-01", "--to", "2001-01-02"]]
)
def test_a_selection_without_an_article_says_so_beside_its_empty_table(store, capsysbinary, argv):
    code, out = command(capsysbinary, *argv)
    assert (code, out.err) == (0, b"no article matches these filters\n")
    assert out.out
