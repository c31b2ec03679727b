"""Fit the sentiment engine on the project's own labelled text, with a newsroom's labels added where there are any."""

import argparse
import sys
from importlib.resources import files
from pathlib import Path

from analysis.training.corpus import is_held_out, read_corpus, read_extra
from ingest.commands import print_json

LANGUAGES = ("en", "zh")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--extra", type=Path, help="your labels: .csv or .jsonl with text, label and optionally target, lang, date"
    )
    parser.add_argument("--out", type=Path, help="folder for the model (default: the package's own, in use at once)")
    parser.add_argument("--json", action="store_true", help="print the model card")


def run(args: argparse.Namespace) -> int:
    from analysis.modelfile import write_model
    from analysis.training.fit import fit_language

    extra = list(read_extra(args.extra)) if args.extra else []
    models, card = [], {"texts": {}}
    for language in LANGUAGES:
        examples = [e for e in read_corpus(language) if not is_held_out(e)]
        examples += [e for e in extra if e.language == language]
        models.append(fit_language(language, examples, lambda line: print(line, file=sys.stderr)))
        card["texts"][language] = len(examples)
    card["extra"] = len(extra)
    folder = args.out or Path(str(files("analysis") / "model"))
    folder.mkdir(parents=True, exist_ok=True)
    write_model(models, card, folder)
    print(f"wrote {folder / 'sentiment.npz'}", file=sys.stderr)
    if args.json:
        print_json(card)
    return 0

