"""Ways through the page: filter, click, brush, search, switch language, on a screen, a phone and in the dark."""

import re

import pytest
from conftest import click_point, settle

from dashboard.words import Words
from tests.dashboard_corpus import HOSTILE

WHOLE = "91 articles"


def shows(page, text):
    page.get_by_text(text).first.wait_for()


def test_the_front_page_opens_with_its_charts(opened):
    page = opened()
    shows(page, "on blockchain in China")
    page.locator("[data-testid=stPlotlyChart] .main-svg").first.wait_for()
    assert page.locator("[data-testid=stPlotlyChart]").count() == 4


def test_a_preset_narrows_the_period_and_the_address(opened):
    page = opened()
    page.get_by_label("Period").click()
    page.get_by_role("option", name="Last 7 days").click()
    shows(page, "24 Oct 2019 – 30 Oct 2019")
    page.wait_for_url(re.compile("period=7d"))


def test_exact_dates_come_from_the_address_and_go_into_it(opened):
    page = opened("?from=2019-10-05&to=2019-10-06")
    shows(page, "5 Oct 2019 – 6 Oct 2019")
    assert "from=2019-10-05" in page.url


def test_an_outlet_is_chosen_in_the_filter_box(opened):
    page = opened()
    page.get_by_role("button", name="Filters").click()
    page.get_by_label("Outlets").click()
    page.get_by_role("option", name="链上日报").click()
    page.wait_for_url(re.compile("outlet="))
    shows(page, "30 articles")


def test_back_in_the_browser_takes_a_filter_back(opened):
    page = opened()
    page.get_by_label("Interval").click()
    page.get_by_role("option", name="Week").click()
    page.wait_for_url(re.compile("freq=week"))
    page.go_back()
    page.wait_for_url(lambda url: "freq" not in url)
    page.get_by_text("in China, by day").first.wait_for()


def test_filters_stay_when_another_page_is_opened(opened):
    page = opened("?outlet=%E9%93%BE%E4%B8%8A%E6%97%A5%E6%8A%A5")
    page.get_by_role("link", name="Stories").click()
    shows(page, "30 articles")
    assert "outlet=" in page.url


def test_a_click_on_a_point_lists_its_articles(opened):
    page = opened()
    click_point(page, "panel_coverage", 4)
    shows(page, "Articles: 5 Oct 2019")
    behind = page.locator(".st-key-behind_coverage").get_by_role("link", name="Blockchain pilot, report 2019-10-05")
    behind.first.wait_for()
    assert behind.count() == 2


def test_a_point_says_what_happened_there(opened):
    page = opened("?freq=week")
    click_point(page, "panel_coverage", 3)
    shows(page, "Articles: week of 21 Oct 2019")
    shows(page, "25 Oct 2019: Study session made public")


@pytest.mark.parametrize(
    ("language", "button", "part"),
    [("en", "Method", "The unit is the story"), ("zh", "方法", "单位是报道")],
)
def test_the_method_of_a_chart_is_beside_it_in_the_readers_language(opened, language, button, part):
    page = opened(f"sentiment?ui={language}")
    page.locator(".st-key-panel_sentiment").get_by_role("button", name=button).click()
    shows(page, part)


def test_a_click_in_the_grid_lists_the_articles_of_target_group_and_language(opened):
    page = opened("sentiment")
    click_point(page, "panel_tone_grid", 0)
    shows(page, "Articles: Blockchain technology · Hong Kong media · English")


def test_a_click_on_a_field_of_the_heat_map_lists_its_articles(opened):
    page = opened("themes")
    rows = list(Words("en").themes())
    plot = page.locator(".st-key-panel_theme_map .nsewdrag").bounding_box()
    row = plot["y"] + plot["height"] * (rows.index("core_tech_innovation") + 0.5) / len(rows)
    page.mouse.move(plot["x"] + plot["width"] / 2, row)
    page.wait_for_timeout(300)
    page.mouse.click(plot["x"] + plot["width"] / 2, row)
    shows(page, "Articles: Core technology innovation")
    page.locator(".st-key-behind_theme_map").get_by_role("link").first.wait_for()


def test_a_brush_over_the_time_axis_narrows_the_period(opened):
    page = opened()
    plot = page.locator(".st-key-panel_coverage .nsewdrag").bounding_box()
    page.mouse.move(plot["x"] + plot["width"] * 0.3, plot["y"] + 40)
    page.mouse.down()
    page.mouse.move(plot["x"] + plot["width"] * 0.6, plot["y"] + 80, steps=8)
    page.mouse.up()
    page.wait_for_url(re.compile("from=2019-10"))
    settle(page)
    assert page.get_by_label("Period").is_visible()


def test_a_two_character_chinese_word_is_found(opened):
    page = opened("stories")
    page.get_by_label("Search").fill("数字")
    page.get_by_label("Search").press("Enter")
    shows(page, "30 articles")


def test_the_clause_behind_a_tone_is_one_click_away(opened):
    page = opened("stories?outlet=Harbour+Daily&from=2019-10-05&to=2019-10-05")
    page.get_by_text("Tone, themes and sources").first.click()
    shows(page, "Blockchain technology")
    shows(page, "Core technology innovation")


def test_the_interface_speaks_chinese_and_keeps_it_in_the_address(opened):
    page = opened()
    page.get_by_role("radio", name="中文").or_(page.get_by_role("button", name="中文")).first.click()
    shows(page, "报道量走势")
    page.wait_for_url(re.compile("ui=zh"))
    page.get_by_role("link", name="主题").click()
    shows(page, "主题热度走势")


@pytest.mark.parametrize("view", ["", "sentiment", "topics", "themes", "sources", "events", "stories", "method"])
def test_hostile_text_of_a_feed_is_only_text(opened, view):
    page = opened(f"{view}?from=2019-10-30&to=2019-10-30")
    assert page.locator("[data-testid=stMain] img[src=x]").count() == 0
    assert page.locator("a[href^=javascript]").count() == 0
    if view == "stories":
        shows(page, HOSTILE[:25])
