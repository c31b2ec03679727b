"""What the server does before anybody asks: the pages loaded, the front page's answers ready, after new data again.

Only time is saved: whatever is not ready yet is made when it is asked for.
"""

import contextlib
import gc
import time
from importlib import import_module
from threading import Thread

from dashboard import data, frame
from ingest.errors import LianwatchError

LOOK_EVERY_SECONDS = frame.LOOK_EVERY_SECONDS
"""As often as an open page looks for new data."""


def start() -> None:
    """Work ahead in a thread that ends with the process."""
    Thread(target=_work, name="ahead", daemon=True).start()


def _work() -> None:
    for name in frame.VIEWS:
        import_module(f"dashboard.views.{name}")
    known = None
    while True:
        with contextlib.suppress(LianwatchError):  # readers are told; here there is nobody
            if (now := data.version()) != known:
                known = now
                prepare()
        time.sleep(LOOK_EVERY_SECONDS)


def prepare() -> None:
    """Make ready what the front page shows to who has chosen nothing."""
    try:
        if reader := frame.first_reader():
            from dashboard.views import overview

            overview.prepare(reader)
    finally:
        _settle()


def _settle() -> None:
    """Leave what is there now out of every later search for garbage.

    Streamlit's own after each run of a page is switched off (`postScriptGC`); Python's go on, and each goes through all
    that is not left out, which takes twice as long as the run of a page whose answers are known.
    """
    gc.collect()
    gc.freeze()
