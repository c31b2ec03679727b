import numpy as np
import pandas as pd
import pytest

from analysis.bursts import BURST_COLUMNS, PAST_DAYS, bursts, false_alarms, intervals

DAYS = pd.date_range("2021-01-04", periods=140)


def counted(rows):
    return pd.DataFrame(rows, columns=["day", "outlet", "key", "n"])


def quiet(seed=0, rate=1.0, key="mining"):
    random = np.random.default_rng(seed)
    rows = [(day, outlet, key, random.poisson(rate)) for day in DAYS for outlet in ("Harbour Daily", "Other Daily")]
    return counted([row for row in rows if row[3]])


def totals(n=40):
    return pd.Series(n, index=DAYS)


def test_a_term_that_three_outlets_take_up_in_a_day_is_a_burst_with_its_counts():
    day = DAYS[100]
    news = counted([(day, "A", "airdrop", 4), (day, "B", "airdrop", 3), (day, "C", "airdrop", 2)])
    found = bursts(pd.concat([quiet(), news]), totals())
    assert list(found.columns) == list(BURST_COLUMNS)
    assert found[["day", "key", "n", "outlets"]].to_numpy().tolist() == [[day, "airdrop", 9, 3]]


def test_one_outlet_alone_makes_no_burst():
    series = counted([(DAYS[100], "A", "airdrop", 30)])
    assert bursts(pd.concat([quiet(), series]), totals()).empty


def test_a_day_on_which_everything_doubles_is_no_burst_of_its_terms():
    busy = totals()
    busy.iloc[100] *= 5
    counts = pd.concat([quiet(rate=2), counted([(DAYS[100], "A", "mining", 9), (DAYS[100], "B", "mining", 8)])])
    assert bursts(counts, busy).empty
    assert not bursts(counts, totals()).empty


def test_a_term_of_every_monday_is_expected_on_mondays():
    mondays = [day for day in DAYS if day.day_of_week == 0]
    weekly = counted([(day, outlet, "outlook", 4) for day in mondays for outlet in ("A", "B")])
    assert bursts(weekly, totals()).loc[lambda frame: frame["day"] >= DAYS[PAST_DAYS + 35]].empty


def test_days_without_eight_weeks_of_past_have_no_bursts():
    news = counted([(DAYS[PAST_DAYS - 1], "A", "airdrop", 9), (DAYS[PAST_DAYS - 1], "B", "airdrop", 9)])
    assert bursts(news, totals()).empty


def test_shuffled_days_hardly_ever_alarm():
    counts = pd.concat([quiet(seed, rate=1.5, key=f"word{seed}") for seed in range(30)])
    keys_and_days = 30 * (len(DAYS) - PAST_DAYS)
    assert false_alarms(counts, totals(100), rounds=3) / keys_and_days < 0.002


def test_an_interval_is_where_a_key_has_several_times_its_usual_share():
    daily = pd.Series(1, index=DAYS)
    daily.iloc[60:67] = 9
    (first, last, weight), *others = intervals(daily, totals())
    assert (first, last, others) == (DAYS[60], DAYS[66], [])
    assert weight > 10
    assert intervals(pd.Series(1, index=DAYS), totals()) == []


def test_a_gap_in_collection_is_not_a_quiet_day():
    daily = pd.Series(9, index=DAYS)
    sparse = totals()
    sparse.iloc[10:60] = 0
    daily.iloc[10:60] = 0
    assert intervals(daily, sparse) == []


@pytest.mark.parametrize("n", [0, 1])
def test_nothing_collected_is_nothing_found(n):
    assert bursts(counted([]), totals(n)).empty
