from dataclasses import replace
from datetime import UTC, datetime

import pytest

from analysis import pipeline, rollups
from analysis.executors import InThisProcess
from ingest.copying import copy
from ingest.model import Article
from ingest.pending import mark_days
from ingest.store import open_store
from ingest.upsert import store_articles

NOW = datetime(2026, 1, 1, tzinfo=UTC)
BAN = Article(
    id="a",
    url="https://daily.example/a",
    title="China bans bitcoin mining in Sichuan",
    summary="",
    outlet="Harbour Daily",
    language="en",
    published=datetime(2021, 6, 18, 17, tzinfo=UTC),
    published_offset=0,
    published_quality="exact",
    guid=None,
)
WEATHER = replace(BAN, id="b", url="https://daily.example/b", title="Rain is expected over the weekend")
PILOT = replace(BAN, id="c", url="https://daily.example/c", title="数字人民币试点扩大到苏州", language="zh")
TABLES = ("annotations", "target_sentiment", "article_themes", "article_entities", "roll_day")


@pytest.fixture
def store(tmp_path):
    return open_store(str(tmp_path / "store.duckdb"))


def show(store, *articles, at=NOW):
    with store.transaction() as tx:
        store_articles(tx, "https://daily.example/feed", articles, {}, sample=False, seen_at=at)


def annotate(store, everything=False):
    done = pipeline.annotate_pending(store, InThisProcess(), everything, lambda n: None)
    rollups.rebuild(store)
    return done


def content(store):
    return {table: sorted(map(repr, store.rows(f"SELECT * FROM {table}"))) for table in TABLES}


def test_every_article_is_annotated_once(store):
    show(store, BAN, WEATHER, PILOT)
    assert annotate(store) == 3
    assert store.rows("SELECT article_id, language, relevance, scope FROM annotations ORDER BY 1") == [
        ("a", "en", "yes", "mainland"),
        ("b", "en", "no", None),
        ("c", "zh", "yes", "mainland"),
    ]
    assert annotate(store) == 0


def test_running_everything_again_changes_nothing(store):
    show(store, BAN, WEATHER, PILOT)
    annotate(store)
    before = content(store)
    assert annotate(store, everything=True) == 3
    assert content(store) == before


def test_one_at_a_time_gives_the_same_store_as_all_at_once(store, tmp_path):
    other = open_store(str(tmp_path / "other.duckdb"))
    show(store, BAN, WEATHER, PILOT)
    annotate(store)
    for article in (PILOT, BAN, WEATHER):
        show(other, article)
        annotate(other)
    assert content(other) == content(store)


def test_a_run_that_was_killed_is_simply_run_again(store, tmp_path, monkeypatch):
    show(store, BAN, WEATHER, PILOT)
    killed_after_one(store, monkeypatch)
    assert store.rows("SELECT count(*) FROM annotations") == [(1,)]
    assert annotate(store) == 2


def test_a_changed_text_is_read_again_and_leaves_no_old_theme_behind(store):
    show(store, BAN)
    annotate(store)
    show(store, replace(BAN, title="Rain is expected in Sichuan"), at=NOW.replace(hour=1))
    assert annotate(store) == 1
    assert store.rows("SELECT count(*) FROM article_themes") == [(0,)]
    assert store.rows("SELECT DISTINCT kind FROM roll_day") == [("all",)]


def test_an_article_under_a_second_address_is_not_counted(store):
    show(store, BAN)
    annotate(store)
    earlier = replace(BAN, id="z", url="https://daily.example/z", published=BAN.published.replace(hour=1))
    show(store, earlier)
    annotate(store)
    assert store.rows("SELECT article_id FROM annotations") == [("z",)]
    assert store.rows("SELECT n FROM roll_day WHERE kind = 'all'") == [(1,)]


