import json
import subprocess
import sys
from itertools import permutations
from pathlib import Path

import pytest

from ingest.__main__ import COMMANDS
from ingest.commands import dispatch
from ingest.store import open_store

ROOT = Path(__file__).parent.parent
FEED = """<rss version="2.0"><channel><title>Harbour Daily</title><link>https://daily.example/</link>
<item><title>Chain pilot reaches the harbour</title><link>https://daily.example/a</link>
<pubDate>Fri, 25 Oct 2019 18:30:00 +0800</pubDate></item>{more}</channel></rss>"""
LATER = """<item><title>{title}</title><link>https://daily.example/b</link><pubDate>{date}</pubDate></item>"""
TABLE = "title,url,date\nChain pilot reaches the harbour,http://www.daily.example/a/,2019-10-25\nBroken, row,x,y\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("LIANWATCH_STORE", str(tmp_path / "store" / "s.duckdb"))
    (tmp_path / "in").mkdir()
    return tmp_path / "in"


@pytest.fixture
def command(capsys):
    def command(*arguments):
        code = dispatch("ingest", COMMANDS, ["import", *map(str, arguments)])
        return code, *capsys.readouterr()

    return command


def test_an_import_reports_as_a_fetch_does(folder, command):
    (folder / "feed.xml").write_text(FEED.format(more="<item><title/></item>"))
    (folder / "table.csv").write_text(TABLE)
    (folder / "notes.txt").write_text("nothing here")
    code, out, err = command(folder, "--json")
    report = json.loads(out)
    assert code == 0
    assert (report["feeds"], report["new"], report["seen"], report["dropped"]) == (3, 1, 1, 2)
    statuses = {result["path"].rpartition("/")[2]: result["status"] for result in report["results"]}
    assert statuses == {"feed.xml": "ok", "notes.txt": "not_a_feed", "table.csv": "ok"}
    assert "table.csv: line 3: 4 fields under a header of 3" in err
    assert report["data_version"] == open_store().data_version()


def test_the_same_files_in_any_order_make_the_same_store(folder, command, tmp_path, monkeypatch):
    (folder / "1.xml").write_text(FEED.format(more=LATER.format(title="A", date="Fri, 25 Oct 2019 20:00:00 +0800")))
    (folder / "2.xml").write_text(FEED.format(more=LATER.format(title="B", date="Fri, 25 Oct 2019 21:00:00 +0800")))
    (folder / "3.csv").write_text(TABLE)
    versions = set()
    for number, order in enumerate(permutations(sorted(folder.iterdir()))):
        monkeypatch.setenv("LIANWATCH_STORE", str(tmp_path / f"{number}.duckdb"))
        command(*order)
        command(*order)
        versions.add(open_store().data_version())
        assert open_store().rows("SELECT count(*) FROM articles") == [(2,)]
    assert len(versions) == 1


@pytest.mark.processes
def test_the_same_files_read_by_two_processes_at_once_make_the_same_store(folder, command, tmp_path, monkeypatch):
    (folder / "1.xml").write_text(FEED.format(more=LATER.format(title="A", date="Fri, 25 Oct 2019 20:00:00 +0800")))
    (folder / "2.xml").write_text(FEED.format(more=LATER.format(title="B", date="Fri, 25 Oct 2019 21:00:00 +0800")))
    command(folder)
    alone = content()
    monkeypatch.setenv("LIANWATCH_STORE", str(tmp_path / "shared.duckdb"))
    start = [sys.executable, "-m", "ingest", "import"]
    orders = [folder / "1.xml", folder / "2.xml"], [folder / "2.xml", folder / "1.xml"]
    both = [subprocess.Popen([*start, *map(str, order)], cwd=ROOT, stdout=subprocess.DEVNULL) for order in orders]
    assert [process.wait() for process in both] == [0, 0]
    assert content() == alone


def content():
    store = open_store()
    said = "id, url, title, summary, outlet, language, published, text_at, content_hash, duplicate_of"
    return [
        store.data_version(),
        store.rows(f"SELECT {said} FROM articles ORDER BY id"),
        store.rows("SELECT article_id, feed_url, guid FROM sightings ORDER BY article_id, feed_url"),
        store.rows("SELECT article_id, title, replaced_at FROM revisions ORDER BY article_id, title"),
    ]


def test_an_empty_source_is_one_line_that_says_what_to_do(folder, capsys):
    with pytest.raises(SystemExit) as ended:
        dispatch("ingest", COMMANDS, ["import", "--source", " ", str(folder)])
    assert ended.value.code == 2
    [line] = capsys.readouterr().err.splitlines()
    assert "empty name" in line


def test_nothing_readable_is_a_failure_and_a_missing_path_is_wrong_usage(folder, command):
    (folder / "notes.txt").write_text("nothing here")
    assert command(folder / "notes.txt")[0] == 1
    code, _, err = command(folder / "missing")
    assert code == 2
    assert err.strip() == f"ingest import: {folder / 'missing'}: no such file or folder"
    assert command(folder, "--timezone", "Beijing")[0] == 2
