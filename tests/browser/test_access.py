"""The pages are usable without sight of colour, without a mouse, in the dark and on a phone."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import settle

from dashboard.frame import VIEWS

RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
PHONE = {"width": 390, "height": 844}
PHONE_AGENT = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("view", VIEWS)
def test_axe_finds_nothing_to_object_to(opened, page, view, scheme):
    page.emulate_media(color_scheme=scheme)
    opened("" if view == "overview" else view)
    found = Axe().run(page, options=RULES).response["violations"]
    assert [(rule["id"], rule["nodes"][0]["html"][:200]) for rule in found] == []


def test_axe_finds_nothing_to_object_to_in_an_open_box(opened):
    page = opened("sentiment")
    page.locator(".st-key-panel_sentiment").get_by_role("button", name="Method").click()
    page.get_by_role("link", name="The whole method").wait_for()
    found = Axe().run(page, options=RULES).response["violations"]
    assert [(rule["id"], rule["nodes"][0]["html"][:200]) for rule in found] == []


def test_charts_say_what_they_show(opened):
    page = opened()
    chart = page.get_by_role("figure", name="Line chart: Coverage over time, 1 Oct 2019 to 30 Oct 2019")
    chart.first.wait_for()


def test_the_page_follows_a_dark_screen(opened, page):
    page.emulate_media(color_scheme="dark")
    opened()
    background = page.locator(".st-key-panel_coverage .main-svg").first.evaluate("e => e.style.background")
    assert background == "rgb(20, 24, 31)"


@pytest.mark.parametrize("view", VIEWS)
def test_nothing_is_wider_than_a_phone(opened, page, view):
    page.set_viewport_size(PHONE)
    opened("" if view == "overview" else view)
    main = page.locator("[data-testid=stMain]")
    assert main.evaluate("e => e.scrollWidth") <= PHONE["width"]


def test_the_filters_of_a_phone_are_folded_until_asked_for(browser, address):
    context = browser.new_context(viewport=PHONE, is_mobile=True, has_touch=True, user_agent=PHONE_AGENT)
    page = context.new_page()
    page.goto(address)
    settle(page)
    assert page.get_by_role("heading", name="Blockchain in China").bounding_box()["y"] < PHONE["height"] / 3
    page.get_by_text("Period, search and filters").click()
    page.get_by_label("Search").fill("数字")
    page.get_by_label("Search").press("Enter")
    page.get_by_text("30 articles").first.wait_for()
    context.close()


def test_the_filters_work_from_the_keyboard_alone(opened):
    page = opened("stories")
    page.get_by_label("Search").focus()
    page.keyboard.type("数字")
    page.keyboard.press("Enter")
    page.get_by_text("30 articles").wait_for()
    settle(page)
    page.get_by_role("button", name="Reset").focus()
    page.keyboard.press("Enter")
    page.get_by_text("91 articles").wait_for()
