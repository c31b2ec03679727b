"""Pages of the dashboard, run in this process as Streamlit runs them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

APP = str(Path(__file__).parent.parent / "dashboard" / "app.py")


@contextmanager
def opening() -> Iterator[Callable[..., AppTest]]:
    """`open_page(view, **parameters of the address)`, on the store that LIANWATCH_STORE names.

    A server looks through every installed package for components once, AppTest before each run: most of a page's time.
    Ours are inline, so there is nothing to be found.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("streamlit.components.v2.manifest_scanner.scan_component_manifests", list)
        yield _open_page


def _open_page(view: str = "overview", **parameters: str) -> AppTest:
    page = AppTest.from_file(APP, default_timeout=60)
    for name, value in parameters.items():
        page.query_params[name] = value
    if view != "overview":
        # AppTest turns to file pages only; ours are functions, which Streamlit knows by a digest of their address.
        page._page_hash = calc_hash(view)
    page.run()
    assert not page.exception, page.exception[0].message
    return page
