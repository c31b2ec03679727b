"""Measure the sentiment engine on a labelled file: agreement, calibration, and what abstaining buys."""

import argparse
from pathlib import Path

from analysis.document import LABELS
from analysis.evaluation import evaluate
from analysis.labelled import SHAPES, read_labelled, set_aside
from analysis.sentiment import load_engine
from ingest.commands import print_json

KINDS = {"text": "overall tone", "target": "tone toward targets", "span": "tone toward spans"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "data",
        type=Path,
        nargs="?",
        help=f"a .csv or .jsonl file: {SHAPES}; without one, the lines of the project's own text no model is fitted on",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.epilog = "Labels are negative, neutral, positive. Without any neutral one, the sign of the score decides."


def run(args: argparse.Namespace) -> int:
    items = read_labelled(args.data) if args.data else set_aside()
    engine = load_engine()
    sections = evaluate(engine, items)
    if args.json:
        print_json({"data": str(args.data or "set aside"), "engine": engine.version, "sections": sections})
    else:
        print(f"engine {engine.version} on {args.data or 'the lines set aside'}")
        print("\n".join(line for section in sections for line in _as_text(section)))
    return 0


def _as_text(section: dict) -> list[str]:
    head = f"\n{KINDS[section['of']]}, {section['language']}: {section['given']} labels"
    if section["of"] != "text":
        head += f", {section['found']:.1%} found, {section['found_and_right']:.3f} found and right"
    if not section["found"]:
        return [head]
    lines = [
        head,
        *(f"  {name:<20}{_with_interval(section, key)}" for name, key in _MEASURES if key in section),
        f"  {'calibration error':<20}{section['calibration_error']:.3f}",
        "  given      n  precision recall   F1  → " + " ".join(f"{label:>9}" for label in LABELS),
        *(_class_line(label, row, section["confusion"][label]) for label, row in section["classes"].items()),
        "  accuracy of the surest " + ", ".join(_point(point) for point in section["coverage"]),
    ]
    for target, row in section.get("targets", {}).items():
        right = f"accuracy {row['accuracy']:.3f}  macro-F1 {row['macro_f1']:.3f}" if row["found"] else ""
        lines.append(f"  {target:<14}{row['given']:>6} given  {row['found']:>6.1%} found  {right}")
    return lines


_MEASURES = (("macro-F1", "macro_f1"), ("accuracy", "accuracy"), ("Pearson's r", "pearson"))


def _with_interval(section: dict, key: str) -> str:
    low, high = section[f"{key}_interval"]
    return f"{section[key]:.3f}  [{low:.3f}, {high:.3f}]"


def _class_line(label: str, row: dict, guessed: dict) -> str:
    counts = " ".join(f"{guessed[other]:>9}" for other in LABELS)
    return f"  {label:<9}{row['n']:>5}  {row['precision']:>9.3f} {row['recall']:>6.3f} {row['f1']:>5.3f}    {counts}"


def _point(point: dict) -> str:
    name = "(not abstained on)" if point.get("abstaining") else ""
    return f"{point['coverage']:.0%}{name}: {point['accuracy']:.3f}"
