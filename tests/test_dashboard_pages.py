"""Every page, run as Streamlit runs it, on small stores."""

import os
from datetime import date

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from dashboard import ahead, data, summary
from dashboard.frame import VIEWS
from dashboard.stories import theme_evidence
from dashboard.words import Words
from ingest.store import open_store
from tests.dashboard_corpus import GROUPS, corpus
from tests.pages import APP
from tests.stores import filled_store


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    return filled_store(tmp_path_factory.mktemp("pages") / "filled.duckdb", corpus(), GROUPS)


@pytest.fixture
def open_page(monkeypatch, filled, app_page):
    def open_(view="overview", store=filled, **parameters):
        monkeypatch.setenv("LIANWATCH_STORE", str(store.path))
        return app_page(view, **parameters)

    return open_


def with_filters_open(page):
    page.session_state["filters"] = True
    return page.run()


def text_of(page):
    kinds = ("title", "subheader", "markdown", "caption", "info", "warning")
    return "\n".join(element.value for kind in kinds for element in getattr(page, kind))


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("view", VIEWS)
def test_every_page_opens_in_both_languages(open_page, view, language):
    page = open_page(view, ui=language)
    assert page.title[0].value == Words(language)("overview.title" if view == "overview" else f"page.{view}")


def test_the_front_page_sums_the_selection_up_in_words(open_page):
    text = text_of(open_page())
    assert "**91 articles**" in text
    assert "75.2%" in text
    assert "Blockchain technology" in text


def test_a_tone_whose_interval_holds_zero_is_called_about_neutral():
    row = pd.Series({"key": "mining", "mean": -0.02, "lo": -0.1, "hi": 0.06})
    said = summary.toward(Words("en"), row, "least_positive", "most_negative")
    assert said == "about neutral toward **Mining** (−0.02)"
    assert "most negative" in summary.toward(Words("en"), row.replace(0.06, -0.01), "least_positive", "most_negative")


def test_a_deep_link_narrows_period_and_outlet(open_page):
    page = open_page(**{"from": "2019-10-01", "to": "2019-10-10", "outlet": "链上日报"})
    assert page.session_state["outlet"] == ["链上日报"]
    assert "Filters: Outlets: 链上日报" in text_of(page).replace("\\", "")
    assert "**10 articles**" in text_of(page)


def test_a_damaged_link_opens_on_everything(open_page):
    assert "**91 articles**" in text_of(open_page(outlet="Nobody", period="never", topic="-1", **{"from": "x"}))


def test_an_empty_selection_says_so_and_offers_a_way_out(open_page):
    page = open_page(q="nothingmatches")
    assert "No article matches" in text_of(page)
    page.button(key="nothing_reset").click().run()
    assert "**91 articles**" in text_of(page)


def test_the_address_follows_the_widgets(open_page):
    page = open_page()
    page.selectbox(key="freq").select("day").run()
    with_filters_open(page).multiselect(key="target").select("crypto").run()
    assert {name: page.query_params[name] for name in ("freq", "target")} == {"freq": "day", "target": "crypto"}
    page.button(key="reset").click().run()
    assert "target" not in page.query_params


def test_choosing_dates_and_presets_replace_each_other(open_page):
    page = open_page()
    page.date_input(key="dates").set_value((date(2019, 10, 5), date(2019, 10, 6))).run()
    assert page.selectbox(key="period").value == "custom"
    page.selectbox(key="period").select("7d").run()
    assert page.date_input(key="dates").value == ()
    page.button(key="pin").click().run()
    assert page.date_input(key="dates").value == (date(2019, 10, 24), date(2019, 10, 30))


def test_a_two_character_chinese_search_finds_its_articles(open_page):
    assert "**30 articles**" in text_of(open_page("stories", q="数字"))


NAMED = [
    {"day": "2019-10-25", "entities": ["pboc", "xi_jinping"], "themes": ["mining_energy"]},
    {"day": "2019-10-26", "entities": ["xi_jinping"]},
]


def test_people_and_bodies_are_a_filter_with_counts(open_page, tmp_path):
    store = filled_store(tmp_path / "named.duckdb", NAMED)
    page = with_filters_open(open_page(store=store, ui="zh", entity="pboc"))
    assert page.multiselect(key="entity").options == ["习近平（人物） · 2", "中国人民银行（机构） · 1"]
    assert page.multiselect(key="entity").value == ["pboc"]
    assert "**1 篇**" in text_of(page)