def test_days_are_beijing_days_and_undated_articles_are_on_none(store):
    show(store, BAN, replace(WEATHER, published=None, published_quality="missing"))
    annotate(store)
    rows = store.rows("SELECT CAST(day AS TEXT), n, n_stories FROM roll_day WHERE kind = 'all'")
    assert rows == [("2021-06-19", 1, 1)]


def test_only_days_that_differ_are_written(store):
    show(store, BAN, replace(WEATHER, published=datetime(2020, 1, 1, tzinfo=UTC)))
    annotate(store)
    show(store, replace(PILOT, published=datetime(2020, 1, 1, tzinfo=UTC)))
    pipeline.annotate_pending(store, InThisProcess(), False, lambda n: None)
    assert rollups.rebuild(store) == 1
    assert rollups.rebuild(store) == 0


ALL_THREE = (BAN, replace(BAN, id="d", url="https://daily.example/d", title="China bans bitcoin trading"), PILOT)
TONE = (
    "SELECT (SELECT sum(score_sum) FROM roll_day WHERE kind = 'target'), (SELECT sum(score) FROM target_sentiment),"
    " (SELECT string_agg(DISTINCT engine, ' ') FROM annotations)"
)


def read_by_an_earlier_engine(store):
    """A store whose tones are all 1 and were read by the engine "earlier"."""
    show(store, *ALL_THREE)
    annotate(store)
    with store.transaction() as tx:
        tx.execute("UPDATE annotations SET engine = 'earlier'")
        tx.execute("UPDATE target_sentiment SET score = 1.0")
        mark_days(tx, [BAN.published])
        tx.stamp()
    rollups.rebuild(store)
    with store.transaction() as tx:
        tx.stamp()


def columns(store):
    """Of every table: names, comments and keys."""
    here = "WHERE database_name = current_database() ORDER BY 1, 2"
    tables = store.rows(f"SELECT table_name, comment, has_primary_key FROM duckdb_tables() {here}")
    return tables, store.rows(f"SELECT table_name, column_name, comment FROM duckdb_columns() {here}")


def killed_after_one(store, monkeypatch):
    monkeypatch.setattr(pipeline, "BATCH", 1)
    monkeypatch.setattr(pipeline, "WINDOW", 1)

    def die(_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pipeline.annotate_pending(store, InThisProcess(), False, die)


def test_another_engine_is_shown_only_when_it_has_read_everything(store, monkeypatch):
    read_by_an_earlier_engine(store)
    before = store.rows(TONE)
    killed_after_one(store, monkeypatch)
    rollups.rebuild(store)
    assert store.rows(TONE) == before == [(5.0, 5.0, "earlier")]
    assert pipeline.count_pending(store, everything=False) == 2
    assert annotate(store) == 2
    ((rolled, read, engine),) = store.rows(TONE)
    assert read < 0
    assert rolled == pytest.approx(read)
    assert engine == pipeline.engine_version()


def test_a_store_read_by_another_engine_ends_as_if_that_one_had_read_it_first(store, tmp_path):
    read_by_an_earlier_engine(store)
    annotate(store)
    other = open_store(str(tmp_path / "other.duckdb"))
    show(other, *ALL_THREE)
    annotate(other)
    assert content(store) == content(other)
    assert columns(store) == columns(other)


def test_a_store_that_is_being_read_again_can_be_copied(store, tmp_path, monkeypatch):
    read_by_an_earlier_engine(store)
    killed_after_one(store, monkeypatch)
    other = open_store(str(tmp_path / "other.duckdb"))
    copy(store, other, lambda table, n: None)
    assert content(other) == content(store)


def test_an_engine_that_changes_once_more_begins_again(store, monkeypatch):
    read_by_an_earlier_engine(store)
    killed_after_one(store, monkeypatch)
    with store.transaction() as tx:
        tx.execute("UPDATE next_annotations SET engine = 'second'")
    assert annotate(store) == 3
    assert store.rows("SELECT DISTINCT engine FROM annotations") == [(pipeline.engine_version(),)]
