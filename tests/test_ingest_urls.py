from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import urls
from ingest.urls import article_id, canonical, is_aggregator


@pytest.mark.parametrize(
    ("given_address", "kept"),
    [
        ("HTTPS://Daily.Example:443/a?utm_source=x&b=2&a=1&fbclid=3#top", "https://daily.example/a?a=1&b=2"),
        ("https://m.daily.example/a", "https://www.daily.example/a"),
        ("https://www.daily.example/a/amp/", "https://www.daily.example/a"),
        ("https://www.daily.example/a.amp.html", "https://www.daily.example/a.html"),
        ("https://daily.example/a?outputType=amp&id=3", "https://daily.example/a?id=3"),
        ("https://www-daily-example.cdn.ampproject.org/c/s/www.daily.example/a", "https://www.daily.example/a"),
        ("https://www.bing.com/news/apiclick.aspx?aid=&url=https%3a%2f%2fdaily.example%2fa", "https://daily.example/a"),
        ("https://web.archive.org/web/20191025id_/https://daily.example/a", "https://daily.example/a"),
        ("https://user:secret@daily.example/a", "https://daily.example/a"),
        ("https://daily.example/?p=123", "https://daily.example/?p=123"),
        (" https://daily.exam\u202eple/a\n", "https://daily.example/a"),
    ],
)
def test_one_article_has_one_address(given_address, kept):
    assert canonical(given_address) == kept


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "java\tscript:x", "data:text/html,x", "https://[::1/", "", None]
)
def test_what_is_no_web_address_is_none(link):
    assert canonical(link) is None


def test_an_address_longer_than_browsers_take_is_none():
    assert canonical("https://daily.example/" + "a" * 5000) is None


def test_scheme_www_and_closing_slash_make_no_other_article():
    twins = ["https://daily.example/a", "http://daily.example/a", "https://www.daily.example/a/"]
    assert len({article_id(url) for url in twins}) == 1
    assert article_id("https://daily.example/b") != article_id(twins[0])


def test_google_news_links_are_kept_and_recognised():
    link = "https://news.google.com/rss/articles/CBMiQ?oc=5"
    assert canonical(link) == link
    assert is_aggregator(link)
    assert not is_aggregator("https://daily.example/a")


@given(st.text(max_size=80).map("https://daily.example/".__add__) | st.text(max_size=60))
def test_a_canonical_address_is_its_own_canonical_address(text):
    kept = canonical(text, "https://daily.example/feed")
    assert kept is None or kept.startswith(("http://", "https://"))
    assert kept is None or canonical(kept) == kept


PIECES = ["a", "b-1", "index.html", "amp", "a.amp", "c", "2019", "~x", "_", ".", "..", "A"]
QUERIES = st.lists(
    st.sampled_from(["b=2", "a=1", "utm_source=rss", "mod=x", "amp=1", "output=amp", "p=", "a-b=3", "q"])
)
ADDRESSES = st.builds(
    lambda scheme, host, path, query: f"{scheme}://{host}/{'/'.join(path)}?{'&'.join(query)}".removesuffix("?"),
    st.sampled_from(["http", "https"]),
    st.sampled_from(
        ["x.example", "www.x.example", "m.x.example", "amp-x.example", "www.xn--p1ai.com", "x", "www.google.com"]
    ),
    st.lists(st.sampled_from(PIECES), max_size=4),
    QUERIES,
)


@settings(max_examples=300)
@given(ADDRESSES)
def test_an_address_of_the_usual_kind_becomes_what_any_other_would(address):
    with patch.object(urls, "_of_plain", return_value=None):
        expected = canonical(address)
    assert canonical(address) == expected
