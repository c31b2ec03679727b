"""What the embedded store makes of an answer."""

import duckdb
import pandas as pd
import pytest

from ingest.store import open_store

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
