"""The house's SQL, types and values as ClickHouse has them, and back."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa

from ingest.store_base import Parameters

TYPES = {
    "text": ("String", pa.string()),
    "boolean": ("Bool", pa.bool_()),
    "integer": ("Int32", pa.int32()),
    "bigint": ("Int64", pa.int64()),
    "double precision": ("Float64", pa.float64()),
    "date": ("Date32", pa.date32()),
    "timestamp with time zone": ("DateTime64(6, 'UTC')", pa.timestamp("us", tz="UTC")),
}
"""Type of a column of a store → of ClickHouse, and of the batches sent to it."""


def translated(sql: str, parameters: Parameters) -> tuple[str, dict]:
    """The house's SQL with ClickHouse's typed parameters (bound by the server), and their values by name."""
    given = iter(parameters if not isinstance(parameters, dict) else ())
    bound: dict[str, object] = {}

    def bind(found: re.Match) -> str:
        name = found["name"] or f"p{len(bound)}"
        value = parameters[name] if found["name"] else next(given)
        type_, bound[name] = _parameter(value)
        return f"IN {{{name}:{type_}}}" if found["list"] else f"{{{name}:{type_}}}"

    for theirs, ours in _RENAMED:
        sql = re.sub(theirs, ours, sql)
    return _PARAMETER.sub(bind, sql), bound


_RENAMED = (
    (r"\bcurrent_(?:schema|database)\(\)", "currentDatabase()"),
    (r"\bsplit_part\(([\w.]+), ('.'), (\d)\)", r"splitByString(\2, \1)[\3]"),
    (r"\bAS DATE\)", "AS Date32)"),  # its Date begins in 1970
    (r"\bsum\(content_hash\)", "sum(CAST(content_hash AS Int128))"),  # its sum of Int64 runs over
)
"""What the house's SQL names → what ClickHouse calls it."""

_PARAMETER = re.compile(r"(?P<list>\bIN \(SELECT unnest\(\?\)\))|\?|\$(?P<name>\w+)")


def _parameter(value: object) -> tuple[str, object]:
    """ClickHouse's type for a value, and the value as it is sent."""
    if isinstance(value, list | tuple):
        types = {_parameter(each)[0] for each in value} or {"String"}
        return f"Array({types.pop()})", [_parameter(each)[1] for each in value]
    if isinstance(value, datetime):
        return "DateTime64(6, 'UTC')", value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    for kind, type_ in _PARAMETER_TYPES.items():
        if isinstance(value, kind):
            return type_, value
    return "Nullable(String)", value


_PARAMETER_TYPES = {bool: "Bool", int: "Int64", float: "Float64", date: "Date32", str: "String"}


def kind(type_: pa.DataType) -> str:
    """PostgreSQL's name (`ingest.frames.DTYPES`) for the type of a column; a comparison gives uint8."""
    return next((kind for start, kind in _KINDS.items() if str(type_).startswith(start)), "")


_KINDS = {
    "bool": "bool", "uint8": "bool", "int32": "int4", "int": "int8", "uint": "int8", "double": "float8",
    "decimal": "numeric", "timestamp": "timestamptz", "date": "date", "string": "text", "large_string": "text",
}  # fmt: skip


def whole(value: object) -> object:
    """Sums of whole numbers as int, as DuckDB gives them."""
    return int(value) if isinstance(value, Decimal) and value == value.to_integral_value() else value
