"""What feedparser makes of well-formed RSS, RDF and Atom documents, in a fraction of its time.

expat, which feedparser uses as well, makes a tree; a walk over it follows feedparser's rules for the fields that are
read here. Where a rule is not followed (malformed XML, entities, an image with a title in an entry, a prefix of
another namespace than its own, ...) the document is left to feedparser.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from types import SimpleNamespace
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from ingest import elements
from ingest.elements import HTML, MARKUP, PLAIN, Names, Unsure

MOST_TAGS = 400_000
"""A tree of more takes too much memory (100 bytes a tag); the largest recorded feed has 60,000."""

DOUBTFUL = frozenset(
    "abstract body channel date description_detail feed fullitem links rss summary_detail tags textinput title_detail "
    "xhtml_body".split()
)
"""Elements that change what is read in ways not followed here."""

OF_TEXT = frozenset(
    ["copyright", "dc_rights", "feedburner_browserfriendly", "info", "itunes_subtitle", "rights", "subtitle", "tagline"]
)
"""Elements that change nothing and hold text, markup included."""

_BARE = ("feedburner_origlink", "sy_updatefrequency", "sy_updateperiod", "ttl")
_IN_AN_IMAGE = frozenset("title link description url href width height".split())
_AMPERSAND = re.compile("&([A-Za-z0-9_]+);")


def read(text: str) -> dict | None:
    """The part of `feedparser.parse`'s result that is read here, or None where that is not certain."""
    if "<!DOCTYPE" in text or text.count("<") > MOST_TAGS:
        return None
    whole = SimpleNamespace(read=partial(next, iter([text, ""])))  # in one piece, which is quicker than by 16 KB
    declarations = ElementTree.iterparse(whole, events=["start-ns"])
    try:
        names = Names(declaration for _, declaration in declarations)
        return _Reading(names).of(declarations.root)
    except (ElementTree.ParseError, Unsure, UnicodeError, RecursionError):
        return None


@dataclass
class _Reading:
    """A walk over one document. `context` is what an element speaks of: an entry, or the feed."""

    names: Names
    is_atom: bool = False
    in_feed: bool = True
    in_entry: bool = False
    has_content: bool = False
    passed_over: bool = False
    base: str = ""
    depth: int = 1
    title_depth: int = -1
    depths: dict[str, int] = field(default_factory=dict)
    feed: dict = field(default_factory=dict)
    context: dict = field(default_factory=dict)
    entries: list[dict] = field(default_factory=list)

    def of(self, root: Element) -> dict:
        self.context, name, namespaces = self.feed, self.names[root.tag], self.names.namespaces
        language, self.base = elements.inherited(root, None, "")
        if language and name != "rdf_rdf":
            self.feed["language"] = language.replace("_", "-")
        self.is_atom = root.tag.lower() == f"{{{elements.ATOM}}}feed"
        if self.is_atom and namespaces.isdisjoint((elements.NETSCAPE, elements.RSS_1)):
            self.inside(root, language)
        elif name == "rss" and [self.names[child.tag] for child in root] == ["channel"]:
            self.inside(root, language, {"channel": _channel})
        elif name == "rdf_rdf" and elements.RSS_1 in namespaces and elements.ATOM not in namespaces:
            self.in_feed = False
            self.inside(root, language, {"channel": _channel, "image": _image, "item": _item})
        else:
            raise Unsure("another format")
        return {"feed": self.feed, "entries": self.entries, "version": "atom10" if self.is_atom else "rss"}

    def inside(self, element: Element, language: str | None, only: dict | None = None) -> None:
        """Follow the elements in an element; `only` with these handlers, all other elements being unexpected."""
        base, handlers = self.base, only or HANDLERS
        self.depth += 1
        for child in element:
            own_language = language
            if child.attrib:
                own_language, self.base = elements.inherited(child, language, self.base)
            name = self.names[child.tag]
            if handler := handlers.get(name):
                handler(self, child, own_language)
            elif only or name in DOUBTFUL or (name in OF_TEXT and len(child)):
                raise Unsure("an element that is not followed")
            elif len(child):
                self.inside(child, own_language)
            self.base = base or self.base  # feedparser does not go back to having none
        self.depth -= 1

    def keep(self, key: str, value: str) -> None:
        """Store a value; of several in an entry the last of the least deep ones counts."""
        if self.in_entry:
            if self.depth <= self.depths.setdefault(key, self.depth):
                self.depths[key] = self.depth
                self.context[key] = value
        elif self.in_feed:
            self.feed[key] = value

    def typed(self, element: Element, default: str) -> tuple[str, str]:
        """Text of an element that may hold markup, and its media type."""
        kind = elements.kind_of(element, default)
        if kind == MARKUP:
            return elements.markup_of(element, without_div=self.is_atom), kind
        text = elements.text_of(element)
        return text, HTML if kind == PLAIN and not self.is_atom and elements.looks_like_html(text) else kind


def _channel(reading: _Reading, element: Element, language: str | None) -> None:
    elements.refuse_elements_as_attributes(element)
    reading.in_feed = True
    reading.inside(element, language)
    reading.in_feed = False


