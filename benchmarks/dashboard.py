"""Runs of the front page beside a hello-world page in the same run, by size of the store and number of readers.

Measured at the server, without a browser: from the reader's message to the end of the run, everything sent. A "new"
run asks for a selection nobody asked for yet; a "known" one is answered from the cache. Readers look at the page for
a while before they ask again.
"""

import os
import statistics
import tempfile
from pathlib import Path

from benchmarks import readers, stores

SIZES = tuple(int(size) for size in os.environ.get("LIANWATCH_BENCH_ARTICLES", "100000,1000000").split(","))
READERS = (1, 10)
ROUNDS = 3

NEW = [f"from={year}-0{month}-01&to={year}-0{month + 2}-28" for year in range(2018, 2026) for month in (1, 4, 6)]
"""Selections of three months, each asked for once."""

KNOWN = ["", "freq=week", "period=90d", "group=western", "target=crypto", "period=xi2019"]
"""Selections asked for again and again."""

HELLO = 'import streamlit as st\nst.write("Hello, world!")\n'


def measure() -> list[dict]:
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder, "hello.py")
        page.write_text(HELLO)
        for size in SIZES:
            store = stores.filled(Path(folder, f"{size}.duckdb"), size)
            rows += _side_by_side(page, store, size)
    return rows


def _side_by_side(page: Path, store: Path, size: int) -> list[dict]:
    app = readers.ROOT / "dashboard" / "app.py"
    with readers.serving(page) as (hello_port, hello_pid), readers.serving(app, store) as (port, pid):
        hello, hello_cpu = _runs(hello_port, hello_pid, KNOWN * ROUNDS, 1)
        cold = readers.visit(port, [""])[0].seconds[0]
        new, new_cpu = _runs(port, pid, NEW, 1)
        rows = [_row(size, "new", 1, new, new_cpu, hello, hello_cpu, pid) | {"first page s": round(cold, 2)}]
        readers.visit(port, KNOWN)
        for count in READERS:
            known, cpu = _runs(port, pid, KNOWN * ROUNDS, count)
            rows.append(_row(size, "known", count, known, cpu, hello, hello_cpu, pid))
    return rows


def _runs(port: int, pid: int, queries: list[str], count: int) -> tuple[list, float]:
    """What all readers saw without the first run of each session, and CPU seconds a run."""
    before = readers.cpu_seconds(pid)
    seen = readers.visit(port, [queries[-1], *queries], count)
    cpu = (readers.cpu_seconds(pid) - before) / (count * (len(queries) + 1))
    return [pair for runs in seen for pair in list(zip(runs.seconds, runs.chart_bytes, strict=True))[1:]], cpu


def _row(size, kind, count, runs, cpu, hello, hello_cpu, pid) -> dict:
    seconds, peer = sorted(s for s, _ in runs), sorted(s for s, _ in hello)
    return {
        "articles": size,
        "run": kind,
        "readers": count,
        "p50 ms": round(1e3 * statistics.median(seconds)),
        "p95 ms": round(1e3 * _p95(seconds)),
        "hello p50 ms": round(1e3 * statistics.median(peer)),
        "p50 / hello": round(statistics.median(seconds) / statistics.median(peer), 2),
        "p95 / hello": round(_p95(seconds) / _p95(peer), 2),
        "cpu / hello": round(cpu / hello_cpu, 2),
        "chart KB": round(max(size for _, size in runs) / 1024),
        "memory MB": round(readers.resident_mb(pid)),
    }


def _p95(ordered: list[float]) -> float:
    return ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
