"""Files on disk to articles: feed documents and tables of headlines, told apart by their content.

A file's name is no evidence: recorded feeds are called `.xml`, `.html`, a hash, or `.xml` around gzip bytes.
"""

import json
import os
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from ingest import outlets, packed, tables
from ingest.encoding import decode
from ingest.errors import NotAFeedError, UsageError
from ingest.model import Feed
from ingest.parse import MAX_DOCUMENT_BYTES, parse
from ingest.tables import Batch

_TITLE_NAMES = frozenset(tables.COLUMNS["title"].split())


def find(paths: Iterable[str | Path]) -> list[Path]:
    """The files behind `paths`, folders searched to any depth, in a fixed order, hidden files left out.

    Raises UsageError for a path that is empty or does not exist and for a folder without files.
    """
    found: list[Path] = []
    for given in paths:
        if given == "":  # which Path would take for this folder
            raise UsageError("'' is no path (write . for this folder)")
        path = Path(given)
        if path.is_dir():
            inside = [Path(folder, name) for folder, _, names in os.walk(path) for name in names if name[0] != "."]
            if not inside:
                raise UsageError(f"{path}: a folder without files")
            found += sorted(inside)
        elif path.exists():
            found.append(path)
        else:
            raise UsageError(f"{path}: no such file or folder")
    return list(dict.fromkeys(found))


def feed_of(path: Path, source: str | None, language: str | None, timezone: str | None) -> Feed:
    """The feed that a file stands for. What is not given is left to the document and its entries."""
    known = outlets.by_name(source) if source else None
    return Feed(
        url=path.as_posix(),
        name=path.name.partition(".")[0] or path.name,
        outlet=known.name if known else source or None,
        group=known.group if known else "other",
        language=language or "",
        timezone=timezone or "",
    )


def kind_of(path: Path) -> str:
    """`feed` (any format, or nothing that is known), `csv`, `jsonl`, `json` or `parquet`, by content.

    A name ends doubt only: a `.csv` without a column of titles is told what it lacks.
    """
    head = tables.head(path)
    if head.startswith(b"PAR1"):
        return "parquet"
    text = decode(head).lstrip()
    if text[:1] == "[":
        return "json"
    if text[:1] == "{":
        return _kind_of_json(text)
    first = text.partition("\n")[0]
    named = first.strip() and path.name.lower().removesuffix(".gz").endswith((".csv", ".tsv"))
    if text[:1] != "<" and (named or tables.is_gkg(first) or _has_title_column(first)):
        return "csv"
    return "feed"


def read(path: Path, feed: Feed, now: datetime) -> Iterator[Batch]:
    """The articles of a file, in batches. Raises NotAFeedError with the status word and one line that says why."""
    try:
        kind = kind_of(path)
        if kind != "feed":
            yield from tables.read(path, kind, feed, now)
            return
        with path.open("rb") as file:  # gzipped documents are unpacked there as far as they go
            parsed = parse(file.read(MAX_DOCUMENT_BYTES + 1), feed, now=now)
    except packed.DAMAGED as error:
        raise packed.damage(error) from None
    except OSError as error:
        raise NotAFeedError(f"cannot be read ({error.strerror or error})", "parse_error") from None
    yield Batch(parsed.articles, parsed.entries, parsed.problems, parsed.groups)


def _kind_of_json(text: str) -> str:
    first = text.partition("\n")[0]
    try:
        record = json.loads(first)
    except (ValueError, RecursionError):
        return "feed" if "jsonfeed.org" in text or '"items"' in text else "json"
    return "feed" if "items" in record else "json" if "articles" in record else "jsonl"


def _has_title_column(first: str) -> bool:
    names = first.replace("\t", ",").replace(";", ",").replace("|", ",").split(",")
    return len(names) > 1 and any(tables.folded(name) in _TITLE_NAMES for name in names)
