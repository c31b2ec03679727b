import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def shared() -> Path:
    """The recorded material beside the checkout (or where LIANWATCH_SHARED points); skips where it is absent."""
    folder = Path(os.environ.get("LIANWATCH_SHARED") or Path(__file__).parents[2] / "shared")
    if not (folder / "data").is_dir():
        pytest.skip("no recorded material beside the checkout")
    return folder


@pytest.fixture(scope="session")
def postgres():
    """A PostgreSQL server (tests.postgres.Server); skips where none is installed."""
    from tests.postgres import running

    with running() as server:
        yield server
