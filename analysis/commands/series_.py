"""Print the series behind a chart."""

import sys
from argparse import ArgumentParser, Namespace
from typing import get_args

from analysis import export, queries
from analysis.commands.selecting import add_filters, say_if_empty, selection_of
from analysis.provenance import provenance
from analysis.selection import Breakdown, Frequency
from ingest.commands import whole_number
from ingest.store import open_store


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--freq", choices=get_args(Frequency), default="week", help="bucket (default: week)")
    parser.add_argument("--by", choices=get_args(Breakdown), default="none",
                        help="one line for each (default: none); cell: target, group and language at once")  # fmt: skip
    parser.add_argument("--min-n", type=whole_number(1), default=queries.MIN_N, metavar="N",
                        help=f"fewer scored articles give no mean (default: {queries.MIN_N})")  # fmt: skip
    parser.add_argument("--format", choices=["csv", "json", "parquet"], default="csv", help="default: csv")
    add_filters(parser)


def run(args: Namespace) -> int:
    store = open_store()
    selection = selection_of(args, store)
    options = {"freq": args.freq, "by": args.by, "min_n": args.min_n}
    frame = queries.series(store, selection, **options)
    say_if_empty(frame["n"])
    sys.stdout.buffer.write(export.export(frame, provenance(store, "series", selection, **options), args.format))
    return 0
