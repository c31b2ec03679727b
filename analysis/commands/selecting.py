"""The filters that the commands share: arguments → Selection, with one line for a value that cannot be."""

import argparse
import json
from datetime import date
from importlib import resources

from analysis.document import TARGETS
from analysis.selection import Selection
from ingest.errors import UsageError
from ingest.model import GROUPS
from ingest.store import Store

LANGUAGES = ("en", "zh", "other")


def add_filters(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--from", dest="start", type=day, metavar="DATE", help="first day (2019-10-25)")
    parser.add_argument("--to", dest="end", type=day, metavar="DATE", help="last day, included")
    add_content_filters(parser)
    parser.add_argument("--topic", dest="topics", action="append", type=int, default=[], metavar="ID")
    parser.add_argument("--entity", dest="entities", action="append", default=[], metavar="ID")
    parser.add_argument("--search", default="", metavar="TEXT", help='what must be there: words and "phrases"')


def add_content_filters(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--source", dest="outlets", action="append", default=[], help="outlet; may be repeated")
    parser.add_argument("--group", dest="groups", action="append", default=[], help=f"one of {', '.join(GROUPS)}")
    parser.add_argument("--language", dest="languages", action="append", default=[], help=", ".join(LANGUAGES))
    parser.add_argument("--theme", dest="themes", action="append", default=[], help="theme id")
    parser.add_argument("--target", dest="targets", action="append", default=[], help=f"one of {', '.join(TARGETS)}")


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is not a date (write 2019-10-25)") from None


def selection_of(args: argparse.Namespace, store: Store) -> Selection:
    """The Selection of parsed filters. Raises UsageError for a value that nothing can have."""
    start, end = getattr(args, "start", None), getattr(args, "end", None)
    if start and end and start > end:
        raise UsageError(f"--from {start} is after --to {end}")
    known = {
        "outlets": [outlet for (outlet,) in store.rows("SELECT outlet FROM outlets ORDER BY 1")]
        if args.outlets
        else [],
        "groups": list(GROUPS),
        "languages": list(LANGUAGES),
        "themes": theme_ids(),
        "targets": list(TARGETS),
    }
    for name, values in known.items():
        if unknown := set(getattr(args, name)) - set(values):
            raise UsageError(
                f"unknown {name.removesuffix('s')} '{min(unknown)}' (known: {', '.join(values) or 'none'})"
            )
    filters = {name: tuple(getattr(args, name)) for name in known}
    rest = {name: tuple(getattr(args, name, ())) for name in ("topics", "entities")}
    return Selection(start=start, end=end, search=getattr(args, "search", ""), **filters, **rest)


def theme_ids() -> list[str]:
    text = (resources.files("analysis.knowledge") / "themes.json").read_text(encoding="utf-8")
    return [theme["id"] for theme in json.loads(text)["themes"]]
