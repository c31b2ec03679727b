from datetime import UTC, datetime, timedelta

import pytest

from analysis.stories import group_stories
from ingest.pending import GROUP, mark_articles
from ingest.store import open_store

START = datetime(2021, 6, 18, tzinfo=UTC)
TITLES = {
    "a": "Sichuan bitcoin miners told to shut down by Beijing",
    "b": "Beijing orders bitcoin miners in Sichuan to shut down",
    "c": "Sichuan bitcoin miners told to shut down by Beijing",
    "d": "Digital yuan wallet app tops download charts after launch",
}


@pytest.fixture
def store(tmp_path):
    return open_store(str(tmp_path / "store.duckdb"))


def put(store, *ids, hours=None, relevance="yes", **changed):
    articles, annotations = [], []
    for id_ in ids:
        published = START + timedelta(hours=(hours or {"a": 2, "b": 1, "c": 30, "d": 3})[id_])
        article = {"id": id_, "url": None, "title": TITLES[id_], "summary": "", "outlet": f"Outlet {id_}"}
        article |= {"published": published, "published_quality": "exact", "first_seen": START, "text_at": START}
        articles.append({**article, "title_key": 0, "duplicate_of": None, "content_hash": 1, **changed})
        annotations.append(
            {
                "article_id": id_,
                "content_hash": 1,
                "engine": "e",
                "language": "en",
                "relevance": relevance,
                "abstain": False,
            }
        )
    with store.transaction() as tx:
        tx.upsert("articles", articles, key=["id"])
        tx.upsert("annotations", annotations, key=["article_id"])
        mark_articles(tx, GROUP, ids)


def stories(store):
    return dict(store.rows("SELECT article_id, story_id FROM stories"))


def test_copies_stand_under_the_one_published_first(store):
    put(store, *"abcd")
    assert group_stories(store) == {"read": 4, "stories": 2}
    assert stories(store) == {"a": "b", "b": "b", "c": "b", "d": "d"}
    assert store.rows("SELECT article_id FROM stories WHERE is_original ORDER BY 1") == [("b",), ("d",)]


def test_any_order_of_arrival_gives_the_stories_of_one_batch(tmp_path):
    found = set()
    for number, order in enumerate(("abcd", "dcba", "cadb")):
        store = open_store(str(tmp_path / f"{number}.duckdb"))
        for id_ in order:
            put(store, id_)
            group_stories(store)
        found.add(frozenset(stories(store).items()))
    assert found == {frozenset({"a": "b", "b": "b", "c": "b", "d": "d"}.items())}


def test_what_was_read_is_not_read_again(store):
    put(store, *"abc")
    group_stories(store)
    assert group_stories(store)["read"] == 0
    put(store, "d")
    assert group_stories(store)["read"] == 1


def test_a_changed_text_leaves_its_story_and_a_duplicate_leaves_the_table(store):
    put(store, *"abcd")
    group_stories(store)
    put(store, "b", title="Central bank governor speaks on growth", content_hash=2)
    group_stories(store)
    assert stories(store) == {"a": "a", "b": "b", "c": "a", "d": "d"}
    put(store, "a", duplicate_of="c")
    group_stories(store)
    assert stories(store) == {"b": "b", "c": "c", "d": "d"}


def test_a_relevant_article_is_never_under_an_original_that_is_not_counted(store):
    put(store, "b", relevance="no")
    put(store, "a", "c")
    group_stories(store)
    assert stories(store) == {"a": "a", "b": "b", "c": "a"}


def test_an_undated_article_is_never_the_original_of_a_dated_one(store):
    put(store, "a", "b")
    put(store, "b", published=None, first_seen=START)
    group_stories(store)
    assert stories(store) == {"a": "a", "b": "a"}
