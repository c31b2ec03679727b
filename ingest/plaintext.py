"""Plain text out of what feeds call text: markup, entities, control characters, any length.

Everything here runs in time linear in its input, whatever the input.
"""

import html
import re

MAX_TITLE_LENGTH = 500
"""Characters of a title kept; the longest real headline seen has 310."""

MAX_SUMMARY_LENGTH = 1000
"""Characters of a summary kept: the lead of an article, not its body."""

MARKUP_A_CHARACTER = 20
"""Markup read for each character kept: what comes later in an entry cannot reach the kept text."""

USUAL_MARKUP_A_CHARACTER = 3
LONGEST_REFERENCE = 40
"""Characters of the longest reference that may be cut in two (`&CounterClockwiseContourIntegral;` has 33)."""

_HIDDEN = re.compile(r"<(script|style|template|noscript)\b.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)", re.S | re.I)
_INLINE = re.compile(
    # The letters before the names spare most other tags the comparison with each of them.
    r"</?(?=[a-fimstuwA-FIMSTUW])"
    r"(?i:a|abbr|b|big|cite|code|del|em|font|i|ins|mark|s|small|span|strike|strong|sub|sup|tt|u|wbr)\b[^>]*+>?"
)
_TAG = re.compile(r"<(?:/?[a-zA-Z]|!(?:[a-zA-Z\[-]|\Z)|\?)[^>]*(?:>|\Z)")
_KNOWN_TAG = re.compile(
    r"</?(?:a|article|b|blockquote|br|div|em|figure|font|h[1-6]|hr|i|iframe|img|li|object|ol|p|script|section|small"
    r"|span|strong|style|sub|sup|svg|table|td|tr|u|ul|video)\b[^>]*>",
    re.I,
)
_UNSEEN = re.compile(
    "[\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069"
    "\ud800-\udfff\ufe00-\ufe0f\ufeff\ufff9-\uffff\U000e0000-\U000e01ef]"
)
"""Control, direction-override, invisible and unpaired surrogate characters."""


def plain(text: str, limit: int, is_html: bool = True) -> str:
    """The visible text of `text`, on one line, at most `limit` characters long.

    Tags and what scripts and styles contain are removed and entities are decoded once. `is_html=False` is text that
    was declared plain: a `<` in it is kept unless it opens a tag that feeds are known to leave in.
    """
    if not text:
        return ""
    start = limit * USUAL_MARKUP_A_CHARACTER
    if len(text) > start:
        visible = _visible(text[:start], is_html)
        if len(visible) > limit + LONGEST_REFERENCE and "<" not in visible:  # what follows cannot change its beginning
            return _cut(visible, limit)
    return _cut(_visible(text[: limit * MARKUP_A_CHARACTER], is_html), limit)


def _visible(text: str, is_html: bool) -> str:
    if "<" in text and (is_html or _KNOWN_TAG.search(text)):
        text = strip_tags(text)
    if "&" in text:
        text = html.unescape(text)
        if _KNOWN_TAG.search(text):  # encoded twice by the feed
            text = strip_tags(text)
    if not (text.isascii() and text.isprintable()):
        text = _UNSEEN.sub("", text)
    return " ".join(text.split())


def strip_tags(text: str) -> str:
    """Remove markup; a tag that separates blocks leaves a space, one inside a line leaves nothing."""
    return _TAG.sub(" ", _INLINE.sub("", _HIDDEN.sub(" ", text)))


def first_words(text: str, limit: int) -> str:
    """The start of `text` as a stand-in for a title: its first sentence, or as many words as fit."""
    sentence = re.match(r".+?(?:[。！？]|[.!?](?=\s|$))", text)
    return _cut(sentence.group() if sentence else text, limit)


def _cut(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    space = head.rfind(" ", limit * 3 // 4)
    return (head[:space] if space > 0 else head).rstrip() + "…"
