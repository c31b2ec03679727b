"""Print the articles behind a point."""

import sys
from argparse import ArgumentParser, Namespace

from analysis import export, queries
from analysis.commands.selecting import add_filters, say_if_empty, selection_of
from analysis.provenance import provenance
from ingest.commands import whole_number
from ingest.store import open_store


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--limit", type=whole_number(0), metavar="N", help="at most this many (default: all)")
    parser.add_argument("--order", choices=sorted(queries.ORDERS), default="newest", help="default: newest")
    parser.add_argument("--format", choices=["csv", "jsonl", "parquet"], default="csv", help="default: csv")
    add_filters(parser)


def run(args: Namespace) -> int:
    store = open_store()
    selection = selection_of(args, store)
    options = {"limit": args.limit, "order": args.order}
    frame = queries.articles(store, selection, **options)
    say_if_empty([len(frame)])
    sys.stdout.buffer.write(export.export(frame, provenance(store, "articles", selection, **options), args.format))
    return 0
