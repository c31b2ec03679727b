import os
from pathlib import Path

import pytest
from hypothesis import settings

# The same examples in every run, and no failure where a busy machine takes long for one.
settings.register_profile("lianwatch", derandomize=True, deadline=None)
settings.load_profile("lianwatch")

collect_ignore = ["services", "browser"]  # run on their own: `pytest tests/services`, `pytest tests/browser`

SLOWEST = (
    "test_executors", "test_server_store", "test_analysis_sentiment_quality", "test_dashboard_pages",
    "test_analysis_pipeline", "test_ingest_run", "test_analysis_topics", "test_analysis_expected_moves",
)  # fmt: skip
"""Files that take long for their few tests. They start first, so that at the end no core waits for one of them."""


def pytest_collection_modifyitems(items):
    order = {name: at for at, name in enumerate(SLOWEST)}
    items.sort(key=lambda item: order.get(item.path.stem, len(order)))


@pytest.fixture(scope="session")
def quick_stores(tmp_path_factory):
    """tests.quick_stores, in place of how DuckDB files are migrated and opened."""
    from ingest import migrating, store_duckdb
    from tests.quick_stores import QuickStores

    quick = QuickStores(tmp_path_factory.mktemp("empty") / "store.duckdb")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(migrating, "migrate", quick.migrate)
        patch.setattr(store_duckdb, "opened", quick.opened)
        patch.setattr(store_duckdb, "turn", quick.turn)
        yield quick
        quick.close()


@pytest.fixture(autouse=True)
def files_left_to_other_processes(request, quick_stores):
    quick_stores.keeping = request.node.get_closest_marker("processes") is None
    if not quick_stores.keeping:
        quick_stores.close()
    yield
    quick_stores.keeping = True


@pytest.fixture(scope="session")
def shared() -> Path:
    """The recorded material beside the checkout (or where LIANWATCH_SHARED points); skips where it is absent."""
    folder = Path(os.environ.get("LIANWATCH_SHARED") or Path(__file__).parents[2] / "shared")
    if not (folder / "data").is_dir():
        pytest.skip("no recorded material beside the checkout")
    return folder


@pytest.fixture(scope="session")
def app_page():
    """Opens a page of the dashboard (tests.pages)."""
    from tests.pages import opening

    with opening() as open_page:
        yield open_page
