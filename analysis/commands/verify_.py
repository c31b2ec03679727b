"""Recompute a saved export and say whether it still holds; without a file, what the store itself has added up."""

from argparse import ArgumentParser, Namespace
from dataclasses import asdict
from pathlib import Path

from analysis import rollups
from analysis.verify import verify
from ingest.commands import print_json
from ingest.store import Store, open_store


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "file",
        type=Path,
        nargs="?",
        help="a .csv, .json, .jsonl or .parquet saved by series, articles or a chart (default: the store's own sums)",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(args: Namespace) -> int:
    if args.file is None:
        return _verify_sums(open_store(writing=True), args.json)
    verdict = verify(open_store(), args.file)
    if args.json:
        print_json({"file": str(args.file)} | asdict(verdict))
    else:
        state = "holds" if verdict.holds else f"does not hold: {verdict.rows_differing} of {verdict.rows} rows differ"
        print("; ".join([f"{args.file} {state}", *verdict.changes]))
    return 0 if verdict.holds else 1


def _verify_sums(store: Store, as_json: bool) -> int:
    days = rollups.differing_days(store)
    rollups.mark(store, days)
    if as_json:
        print_json({"file": None, "holds": not days, "days_differing": [day.isoformat() for day in days]})
    elif days:
        print(f"{len(days)} days differ from their articles, first {days[0]}: the next `analysis run` corrects them")
    else:
        print("every day says what its articles say")
    return 1 if days else 0
