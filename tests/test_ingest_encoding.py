import pytest

from ingest.encoding import decode, detect

SPEECH = "区块链技术的集成应用在新的技术革新和产业变革中起着重要作用"
RULES = "虛擬資產交易平台須向證監會申領牌照，香港金融管理局公布穩定幣發行人監管制度"
FRENCH = "Les cryptomonnaies à Genève : la régulation a été évoquée"


def document(text: str, declared: str | None) -> str:
    declaration = f' encoding="{declared}"' if declared else ""
    return f'<?xml version="1.0"{declaration}?><rss><channel><item><title>{text}</title></item></channel></rss>'


@pytest.mark.parametrize("declared", [None, "true", "utf-8", "iso-8859-1", "gb2312", "big5", "x-unknown"])
@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (SPEECH, "gb18030"),
        (SPEECH, "gb2312"),
        (SPEECH, "utf-8"),
        (SPEECH[:6], "gbk"),
        (RULES, "big5"),
        (FRENCH, "cp1252"),
    ],
)
def test_text_survives_an_encoding_declared_undeclared_or_wrongly_declared(text, encoding, declared):
    declared = encoding if declared == "true" else declared
    assert text in decode(document(text, declared).encode(encoding))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_wide_encodings_are_known_by_their_first_bytes(encoding):
    assert SPEECH in decode(document(SPEECH, "utf-8").encode(encoding))


def test_a_header_counts_where_the_document_is_silent():
    text = document("Технология", None)
    assert "Технология" in decode(text.encode("cp1251"), "windows-1251")


def test_seven_bit_chinese_is_read_as_declared():
    assert SPEECH in decode(document(SPEECH, "hz-gb-2312").encode("hz"))


def test_damaged_utf8_stays_utf8():
    damaged = document(SPEECH, "utf-8").encode().replace("技术".encode(), "技术".encode()[:-1], 1)
    assert "集成应用" in decode(damaged)


def test_the_start_of_a_file_may_be_cut_inside_a_character():
    assert detect(document(SPEECH, None).encode()[:-40], complete=False) == "utf-8"
    assert detect(SPEECH.encode("gb18030")[:-1], complete=False) == "gb18030"
