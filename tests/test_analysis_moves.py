from datetime import date

import numpy as np
import pandas as pd
import pytest

from analysis.moves import contributors, happening, leading_stories, moves
from analysis.selection import Selection
from tests.stores import filled_store

GROUPS = {"State Daily": "state", "Chain Post": "trade_en"}


def corpus():
    """Thirty quiet weeks, then one in which the trade press writes ten times as much, and ill, of crypto."""
    rng = np.random.default_rng(0)
    for week, monday in enumerate(pd.date_range("2021-01-04", periods=31, freq="W-MON")):
        for outlet, habit, n in (("State Daily", -0.3, 10), ("Chain Post", 0.4, 100 if week == 30 else 10)):
            tone = -0.7 if week == 30 and outlet == "Chain Post" else habit
            for number in range(n):
                day = f"{monday + pd.Timedelta(days=number % 7):%Y-%m-%d}"
                story = f"a{week}-{outlet}-0" if week == 30 and number < 40 else None
                score = float(np.clip(rng.normal(tone, 0.15), -1, 1))
                yield {
                    "id": f"a{week}-{outlet}-{number}", "day": day, "outlet": outlet, "story": story,
                    "score": score, "targets": {"crypto": score}, "title": f"Story {number} of {outlet}",
                }  # fmt: skip
        for number in range(100):
            yield {"id": f"x{week}-{number}", "day": f"{monday:%Y-%m-%d}", "relevance": "no", "score": None}


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return filled_store(tmp_path_factory.mktemp("moves") / "s.duckdb", list(corpus()), GROUPS)


BEFORE, AFTER = (date(2021, 7, 26), date(2021, 8, 1)), (date(2021, 8, 2), date(2021, 8, 8))


def test_contributions_add_up_to_the_move(store):
    frame = contributors(store, Selection(), BEFORE, AFTER)
    before = np.average(frame["mean_before"], weights=frame["n_before"])
    after = np.average(frame["mean_after"], weights=frame["n_after"])
    assert frame["tone"].sum() == pytest.approx(after - before)
    assert (frame["composition"] + frame["within"]).to_numpy() == pytest.approx(frame["tone"].to_numpy())
    assert frame["key"].iloc[0] == "Chain Post"
    assert frame.set_index("key").loc["Chain Post", "volume"] == pytest.approx(90 / 7)


def test_a_key_of_one_period_only_contributes_by_its_weight(store):
    chain_only = Selection(outlets=("Chain Post",), start=None)
    frame = contributors(store, chain_only, (date(2020, 1, 1), date(2020, 1, 7)), AFTER)
    assert frame["n_before"].tolist() == [0]


def test_the_story_that_most_copied_leads(store):
    frame = leading_stories(store, Selection(start=AFTER[0], end=AFTER[1]))
    assert frame[["title", "articles"]].iloc[0].tolist() == ["Story 0 of Chain Post", 40]


def test_a_point_is_explained_by_its_stories_expectation_and_contributors(store):
    found = happening(store, Selection(), AFTER[0], "week")
    assert found.row["n"] == 110
    assert found.row["expected"] == pytest.approx(20, rel=0.1)
    assert found.row["anomaly"]
    assert found.contributors["key"].iloc[0] == "Chain Post"
    assert happening(store, Selection(), date(1999, 1, 4), "week") is None


def test_the_moves_of_a_period_are_its_volume_and_its_tone(store):
    found = moves(store, Selection(start=date(2021, 6, 1), end=AFTER[1]))
    assert {(move.bucket, move.figure, move.target) for move in found} == {
        (AFTER[0], "volume", None),
        (AFTER[0], "tone", "crypto"),
    }
    assert all(move.q <= 0.05 for move in found)
    assert moves(store, Selection(start=date(2021, 3, 1), end=date(2021, 7, 31))) == []
