import contextlib
import gzip
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import NotAFeedError
from ingest.model import Feed
from ingest.parse import MAX_DOCUMENT_BYTES, parse

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


def test_each_format_gives_its_articles():
    link = "https://daily.example/a"
    atom = f'<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>Chain</title><link href="{link}"/></entry></feed>'
    rdf = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
        f'<channel/><item rdf:about="{link}"><title>Chain</title><link>{link}</link></item></rdf:RDF>'
    )
    cdf = f'<CHANNEL><ITEM HREF="{link}"><TITLE>Chain</TITLE></ITEM></CHANNEL>'
    json_feed = '{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "title": "Chain", "url": "%s"}]}'
    for document in (rss(item("Chain")), atom.encode(), rdf.encode(), cdf.encode(), (json_feed % link).encode()):
        article = only(document)
        assert (article.title, article.url) == ("Chain", link)


def test_gzip_bytes_stored_as_xml_are_unpacked():
    assert only(gzip.compress(rss(item()))).title == "Chain pilot"


def test_malformed_xml_still_gives_its_articles():
    document = rss(item("Chain & coin") + item("Second", link="https://daily.example/b"))[:-30]
    assert [article.title for article in parse(document, FEED, now=NOW).articles] == ["Chain & coin", "Second"]


def test_a_character_reference_that_makes_feedparser_raise_costs_only_itself():
    document = rss(item("Chain &#99999999999; pilot") + "<broken>")
    assert "pilot" in only(document).title


def test_an_entry_without_title_takes_the_first_words_of_its_summary():
    assert only(rss(item("", description="The bank spoke. More."))).title == "The bank spoke."


def test_entries_that_share_an_address_but_not_a_title_stay_apart():
    parsed = parse(rss(item("One") + item("Two") + item("Two")), FEED, now=NOW)
    assert len({article.id for article in parsed.articles}) == 2


def test_a_repeated_guid_without_link_does_not_merge_entries():
    items = "<item><title>One</title><guid>x</guid></item><item><title>Two</title><guid>x</guid></item>"
    assert len({article.id for article in parse(rss(items), FEED, now=NOW).articles}) == 2


def test_a_link_to_the_front_page_identifies_no_article():
    front = "https://daily.example/"
    first, second = (only(rss(item(title, link=front))) for title in ("One", "Two"))
    assert first.id != second.id


def test_what_the_document_says_fills_what_the_feed_leaves_open():
    feed = Feed("saved/page.xml", "page", None, "other", "", "")
    document = rss(item(pubDate="2019-10-25 18:30"), "<link>https://www.caixin.com/</link><language>zh-cn</language>")
    article = only(document.replace(b"daily.example", b"china.caixin.com"), feed)
    assert (article.outlet, article.language) == ("Caixin", "zh")
    assert article.published == datetime(2019, 10, 25, 10, 30, tzinfo=UTC)


def test_the_interval_a_feed_asks_for_is_read():
    assert parse(rss(item(), "<ttl>45</ttl>"), FEED, now=NOW).ttl_minutes == 45
    namespace = 'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'
    period = (
        f"<sy:updatePeriod {namespace}>daily</sy:updatePeriod><sy:updateFrequency {namespace}>4</sy:updateFrequency>"
    )
    assert parse(rss(item(), period), FEED, now=NOW).ttl_minutes == 360


def test_bing_and_google_news_links_are_told_apart():
    bing = "http://www.bing.com/news/apiclick.aspx?aid=&amp;url=https%3a%2f%2fwww.reuters.com%2fa"
    assert only(rss(item(link=bing)), SEARCH).url == "https://www.reuters.com/a"
    assert only(rss(item(link=bing)), SEARCH).outlet == "Reuters"
    google = only(rss(item("Chain pilot - 财新网", link="https://news.google.com/rss/articles/CBM?oc=5")), SEARCH)
    assert (google.title, google.outlet) == ("Chain pilot", "Caixin")


BOMB = "<!DOCTYPE b [<!ENTITY a0 'ha'>" + "".join(
    f"<!ENTITY a{n + 1} '{f'&a{n};' * 10}'>" for n in range(9)
) + "]>"  # fmt: skip


@pytest.mark.parametrize(
    "doctype",
    [
        BOMB,
        BOMB.replace(">", ">\n"),
        BOMB.replace("'ha'", '"<a>"'),
        '<!DOCTYPE b [<!ENTITY a9 SYSTEM "file:///etc/passwd">]>',
    ],
    ids=["one line", "lines", "with markup", "external"],
)
def test_entities_are_neither_expanded_nor_fetched(doctype):
    document = doctype.encode() + rss(item("Chain &a9; pilot"))
    title = only(document).title
    assert title.startswith("Chain")
    assert len(title) < 50
    assert "root:" not in title


def test_an_entity_that_stands_for_plain_text_is_read():
    assert only(b'<!DOCTYPE rss [<!ENTITY coin "digital yuan">]>' + rss(item("The &coin;"))).title == "The digital yuan"


def test_a_decompression_bomb_is_refused():
    with pytest.raises(NotAFeedError, match="larger than"):
        parse(gzip.compress(b"<rss>" + b" " * (MAX_DOCUMENT_BYTES + 1)), FEED, now=NOW)


def test_a_title_of_a_megabyte_is_cut():
    assert len(only(rss(item("<![CDATA[" + "chain <b" * 130_000 + "]]>"))).title) <= 500


def test_a_title_loses_script_control_and_direction_characters():
    title = "&lt;script&gt;alert(1)&lt;/script&gt;Chain\u202e\u0007 &lt;img src=x onerror=alert(1)&gt;pilot"
    assert only(rss(item(title))).title == "Chain pilot"


FRAGMENTS = st.sampled_from(
    ["<rss>", "<channel>", "<item>", "<title>", "</title>", "</item>", "<link>", "https://x.example/a", "<![CDATA[",
     "]]>", "&#x110000;", "&amp;", "<feed xmlns='http://www.w3.org/2005/Atom'>", "<entry>", "<!DOCTYPE", "<guid>",
     "<?xml encoding='gb2312'?>", "<pubDate>", "2024年1月2日", "\x00", "{", '{"items": [', "]}", '{"title": 1}',
     "<div>", "<summary type='xhtml'>", "区块链", "<source url='//'>", "http://[", "xml:base='//['"]
)  # fmt: skip


@given(
    st.binary(max_size=200) | st.lists(FRAGMENTS | st.text(max_size=5), max_size=25).map(lambda f: "".join(f).encode())
)
def test_any_bytes_end_in_articles_or_one_clear_error(body):
    with contextlib.suppress(NotAFeedError):
        parsed = parse(body, FEED, now=NOW)
        assert len(parsed.articles) + len(parsed.problems) == parsed.entries
