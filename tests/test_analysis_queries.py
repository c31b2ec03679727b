from datetime import UTC, date, datetime

import pytest

from analysis import queries
from analysis.selection import Selection
from ingest.store import open_store
from tests.stores import filled_store

CORPUS = [
    {"day": "2021-05-03", "score": 0.5, "targets": {"crypto": -0.8, "blockchain": 0.7}, "themes": ["mining_energy"]},
    {"day": "2021-05-04", "score": -0.2, "outlet": "Delta Times", "story": "a0", "language": "zh", "topic": 3},
    {"day": None, "score": 0.1, "entities": ["pboc"], "title": "数字人民币试点扩大"},
    {"day": "2021-05-04", "relevance": "no", "score": None},
    {"day": "2021-05-05", "duplicate_of": "a0"},
]


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    path = tmp_path_factory.mktemp("queries") / "s.duckdb"
    return filled_store(path, CORPUS, {"Delta Times": "state", "Harbour Daily": "hongkong"})


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    return open_store(str(tmp_path_factory.mktemp("empty") / "s.duckdb"))


def test_articles_are_the_relevant_ones_newest_first_and_undated_last(store):
    frame = queries.articles(store, Selection())
    assert list(frame.columns) == list(queries.ARTICLE_COLUMNS)
    assert frame["id"].tolist() == ["a1", "a0", "a2"]
    assert frame["copies"].tolist() == [1, 1, 0]
    assert frame["published"].isna().tolist() == [False, False, True]
    assert queries.article_count(store, Selection()) == 3


def test_undated_articles_are_in_no_period(store):
    assert queries.articles(store, Selection(start=date(2021, 1, 1)))["id"].tolist() == ["a1", "a0"]


def test_a_period_holds_its_first_and_last_day(store):
    day = date(2021, 5, 4)
    assert queries.articles(store, Selection(start=day, end=day))["id"].tolist() == ["a1"]


def test_articles_of_one_target_carry_the_tone_toward_it(store):
    frame = queries.articles(store, Selection(targets=("crypto",)))
    assert frame[["id", "score", "label"]].values.tolist() == [["a0", -0.8, "negative"]]


def test_paging_walks_through_all_articles_once(store):
    pages = [queries.articles(store, Selection(), limit=1, offset=n, order="oldest")["id"].item() for n in range(3)]
    assert pages == ["a0", "a1", "a2"]


def test_two_chinese_characters_are_found(store):
    assert queries.articles(store, Selection(search="试点"))["id"].tolist() == ["a2"]


def test_details_name_clauses_cues_and_feeds(store):
    details = queries.article_details(store, ["a0", "a2"])
    assert [target["target"] for target in details["a0"]["targets"]] == ["blockchain", "crypto"]
    assert details["a0"]["themes"] == [{"theme": "mining_energy", "probability": 0.5, "evidence": ["cue"]}]
    assert details["a2"]["entities"] == [{"entity": "pboc"}]
    assert details["a2"]["revisions"] == []


def test_a_facet_leaves_its_own_filter_aside(store):
    def counts(selection, facet):
        frame = queries.facets(store, selection)
        return dict(frame.loc[frame["facet"] == facet, ["value", "n"]].values)

    state = Selection(groups=("state",))
    assert counts(state, "group") == {"hongkong": 1, "state": 1}
    assert counts(state, "outlet") == {"Delta Times": 1}
    assert counts(state, "topic") == {"3": 1}
    assert counts(Selection(themes=("mining_energy",)), "target") == {"blockchain": 1, "crypto": 1}


def test_extent_tells_what_is_stored(store):
    found = queries.extent(store)
    assert (found.first_day, found.last_day) == (date(2021, 5, 3), date(2021, 5, 4))
    assert (found.n_articles, found.n_relevant, found.n_undated, found.is_sample) == (4, 3, 1, False)


def test_an_empty_store_answers_every_question(empty):
    assert queries.extent(empty).first_day is None
    for frame in (queries.articles(empty, Selection()), queries.facets(empty, Selection()), queries.topics(empty)):
        assert frame.empty
    assert queries.feed_health(empty).empty
    assert queries.article_details(empty, []) == {}


def test_topics_are_those_of_the_newest_run(empty):
    topic = {"label": "l", "words": '["w"]', "examples": "[]", "size": 3, "first_run": 1}
    with empty.transaction() as tx:
        for run in (1, 2):
            fitted = datetime(2021, 1, run, tzinfo=UTC)
            tx.execute("INSERT INTO topic_runs VALUES (?, ?, 3, 1, 0, 1.0, '{}')", [run, fitted])
            tx.upsert("topics", [{"run_id": run, "topic_id": 7, **topic}], key=["run_id", "topic_id"])
        tx.upsert("topics", [{"run_id": 2, "topic_id": 8, **topic, "first_run": 2}], key=["run_id", "topic_id"])
    frame = queries.topics(empty)
    assert frame[["topic_id", "is_new"]].values.tolist() == [[7, False], [8, True]]
    assert frame["words"].tolist() == [["w"], ["w"]]


def test_copies_are_folded_into_the_first_of_them_in_the_selection_over_the_whole_list(tmp_path):
    corpus = [
        {"id": "first", "day": "2021-05-01", "story": "first"},
        *({"day": "2021-05-02", "title": f"Story {number}"} for number in range(3)),
        {"id": "late", "day": "2021-05-09", "outlet": "Delta Times", "story": "first"},
        {"id": "later", "day": "2021-05-10", "outlet": "Quay Post", "story": "first"},
    ]
    store = filled_store(tmp_path / "folded.duckdb", corpus)
    pages = [queries.articles(store, Selection(), 2, offset, folded=True)["id"].tolist() for offset in (0, 2)]
    assert pages == [["a1", "a2"], ["a3", "first"]]
    assert queries.article_count(store, Selection(), folded=True) == 4
    in_may = queries.articles(store, Selection(start=date(2021, 5, 3)), folded=True)
    assert in_may[["id", "copies"]].to_numpy().tolist() == [["late", 2]]


@pytest.mark.parametrize("folded", [False, True])
@pytest.mark.parametrize("selection", [Selection(), Selection(search="even"), Selection(start=date(2020, 6, 1))])
def test_pages_of_the_newest_are_parts_of_the_whole_list_however_far_back_they_reach(tmp_path, folded, selection):
    days = [None, *(f"{2019 + number % 3}-{1 + number % 11:02}-07" for number in range(40))]
    corpus = [
        {"id": f"n{number:02}", "day": day, "title": ("even", "odd")[number % 2], "story": f"n{number % 5:02}"}
        for number, day in enumerate(days)
    ]
    store = filled_store(tmp_path / "pages.duckdb", corpus)
    whole = queries.articles(store, selection, limit=None, folded=folded)["id"].tolist()
    assert queries.article_count(store, selection, folded=folded) == len(whole)
    for offset in range(0, len(whole) + 3, 3):
        page = queries.articles(store, selection, 3, offset, folded=folded)["id"].tolist()
        assert page == whole[offset : offset + 3]
