import numpy as np
import pandas as pd
import pytest

from analysis.anomalies import anomalies
from analysis.changes import MIN_BUCKETS, change_points, changes, long_run_variance, partition


def autocorrelated(rng, length, rho):
    values = rng.normal(0, 1, length)
    for index in range(1, length):
        values[index] += rho * values[index - 1]
    return values


@pytest.mark.parametrize("rho", [0.0, 0.3])
def test_still_series_rarely_seem_to_change(rho):
    rng = np.random.default_rng(3)
    alarms = [bool(change_points(autocorrelated(rng, 100, rho))) for _ in range(100)]
    assert np.mean(alarms) <= 0.05


def test_a_change_of_level_is_found_where_it_is():
    rng = np.random.default_rng(2)
    found = [change_points(rng.normal(0, 1, 80) + 2 * (np.arange(80) >= 50)) for _ in range(50)]
    assert np.mean([len(points) == 1 and abs(points[0] - 50) <= 2 for points in found]) >= 0.9


def test_levels_are_those_that_ruptures_finds():
    ruptures = pytest.importorskip("ruptures")
    rng = np.random.default_rng(5)
    for length in (8, 30, 120, 400):
        values = autocorrelated(rng, length, 0.3) + np.repeat(rng.normal(0, 2, 4), -(-length // 4))[:length]
        search = ruptures.KernelCPD(kernel="linear", min_size=MIN_BUCKETS).fit(values.reshape(-1, 1))
        assert partition(values, 12.0) == search.predict(pen=12.0)[:-1]


def test_long_run_variance_is_not_fooled_by_a_change_of_level():
    rng = np.random.default_rng(1)
    values = rng.normal(0, 1, 2000)
    values[1000:] += 5
    assert long_run_variance(values) == pytest.approx(1, rel=0.2)


def frame_of(n, n_all, mean=0.0, freq="W-MON"):
    n, n_all = np.asarray(n), np.asarray(n_all)
    return pd.DataFrame(
        {
            "bucket": pd.date_range("2021-01-04", periods=len(n), freq=freq), "key": "", "n": n, "n_all": n_all,
            "share": n / n_all, "mean": mean, "partial": False, "gap": False,
        }
    )  # fmt: skip


def test_a_change_of_feeds_is_not_read_as_a_change_of_news():
    rng = np.random.default_rng(0)
    n_all = np.r_[rng.poisson(1000, 40), rng.poisson(3000, 40)]
    n = np.r_[rng.binomial(n_all[:40], 0.10), rng.binomial(n_all[40:], 0.04)]
    found = changes(frame_of(n, n_all, rng.normal(0, 0.05, 80)))
    assert found["figure"].tolist() == ["n_all", "share"]
    assert found["with_collection"].tolist() == [False, True]
    assert found["bucket"].nunique() == 1


def test_a_change_of_news_alone_is_one_of_news():
    rng = np.random.default_rng(0)
    n_all = rng.poisson(1000, 80)
    n = rng.binomial(n_all, np.repeat([0.05, 0.12], 40))
    found = changes(frame_of(n, n_all))
    assert found[["figure", "with_collection"]].values.tolist() == [["share", False]]
    assert found["after"].item() == pytest.approx(0.12, abs=0.01)


def found_in(frame, freq="week"):
    return anomalies(frame, frame.assign(key="Harbour Daily"), freq)


def test_an_outlet_that_joins_moves_nothing():
    rng = np.random.default_rng(0)
    old = frame_of(rng.binomial(500, 0.1, 80), np.full(80, 500))
    new = frame_of(rng.binomial(5000, 0.001, 80), np.full(80, 5000)).iloc[40:]
    outlets = pd.concat([old.assign(key="old"), new.assign(key="new")])
    both = old.assign(n_all=old["n_all"] + new["n_all"].reindex(old.index).fillna(0).astype(int))
    assert not anomalies(both, outlets, "week")["anomaly"].any()
    assert anomalies(both, both.assign(key="as if one"), "week")["anomaly"].iloc[40]


def test_an_outbreak_is_an_anomaly_and_a_quiet_sunday_is_none():
    rng = np.random.default_rng(4)
    weekday = np.arange(400) % 7
    n_all = rng.poisson(np.where(weekday >= 5, 60, 300))
    n = rng.binomial(n_all, 0.05)
    n[300] += 40
    found = found_in(frame_of(n, n_all, freq="D"), "day")
    assert found.index[found["anomaly"]].tolist() == [300]
    assert found["expected"].iloc[100] == pytest.approx(0.05 * n_all[100], rel=0.3)


def test_ordinary_overdispersed_weeks_raise_few_alarms():
    rng = np.random.default_rng(5)
    n_all = rng.poisson(2000, 300)
    n = rng.poisson(rng.gamma(20, 100 / 20, 300))
    assert found_in(frame_of(n, n_all))["anomaly"].sum() <= 3


def test_nothing_is_expected_where_nothing_was_collected_before():
    found = found_in(frame_of([1, 2, 3], [10, 10, 10]))
    assert found["expected"].isna().all()
    assert not found["anomaly"].any()
