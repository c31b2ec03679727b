"""`ingest copy`: move a store, from a file to a server or back."""

import argparse
import sys
import time

from ingest.commands import print_json
from ingest.copying import copy
from ingest.errors import UsageError
from ingest.lock import collecting
from ingest.store import open_store, open_target
from ingest.store_base import NOTHING_STORED

PATIENCE_SECONDS = 600
"""How long to wait for a collector that is at work on the store."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    places = "a path, postgresql://host/database, or clickhouse://host/database for a copy to read"
    parser.add_argument("--to", required=True, metavar="URL", help=f"where to: {places}")
    parser.add_argument("--store", metavar="URL", help="the store to copy (default: LIANWATCH_STORE)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(args: argparse.Namespace) -> int:
    from tqdm import tqdm

    started = time.monotonic()
    source, target = open_store(args.store), open_target(args.to)
    if source.is_copy:
        raise UsageError(f"{source.name} is a copy itself: copy the store that it was filled from")
    if source.name == target.name:
        raise UsageError(f"--to {target.name} is the store itself")
    if source.data_version() == NOTHING_STORED:
        print(f"{source.name} holds nothing yet", file=sys.stderr)
    with collecting(source, PATIENCE_SECONDS), tqdm(unit=" rows", file=sys.stderr) as bar:

        def show(table: str, rows: int) -> None:
            bar.set_description(table)
            bar.update(rows)

        tables = copy(source, target, show)
    report = {"from": source.name, "to": target.name, "tables": tables, "rows": sum(tables.values())}
    report |= {"seconds": round(time.monotonic() - started, 2), "data_version": target.data_version()}
    if args.json:
        print_json(report)
    else:
        print("{rows} rows copied to {to} in {seconds} s; both say data version {data_version}".format(**report))
    return 0
