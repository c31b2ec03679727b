"""Print attention and tone as if the same outlets had been collected all along."""

import json
import sys
from argparse import ArgumentParser, Namespace

from analysis import queries
from analysis.commands.selecting import add_filters, say_if_empty, selection_of
from analysis.comparable import PANEL_PRESENCE, as_if_unchanged, fixed_panel
from ingest.commands import print_json
from ingest.store import open_store

BUCKETS = ("day", "week", "month")


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--freq", choices=BUCKETS, default="month", help="bucket (default: month)")
    share = f"{PANEL_PRESENCE:.0%}".replace("%", "%%")  # argparse fills its helps in with %
    parser.add_argument("--fixed-panel", action="store_true", help=f"only outlets collected in {share} of the buckets")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of CSV")
    add_filters(parser)


def run(args: Namespace) -> int:
    store = open_store()
    by_source = queries.series(store, selection_of(args, store), args.freq, "source", bands=False)
    say_if_empty(by_source["n"])
    if args.fixed_panel:
        by_source = by_source[by_source["key"].isin(fixed_panel(by_source))]
    found = as_if_unchanged(by_source)
    found["bucket"] = found["bucket"].dt.strftime("%Y-%m-%d")
    if args.json:
        print_json({"outlets": by_source["key"].nunique(), "rows": json.loads(found.to_json(orient="records"))})
    else:
        found.to_csv(sys.stdout, index=False)
    return 0
