"""The commands of `python -m analysis`: numbers that cannot be, and a store that holds nothing yet."""

import pytest

from analysis.__main__ import COMMANDS
from ingest.commands import dispatch


@pytest.mark.parametrize(
    "argv",
    [
        ["articles", "--limit", "-5"],
        ["articles", "--limit", "9" * 20],
        ["bursts", "--days", "0"],
        ["bursts", "--days", "9" * 9],
        ["event", "2019-10-01", "--window", "2"],
        ["event", "2019-10-01", "--window", "9999"],
        ["run", "--workers", "0"],
        ["series", "--min-n", "many"],
        ["topics", "--k", "0"],
        ["topics", "--k", "2", "--seed", "-1"],
    ],
)
def test_a_number_that_cannot_be_is_one_line_and_exit_code_2(argv, capsys):
    with pytest.raises(SystemExit) as ended:
        dispatch("analysis", COMMANDS, argv)
    assert ended.value.code == 2
    [line] = capsys.readouterr().err.splitlines()
    assert "is not a whole number from" in line


@pytest.mark.parametrize(
    "argv",
    [
        ["run", "--json"],
        ["series"],
        ["articles"],
        ["bursts", "--json"],
        ["event", "2019-10-25", "--json"],
        ["verify"],
        ["briefing", "--from", "2019-10-01", "--to", "2019-10-31", "-o", "report.html"],
    ],
    ids=lambda argv: argv[0],
)
def test_an_empty_store_is_no_error(argv, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LIANWATCH_STORE", "empty.duckdb")
    assert dispatch("analysis", COMMANDS, argv) == 0


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_a_help(command, capsys):
    with pytest.raises(SystemExit) as ended:
        dispatch("analysis", COMMANDS, [command, "--help"])
    assert ended.value.code == 0
    assert f"usage: python -m analysis {command}" in capsys.readouterr().out
