import json
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from analysis.__main__ import COMMANDS
from analysis.contrast import bandwidth, contrasts, critical_value
from analysis.event_study import notes_in_words, robust_slope, study, study_frame
from analysis.events import load_events, parse_events
from analysis.pooling import false_discovery, pool
from analysis.selection import Selection
from benchmarks.simulated import daily, daily_frame
from ingest.commands import dispatch
from ingest.errors import ConfigError
from tests.stores import filled_store

NO_EVENTS = load_events().iloc[:0]
FIRST = pd.Timestamp("2019-01-01")


def at_day(frame, day=200, outcome="sentiment", window=28):
    return study_frame(frame, (FIRST + pd.Timedelta(days=day)).date(), outcome, window, None, NO_EVENTS)


def test_before_after_and_effect_are_means_over_articles():
    tone = [0.0] * 10 + [0.1] * 5 + [0.4] * 15
    n = [1] * 10 + [5] * 5 + [2] * 15
    found = at_day(daily_frame(tone, n), day=15, window=14)
    assert found.before == pytest.approx((9 * 0.0 + 25 * 0.1) / 34)
    assert (found.after, found.n_before, found.n_after) == (0.4, 34, 28)
    assert found.effect == pytest.approx(0.4 - 2.5 / 34, abs=1e-8)


def test_the_standard_error_is_the_one_of_statsmodels():
    from statsmodels.regression.linear_model import WLS

    rng = np.random.default_rng(0)
    value, weight = rng.normal(size=56), rng.integers(1, 9, 56).astype(float)
    x = np.column_stack([np.ones(56), np.repeat([0.0, 1.0], 28)])
    fit = WLS(value, x, weights=weight).fit(
        cov_type="HAC", cov_kwds={"maxlags": bandwidth(56) - 1, "use_correction": False}
    )
    found = contrasts(value, weight, 28)
    assert found.effect[28] == pytest.approx(fit.params[1])
    assert found.se[28] == pytest.approx(fit.bse[1])


def test_the_slope_before_a_date_is_the_one_of_statsmodels():
    from statsmodels.regression.linear_model import WLS

    rng = np.random.default_rng(4)
    at, value, weight = np.arange(-28, 0), rng.normal(0, 1, 28).cumsum(), rng.integers(1, 30, 28).astype(float)
    model = WLS(value, np.column_stack([np.ones(28), at]), weights=weight)
    fit = model.fit(cov_type="HAC", cov_kwds={"maxlags": 3}, use_t=True)
    assert robust_slope(value, at, weight, 3) == pytest.approx((fit.params[1], fit.bse[1]))


def test_missing_days_take_no_part():
    value = np.array([1.0, np.nan, 3.0, 5.0, np.nan, 7.0])
    found = contrasts(value, np.ones(6), 3)
    assert (found.before[3], found.after[3], found.days_before[3]) == (2.0, 6.0, 2)


def test_fixed_b_critical_values_widen_with_the_bandwidth():
    assert 1.96 < critical_value(200) < critical_value(28) == pytest.approx(3.05, abs=0.01)


@pytest.fixture
def no_pretrend(monkeypatch):
    """Without the slow part that the effect does not depend on."""
    monkeypatch.setattr("analysis.event_study._pretrend", lambda *_: None)


@pytest.mark.usefixtures("no_pretrend")
def test_placebo_events_are_called_significant_in_at_most_six_of_a_hundred():
    rng = np.random.default_rng(5)
    found = [at_day(daily(rng, rho=0.5)) for _ in range(500)]
    assert np.mean([s.p_placebo <= 0.05 for s in found]) <= 0.06
    assert np.mean([s.interval[0] > 0 or s.interval[1] < 0 for s in found]) <= 0.06


@pytest.mark.usefixtures("no_pretrend")
def test_half_a_standard_deviation_with_five_stories_a_day_is_found():
    rng = np.random.default_rng(4)
    found = [at_day(daily(rng, effect=0.2)) for _ in range(100)]
    assert np.mean([s.interval[0] > 0 for s in found]) >= 0.9
    assert np.mean([s.effect for s in found]) == pytest.approx(0.2, abs=0.02)


@pytest.mark.parametrize(
    "articles", [[1, 0], [9, 0, 0, 0]], ids=["fourteen articles a side", "articles on seven days of twenty-eight"]
)
def test_too_little_is_refused_with_a_reason(articles):
    tone = np.random.default_rng(3).normal(0, 0.4, 100)
    assert at_day(daily_frame(tone, np.ones(100, int)), 50).enough
    found = at_day(daily_frame(tone, np.tile(articles, 100)[:100]), 50)
    assert (found.enough, found.effect, found.interval, found.p_placebo) == (False, None, None, None)
    assert found.notes == ("too_little",)


