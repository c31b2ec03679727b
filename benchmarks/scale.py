"""What each step and question costs from ten thousand articles on, and how it grows.

Each step runs in a process of its own: its seconds of CPU over all cores (what else the machine does changes seconds of
the clock tenfold), and the most memory it held. `growth` is the exponent between this size and the one before: 0 costs
the same, 1 is linear. "A day" is 2,000 new articles whatever is stored.
`--articles` names the sizes; what was measured of others stays in the results. `LIANWATCH_BENCH_FOLDER` keeps the
stores, and uses those that are there (10000000 articles: 12 GB).
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
from contextlib import nullcontext
from datetime import date
from pathlib import Path

from analysis import pipeline, queries, rollups, stories, topics
from analysis.executors import InThisProcess
from analysis.selection import Selection
from benchmarks import corpus
from benchmarks.stores import filled
from ingest.pending import GROUP, mark_articles
from ingest.store import Store, open_store
from ingest.upsert import store_articles

SIZES = tuple(int(n) for n in os.environ.get("LIANWATCH_BENCH_ARTICLES", "10000,100000,1000000").split(","))
FOLDER = os.environ.get("LIANWATCH_BENCH_FOLDER")
RESULTS = Path(__file__).parent / "results" / "scale.json"
A_DAY = 2_000
WHOLE_UP_TO = {
    "add up everything": 100_000,
    "compare everything": 1_000_000,
    "give a day its topics": 1_000_000,
    "group everything": 100_000,
    "fit topics": 1_000_000,
}
"""Largest collection for steps that would take most of the time."""

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
    begun = _now()
    with store.transaction() as tx:
        store_articles(tx, "feed", articles, corpus.outlet_groups(), sample=False, seen_at=corpus.FIRST_DAY)
        tx.stamp()
    _say(begun)


def _annotate(store: Store) -> None:
    pipeline.annotate_pending(store, InThisProcess(), False, lambda n: None)


def _ask(store: Store) -> None:
    store.spare_memory()  # as a dashboard does
    for name, question in QUESTIONS.items():
        question(store)
        begun = _now()
        question(store)
        _say(begun, name)


def _run(store: Store) -> None:
    """What `analysis run` does, but for topics, which are measured apart."""
    _annotate(store)
    stories.group_stories(store)
    rollups.rebuild(store)
    pipeline.totals(store)


def _add_up_everything(store: Store) -> None:
    with store.transaction() as tx:
        tx.execute("DELETE FROM meta WHERE key = 'days_in'")
    rollups.rebuild(store)


STEPS: dict[str, Callable[[Store], object]] = {
    "questions": _ask,
    "collect a day": _collect_a_day,
    "annotate a day": _annotate,
    "group a day": stories.group_stories,
    "give a day its topics": lambda store: topics.update(store, corpus.FIRST_DAY),
    "add up a day": rollups.rebuild,
    "a run with nothing new": _run,
    "add up everything": _add_up_everything,
    "compare everything": rollups.differing_days,
    "group everything": stories.group_stories,
    "fit topics": lambda store: topics.refit(store, corpus.FIRST_DAY),
}
IN_THEIR_OWN_TIME = {"questions", "collect a day"}


def measure() -> list[dict]:
    rows = [row for row in json.loads(RESULTS.read_text(encoding="utf-8")) if row["articles"] not in SIZES]
    with nullcontext(FOLDER) if FOLDER else tempfile.TemporaryDirectory() as folder:
        for size in SIZES:
            path = Path(folder, f"{size}.duckdb")
            if not path.exists():
                begun = time.process_time()
                filled(path, size)
                rows.append({"articles": size, "what": "write the collection", "cpu s": time.process_time() - begun})
            for step in STEPS:
                if size <= WHOLE_UP_TO.get(step, size):
                    rows += [{"articles": size} | row for row in _in_a_process(step, path)]
                    print(rows[-1], file=sys.stderr)
            if not FOLDER:
                path.unlink()
    rows.sort(key=lambda row: row["articles"])
    return [_with_growth(row, rows) for row in rows]


def _in_a_process(step: str, path: Path) -> list[dict]:
    command = [sys.executable, "-m", "benchmarks.scale", step, str(path)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    return [row for row in rows if "what" in row]


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
        "s": None if row.get("s") is None else round(row["s"], 3),
        "growth": None if growth is None else round(growth, 2),
        "peak MB": row.get("peak MB"),
    }


def _now() -> tuple[float, float]:
    return time.process_time(), time.perf_counter()


def _say(begun: tuple[float, float], what: str | None = None) -> None:
    """Print what this step took so far."""
    cpu, clock = (now - then for now, then in zip(_now(), begun, strict=True))
    # The process's own high-water mark (Linux); getrusage would tell its parent's if that was larger.
    peak = int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1]) // 1024
    print(json.dumps({"what": what or sys.argv[1], "cpu s": cpu, "s": clock, "peak MB": peak}))


def _do(step: str, path: str) -> None:
    store = open_store(path)
    if step == "group everything":
        with store.transaction() as tx:
            tx.execute("DELETE FROM stories")
            mark_articles(tx, GROUP, [id_ for (id_,) in tx.rows("SELECT article_id FROM annotations")])
    begun = _now()
    STEPS[step](store)
    if step not in IN_THEIR_OWN_TIME:
        _say(begun)


if __name__ == "__main__":
    _do(*sys.argv[1:])
