"""Tables of headlines: CSV, TSV, JSON lines, JSON and Parquet, with whatever names their columns have.

Exports of Media Cloud and GDELT are read as they come. Tables are streamed: memory does not grow with the file.
"""

import csv
import io
import itertools
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from ingest import outlets, packed
from ingest.delimited import records
from ingest.encoding import detect
from ingest.entries import NO_TEXT, Entry, Origin, articles_of
from ingest.errors import NotAFeedError
from ingest.model import Article, Feed

BATCH_ROWS = 10_000
"""Rows read, and stored, at a time: a fraction of a second of writing, a few MB of memory."""

SNIFF_BYTES = 200_000

COLUMNS = {
    "title": "title headline newstitle articletitle 标题 標題 新闻标题",
    "published": "date published publishdate publisheddate publishedat publishedon pubdate datepublished "
    "publicationdate publishtime seendate datetime time timestamp createdat created releasedate 日期 时间 發布時間 "
    "发布时间 发布日期",
    "outlet": "source medianame outlet publisher publication sourcename sourcecommonname media newspaper domain site "
    "website provider 来源 來源 媒体 媒體",
    "link": "url link articleurl documentidentifier href permalink 链接 連結 网址",
    "summary": "summary description lead abstract excerpt snippet subtitle content text body article 摘要 内容 正文",
    "language": "lang language languagecode sourcelanguage 语言",
    "guid": "guid id storiesid storyid articleid",
    "outlet_url": "mediaurl sourceurl",
    "extras": "extras",
}
"""Field of an entry → names of columns that hold it, folded to letters and digits, the best first."""

TIMEZONE = "UTC"
"""Zone of times without one: exports are written by programs (Media Cloud, GDELT), which count in UTC."""

GKG_NAMES = ["guid", "seendate", "collection", "sourcecommonname", "documentidentifier"]
GKG_NAMES += [f"column{number}" for number in range(6, 27)] + ["extras"]
"""The 27 columns of a GDELT Global Knowledge Graph 2 file, which has no header."""
_GKG_ROW = re.compile(r"\d{14}-T?\d+\t\d{14}\t")
_PAGE_TITLE = re.compile(r"<PAGE_TITLE>(.*?)</PAGE_TITLE>", re.S)


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows of a table, read. Every row is an article or counted in `problems` (place and reason)."""

    articles: tuple[Article, ...]
    rows: int
    problems: tuple[str, ...]
    groups: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Row:
    """One row: where it stands (`line 17`), its values by column, or why it cannot be read."""

    place: str
    values: dict
    problem: str = ""


def read(path: Path, kind: str, feed: Feed, now: datetime) -> Iterator[Batch]:
    """Read a table of `kind` (see `ingest.files.kind_of`) in batches of BATCH_ROWS.

    Raises NotAFeedError where it has no column of titles or summaries.
    """
    rows = iter(READERS[kind](path))
    while chunk := list(itertools.islice(rows, BATCH_ROWS)):
        yield _batch(chunk, feed, now)


def _batch(chunk: list[Row], feed: Feed, now: datetime) -> Batch:
    columns = _columns({name: None for row in chunk for name in row.values})
    readable = [row for row in chunk if not row.problem]
    if readable and not columns.keys() & {"title", "summary", "extras"}:
        raise NotAFeedError("a table without a column of titles (title, headline, ...) or summaries")
    origin = Origin(feed=replace(feed, timezone=feed.timezone or TIMEZONE), now=now, language=feed.language or None)
    articles, dropped = articles_of((_entry(row, columns) for row in readable), origin)
    problems = [f"{row.place}: {row.problem}" for row in chunk if row.problem]
    problems += [f"{place}: {NO_TEXT}" for place in dropped]
    return Batch(articles, len(chunk), tuple(problems), outlets.groups(articles, feed))


def _columns(names: Iterable[str]) -> dict[str, list[str]]:
    """Field → the table's columns that may hold it, the best first."""
    present = {folded(name): name for name in names}
    found = {field: [present[key] for key in keys.split() if key in present] for field, keys in COLUMNS.items()}
    return {field: columns for field, columns in found.items() if columns}


