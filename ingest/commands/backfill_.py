"""`ingest backfill`: fetch history, in parts; stopped and started again, it goes on where it was."""

import argparse
import sys
import time
from dataclasses import asdict, replace
from datetime import UTC, date, datetime
from pathlib import Path

from ingest import config, feedstates, past
from ingest.backfill import backfill
from ingest.commands import print_json, progress_bar, sums
from ingest.errors import LianwatchError, UsageError
from ingest.fetch import Settings
from ingest.model import Feed
from ingest.robots import Robots
from ingest.store import open_store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--from", dest="start", required=True, metavar="DATE", help="first day, such as 2019-10-01")
    parser.add_argument("--to", dest="end", required=True, metavar="DATE", help="last day")
    parser.add_argument(
        "--via", choices=["search", "wayback"], default="search",
        help="dated windows of the search feeds (default), or archived copies of the others",
    )  # fmt: skip
    parser.add_argument("--feed", metavar="URL|NAME", help="only this feed")
    parser.add_argument("--feeds", type=Path, metavar="FILE", help="feed list (default: LIANWATCH_FEEDS, else yours)")
    parser.add_argument("--store", metavar="URL", help="where to store (default: LIANWATCH_STORE)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(args: argparse.Namespace) -> int:
    start, end = _day(args.start, "--from"), _day(args.end, "--to")
    if not start <= end <= datetime.now(UTC).date():
        raise UsageError(f"--from {start} --to {end}: the days must be in order and not in the future")
    path = args.feeds or config.feeds_path()
    feeds, store, now = _chosen(path, args.feed), open_store(args.store, writing=True), datetime.now(UTC)
    robots = Robots(feedstates.load_robots(store, now), crawling=True)
    settings = replace(Settings.from_environment(), robots=robots)
    started, outcomes, stopped = time.monotonic(), [], None
    with progress_bar("backfill", "part") as show:
        try:
            for outcome in backfill(store, _parts(args.via, path, feeds, start, end, settings), settings, show):
                outcomes.append(outcome)
        except UsageError:
            raise
        except LianwatchError as error:
            stopped = str(error)
        except KeyboardInterrupt:
            print("stopped: what came is stored, and the same command goes on from here", file=sys.stderr)
            raise
        finally:
            feedstates.save_robots(store, robots.fetched, now)
    counts = sums(outcomes, "new", "updated", "seen")
    if args.json:
        head = {"feeds": len({outcome.feed for outcome in outcomes}), "parts": len(outcomes), **counts}
        seconds, version = round(time.monotonic() - started, 2), store.data_version()
        results = [asdict(outcome) for outcome in outcomes]
        print_json({**head, "seconds": seconds, "data_version": version, "stopped": stopped, "results": results})
    else:
        print(f"{len(outcomes)} parts answered: {counts['new']} new articles, {counts['seen']} stored before")
    if stopped:
        raise LianwatchError(stopped)
    return 0


def _parts(via: str, path: Path, feeds: tuple[Feed, ...], start: date, end: date, settings: Settings):
    if via == "wayback":
        return list(past.wayback_parts([feed for feed in feeds if feed.outlet], start, end, settings))
    if parts := past.search_parts(feeds, start, end):
        return parts
    raise UsageError(f"{path}: no search feed with a query (search = true, ?q=...) to ask for dated windows")


def _chosen(path: Path, which: str | None) -> tuple[Feed, ...]:
    feeds = config.load_feeds(path)
    if not feeds:
        raise UsageError(f"{path}: no feed is listed (`python -m ingest feeds add URL` adds one)")
    chosen = tuple(feed for feed in feeds if which in (None, feed.url, feed.name))
    if not chosen:
        raise UsageError(f"{path}: no feed has the address or name '{which}'")
    return chosen


def _day(text: str, option: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{option}: '{text}' is not a day such as 2019-10-25") from None
