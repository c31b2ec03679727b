"""`python -m benchmarks [NAME ...]`: run the benchmarks, print their tables, write `results/*.json` and the documents.

Sizes are those that fit half an hour together, longer ones are named: `--articles 1000000,10000000` for `scale` and
`dashboard`, `--minutes 10` for `concurrency`. Rows of sizes that are not measured this time stay in the results.
"""

import argparse
import importlib
import json
import os
import sys
import time
import traceback

from benchmarks import tables

OPTIONS = {
    "articles": ("10000,100000", "sizes of the stores of `scale` and `dashboard`"),
    "minutes": ("1", "length of `concurrency`"),
    "topics": ("10,20,30,50", "numbers of topics that `topics` averages over"),
    "texts": ("1000,10000,100000", "sizes of the sets of texts that `topics` times"),
}
"""Option → its default and what it is; a benchmark and its processes read it as LIANWATCH_BENCH_<OPTION>."""


def main(arguments: list[str]) -> int:
    args = _parser().parse_args(arguments)
    if unknown := [name for name in args.names if name not in tables.names()]:
        print(f"benchmarks: no benchmark '{unknown[0]}' (known: {', '.join(tables.names())})", file=sys.stderr)
        return 2
    for option, (default, _) in OPTIONS.items():
        variable = f"LIANWATCH_BENCH_{option.upper()}"
        os.environ[variable] = getattr(args, option) or os.environ.get(variable, default)
    begun = time.monotonic()
    failed = [] if args.tables else [name for name in args.names or tables.names() if not _measured(name)]
    tables.write_documents()
    print(f"\n{(time.monotonic() - begun) / 60:.1f} minutes in all")
    if failed:
        print(f"\nbenchmarks: failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def _parser() -> argparse.ArgumentParser:
    what = "Measure, beside what else one would pick"
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=what)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of {', '.join(tables.names())} (default: all)")
    for option, (default, help_line) in OPTIONS.items():
        parser.add_argument(f"--{option}", metavar="N", help=f"{help_line} (default: {default})")
    parser.add_argument("--tables", action="store_true", help="measure nothing, write the documents from the results")
    return parser


def _measured(name: str) -> bool:
    """Run one benchmark; a failed one, whose contender cannot be installed, say, does not end the others."""
    print(f"\n{name}: {tables.docstring(name).splitlines()[0]}", flush=True)
    begun = time.monotonic()
    try:
        rows = importlib.import_module(f"benchmarks.{name}").measure()
    except Exception:
        traceback.print_exc()
        return False
    print(tables.plain(rows))
    print(f"({(time.monotonic() - begun) / 60:.1f} minutes)", flush=True)
    file = tables.RESULTS / f"{name}.json"
    file.parent.mkdir(exist_ok=True)
    kept = tables.with_other_sizes(rows, tables.results(name))
    file.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
