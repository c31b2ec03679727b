"""What the embedded store makes of an answer."""

import duckdb
import pandas as pd
import pytest

from ingest.store import open_store
from ingest.store_base import columns_of

VALUES = """
    SELECT * FROM (VALUES
        (1, CAST(2 AS BIGINT), 1.5, 'a', '中', TRUE, DATE '2020-01-01', TIMESTAMPTZ '2020-01-01 08:00:00+08'),
        (NULL, 3, NULL, NULL, 'b', NULL, NULL, NULL)
    ) AS v (small, large, ratio, text, full_text, flag, day, moment)
"""


@pytest.mark.parametrize("rows", ["", "WHERE small = 1", "WHERE small IS NULL", "WHERE large = 0"])
def test_a_frame_is_the_one_that_duckdb_gives(tmp_path, rows):
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        expected = connection.execute(f"{VALUES} {rows}").df()
    pd.testing.assert_frame_equal(open_store(str(tmp_path / "store.duckdb")).frame(f"{VALUES} {rows}"), expected)


@pytest.mark.parametrize("rows", ["", "WHERE small = 1", "WHERE small IS NULL", "WHERE large = 0"])
def test_columns_are_those_of_the_frame(tmp_path, rows):
    with open_store(str(tmp_path / "store.duckdb")).reading() as reading:
        columns, frame = reading.columns(f"{VALUES} {rows}"), reading.frame(f"{VALUES} {rows}")
    expected = columns_of(frame)
    assert list(columns) == list(expected)
    for name, values in columns.items():
        assert [value for value in values.tolist() if pd.notna(value)] == [
            value for value in expected[name].tolist() if pd.notna(value)
        ]
        assert pd.isna(values).tolist() == frame[name].isna().tolist()


def test_a_missing_text_is_none(tmp_path):
    with open_store(str(tmp_path / "store.duckdb")).reading() as reading:
        assert reading.columns(VALUES)["text"].tolist() == ["a", None]
