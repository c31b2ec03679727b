"""JSON Feed (jsonfeed.org, versions 1 and 1.1) to entries."""

import json

from ingest.entries import Document, Entry
from ingest.errors import NotAFeedError


def read(text: str) -> Document:
    """Read a JSON Feed. Raises NotAFeedError for JSON that is none."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise NotAFeedError(f"JSON that cannot be read ({error})", "parse_error") from None
    items = document.get("items") if isinstance(document, dict) else None
    if not isinstance(items, list):
        raise NotAFeedError("JSON, but no JSON Feed (it has no list of items)")
    return Document(
        title=_text(document.get("title")),
        link=_text(document.get("home_page_url")),
        language=_text(document.get("language")),
        entries=tuple(_entry(item) for item in items if isinstance(item, dict)),
    )


def _entry(item: dict) -> Entry:
    plain = _text(item.get("summary")) or _text(item.get("content_text"))
    return Entry(
        title=_text(item.get("title")),
        summary=plain or _text(item.get("content_html")),
        link=_text(item.get("url")) or _text(item.get("external_url")),
        guid=_text(item.get("id")),
        published=item.get("date_published") or item.get("date_modified") or "",
        language=_text(item.get("language")),
        title_is_html=False,
        summary_is_html=not plain,
    )


def _text(value: object) -> str:
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
