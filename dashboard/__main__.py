"""`make run`: open the dashboard at once, and collect and analyse beside it every half hour until Ctrl-C.

    dashboard ─────────────────────────────────────────────► runs until it is closed
    collect ─► analyse ─► wait ─► collect ─► analyse ─► ...
       └─ offline and nothing stored yet ─► sample data

Everything it starts ends with it.
"""

import contextlib
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ingest.config import feeds_path, load_feeds
from ingest.errors import LianwatchError
from ingest.store import Store, open_store

APP = Path(__file__).with_name("app.py")
COLLECT_EVERY_SECONDS = 30 * 60
OFFLINE_AFTER_SECONDS = 8
"""With nothing stored and no answer from any feed by then, readers see the sample while collecting goes on."""

Children = list[subprocess.Popen]


def main() -> int:
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        load_feeds(feeds_path())
        store = open_store(writing=True)
        with _children() as children:
            dashboard = _start(children, "streamlit", "run", str(APP))
            while dashboard.poll() is None:
                _collect_and_analyse(children, store)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    dashboard.wait(COLLECT_EVERY_SECONDS)
            return dashboard.returncode
    except KeyboardInterrupt:
        return 0
    except LianwatchError as error:
        print(f"lianwatch: {error}", file=sys.stderr)
        return error.exit_code


def _collect_and_analyse(children: Children, store: Store) -> None:
    collecting = _start(children, "ingest", "run")
    with contextlib.suppress(subprocess.TimeoutExpired):
        collecting.wait(OFFLINE_AFTER_SECONDS)
    if not _has_articles(store):
        print("No feed has answered yet (offline?): showing the sample data meanwhile.", file=sys.stderr)
        _start(children, "ingest", "sample").wait()
        _start(children, "analysis", "run").wait()
    if collecting.wait() == 0:
        _start(children, "analysis", "run").wait()


def _has_articles(store: Store) -> bool:
    return bool(store.rows("SELECT 1 FROM articles LIMIT 1"))


@contextmanager
def _children() -> Iterator[Children]:
    children: Children = []
    try:
        yield children
    finally:
        for child in children:
            child.terminate()
        for child in children:
            child.wait()


def _start(children: Children, module: str, *arguments: str) -> subprocess.Popen:
    child = subprocess.Popen([sys.executable, "-m", module, *arguments])
    children.append(child)
    return child


if __name__ == "__main__":
    sys.exit(main())
