"""ClickHouse's engine inside the tests' process (chDB, by the client that talks to a server), a database a test."""

import itertools
import os
from pathlib import Path

import pytest


class Engine:
    """`database()` is the URL of a database that is not there yet. chDB has one folder a process: `folder`."""

    def __init__(self, folder: Path) -> None:
        for package in ("chdb", "clickhouse_connect"):
            if os.environ.get("LIANWATCH_REQUIRE_CLICKHOUSE") != "1":
                pytest.importorskip(package)
        self._folder = folder
        self._numbers = itertools.count()

    def database(self) -> str:
        return f"chdb://{self._folder}?database=news{next(self._numbers)}"
