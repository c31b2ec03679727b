import json
from datetime import UTC, date, datetime

import pytest

from analysis import rollups
from analysis.__main__ import COMMANDS
from ingest.commands import dispatch
from ingest.pending import UNDATED, mark_days
from tests.stores import filled_store

ARTICLES = [
    {"id": "a", "day": "2021-01-01", "score": 0.5, "targets": {"crypto": -0.5}, "themes": ["mining"], "topic": 3},
    {"id": "b", "day": "2021-01-02", "score": 0.3, "story": "a", "outlet": "Echo Times"},
    {"id": "c", "day": "2021-02-03", "score": None, "relevance": "no"},
    {"id": "d", "day": "2021-03-04", "language": "zh", "targets": {"crypto": 0.1, "mining": 0.2}},
    {"id": "e", "day": None},
]
MARCH = datetime(2021, 3, 3, 20, tzinfo=UTC)

PLAINLY = """
    SELECT CAST(a.published AT TIME ZONE 'Asia/Shanghai' AS DATE) AS day, a.outlet, n.language, '{kind}' AS kind,
           {key} AS key, count(*) AS n, CAST(sum(CASE WHEN s.is_original THEN 1 ELSE 0 END) AS BIGINT) AS n_stories,
           count({tone}.score) AS n_scored,
           CAST(sum(CASE WHEN {tone}.score IS NOT NULL AND {tone}.abstain THEN 1 ELSE 0 END) AS BIGINT) AS n_abstain,
           coalesce(sum({tone}.score), 0) AS score_sum, coalesce(sum({tone}.score * {tone}.score), 0) AS score_sum2,
           count(n.vader) AS vader_n, coalesce(sum(n.vader), 0) AS vader_sum
    FROM articles a JOIN annotations n ON n.article_id = a.id JOIN stories s ON s.article_id = a.id {join}
    WHERE a.duplicate_of IS NULL AND a.published IS NOT NULL AND {relevant} GROUP BY 1, 2, 3, 5
"""


def plainly(kind, key="''", tone="n", table="", relevant="n.relevance = 'yes'"):
    join = f"JOIN {table} k ON k.article_id = a.id" if table else ""
    return PLAINLY.format(kind=kind, key=key, tone=tone, join=join, relevant=relevant)


KINDS = (
    plainly("all", relevant="TRUE"),
    plainly("relevant"),
    plainly("target", "k.target", "k", "target_sentiment"),
    plainly("theme", "k.theme", "n", "article_themes"),
    plainly("topic", "CAST(k.topic_id AS TEXT)", "n", "article_topics"),
)


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    return filled_store(tmp_path_factory.mktemp("rollups") / "store.duckdb", ARTICLES)


@pytest.fixture
def store(filled, quick_stores, tmp_path):
    return quick_stores.copied(filled, tmp_path / "store.duckdb")


def change(store, sql, *published):
    with store.transaction() as tx:
        tx.execute(sql)
        mark_days(tx, published)


def mark(store, *published):
    with store.transaction() as tx:
        mark_days(tx, published)


def everything(store):
    return store.frame("SELECT * FROM roll_day ORDER BY day, outlet, language, kind, key")


def test_the_sums_are_those_of_the_articles_one_kind_at_a_time(store):
    expected = store.frame(f"SELECT * FROM ({' UNION ALL '.join(KINDS)}) AS kinds ORDER BY 1, 2, 3, 4, 5")
    assert everything(store).equals(expected)


def test_days_that_are_not_marked_cost_nothing_and_are_not_made_again(store):
    assert rollups.rebuild(store) == 0
    change(store, "UPDATE annotations SET score = 0.9 WHERE article_id = 'd'")
    assert rollups.rebuild(store) == 0


@pytest.mark.parametrize("articles_a_look", [1, 2, 500_000])
def test_sums_are_the_same_however_many_days_are_looked_at_together(store, monkeypatch, articles_a_look):
    expected = everything(store)
    change(store, "DELETE FROM roll_day")
    change(store, "DELETE FROM meta WHERE key = 'days_in'")
    monkeypatch.setattr(rollups, "ARTICLES_A_LOOK", articles_a_look)
    assert rollups.rebuild(store) == 5
    assert everything(store).equals(expected)


def test_a_day_that_lost_its_last_article_loses_its_rows(store):
    change(store, "UPDATE articles SET published = NULL WHERE id = 'd'", MARCH, None)
    assert rollups.rebuild(store) == 2
    assert store.rows("SELECT count(*) FROM roll_day WHERE day >= DATE '2021-03-01'") == [(0,)]
    assert store.rows("SELECT article_id FROM relevant_articles WHERE day IS NULL ORDER BY 1") == [("d",), ("e",)]


