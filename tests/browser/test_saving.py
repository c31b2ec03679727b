"""Every file the page offers is saved and opened again."""

import codecs
import io
import xml.etree.ElementTree as ElementTree

import pandas as pd
import pytest
from conftest import settle

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
NAME = "lianwatch_coverage_2019-10-01_2019-10-30_day"
PERIOD = "?from=2019-10-01&to=2019-10-30"
SHEET = "{http://www.w3.org/2000/svg}text"


def saved(page, label, panel="coverage"):
    """The name and content of the file behind a button of a panel's download box."""
    if not page.locator(f".st-key-image_{panel}").is_visible():
        page.locator(f".st-key-save_{panel} button").first.click()
    button = page.get_by_role("button", name=label, exact=True)
    button.wait_for()
    with page.expect_download() as waiting:
        button.click()
    download = waiting.value
    with open(download.path(), "rb") as file:
        return download.suggested_filename, file.read()


def test_the_png_is_an_image_of_twice_the_size(opened):
    name, content = saved(opened(PERIOD), "PNG")
    assert name == f"{NAME}.png"
    assert content.startswith(PNG_SIGNATURE)
    assert int.from_bytes(content[16:20]) == 2200


@pytest.mark.parametrize(
    ("language", "title", "n"), [("en", "Coverage over time", "91 articles"), ("zh", "报道量走势", "91 篇文章")]
)
def test_the_svg_says_what_it_shows_in_the_readers_language(opened, language, title, n):
    name, content = saved(opened(f"{PERIOD}&ui={language}"), "SVG")
    text = "".join("".join(element.itertext()) for element in ElementTree.fromstring(content).iter(SHEET))
    assert name == f"{NAME}.svg"
    assert title in text
    assert n in text
    assert "Asia/Shanghai" in text
    assert "from=2019-10-01" in text
    assert {"en": "engine ", "zh": "引擎 "}[language] in text


def test_the_link_in_a_saved_chart_names_the_days_it_shows(opened):
    _, content = saved(opened("?period=all"), "SVG")
    text = "".join("".join(element.itertext()) for element in ElementTree.fromstring(content).iter(SHEET))
    assert "from=2019-10-01&to=2019-10-30" in text


def test_the_csv_reads_back_to_the_numbers_of_the_chart(opened):
    name, content = saved(opened(PERIOD), "CSV")
    frame = pd.read_csv(io.BytesIO(content))
    assert name == f"{NAME}.csv"
    assert content.startswith(codecs.BOM_UTF8)  # for Excel
    assert len(frame) == 30
    assert frame["n"].sum() == 91
    assert "data_version" in frame["provenance"][0]


def test_the_html_opens_without_a_network(opened, browser, tmp_path):
    name, content = saved(opened(PERIOD), "HTML")
    file = tmp_path / name
    file.write_bytes(content)
    context = browser.new_context(offline=True)
    page = context.new_page()
    requests = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(file.as_uri())
    page.locator(".main-svg").first.wait_for()
    assert page.locator(".scatterlayer .point").count() == 30
    assert [url for url in requests if not url.startswith(("file:", "data:", "blob:"))] == []
    context.close()


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_the_articles_are_saved_with_formulas_defused(opened, form):
    page = opened("stories")
    with page.expect_download() as waiting:
        page.get_by_role("button", name=form.upper()).click()
    read = {"csv": pd.read_csv, "parquet": pd.read_parquet}[form]
    assert len(read(waiting.value.path())) == 91


def test_copy_link_gives_the_address_of_what_is_seen(opened, context):
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = opened(PERIOD)
    page.get_by_role("button", name="Share").click()
    page.get_by_role("button", name="Copy link").click()
    page.get_by_role("button", name="Copied").wait_for()
    assert "from=2019-10-01" in page.evaluate("navigator.clipboard.readText()")


def test_the_table_shows_the_numbers_of_the_chart(opened):
    page = opened(PERIOD)
    page.locator(".st-key-panel_coverage").get_by_text("Table").click()
    settle(page)
    page.locator(".st-key-panel_coverage [data-testid=stDataFrame]").wait_for()
