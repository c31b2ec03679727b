"""Elements of a feed document as feedparser sees them: their names, attributes, languages, and the text they hold.

What is not as sure to be the same here as there raises `Unsure`.
"""

import re
from collections.abc import Iterable
from html.entities import entitydefs
from urllib.parse import urljoin
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape

ATOM = "http://www.w3.org/2005/atom"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RSS_1 = "http://purl.org/rss/1.0/"
NETSCAPE = "http://my.netscape.com/rdf/simple/0.9/"
XHTML = "http://www.w3.org/1999/xhtml"
_USERLAND, _HARVARD = "http://backend.userland.com/rss", "http://blogs.law.harvard.edu/tech/rss"
NAMESPACES = {
    **dict.fromkeys(["", _USERLAND, _HARVARD, RSS_1, NETSCAPE, ATOM, "http://purl.org/atom/ns#"], ""),
    **dict.fromkeys(["http://example.com/newformat#", "http://example.com/necho", "http://purl.org/echo/"], ""),
    **dict.fromkeys(["uri/of/echo/namespace#", "http://purl.org/pie/", f"{RSS_1}modules/rss091#"], ""),
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "http://example.com/dtds/podcast-1.0.dtd": "itunes",
    "http://search.yahoo.com/mrss": "media",
    "http://search.yahoo.com/mrss/": "media",
    RDF: "rdf",
    "http://purl.org/rss/1.0/modules/syndication/": "sy",
    XHTML: "xhtml",
    "http://www.w3.org/xml/1998/namespace": "xml",
}
"""Namespace in lower case → feedparser's prefix of the names in it. Elements of its other ones change nothing here."""

OWN_PREFIXES = frozenset(NAMESPACES.values()) - {""}

PLAIN, HTML, MARKUP = "text/plain", "text/html", "application/xhtml+xml"
TYPES = {"text": PLAIN, "plain": PLAIN, "html": HTML, "xhtml": MARKUP} | {kind: kind for kind in (PLAIN, HTML, MARKUP)}
COMMON_TAGS = frozenset(
    "a abbr b blockquote br cite code div em figure h1 h2 h3 h4 i img li ol p pre small span strong sub sup table td "
    "tr u ul".split()
)
_XML = "{http://www.w3.org/XML/1998/namespace}"
_READ_ATTRIBUTES = frozenset("href ispermalink lastmod mode rel type uri url".split())
_USUAL_ATTRIBUTES = frozenset("domain height href isPermaLink length medium rel scheme term type url width".split())
_TAG = re.compile(r"</?(\w+)")
_MARKUP = re.compile(r"</\w+>|&#?\w+;")
_ENTITY = re.compile(r"&(\w+);")
_SLASHES = re.compile("^([A-Za-z][A-Za-z0-9+-.]*://)/+")
_CONTROLS = re.compile("[\x80-\x9f]")
WINDOWS = {code: text for code in range(0x80, 0xA0) if (text := bytes([code]).decode("cp1252", "ignore"))}
"""Control characters → what was meant by those who took Windows' encoding for Latin-1."""


class Unsure(Exception):
    """What feedparser would make of the document is not certain."""


class Names(dict):
    """Tag in the tree (`{namespace}local`) → name of the element, as feedparser's handlers are called (`dc_date`)."""

    def __init__(self, declared: Iterable[tuple[str, str]]) -> None:
        self.prefixes: dict[str, set[str]] = {}
        for prefix, uri in declared:
            prefix = prefix.lower()
            self.prefixes.setdefault(uri, set()).add(prefix)
            if prefix in OWN_PREFIXES - {known(uri), known(uri + "/")}:  # the slash is often forgotten
                raise Unsure("a prefix of another namespace than its own")
        named = [prefix for prefixes in self.prefixes.values() for prefix in prefixes if prefix]
        if len(named) > len(set(named)) or any(len(uri.split()) > 1 for uri in self.prefixes):
            raise Unsure("a prefix of two namespaces, or a namespace of two words")
        self.namespaces = {uri.lower() for uri in self.prefixes}

    def __missing__(self, tag: str) -> str:
        uri, _, local = tag.removeprefix("{").rpartition("}")
        prefix = known(uri)
        if prefix is None:
            [prefix, *others] = self.prefixes[uri]
            if others:
                raise Unsure("a namespace of two prefixes")
        name = self[tag] = f"{prefix}_{local}".lower() if prefix else local.lower()
        return name


