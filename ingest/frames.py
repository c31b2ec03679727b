"""Frames with the types that DuckDB's have, from the rows of another database: no reader should see a difference."""

from collections.abc import Sequence

import pandas as pd

DTYPES = {
    "bool": ("bool", "boolean"),
    "int2": ("int16", "Int16"),
    "int4": ("int32", "Int32"),
    "int8": ("int64", "Int64"),
    "numeric": ("float64", "float64"),
    "float8": ("float64", "float64"),
    "date": ("datetime64[us]", "datetime64[us]"),
    "timestamptz": ("datetime64[us, UTC]", "datetime64[us, UTC]"),
    "text": ("str", "str"),
}
"""Type of a column, by PostgreSQL's name → dtype that DuckDB's frames have for it, without and with missing values."""


def series(kind: str, values: Sequence) -> pd.Series:
    """The values of a column as DuckDB's frame would hold them; None is missing. Kinds not in DTYPES stay objects."""
    full, gappy = DTYPES.get(kind, ("object", "object"))
    if full == "str" and all(value is None for value in values):
        full = gappy = "object"
    return pd.Series(list(values), dtype=gappy if None in values else full)
