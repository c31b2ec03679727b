import os
import subprocess
import sys

import pytest

from ingest.__main__ import COMMANDS
from ingest.commands import dispatch


def run(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "-m", *arguments], capture_output=True, text=True, env={**os.environ, **environment}
    )


@pytest.mark.parametrize("package", ["ingest", "analysis"])
def test_an_unknown_command_is_one_line_and_exit_code_2(package):
    done = run(package, "nonsense")
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert "nonsense" in done.stderr


@pytest.mark.parametrize("package", ["ingest", "analysis"])
def test_help_names_every_command(package):
    done = run(package, "--help")
    assert done.returncode == 0
    assert "run" in done.stdout


FEEDS = [["feeds", verb] for verb in ("list", "check", "add", "remove", "import-opml", "export-opml")]


@pytest.mark.parametrize("argv", [*([command] for command in COMMANDS), *FEEDS], ids=" ".join)
def test_each_command_has_a_help(argv, capsys):
    with pytest.raises(SystemExit) as ended:
        dispatch("ingest", COMMANDS, [*argv, "--help"])
    assert ended.value.code == 0
    assert f"usage: python -m ingest {' '.join(argv)}" in capsys.readouterr().out
