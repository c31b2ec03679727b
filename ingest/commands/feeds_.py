"""`ingest feeds`: list, check and change the subscription."""

import argparse
import sys
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path

from ingest import config, feedstates, subscription
from ingest.commands import language, print_json
from ingest.errors import LianwatchError, UsageError
from ingest.fetch import Settings
from ingest.health import FeedHealth, feed_health
from ingest.model import GROUPS, Feed
from ingest.probe import Finding, find_feed, probe
from ingest.store import open_store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    listing = _verb(verbs, "list", _list, "print the subscription with each feed's health")
    listing.add_argument("--store", metavar="URL", help="where the health is (default: LIANWATCH_STORE)")
    listing.add_argument("--json", action="store_true", help="print one JSON object")
    check = _verb(verbs, "check", _check, "fetch feeds and say what is there; stores nothing")
    check.add_argument("urls", nargs="*", metavar="URL", help="what to check (default: the whole subscription)")
    check.add_argument("--json", action="store_true", help="print one JSON object")
    add = _verb(verbs, "add", _add, "add a feed, or the one that a web page announces")
    add.add_argument("url", metavar="URL", help="of a feed, or of a web page that announces one")
    add.add_argument("--name", metavar="NAME", help="for readers (default: the feed's title)")
    add.add_argument("--outlet", metavar="NAME", help="outlet of its articles (default: the name)")
    add.add_argument("--group", choices=GROUPS, default="other", help="group of its outlet (default: other)")
    add.add_argument("--language", type=language, metavar="xx", help="en, zh or zh-Hant (default: what the feed says)")
    add.add_argument("--timezone", default="UTC", metavar="ZONE", help="of times that carry none (default: UTC)")
    add.add_argument("--search", action="store_true", help="a search feed: each entry names its own outlet")
    add.add_argument("--no-check", action="store_true", help="add the address as it is, without fetching it")
    remove = _verb(verbs, "remove", _remove, "remove a feed; its articles stay")
    remove.add_argument("which", metavar="URL|NAME")
    remove.add_argument("--store", metavar="URL", help="where its health is (default: LIANWATCH_STORE)")
    incoming = _verb(verbs, "import-opml", _import, "add the feeds of an OPML file")
    incoming.add_argument("path", type=Path, metavar="FILE", help="what another reader exported")
    outgoing = _verb(verbs, "export-opml", _export, "write the subscription as OPML")
    outgoing.add_argument("path", type=Path, nargs="?", metavar="FILE", help="default: standard output")


def run(args: argparse.Namespace) -> int:
    return args.act(args)


def _verb(verbs, name: str, act, help_line: str) -> argparse.ArgumentParser:
    parser = verbs.add_parser(name, help=help_line, description=help_line)
    parser.set_defaults(act=act)
    return parser


def _list(args: argparse.Namespace) -> int:
    path = config.feeds_path()
    found = feed_health(open_store(args.store), config.load_feeds(path), datetime.now(UTC))
    if args.json:
        print_json({"path": str(path), "feeds": [_health_row(each) for each in found]})
        return 0
    for each in found:
        usual = "-" if each.usual_per_day is None else f"{each.usual_per_day:.1f}"
        print(f"{each.health:9} {each.per_day:6.1f} a day (usually {usual:>5})  {each.feed.name}  <{each.feed.url}>")
        if each.state.error:
            print(f"{'':9} {each.state.status}: {each.state.error}")
    return 0


def _health_row(each: FeedHealth) -> dict:
    feed = {name: value for name, value in asdict(each.feed).items() if name != "sample"}
    state = {name: value for name, value in asdict(each.state).items() if name not in ("body_hash", "etag")}
    figures = {name: getattr(each, name) for name in ("health", "articles", "newest", "per_day", "usual_per_day")}
    row = {**feed, "search": each.feed.outlet is None, **state, "disabled": each.state.disabled, **figures}
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in row.items()}


def _check(args: argparse.Namespace) -> int:
    listed = config.load_feeds(config.feeds_path())
    by_url = {feed.url: feed for feed in listed}
    feeds = [by_url.get(url) or _given(url) for url in args.urls] or listed
    found = probe(feeds, Settings.from_environment())
    if args.json:
        print_json({"feeds": len(found), "results": [_finding_row(each) for each in found]})
    else:
        for each in found:
            print(_finding_line(each))
    return 0 if any(each.document for each in found) or not found else 1


def _finding_row(each: Finding) -> dict:
    newest = each.newest.isoformat() if each.newest else None
    entries = each.document.entries if each.document else None
    return {
        "feed": each.feed.name, "url": each.feed.url, "status": each.status, "entries": entries, "newest": newest,
        "ms": each.ms, "announced": list(each.announced), "error": each.error,
    }  # fmt: skip


def _finding_line(each: Finding) -> str:
    if each.document:
        newest = f"newest {each.newest:%Y-%m-%d}" if each.newest else "no dates"
        return f"{each.status:15} {each.feed.name}: {each.document.entries} entries, {newest}"
    announced = f"; it announces {each.announced[0]}" if each.announced else ""
    return f"{each.status:15} {each.feed.name}: {each.error}{announced}"


def _add(args: argparse.Namespace) -> int:
    feed = replace(_given(args.url), group=args.group, language=args.language or "", timezone=args.timezone)
    title = ""
    if not args.no_check:
        finding = find_feed(feed, Settings.from_environment())
        if finding.document is None:
            raise LianwatchError(f"{args.url}: {finding.status}: {finding.error} (--no-check adds it as it is)")
        for other in finding.announced:
            if other != finding.feed.url:
                print(f"the page also announces {other}", file=sys.stderr)
        title = finding.document.title
        feed = replace(finding.feed, language=feed.language or finding.document.language or "")
    name = args.name or title or feed.url
    feed = replace(feed, name=name, outlet=None if args.search else args.outlet or name)
    path = subscription.user_path()
    if not subscription.add(path, [feed]):
        raise UsageError(f"{path}: {feed.url} is listed already")
    print(f"added {feed.name} <{feed.url}> to {path}")
    return 0


def _given(url: str) -> Feed:
    if not config.is_web_address(url):
        raise UsageError(f"'{url}' is not an address (it starts with http:// or https://)")
    return Feed(url, url, url, "other", "", "UTC")


def _remove(args: argparse.Namespace) -> int:
    path = subscription.user_path()
    removed = subscription.remove(path, args.which)
    feedstates.forget(open_store(args.store, writing=True), removed)
    for url in removed:
        print(f"removed {url} from {path}")
    return 0


def _import(args: argparse.Namespace) -> int:
    path = subscription.user_path()
    feeds = subscription.from_opml(args.path)
    added = subscription.add(path, feeds)
    print(f"added {len(added)} feeds to {path}; {len(feeds) - len(added)} were listed already")
    return 0


def _export(args: argparse.Namespace) -> int:
    text = subscription.to_opml(config.load_feeds(config.feeds_path()))
    if args.path is None:
        print(text, end="")
        return 0
    try:
        args.path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{args.path}: cannot be written ({error.strerror})") from None
    return 0
