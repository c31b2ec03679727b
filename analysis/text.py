"""Text as the rest of analysis sees it: normalised, folded, its language known, cut into tokens."""

import re
import unicodedata
from functools import cache
from pathlib import Path

KNOWLEDGE = Path(__file__).with_name("knowledge")

_CONTROL = re.compile(r"[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_ESCAPED = re.compile(r"\\(?:x[0-9a-f]{2}|u[0-9a-f]{4}|[nrt](?![a-z]))")
"""What some scrapers leave of a control character or a hard space: `\\xa0` in so many letters."""

_SPACE = re.compile(r"\s+")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_KANA_HANGUL = re.compile(r"[\u3040-\u30ff\uac00-\ud7af]")
_LATIN_WORD = re.compile(r"[a-z][a-z'’.&-]*[a-z]|[a-z]", re.IGNORECASE)
"""Any run of these means a Latin word; used to weigh scripts against each other."""

_WORD = re.compile(r"[a-z\u00c0-\u024f][a-z0-9\u00c0-\u024f'’&.-]*|[0-9]+[a-z][a-z0-9-]*|[\u3400-\u9fff]+")
"""A word in folded text: Latin (inner marks as in at&t, e-cny, web3.0), a number with letters (5g), or Han."""

CHINESE_SHARE = 0.3
"""A text is Chinese when Han characters are at least this share of Han characters plus Latin words."""


def normalise(text: str) -> str:
    """NFKC, no control or direction-override characters, single spaces. Idempotent."""
    text = _CONTROL.sub("", unicodedata.normalize("NFKC", text))
    if "\\" in text:
        text = _ESCAPED.sub(" ", text)
    return _SPACE.sub(" ", text).strip()


def normalised_span(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Where `normalise(text)` has the words that are `text[start:end]`; None where that holds none."""
    words, whole = normalise(text[start:end]), normalise(text)
    at = whole.find(words, max(0, len(normalise(text[:start])))) if words else -1
    return (at, at + len(words)) if at >= 0 else None


def fold(text: str) -> str:
    """Lower case, traditional characters as simplified ones. Keeps the length, so offsets stay true."""
    if _HAN.search(text):
        text = text.translate(_SIMPLIFIED)
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


def tokens(text: str, language: str) -> list[str]:
    """The words of `text` that can carry a subject, folded, in order: no stop words, numbers or single characters.

    Chinese text is cut by jieba with the project's own word list; Latin words inside it are kept as words.
    """
    folded = fold(normalise(text))
    words = _segmenter()(folded) if language == "zh" and _HAN.search(folded) else _WORD.findall(folded)
    return [word for word in map(_bare, words) if len(word) > 1 and word not in _stop_words() and _WORD.match(word)]


def is_stop_word(word: str) -> bool:
    """Whether a folded word carries no subject (knowledge/stopwords.txt)."""
    return word in _stop_words()


def _bare(word: str) -> str:
    word = word.strip("'’-.&_").replace("’", "'")
    return word.removesuffix("'s")


@cache
def _stop_words() -> frozenset[str]:
    lines = (KNOWLEDGE / "stopwords.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))


@cache
def _segmenter():
    import jieba  # 1 s to load its dictionary: only where Chinese text appears

    jieba.setLogLevel("WARNING")
    cutter = jieba.Tokenizer()
    cutter.load_userdict(str(KNOWLEDGE / "zh_userdict.txt"))
    return cutter.lcut


class _Simplified(dict):
    """Code point → code point of the simplified character, each asked of OpenCC once: a table for `str.translate`."""

    def __missing__(self, code: int) -> int:
        converted = _converter()(chr(code))
        self[code] = ord(converted) if len(converted) == 1 else code
        return self[code]


_SIMPLIFIED = _Simplified()


@cache
def _converter():
    from opencc import OpenCC  # 0.2 s to load: only where Chinese text appears

    return OpenCC("t2s").convert
