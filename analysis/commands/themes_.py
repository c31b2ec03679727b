"""Explain the themes of an article: the verdict on relevance, each theme's probability and the cues behind it."""

import argparse

from analysis import knowledge, relevance, themes
from analysis.annotate import document, matcher
from analysis.matcher import Scan
from ingest.commands import print_json
from ingest.errors import UsageError
from ingest.store import open_store

LEAST_SHOWN = 0.05
"""Themes less probable than this, and without a cue, are left out of an explanation."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--explain", metavar="ID", required=True, help="id of an article, as `articles` prints it")
    parser.add_argument("--store", metavar="URL", help="the store (default: LIANWATCH_STORE)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(args: argparse.Namespace) -> int:
    rows = open_store(args.store).rows(
        """
        SELECT a.title, a.summary, a.language, o.group_id FROM articles a JOIN outlets o ON o.outlet = a.outlet
        WHERE a.id = ?
        """,
        [args.explain],
    )
    if not rows:
        raise UsageError(f"{args.explain}: no such article (ids are printed by `python -m analysis articles`)")
    title, summary, language, group = rows[0]
    scan = matcher().scan(document(args.explain, title, summary, language, outlet_group=group))
    explanation = explain(scan)
    if args.json:
        print_json(explanation)
    else:
        print(_as_text(explanation))
    return 0


def explain(scan: Scan) -> dict:
    """Why a scanned text is (not) relevant and has the themes it has."""
    verdict = relevance.judge(scan)
    (named,) = themes.find_themes([scan], [verdict])
    (probabilities,) = themes.theme_probabilities([scan], [verdict])
    chosen = [hit.theme for hit in named]
    considered = [
        {
            "theme": theme,
            "named": theme in chosen,
            "probability": round(p, 3),
            "evidence": list(themes.evidence(theme, scan.hits)),
        }
        for theme, p in sorted(probabilities.items(), key=lambda item: -item[1])
        if p >= LEAST_SHOWN or any(hit.kind == "theme" and hit.value == theme for hit in scan.hits)
    ]
    return {
        "id": scan.document.id,
        "title": scan.document.title,
        "language": scan.language,
        "relevance": {"verdict": verdict.verdict, "scope": verdict.scope, "reason": verdict.reason},
        "rule": knowledge.load("relevance")["rules"].get(verdict.reason.partition(" ")[0]),
        "themes": considered,
    }


def _as_text(explanation: dict) -> str:
    relevant = explanation["relevance"]
    lines = [
        explanation["title"],
        f"relevant: {relevant['verdict']} ({relevant['reason']})",
        f"  {explanation['rule']}",
        *(
            f"{'*' if row['named'] else ' '} {row['theme']:<26}{row['probability']:.2f}  "
            + (", ".join(row["evidence"]) or "no cue: by the model")
            for row in explanation["themes"]
        ),
    ]
    return "\n".join(lines if explanation["themes"] else [*lines, "no theme: the text has no core term of the field"])
