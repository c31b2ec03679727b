"""Feeds from a web server on loopback into the store, beside `reader`; a feed that hangs; a second run without news."""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote

from benchmarks import peers

READER = ("reader==3.26", "sgmllib3k==1.0.0")
ROOT = Path(__file__).parent.parent
TIMEOUT_SECONDS = 5
FEEDS, LATENCY_SECONDS = 100, 0.3
RUNS = 3
"""First rounds of each, by turns: the one that took the least CPU was the least disturbed by other programs."""

SERVE = """
import functools, http.server, sys
class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_): pass
class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 200
server = Server(("127.0.0.1", 0), functools.partial(Quiet, directory=sys.argv[1]))
print(server.server_port, flush=True)
server.serve_forever()
"""

PEER = """
import json, logging, sys, time, warnings
warnings.simplefilter("ignore"); logging.disable()
from reader import make_reader
reader = make_reader(sys.argv[1])
for url in sys.stdin.read().split():
    reader.add_feed(url)
wall, cpu = time.perf_counter(), time.process_time()
reader.update_feeds(workers=1)
wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
print(json.dumps({"entries": reader.get_entry_counts().total, "seconds": wall, "cpu": cpu}))
"""

OURS = """
import json, sys, time
import feedparser  # reader's imports are not timed either
from ingest import fetch, update
from ingest.model import Feed
from ingest.store import open_store
store = open_store(sys.argv[1])
feeds = [Feed(url, url, url, "other", "", "UTC") for url in sys.stdin.read().split()]
settings = fetch.Settings(total_seconds=float(sys.argv[2]), allow_private=True)
wall, cpu = time.perf_counter(), time.process_time()
outcomes = update.collect(store, feeds, settings, everything=True)
wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
entries = sum(each.new + each.updated + each.seen for each in outcomes)
new = sum(each.new for each in outcomes)
print(json.dumps({"entries": entries, "seconds": wall, "cpu": cpu, "new": new, "version": store.data_version()}))
"""


def measure() -> list[dict]:
    """Rows of what, entries, seconds, cpu (seconds) and figure with its aim."""
    with tempfile.TemporaryDirectory() as place:
        return [*_end_to_end(Path(place)), _one_hangs(Path(place))]


def _end_to_end(place: Path) -> Iterator[dict]:
    with _serving_documents() as urls:
        rounds = [(_theirs(place / f"{n}.sqlite", urls), _ours(place / f"{n}.duckdb", urls)) for n in range(RUNS)]
        theirs, ours = (min(runs, key=lambda run: run["cpu"]) for runs in zip(*rounds, strict=True))
        again = _ours(place / "0.duckdb", urls)
    rate, their_rate = ours["entries"] / ours["cpu"], theirs["entries"] / theirs["cpu"]
    row = {"what": f"{len(urls)} feeds: reader", **_times(theirs)}
    yield row | {"figure": f"{their_rate:.0f} entries a CPU second", "aim": ""}
    row = {"what": f"{len(urls)} feeds: lianwatch", **_times(ours)}
    yield row | {"figure": f"{rate:.0f} entries a CPU second, {rate / their_rate:.1f} x", "aim": "10 x"}
    row = {"what": f"{len(urls)} feeds again", **_times(again)}
    same = "same store" if again["version"] == ours["version"] else "CHANGED STORE"
    yield row | {"figure": f"{again['new']} new, {same}", "aim": "0 new, same store"}


def _one_hangs(place: Path) -> dict:
    with _serving_slowly() as (base, asked):
        urls = [f"{base}/hang", *(f"{base}/{number}" for number in range(FEEDS - 1))]
        ours = _ours(place / "hang.duckdb", urls, TIMEOUT_SECONDS)
        most = max(asked.values())
    limit = 1.3 * (TIMEOUT_SECONDS + 2)
    figure = f"{ours['seconds']:.1f} s, {ours['new']} stored, at most {most} request a feed"
    row = {"what": f"{FEEDS} feeds of {LATENCY_SECONDS} s, one hangs {TIMEOUT_SECONDS} s", **_times(ours)}
    return row | {"figure": figure, "aim": f"{limit:.1f} s, {FEEDS - 1} stored"}


def _times(run: dict) -> dict:
    return {"entries": run["entries"], "seconds": round(run["seconds"], 2), "cpu": round(run["cpu"], 2)}


def _theirs(store: Path, urls: list[str]) -> dict:
    return peers.run("reader", READER, PEER, str(store), stdin="\n".join(urls))


def _ours(store: Path, urls: list[str], timeout: float = 30) -> dict:
    command = [sys.executable, "-c", OURS, str(store), str(timeout)]
    done = subprocess.run(command, input="\n".join(urls), capture_output=True, text=True, check=True, cwd=ROOT)
    return json.loads(done.stdout.splitlines()[-1])


def _documents() -> Path:
    """Recorded feeds where they lie beside the checkout, else the sample."""
    recorded = Path(os.environ.get("LIANWATCH_SHARED") or ROOT.parent / "shared") / "data" / "feeds"
    return recorded if recorded.is_dir() else ROOT / "ingest" / "sample"


@contextmanager
def _serving_documents() -> Iterator[list[str]]:
    """Addresses of the documents, served by a process of its own so that it takes no time from those measured."""
    folder = _documents()
    files = sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file() and path.suffix != ".toml")
    server = subprocess.Popen([sys.executable, "-c", SERVE, str(folder)], stdout=subprocess.PIPE, text=True)
    try:
        port = int(server.stdout.readline())
        yield [f"http://127.0.0.1:{port}/{quote(str(file))}" for file in files]
    finally:
        server.terminate()
        server.wait()


@contextmanager
def _serving_slowly() -> Iterator[tuple[str, Counter]]:
    asked: Counter[str] = Counter()
    end = threading.Event()

    class Slow(BaseHTTPRequestHandler):
        def do_GET(self):
            asked[self.path] += 1
            end.wait(60 if self.path == "/hang" else LATENCY_SECONDS)
            item = f"<item><title>News from feed {self.path}</title><link>https://slow.example{self.path}</link></item>"
            body = f'<rss version="2.0"><channel><title>Slow</title>{item}</channel></rss>'.encode()
            self.send_response(200)
            self.end_headers()
            with contextlib.suppress(BrokenPipeError):  # who waited for the hanging feed has gone
                self.wfile.write(body)

        def log_message(self, *_):
            pass

    ThreadingHTTPServer.request_queue_size = 2 * FEEDS
    server = ThreadingHTTPServer(("127.0.0.1", 0), Slow)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        end.set()
        server.shutdown()
        server.server_close()
