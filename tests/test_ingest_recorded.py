"""Every recorded document, held against what bare feedparser reads of it."""

import hashlib
import json
import os
from datetime import UTC, datetime
from pathlib import Path

import feedparser
import pytest

from ingest.model import Feed
from ingest.parse import document_of, parse, read

FEED = Feed("https://daily.example/feed", "Harbour Daily", "Harbour Daily", "hongkong", "en", "Asia/Shanghai")
READ_BY_FEEDPARSER = Path(__file__).parent / "data" / "read_by_feedparser.json"
"""Digest of each recorded document as bare feedparser reads it; where a field was added to what is read, say,
`python -m tests.test_ingest_recorded`, run from the root, asks it and writes them anew."""
ONLY_HERE = {"3960.json", "DaringFireball.json", "allthis.json", "rose.json"} | {
    "compressed.xml",
    "invalid-characters-gzipped.xml",
}
DOUBTED = {"SamRuby.xml"}  # it reads the entities in there differently as long as no media type is named


def recorded(folder) -> dict:
    """Address of each recorded document below `folder` → its path."""
    return {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()}


def as_feedparser(body: bytes) -> str:
    """Digest of what bare feedparser reads of a document."""
    bare = document_of(feedparser.parse(body, sanitize_html=False, resolve_relative_uris=False))
    return digest(bare) if bare.entries else ""


def digest(document) -> str:
    return hashlib.sha256(repr(document).encode()).hexdigest()[:16]


@pytest.mark.shared
def test_every_recorded_feed_reads_as_bare_feedparser_reads_it_and_json_and_gzip_as_well(shared):
    """What feedparser reads is known by digest, since reading it takes 10 s of CPU; another release is asked itself."""
    known = json.loads(READ_BY_FEEDPARSER.read_text(encoding="utf-8"))
    asked = as_feedparser if known["feedparser"] != feedparser.__version__ else None
    paths = recorded(shared / "data" / "feeds")
    assert set(known["documents"]) == set(paths)
    for name, path in paths.items():
        body = path.read_bytes()
        bare = asked(body) if asked else known["documents"][name]
        if path.name in ONLY_HERE:
            assert not bare
        else:
            assert path.name in DOUBTED or digest(read(body)) == bare, name
        parsed = parse(body, FEED, now=datetime(2026, 1, 1, tzinfo=UTC))
        assert len(parsed.articles) + len(parsed.problems) == parsed.entries, name


def write_digests() -> None:
    """Have feedparser read everything and write down what it reads."""
    folder = Path(os.environ.get("LIANWATCH_SHARED") or Path(__file__).parents[2] / "shared") / "data" / "feeds"
    documents = {name: as_feedparser(path.read_bytes()) for name, path in recorded(folder).items()}
    known = {"feedparser": feedparser.__version__, "documents": documents}
    READ_BY_FEEDPARSER.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write_digests()
