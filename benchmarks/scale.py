"""What each step and question costs from ten thousand articles on, and how it grows.

Each step runs in a process of its own: its seconds of CPU over all cores (what else the machine does changes seconds of
the clock tenfold), and the most memory it held. `growth` is the exponent between this size and the one before: 0 costs
the same, 1 is linear. "A day" is 2,000 new articles whatever is stored.
`LIANWATCH_BENCH_ARTICLES` (default 10000,100000,1000000) names the sizes; 10000000 takes hours and 25 GB of disk.
"""

import json
import math
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from analysis import pipeline, queries, rollups, search, stories, topics
from analysis.executors import InThisProcess
from analysis.selection import Selection
from benchmarks import corpus
from benchmarks.stores import filled
from ingest.store import Store, open_store
from ingest.upsert import store_articles

SIZES = tuple(int(n) for n in os.environ.get("LIANWATCH_BENCH_ARTICLES", "10000,100000,1000000").split(","))
A_DAY = 2_000
WHOLE_UP_TO = {"group everything": 100_000, "fit topics": 10_000}
"""Largest collection for steps that would take most of the time: the first grouping, and a first fit of topics."""

QUARTER = Selection(start=date(2019, 10, 1), end=date(2019, 12, 31))
QUESTIONS: dict[str, Callable[[Store], object]] = {
    "extent": queries.extent,
    "series": lambda store: queries.series(store, Selection()),
    "series of a quarter": lambda store: queries.series(store, QUARTER),
    "series by target": lambda store: queries.series(store, Selection(), by="target"),
    "series by outlet": lambda store: queries.by_outlet(store, Selection()),
    "series of a target and a theme": lambda store: queries.series(
        store, Selection(targets=("crypto",), themes=("market_moves",))
    ),
    "series of a search": lambda store: queries.series(store, Selection(search="监管")),
    "facets": lambda store: queries.facets(store, Selection()),
    "articles, newest": lambda store: queries.articles(store, Selection()),
    "articles with 监管": lambda store: queries.articles(store, Selection(search="监管")),
    "articles with digital yuan": lambda store: queries.articles(store, Selection(search='"digital yuan"')),
    "number of articles with 监管": lambda store: queries.article_count(store, Selection(search="监管")),
}


def _collect_a_day(store: Store) -> None:
    articles = corpus.fresh_articles(A_DAY)
    begun = time.process_time()
    with store.transaction() as tx:
        store_articles(tx, "feed", articles, corpus.outlet_groups(), sample=False, seen_at=corpus.FIRST_DAY)
        tx.stamp()
    _say(begun)


def _annotate(store: Store) -> None:
    pipeline.annotate_pending(store, InThisProcess(), False, lambda n: None)


def _forget(store: Store, table: str) -> None:
    with store.transaction() as tx:
        tx.execute(f"DELETE FROM {table}")


def _ask(store: Store) -> None:
    for name, question in QUESTIONS.items():
        question(store)
        begun = time.process_time()
        question(store)
        _say(begun, name)


STEPS: dict[str, Callable[[Store], object]] = {
    "questions": _ask,
    "collect a day": _collect_a_day,
    "annotate a day": _annotate,
    "group a day": stories.group_stories,
    "fold a day for the search": search.refresh,
    "add up a day": rollups.rebuild,
    "look for new articles, none": _annotate,
    "look for new copies, none": stories.group_stories,
    "look for days to add up, none": rollups.rebuild,
    "add up everything": rollups.rebuild,
    "group everything": stories.group_stories,
    "fit topics": lambda store: topics.refit(store, corpus.FIRST_DAY),
}
BEFORE = {"add up everything": "roll_day", "group everything": "stories"}
"""Table that is emptied before a step, outside its time."""

IN_THEIR_OWN_TIME = {"questions", "collect a day"}


def measure() -> list[dict]:
    rows: list[dict] = []
    with tempfile.TemporaryDirectory() as folder:
        for size in SIZES:
            path = Path(folder, f"{size}.duckdb")
            begun = time.process_time()
            filled(path, size)
            rows.append({"articles": size, "what": "write the collection", "cpu s": time.process_time() - begun})
            for step in STEPS:
                if size <= WHOLE_UP_TO.get(step, size):
                    rows += [{"articles": size} | row for row in _in_a_process(step, path)]
                    print(rows[-1], file=sys.stderr)
            path.unlink()
    return [_with_growth(row, rows) for row in rows]


def _in_a_process(step: str, path: Path) -> list[dict]:
    command = [sys.executable, "-m", "benchmarks.scale", step, str(path)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def _with_growth(row: dict, rows: list[dict]) -> dict:
    smaller = [other for other in rows if other["what"] == row["what"] and other["articles"] < row["articles"]]
    growth = None
    if smaller:
        other = smaller[-1]
        growth = math.log(row["cpu s"] / other["cpu s"]) / math.log(row["articles"] / other["articles"])
    return {
        "articles": row["articles"],
        "what": row["what"],
        "cpu s": round(row["cpu s"], 3),
        "growth": None if growth is None else round(growth, 2),
        "peak MB": row.get("peak MB"),
    }


def _say(begun: float, what: str | None = None) -> None:
    """Print what this step took so far."""
    # The process's own high-water mark (Linux); getrusage would tell its parent's if that was larger.
    peak = int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1]) // 1024
    print(json.dumps({"what": what or sys.argv[1], "cpu s": time.process_time() - begun, "peak MB": peak}))


def _do(step: str, path: str) -> None:
    store = open_store(path)
    if step in BEFORE:
        _forget(store, BEFORE[step])
    begun = time.process_time()
    STEPS[step](store)
    if step not in IN_THEIR_OWN_TIME:
        _say(begun)


if __name__ == "__main__":
    _do(*sys.argv[1:])
