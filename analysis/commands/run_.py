"""Annotate what is new, group stories, fit topics, refresh rollups."""

import argparse
import os
import sys
import time
from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import AbstractContextManager
from datetime import UTC, datetime

from tqdm import tqdm

from analysis import pipeline, rollups, stories, topics
from analysis.annotate import engine_version
from analysis.executors import InThisProcess, Processes, dask_cluster
from ingest.commands import print_json, whole_number
from ingest.store import Store, open_store

ARTICLES_FOR_A_POOL = 4_000
"""Fewer are done sooner in this process than a pool is started."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--workers", type=whole_number(1), metavar="N", help="processes (default: the cores)")
    parser.add_argument("--dask", metavar="URL", help="annotate on a Dask cluster (tcp://scheduler:8786)")
    parser.add_argument("--all", action="store_true", help="annotate everything again, not only what is new")
    parser.add_argument("--store", metavar="URL", help="the store (default: LIANWATCH_STORE)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(args: argparse.Namespace) -> int:
    started = time.monotonic()
    store = open_store(args.store, writing=True)
    annotated = _annotate(store, args)
    grouped = _step("grouping copies", stories.group_stories, store)
    fitted = _step("finding topics", topics.update, store, datetime.now(UTC))
    days = _step("adding up days", rollups.rebuild, store)
    if annotated or days:
        with store.transaction() as tx:
            tx.stamp()
    summary = {
        "annotated": annotated,
        **pipeline.totals(store),
        "stories": grouped["stories"],
        "topics": fitted["k"],
        "days_written": days,
        "engine": engine_version(),
        "seconds": round(time.monotonic() - started, 2),
        "data_version": store.data_version(),
    }
    if args.json:
        print_json(summary)
    else:
        print("{annotated} annotated; {relevant} of {articles} articles are relevant ({seconds} s)".format(**summary))
    return 0


def _annotate(store: Store, args: argparse.Namespace) -> int:
    workers = args.workers or os.cpu_count() or 1
    pending = pipeline.count_pending(store, args.all)
    bar = tqdm(total=pending, unit=" articles", desc="annotating", file=sys.stderr, disable=not pending)
    with _executor(workers, args.dask, pending) as executor, bar:
        return pipeline.annotate_pending(store, executor, args.all, bar.update)


def _step(name: str, work: Callable, *args):
    print(name, file=sys.stderr)
    return work(*args)


def _executor(workers: int, dask: str | None, pending: int) -> AbstractContextManager[Executor]:
    if dask:
        return dask_cluster(dask)
    if workers == 1 or pending < ARTICLES_FOR_A_POOL:
        return InThisProcess()
    return Processes(workers)
