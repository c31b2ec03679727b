"""feedparser's own conformance files, read through `ingest.parse`: what they expect of an entry must hold here too.

They come with feedparser's source package, which `make test` fetches into the environment; without it the tests skip.
"""

import ast
import re
import sys
import tarfile
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import pytest

from ingest.dates import parse_date
from ingest.entries import Origin, article_of
from ingest.model import Feed
from ingest.parse import read
from ingest.plaintext import MAX_SUMMARY_LENGTH, MAX_TITLE_LENGTH, plain
from ingest.urls import canonical
from tests.test_ingest_wellformed import both_ways

NOW = datetime(2026, 1, 1, tzinfo=UTC)
FEED = Feed("http://127.0.0.1:8097/", "T", "T", "other", "", "UTC")  # where feedparser's tests serve the files
ASKED = re.compile(
    r"entries\[(\d)\](?:\.|\[')(title|link|summary|description|id|guid|(?:published|updated|created)(?:_parsed)?)(?:'\])?"
)
MANY = 690

EXCEPTIONS = {
    "encoding/bozo_linenoise.xml": "a stray byte is dropped; feedparser misreads the whole document as windows-1252",
    "wellformed/base/http_entry_id_base_content_location.xml": "an identifier is kept as written, not resolved",
    "wellformed/base/http_entry_id_base_docuri.xml": "an identifier is kept as written, not resolved",
    "wellformed/sanitize/entry_summary_crazy.xml": "what a script contains is not text",
    "wellformed/sanitize/entry_title_crazy.xml": "what a script contains is not text",
    "wellformed/sanitize/item_content_encoded_crazy.xml": "what a script contains is not text",
    "wellformed/sanitize/item_description_crazy.xml": "what a script contains is not text",
    "wellformed/sanitize/item_fullitem_crazy.xml": "what a script contains is not text",
}

DATE_EXCEPTIONS = {
    "Κυρ, 11 Ιούλ 2004 12:00:00 EST": "Greek is not read here",
    "2004-július-13T9:15-05:00": "Hungarian is not read here",
    "2003-012-31T10:14:55+00:00": "a month of three digits, once Google's",
    "Thu, 01 Jan 0100 00:00:01 +0100": "before 1995 is missing",
    "2013-01-27-01": "a day followed by a stray number is that day",
} | dict.fromkeys(["-0312", "-03-12", "2003-12", "2003"], "a month or a year is no day") | dict.fromkeys(
    ["031231", "03-12-31", "03335"], "a year of two digits in front reads as a day as well"
)  # fmt: skip


@pytest.fixture(scope="module")
def sources() -> dict[str, bytes]:
    """Name of each test file in feedparser's source package → its bytes."""
    package = Path(sys.prefix) / "feedparser-source" / f"feedparser-{version('feedparser')}.tar.gz"
    if not package.exists():
        pytest.skip("feedparser's source package is not there (`make test` fetches it)")
    with tarfile.open(package) as archive:
        members = [member for member in archive if member.isfile() and "/tests/" in member.name]
        return {member.name.partition("/tests/")[2]: archive.extractfile(member).read() for member in members}


def expectations(document: bytes) -> list[tuple[int, str, object]]:
    """(Number of an entry, field, what it must equal) out of the Python expression a file carries in a comment."""
    text = next((t for e in ("utf-8", "utf-16", "utf-32", "cp037", "latin-1") if (t := decoded(document, e))), "")
    line = re.search(r"^\s*Expect:\s*(.*)$", text, re.M)
    comparisons = [node for node in ast.walk(parsed(line.group(1) if line else "")) if isinstance(node, ast.Compare)]
    asked = [(ASKED.fullmatch(ast.unparse(node.left)), node.comparators[0]) for node in comparisons]
    return [(int(a[1]), a[2], value) for a, node in asked if a and (value := literal(node)) is not None]


def literal(node: ast.expr) -> object:
    """The value of a constant, a tuple, or constants added up; None for anything else."""
    if isinstance(node, ast.BinOp):
        return literal(node.left) + literal(node.right)
    return ast.literal_eval(node) if isinstance(node, ast.Constant | ast.Tuple) else None


def parsed(expression: str) -> ast.AST:
    try:
        return ast.parse(expression.strip(), mode="eval")
    except SyntaxError:
        return ast.Module()


def decoded(document: bytes, encoding: str) -> str:
    text = document.decode(encoding, "replace")
    return text if "Expect:" in text else ""


def header(document: bytes, name: str) -> str | None:
    found = re.search(rf"^\s*Header:\s*{name}:\s*(.*)$", document.decode("latin-1"), re.M | re.I)
    return found.group(1).strip() if found else None


def holds(document: bytes, number: int, field: str, expected) -> bool:
    entry = read(document, header(document, "Content-type")).entries[number]
    base = header(document, "Content-Location") or FEED.url
    # Whether an entry without text is kept is another question than what its link and date are.
    article = article_of(replace(entry, title=entry.title or "T"), Origin(FEED, NOW, base))
    match field:
        case "title":
            return plain(entry.title, MAX_TITLE_LENGTH, entry.title_is_html) in (
                plain(expected, MAX_TITLE_LENGTH),
                expected,
            )
        case "summary" | "description":
            return plain(entry.summary, MAX_SUMMARY_LENGTH, entry.summary_is_html) == plain(
                expected, MAX_SUMMARY_LENGTH
            )
        case "link":
            return article.url == canonical(expected)
        case "id" | "guid":
            return article.guid == expected
        case "published" | "updated" | "created":
            return article.published == parse_date(expected, FEED.timezone, NOW)[0]
    return article.published == datetime(*expected[:6], tzinfo=UTC)


def test_feedparsers_expectations_of_an_entry_hold_but_for_named_exceptions(sources):
    checked = [(name, *expected) for name in sorted(sources) for expected in expectations(sources[name])]
    assert len(checked) >= MANY
    failed = {name for name, *expected in checked if not holds(sources[name], *expected)}
    assert failed == EXCEPTIONS.keys()


def test_documents_that_feedparser_is_spared_read_as_it_reads_them(sources):
    documents = [document for name, document in sorted(sources.items()) if name.startswith("wellformed/")]
    assert len(documents) > 1000
    for document in documents:
        here, there = both_ways(document)
        assert here == there, document.decode("utf-8", "replace")


def test_feedparsers_dates_are_read_alike_but_for_named_exceptions(sources):
    table = re.findall(r"^\s+(\('.*?', (?:None|\(.*?\))\)),", sources["runtests.py"].decode(), re.M)
    dates = [ast.literal_eval(row) for row in table]
    assert len(dates) > 60
    failed = {text for text, expected in dates if not read_alike(text, expected)}
    assert failed == DATE_EXCEPTIONS.keys()


def read_alike(text: str, expected: tuple | None) -> bool:
    korean = any("\uac00" <= character <= "\ud7af" for character in text)
    time = parse_date(text, "Asia/Seoul" if korean else "UTC", NOW)[0]
    return (time and time.replace(microsecond=0)) == (datetime(*expected[:6], tzinfo=UTC) if expected else None)
