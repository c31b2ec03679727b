"""Study the coverage around a date, or around every event of a kind."""

from argparse import ArgumentParser, Namespace
from dataclasses import asdict
from typing import get_args

from analysis.commands.selecting import add_content_filters, day, selection_of
from analysis.event_study import LONGEST_WINDOW, SHORTEST_WINDOW, WINDOW, Outcome, Study, notes_in_words, studies
from analysis.events import CATEGORIES, load_events
from analysis.pooling import false_discovery, pool
from ingest.commands import print_json, whole_number
from ingest.errors import UsageError
from ingest.store import open_store


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("dates", type=day, nargs="*", metavar="DATE", help="one or more days (2019-10-25)")
    parser.add_argument("--category", choices=CATEGORIES, help="every listed event of this kind instead of DATE")
    parser.add_argument("--outcome", choices=get_args(Outcome), default="sentiment",
                        help="what is compared before and after (default: sentiment)")  # fmt: skip
    window = whole_number(SHORTEST_WINDOW, LONGEST_WINDOW)
    parser.add_argument("--window", type=window, default=WINDOW, metavar="DAYS",
                        help=f"on either side of the date (default: {WINDOW})")  # fmt: skip
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    add_content_filters(parser)


def run(args: Namespace) -> int:
    if bool(args.dates) == bool(args.category):
        raise UsageError("name one or more dates, or a --category of events")
    store = open_store()
    selection = selection_of(args, store)
    dates = args.dates or category_dates(args.category)
    found = studies(store, selection, dates, args.outcome, args.window)
    q = false_discovery(found)
    if args.json and len(args.dates) == 1:
        print_json(as_json(found[0]))
    elif args.json:
        several = [as_json(study) | {"q": value} for study, value in zip(found, q, strict=True)]
        pooled = pool(found)
        print_json({"studies": several, "tests": sum(v is not None for v in q), "pooled": pooled and asdict(pooled)})
    else:
        for study, value in zip(found, q, strict=True):
            print(in_words(study, value if len(found) > 1 else None))
    return 0


def category_dates(category: str) -> list:
    events = load_events()
    return sorted(set(events.loc[events["category"] == category, "date"].dt.date))


def as_json(study: Study) -> dict:
    return asdict(study) | {"date": study.date.isoformat(), "notes": notes_in_words(study)}


def in_words(study: Study, q: float | None) -> str:
    """One study as sentences that describe and claim no cause."""
    name = f"tone toward {study.target}" if study.outcome == "sentiment" and study.target else study.outcome
    parts = [f"{study.date}: {name}"]
    if study.enough:
        low, high = study.interval
        parts.append(
            f"{study.before:.3f} in the {study.window} days before ({study.n_before} articles), {study.after:.3f} from "
            f"the date on ({study.n_after}); difference {study.effect:+.3f} (95 % interval {low:+.3f} to {high:+.3f})"
        )
    if study.p_placebo is not None:
        parts.append(f"as large on {study.p_placebo:.1%} of {study.placebo_dates} other dates")
    if q is not None:
        parts.append(f"q {q:.3f} over all dates tested")
    return "; ".join([*parts, *notes_in_words(study)]) + "."
