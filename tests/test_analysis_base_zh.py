import hashlib
import struct
from types import SimpleNamespace

import numpy as np
import pytest

from analysis.encoder import Encoder
from analysis.reading import Reading
from analysis.training import base_zh
from ingest.errors import UsageError

PIECES = [*base_zh.NAMES, "▁", "区块链", "区", "块", "鏈", "上", "它", "技术", "公司", "中国", "名", "$", "美元", "%"]
PIECES += ["10", "5", "2018", "2019", "▁USD", "上涨"]
WIDTH, WIDE = 32, 64
SHAPES = {"q": WIDTH, "k": WIDTH, "v": WIDTH, "ao": WIDTH, "fi": WIDE, "fo": WIDTH}


def tensors():
    """Name → values, as float32 or (for matrices) as blocks at four bits whose scale is 1."""
    draw = np.random.default_rng(0)
    found = {"emb.word": draw.integers(-8, 8, (len(PIECES), WIDTH)), "emb.pos": np.zeros((512, WIDTH))}
    found |= {"emb.type": np.ones(2 * WIDTH), "emb.ln.w": np.ones(WIDTH), "emb.ln.b": np.zeros(WIDTH)}
    for layer in range(base_zh.LAYERS):
        for name, outputs in SHAPES.items():
            found[f"l{layer}.{name}.w"] = draw.integers(-8, 8, (outputs, WIDE if name == "fo" else WIDTH))
            found[f"l{layer}.{name}.b"] = np.zeros(outputs)
        found |= {f"l{layer}.{name}.{part}": np.ones(WIDTH) for name in ("aln", "oln") for part in "wb"}
    return found


def packed(values):
    if values.dtype.kind == "f":
        return values.astype("<f4").tobytes()
    blocks = (values.reshape(-1, 2, 16) + 8).astype(np.uint8)
    halves = blocks[:, 0] | blocks[:, 1] << 4
    return b"".join(np.float16(1).tobytes() + half.tobytes() for half in halves)


@pytest.fixture
def package(tmp_path, monkeypatch):
    """The base's package with a small file of the same layout."""
    letters = [piece.encode() for piece in PIECES]
    ends = np.cumsum([0, *map(len, letters)]).astype("<u4").tobytes()
    chances = (-np.arange(len(PIECES), dtype="<f4")).tobytes()
    head = struct.pack("<4s10i", b"E5S1", *range(10)) + struct.pack(
        "<5iQ", len(PIECES), 0, 2, 1, 3, len(b"".join(letters))
    )
    head += ends + chances + b"".join(letters) + struct.pack("<iI", 1, 9) + b"x" * 9
    found = tensors()
    at = len(head) + 4 + sum(2 + len(name) + 21 for name in found)
    directory, body = struct.pack("<i", len(found)), b""
    for name, values in found.items():
        data = packed(values)
        directory += struct.pack(f"<H{len(name)}s", len(name), name.encode())
        directory += struct.pack("<BIQQ", values.dtype.kind != "f", values.size, at + len(body), len(data))
        body += data
    (tmp_path / base_zh.FILE).write_bytes(head + directory + body)
    monkeypatch.setattr(base_zh, "SHA256", hashlib.sha256(head + directory + body).hexdigest())
    spec = SimpleNamespace(submodule_search_locations=[str(tmp_path)])
    monkeypatch.setattr(base_zh, "find_spec", lambda name: spec)
    return found


def test_the_weights_are_read_as_they_were_stored(package):
    pieces, arrays = base_zh.begin([])
    assert np.array_equal(arrays["words"][pieces.index("区块链")], package["emb.word"][PIECES.index("区块链")])
    assert np.array_equal(arrays["1.wide.weight"], package["l1.fi.w"].T)
    assert np.array_equal(arrays["0.attention.weight"][:, WIDTH : 2 * WIDTH], package["l0.k.w"].T)
    assert (arrays["places"] == 1).all()


def test_what_the_lines_use_and_the_likeliest_in_simplified_characters_is_kept(package, monkeypatch):
    monkeypatch.setattr(base_zh, "PIECES", 3)
    pieces, arrays = base_zh.begin([["上", "涨", "，", "5"]])
    assert pieces == ["[CLS]", "[PAD]", "[SEP]", "[UNK]", "区块链", "区", "块", "5", "上涨", *base_zh.LIKE]
    assert arrays["chances"].tolist() == [-float(PIECES.index(p)) for p in ["<s>", "<pad>", "</s>", "<unk>"]] + [
        -5.0, -6.0, -7.0, -19.0, -23.0, *[0.0] * len(base_zh.LIKE)
    ]  # fmt: skip


def test_our_marks_take_the_place_of_pieces_that_look_like_them(package):
    pieces, arrays = base_zh.begin([["USD"]])
    assert pieces.count("▁USD") == 1
    like = package["emb.word"][[PIECES.index("$"), PIECES.index("美元")]].mean(axis=0)
    assert np.array_equal(arrays["words"][pieces.index("▁USD")], like)
    encoder = Encoder({piece: at for at, piece in enumerate(pieces)}, {}, 1, tuple(arrays["chances"].tolist()))
    assert encoder.pieces(Reading(["USD"], [0], [0], [3], {}, [])) == ([0, pieces.index("▁USD"), 2], [1])


def test_another_release_is_not_learned_from(package, monkeypatch):
    monkeypatch.setattr(base_zh, "SHA256", "")
    with pytest.raises(UsageError, match="other weights"):
        base_zh.begin([])


def test_without_the_package_it_is_said_how_to_get_it(monkeypatch):
    monkeypatch.setattr(base_zh, "find_spec", lambda name: None)
    with pytest.raises(UsageError, match="pip install"):
        base_zh.begin([])
