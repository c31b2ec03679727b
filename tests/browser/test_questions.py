"""A newcomer's questions, answered by clicking alone, on coverage in which the answers are planted."""

import pytest
from conftest import click_point, served, settle

from tests.stores import filled_store

WESTERN, STATE = "Ridge Post", "Capital Daily"
WOBBLE = [0.1, -0.1, 0.05, -0.05] * 3
"""By month: a level that never stirred would be known with certainty."""


def monthly(target, outlet, levels):
    """Six articles a month on a target; levels: year → tone."""
    return [
        {"day": f"{year}-{month:02}-{day:02}", "outlet": outlet, "targets": {target: level + WOBBLE[month - 1]}}
        for year, level in levels.items()
        for month in range(1, 13)
        for day in range(2, 8)
    ]


COVERAGE = [
    *monthly("crypto", WESTERN, {2018: 0.5, 2019: 0.5, 2020: -0.4, 2021: -0.4}),
    *monthly("digital_yuan", WESTERN, {2018: 0.4, 2019: 0.4, 2020: 0.4, 2021: -0.3}),
    *monthly("digital_yuan", STATE, {2018: 0.6, 2019: 0.6, 2020: 0.6, 2021: 0.6}),
    *({"day": f"2021-05-{18 + number % 3}", "outlet": (WESTERN, STATE)[number % 2]} for number in range(160)),
    {"id": "interest", "day": "2021-12-29", "outlet": "Quay Post", "title": "Digital yuan wallets to pay interest"},
    *(
        {"day": f"2021-12-{day}", "outlet": outlet, "title": "Digital yuan to pay interest", "story": "interest"}
        for day, outlet in ((30, WESTERN), (31, STATE))
    ),
]
GROUPS = {WESTERN: "western", STATE: "state", "Quay Post": "hongkong"}


@pytest.fixture(scope="module")
def address(tmp_path_factory, quick_stores):
    store = filled_store(tmp_path_factory.mktemp("questions") / "store.duckdb", COVERAGE, GROUPS)
    quick_stores.close()
    with served(store.path) as base:
        yield base


def choose(page, **wanted):
    """Choose values in the box of filters: label of the filter → value."""
    page.get_by_role("button", name="Filters").first.click()
    for label, value in wanted.items():
        page.get_by_label(label.replace("_", " "), exact=True).click()
        page.get_by_role("option", name=value).click()
        settle(page)
    page.keyboard.press("Escape")


def shows(page, text):
    page.get_by_text(text).first.wait_for()


def test_when_did_western_papers_turn_on_crypto(opened):
    page = opened()
    page.get_by_role("link", name="Sentiment").click()
    choose(page, Targets="Cryptocurrency", Outlet_groups="Western general press")
    shows(page, "Western general press: since Jan 2020")


def test_which_outlet_first_had_the_story_of_interest_on_the_digital_yuan(opened):
    page = opened()
    page.get_by_role("link", name="Stories").click()
    page.get_by_label("Search").fill("digital yuan interest")
    page.get_by_label("Search").press("Enter")
    shows(page, "(1 in the list")
    page.get_by_label("Order").click()
    page.get_by_role("option", name="Most copied first").click()
    shows(page, "First: Quay Post · 29 Dec 2021")


def test_whose_tone_toward_the_digital_yuan_changed_after_2020(opened):
    page = opened()
    page.get_by_role("link", name="Sentiment").click()
    choose(page, Targets="Digital yuan")
    shows(page, "Western general press: since Jan 2021")
    assert page.get_by_text("State media (mainland): since").count() == 0


def test_what_moved_in_the_week_of_18_may_2021(opened):
    page = opened()
    page.get_by_label("Period").click()
    page.get_by_role("option", name="Mining and trading bans, 2021").click()
    page.wait_for_url("**period=ban2021**")
    settle(page)
    click_point(page, "panel_coverage", 2)  # the week before brought nothing
    shows(page, "Articles: week of 17 May 2021")
    shows(page, "more than chance explains")
    shows(page, "Three finance associations bar crypto services")
    page.get_by_role("button", name="Show only this").click()
    page.wait_for_url("**from=2021-05-17&to=2021-05-23**")


def test_how_much_of_the_coverage_is_copies(opened):
    page = opened()
    page.get_by_role("link", name="Sources").click()
    shows(page, "0.2% of these 1,027 articles repeat the text of an earlier one (2 articles).")
