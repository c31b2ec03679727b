"""Text and links from feeds, made harmless for the places where Streamlit would interpret them."""

import re
from urllib.parse import urlsplit

_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&^=@/\"'])")
_BREAKS = re.compile(r"[ \t\r\n\f\v\u2028\u2029]+")


def markdown(text: str) -> str:
    """Text for a Markdown place, shown as it is: no emphasis, link, image, HTML, maths, colour, icon or emoji in it."""
    return _SPECIAL.sub(r"\\\1", _BREAKS.sub(" ", str(text)))


def link(url) -> str | None:
    """The address where it is a plain web link, else None: never `javascript:`, `data:` or a name with a password."""
    if not isinstance(url, str):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc else None
