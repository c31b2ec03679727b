"""`ingest import`: articles out of feed documents and tables of headlines on disk."""

import argparse
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from ingest import config, files
from ingest.commands import language, print_json, sums
from ingest.errors import NotAFeedError
from ingest.model import Article, Feed
from ingest.store import Store, open_store
from ingest.tables import BATCH_ROWS, Batch
from ingest.upsert import Showing, store_showings

NAMED_PROBLEMS = 3
"""Bad rows of a file that its line names; the others are counted."""

UNDATED = datetime(1995, 1, 1, tzinfo=UTC)
"""When the text of a document without a date was written: before any other, so that it replaces none."""


@dataclass(slots=True)
class Result:
    """How one file fared. `dropped` counts its entries or rows that hold nothing to store."""

    feed: str
    path: str
    status: str = "ok"
    http_status: None = None
    new: int = 0
    updated: int = 0
    seen: int = 0
    entries: int = 0
    dropped: int = 0
    ms: int = 0
    error: str | None = None
    problems: list[str] = field(default_factory=list)  # the first few, by name


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = (
        "Files are told apart by content, not by name: RSS, Atom, RDF, CDF and JSON Feed documents; CSV, TSV, JSON "
        "lines, JSON and Parquet tables with a column of titles (date, source, url, summary, language are used where "
        "present), plain, gzipped or alone in a zip archive; exports of Media Cloud and GDELT as they come."
    )
    parser.add_argument("paths", nargs="+", metavar="PATH", help="a file, or a folder searched to any depth")
    parser.add_argument(
        "--source", type=_name, metavar="NAME", help="outlet of every article (default: what the files say)"
    )
    parser.add_argument(
        "--language", type=language, metavar="xx", help="language of every article: en, zh, zh-Hant, ..."
    )
    parser.add_argument(
        "--timezone",
        metavar="ZONE",
        help="zone of times that carry none (default: UTC; Asia/Shanghai in Chinese feeds)",
    )
    parser.add_argument("--store", metavar="URL", help="where to store (default: LIANWATCH_STORE)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def _name(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("no outlet has an empty name (without --source the files say whose it is)")
    return text.strip()


def run(args: argparse.Namespace) -> int:
    if args.timezone is not None:
        config.zone(args.timezone, "--timezone")
    paths = files.find(args.paths)
    store = open_store(args.store, writing=True)
    started = time.monotonic()
    feeds = [files.feed_of(path, args.source, args.language, args.timezone) for path in paths]
    results = import_files(store, list(zip(paths, feeds, strict=True)), datetime.now(UTC))
    _report(results, round(time.monotonic() - started, 2), store, args.json)
    return 0 if any(result.status in ("ok", "empty") for result in results) else 1


def import_files(store: Store, sources: Sequence[tuple[Path, Feed]], now: datetime) -> list[Result]:
    """Store the articles of files, many small ones or a part of a large one in a transaction."""
    results: list[Result] = []
    waiting: list[tuple[Result, Showing]] = []
    for path, feed in _with_bar(sources):
        result = Result(feed=feed.name, path=str(path))
        results.append(result)
        for batch in _read(result, path, feed, now):
            waiting.append((result, Showing(feed.url, batch.articles, batch.groups, now, _spoken_at(batch.articles))))
            if sum(len(showing.articles) for _, showing in waiting) >= BATCH_ROWS:
                _store(store, waiting)
                waiting = []
        _tell(result)
    _store(store, waiting)
    return results


def _read(result: Result, path: Path, feed: Feed, now: datetime) -> Iterator[Batch]:
    """The batches of one file, counted in `result`, which also takes how reading it ended."""
    started = time.monotonic()
    try:
        for batch in files.read(path, feed, now):
            result.entries += batch.rows
            result.dropped += len(batch.problems)
            result.problems += batch.problems[: NAMED_PROBLEMS - len(result.problems)]
            yield batch
    except NotAFeedError as error:
        result.status, result.error = error.status, str(error)
    if result.status == "ok" and not result.entries:
        result.status = "empty"
    if result.problems and not result.error:
        result.error = _named(result)
    result.ms = round((time.monotonic() - started) * 1000)


def _store(store: Store, waiting: Sequence[tuple[Result, Showing]]) -> None:
    if not waiting:
        return
    with store.transaction() as tx:
        counts = store_showings(tx, [showing for _, showing in waiting], sample=False)
        tx.stamp()
    for (result, _), count in zip(waiting, counts, strict=True):
        result.new += count.new
        result.updated += count.updated
        result.seen += count.seen


def _spoken_at(articles: Iterable[Article]) -> datetime:
    """The time a document speaks for: that of its newest article, so that the order of imports does not matter."""
    return max((article.published for article in articles if article.published), default=UNDATED)


def _named(result: Result) -> str:
    more = result.dropped - len(result.problems)
    return "; ".join(result.problems) + (f"; and {more} more" if more > 0 else "")


def _with_bar(sources: Sequence[tuple[Path, Feed]]) -> Iterator[tuple[Path, Feed]]:
    from tqdm import tqdm

    yield from tqdm(sources, desc="importing", unit=" file", file=sys.stderr, disable=None, leave=False)


def _tell(result: Result) -> None:
    if result.status != "ok" or result.dropped:
        print(f"{result.status} {result.path}: {result.error or 'no entries'}", file=sys.stderr)


def _report(results: Sequence[Result], seconds: float, store: Store, as_json: bool) -> None:
    counts = sums(results, "new", "updated", "seen", "dropped")
    if as_json:
        rows = [asdict(result) for result in results]
        version = store.data_version()
        print_json({"feeds": len(results), **counts, "seconds": seconds, "data_version": version, "results": rows})
        return
    read = sum(result.status == "ok" for result in results)
    print(
        f"{read} of {len(results)} files in {seconds:.1f} s: "
        "{new} new articles, {updated} updated, {seen} seen before, "
        "{dropped} entries without text or unreadable".format(**counts)
    )
