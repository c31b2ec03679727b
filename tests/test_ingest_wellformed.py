"""Reading well-formed documents without feedparser: never another result than feedparser's."""

from unittest.mock import patch
from xml.sax.saxutils import escape, quoteattr

import feedparser.html
import pytest
from feedparser.mixin import _FeedParserMixin as FeedparserHandlers
from feedparser.sanitizer import _HTMLSanitizer
from hypothesis import given
from hypothesis import strategies as st

from ingest import elements, parse, wellformed
from ingest.errors import NotAFeedError

HARMLESS = set(
    "author category cc_license cloud comments contributor creativecommons_license dc_author dc_contributor "
    "dc_creator dc_publisher dc_subject dcterms_valid email enclosure expirationdate generator georss_box "
    "georss_line georss_point georss_polygon georss_where georssgeom gml_exterior gml_linearring gml_linestring "
    "gml_point gml_polygon gml_pos gml_poslist height homepage itunes_author itunes_category itunes_email "
    "itunes_image itunes_link itunes_name itunes_owner keywords managingeditor media_category media_content "
    "media_credit media_group media_license media_player media_rating media_restriction media_thumbnail name "
    "newlocation psc_chapter psc_chapters uri url webmaster where width".split()
)
"""Elements that feedparser handles and that change nothing which is read here: looked at one by one."""


def both_ways(document: bytes) -> tuple:
    """What is read of a document as it is done, and what by feedparser alone."""
    with patch.object(wellformed, "read", return_value=None):
        by_feedparser = read(document)
    return read(document), by_feedparser


def read(document: bytes):
    try:
        return parse.read(document)
    except NotAFeedError as error:
        return str(error)


def test_every_element_that_feedparser_handles_has_been_judged():
    handled = {name[7:].lower() for name in dir(FeedparserHandlers) if name.startswith("_start_")}
    followed, doubtful = set(wellformed.HANDLERS), wellformed.DOUBTFUL | wellformed.OF_TEXT
    assert not HARMLESS & (followed | doubtful)
    assert handled <= followed | doubtful | HARMLESS


def test_feedparsers_tables_are_kept():
    theirs = {uri.lower(): prefix for uri, prefix in FeedparserHandlers.namespaces.items()}
    assert {uri: theirs[uri] for uri in elements.NAMESPACES} == elements.NAMESPACES
    missing = {prefix for uri, prefix in theirs.items() if uri not in elements.NAMESPACES}
    assert not missing & (elements.OWN_PREFIXES | {""})
    assert feedparser.html._cp1252 == elements.WINDOWS
    assert _HTMLSanitizer.acceptable_elements >= elements.COMMON_TAGS


