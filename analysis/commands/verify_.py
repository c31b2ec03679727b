"""Recompute a saved export and say whether it still holds."""

from argparse import ArgumentParser, Namespace
from dataclasses import asdict
from pathlib import Path

from analysis.verify import verify
from ingest.commands import print_json
from ingest.store import open_store


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "file", type=Path, help="a .csv, .json, .jsonl or .parquet saved by series, articles or a chart"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(args: Namespace) -> int:
    verdict = verify(open_store(), args.file)
    if args.json:
        print_json({"file": str(args.file)} | asdict(verdict))
    else:
        state = "holds" if verdict.holds else f"does not hold: {verdict.rows_differing} of {verdict.rows} rows differ"
        print("; ".join([f"{args.file} {state}", *verdict.changes]))
    return 0 if verdict.holds else 1
