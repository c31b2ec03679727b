from datetime import UTC, datetime

import pytest

from analysis import rollups
from analysis.queries import articles
from analysis.search import terms
from analysis.selection import Selection
from ingest.pending import mark_days
from tests.stores import filled_store

TITLES = {
    "simplified": "央行扩大数字人民币试点",
    "traditional": "香港數字人民幣試點擴大",
    "english": "Digital yuan PILOT grows 100% in Shenzhen",
    "wide": "ＢＴＣ行情",
}


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    corpus = [{"id": id_, "day": "2021-05-03", "title": title, "summary": "x_y!"} for id_, title in TITLES.items()]
    corpus.append({"id": "other", "day": "2021-05-03", "title": "试点 digital", "relevance": "no"})
    return filled_store(tmp_path_factory.mktemp("search") / "s.duckdb", corpus)


def found(store, query):
    return set(articles(store, Selection(search=query))["id"])


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("试点", {"simplified", "traditional"}),
        ("試點", {"simplified", "traditional"}),
        ("试点 香港", {"traditional"}),
        ("pilot DIGITAL", {"english"}),
        ('"digital yuan"', {"english"}),
        ('"yuan digital"', set()),
        ("btc", {"wide"}),
        ("100%", {"english"}),
        ("0%i", set()),
        ("x_y!", set(TITLES)),
        ("xzy", set()),
        ("'; DROP TABLE articles; --", set()),
        ("  ", set(TITLES)),
    ],
)
def test_a_query_finds_what_holds_all_its_words(store, query, ids):
    assert found(store, query) == ids


def test_a_query_is_words_and_quoted_phrases():
    assert terms('Yuan "Digital  Yuan" 試點') == ["yuan", "digital yuan", "试点"]


def test_a_changed_text_is_found_by_its_new_words_only(tmp_path):
    store = filled_store(tmp_path / "s.duckdb", [{"id": "a", "day": "2021-05-03", "title": "first"}])
    with store.transaction() as tx:
        tx.execute("UPDATE articles SET title = 'second', content_hash = content_hash + 1")
        mark_days(tx, [datetime(2021, 5, 3, tzinfo=UTC)])
    rollups.rebuild(store)
    assert (found(store, "first"), found(store, "second")) == (set(), {"a"})