def test_an_article_that_moves_to_another_day_is_on_that_day_only(store):
    change(store, "UPDATE articles SET published = published - INTERVAL 2 DAY WHERE id = 'd'", MARCH)
    mark(store, datetime(2021, 3, 1, 20, tzinfo=UTC))
    assert rollups.rebuild(store) == 2
    assert store.rows("SELECT day FROM relevant_articles WHERE article_id = 'd'") == [(date(2021, 3, 2),)]
    assert store.rows("SELECT day, n FROM roll_day WHERE language = 'zh' AND kind = 'all'") == [(date(2021, 3, 2), 1)]


def test_what_is_marked_while_its_day_is_made_again_stays_marked(store, monkeypatch):
    mark(store, MARCH)
    read = rollups._relevant

    def and_a_collector_writes(*args):
        found = read(*args)
        change(store, "UPDATE annotations SET score = 0.9 WHERE article_id = 'd'", MARCH)
        return found

    with monkeypatch.context() as patch:
        patch.setattr(rollups, "_relevant", and_a_collector_writes)
        rollups.rebuild(store)
    assert rollups.rebuild(store) == 1
    assert store.rows("SELECT score FROM relevant_articles WHERE article_id = 'd'") == [(0.9,)]


def test_only_articles_of_stories_with_copies_are_kept_for_the_bands(store):
    copied = "SELECT article_id, kind, key, score FROM roll_copies ORDER BY 1, 2, 3"
    of_a = [("a", "relevant", "", 0.5), ("a", "target", "crypto", -0.5), ("a", "theme", "mining", 0.5)]
    assert store.rows(copied) == [*of_a, ("a", "topic", "3", 0.5), ("b", "relevant", "", 0.3)]
    assert store.rows("SELECT article_id FROM relevant_articles WHERE copies = 1 ORDER BY 1") == [("a",), ("b",)]
    days = datetime(2021, 1, 1, tzinfo=UTC), datetime(2021, 1, 2, tzinfo=UTC)
    change(store, "UPDATE stories SET story_id = article_id, is_original = TRUE", *days)
    rollups.rebuild(store)
    assert store.rows(copied) == store.rows("SELECT article_id FROM relevant_articles WHERE copies > 0") == []


def test_an_article_that_lost_a_theme_is_kept_for_the_bands_without_it(store):
    day = datetime(2021, 1, 1, tzinfo=UTC)
    change(store, "DELETE FROM article_themes", day)
    rollups.rebuild(store)
    assert store.rows("SELECT article_id FROM roll_copies WHERE kind = 'theme'") == []


def test_in_another_time_zone_every_day_is_made_again(store, monkeypatch):
    monkeypatch.setenv("LIANWATCH_TIMEZONE", "Pacific/Kiritimati")  # 14 hours ahead of UTC: noon in Beijing is tomorrow
    change(store, "UPDATE articles SET published = published + INTERVAL 8 HOUR")
    assert rollups.rebuild(store) > 4
    assert rollups.differing_days(store) == []
    assert store.rows("SELECT day FROM relevant_articles WHERE article_id = 'd'") == [(date(2021, 3, 5),)]


def test_the_full_comparison_names_the_days_that_nobody_marked(store):
    assert rollups.differing_days(store) == []
    change(store, "UPDATE annotations SET score = 0.9 WHERE article_id = 'd'")
    change(store, "UPDATE articles SET outlet = 'Echo Times' WHERE id = 'e'")
    change(store, "UPDATE roll_copies SET score = 0.9 WHERE article_id = 'b'")
    assert rollups.differing_days(store) == [UNDATED, date(2021, 1, 2), date(2021, 3, 4)]
    mark(store, MARCH, datetime(2021, 1, 2, tzinfo=UTC), None)
    assert rollups.differing_days(store) == []


def test_verify_without_a_file_has_wrong_days_corrected(store, monkeypatch, capsys):
    monkeypatch.setenv("LIANWATCH_STORE", store.url)
    assert dispatch("analysis", COMMANDS, ["verify"]) == 0
    change(store, "UPDATE annotations SET score = 0.9 WHERE article_id = 'd'")
    assert dispatch("analysis", COMMANDS, ["verify"]) == 1
    assert "1 days differ from their articles, first 2021-03-04" in capsys.readouterr().out
    rollups.rebuild(store)
    assert dispatch("analysis", COMMANDS, ["verify", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"file": None, "holds": True, "days_differing": []}
