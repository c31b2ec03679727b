"""One corpus in two stores: whatever is asked, PostgreSQL and a copy in ClickHouse answer as DuckDB does.

ClickHouse is its engine as a library (chDB), by the client that talks to a server; left out where that is absent.
"""

from dataclasses import asdict
from datetime import UTC, date, datetime
from functools import cache

import pandas as pd
import pytest

from analysis import moves, pipeline, queries, rollups, stories, topics
from analysis.event_study import study
from analysis.executors import InThisProcess
from analysis.selection import Selection
from dashboard.frame import VIEWS
from ingest import health
from ingest.commands.sample_ import SAMPLE, load
from ingest.copying import copy
from ingest.errors import StoreError
from ingest.store import open_store, open_target

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
EQUAL = {"check_exact": False, "rtol": 1e-9, "atol": 1.01e-8}  # figures have eight decimals; the last may be a tie
SELECTIONS = {
    "everything": Selection(),
    "a period": Selection(start=date(2019, 1, 1), end=date(2021, 12, 31)),
    "a language": Selection(languages=("zh",)),
    "a target": Selection(targets=("crypto",)),
    "a target and a theme": Selection(targets=("blockchain",), themes=("core_tech_innovation",)),
    "a Chinese word": Selection(search="区块链"),
    "a phrase with wildcards": Selection(search='"digital yuan" 100%_'),
}


def analysed(url: str):
    store = open_store(url)
    load(store, SAMPLE, NOW)
    pipeline.annotate_pending(store, InThisProcess(), False, lambda n: None)
    stories.group_stories(store)
    topics.refit(store, NOW)
    rollups.rebuild(store)
    with store.transaction() as tx:
        tx.stamp()
    return store


@pytest.fixture(scope="module")
def embedded(tmp_path_factory):
    return analysed(str(tmp_path_factory.mktemp("store") / "a.duckdb"))


@pytest.fixture(scope="module", params=["postgres", "clickhouse"])
def both(request, embedded):
    """The analysed sample data in DuckDB, and in PostgreSQL (analysed there) or ClickHouse (a copy)."""
    if request.param == "postgres":
        return embedded, analysed(request.getfixturevalue("postgres").database())
    address = request.getfixturevalue("clickhouse").database()
    copy(embedded, open_target(address), lambda table, rows: None)
    return embedded, open_store(address)


def answers(both, question, *arguments, **options):
    embedded, server = (question(store, *arguments, **options) for store in both)
    assert len(embedded)
    pd.testing.assert_frame_equal(server, embedded, **EQUAL)


def test_the_data_version_is_the_same(both):
    embedded, server = both
    assert server.data_version() == embedded.data_version() != "empty"


@pytest.mark.parametrize("selection", SELECTIONS.values(), ids=SELECTIONS)
@pytest.mark.parametrize("by", ["source", "theme", "target", "cell"])
def test_series_are_the_same(both, selection, by):
    embedded, server = (queries.series(store, selection, "month", by) for store in both)
    pd.testing.assert_frame_equal(server, embedded, **EQUAL)


@pytest.mark.parametrize(
    ("freq", "by"), [("day", "group"), ("week", "language"), ("whole", "topic"), ("month", "none")]
)
def test_series_are_the_same_in_every_bucket(both, freq, by):
    answers(both, queries.series, Selection(), freq, by)


@pytest.mark.parametrize("selection", SELECTIONS.values(), ids=SELECTIONS)
def test_articles_counts_and_facets_are_the_same(both, selection):
    embedded, server = (queries.articles(store, selection, limit=None) for store in both)
    pd.testing.assert_frame_equal(server, embedded, **EQUAL)
    assert queries.article_count(both[1], selection) == len(embedded)
    embedded, server = (queries.facets(store, selection) for store in both)
    pd.testing.assert_frame_equal(server, embedded, **EQUAL)


@pytest.mark.parametrize("order", queries.ORDERS)
def test_pages_of_articles_come_in_the_same_order(both, order):
    answers(both, queries.articles, Selection(targets=("digital_yuan",)), 20, 20, order)


def test_everything_known_of_an_article_is_the_same(both):
    ids = list(queries.articles(both[0], Selection(), limit=40)["id"])
    embedded, server = (queries.article_details(store, ids) for store in both)
    assert server == embedded


def test_topics_stories_feeds_and_extent_are_the_same(both):
    answers(both, queries.topics)
    answers(both, health.frame, NOW)
    answers(both, moves.leading_stories, Selection())
    assert asdict(queries.extent(both[1])) == asdict(queries.extent(both[0]))
    assert health.feed_health(both[1], [], NOW) == health.feed_health(both[0], [], NOW) == []


def test_an_event_study_is_the_same(both):
    embedded, server = (study(store, Selection(), date(2021, 9, 24), window=91) for store in both)
    assert server == embedded
    assert embedded.n_before


def test_a_second_run_finds_nothing_to_do(both):
    server = both[1]
    if server.is_copy:
        pytest.skip("only read")
    assert load(server, SAMPLE, NOW)[0]["new"] == 0
    assert pipeline.count_pending(server, everything=False) == 0
    assert stories.group_stories(server)["read"] == 0
    assert rollups.rebuild(server) == 0


def test_a_server_that_is_not_there_is_one_line():
    with pytest.raises(StoreError, match=r"^postgresql://127\.0\.0\.1:9/news: .*refused") as error:
        open_store("postgresql://reader:secret@127.0.0.1:9/news")
    assert "secret" not in str(error.value)


@pytest.fixture(scope="module")
def said(app_page):
    """All that a page says on a store; asked once of each."""
    with pytest.MonkeyPatch.context() as patch:

        @cache
        def text(url: str, view: str) -> list[str]:
            patch.setenv("LIANWATCH_STORE", url)
            page = app_page(view)
            return [element.value for element in (*page.title, *page.markdown, *page.caption, *page.info)]

        yield text


@pytest.mark.parametrize("view", VIEWS)
def test_pages_say_the_same(both, view, said):
    embedded, server = (said(store.url, view) for store in both)
    assert server == embedded
    assert len(server) > 2