TEXTS = st.sampled_from(
    ["", " ", "Chain", "Coin & chain", "a <b>pilot</b>", "a </b>", "AT&amp;T", "a &unheard; b", "<i>x</i> & y",
     "区块链", "Ã©", "caf\xe9", "a\x92s", "http:////x.example/a", "https://x.example/a?b=1&c=2", "/relative", "#part",
     "https://x.example/a?x&amp;y;", "2019-10-25T08:00:00Z", "Fri, 25 Oct 2019 08:00:00 +0800", "en_US", "60", "x\n y"]
)  # fmt: skip
NAMES = st.sampled_from(
    "title title title dc:title media:title description description dc:description media:description summary "
    "itunes:summary content content:encoded link link atom:link guid id pubDate published updated dc:date modified "
    "created dcterms:issued source image author name category language ttl feedburner:origLink subtitle enclosure "
    "itunes:image itunes:author thr:title slash:comments url rdf:Seq".split()
)
CONTAINERS = st.sampled_from("author media:group media:content media:content thr:in category x:y image title".split())
PAIRS = st.sampled_from(
    [("type", "html"), ("type", "text"), ("type", "text/html"), ("href", "https://x.example/b"), ("href", "/c"),
     ("url", "https://x.example/d"), ("url", ""), ("rel", "Alternate"), ("rel", "self"), ("isPermaLink", "false"),
     ("isPermaLink", "true"), ("xml:lang", "zh_CN"), ("lang", ""), ("xml:base", "https://base.example/x/"),
     ("rdf:about", "https://x.example/e"), ("domain", "news"), ("thr:count", "3")]
)  # fmt: skip
ATTRIBUTES = st.just({}) | st.lists(PAIRS, max_size=2).map(dict)
LEAVES = st.builds(lambda text, more: escape(text) + more, TEXTS, st.sampled_from(["", "", "<!-- x -->y", "<?z?>"]))
DIV = '<div xmlns="http://www.w3.org/1999/xhtml" title="a &lt; b">Hi <b REL="X">you &amp; me</b> <br/></div>'
INLINE = st.builds(
    lambda name, *parts: element(name, {"type": "xhtml"}, "".join(parts)),
    st.sampled_from(["content", "summary", "title", "description"]),
    st.sampled_from(["", " ", "x"]), st.sampled_from([DIV, "", DIV + DIV]), st.sampled_from(["", "\n", "&lt;"]),
)  # fmt: skip
ELEMENTS = st.recursive(
    st.builds(lambda *parts: element(*parts), NAMES, ATTRIBUTES, LEAVES) | INLINE,
    lambda inner: st.builds(
        lambda name, attributes, children: element(name, attributes, "".join(children)),
        CONTAINERS, ATTRIBUTES, st.lists(inner, max_size=3),
    ),
    max_leaves=3,
)  # fmt: skip
DECLARED = " ".join(
    f'xmlns:{prefix}="{uri}"'
    for prefix, uri in {
        "atom": "http://www.w3.org/2005/Atom",
        "content": "http://purl.org/rss/1.0/modules/content/",
        "dc": "http://purl.org/dc/elements/1.1",  # without its slash, as often
        "dcterms": "http://purl.org/dc/terms/",
        "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
        "itunes": "http://www.itunes.com/DTDs/Podcast-1.0.dtd",
        "media": "http://search.yahoo.com/mrss/",
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "slash": "http://purl.org/rss/1.0/modules/slash/",
        "x": "urn:x",
        "thr": "http://purl.org/syndication/thread/1.0",
    }.items()
)
ROOTS = [
    f'<rss version="2.0" {DECLARED}><channel>%s</channel></rss>',
    f'<feed xml:lang="en" xmlns="http://www.w3.org/2005/Atom" {DECLARED}>%s</feed>',
    f'<feed xmlns="http://www.w3.org/2005/Atom" {DECLARED}>%s</feed>',
    f'<rdf:RDF xmlns="http://purl.org/rss/1.0/" {DECLARED}><channel/>%s</rdf:RDF>'.replace("2005/Atom", "2005/x"),
]


def element(name: str, attributes: dict[str, str], inside: str) -> str:
    opened = " ".join([name, *(f"{key}={quoteattr(value)}" for key, value in attributes.items())])
    return f"<{opened}>{inside}</{name}>"


@given(st.sampled_from(ROOTS), st.lists(ELEMENTS, max_size=2), st.lists(st.lists(ELEMENTS, max_size=6), max_size=2))
def test_a_document_reads_as_feedparser_reads_it_whatever_is_in_it(root, above, entries):
    kind = "entry" if "<feed" in root else "item"
    inside = "".join(element(kind, {}, "".join(parts)) for parts in entries)
    document = root % ("".join(above) + inside)
    here, there = both_ways(document.encode())
    assert here == there


@pytest.mark.parametrize(
    ("above", "inside"),
    [
        ("", "<description>Chain</description><content:encoded>Coin</content:encoded>"),
        ("", "<content:encoded>Coin</content:encoded><description>Chain</description><itunes:summary/>"),
        ("", "<description>Chain</description><content:encoded>Coin</content:encoded><description/>"),
        ("<itunes:summary>Chain</itunes:summary><content:encoded>Coin</content:encoded>", "<title>Pilot</title>"),
    ],
)
def test_a_content_is_passed_over_only_where_another_text_counts(above, inside):
    here, there = both_ways((ROOTS[0] % f"{above}<item>{inside}</item>").encode())
    assert here == there


def test_a_document_type_without_entities_is_no_reason_to_leave_a_document_to_feedparser():
    doctype = b'<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "https://my.example/rss-0.91.dtd">'
    item = b"<item><title>Chain</title><link>https://x.example/a</link></item>"
    document = b'<?xml version="1.0"?>' + doctype + b'<rss version="0.91"><channel>' + item + b"</channel></rss>"
    quick, by_feedparser = both_ways(document)
    assert quick == by_feedparser
    with patch.object(parse, "_feedparser_result", side_effect=AssertionError):
        assert len(read(document).entries) == 1
