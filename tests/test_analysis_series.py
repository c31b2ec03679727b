from datetime import UTC, date, datetime

import numpy as np
import pandas as pd
import pytest

from analysis.queries import series
from analysis.selection import Selection
from analysis.series import SERIES_COLUMNS, _figures
from ingest.held import HeldStore
from ingest.store import open_store
from tests.stores import filled_store

OTHER = {"relevance": "no", "score": None}
CORPUS = [
    *({"day": "2021-05-03", "score": s, "story": "a0" if i < 2 else None} for i, s in enumerate([0.5, 0.5, -0.1, 0.1])),
    {"day": "2021-05-03", "score": 0.4, "outlet": "Delta Times", "language": "zh", "targets": {"crypto": -0.6}},
    {"day": "2021-05-03", **OTHER},
    {"day": "2021-05-20", "score": -0.5, "targets": {"crypto": -0.8, "blockchain": 0.6}, "themes": ["mining_energy"]},
    {"day": "2021-05-11", "outlet": "Delta Times", **OTHER},
    {"day": None, "score": 0.9},
    {"day": "2021-05-03", "score": 0.9, "duplicate_of": "a0"},
]
GROUPS = {"Harbour Daily": "hongkong", "Delta Times": "state"}


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return filled_store(tmp_path_factory.mktemp("series") / "s.duckdb", CORPUS, GROUPS)


def row(frame, bucket, key=""):
    found = frame[(frame["bucket"] == bucket) & (frame["key"] == key)]
    assert len(found) == 1
    return found.iloc[0]


def test_a_week_counts_its_articles_stories_and_denominator(store):
    week = row(series(store, Selection()), "2021-05-03")
    assert (week["n"], week["n_stories"], week["n_all"], week["n_relevant"]) == (5, 4, 6, 5)
    assert week["share"] == pytest.approx(5 / 6)
    assert week["copy_ratio"] == pytest.approx(1 / 5)
    assert week["mean"] == pytest.approx((0.5 + 0.5 - 0.1 + 0.1 + 0.4) / 5)


def test_zero_is_a_row_and_a_gap_is_marked(store):
    frame = series(store, Selection(), "day")
    assert len(frame) == 18
    assert row(frame, "2021-05-11")[["n", "n_all", "gap"]].tolist() == [0, 1, False]
    assert row(frame, "2021-05-12")[["n", "n_all", "gap"]].tolist() == [0, 0, True]


def test_an_import_is_not_a_poll_so_a_day_between_imported_days_is_a_gap(tmp_path):
    store = filled_store(tmp_path / "s.duckdb", [{"day": "2021-05-03"}, {"day": "2021-05-05"}], GROUPS)
    daily = series(store, Selection(), "day")
    assert daily["gap"].tolist() == [False, True, False]
    assert daily["share"].isna().tolist() == [False, True, False]


def test_a_day_with_a_successful_fetch_and_no_article_is_no_gap(tmp_path):
    store = filled_store(tmp_path / "s.duckdb", CORPUS, GROUPS)
    with store.transaction() as tx:
        tx.execute(
            """INSERT INTO feeds (url, name, outlet, group_id, language, timezone, sample, subscribed, failures,
               interval_minutes) VALUES ('u', 'n', 'Harbour Daily', 'hongkong', 'en', 'UTC', false, true, 0, 60)"""
        )
        for day, status in ((12, "not_modified"), (13, "timeout")):
            tx.execute(
                "INSERT INTO fetches VALUES ('u', ?, ?, 304, 0, 0, 0, 0, 1, NULL)",
                [datetime(2021, 5, day, 3, tzinfo=UTC), status],
            )
    days = series(store, Selection(), "day")
    assert [row(days, f"2021-05-{day}")["gap"] for day in (12, 13)] == [False, True]
    assert row(series(store, Selection(outlets=("Delta Times",)), "day"), "2021-05-12")["gap"]


@pytest.mark.parametrize(("least", "day", "scored"), [(5, "2021-05-17", 1), (6, "2021-05-03", 5)])
def test_below_min_n_neither_mean_nor_band_is_drawn_but_n_is_there(store, least, day, scored):
    week = row(series(store, Selection(), min_n=least), day)
    assert week["n_scored"] == scored
    assert week[["mean", "lo", "hi"]].isna().all()


def test_one_target_gives_the_tone_toward_it(store):
    frame = series(store, Selection(targets=("crypto",)), "month", min_n=1)
    assert frame["mean"].tolist() == pytest.approx([-0.7])
    assert frame["n_all"].tolist() == [8]
    by_target = series(store, Selection(), "month", by="target", min_n=1)
    assert dict(zip(by_target["key"], by_target["mean"], strict=True)) == pytest.approx(
        {"blockchain": 0.6, "crypto": -0.7}
    )


def test_the_denominator_follows_the_outlets(store):
    frame = series(store, Selection(groups=("state",)), "month", by="source")
    assert frame[["key", "n", "n_all"]].values.tolist() == [["Delta Times", 1, 2]]


