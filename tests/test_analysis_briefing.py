import re
from datetime import date
from html import escape
from html.parser import HTMLParser

import pytest

from analysis.__main__ import COMMANDS
from analysis.briefing import LANGUAGES, briefing, frequency
from analysis.knowledge import load
from analysis.provenance import provenance
from analysis.selection import Selection
from ingest.commands import dispatch
from tests.stores import filled_store

HOSTILE = "<script>alert(1)</script> & “引号”"
CORPUS = [
    *({"day": "2021-05-03", "score": s / 10, "targets": {"crypto": -s / 10}, "title": HOSTILE} for s in range(8)),
    *({"day": "2021-04-03", "score": 0.1, "targets": {"crypto": 0.1}} for _ in range(6)),
    {"day": "2021-05-20", "score": -0.5},
]
MAY = Selection(start=date(2021, 5, 1), end=date(2021, 5, 31))


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return filled_store(tmp_path_factory.mktemp("briefing") / "s.duckdb", CORPUS)


@pytest.fixture(scope="module")
def text(store):
    return page(store)


def page(store, selection=MAY, language="en"):
    return briefing(store, selection, provenance(store, "briefing", selection), language)


class Tags(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags, self.addresses = set(), set()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.addresses |= {value for name, value in attrs if name in ("src", "href")}


def test_the_report_holds_charts_articles_events_and_provenance(store, text):
    assert text.count("<svg") == 2
    assert "9 relevant articles in 9 stories" in text
    assert "Cryptocurrency" in text
    assert "2021-05-18" in text  # a listed event of May
    assert store.data_version() in text


def test_feed_text_is_escaped_and_nothing_is_loaded(text):
    found = Tags(text)
    assert not found.tags & {"script", "img", "iframe", "link"}
    assert all(address.startswith("https://daily.example/") for address in found.addresses)
    assert "&lt;script&gt;" in text


def test_the_report_is_written_in_chinese_throughout(store):
    text = page(store, language="zh")
    assert '<html lang="zh">' in text
    assert "9 则报道共 9 篇相关文章" in text
    assert "加密货币/比特币" in text
    shown = text[text.index("<body>") : text.index('<p class="small">{')]
    said = re.sub("<[^>]+>", " ", shown.replace(escape(HOSTILE), " "))
    assert not re.findall("(?i)articles|tone|before|event|group|story", said)


@pytest.mark.parametrize("key", load("briefing")["en"])
def test_a_text_fills_the_same_blanks_in_both_languages(key):
    en, zh = (load("briefing")[language][key] for language in LANGUAGES)
    assert set(re.findall(r"{(\w+)", str(en))) == set(re.findall(r"{(\w+)", str(zh)))


def test_an_empty_period_says_so(store):
    assert "No relevant article" in page(store, Selection(start=date(2019, 1, 1), end=date(2019, 1, 31)))


def test_long_periods_get_longer_buckets():
    assert [frequency(date(2021, 1, 1), end) for end in (date(2021, 2, 1), date(2021, 9, 1), date(2024, 1, 1))] == [
        "day",
        "week",
        "month",
    ]


def test_a_period_may_begin_and_end_with_the_calendar(store):
    assert "<svg" in page(store, Selection(date.min, date.max))


def test_the_command_writes_the_same_report_or_says_why_not(store, text, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("LIANWATCH_STORE", str(store.path))
    period = ["briefing", "--from", "2021-05-01", "--to", "2021-05-31", "-o"]
    assert dispatch("analysis", COMMANDS, [*period, str(tmp_path / "may.html")]) == 0
    assert (tmp_path / "may.html").read_text(encoding="utf-8") == text
    assert dispatch("analysis", COMMANDS, [*period, str(tmp_path / "no" / "may.html")]) == 2
    assert capsys.readouterr().err.count("\n") == 2
