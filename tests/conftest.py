import os
import shutil
from pathlib import Path

import pytest

collect_ignore = ["browser"]  # run on its own: `pytest tests/browser`


@pytest.fixture(scope="session", autouse=True)
def empty_store_copied(tmp_path_factory):
    """Every new DuckDB file starts as a copy of one that was migrated: that costs a quarter of migrating it."""
    from ingest import store
    from ingest.store_duckdb import DuckStore

    empty, migrate = tmp_path_factory.mktemp("empty") / "store.duckdb", store._migrate

    def copy_or_migrate(opened):
        if isinstance(opened, DuckStore) and not opened.path.exists():
            if not empty.exists():
                migrate(DuckStore(empty))
            shutil.copyfile(empty, opened.path)
        migrate(opened)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "_migrate", copy_or_migrate)
        yield


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
