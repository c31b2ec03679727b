"""Copies: precision and recall on the labelled pairs, and grouping every headline beside the checkout on one core.

The pairs are the project's own, and its thresholds are the best on them. Across languages headlines are told apart by
sentence vectors. A set with the story of each text (such as GoogleNews) does not lie beside the checkout, so that
nothing is said of NMI with known stories.
"""

import gzip
import json
import os
import time
from datetime import datetime
from pathlib import Path

import numpy as np

from analysis import meaning
from analysis.story_links import Text, links
from analysis.text import detect_language

ROOT = Path(__file__).parent.parent
COLUMNS = ("what", "precision", "recall", "links", "cpu_s")
HEADLINES = Path(os.environ.get("LIANWATCH_SHARED") or ROOT.parent / "shared") / "data/headlines.jsonl.gz"


def measure() -> list[dict]:
    return [{name: row.get(name) for name in COLUMNS} for row in (*_pairs(), *_headlines())]


def _pairs() -> list[dict]:
    rows = []
    pairs = [json.loads(line) for line in (ROOT / "tests/data/story_pairs.jsonl").open(encoding="utf-8")]
    sets = {
        language: [pair for pair in pairs if not pair["across"] and detect_language(pair["a"]) == language]
        for language in ("en", "zh")
    }
    if meaning.encode(["a"]) is not None:
        sets["across languages, semantic extra"] = [pair for pair in pairs if pair["across"]]
    for name, some in sets.items():
        called = np.array([_linked(pair["a"], pair["b"]) for pair in some])
        same = np.array([pair["same"] for pair in some])
        right = (called & same).sum()
        rows.append(
            {"what": f"{len(some)} labelled pairs, {name}", "precision": float(right / called.sum())}
            | {"recall": float(right / same.sum())}
        )
    return rows


def _linked(a: str, b: str) -> bool:
    texts = [Text(text, "", outlet, 0.0, detect_language(text), True) for outlet, text in (("one", a), ("two", b))]
    return bool(links(texts, np.array([True, True])))


def _headlines() -> list[dict]:
    if not HEADLINES.is_file():
        return []
    texts = []
    with gzip.open(HEADLINES, "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            if len(row["date"]) >= len("2020-01-01"):
                time_ = datetime.fromisoformat(row["date"]).timestamp()
                texts.append(Text(row["title"], "", row["source"], time_, detect_language(row["title"]), False))
    begun = time.process_time()
    found = links(texts, np.ones(len(texts), dtype=bool))
    return [{"what": f"{len(texts):,} headlines", "links": len(found), "cpu_s": time.process_time() - begun}]
