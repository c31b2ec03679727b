"""Reading feed documents: CPU and entries lost, beside bare feedparser, reader and fastfeedparser.

Over the recorded feeds beside the checkout (`LIANWATCH_SHARED`), else over the sample feeds. Each contender reads
every document twice in a process of its own and the quicker round counts. Lost are the entries of a document that
bare feedparser or this parser finds and the contender does not.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from benchmarks import peers

ROOT = Path(__file__).parents[1]
PEERS = {
    "reader": ("reader==3.26", "sgmllib3k==1.0.0"),  # the feedparser it carries needs the latter
    "fastfeedparser": ("fastfeedparser==0.6.5",),
}

_TIMED = """
import json, sys, time, warnings
warnings.simplefilter("ignore")
paths = json.load(sys.stdin)
def count(path):
    try:
        return read(path)
    except Exception as error:
        return 0
def round_():
    started = time.process_time()
    counts = [count(path) for path in paths]
    return time.process_time() - started, counts
rounds = [round_() for _ in range(2)]
print(json.dumps({"cpu": min(seconds for seconds, _ in rounds), "counts": rounds[0][1]}))
"""

_READ = {
    "lianwatch": """
from datetime import UTC, datetime
from pathlib import Path
from ingest.model import Feed
from ingest.parse import parse
def read(path):
    feed = Feed(path, path, None, "other", "", "")
    parsed = parse(Path(path).read_bytes(), feed, now=datetime.now(UTC))
    return len(parsed.articles) + len(parsed.problems)
""",
    "feedparser": """
import feedparser
from pathlib import Path
def read(path):
    return len(feedparser.parse(Path(path).read_bytes()).entries)
""",
    "reader": """
import io
from pathlib import Path
from reader._parser.feedparser import FeedparserParser
from reader._parser.jsonfeed import JSONFeedParser
def read(path):  # reader picks one of the two by the media type a server names
    body = Path(path).read_bytes()
    parser = JSONFeedParser() if body[:1] == b"{" else FeedparserParser()
    return len(parser(path, io.BytesIO(body), {"content-type": "application/xml"})[1])
""",
    "fastfeedparser": """
import fastfeedparser
from pathlib import Path
def read(path):
    return len(fastfeedparser.parse(Path(path).read_bytes()).entries)
""",
}


def measure() -> list[dict]:
    """One row a contender: CPU seconds, ratio to bare feedparser, MB/s, entries read, entries lost."""
    paths = _documents()
    size = sum(path.stat().st_size for path in paths) / 1e6
    found = {name: _run(name, paths) for name in _READ}
    best = [
        max(counts) for counts in zip(*(found[name]["counts"] for name in ("lianwatch", "feedparser")), strict=True)
    ]
    bare = found["feedparser"]["cpu"]
    return [
        {
            "contender": name,
            "documents": len(paths),
            "cpu_seconds": result["cpu"],
            "times_feedparser": result["cpu"] / bare,
            "mb_per_second": size / result["cpu"],
            "entries": sum(result["counts"]),
            "lost": sum(max(0, there - here) for there, here in zip(best, result["counts"], strict=True)),
        }
        for name, result in found.items()
    ]


def _documents() -> list[Path]:
    shared = Path(os.environ.get("LIANWATCH_SHARED") or ROOT.parent / "shared") / "data" / "feeds"
    folder = shared if shared.is_dir() else ROOT / "ingest" / "sample"
    names = {"README.md", "feeds.toml"}
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.name not in names)


def _run(name: str, paths: list[Path]) -> dict:
    code, stdin = _READ[name] + _TIMED, json.dumps([str(path) for path in paths])
    if name in PEERS:
        return peers.run(name, PEERS[name], code, stdin=stdin)
    done = subprocess.run(
        [sys.executable, "-c", code], input=stdin, capture_output=True, text=True, check=True, cwd=ROOT
    )
    return json.loads(done.stdout.splitlines()[-1])