def test_a_date_outside_the_collection_is_refused():
    found = at_day(daily(np.random.default_rng(0)), day=900)
    assert not found.enough
    assert found.notes == ("outside",)
    assert "outside the collected days" in notes_in_words(found)[0]


def test_a_trend_before_the_date_is_named():
    rng = np.random.default_rng(1)
    tone = np.linspace(-1, 1, 400) * 4 + rng.normal(0, 0.05, 400)
    found = at_day(daily_frame(tone, np.full(400, 5)))
    assert found.pretrend["slope"] == pytest.approx(8 / 399, rel=0.1)
    assert "pretrend" in found.notes


def test_overlapping_events_are_named_and_the_event_itself_is_not():
    frame = daily(np.random.default_rng(0))
    found = study_frame(frame, date(2019, 10, 25), "sentiment", 28, None, load_events())
    assert "2019-10-26 Cryptography Law adopted" in found.overlapping
    assert not any(event.startswith("2019-10-25") for event in found.overlapping)


def test_volume_counts_articles_a_day_and_leaves_gaps_out():
    n = np.r_[np.full(180, 2), np.zeros(20, int), np.full(200, 6)]
    found = at_day(daily_frame(np.zeros(400), n), 200, "volume", 35)
    assert (found.before, found.after) == (2.0, 6.0)


def test_events_of_a_kind_are_pooled():
    rng = np.random.default_rng(2)
    found = [at_day(daily(rng, effect=0.3)) for _ in range(5)]
    pooled = pool(found)
    assert pooled.events == 5
    assert pooled.interval[0] < 0.3 < pooled.interval[1]
    assert pool(found[:1]) is None


def test_false_discovery_control_is_benjamini_and_hochberg():
    frame = daily(np.random.default_rng(2))
    template = at_day(frame)
    several = [replace(template, p_placebo=p) for p in (0.01, None, 0.04, 0.5)]
    assert false_discovery(several) == [pytest.approx(0.03), None, pytest.approx(0.06), pytest.approx(0.5)]


def test_the_command_prints_the_contract(tmp_path, monkeypatch, capsys):
    rng = np.random.default_rng(0)
    days = pd.date_range("2019-08-01", periods=160)
    articles = [
        {
            "day": f"{day:%Y-%m-%d}",
            "score": 0.0,
            "targets": {"crypto": float(rng.normal(-0.3 * (day.month >= 10), 0.2))},
        }
        for day in days
        for _ in range(3)
    ]
    monkeypatch.setenv("LIANWATCH_STORE", str(tmp_path / "s.duckdb"))
    monkeypatch.chdir(tmp_path)
    store = filled_store(tmp_path / "s.duckdb", articles)
    assert dispatch("analysis", COMMANDS, ["event", "2019-10-01", "--target", "crypto", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert list(found)[:15] == [
        "date", "outcome", "target", "n_before", "n_after", "before", "after", "effect", "interval", "p_placebo",
        "placebo_dates", "pretrend", "overlapping", "enough", "notes",
    ]  # fmt: skip
    assert (found["n_before"], found["n_after"], found["enough"]) == (84, 84, True)
    assert found["interval"][1] < 0
    assert study(store, Selection(targets=("crypto",)), date(2019, 10, 1)).effect == found["effect"]


def test_a_question_without_a_date_is_one_line(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("LIANWATCH_STORE", str(tmp_path / "s.duckdb"))
    assert dispatch("analysis", COMMANDS, ["event"]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_the_shipped_events_are_valid_and_a_readers_own_join_them(tmp_path):
    own = tmp_path / "events.csv"
    own.write_text("date,label_en\n2020-02-02,Our own event\n", encoding="utf-8")
    frame = load_events(own)
    assert len(frame) == len(load_events(tmp_path / "none.csv")) + 1
    assert frame["date"].is_monotonic_increasing
    assert frame.set_index("label_en").loc["Our own event", "category"] == "other"


@pytest.mark.parametrize(
    "text", ["date\n2020-01-01\n", "date,label_en\nsoon,x\n", "date,label_en,category\n2020-01-01,x,y"]
)
def test_a_wrong_event_file_is_named(text):
    with pytest.raises(ConfigError, match="own.csv"):
        parse_events(text, "own.csv")
