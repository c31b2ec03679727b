"""Bytes to text, whatever a document says about its encoding or leaves unsaid."""

import codecs
import re
from collections.abc import Iterable, Iterator
from functools import cache

MAX_SAMPLE_BYTES = 64_000
"""Bytes looked at to guess: the time of guessing grows with its input, the verdict does not."""

TOLERATED_ERRORS = 0.02
"""Share of undecodable characters under which a document is damaged rather than written in another encoding."""

CONVINCING = 0.7
"""Share of expected characters from which a reading is believed; a wrong one has at most 0.6 on real news."""

DECLARED_BONUS = 0.1
"""What a declaration weighs against the characters themselves: it decides near ties."""

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
_MARKS = tuple(start for start, _ in (*_BOMS, *_WIDE))
# What a document means by the name it gives: the superset that its writer's software used.
_MEANT = {
    "gb2312": "gb18030", "gbk": "gb18030", "hz": "hz", "big5": "big5hkscs", "cp950": "big5hkscs",
    "iso8859-1": "cp1252", "ascii": "cp1252", "shift_jis": "cp932", "euc_kr": "cp949",
}  # fmt: skip
_GUESSES = ("cp949", "gb18030", "big5hkscs", "cp932", "euc_jp", "cp1252")
_CJK = frozenset(_GUESSES) - {"cp1252"} | {"hz"}
_FIRST_LEVEL = {
    "gb18030": (0xB0, 0xD7, "gb2312"),
    "big5hkscs": (0xA4, 0xC6, "big5"),
    "cp949": (0xB0, 0xC8, "euc_kr"),
    "euc_jp": (0xB0, 0xCF, "euc_jp"),
}
"""Encoding → first and last lead byte of its first level, and the codec that has nothing beyond the standard."""
_PUNCTUATION = frozenset("，。、；：？！“”‘’（）《》「」『』【】…—·　％")
LONGEST_ACCENTED_RUN = 2
"""Accented letters in a row in Latin text; bytes of other scripts come in longer runs."""
_STATEFUL = ("hz", "iso2022_jp", "iso2022_kr", "utf-7")
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']\s*([A-Za-z0-9_.:-]{2,40})""")
_HIGH_BYTE = re.compile(rb"[\x80-\xff]")
_ASCII = re.compile("[\x00-\x7f]+")
_CJK_TEXT = re.compile("[\u3000-\u9fff\uac00-\ud7af\uff00-\uffef]")


def decode(data: bytes, charset: str | None = None) -> str:
    """The text of `data`; undecodable bytes become U+FFFD. `charset` is the encoding named outside it, if any."""
    if not data.startswith(_MARKS) and (text := _trusted_utf8(data, _declarations(data, charset))) is not None:
        return text
    return data.decode(detect(data, charset), "replace").removeprefix("\ufeff")


def detect(data: bytes, charset: str | None = None, complete: bool = True) -> str:
    """Name of the encoding `data` is written in. `complete=False`: it is the start of more, cut anywhere.

    A byte order mark decides. UTF-8 that is valid is believed over any declaration; then the document's own
    declaration, then `charset`, when the bytes bear them out; then the detector. Never fails.
    """
    for start, encoding in (*_BOMS, *_WIDE):
        if data.startswith(start):
            return encoding
    declared = _declarations(data, charset)
    if _trusted_utf8(data, declared, complete) is not None:
        return "utf-8"
    start = _HIGH_BYTE.search(data).start() if not data.isascii() else 0
    sample = data[start : start + MAX_SAMPLE_BYTES]
    return _guessed(sample, declared, complete and start + len(sample) == len(data))


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


def _strict(data: bytes, encoding: str, complete: bool) -> str | None:
    try:
        return codecs.getincrementaldecoder(encoding)().decode(data, final=complete)
    except (UnicodeDecodeError, LookupError, ValueError):
        return None


