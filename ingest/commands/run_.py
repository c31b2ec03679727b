"""`ingest run`: fetch the feeds that are due, once or for weeks."""

import argparse
import random
import re
import signal
import sys
import threading
import time
from collections import Counter
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from ingest import config, fetch
from ingest.commands import print_json, progress_bar, sums
from ingest.errors import LianwatchError, UsageError
from ingest.lock import collecting
from ingest.model import Feed
from ingest.store import Store, open_store
from ingest.update import Outcome, collect, seems_offline

PATIENCE_SECONDS = 600
"""How long a single run waits for another collector; it then finds most feeds fetched already."""
JITTER = 0.1
"""Rounds are up to this share of the interval early or late, so that many collectors do not ask in step."""
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
LONGEST_DAYS = 366
"""Longer pauses are a slip of the hand, and the system's clock has no room for all of them."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--feeds", type=Path, metavar="FILE", help="feed list (default: LIANWATCH_FEEDS, else yours)")
    parser.add_argument("--store", metavar="URL", help="where to store (default: LIANWATCH_STORE)")
    parser.add_argument("--all", action="store_true", help="fetch every feed, due or not")
    parser.add_argument("--every", metavar="TIME", help="go on for ever, a round every 30m (s, m, h, d)")
    parser.add_argument("--json", action="store_true", help="print one JSON object a round")


def run(args: argparse.Namespace) -> int:
    path = args.feeds or config.feeds_path()
    every = None if args.every is None else _seconds(args.every)
    feeds, settings = _subscription(path), fetch.Settings.from_environment()
    store = open_store(args.store, writing=True)
    if every:
        return _keep_on(args, path, every, settings, store)
    with collecting(store, PATIENCE_SECONDS):
        return _round(args, feeds, settings, store, threading.Event())


def _subscription(path: Path) -> tuple[Feed, ...]:
    feeds = config.load_feeds(path)
    if not feeds:
        raise UsageError(f"{path}: no feed is listed (`python -m ingest feeds add URL` adds one)")
    return feeds


def _keep_on(args: argparse.Namespace, path: Path, every: float, settings: fetch.Settings, store: Store) -> int:
    """Rounds until SIGTERM or Ctrl-C, which end the one under way after what is being stored. Exit code 0.

    The feed list is read again each round. A round that fails is logged, and the next one tries again.
    """
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    _log(f"collecting every {args.every} into {store.name}, feeds from {path}; Ctrl-C or SIGTERM ends it")
    while not stop.is_set():
        try:
            with collecting(store, patience_seconds=0):
                _round(args, _subscription(path), settings, store, stop)
        except LianwatchError as error:
            _log(f"this round is left out: {error}")
        stop.wait(every * random.uniform(1 - JITTER, 1 + JITTER))
    _log("ended")
    return 0


def _round(args: argparse.Namespace, feeds, settings, store, stop: threading.Event) -> int:
    started = time.monotonic()
    with progress_bar("collecting", "feed") as show:
        outcomes = collect(store, feeds, settings, everything=args.all, stop=stop, progress=show)
    seconds = round(time.monotonic() - started, 2)
    _log_failures(outcomes)
    if args.json:
        print_json(_report(outcomes, seconds, store.data_version()))
    else:
        print(_summary(outcomes, seconds), flush=True)
    return 1 if outcomes and all(outcome.error for outcome in outcomes) else 0


def _log_failures(outcomes: list[Outcome]) -> None:
    if seems_offline(outcomes):
        _log(f"none of {len(outcomes)} feeds could be reached: this machine seems to be offline ({outcomes[0].error})")
        return
    for outcome in outcomes:
        if outcome.error:
            _log(f"{outcome.status} {outcome.feed} <{outcome.url}>: {outcome.error}")


def _report(outcomes: list[Outcome], seconds: float, data_version: str) -> dict:
    counts = sums(outcomes, "new", "updated", "seen")
    results = [asdict(outcome) for outcome in outcomes]
    return {"feeds": len(outcomes), **counts, "seconds": seconds, "data_version": data_version, "results": results}


def _summary(outcomes: list[Outcome], seconds: float) -> str:
    if not outcomes:
        return f"{_stamp()} no feed is due"
    statuses = Counter(outcome.status for outcome in outcomes)
    stored = "{new} new articles, {updated} updated".format(**sums(outcomes, "new", "updated"))
    by_status = ", ".join(f"{count} {status}" for status, count in statuses.most_common())
    return f"{_stamp()} {len(outcomes)} feeds in {seconds:.1f} s ({by_status}): {stored}"


def _seconds(text: str) -> float:
    found = re.fullmatch(r"(\d+(?:\.\d+)?)([smhd])", text.strip())
    seconds = float(found[1]) * SECONDS[found[2]] if found else 0.0
    if not 0 < seconds <= LONGEST_DAYS * SECONDS["d"]:
        raise UsageError(f"--every: '{text}' is not a time such as 30m (s, m, h, d; at most {LONGEST_DAYS}d)")
    return seconds


def _log(line: str) -> None:
    print(f"{_stamp()} {line}", file=sys.stderr, flush=True)


def _stamp() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