def test_the_notes_of_an_event_study_are_in_the_readers_language(open_page):
    text = text_of(open_page("events", ui="zh", event="2019-10-25"))
    assert "同一时段内" in text
    assert "2019年10月26日：" in text
    assert "In the same window" not in text


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ({"evidence": ["mining ban", "hash"], "probability": 0.9}, r"mining ban, hash"),
        ({"evidence": [], "probability": 0.42}, "read by the model from other words, no cue; probability 42%"),
        ({"evidence": [], "probability": None}, "read by the model from other words, no cue"),
    ],
)
def test_a_theme_says_what_it_was_read_from(found, said):
    assert theme_evidence(Words("en"), found) == said


COPIES = [
    {"id": "first", "day": "2019-10-25", "outlet": "Harbour Daily", "title": "The wire text", "story": "first"},
    {"id": "copy", "day": "2019-10-26", "outlet": "Ridge Post", "title": "The wire text, again", "story": "first"},
]


def test_the_most_copied_story_names_who_had_it_first(open_page, tmp_path):
    text = text_of(open_page("sources", store=filled_store(tmp_path / "copies.duckdb", COPIES)))
    assert "The wire text" in text
    assert "First: Harbour Daily" in text
    assert "2 articles in 2 outlets" in text


TURNED = [
    {"day": f"{year}-{month:02}-{day:02}", "targets": {"crypto": level + wobble}}
    for year, level in ((2018, 0.5), (2019, 0.5), (2020, -0.4), (2021, -0.4))
    for month, wobble in zip(range(1, 13), [0.1, -0.1, 0.05, -0.05] * 3, strict=True)
    for day in range(1, 7)
]


def test_a_lasting_change_of_tone_is_dated_in_words(open_page, tmp_path):
    store = filled_store(tmp_path / "turned.duckdb", TURNED, {"Harbour Daily": "western"})
    text = text_of(open_page("sentiment", store=store, target="crypto", group="western", freq="month"))
    assert "**Western general press**: since Jan 2020" in text


def test_text_of_a_feed_is_never_markdown(open_page):
    text = text_of(open_page("stories"))
    assert r"\<script\>alert\(1\)\<\/script\> \*\*x\*\*" in text
    assert "<script>" not in text


def test_an_empty_store_says_what_to_do(open_page, tmp_path):
    assert "python -m ingest run" in text_of(open_page(store=open_store(str(tmp_path / "empty.duckdb"))))


def test_a_store_that_cannot_be_read_says_so_without_naming_a_file(app_page, monkeypatch, tmp_path):
    broken = tmp_path / "broken.duckdb"
    broken.write_text("no store")
    monkeypatch.setenv("LIANWATCH_STORE", str(broken))
    (said,) = app_page().error
    assert "cannot be read at the moment" in said.value
    assert str(tmp_path) not in said.value


def test_sample_data_carry_a_banner(open_page, tmp_path):
    store = filled_store(tmp_path / "sample.duckdb", [{"day": "2019-10-25", "sample": True}])
    assert "invented" in text_of(open_page(store=store))


def test_without_a_login_nothing_is_shown_where_a_provider_is_configured(monkeypatch, filled):
    monkeypatch.setenv("LIANWATCH_STORE", str(filled.path))
    page = AppTest.from_file(APP, default_timeout=60)
    page.secrets["auth"] = {"redirect_uri": "http://127.0.0.1/oauth2callback", "cookie_secret": "x" * 32}
    page.run()
    assert page.button(key="login").label == "Log in"
    assert not page.multiselect
    assert "articles" not in text_of(page)


def test_what_was_shown_once_is_shown_again_without_opening_the_store(open_page, filled, quick_stores, monkeypatch):
    quick_stores.close()
    os.utime(filled.path, (0, 0))  # a file that was just written is asked again
    open_page()
    opened = []
    monkeypatch.setattr(type(filled), "connect", lambda self, writing: opened.append(writing))
    open_page()
    assert not opened


def test_the_front_page_is_ready_before_its_first_reader(open_page, filled, quick_stores, tmp_path, monkeypatch):
    copy = quick_stores.copied(filled, tmp_path / "copy.duckdb").path
    monkeypatch.setenv("LIANWATCH_STORE", str(copy))
    monkeypatch.setattr(ahead, "_settle", lambda: None)
    ahead.prepare()
    before = set(data._answer.cache)
    open_page(store=open_store(str(copy)))
    new = {question.__name__ for question, _, address, *_ in set(data._answer.cache) - before if address == str(copy)}
    assert new <= {"outlets"}
