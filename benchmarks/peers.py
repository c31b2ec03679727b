"""Contenders in environments of their own, so that their pins never touch Lianwatch's."""

import json
import subprocess
import sys
from pathlib import Path

ENVIRONMENTS = Path(__file__).with_name(".peers")


def python(name: str, *requirements: str) -> Path:
    """Interpreter of the environment `name` with pinned `requirements`; made on first use, kept for the next run."""
    interpreter = ENVIRONMENTS / name / "bin" / "python"
    marker = ENVIRONMENTS / name / "requirements.json"
    if not marker.exists() or json.loads(marker.read_text()) != list(requirements):
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(ENVIRONMENTS / name)], check=True)
        subprocess.run([str(interpreter), "-m", "pip", "install", "--quiet", *requirements], check=True)
        marker.write_text(json.dumps(list(requirements)))
    return interpreter


def run(name: str, requirements: tuple[str, ...], code: str, *arguments: str, stdin: str = "") -> dict:
    """Run `code` in a contender's environment; it prints one JSON object as its last line, which is returned."""
    interpreter = python(name, *requirements)
    done = subprocess.run(
        [str(interpreter), "-c", code, *arguments], input=stdin, capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout.splitlines()[-1])
