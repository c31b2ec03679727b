"""Relevance and main theme against plain word lists, and annotation's speed against one compiled union of the terms.

Plain word lists: a text is relevant when it holds a core and a China term; its main theme is the one with most cues.
Labels: the lines of the tests, the training lines set aside (for relevance those on which both readers agree and in
which no name is masked: a name may be what says China), and the open headlines beside the checkout
(`LIANWATCH_SHARED`; left out where they are absent). Speed: headlines of the sample, one process.
"""

import json
import os
import re
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from analysis import relevance, themes
from analysis.annotate import annotate_batch, document, matcher
from analysis.matcher import CASED, Scan
from analysis.text import fold
from analysis.training.corpus import is_held_out, read_corpus

ROOT = Path(__file__).parent.parent
SPEED_TEXTS = 2_000
UNION_TEXTS = 200
"""A union of all terms is so slow that fewer texts tell its speed."""


class Labelled(NamedTuple):
    text: str
    relevant: bool | None
    themes: tuple[str, ...]


def measure() -> list[dict]:
    rows = []
    for name, lines in _sets().items():
        scans = [matcher().scan(document("", line.text)) for line in lines]
        verdicts = [relevance.judge(scan) for scan in scans]
        named = [tuple(hit.theme for hit in hits) for hits in themes.find_themes(scans, verdicts)]
        ours = [verdict.verdict == "yes" for verdict in verdicts]
        plain = [{"core", "china"} <= {hit.kind for hit in scan.hits} for scan in scans]
        if any(line.relevant for line in lines):
            rows.append(_row("relevance F1", name, lines, _f1(ours, lines), _f1(plain, lines)))
        if any(line.themes for line in lines):
            counted = [_most_cues(scan) for scan in scans]
            rows.append(_row("main theme", name, lines, _main(named, lines), _main(counted, lines)))
    return rows + _speed()


def _sets() -> dict[str, list[Labelled]]:
    sets = {
        "relevance lines of the tests": [
            Labelled(row["text"], row["verdict"] == "yes", ())
            for row in _json_lines(ROOT / "tests/data/relevance.jsonl")
        ],
        "theme lines of the tests": [
            Labelled(row["text"], None, (row["main"],) if row["main"] else ())
            for row in _json_lines(ROOT / "tests/data/themes.jsonl")
        ],
    }
    for language in ("en", "zh"):
        aside = [example for example in read_corpus(language) if is_held_out(example)]
        sets[f"set aside, {language}"] = [Labelled(example.text, None, example.themes) for example in aside]
        sets[f"set aside, {language}, no name masked"] = _judged(language, {example.id for example in aside})
    shared = Path(os.environ.get("LIANWATCH_SHARED") or ROOT.parent / "shared")
    headlines = shared / "data" / "sentiment" / "china_crypto_dev_en.jsonl"
    if headlines.is_file():
        rows = [row for row in _json_lines(headlines) if row["relevant"] is not None]
        sets["open headlines"] = [Labelled(row["text"], row["relevant"], tuple(row["themes"])) for row in rows]
        china = [line for line in sets["open headlines"] if line.relevant]
        sets["open headlines about China"] = [line._replace(relevant=None) for line in china]
    return sets


def _judged(language: str, ids: set[str]) -> list[Labelled]:
    """Lines of which both readers say whether they are relevant, and the same; without a `_MASK_` in them."""
    rows = [row for row in _json_lines(ROOT / "analysis" / "training" / f"{language}.jsonl") if row["id"] in ids]
    agreed = [row for row in rows if (row.get("second") or {}).get("relevant") == row["relevant"]]
    return [Labelled(row["text"], row["relevant"], ()) for row in agreed if "_" not in row["text"]]


def _json_lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _most_cues(scan: Scan) -> tuple[str, ...]:
    return tuple(theme for theme, _ in Counter(h.value for h in scan.hits if h.kind == "theme").most_common(1))


def _f1(found: Sequence[bool], lines: Sequence[Labelled]) -> float:
    given = [line.relevant for line in lines]
    both = sum(a and b for a, b in zip(found, given, strict=True))
    return 2 * both / (sum(found) + sum(given))


def _main(found: Sequence[tuple[str, ...]], lines: Sequence[Labelled]) -> float:
    """Share of the lines that have a theme whose first found theme is among the labelled ones."""
    themed = [(got, line.themes) for got, line in zip(found, lines, strict=True) if line.themes]
    return sum(bool(got) and got[0] in given for got, given in themed) / len(themed)


def _row(what: str, on: str, lines: Sequence[Labelled], ours: float, plain: float) -> dict:
    return {"what": what, "on": on, "n": len(lines), "ours": round(ours, 3), "plain": round(plain, 3)}


def _speed() -> list[dict]:
    """Texts a second of CPU; the plain contender for the scan is one regular expression over all terms."""
    texts = [example.text for language in ("en", "zh") for example in read_corpus(language)[: SPEED_TEXTS // 2]]
    documents = [document(str(at), text) for at, text in enumerate(texts)]
    folded = [fold(text) for text in texts]
    union = _union()
    scan = _rate(lambda: [matcher().find(text, low) for text, low in zip(texts, folded, strict=True)], len(texts))
    plain = _rate(lambda: [union.findall(text) for text in folded[:UNION_TEXTS]], UNION_TEXTS)
    whole = _rate(lambda: annotate_batch(documents, score_all=True), len(texts))
    untoned = _rate(lambda: _without_tone(documents), len(texts))
    return [
        {"what": "scan, texts/s", "on": "training lines", "n": len(texts), "ours": scan, "plain": plain},
        {"what": "relevance, themes, entities, texts/s", "on": "training lines", "n": len(texts), "ours": untoned},
        {"what": "whole annotation, texts/s", "on": "training lines", "n": len(texts), "ours": whole},
    ]


def _without_tone(documents) -> None:
    scans = [matcher().scan(doc) for doc in documents]
    themes.find_themes(scans, [relevance.judge(scan) for scan in scans])


def _union() -> re.Pattern:
    terms = {fold(term.removeprefix(CASED)) for module in (relevance, themes) for _, _, term in module.entries()}
    return re.compile("|".join(map(re.escape, sorted(terms, key=len, reverse=True))))


def _rate(work: Callable[[], object], texts: int) -> float:
    work()
    started = time.process_time()
    work()
    return round(texts / (time.process_time() - started))
