"""Work that kills the process it runs in: importable, so that other processes can be given it."""

import os
import signal
from pathlib import Path

from analysis.annotate import annotate_batch


def killed_once(flag: str, documents):
    """Annotate, but the first process to get here is killed in the middle of it; `flag` is a path."""
    try:
        Path(flag).touch(exist_ok=False)
        os.kill(os.getpid(), signal.SIGKILL)
    except FileExistsError:
        pass
    return annotate_batch(documents)


def always_killed(_):
    os.kill(os.getpid(), signal.SIGKILL)
