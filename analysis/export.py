"""Frames as files: CSV, JSON, JSON lines, Parquet; the same bytes for the same store, provenance inside.

In CSV and JSON lines the provenance is the last column, `provenance`, filled in the first row: a plain reader gets a
plain table. Without a row it follows that column's name in the heading of a CSV, so that no reader counts a row that is
not there, and is the only line of JSON lines. JSON has it beside the rows, Parquet in the schema's metadata.
"""

import io
import json

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from analysis import provenance
from analysis.provenance import Provenance
from ingest.errors import UsageError

FORMATS = ("csv", "json", "jsonl", "parquet")

PROVENANCE = "provenance"
"""Name of the column, key or metadata entry that holds the provenance."""

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet runs a cell that starts with one of these; such text gets an apostrophe (OWASP, CSV injection)."""


def export(frame: pd.DataFrame, source: Provenance, form: str) -> bytes:
    """The frame as a file of one of FORMATS."""
    return {"csv": _csv, "json": _json, "jsonl": _jsonl, "parquet": _parquet}[form](frame, source)


def defused(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def written(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame as text formats show it: ISO dates and times, missing as None, everything else as it is."""
    shown = {}
    for name, column in frame.items():
        if isinstance(column.dtype, pd.DatetimeTZDtype):
            column = column.dt.tz_convert("UTC").dt.strftime("%Y-%m-%dT%H:%M:%SZ")
        elif pd.api.types.is_datetime64_any_dtype(column):
            column = column.dt.strftime("%Y-%m-%d")
        shown[name] = column.astype(object).where(column.notna(), None)
    return pd.DataFrame(shown, index=frame.index, dtype=object)


def _csv(frame: pd.DataFrame, source: Provenance) -> bytes:
    table = written(frame).map(lambda value: defused(value) if isinstance(value, str) else value)
    return _with_provenance(table, source).to_csv(index=False, lineterminator="\n").encode()


def _jsonl(frame: pd.DataFrame, source: Provenance) -> bytes:
    rows = written(frame).to_dict("records")
    first = {PROVENANCE: json.loads(source.to_json())}
    rows = [rows[0] | first, *rows[1:]] if rows else [first]
    return "".join(json.dumps(row, ensure_ascii=False, default=_plain) + "\n" for row in rows).encode()


def _json(frame: pd.DataFrame, source: Provenance) -> bytes:
    content = {PROVENANCE: json.loads(source.to_json()), "rows": written(frame).to_dict("records")}
    return (json.dumps(content, ensure_ascii=False, default=_plain) + "\n").encode()


def _parquet(frame: pd.DataFrame, source: Provenance) -> bytes:
    table = pa.Table.from_pandas(frame, preserve_index=False)
    buffer = io.BytesIO()
    pq.write_table(table.replace_schema_metadata({PROVENANCE: source.to_json()}), buffer)
    return buffer.getvalue()


def _with_provenance(table: pd.DataFrame, source: Provenance) -> pd.DataFrame:
    if table.empty:
        return table.assign(**{f"{PROVENANCE} {source.to_json()}": None})
    return table.assign(**{PROVENANCE: [source.to_json()] + [None] * (len(table) - 1)})


def _plain(value: object) -> object:
    return value.item()  # numpy scalars


def read_export(data: bytes, form: str) -> tuple[Provenance, pd.DataFrame]:
    """A saved export: its provenance and its rows. Raises UsageError where it is not an export of that format."""
    try:
        source, frame = _READERS[form](data)
    except (KeyError, IndexError, ValueError, AttributeError, pa.ArrowException):
        raise UsageError(
            f"not an export of Lianwatch ({', '.join(FORMATS)}), or its provenance was taken out"
        ) from None
    return provenance.parse(source), frame


def _read_csv(data: bytes) -> tuple[str, pd.DataFrame]:
    frame = pd.read_csv(io.BytesIO(data), dtype=str, keep_default_na=False)
    return _take_provenance(frame)


def _take_provenance(frame: pd.DataFrame) -> tuple[str, pd.DataFrame]:
    last = frame.columns[-1]
    found = [last.removeprefix(PROVENANCE)] if frame.empty else [value for value in frame[PROVENANCE] if value]
    return found[0], frame.drop(columns=last if frame.empty else PROVENANCE)


def _read_json(data: bytes) -> tuple[str, pd.DataFrame]:
    content = json.loads(data)
    return json.dumps(content[PROVENANCE]), pd.DataFrame(content["rows"], dtype=object)


def _read_jsonl(data: bytes) -> tuple[str, pd.DataFrame]:
    rows = [json.loads(line) for line in data.splitlines()]
    sources = [json.dumps(row.pop(PROVENANCE)) for row in rows if PROVENANCE in row]
    return sources[0], pd.DataFrame([row for row in rows if row], dtype=object)


def _read_parquet(data: bytes) -> tuple[str, pd.DataFrame]:
    table = pq.read_table(io.BytesIO(data))
    source = (table.schema.metadata or {})[PROVENANCE.encode()].decode()
    return source, written(table.to_pandas())


_READERS = {"csv": _read_csv, "json": _read_json, "jsonl": _read_jsonl, "parquet": _read_parquet}
