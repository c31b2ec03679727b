"""`ingest sample`: load the invented news of `ingest/sample/`, the same way as any feed."""

import argparse
import sys
import time
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from ingest import config, feedstates
from ingest.commands import print_json
from ingest.errors import ConfigError, NotAFeedError
from ingest.model import Feed
from ingest.parse import ParsedFeed, parse
from ingest.schedule import FeedState
from ingest.store import Store, open_store
from ingest.upsert import store_articles

SAMPLE = Path(config.__file__).with_name("sample")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--store", metavar="URL", help="where to store (default: LIANWATCH_STORE)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(args: argparse.Namespace) -> int:
    started = time.monotonic()
    store = open_store(args.store, writing=True)
    results = load(store, SAMPLE, datetime.now(UTC))
    sums = {name: sum(result[name] for result in results) for name in ("new", "updated", "seen")}
    if args.json:
        seconds = round(time.monotonic() - started, 2)
        version = store.data_version()
        print_json({"feeds": len(results), **sums, "seconds": seconds, "data_version": version, "results": results})
    else:
        print(f"{len(results)} invented feeds: {sums['new']} new articles, {sums['seen']} stored before")
    print("This is sample data: no outlet, person or event in it is real.", file=sys.stderr)
    return 0


def load(store: Store, folder: Path, now: datetime) -> list[dict]:
    """Store every sample document of `folder`. Raises ConfigError where a file and `feeds.toml` do not agree."""
    documents = list(_documents(folder, now))
    results = []
    with store.transaction() as tx:
        for feed, document in documents:
            counts = store_articles(tx, feed.url, document.articles, document.groups, sample=True, seen_at=now)
            feedstates.save(tx, [(feed, FeedState(feed.url))], subscribed=False)
            count = {"new": counts.new, "updated": counts.updated, "seen": counts.seen}
            results.append({"feed": feed.name, "path": feed.url.removeprefix("sample:"), "status": "ok", **count})
        tx.stamp()
    return results


def _documents(folder: Path, now: datetime) -> Iterator[tuple[Feed, ParsedFeed]]:
    listed = _listed(folder / "feeds.toml")
    if unlisted := sorted(path.name for path in folder.glob("*.xml") if path.name not in listed):
        raise ConfigError(f"{folder / 'feeds.toml'}: {unlisted[0]} is not listed")
    for file, feed in listed.items():
        try:
            yield feed, parse((folder / file).read_bytes(), feed, now=now)
        except (OSError, NotAFeedError) as error:
            raise ConfigError(f"{folder / file}: {error}") from None


def _listed(path: Path) -> dict[str, Feed]:
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8"))["feed"]
        return {
            entry["file"]: Feed(
                f"sample:{entry['file']}", entry["name"], entry["outlet"], entry["group"], entry["language"],
                entry["timezone"], sample=True,
            )
            for entry in entries
        }  # fmt: skip
    except KeyError as error:
        raise ConfigError(f"{path}: {error} is missing") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path}: {error}") from None
