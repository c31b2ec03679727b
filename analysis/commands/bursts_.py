"""Print what is new: bursts of terms, themes, targets, topics and outlet groups in the last days of coverage."""

import json
import sys
from argparse import ArgumentParser, Namespace

from analysis.emerging import emerging
from ingest.commands import print_json, whole_number
from ingest.store import open_store

MOST_DAYS = 3653
"""Ten years: what is new in longer is the collection itself."""


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--days", type=whole_number(1, MOST_DAYS), default=7, metavar="N",
                        help="last days of coverage to look at (default: 7)")  # fmt: skip
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of a table")


def run(args: Namespace) -> int:
    found = emerging(open_store(), args.days)
    if args.json:
        rows = json.loads(found.to_json(orient="records", date_format="iso"))
        print_json({"days": args.days, "bursts": [{**row, "articles": json.loads(row["articles"])} for row in rows]})
        return 0
    if found.empty:
        print(f"nothing new in the last {args.days} days of coverage", file=sys.stderr)
    for row in found.itertuples():
        print(
            f"{row.day:%Y-%m-%d}  {row.kind:<8}  {row.key}: {row.n} articles in {row.outlets} outlets "
            f"in {row.days} day(s), {row.expected:.1f} expected (z {row.z:.1f})"
        )
    return 0
