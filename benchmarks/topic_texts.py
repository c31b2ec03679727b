"""Texts for the benchmarks of topics, each set as {"texts", "tokens", "language"} and, where they are known, "classes".

They lie beside the checkout (`LIANWATCH_SHARED`): other people's, so they are read and never copied here.
"""

import gzip
import json
import os
from itertools import islice
from pathlib import Path

import numpy as np

from analysis.text import detect_language, tokens

TEXTS = Path(os.environ.get("LIANWATCH_SHARED") or Path(__file__).parents[2] / "shared") / "data"


def bbc() -> dict:
    """News of five sections, cut into words by those who published the set."""
    texts = [line.split("\t")[0] for line in (TEXTS / "topics/bbc_news.tsv").open(encoding="utf-8")]
    return {"texts": texts, "tokens": [text.split() for text in texts], "language": "en"}


def crypto_news() -> dict:
    rows = map(json.loads, (TEXTS / "topics/crypto_news.jsonl").open(encoding="utf-8"))
    return _read([f"{row['title']}. {row['summary']}" for row in rows], "en")


def chinese_titles() -> dict:
    """Ten classes."""
    rows = [line.rstrip("\n").split("\t") for line in (TEXTS / "topics/zh_titles.tsv").open(encoding="utf-8")]
    return _read([title for title, _ in rows], "zh") | {"classes": [label for _, label in rows]}


def snippets() -> dict:
    """Results of searches, eight classes."""
    texts = (TEXTS / "topics/SearchSnippets.txt").read_text(encoding="utf-8").splitlines()
    classes = (TEXTS / "topics/SearchSnippets_label.txt").read_text(encoding="utf-8").split()
    return _read(texts, "en") | {"classes": classes}


def short_texts(size: int) -> dict:
    """The first `size` of all that is short: 87,446 headlines, then the snippets, then the Chinese titles."""
    with gzip.open(TEXTS / "headlines.jsonl.gz", "rt", encoding="utf-8") as lines:
        titles = [json.loads(line)["title"] for line in islice(lines, size)]
    if len(titles) < size:
        titles += snippets()["texts"] + chinese_titles()["texts"]
    titles = titles[:size]
    return {"texts": titles, "tokens": [tokens(title, detect_language(title)) for title in titles], "language": "en"}


def some(given: dict, rows: np.ndarray) -> dict:
    """The texts in these rows."""
    lists = {"texts", "tokens", "classes"} & set(given)
    return given | {name: [given[name][row] for row in rows] for name in lists}


def _read(texts: list[str], language: str) -> dict:
    return {"texts": texts, "tokens": [tokens(text, language) for text in texts], "language": language}
