"""XML text made safe and readable for parsers: no document types that expand, no characters that XML forbids."""

import re

_ILLEGAL = re.compile("[\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff\ufffe\uffff]")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_REFERENCE = re.compile(r"&#x?[0-9a-fA-F]+;?")
_PROLOG = re.compile(r"(?:\s+|<\?.*?\?>|<!--.*?-->)*", re.S)
_SAFE_ENTITY = re.compile(r"""<!ENTITY\s+(\w{1,40})\s+"([^"&<%]{0,200}|&\#\w{1,8};)"\s*>""")


def without_illegal_characters(text: str) -> str:
    """The text without the control characters and unpaired surrogates that no XML document may hold."""
    return _ILLEGAL.sub("", text)


def without_references(text: str) -> str:
    """The text without numeric character references: one beyond Unicode makes feedparser raise."""
    return _REFERENCE.sub("", text)


def declared_utf8(text: str) -> str:
    """The document with a declaration that says UTF-8, whatever it said."""
    return "<?xml version='1.0' encoding='utf-8'?>\n" + _DECLARATION.sub("", text, count=1)


def without_doctype(text: str) -> str:
    """The document without its document type, save entities that stand for plain text."""
    start = _PROLOG.match(text).end()
    if not text.startswith("<!DOCTYPE", start):
        return text
    end = _end_of_doctype(text, start)
    safe = "\n".join(f'<!ENTITY {name} "{value}">' for name, value in _SAFE_ENTITY.findall(text[start:end]))
    return text[:start] + (f"<!DOCTYPE feed [\n{safe}\n]>" if safe else "") + text[end:]


def _end_of_doctype(text: str, start: int) -> int:
    """Offset after a document type: quotes hide brackets, an internal subset in brackets hides closing signs."""
    inside = False
    for mark in re.finditer(r"""\[|\]|>|"[^"]*"|'[^']*'""", text[start:]):
        if mark.group() == "[":
            inside = True
        elif mark.group() == "]":
            inside = False
        elif mark.group() == ">" and not inside:
            return start + mark.end()
    return len(text)