def known(uri: str) -> str | None:
    """feedparser's prefix for a namespace; None where it names elements by the document's own prefix."""
    return "" if _USERLAND in uri.lower() else NAMESPACES.get(uri.lower())


def attributes_of(element: Element) -> dict[str, str]:
    """Attributes in no namespace. Raises Unsure where one of a namespace would pass for one that is read."""
    attributes = {}
    if not element.attrib:
        return attributes
    for key, value in element.attrib.items():
        uri, _, name = key.removeprefix("{").rpartition("}")
        if not uri:
            attributes[name.lower()] = value
        elif not known(uri) and name.lower() in _READ_ATTRIBUTES:
            raise Unsure("an attribute that passes for another")
    return attributes


def kind_of(element: Element, default: str) -> str:
    """Media type of what an element holds; `default` where it does not say. Raises Unsure for another one."""
    if not element.attrib:
        return default
    attributes = attributes_of(element)
    kind = TYPES.get(attributes.get("type", default).lower())
    if kind is None or attributes.get("mode") == "base64":
        raise Unsure("content of another type")
    return kind


def refuse_elements_as_attributes(element: Element) -> None:
    """Raise Unsure for attributes that stand for elements, as in CDF."""
    if element.attrib and attributes_of(element).keys() & {"href", "lastmod"}:
        raise Unsure("attributes that stand for elements")


def inherited(element: Element, language: str | None, base: str) -> tuple[str | None, str]:
    """Language and base of addresses in an element that stands where `language` and `base` hold."""
    if _USUAL_ATTRIBUTES.issuperset(element.attrib):
        return language, base
    for key in element.attrib:
        name = key.rpartition("}")[2]
        if name.lower() in ("base", "lang") and key not in (name.lower(), _XML + name):
            raise Unsure("a base of addresses, or a language in disguise")
    if own := element.get(f"{_XML}base", element.get("base")):
        base = _base(base, own)
    return element.get(f"{_XML}lang", element.get("lang", language)) or None, base


def _base(outer: str, own: str) -> str:
    base = joined(outer, own)
    scheme, colon, _ = base.strip().partition(":")
    if colon and scheme not in ("http", "https"):
        raise Unsure("a base that is no web address")
    return base if colon else outer or base  # a relative one counts only where there is no other


def joined(base: str, address: str) -> str:
    """An address without surplus slashes, resolved against `base`."""
    if ":///" in address:
        address = _SLASHES.sub(r"\1", address)
    try:
        return urljoin(base, address)
    except ValueError:
        return ""


def text_of(element: Element) -> str:
    """The text of an element without others in it."""
    if len(element):
        raise Unsure("markup inside an element")
    text = (element.text or "").strip()
    return text if text.isascii() else _repaired(text)


def markup_of(element: Element, without_div: bool) -> str:
    """XHTML in an element as text; `without_div`: without the one that holds it all."""
    within, *others = list(element) or [None]
    is_alone = within is not None and not others and not (element.text or "").strip() + (within.tail or "").strip()
    if without_div and is_alone and within.tag == f"{{{XHTML}}}div":
        element = within
    return _repaired("".join(_inner(element)).strip())


def _inner(element: Element) -> Iterable[str]:
    yield escape(element.text or "")
    for child in element:
        namespace, _, name = child.tag.removeprefix("{").rpartition("}")
        if namespace != XHTML or name == "body" or not name.islower():
            raise Unsure("markup of another kind")
        yield f"<{name}{''.join(_attribute(*pair) for pair in child.attrib.items())}>"
        yield from _inner(child)
        yield f"</{name}>"
        yield escape(child.tail or "")


def _attribute(key: str, value: str) -> str:
    name = key.replace(_XML, "xml:").lower()
    if name.startswith("{"):
        raise Unsure("an attribute of another kind")
    value = value.lower() if name in ("rel", "type") else value
    return f' {name}="{escape(value, {chr(34): "&quot;"})}"'


def _repaired(text: str) -> str:
    text = _decoded_again(text)
    return text.translate(WINDOWS) if _CONTROLS.search(text) else text


def _decoded_again(text: str) -> str:
    """UTF-8 that was taken for Latin-1 and encoded again, as it was meant."""
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


def looks_like_html(text: str) -> bool:
    """feedparser's guess at what was declared plain."""
    if not _MARKUP.search(text):
        return False
    if not COMMON_TAGS.issuperset(tag.lower() for tag in _TAG.findall(text)):
        raise Unsure("tags that may be none")
    return all(name in entitydefs for name in _ENTITY.findall(text))
