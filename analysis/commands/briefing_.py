"""Write a self-contained report of a period."""

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from analysis.briefing import LANGUAGES, briefing
from analysis.commands.selecting import add_content_filters, day, selection_of
from analysis.provenance import provenance
from ingest.errors import UsageError
from ingest.store import open_store


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--from", dest="start", type=day, required=True, metavar="DATE", help="first day")
    parser.add_argument("--to", dest="end", type=day, required=True, metavar="DATE", help="last day, included")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="FILE.html")
    parser.add_argument("--in", dest="words", choices=LANGUAGES, default="en", help="language of the report")
    add_content_filters(parser)


def run(args: Namespace) -> int:
    store = open_store()
    selection = selection_of(args, store)
    page = briefing(store, selection, provenance(store, "briefing", selection), args.words)
    try:
        args.output.write_text(page, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{args.output}: {error.strerror}") from None
    print(f"wrote {args.output}", file=sys.stderr)
    return 0
