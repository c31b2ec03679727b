"""Bytes to text, whatever a document says about its encoding or leaves unsaid."""

import codecs
import re

MAX_SAMPLE_BYTES = 64_000
"""Bytes shown to the detector: its time grows with its input, its verdict does not."""

TOLERATED_ERRORS = 0.02
"""Share of undecodable characters under which a document is damaged rather than written in another encoding."""

CANDIDATES = ["gb18030", "big5hkscs", "cp1252", "shift_jis", "euc_jp", "euc_kr", "cp1251"]
"""Encodings of news in the languages read here, for the detector to choose from."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WIDE = (
    (b"<\x00\x00\x00", "utf-32-le"),
    (b"\x00\x00\x00<", "utf-32-be"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
    (b"\x4c\x6f\xa7\x94", "cp037"),
)
# What a document means by the name it gives: the superset that its writer's software used.
_MEANT = {
    "gb2312": "gb18030", "gbk": "gb18030", "hz": "hz", "big5": "big5hkscs", "cp950": "big5hkscs",
    "iso8859-1": "cp1252", "ascii": "cp1252", "shift_jis": "cp932", "euc_kr": "cp949",
}  # fmt: skip
_LATIN = {"cp1252", "iso8859-15", "iso8859-2", "cp1250"}
_CJK = {"gb18030", "big5hkscs", "cp932", "cp949", "euc_jp", "hz"}
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']\s*([A-Za-z0-9_.:-]{2,40})""")
_CJK_TEXT = re.compile("[\u3000-\u9fff\uac00-\ud7af\uff00-\uffef]")


def decode(data: bytes, charset: str | None = None) -> str:
    """The text of `data`. `charset` is the encoding named outside it (an HTTP header), if any.

    UTF-8 that is valid is believed over any declaration; then the document's own declaration, then `charset`, when
    the bytes bear them out; then the detector. Never fails: undecodable bytes become U+FFFD.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data[len(bom) :].decode(encoding, "replace")
    for start, encoding in _WIDE:
        if data.startswith(start):
            return data.decode(encoding, "replace")
    declared = _declarations(data, charset)
    text = _strict(data, "utf-8")
    if text is not None and not _contradicted(text, declared):
        return text
    for encoding in declared:
        text = _strict(data, encoding)
        if text is not None and not _implausible(text, encoding):
            return text
    return _detected(data, declared)


def _declarations(data: bytes, charset: str | None) -> list[str]:
    found = _DECLARED.search(data, 0, 1000)
    names = [found.group(1).decode("ascii") if found else None, charset]
    return list(dict.fromkeys(encoding for name in names if name and (encoding := _meant(name))))


def _meant(name: str) -> str | None:
    try:
        canonical = codecs.lookup(name).name
    except (LookupError, ValueError):
        return None
    meant = _MEANT.get(canonical, canonical)
    return None if meant.startswith(("utf-16", "utf-32")) else meant


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError, ValueError):
        return None


def _contradicted(text: str, declared: list[str]) -> bool:
    """Whether valid UTF-8 is still something else: a few Chinese bytes can pass for accented letters."""
    if not declared or declared[0] not in _CJK:
        return False
    if declared[0] == "hz":
        return "~{" in text
    return not text.isascii() and not _CJK_TEXT.search(text)


def _implausible(text: str, encoding: str) -> bool:
    """Whether a Latin declaration was a default nobody changed: accented letters outweigh plain ones in runs."""
    if encoding not in _LATIN:
        return False
    high = sum(1 for c in text if c > "\x7f")
    runs = len(re.findall("[\x80-\u02ff\u2013-\u2122]{4,}", text))
    return runs * 8 > high > 8


def _detected(data: bytes, declared: list[str]) -> str:
    for encoding in dict.fromkeys(["utf-8", *declared]):
        text = data.decode(encoding, "replace")
        wide = sum(1 for c in text if c > "\x7f")
        if text.count("\ufffd") <= TOLERATED_ERRORS * wide:
            return text
    from charset_normalizer import from_bytes  # 30 ms to load: only where a document does not say what it is

    best = from_bytes(data[:MAX_SAMPLE_BYTES], cp_isolation=CANDIDATES).best()
    return data.decode(best.encoding if best else "cp1252", "replace")
