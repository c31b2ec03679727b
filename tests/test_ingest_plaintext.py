from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import plaintext
from ingest.plaintext import first_words, plain


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<b>Bit</b>coin &amp; <i>chain</i>", "Bitcoin & chain"),
        ("<p>One</p><p>Two</p>line<br/>three", "One Two line three"),
        ("Before<script>alert('x < y')</script>after", "Before after"),
        ("Before<style>p {}</style><!-- > -->after", "Before after"),
        ("Before<script>never closed", "Before"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;Chain", "Chain"),
        ("&amp;amp; stays written out", "&amp; stays written out"),
        ("3 < 4 & <3", "3 < 4 & <3"),
        ('<a href="javascript:x" onclick="y">link</a>', "link"),
        ("a\u202eb\u200bc\x00d\ud800e\u00a0f\nг", "abcde f г"),
    ],
)
def test_markup_becomes_the_text_a_reader_sees(markup, text):
    assert plain(markup, 100) == text


def test_text_declared_plain_keeps_its_signs_but_not_tags_left_in_by_mistake():
    assert plain("The <blink> tag & <T>", 100, is_html=False) == "The <blink> tag & <T>"
    assert plain("<p>Chain</p>", 100, is_html=False) == "Chain"


def test_text_is_cut_at_a_word_and_says_so():
    assert plain("word " * 100, 23) == "word word word word…"


def test_a_title_is_made_of_the_first_sentence():
    assert first_words("央行发布公告。其余内容。", 50) == "央行发布公告。"
    assert first_words("Chain 2.0 is here. More follows.", 50) == "Chain 2.0 is here."


@given(st.text(max_size=400))
def test_any_text_becomes_one_bounded_line_and_only_once(text):
    found = plain(text, 50)
    assert len(found) <= 50
    assert found == " ".join(found.split())
    found.encode("utf-8")


MARKUP = st.sampled_from(
    [
        "<p>",
        "</p>",
        "<b>bold</b>",
        "word ",
        "&amp;",
        "&lt;b&gt;",
        "&am",
        "<script>",
        "</script>",
        "<!--",
        "-->",
        "<",
        " ",
        "链",
    ]
)


@given(st.lists(MARKUP | st.text(max_size=3), min_size=20, max_size=80).map("".join), st.booleans())
def test_the_start_of_a_long_text_is_the_same_whatever_follows(text, is_html):
    with patch.object(plaintext, "USUAL_MARKUP_A_CHARACTER", 10**6):
        expected = plain(text, 50, is_html)
    assert plain(text, 50, is_html) == expected
