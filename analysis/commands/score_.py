"""Score texts from standard input: one text or JSON object a line in, one JSON object a line out, in order."""

import argparse
import json
import sys
from collections.abc import Iterator
from datetime import date

from analysis.annotate import annotate_batch, document
from analysis.document import Annotation, Document, Tone

CHUNK_BYTES = 1 << 16
LINE_LIMIT = 1 << 20
"""A longer line is no text to score; it is answered with an error and memory stays bounded."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = 'A line is plain text or {"text": ..., "id", "summary", "lang", "date", "span": [start, end]}.'


def run(args: argparse.Namespace) -> int:
    number = 0
    for lines in _available_lines(sys.stdin.buffer):
        parsed = [_parse(line, number + at) for at, line in enumerate(lines, 1)]
        number += len(lines)
        found = iter(annotate_batch([doc for doc in parsed if isinstance(doc, Document)]))
        for doc in parsed:
            answer = _answer(next(found)) if isinstance(doc, Document) else doc
            print(json.dumps(answer, ensure_ascii=False))
        sys.stdout.flush()
    return 0


def _available_lines(stream) -> Iterator[list[bytes]]:
    """Complete lines, as many at a time as have arrived: a slow writer is answered at once, a fast one in batches."""
    rest = b""
    while chunk := stream.read1(CHUNK_BYTES):
        *lines, rest = (rest + chunk).split(b"\n")
        if len(rest) > LINE_LIMIT:
            rest = rest[: LINE_LIMIT + 1]
        if lines:
            yield lines
    if rest:
        yield [rest]


def _parse(line: bytes, number: int) -> Document | dict:
    """The line's Document, or the answer that says what is wrong with it."""
    try:
        if len(line) > LINE_LIMIT:
            raise ValueError(f"a line takes at most {LINE_LIMIT} bytes")
        text = line.decode("utf-8").strip()
        if not text.startswith("{"):
            return _document(str(number), {"text": text})
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        return {"id": str(number), "error": f"line {number}: {error}"}
    id_ = value.get("id", str(number))
    try:
        return _document(id_, value)
    except ValueError as error:
        return {"id": id_, "error": f"line {number}: {error}"}


def _document(id_, value: dict) -> Document:
    for key in ("text", "summary", "lang", "date"):
        if value.get(key) is not None and not isinstance(value[key], str):
            raise ValueError(f"{key} must be a string")
    if not (value.get("text") or "").strip():
        raise ValueError("text is missing")
    day = date.fromisoformat(value["date"][:10]) if value.get("date") else None
    return document(id_, value["text"], value.get("summary") or "", value.get("lang"), date=day)


def _answer(annotation: Annotation) -> dict:
    return {
        "id": annotation.id,
        "lang": annotation.language,
        "relevant": annotation.relevance.verdict == "yes",
        "relevance": {
            "verdict": annotation.relevance.verdict,
            "scope": annotation.relevance.scope,
            "reason": annotation.relevance.reason,
        },
        "sentiment": {**_tone(annotation.tone), "vader": annotation.vader},
        "targets": [
            {"target": found.target, **_tone(found.tone), "evidence": found.evidence} for found in annotation.targets
        ],
        "themes": [{"theme": hit.theme, "evidence": list(hit.evidence)} for hit in annotation.themes],
        "entities": list(annotation.entities),
    }


def _tone(tone: Tone | None) -> dict:
    if tone is None:
        return {"score": None, "label": None, "p": None, "abstain": False}
    p = {"negative": tone.p_negative, "neutral": tone.p_neutral, "positive": tone.p_positive}
    return {"score": tone.score, "label": tone.label, "p": p, "abstain": tone.abstain}
