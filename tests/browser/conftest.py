"""A dashboard on a loopback port, and the Chromium found on the machine."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from tests.dashboard_corpus import GROUPS, corpus
from tests.stores import filled_store

ROOT = Path(__file__).parents[2]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
START_SECONDS = 60


def pytest_collection_modifyitems(items):
    if browser_path():
        return
    if os.environ.get("LIANWATCH_REQUIRE_BROWSER") == "1":
        pytest.exit("LIANWATCH_REQUIRE_BROWSER=1, and no Chromium or Chrome was found", returncode=1)
    for item in items:
        item.add_marker(pytest.mark.skip(reason="no Chromium or Chrome was found"))


def browser_path() -> str | None:
    """A Chromium or Chrome of the machine, else the one Playwright has installed, else None."""
    for name in BROWSERS:
        if found := shutil.which(name):
            return found
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).exists() else None


@pytest.fixture(scope="session")
def browser_type_launch_args():
    return {"executable_path": browser_path(), "args": ["--no-sandbox"]}


@pytest.fixture(scope="session")
def address(tmp_path_factory, quick_stores):
    """Where a dashboard on the corpus of `dashboard_corpus` is served."""
    store = filled_store(tmp_path_factory.mktemp("browser") / "store.duckdb", corpus(), GROUPS)
    quick_stores.close()  # another process is to open the file
    with served(store.path) as base:
        yield base


@contextmanager
def served(store: Path) -> Iterator[str]:
    """Address of a dashboard on a store, as long as the block lasts."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "dashboard/app.py", "--server.headless", "true"]
    environment = {**os.environ, "LIANWATCH_STORE": str(store), "PYTHONPATH": str(ROOT)}
    server = subprocess.Popen([*command, "--server.port", str(port)], cwd=ROOT, env=environment)
    try:
        wait_until_healthy(f"http://127.0.0.1:{port}/_stcore/health", server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def wait_until_healthy(url: str, server: subprocess.Popen) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urlopen(url):
                return
        except (URLError, ConnectionError):
            time.sleep(0.2)
    pytest.fail("the dashboard did not start")


@pytest.fixture
def opened(page, address):
    """Open a view and wait until it has settled; collects what must not happen meanwhile."""
    page.set_default_timeout(60_000)
    foreign, errors = [], []
    page.on("request", lambda request: foreign.append(request.url) if is_foreign(request.url, address) else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("dialog", lambda dialog: errors.append(f"dialog: {dialog.message}"))

    def open_(path=""):
        page.goto(f"{address}/{path}")
        settle(page)
        return page

    yield open_
    assert foreign == []
    assert errors == []


def is_foreign(url: str, address: str) -> bool:
    return not url.startswith((address, address.replace("http", "ws"), "data:", "blob:", "file:"))


def settle(page) -> None:
    """Wait until the script has run and nothing more is being drawn."""
    page.locator("[data-testid=stHeading], [data-testid=stAlert]").first.wait_for()
    page.locator("[data-testid=stStatusWidget]").wait_for(state="hidden")
    page.locator("[data-stale=true]").first.wait_for(state="detached")
    page.locator("[data-testid=stSkeleton]").first.wait_for(state="detached")


def click_point(page, panel, number):
    """Click the marker of the `number`-th point of a panel's line."""
    page.locator(f".st-key-{panel} .main-svg").first.scroll_into_view_if_needed()
    page.wait_for_timeout(500)
    point = page.locator(f".st-key-{panel} .scatterlayer .points path").nth(number).bounding_box()
    page.mouse.move(point["x"] + point["width"] / 2, point["y"] + point["height"] / 2)
    page.mouse.click(point["x"] + point["width"] / 2, point["y"] + point["height"] / 2)
