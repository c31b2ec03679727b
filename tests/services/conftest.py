"""The servers that these tests ask: they run on their own (`pytest tests/services`), after those of the logic."""

import pytest


@pytest.fixture(scope="session")
def clickhouse(tmp_path_factory):
    """Databases of ClickHouse's engine in this process (clickhouse.Engine); skips where it is not installed."""
    from tests.services.clickhouse import Engine

    return Engine(tmp_path_factory.mktemp("clickhouse"))


@pytest.fixture(scope="session")
def postgres():
    """A PostgreSQL server (postgres.Server); skips where none is installed."""
    from tests.services.postgres import running

    with running() as server:
        yield server