@pytest.mark.parametrize("freq", ["day", "week", "month"])
@pytest.mark.parametrize("by", ["none", "source", "group", "language", "theme", "topic", "target"])
def test_rollups_and_article_rows_give_the_same_series(store, freq, by, monkeypatch):
    from_rollups = series(store, Selection(), freq, by, min_n=1)
    monkeypatch.setattr("analysis.relations._kind", lambda selection, by: None)
    pd.testing.assert_frame_equal(from_rollups, series(store, Selection(), freq, by, min_n=1))


def test_filters_that_no_rollup_holds_are_answered_from_the_articles(store):
    both = Selection(targets=("crypto",), themes=("mining_energy",))
    assert series(store, both, "month", min_n=1)["mean"].tolist() == pytest.approx([-0.8])
    assert series(store, Selection(search="TITLE of a6"), "month")["n"].tolist() == [1]


def test_edges_cut_by_the_selection_or_by_the_collection_are_partial(store):
    frame = series(store, Selection(start=date(2021, 5, 5)), "week")
    assert frame["partial"].tolist() == [True, False, True]
    assert series(store, Selection(end=date(2021, 5, 9)), "week")["partial"].tolist() == [False]


def test_the_day_of_the_last_look_was_not_over(tmp_path):
    articles = [{"day": "2021-05-19"}, {"day": "2021-05-20"}]
    store = filled_store(tmp_path / "s.duckdb", articles, seen=datetime(2021, 5, 20, 10, tzinfo=UTC))
    assert series(store, Selection(), "day")["partial"].tolist() == [False, True]


def test_a_date_after_the_time_it_was_seen_does_not_stretch_the_series(tmp_path):
    articles = [{"day": "2021-05-03"}, {"day": "2031-05-03"}]
    store = filled_store(tmp_path / "s.duckdb", articles, seen=datetime(2021, 5, 20, tzinfo=UTC))
    assert series(store, Selection(), "week")["bucket"].max() == pd.Timestamp("2021-05-17")


def test_sample_articles_count_only_while_nothing_else_is_stored(tmp_path):
    sample = [{"day": "2021-05-03", "outlet": "Invented Post", "sample": True}]
    alone = filled_store(tmp_path / "sample.duckdb", sample)
    assert series(alone, Selection(), "day")["n"].tolist() == [1]
    mixed = filled_store(tmp_path / "mixed.duckdb", [*sample, {"day": "2021-05-04"}])
    assert series(mixed, Selection(), "day")[["bucket", "n"]].values.tolist() == [[pd.Timestamp("2021-05-04"), 1]]


def test_an_empty_store_gives_an_empty_series_with_its_columns(tmp_path):
    frame = series(open_store(str(tmp_path / "empty.duckdb")), Selection())
    assert frame.empty
    assert frame.dtypes.astype(str).to_dict() == SERIES_COLUMNS


def test_the_whole_selection_can_be_one_bucket(store):
    frame = series(store, Selection(), "whole", "source")
    assert frame["bucket"].nunique() == 1
    assert dict(zip(frame["key"], frame["n"], strict=True)) == {"Harbour Daily": 5, "Delta Times": 1}
    assert not frame["partial"].any()


def test_charts_of_one_selection_add_up_what_all_of_them_need_once(store):
    answers = {}

    def remember(asked, answer):
        return answers[asked] if asked in answers else answers.setdefault(asked, answer())

    held = HeldStore(store, remember)
    for freq, by, bands in [("week", "none", True), ("day", "none", False), ("month", "theme", False)]:
        series(held, Selection(start=date(2021, 5, 1)), freq, by, bands=bands)
    held.close()
    added_up = [sql for _, sql, _ in answers if "sum(r.n)" in sql]
    assert len(added_up) == 2  # everything by day, and the themes


@pytest.mark.parametrize("narrowed", [{}, {"themes": ("mining_energy",)}, {"targets": ("crypto",)}])
def test_a_cell_is_what_its_target_group_and_language_give_by_themselves(store, narrowed):
    cells = series(store, Selection(**narrowed), "whole", "cell", min_n=1)
    assert "crypto hongkong en" in set(cells["key"])
    for cell in cells.itertuples():
        target, group, language = cell.key.split(" ")
        alone = Selection(**narrowed | {"targets": (target,), "groups": (group,), "languages": (language,)})
        same = series(store, alone, "whole", min_n=1).iloc[0]
        assert (cell.n, cell.n_scored, cell.mean) == (same["n"], same["n_scored"], same["mean"])
        assert [cell.lo, cell.hi] == pytest.approx([same["lo"], same["hi"]], nan_ok=True)


def test_a_tie_in_the_last_decimal_goes_the_same_way_however_the_sum_was_added_up():
    sums = np.array([0.0001, np.nextafter(0.0001, 1), np.nextafter(0.0001, 0)])  # of 32 scores: 0.000003125
    ones = np.full(3, 32)
    counted = dict.fromkeys(("n", "n_stories", "n_scored", "n_abstain", "vader_n"), ones)
    figures = _figures(counted | {"score_sum": sums, "vader_sum": sums}, {"n_all": ones}, min_n=5)
    assert len(set(figures["vader"])) == len(set(figures["mean"])) == 1
