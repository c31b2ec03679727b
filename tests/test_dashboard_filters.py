from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from dashboard.filters import Chosen, Days, days_of, frequency, parse, query, selection, span

STATES = [
    Chosen(),
    Chosen(language="zh", period="90d", freq="week", search="数字人民币"),
    Chosen(period="custom", start=date(2019, 10, 1), end=date(2019, 12, 31)),
    Chosen(lists={"outlet": ("Harbour Daily", "链上日报"), "target": ("crypto",), "topic": ("3",)}),
    Chosen(lists={"entity": ("pboc", "xi_jinping")}),
]


@pytest.mark.parametrize("state", STATES)
def test_every_state_is_an_address_that_reads_back(state):
    assert parse(query(state)) == state


@pytest.mark.parametrize(
    "damaged",
    [
        {"period": ["yesterday"], "freq": ["hourly"], "ui": ["fr"]},
        {"from": ["2019-13-45"], "to": ["2019-12-31"]},
        {"from": ["0001-01-01"], "to": ["9999-12-31"]},
        {"from": ["2019-10-01"]},
        {"group": ["nobody"], "target": ["<script>"], "topic": ["x", "-1", "²"]},
        {"period": ["custom"]},
    ],
)
def test_a_damaged_address_falls_back_quietly(damaged):
    assert parse(damaged) == Chosen()


def test_dates_in_the_wrong_order_are_turned_round():
    assert parse({"from": ["2019-12-31"], "to": ["2019-10-01"]}).start == date(2019, 10, 1)


DAYS = Days(date(2017, 1, 1), date(2026, 11, 24), date(2017, 1, 1))
LONG_TAIL = replace(DAYS, main=date(2021, 6, 1))


def test_a_rolling_period_ends_with_the_newest_article():
    assert span(Chosen(period="7d"), DAYS) == (date(2026, 11, 18), date(2026, 11, 24))


def test_without_a_period_undated_articles_stay_in():
    assert selection(Chosen(), DAYS).start is None
    assert selection(Chosen(period="7d"), DAYS).start == date(2026, 11, 18)


def test_a_long_tail_of_few_articles_is_left_off_until_asked_for():
    assert selection(Chosen(), LONG_TAIL).start == date(2021, 6, 1)
    assert selection(Chosen(period="all"), LONG_TAIL).start is None


@pytest.mark.parametrize(("early", "main"), [(1, date(2025, 1, 1)), (30, date(2017, 1, 1))])
def test_only_few_old_articles_make_a_tail(early, main):
    buckets = pd.to_datetime(["2017-01-01", "2025-01-01", "2025-02-01"])
    months = pd.DataFrame({"bucket": buckets, "n_all": [early, 400, 600]})
    assert days_of(months, date(2017, 1, 1), date(2025, 2, 28)).main == main


@pytest.mark.parametrize(("period", "freq"), [("30d", "day"), ("1y", "week"), ("all", "month")])
def test_the_bucket_grows_with_the_period(period, freq):
    assert frequency(Chosen(period=period), DAYS) == freq
