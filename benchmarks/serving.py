"""Readers of the front page behind nginx, with one and with two dashboards, by the number of readers.

The proxy is set up by `deploy/nginx.conf`, with the ports of the run. Readers look at a page for a while before they
turn to the next; all of it, readers included, shares the machine's cores. "cpu ms a run" is what a dashboard's process
spends: it does not depend on what else the machine does. Left out where nginx is not installed.
"""

import math
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from benchmarks import readers, stores

ARTICLES = 100_000
DASHBOARDS = (1, 2)
READERS = (1, 10, 20, 40, 80)
PAGES = ["", "freq=week", "period=90d", "target=crypto"]

_MAIN = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {site}
}}
"""


def measure() -> list[dict]:
    if not shutil.which("nginx"):
        print("nginx is not installed: left out", file=sys.stderr)
        return [{"dashboards": 0, "readers": 0}]
    with tempfile.TemporaryDirectory() as folder:
        store = stores.filled(Path(folder, "store.duckdb"), ARTICLES)
        return [row for count in DASHBOARDS for row in _behind_nginx(Path(folder), store, count)]


def _behind_nginx(folder: Path, store: Path, dashboards: int) -> list[dict]:
    app = readers.ROOT / "dashboard" / "app.py"
    rows = []
    with ExitStack() as stack:
        running = [stack.enter_context(readers.serving(app, store)) for _ in range(dashboards)]
        for port, _ in running:
            readers.visit(port, PAGES)
        port = stack.enter_context(_nginx(folder, [port for port, _ in running]))
        for count in READERS:
            before = sum(readers.cpu_seconds(pid) for _, pid in running)
            seen = [second for runs in readers.visit(port, PAGES, count) for second in runs.seconds[1:]]
            cpu = sum(readers.cpu_seconds(pid) for _, pid in running) - before
            rows.append(_row(dashboards, count, sorted(seen), cpu / (count * len(PAGES)), running))
            print(rows[-1], file=sys.stderr)
    return rows


@contextmanager
def _nginx(folder: Path, ports: list[int]) -> Iterator[int]:
    """Port of an nginx before the dashboards at `ports`."""
    port = readers.free_port()
    site = (readers.ROOT / "deploy" / "nginx.conf").read_text()
    servers = " ".join(f"server 127.0.0.1:{each};" for each in ports)
    site = site.replace("server 127.0.0.1:8601;", servers).replace("server 127.0.0.1:8602;", "")
    configuration = folder / "nginx.conf"
    configuration.write_text(_MAIN.format(folder=folder, site=site.replace("8600", str(port))))
    server = subprocess.Popen(["nginx", "-c", str(configuration), "-e", str(folder / "error.log")])
    try:
        readers.wait(f"http://127.0.0.1:{port}/_stcore/health", server)
        yield port
    finally:
        server.terminate()
        server.wait()


def _row(dashboards: int, count: int, ordered: list[float], cpu: float, running: list[tuple[int, int]]) -> dict:
    return {
        "dashboards": dashboards,
        "readers": count,
        "runs": len(ordered),
        "p50 ms": round(1e3 * statistics.median(ordered)),
        "p95 ms": round(1e3 * ordered[math.ceil(0.95 * len(ordered)) - 1]),
        "cpu ms a run": round(1e3 * cpu),
        "memory MB each": round(max(readers.resident_mb(pid) for _, pid in running)),
    }