def is_gkg(line: str) -> bool:
    """Whether a line is a row of a GDELT Global Knowledge Graph file."""
    return bool(_GKG_ROW.match(line))


def folded(name: str) -> str:
    """A column's name as names are compared: letters and digits alone, in any case."""
    return "".join(c for c in str(name).casefold() if c.isalnum())


def _entry(row: Row, columns: dict[str, list[str]]) -> Entry:
    values = {
        field: next((text for name in names if (text := _text(row.values.get(name)))), "")
        for field, names in columns.items()
    }
    page_title = _PAGE_TITLE.search(values.pop("extras", ""))
    if page_title:
        values["title"] = values.get("title") or page_title.group(1)
    return Entry(**values, place=row.place)


def _text(value: object) -> str:
    if isinstance(value, dict):
        value = value.get("name") or value.get("title")
    return "" if value is None or value != value or isinstance(value, list | dict) else str(value).strip()


def _csv_rows(path: Path) -> Iterator[Row]:
    with open_text(path) as file:
        first = file.readline()
        delimiter = max(",\t;|", key=first.count)
        if is_gkg(first):
            header, quoting, lines = GKG_NAMES, csv.QUOTE_NONE, itertools.chain([first], file)
        else:
            header, quoting, lines = next(csv.reader([first], delimiter=delimiter), []), csv.QUOTE_MINIMAL, file
        for line, cells, problem in records(lines, delimiter, quoting, 1 if lines is not file else 2):
            if not problem and any(cells[len(header) :]):
                problem = f"{len(cells)} fields under a header of {len(header)}"
            yield Row(f"line {line}", {} if problem else dict(zip(header, cells, strict=False)), problem)


def _jsonl_rows(path: Path) -> Iterator[Row]:
    with open_text(path) as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                yield _json_row(f"line {number}", line)


def _json_row(place: str, line: str) -> Row:
    try:
        values = json.loads(line)
    except (ValueError, RecursionError) as error:
        return Row(place, {}, f"not JSON ({error})")
    return Row(place, values) if isinstance(values, dict) else Row(place, {}, "not a JSON object")


def _json_rows(path: Path) -> Iterator[Row]:
    """A JSON list of objects, or an object that holds one (`{"articles": [...]}`, as GDELT's and others' answers)."""
    with open_text(path) as file:
        try:
            document = json.load(file)
        except (ValueError, RecursionError) as error:
            raise NotAFeedError(f"JSON that cannot be read ({error})", "parse_error") from None
    lists = [document] if isinstance(document, list) else [v for v in document.values() if isinstance(v, list)]
    if not lists:
        raise NotAFeedError("JSON without a list of articles")
    for number, values in enumerate(max(lists, key=len), 1):
        yield Row(f"item {number}", values) if isinstance(values, dict) else Row(f"item {number}", {}, "not an object")


def _parquet_rows(path: Path) -> Iterator[Row]:
    import pyarrow as pa
    from pyarrow import parquet

    try:
        file = parquet.ParquetFile(path)
        numbers = itertools.count(1)
        for batch in file.iter_batches(batch_size=BATCH_ROWS):
            for values in batch.to_pylist():
                yield Row(f"row {next(numbers)}", values)
    except (pa.ArrowException, OSError) as error:
        raise NotAFeedError(
            f"a Parquet file that cannot be read ({str(error).splitlines()[0]})", "parse_error"
        ) from None


READERS = {"csv": _csv_rows, "jsonl": _jsonl_rows, "json": _json_rows, "parquet": _parquet_rows}


def open_text(path: Path) -> io.TextIOWrapper:
    """The text of a file, packed or not, in the encoding its first part is written in."""
    encoding = detect(head(path), complete=False)
    file = packed.opened(path)
    return io.TextIOWrapper(file, "utf-8-sig" if encoding == "utf-8" else encoding, "replace", newline="")


def head(path: Path) -> bytes:
    """The first bytes of a file, unpacked."""
    with packed.opened(path) as file:
        return file.read(SNIFF_BYTES)
