"""Text as the rest of analysis sees it: normalised, folded, its language known, cut into tokens."""

import re
import unicodedata
from functools import cache

_CONTROL = re.compile(r"[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_SPACE = re.compile(r"\s+")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_KANA_HANGUL = re.compile(r"[\u3040-\u30ff\uac00-\ud7af]")
_LATIN_WORD = re.compile(r"[a-z][a-z'’.&-]*[a-z]|[a-z]", re.IGNORECASE)
"""Any run of these means a Latin word; used to weigh scripts against each other."""

CHINESE_SHARE = 0.3
"""A text is Chinese when Han characters are at least this share of Han characters plus Latin words."""


def normalise(text: str) -> str:
    """NFKC, no control or direction-override characters, single spaces. Idempotent."""
    return _SPACE.sub(" ", _CONTROL.sub("", unicodedata.normalize("NFKC", text))).strip()


def fold(text: str) -> str:
    """Lower case, traditional characters as simplified ones. Keeps the length, so offsets stay true."""
    if _HAN.search(text):
        text = _simplifier()(text)
    lowered = text.lower()
    return lowered if len(lowered) == len(text) else "".join(low if len(low := c.lower()) == 1 else c for c in text)


def detect_language(text: str) -> str:
    """`zh`, `en` or `other`, by script: news of this field is short, so statistical detectors err on it."""
    han = len(_HAN.findall(text))
    foreign = len(_KANA_HANGUL.findall(text))
    words = len(_LATIN_WORD.findall(text))
    if han and han > foreign and han >= CHINESE_SHARE * (han + words):
        return "zh"
    return "en" if words else "other"


@cache
def _simplifier():
    from opencc import OpenCC  # 0.2 s to load: only where Chinese text appears

    table = OpenCC("t2s")
    by_character: dict[str, str] = {}

    def simplify(text: str) -> str:
        missing = set(text) - by_character.keys()
        for character in missing:
            converted = table.convert(character)
            by_character[character] = converted if len(converted) == 1 else character
        return "".join(map(by_character.__getitem__, text))

    return simplify
