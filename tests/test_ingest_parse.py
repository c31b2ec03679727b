from datetime import UTC, datetime

import pytest

from ingest.errors import NotAFeedError
from ingest.model import Feed
from ingest.parse import parse

NOW = datetime(2026, 1, 1, tzinfo=UTC)
FEED = Feed("https://daily.example/feed", "Harbour Daily", "Harbour Daily", "hongkong", "en", "Asia/Shanghai")
SEARCH = Feed("https://news.google.com/rss/search?q=x", "Search", None, "other", "en", "UTC")


def rss(items: str, head: str = "") -> bytes:
    return f'<rss version="2.0"><channel><title>T</title>{head}{items}</channel></rss>'.encode()


def item(title="Chain pilot", link="https://daily.example/a", **more) -> str:
    fields = {"title": title, "link": link, **more}
    return "<item>" + "".join(f"<{name}>{value}</{name}>" for name, value in fields.items()) + "</item>"


def only(document: bytes, feed: Feed = FEED, **options):
    (article,) = parse(document, feed, now=NOW, **options).articles
    return article


def test_an_rss_item_becomes_an_article():
    date = "Fri, 25 Oct 2019 18:00:00 +0800"
    article = only(rss(item(description="&lt;p&gt;A &lt;b&gt;pilot&lt;/b&gt;.&lt;/p&gt;", pubDate=date, guid="g1")))
    assert (article.title, article.summary, article.outlet) == ("Chain pilot", "A pilot.", "Harbour Daily")
    assert article.published == datetime(2019, 10, 25, 10, tzinfo=UTC)
    assert (article.published_offset, article.published_quality, article.guid) == (480, "exact", "g1")


@pytest.mark.parametrize("link", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "ftp://x.example/a"])
def test_only_web_addresses_survive_as_links(link):
    assert only(rss(item(link=link))).url is None


def test_a_relative_link_is_resolved_against_the_address_the_feed_came_from():
    assert only(rss(item(link="/a?b=1")), url="https://new.example/feed").url == "https://new.example/a?b=1"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"<!doctype html><html><body>Not found</body></html>", "not_a_feed"),
        (b"plain words", "not_a_feed"),
        (b'{"error": 1}', "not_a_feed"),
        (b"[1, 2", "parse_error"),
        (b"\x1f\x8b\x08broken", "parse_error"),
    ],
)
def test_what_is_no_feed_is_told_in_one_line_with_its_status(body, status):
    with pytest.raises(NotAFeedError) as caught:
        parse(body, FEED, now=NOW)
    assert caught.value.status == status
    assert "\n" not in str(caught.value)


def test_an_entry_without_text_is_counted_as_dropped():
    parsed = parse(rss(item() + item(title="")), FEED, now=NOW)
    assert (parsed.entries, len(parsed.articles)) == (2, 1)
    assert parsed.problems == ("entry 2: no title and no summary",)


def test_a_search_feeds_entry_names_its_own_outlet_and_loses_the_suffix():
    source = '<source url="https://www.unheard.example">Unheard Times</source>'
    document = rss(f"<item><title>Chain pilot - Unheard Times</title>{source}</item>")
    article = only(document, SEARCH)
    assert (article.title, article.outlet) == ("Chain pilot", "Unheard Times")
