import os
import subprocess
import sys

import pytest


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
