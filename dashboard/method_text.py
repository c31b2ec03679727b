"""How a figure is made, beside the figure: its parts of docs/method.md, or of the Chinese edition.

A part is what follows a comment with its name (`<!-- bands -->`) up to the next one or the next heading.
"""

import re
from functools import cache
from pathlib import Path

import streamlit as st

from dashboard.words import Words

_DOCS = Path(__file__).parents[1] / "docs"
_FILES = {"en": "method.md", "zh": "method.zh.md"}
_COMMENT = re.compile(r"<!-- .*? -->\n", re.DOTALL)
_PART = re.compile(r"<!-- (\w+) -->\n(.*?)(?=\n<!-- |\n## |\Z)", re.DOTALL)
_BREAK = re.compile(r"(?<![\n|>])\n *(?![\n |#<-])")
_TONE = ("targets", "tone", "bands")

PARTS: dict[str, tuple[str, ...]] = {
    "coverage": ("relevance", "one_article"),
    "collection": ("one_article", "share"),
    "share": ("share",),
    "about": ("themes",),
    "target_tone": _TONE,
    "sentiment": ("tone", "bands"),
    "sentiment_by_target": _TONE,
    "sentiment_by_group": (*_TONE, "own_past"),
    "sentiment_by_language": ("tone", "bands"),
    "tone_grid": (*_TONE, "own_past"),
    "own_past": ("own_past", "bands"),
    "topics": ("topics", "topic_words"),
    "topic_counts": ("topics", "topic_number"),
    "theme_map": ("themes",),
    "themes": ("themes",),
    "theme_tone": ("themes", "tone", "bands"),
    "outlets": ("outlets", "relevance"),
    "groups": ("share",),
    "copies": ("copies", "stories"),
    "study": ("study", "placebo", "study_limits"),
    "moves": ("moves", "anomalies"),
    "turning": ("changes",),
    "firsts": ("stories",),
    "emerging": ("bursts",),
}
"""Key of a chart, or of a list of figures → the parts that say how it is made."""


@st.fragment
def button(words: Words, key: str) -> None:
    """A button that opens the method of `key`, a key of PARTS; the text is sent when it is opened."""
    popover = st.popover(words("panel.method"), icon=":material/function:", key=f"how_{key}", on_change="rerun",
                         type="tertiary")  # fmt: skip
    if popover.open:
        # The link comes with the text, too, so that a long one can be scrolled from the keyboard.
        popover.markdown(f"{text(key, words.language)}\n\n[{words('panel.method_whole')}](method)")


def text(key: str, language: str) -> str:
    """The method of a key of PARTS as Markdown."""
    return "\n\n".join(parts(language)[name] for name in PARTS[key])


def whole(language: str) -> str:
    """All of the method as Markdown below a heading of the page: its sections, without comments."""
    _, heading, sections = _COMMENT.sub("", _read(language)).partition("\n## ")
    return (heading + sections).replace("\n## ", "\n### ")


@cache
def parts(language: str) -> dict[str, str]:
    """Name → text of each part."""
    return {name: body.strip() for name, body in _PART.findall(_read(language))}


@cache
def _read(language: str) -> str:
    content = (_DOCS / _FILES[language]).read_text(encoding="utf-8")
    # A line break in a Chinese paragraph would be shown as a space.
    return _BREAK.sub("", content) if language == "zh" else content
