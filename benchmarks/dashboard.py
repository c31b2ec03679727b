"""Runs of the front page beside a hello-world page in the same run, by size of the store and number of readers.

Measured at the server, without a browser: from the reader's message to the end of the run, everything sent. A "new"
run asks for a selection nobody asked for yet; a "known" one is answered from the cache. Several readers look at the
page for a while before they ask again. The hello-world page is served as Streamlit comes, which includes a search for
garbage after each run; it is measured before and after the dashboard. The naive page (`naive_page`) draws two of its
charts.
"""

import os
import statistics
import tempfile
from pathlib import Path

from benchmarks import readers, stores
from ingest.store import open_store

STORES = os.environ.get("LIANWATCH_BENCH_ARTICLES", "100000,1000000").split(",")
"""Numbers of articles of stores to make, or paths of stores that are there."""

READERS = (1, 10, 20)
ROUNDS = 4

NEW = [f"from={year}-0{month}-01&to={year}-0{month + 2}-28" for year in range(2018, 2026) for month in (1, 4, 6)]
"""Selections of three months, each asked for once."""

KNOWN = ["", "freq=week", "period=90d", "group=western", "target=crypto", "period=xi2019"]
"""Selections asked for again and again."""

NAIVE = Path(__file__).with_name("naive_page.py")
"""What one would write without this project: every article in a pandas frame."""

HELLO = 'import streamlit as st\nst.write("Hello, world!")\n'


def measure() -> list[dict]:
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder, "hello.py")
        page.write_text(HELLO)
        for named in STORES:
            store = stores.filled(Path(folder, f"{named}.duckdb"), int(named)) if named.isdigit() else Path(named)
            articles = open_store(str(store)).rows("SELECT count(*) FROM articles")[0][0]
            rows += [{"articles": articles} | row for row in _side_by_side(page, store)]
    return rows


def _side_by_side(page: Path, store: Path) -> list[dict]:
    app = readers.ROOT / "dashboard" / "app.py"
    with readers.serving(page) as (hello_port, hello_pid):
        hello, hello_cpu = _runs(hello_port, hello_pid, KNOWN * ROUNDS, 1)
        with readers.serving(app, store) as (port, pid):
            cold = readers.visit(port, [""])[0].seconds[0]
            measured = [("new", 1, *_runs(port, pid, NEW, 1), readers.resident_mb(pid))]
            readers.visit(port, KNOWN)
            for count in READERS:
                measured.append(("known", count, *_runs(port, pid, KNOWN * ROUNDS, count), readers.resident_mb(pid)))
        with readers.serving(NAIVE, store) as (port, pid):
            naive = ("new, naive pandas page", 1, *_runs(port, pid, NEW, 1), readers.resident_mb(pid))
        measured.insert(1, naive)
        again, again_cpu = _runs(hello_port, hello_pid, KNOWN * ROUNDS, 1)
    rows = [_row(*run, hello + again, (hello_cpu + again_cpu) / 2) for run in measured]
    rows[0] |= {"first page s": round(cold, 2)}
    for row in rows[3:]:
        row["p95 / one reader"] = round(row["p95 ms"] / rows[2]["p95 ms"], 2)
    return rows


def _runs(port: int, pid: int, queries: list[str], count: int) -> tuple[list, float]:
    """What all readers saw without the first run of each session, and CPU seconds a run."""
    before = readers.cpu_seconds(pid)
    seen = readers.visit(port, [queries[-1], *queries], count)
    cpu = (readers.cpu_seconds(pid) - before) / (count * (len(queries) + 1))
    return [pair for runs in seen for pair in list(zip(runs.seconds, runs.chart_bytes, strict=True))[1:]], cpu


def _row(kind, count, runs, cpu, memory, hello, hello_cpu) -> dict:
    seconds, peer = sorted(s for s, _ in runs), sorted(s for s, _ in hello)
    return {
        "run": kind,
        "readers": count,
        "p50 ms": round(1e3 * statistics.median(seconds)),
        "p95 ms": round(1e3 * _p95(seconds)),
        "hello p50 ms": round(1e3 * statistics.median(peer)),
        "hello p95 ms": round(1e3 * _p95(peer)),
        "p50 / hello": round(statistics.median(seconds) / statistics.median(peer), 2),
        "p95 / hello": round(_p95(seconds) / _p95(peer), 2),
        "cpu ms": round(1e3 * cpu),
        "cpu / hello": round(cpu / hello_cpu, 2),
        "chart KB": round(max(size for _, size in runs) / 1024),
        "memory MB": round(memory),
    }


def _p95(ordered: list[float]) -> float:
    return ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
