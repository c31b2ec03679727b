import pytest
from stores import filled_store

from analysis import rollups

ARTICLES = [
    {"id": "a", "day": "2021-01-01", "score": 0.5, "targets": {"crypto": -0.5}, "themes": ["mining"], "topic": 3},
    {"id": "b", "day": "2021-01-02", "score": 0.3, "story": "a", "outlet": "Echo Times"},
    {"id": "c", "day": "2021-02-03", "score": None, "relevance": "no"},
    {"id": "d", "day": "2021-03-04", "language": "zh", "targets": {"crypto": 0.1, "mining": 0.2}},
]


@pytest.fixture
def store(tmp_path):
    return filled_store(tmp_path / "store.duckdb", ARTICLES)


def everything(store):
    return store.frame("SELECT * FROM roll_day ORDER BY day, outlet, language, kind, key")


def test_days_that_say_what_the_articles_say_are_not_written_again(store):
    assert rollups.rebuild(store) == 0


@pytest.mark.parametrize("articles_a_look", [1, 2, 500_000])
def test_sums_are_the_same_however_many_days_are_looked_at_together(store, monkeypatch, articles_a_look):
    expected = everything(store)
    with store.transaction() as tx:
        tx.execute("DELETE FROM roll_day")
    monkeypatch.setattr(rollups, "ARTICLES_A_LOOK", articles_a_look)
    assert rollups.rebuild(store) == 4
    assert everything(store).equals(expected)


def test_a_day_that_lost_its_last_article_loses_its_rows(store):
    with store.transaction() as tx:
        tx.execute("UPDATE articles SET published = NULL WHERE id = 'd'")
    assert rollups.rebuild(store) == 1
    assert store.rows("SELECT count(*) FROM roll_day WHERE day >= DATE '2021-03-01'") == [(0,)]


def test_only_articles_of_stories_with_copies_are_kept_for_the_bands(store):
    assert store.rows("SELECT article_id, story_id FROM roll_copies ORDER BY 1") == [("a", "a"), ("b", "a")]
    with store.transaction() as tx:
        tx.execute("UPDATE stories SET story_id = article_id, is_original = TRUE")
    assert rollups.refresh_copies(store) == 2
    assert store.rows("SELECT count(*) FROM roll_copies") == [(0,)]