def _trusted_utf8(data: bytes, declared: list[str], complete: bool = True) -> str | None:
    text = _strict(data, "utf-8", complete)
    return None if text is None or _contradicted(text, declared) else text


def _contradicted(text: str, declared: list[str]) -> bool:
    """Whether valid UTF-8 is still something else: a few Chinese bytes can pass for accented letters."""
    if not declared:
        return False
    if declared[0] in _STATEFUL:
        return text.isascii() and bool(re.search("~\\{|\x1b[$(]", text))
    return declared[0] in _CJK and not text.isascii() and not _CJK_TEXT.search(text)


def _guessed(data: bytes, declared: list[str], complete: bool) -> str:
    if declared and declared[0] in _STATEFUL:
        return declared[0]
    scores = {encoding: score + DECLARED_BONUS for encoding, score in _scores(data, declared, complete)}
    best = max(scores, key=scores.__getitem__, default=None)
    if best and scores[best] > 1:  # no other can have more than 1
        return best
    scores |= _scores(data, [each for each in ("utf-8", *_GUESSES) if each not in declared], complete)
    best = max(scores, key=scores.__getitem__, default=None)
    if best and scores[best] >= CONVINCING:
        return best
    if _mostly_utf8(data):
        return "utf-8"
    if trusted := next((encoding for encoding in declared if encoding in scores and encoding != "cp1252"), None):
        return trusted
    from charset_normalizer import from_bytes  # 30 ms to load: only where nothing above convinces

    found = from_bytes(data).best()
    return found.encoding if found else "cp1252"


def _scores(data: bytes, encodings: Iterable[str], complete: bool) -> Iterator[tuple[str, float]]:
    """Each encoding that the bytes bear out, and how expected what they say in it is, from 0 to 1."""
    for encoding in encodings:
        text = _nearly(data, encoding, complete)
        if text is not None:
            yield encoding, _expected_share(text, encoding)


def _mostly_utf8(data: bytes) -> bool:
    """Whether more characters are valid UTF-8 than not, which other encodings' bytes hardly ever are."""
    text = data.decode("utf-8", "replace")
    return _count_high(text) > 2 * text.count("\ufffd")


def _nearly(data: bytes, encoding: str, complete: bool) -> str | None:
    """The text in that encoding, None where it is damaged beyond what is tolerated."""
    text = codecs.getincrementaldecoder(encoding)("replace").decode(data, final=complete)
    return text if text.count("\ufffd") <= TOLERATED_ERRORS * _count_high(text) else None


def _count_high(text: str) -> int:
    return len(text) - len(text.encode("ascii", "ignore"))


def _expected_share(text: str, encoding: str) -> float:
    """Share of the non-ASCII characters that news in a language written with `encoding` consists of."""
    high = _ASCII.sub("", text)
    if not high or encoding == "utf-8":
        return 1.0
    if encoding in ("cp932", "euc_jp"):
        kana = sum(1 for c in high if "\u3041" <= c <= "\u30fe")
        return (kana + _count_common(high, "euc_jp")) / len(high) if kana * 10 > len(high) else 0.0
    if encoding in _CJK:
        return _count_common(high, encoding) / len(high)
    runs = re.findall("[^\x00-\x7f]+", text)
    return sum(len(run) for run in runs if len(run) <= LONGEST_ACCENTED_RUN) / len(high)


def _count_common(high: str, encoding: str) -> int:
    return sum(map(_common(encoding).__contains__, high))


@cache
def _common(encoding: str) -> frozenset[str]:
    """The characters of an encoding's first level, which its makers filled by frequency, and CJK punctuation."""
    first, last, codec = _FIRST_LEVEL[encoding]
    codes = (bytes((lead, trail)) for lead in range(first, last + 1) for trail in range(0x40, 0xFF))
    return frozenset(text for code in codes if len(text := code.decode(codec, "ignore")) == 1) | _PUNCTUATION
