import contextlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.identity import find_duplicates, merge, row_of
from ingest.model import Article
from ingest.store import open_store
from ingest.store_duckdb import LOOKED_UP
from ingest.upsert import Counts, Showing, store_articles, store_showings

NOW = datetime(2026, 1, 1, tzinfo=UTC)
BASE = Article(
    id="a",
    url="https://daily.example/a",
    title="Blockchain pilot reaches the harbour",
    summary="",
    outlet="Harbour Daily",
    language="en",
    published=datetime(2019, 10, 25, tzinfo=UTC),
    published_offset=480,
    published_quality="exact",
    guid="1",
)


@pytest.fixture
def store(tmp_path):
    return open_store(str(tmp_path / "store.duckdb"))


def show(store, *articles, source="https://daily.example/feed", hour=0):
    with store.transaction() as tx:
        counts = show_in(tx, *articles, source=source, hour=hour)
        tx.stamp()
    return counts


def show_in(tx, *articles, source="https://daily.example/feed", hour=0):
    seen_at = NOW + timedelta(hours=hour)
    return store_articles(tx, source, articles, {"Harbour Daily": "hongkong"}, sample=False, seen_at=seen_at)


def test_an_article_is_new_once_and_seen_after(store):
    assert show(store, BASE) == Counts(new=1)
    assert show(store, BASE) == Counts(seen=1)
    assert store.rows("SELECT outlet, group_id, sample FROM outlets") == [("Harbour Daily", "hongkong", False)]


def test_a_changed_title_is_a_revision_and_not_a_new_article(store):
    show(store, BASE)
    assert show(store, replace(BASE, title="Blockchain pilot leaves the harbour"), hour=1) == Counts(updated=1)
    assert store.rows("SELECT title FROM articles") == [("Blockchain pilot leaves the harbour",)]
    assert store.rows("SELECT title FROM revisions") == [("Blockchain pilot reaches the harbour",)]


def test_a_title_that_comes_back_is_no_revision(store):
    show(store, BASE)
    show(store, replace(BASE, title="Blockchain pilot leaves the harbour"), hour=1)
    show(store, BASE, hour=2)
    assert store.rows("SELECT title FROM revisions") == [("Blockchain pilot leaves the harbour",)]


def test_every_feed_that_showed_an_article_is_a_sighting(store):
    show(store, BASE)
    show(store, BASE, source="https://daily.example/china")
    assert store.rows("SELECT count(*) FROM sightings") == [(2,)]


def test_a_missing_time_is_filled_later_and_never_lost_again(store):
    undated = replace(BASE, published=None, published_offset=None, published_quality="missing")
    show(store, undated)
    assert store.rows("SELECT published FROM articles") == [(None,)]
    show(store, BASE)
    show(store, undated)
    assert store.rows("SELECT published_quality FROM articles") == [("exact",)]


def test_the_same_title_in_the_same_outlet_within_a_week_is_the_same_article(store):
    twin = replace(BASE, id="b", url="https://daily.example/b", published=BASE.published + timedelta(days=3))
    later = replace(BASE, id="c", url="https://daily.example/c", published=BASE.published + timedelta(days=8))
    assert show(store, BASE, twin, later) == Counts(new=2, seen=1)
    assert store.rows("SELECT id, duplicate_of FROM articles ORDER BY id") == [("a", None), ("b", "a"), ("c", None)]


def test_a_title_too_short_to_tell_articles_apart_makes_no_duplicates(store):
    first = replace(BASE, title="Daily briefing")
    second = replace(first, id="b", published=BASE.published + timedelta(days=1))
    assert show(store, first, second) == Counts(new=2)


class _Undone(Exception):
    """Takes back what a transaction wrote."""


def test_any_order_of_the_same_showings_gives_the_same_store(store):
    twin = replace(BASE, id="b", url=None, published=BASE.published - timedelta(days=2))
    changed = replace(BASE, title="Blockchain pilot leaves the harbour", published=None, published_quality="missing")
    summarised = replace(changed, summary="Ships may register.", published=BASE.published, published_quality="guessed")
    versions = set()
    for order in permutations([(BASE, 0), (twin, 0), (changed, 1), (summarised, 0)]):
        with contextlib.suppress(_Undone), store.transaction() as tx:
            for article, hour in [*order, order[0]]:
                show_in(tx, article, hour=hour)
            tx.stamp()
            versions.update(tx.rows("SELECT value FROM meta WHERE key = 'data_version'"))
            assert tx.rows("SELECT id FROM articles WHERE duplicate_of IS NOT NULL") == []
            raise _Undone
    assert store.data_version() == "empty"
    assert len(versions) == 1


def test_undated_articles_of_one_title_are_one_article():
    assert find_duplicates([("t", "b", None), ("t", "a", None), ("u", "c", None)]) == {"b": "a"}


def test_two_sources_in_one_batch_count_an_article_once(store):
    first, second = (Showing(f"https://daily.example/{name}", [BASE], {}, NOW) for name in ("a", "b"))
    with store.transaction() as tx:
        assert store_showings(tx, [first, second], sample=False) == [Counts(new=1), Counts(seen=1)]


@pytest.mark.parametrize("order", [[0, 1], [1, 0]])
def test_the_fuller_text_the_safer_address_and_the_first_sight_are_kept_whatever_comes_first(order):
    full = row_of(replace(BASE, summary="Ships are booked on a chain."), NOW, NOW)
    bare = row_of(replace(BASE, url="http://daily.example/a"), NOW + timedelta(hours=1), NOW + timedelta(hours=1))
    [kept] = merged([[full, bare][at] for at in order]).values()
    assert (kept["summary"], kept["url"], kept["first_seen"]) == (full["summary"], BASE.url, NOW)


WORDS = ("", "Blockchain pilot reaches the harbour", "Blockchain pilot leaves the harbour")
SHOWN = st.builds(
    lambda id_, title, summary, language, day, quality: replace(
        BASE,
        id=id_,
        title=title,
        summary=summary,
        language=language,
        published=None if quality == "missing" else BASE.published + timedelta(days=day),
        published_offset=None if quality == "missing" else 480 * (day % 2),
        published_quality=quality,
    ),
    st.sampled_from("abc"),
    st.sampled_from(WORDS[1:]),
    st.sampled_from(WORDS),
    st.sampled_from([None, "en", "zh"]),
    st.integers(0, 20),
    st.sampled_from(["missing", "date_only", "guessed", "exact"]),
)


@given(st.lists(st.tuples(SHOWN, st.integers(0, 3)), max_size=6), st.randoms())
def test_rows_merged_in_any_order_are_the_same(showings, random):
    in_order = [row_of(article, NOW, NOW + timedelta(hours=hour)) for article, hour in showings]
    shuffled = random.sample(in_order, len(in_order))
    assert merged(in_order) == merged(shuffled)


def merged(rows):
    by_id = {}
    for row in rows:
        by_id[row["id"]] = merge(by_id.get(row["id"]), row)
    return by_id


def test_more_articles_than_are_looked_up_at_a_time_are_all_known_again(store):
    many = [replace(BASE, id=f"a{n}", title=f"Ship {n} leaves the harbour of the bay") for n in range(LOOKED_UP + 5)]
    assert show(store, *many) == Counts(new=len(many))
    assert show(store, *many) == Counts(seen=len(many))
