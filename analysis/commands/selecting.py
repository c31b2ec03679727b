"""The filters that the commands share: arguments → Selection, with one line for a value that cannot be."""

import argparse
import difflib
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import date

from analysis import entities, knowledge
from analysis.document import TARGETS
from analysis.selection import Selection
from ingest.errors import UsageError
from ingest.model import GROUPS
from ingest.store import Store

LANGUAGES = ("en", "zh", "other")

MOST_SHOWN = 20
"""Values of a filter that one line can name; of more, the NEAREST to what was written."""
NEAREST = 5


def add_filters(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--from", dest="start", type=day, metavar="DATE", help="first day (2019-10-25)")
    parser.add_argument("--to", dest="end", type=day, metavar="DATE", help="last day, included")
    add_content_filters(parser)
    _add_ids(parser, "--topic", "topics", "number of a topic, as `series --by topic` prints it", type=int)
    named = "a person, body, company or place, by its id or a name in either language"
    _add_ids(parser, "--entity", "entities", named, type=entities.id_of)
    parser.add_argument("--search", default="", metavar="TEXT", help='what must be there: words and "phrases"')


def add_content_filters(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--source", dest="outlets", action="append", default=[], metavar="NAME",
                        help="an outlet; this and the other filters may be repeated")  # fmt: skip
    _add_ids(parser, "--group", "groups", f"one of {', '.join(GROUPS)}")
    _add_ids(parser, "--language", "languages", f"one of {', '.join(LANGUAGES)}")
    _add_ids(parser, "--theme", "themes", "such as core_tech_innovation")
    _add_ids(parser, "--target", "targets", f"one of {', '.join(TARGETS)}")


def _add_ids(parser: argparse.ArgumentParser, option: str, field: str, values: str, **more) -> None:
    parser.add_argument(option, dest=field, action="append", default=[], metavar="ID", help=values, **more)


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
    filters = {name: tuple(getattr(args, name, ())) for name in KNOWN}
    for name, (called, known) in KNOWN.items():
        if filters[name]:
            _check(called, filters[name], known(store))
    return Selection(start=start, end=end, search=getattr(args, "search", ""), **filters)


def say_if_empty(n: Iterable[int]) -> None:
    """Say on standard error that no article is in the selection, where its counts `n` are all 0."""
    if not any(n):
        print("no article matches these filters", file=sys.stderr)


def _check(called: str, chosen: Sequence, known: Sequence) -> None:
    if unknown := sorted(set(chosen) - set(known)):
        shown = [str(value) for value in known]
        if len(shown) > MOST_SHOWN:
            near = difflib.get_close_matches(str(unknown[0]), shown, NEAREST, cutoff=0)
            raise UsageError(f"unknown {called} '{unknown[0]}' (of {len(shown)} the nearest: {', '.join(near)})")
        raise UsageError(f"unknown {called} '{unknown[0]}' (known: {', '.join(shown) or 'none'})")


def _outlets(store: Store) -> list[str]:
    return [outlet for (outlet,) in store.rows("SELECT outlet FROM outlets ORDER BY outlet")]


def _topics(store: Store) -> list[int]:
    return [topic for (topic,) in store.rows("SELECT DISTINCT topic_id FROM topics ORDER BY topic_id")]


def _ids(name: str) -> list[str]:
    return [entry["id"] for entry in knowledge.load(name)[name]]


KNOWN: dict[str, tuple[str, Callable[[Store], Sequence]]] = {
    "outlets": ("outlet", _outlets),
    "groups": ("group", lambda store: GROUPS),
    "languages": ("language", lambda store: LANGUAGES),
    "targets": ("target", lambda store: TARGETS),
    "themes": ("theme", lambda store: _ids("themes")),
    "topics": ("topic", _topics),
    "entities": ("entity", lambda store: _ids("entities")),
}
"""Field of a Selection → what one of its values is called, and those that it can have."""
