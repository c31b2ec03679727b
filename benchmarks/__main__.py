"""`python -m benchmarks [NAME ...]`: run the benchmarks, print their tables, write `benchmarks/results/*.json`."""

import importlib
import json
import pkgutil
import sys
from pathlib import Path

import benchmarks

HERE = Path(__file__).parent
NOT_BENCHMARKS = {"__main__", "corpus", "peers", "readers", "scorers", "simulated", "stores"}


def main(names: list[str]) -> int:
    known = [module.name for module in pkgutil.iter_modules(benchmarks.__path__) if module.name not in NOT_BENCHMARKS]
    if unknown := [name for name in names if name not in known]:
        print(f"benchmarks: no benchmark '{unknown[0]}' (known: {', '.join(known)})", file=sys.stderr)
        return 2
    for name in names or known:
        module = importlib.import_module(f"benchmarks.{name}")
        print(f"\n{name}: {module.__doc__.strip().splitlines()[0]}")
        rows = module.measure()
        print(_table(rows))
        results = HERE / "results" / f"{name}.json"
        results.parent.mkdir(exist_ok=True)
        results.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


def _table(rows: list[dict]) -> str:
    head = list(rows[0])
    cells = [head, *([_cell(row.get(key)) for key in head] for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(head))]
    lines = ["  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip() for line in cells]
    return "\n".join(lines)


def _cell(value: object) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str("" if value is None else value)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
