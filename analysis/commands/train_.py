"""Fit the sentiment engine on the project's own labelled text, with a newsroom's labels added where there are any.

A newsroom's model goes to `data/model` and is used from then on instead of the shipped one. Its engine version is
another, so the next `python -m analysis run` reads every article again before any figure is added up.
"""

import argparse
import sys
from pathlib import Path

from analysis.training.corpus import is_for_stacking, is_held_out, read_corpus, read_extra
from ingest.commands import print_json
from ingest.errors import ConfigError, UsageError

LANGUAGES = ("en", "zh")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--extra", type=Path, metavar="FILE",
                        help="your labels: .csv or .jsonl with text, label, optionally target, lang, date")  # fmt: skip
    parser.add_argument("--out", type=Path, metavar="FOLDER",
                        help="for the model (default: data/model with --extra, else the package's own)")  # fmt: skip
    parser.add_argument(
        "--encoder",
        nargs="?",
        const="en",
        choices=LANGUAGES,
        help="first fine-tune the package's encoder of a language, English if none is named (`training` extra)",
    )
    parser.add_argument("--json", action="store_true", help="print what it was fitted on and the figures as JSON")


def run(args: argparse.Namespace) -> int:
    from analysis.modelfile import USER_MODEL, shipped_model, write_model
    from analysis.sentiment import read_engine
    from analysis.training.fit import fit_language

    extra = list(read_extra(args.extra)) if args.extra else []
    folder = args.out or (USER_MODEL if args.extra else shipped_model())
    _make(folder)
    before = _figures_in_force()
    if args.encoder:
        _tune_encoder(args.encoder)
    models, card = [], {"texts": {}}
    for language in LANGUAGES:
        examples = [e for e in read_corpus(language) if not is_held_out(e)]
        examples += [e for e in extra if e.language == language]
        models.append(fit_language(language, examples, _say))
        card["texts"][language] = len(examples)
    card["extra"] = len(extra)
    write_model(models, card, folder)
    engine = read_engine(folder)
    after = _figures(engine)
    if args.json:
        print_json({"engine": engine.version, "folder": str(folder), **card, "before": before, "after": after})
    else:
        print(f"engine {engine.version} in {folder}; macro-F1 on the lines set aside, before and after:")
        print("\n".join(f"  {name:<12}{_shown(before.get(name))}  {_shown(f1)}" for name, f1 in after.items()))
    return 0


def _make(folder: Path) -> None:
    """Before what takes minutes: a folder that cannot be is no reason to wait."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"--out {folder}: cannot be created ({error.strerror})") from None


def _tune_encoder(language: str) -> None:
    from analysis.modelfile import shipped_encoder, shipped_model
    from analysis.training.tuning import tune

    examples = [e for e in read_corpus(language) if not is_held_out(e) and not is_for_stacking(e)]
    tune(language, examples, shipped_model(), _say)
    shipped_encoder.cache_clear()


def _say(line: str) -> None:
    print(line, file=sys.stderr)


def _figures_in_force() -> dict[str, float]:
    """Figures of the engine that is being replaced; none where there is no usable one."""
    from analysis.sentiment import load_engine

    try:
        return _figures(load_engine())
    except ConfigError:
        return {}


def _figures(engine) -> dict[str, float]:
    """Macro-F1 of each language and kind of label on the lines that no model is fitted on."""
    from analysis.evaluation import evaluate
    from analysis.labelled import set_aside

    return {f"{s['language']} {s['of']}": round(s["macro_f1"], 3) for s in evaluate(engine, set_aside())}


def _shown(figure: float | None) -> str:
    return "    –" if figure is None else f"{figure:.3f}"
