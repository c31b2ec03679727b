"""Measure the sentiment engine on a labelled file: agreement, calibration, and what abstaining buys."""

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from analysis.document import LABELS
from analysis.evaluation import measures
from analysis.labelled import SHAPES, Labelled, answers, of_example, read_labelled
from analysis.sentiment import Engine, load_engine
from analysis.training.corpus import is_held_out, read_corpus
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


def set_aside() -> list[Labelled]:
    """The labels of the project's own text that no model is fitted on, where all readers agree."""
    examples = [e for language in ("en", "zh") for e in read_corpus(language) if is_held_out(e)]
    return [item for example in examples for item in of_example(example)]


def evaluate(engine: Engine, items: Sequence[Labelled]) -> list[dict]:
    """Figures for each language and kind of label that occur, and for each target. `found` counts the answered ones."""
    p = answers(engine, items)
    sections = []
    for language, kind in dict.fromkeys((item.language, item.kind) for item in items):
        rows = [at for at, item in enumerate(items) if (item.language, item.kind) == (language, kind)]
        section = {"of": kind, "language": language, **_figures([items[at] for at in rows], p[rows])}
        if kind == "target":
            by = {items[at].about: [other for other in rows if items[other].about == items[at].about] for at in rows}
            section["targets"] = {t: _figures([items[at] for at in some], p[some]) for t, some in sorted(by.items())}
        sections.append(section)
    return sections


def _figures(items: Sequence[Labelled], p: np.ndarray) -> dict:
    """Figures of the answered items, beside how many were given and how many are found and right."""
    found = [at for at in range(len(items)) if not np.isnan(p[at, 0])]
    answered = [items[at] for at in found]
    figures = {"given": len(items), "found": len(found) / len(items), "found_and_right": 0.0}
    if answered:
        valence = [item.valence for item in answered if item.valence is not None]
        labels, texts = [item.label for item in answered], [item.text for item in answered]
        figures |= measures(labels, p[found], texts, valence if len(valence) == len(answered) else ())
        figures["found_and_right"] = figures["accuracy"] * figures["found"]
    return figures


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
