"""Figures that must not fall without being said: on the lines set aside, and on the open sets where they are present.

`tests/data/quality_floor.json` holds what was measured when the floor was last set. A better engine sets it anew:
`python -m tests.test_analysis_sentiment_quality`, run from the root, measures and writes it.
"""

import json
import os
from functools import cache
from pathlib import Path

import pytest

from analysis.evaluation import evaluate
from analysis.labelled import read_labelled, set_aside
from analysis.modelfile import shipped_model
from analysis.sentiment import read_engine

FLOOR = Path(__file__).parent / "data" / "quality_floor.json"
SLACK = 0.01
"""A figure may be so much below the one that was written down: what rounding and a handful of labels make."""
OPEN_SETS = ("china_crypto_dev_en.jsonl", "crypto_news_en.csv", "news_headlines_en.csv", "internet_news_zh.csv")
SOME = 1500
"""Labels of an open set that are measured here; all of them are in `python -m benchmarks sentiment`."""


@cache
def engine():
    return read_engine(shipped_model())


def measured(items) -> dict[str, float]:
    """What is held to the floor: the figures of each language and kind of label, higher is better."""
    figures = {}
    for section in evaluate(engine(), items):
        name = f"{section['language']} {section['of']}"
        figures[f"{name}: macro-F1"] = round(section["macro_f1"], 3)
        figures[f"{name}: 1 - calibration error"] = round(1 - section["calibration_error"], 3)
        if section["of"] == "target":
            figures[f"{name}: found and right"] = round(section["found_and_right"], 3)
        if "pearson" in section:
            figures[f"{name}: Pearson's r"] = round(section["pearson"], 3)
    return figures


def fallen(name: str, items) -> list[str]:
    """The figures of a set that are below the floor."""
    floor, now = json.loads(FLOOR.read_text(encoding="utf-8"))[name], measured(items)
    return [f"{figure}: {now[figure]} after {least}" for figure, least in floor.items() if now[figure] < least - SLACK]


def test_no_figure_on_the_lines_set_aside_falls():
    assert fallen("set aside", set_aside()) == []


@pytest.mark.shared
@pytest.mark.parametrize("name", OPEN_SETS)
def test_no_figure_on_an_open_set_falls(shared, name):
    assert fallen(name, read_labelled(shared / "data" / "sentiment" / name)[:SOME]) == []


def write_floor() -> None:
    """Measure everything and write it down as the new floor."""
    folder = Path(os.environ.get("LIANWATCH_SHARED") or Path(__file__).parents[2] / "shared") / "data" / "sentiment"
    floor = {name: measured(read_labelled(folder / name)[:SOME]) for name in OPEN_SETS}
    floor["set aside"] = measured(set_aside())
    FLOOR.write_text(json.dumps(floor, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write_floor()