def _item(reading: _Reading, element: Element, language: str | None) -> None:
    if reading.in_entry:
        raise Unsure("an entry in an entry")
    elements.refuse_elements_as_attributes(element)
    about = element.get(f"{{{elements.RDF}}}about")
    reading.context = {"id": about} if about else {}
    reading.entries.append(reading.context)
    reading.in_entry, reading.passed_over, reading.title_depth, reading.depths = True, False, -1, {}
    reading.inside(element, language)
    if reading.passed_over and not reading.context.get("summary"):
        raise Unsure("a content that counts after all")
    reading.context = reading.feed
    reading.in_entry = reading.has_content = False


def _title(reading: _Reading, element: Element, language: str | None) -> None:
    if _media_title(reading, element, language):
        reading.title_depth = reading.depth


def _media_title(reading: _Reading, element: Element, language: str | None) -> str:
    text, kind = reading.typed(element, PLAIN)
    if not -1 < reading.title_depth <= reading.depth:
        reading.keep("title", text)
        reading.context["title_detail"] = {"type": kind, "language": language and language.replace("_", "-")}
    return text


def _description(reading: _Reading, element: Element, language: str | None, default: str = HTML) -> None:
    if "summary" in reading.context and not reading.has_content:
        _content(reading, element, language)
        return
    text, kind = reading.typed(element, default)
    key = "summary" if reading.in_entry or default == PLAIN else "subtitle"
    reading.keep(key, text)
    reading.context[f"{key}_detail"] = {"type": kind}


def _content(reading: _Reading, element: Element, language: str | None, default: str = PLAIN) -> None:
    context, reading.has_content = reading.context, True
    if context.get("summary") and not len(element):  # most feeds have both, and the contents are most of their text
        elements.kind_of(element, default)
        reading.passed_over = True
        return
    text, kind = reading.typed(element, default)
    context.setdefault("content", []).append({"type": kind, "value": text})
    context.setdefault("summary", text)


def _link(reading: _Reading, element: Element, language: str | None) -> None:
    attributes, context = elements.attributes_of(element), reading.context
    link = {"rel": attributes.get("rel", "alternate").lower()}
    context.setdefault("links", []).append(link)
    address = attributes.get("url", attributes.get("uri", attributes.get("href"))) or attributes.get("href")
    if address is None:
        text = elements.text_of(element)
        text = elements.joined(reading.base, text) if text else text
        if "&" in text:
            text = _AMPERSAND.sub(r"&\1", text.replace("&amp;", "&") if reading.in_entry else text)
        context["link"] = text
        if context["link"]:
            link["href"] = context["link"]
        return
    link["href"] = elements.joined(reading.base, address)
    if link["rel"] == "alternate" and elements.TYPES.get(attributes.get("type", HTML).lower()) in (HTML, MARKUP):
        context["link"] = link["href"]


def _guid(reading: _Reading, element: Element, language: str | None) -> None:
    text = elements.text_of(element)
    if elements.attributes_of(element).get("ispermalink", "true") == "true":
        text = elements.joined(reading.base, text) if text else text
        reading.context.setdefault("link", text)
    reading.keep("id", text)


def _source(reading: _Reading, element: Element, language: str | None) -> None:
    named = {"title": elements.text_of(element), "href": elements.attributes_of(element).get("url")}
    reading.context["source"] = {key: value for key, value in named.items() if value}
    reading.title_depth = -1


def _image(reading: _Reading, element: Element, language: str | None) -> None:
    if reading.in_entry and len(element):
        raise Unsure("an image with a title, which becomes the entry's")
    reading.title_depth = -1
    for child in element:
        name = reading.names[child.tag]
        if name not in _IN_AN_IMAGE or len(child) or elements.inherited(child, None, "")[1]:
            raise Unsure("an image with something else in it")
        if name == "title" and elements.text_of(child):
            reading.title_depth = reading.depth + 1


def _value(key: str, bare: bool = False) -> Callable:
    def keep(reading: _Reading, element: Element, language: str | None) -> None:
        if bare and element.attrib:
            raise Unsure("attributes, which take the place of the text")
        reading.keep(key, elements.text_of(element))

    return keep


HANDLERS = {
    **dict.fromkeys(["item", "entry"], _item),
    **dict.fromkeys(["title", "dc_title"], _title),
    "media_title": _media_title,
    **dict.fromkeys(["description", "dc_description", "media_description"], _description),
    **dict.fromkeys(["summary", "itunes_summary"], partial(_description, default=PLAIN)),
    "content": _content,
    "content_encoded": partial(_content, default=HTML),
    "link": _link,
    **dict.fromkeys(["guid", "id"], _guid),
    **dict.fromkeys(["published", "issued", "pubdate", "dcterms_issued"], _value("published")),
    **dict.fromkeys(["updated", "modified", "lastbuilddate", "dc_date", "dcterms_modified"], _value("updated")),
    **dict.fromkeys(["created", "dcterms_created"], _value("created")),
    **dict.fromkeys(["language", "dc_language"], _value("language")),
    "source": _source,
    "image": _image,
    **{name: _value(name, bare=True) for name in _BARE},
}
"""Name of an element → what it changes. All others change nothing, save the doubtful ones."""
