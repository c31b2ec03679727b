"""Fit topics on texts from standard input: one text a line, or JSON lines with `text` (and `lang`, `date`)."""

import io
import json
import sys
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable

import numpy as np

from analysis import topic_labels, topic_model, topic_quality, topic_stream
from analysis.text import detect_language, tokens
from ingest.commands import print_json, whole_number
from ingest.errors import UsageError


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--k", type=whole_number(1), required=True, help="number of topics")
    parser.add_argument("--top", type=whole_number(1), default=topic_model.TOP_WORDS, metavar="N",
                        help=f"words a topic (default: {topic_model.TOP_WORDS})")  # fmt: skip
    parser.add_argument("--seed", type=whole_number(0), default=0, metavar="N",
                        help="draws the texts that test stability (default: 0)")  # fmt: skip
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of a table")


def run(args: Namespace) -> int:
    texts, languages = read_texts(io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8", errors="replace"))
    if not texts:
        raise UsageError("no text on standard input: pipe one text a line, or JSON lines with a `text` key")
    begun = time.perf_counter()
    words = [tokens(text, language) for text, language in zip(texts, languages, strict=True)]
    matrix, drawn, model = topic_stream.fit(texts, words, languages, args.k)
    stable = topic_quality.stability(drawn, model, args.seed)
    coherent = topic_quality.coherence(matrix, model.vocabulary, model.words)
    names = topic_labels.labels(texts, words, model.weights, model.assignments, model.words)
    found = [_topic(topic, names[topic], model, texts, args.top) for topic in range(len(names))]
    seconds = round(time.perf_counter() - begun, 3)
    for topic, stays, fits in zip(found, stable, coherent, strict=True):
        topic |= {"stability": round(float(stays), 3), "coherence": None if fits is None else round(fits, 3)}
    if args.json:
        stays = round(float(stable.mean()), 3)
        assigned = model.assignments.tolist()
        print_json({"topics": found, "assignments": assigned, "seconds": seconds, "stability": stays})
    else:
        for topic in found:
            print(f"{topic['id']:>3}  {topic['size']:>6}  {topic['label']}: {', '.join(topic['words'])}")
    return 0


def read_texts(lines: Iterable[str]) -> tuple[list[str], list[str]]:
    """Texts and their languages; a line is JSON when it is an object with `text`, else it is the text."""
    texts, languages = [], []
    for line in filter(None, map(str.strip, lines)):
        entry = _json_object(line)
        text = str("" if entry["text"] is None else entry["text"]) if "text" in entry else line
        texts.append(text)
        languages.append(str(entry.get("lang") or detect_language(text))[:2])
    return texts, languages


def _json_object(line: str) -> dict:
    if not line.startswith("{"):
        return {}
    try:
        entry = json.loads(line)
    except ValueError:
        return {}
    return entry if isinstance(entry, dict) else {}


def _topic(topic: int, label: str, model: topic_model.TopicModel, texts: list[str], top: int) -> dict:
    members = np.flatnonzero(model.assignments == topic)
    words = topic_model.top_words(model.components[[topic]], model.vocabulary, top)[0]
    shown = topic_labels.examples(texts, model.weights[:, topic], members)
    return {"id": topic, "label": label, "words": list(words), "size": len(members), "examples": shown}
