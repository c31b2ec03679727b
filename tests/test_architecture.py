"""The rules of the house: imports run one way and never in a circle, and each third-party package has one home."""

import ast
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from ingest.model import STATUSES

ROOT = Path(__file__).parent.parent
LAYERS = {"ingest": 0, "analysis": 1, "dashboard": 2}
HOMES = {
    "feedparser": ["ingest/parse.py"],
    "aiohttp": ["ingest/transport.py"],
    "protego": ["ingest/robots.py"],
    "duckdb": ["ingest/duckdb_engine.py", "ingest/store_duckdb.py"],
    "clickhouse_connect": ["ingest/store_clickhouse.py"],
    "psycopg": ["ingest/store_postgres.py"],
    "psycopg_pool": ["ingest/store_postgres.py"],
    "sklearn": ["analysis/topic_", "analysis/sentiment.py", "analysis/training/", "analysis/story_links.py"],
    "torch": ["analysis/training/"],
    "safetensors": ["analysis/training/"],
    "datasketch": ["analysis/story_links.py"],
    "jieba": ["analysis/text.py"],
    "nltk": ["analysis/text.py", "analysis/vader.py"],
    "plotly": ["dashboard/charts/"],
    "statsmodels": ["analysis/event_study.py", "analysis/pooling.py"],
    "ruptures": ["analysis/changes.py"],
    "distributed": ["analysis/executors.py"],
    "streamlit": ["dashboard/"],
    "cachetools": ["dashboard/data.py"],
}
MODULES = sorted(p for layer in LAYERS for p in (ROOT / layer).rglob("*.py"))


@cache
def nodes(path: Path) -> list[ast.AST]:
    return list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


@cache
def imports(path: Path) -> set[str]:
    names: set[str] = set()
    for node in nodes(path):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_run_one_way_and_packages_stay_home(path):
    here = path.relative_to(ROOT)
    for name in imports(path):
        top = name.split(".")[0]
        if top in LAYERS:
            assert LAYERS[top] <= LAYERS[here.parts[0]], f"{here} imports {name}"
        if here.parts[:2] == ("dashboard", "views") and name.startswith("dashboard.views."):
            pytest.fail(f"{here} imports another view: {name}")
        if top in HOMES:
            assert any(str(here).startswith(home) for home in HOMES[top]), f"{here} imports {top}"


def test_no_module_imports_itself_by_way_of_others():
    names = {path: ".".join(path.relative_to(ROOT).with_suffix("").parts) for path in MODULES}
    TopologicalSorter({name: imports(path) & set(names.values()) for path, name in names.items()}).prepare()


def test_every_status_a_fetch_ends_with_is_of_the_fixed_vocabulary():
    said = {
        node.args[0].value
        for path in MODULES
        for node in nodes(path)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "FetchError"
        if node.args and isinstance(node.args[0], ast.Constant)
    }
    assert said
    assert said <= set(STATUSES)


def test_no_module_of_the_dashboard_hides_a_package():
    names = {p.stem for p in (ROOT / "dashboard").glob("*.py")} | {p.name for p in (ROOT / "dashboard").iterdir()}
    assert not names & {"analysis", "ingest"}
