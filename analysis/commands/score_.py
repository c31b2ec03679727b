"""Score texts from standard input: one text or JSON object a line in, one JSON object a line out, in order."""

import argparse
import json
import sys
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from analysis.annotate import annotate_batch, document
from analysis.document import Annotation, Document, Tone
from analysis.sentiment import load_engine
from analysis.text import normalised_span

CHUNK_BYTES = 1 << 16
LINE_LIMIT = 1 << 20
"""A longer line is no text to score; it is answered with an error and memory stays bounded."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = 'A line is plain text or {"text": ..., "id", "summary", "lang", "date", "span": [start, end]}.'


class Request(NamedTuple):
    """A valid line: the document, and the characters of its text whose tone is asked for besides."""

    document: Document
    span: tuple[int, int] | None


def run(args: argparse.Namespace) -> int:
    number = 0
    for lines in _available_lines(sys.stdin.buffer):
        parsed = [_parse(line, number + at) for at, line in enumerate(lines, 1)]
        number += len(lines)
        requests = [request for request in parsed if isinstance(request, Request)]
        found = iter(annotate_batch([request.document for request in requests], score_all=True))
        for request in parsed:
            answer = _answer(next(found), request) if isinstance(request, Request) else request
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


def _parse(line: bytes, number: int) -> Request | dict:
    """What the line asks for, or the answer that says what is wrong with it."""
    id_ = str(number)
    try:
        if len(line) > LINE_LIMIT:
            raise ValueError(f"a line takes at most {LINE_LIMIT} bytes")
        text = line.decode("utf-8").strip()
        value = json.loads(text) if text.startswith("{") else {"text": text}
        id_ = value.get("id", id_)
        return _request(id_, value)
    except (ValueError, RecursionError) as error:
        return {"id": id_, "error": f"line {number}: {error}"}


def _request(id_, value: dict) -> Request:
    for key in ("text", "summary", "lang", "date"):
        if value.get(key) is not None and not isinstance(value[key], str):
            raise ValueError(f"{key} must be a string")
    text = value.get("text") or ""
    if not text.strip():
        raise ValueError("text is missing")
    doc = document(id_, text, value.get("summary") or "", value.get("lang"), date=_day(value.get("date")))
    return Request(doc, _span(value["span"], text) if value.get("span") else None)


def _day(written: str | None) -> date | None:
    try:
        return date.fromisoformat(written[:10]) if written else None
    except ValueError:
        raise ValueError("date must begin with a day such as 2019-10-25") from None


def _span(span, text: str) -> tuple[int, int]:
    """The span of the given text as one of the normalised text."""
    whole = isinstance(span, list) and len(span) == 2 and all(type(at) is int for at in span)
    if not whole or not 0 <= span[0] < span[1] <= len(text):
        raise ValueError("span must be [start, end] within text")
    found = normalised_span(text, *span)
    if not found:
        raise ValueError("span must hold words")
    return found


def _answer(annotation: Annotation, request: Request) -> dict:
    found = annotation.relevance
    answer = {
        "id": annotation.id,
        "lang": annotation.language,
        "relevant": found.verdict == "yes",
        "relevance": {"verdict": found.verdict, "scope": found.scope, "reason": found.reason},
        "sentiment": {**_tone(annotation.tone), "vader": annotation.vader},
        "targets": [
            {"target": toward.target, **_tone(toward.tone), "evidence": toward.evidence}
            for toward in annotation.targets
        ],
        "themes": [{"theme": hit.theme, "evidence": list(hit.evidence)} for hit in annotation.themes],
        "entities": list(annotation.entities),
    }
    if request.span:
        answer["span_sentiment"] = _tone(load_engine().score_span(request.document, *request.span))
    return answer


def _tone(tone: Tone | None) -> dict:
    if tone is None:
        return {"score": None, "label": None, "p": None, "abstain": False}
    p = {"negative": tone.p_negative, "neutral": tone.p_neutral, "positive": tone.p_positive}
    return {"score": tone.score, "label": tone.label, "p": p, "abstain": tone.abstain}
