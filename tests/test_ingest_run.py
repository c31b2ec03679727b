"""`ingest run` as a process: what it prints, how it ends, and two of them at once."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import filelock
import pytest

from ingest.__main__ import COMMANDS
from ingest.commands import dispatch
from ingest.store import open_store
from tests.loopback import RSS, hanging, page, serving, with_etag

ROOT = Path(__file__).parent.parent


@pytest.fixture
def server():
    with serving() as running:
        running.answers |= {"/feed": with_etag(RSS), "/hang": hanging}
        yield running


@pytest.fixture
def place(tmp_path, server, monkeypatch):
    """A folder with a list of one good feed, and an environment in which it may be fetched."""
    (tmp_path / "feeds.toml").write_text(f'[[feed]]\nurl = "{server.base}/feed"\nname = "Daily"\n', encoding="utf-8")
    monkeypatch.setenv("LIANWATCH_STORE", str(tmp_path / "store.duckdb"))
    monkeypatch.setenv("LIANWATCH_FEEDS", str(tmp_path / "feeds.toml"))
    monkeypatch.setenv("LIANWATCH_ALLOW_PRIVATE_HOSTS", "1")
    monkeypatch.setenv("LIANWATCH_FETCH_TIMEOUT", "2")
    return tmp_path


def run(*arguments):
    return dispatch("ingest", COMMANDS, ["run", *arguments])


def start(*arguments):
    command = [sys.executable, "-m", "ingest", "run", *arguments]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_json_is_one_object_with_the_result_of_each_feed(place, capsys):
    assert run("--json") == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["feeds"], report["new"], report["updated"], report["seen"]) == (1, 2, 0, 0)
    assert report["data_version"] == open_store().data_version()
    [result] = report["results"]
    assert (result["feed"], result["status"], result["http_status"], result["error"]) == ("Daily", "ok", 200, None)


def test_nothing_due_is_a_success(place, capsys):
    run()
    assert run("--json") == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["feeds"] == 0


def test_no_feed_fetched_is_a_failure_with_a_line_that_names_it(place, server, capsys):
    server.answers["/feed"] = page(404)
    assert run() == 1
    assert "not_found Daily" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["--every", "soon"], "30m"),
        (["--every", ""], "30m"),
        (["--every", "99999999999d"], "366d"),
        (["--store", "duckdb://"], "names no file"),
        (["--feeds", "/nowhere/feeds.toml"], "no such feed list"),
        (["--store", "mysql://x"], "mysql"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_code_2(place, capsys, arguments, hint):
    assert run(*arguments) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert hint in line


def test_a_list_without_feeds_says_how_to_add_one(place, capsys):
    (place / "feeds.toml").write_text("# nothing yet\n")
    assert run() == 2
    assert "feeds add" in capsys.readouterr().err


@pytest.mark.processes
def test_two_collectors_at_once_do_the_work_once(place, server):
    both = [start("--json"), start("--json")]
    reports = [json.loads(process.communicate(timeout=120)[0]) for process in both]
    assert sorted(report["new"] for report in reports) == [0, 2]
    assert len(server.asked["/feed"]) == 1


def test_a_collector_gives_up_on_another_that_does_not_end(place, monkeypatch, capsys):
    monkeypatch.setattr("ingest.commands.run_.PATIENCE_SECONDS", 0.1)
    open_store()
    with filelock.FileLock(str(place / "store.duckdb.collecting")):
        assert run() == 1
    assert "another collector" in capsys.readouterr().err


@pytest.mark.processes
def test_every_goes_on_until_sigterm_and_ends_at_once_in_the_middle_of_a_round(place, server, monkeypatch):
    monkeypatch.setenv("LIANWATCH_FETCH_TIMEOUT", "600")
    hanging_feed = f'\n[[feed]]\nurl = "{server.base}/hang"\nname = "Hanging"\n'
    process = start("--every", "1s", "--all", "--json")
    while len(server.asked["/feed"]) < 2:
        time.sleep(0.05)
    with (place / "feeds.toml").open("a") as file:
        file.write(hanging_feed)
    while not server.asked["/hang"]:
        time.sleep(0.05)
    os.kill(process.pid, signal.SIGTERM)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0
    assert "ended" in err.splitlines()[-1]
    reports = [json.loads(line) for line in out.splitlines()]
    assert reports[0]["new"] == 2
    assert reports[1]["results"][0]["status"] == "not_modified"
