import csv
import tomllib
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest.model import GROUPS, Feed
from ingest.outlets import by_name, by_url
from ingest.parse import parse
from ingest.urls import host

INGEST = Path(__file__).parent.parent / "ingest"
SAMPLE = INGEST / "sample"
LISTED = tomllib.loads((SAMPLE / "feeds.toml").read_text(encoding="utf-8"))["feed"]
NOW = datetime(2026, 11, 24, tzinfo=UTC)


def read(entry: dict):
    feed = Feed(
        f"sample:{entry['file']}", entry["name"], entry["outlet"], entry["group"], entry["language"], entry["timezone"]
    )
    return parse((SAMPLE / entry["file"]).read_bytes(), feed, now=NOW)


@pytest.fixture(scope="module")
def articles():
    return [article for entry in LISTED for article in read(entry).articles]


def test_every_file_is_listed_once():
    assert sorted(entry["file"] for entry in LISTED) == sorted(path.name for path in SAMPLE.glob("*.xml"))


@pytest.mark.parametrize("entry", LISTED, ids=lambda entry: entry["file"])
def test_every_entry_of_a_file_becomes_an_article(entry):
    document = (SAMPLE / entry["file"]).read_text(encoding="utf-8")
    found = read(entry)
    assert len(found.articles) == found.entries == document.count("<item>") >= 10
    assert not found.problems
    assert entry["group"] in GROUPS


def test_about_three_hundred_articles_have_identities_of_their_own(articles):
    assert 300 <= len({article.id for article in articles}) == len(articles) <= 350


def test_every_link_leads_to_an_address_that_cannot_exist(articles):
    assert all(host(article.url).endswith(".example") for article in articles if article.url)


def test_no_sample_outlet_is_a_real_one():
    subscribed = tomllib.loads((INGEST / "feeds.toml").read_text(encoding="utf-8"))["feed"]
    real = {feed["outlet"] for feed in subscribed if "outlet" in feed}
    with (INGEST / "outlets.csv").open(encoding="utf-8") as file:
        real |= {row["outlet"] for row in csv.DictReader(file)}
    for entry in LISTED:
        assert entry["outlet"] not in real
        assert not by_name(entry["outlet"])


def test_no_sample_article_is_taken_for_a_real_outlets(articles):
    assert not [article.url for article in articles if by_url(article.url)]


def test_the_awkward_items_are_there(articles):
    assert Counter(a.published_quality for a in articles if a.published_quality != "exact") == {
        "missing": 2,
        "date_only": 1,
    }
    assert sum(article.url is None for article in articles) == 1


def test_no_article_is_dated_in_the_future(articles):
    assert all(article.published < NOW for article in articles if article.published)


def test_every_quarter_of_the_ten_years_has_articles(articles):
    quarters = {(a.published.year, (a.published.month - 1) // 3) for a in articles if a.published}
    assert quarters == {(year, quarter) for year in range(2017, 2027) for quarter in range(4)}


def test_a_default_recent_view_is_not_empty(articles):
    assert sum(a.published >= datetime(2025, 12, 1, tzinfo=UTC) for a in articles if a.published) >= 70


def test_a_wire_text_is_carried_by_several_outlets(articles):
    carriers = Counter(article.title for article in articles)
    assert max(carriers.values()) == 3
    assert sum(count > 1 for count in carriers.values()) >= 5
