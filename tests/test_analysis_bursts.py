import numpy as np
import pandas as pd
import pytest

from analysis.bursts import BURST_COLUMNS, PAST_DAYS, bursts, exposure, false_alarms, intervals

DAYS = pd.date_range("2021-01-04", periods=140)


def counted(rows):
    return pd.DataFrame(rows, columns=["day", "outlet", "key", "n"])


def quiet(seed=0, rate=1.0, key="mining"):
    random = np.random.default_rng(seed)
    rows = [(day, outlet, key, random.poisson(rate)) for day in DAYS for outlet in ("Harbour Daily", "Other Daily")]
    return counted([row for row in rows if row[3]])


def totals(n=40):
    return pd.Series(n, index=DAYS)


def days(total=None):
    total = totals() if total is None else total
    return pd.DataFrame({"total": total, "exposure": total})


def test_a_term_that_three_outlets_take_up_in_a_day_is_a_burst_with_its_counts():
    day = DAYS[100]
    news = counted([(day, "A", "airdrop", 4), (day, "B", "airdrop", 3), (day, "C", "airdrop", 2)])
    found = bursts(pd.concat([quiet(), news]), days())
    assert list(found.columns) == list(BURST_COLUMNS)
    assert found[["day", "key", "days", "n", "outlets"]].to_numpy().tolist() == [[day, "airdrop", 1, 9, 3]]


def test_news_that_spreads_over_three_days_is_a_burst_of_three_days():
    news = counted([(DAYS[100], "A", "airdrop", 1), (DAYS[101], "B", "airdrop", 2), (DAYS[102], "C", "airdrop", 2)])
    (burst,) = bursts(pd.concat([quiet(), news]), days(totals(200))).itertuples()
    assert (burst.day, burst.days, burst.n, burst.outlets) == (DAYS[102], 3, 5, 3)


def test_one_outlet_alone_makes_no_burst():
    series = counted([(DAYS[100], "A", "airdrop", 30)])
    assert bursts(pd.concat([quiet(), series]), days()).empty


def test_a_day_on_which_everything_doubles_is_no_burst_of_its_terms():
    busy = totals()
    busy.iloc[100] *= 5
    counts = pd.concat([quiet(rate=2), counted([(DAYS[100], "A", "mining", 9), (DAYS[100], "B", "mining", 8)])])
    assert bursts(counts, days(busy)).empty
    assert not bursts(counts, days()).empty


def test_a_term_of_every_monday_is_expected_on_mondays():
    mondays = [day for day in DAYS if day.day_of_week == 0]
    weekly = counted([(day, outlet, "outlook", 4) for day in mondays for outlet in ("A", "B")])
    assert bursts(weekly, days()).loc[lambda frame: frame["day"] >= DAYS[PAST_DAYS + 35]].empty


def test_days_without_eight_weeks_of_past_have_no_bursts():
    news = counted([(DAYS[PAST_DAYS - 1], "A", "airdrop", 9), (DAYS[PAST_DAYS - 1], "B", "airdrop", 9)])
    assert bursts(news, days()).empty


def test_shuffled_days_hardly_ever_alarm():
    counts = pd.concat([quiet(seed, rate=1.5, key=f"word{seed}") for seed in range(30)])
    keys_and_days = 30 * (len(DAYS) - PAST_DAYS)
    assert false_alarms(counts, days(totals(100)), rounds=3) / keys_and_days < 0.002


def test_a_past_with_few_articles_reaches_back_to_where_more_were_collected():
    total = totals(0)
    total.iloc[:40], total.iloc[100:], total.iloc[110] = 10, 1, 5  # two months without collection, then a trickle
    news = counted([(DAYS[110], outlet, "ban", 2) for outlet in "AB"])
    assert not bursts(news, days(total)).empty
    assert bursts(news, days(total.where(total.index >= DAYS[100], 0))).empty, "that little a past proves nothing"


def test_a_feed_that_joins_makes_nothing_of_its_own_subjects_look_new():
    collected = pd.DataFrame(
        [(day, outlet, 20, 4) for day in DAYS for outlet in "AB"] + [(day, "C", 20, 20) for day in DAYS[100:]],
        columns=["day", "outlet", "n", "n_relevant"],
    )
    rows = [(day, outlet, "coin", 4) for day in DAYS for outlet in "AB"]
    counts = counted(rows + [(day, "C", "coin", 20) for day in DAYS[100:]])
    assert not bursts(counts, days(collected.groupby("day")["n"].sum())).empty
    assert bursts(counts, exposure(collected)).empty


def test_only_days_from_the_one_asked_for_are_judged():
    news = counted([(DAYS[day], outlet, "ban", 4) for day in (80, 120) for outlet in "AB"])
    assert bursts(news, days(), since=DAYS[119])["day"].tolist() == [DAYS[120]]


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
    assert bursts(counted([]), days(totals(n))).empty
