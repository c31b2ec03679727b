"""A small pretrained encoder, fine-tuned on the project's own lines, that reads tone beside the n-grams.

    Readings (names blanked, mentions marked) ─► word pieces ─► transformer layers ─► the text's mean, and the
    places of each target ─► probabilities of negative, neutral, positive

It brings what no count of words has: words the training lines never used, and the order of those they did. Its weights
are fixed arrays beside the sentiment model (`ENCODER.md` there names their origin), run with numpy alone. How far it is
trusted is fitted with the sentiment model. Architecture: Devlin et al. 2019, in the size of Wang et al. 2020 (MiniLM).
"""

import hashlib
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np
from threadpoolctl import ThreadpoolController

from analysis import unigram, wordpiece
from analysis.packing import from_halves, to_bytes, to_halves
from analysis.reading import Reading
from ingest.errors import ConfigError

FORMAT = 2
HEADS = 12
LONGEST = 60
"""Pieces of a text that are read, its first and last mark included."""
STEP, TOGETHER = 12, 16
"""Texts are padded to a multiple of STEP pieces and read up to TOGETHER at a time. The figures of a text do not depend
on its company: OpenBLAS adds up products of matrices in one order for rows whose number is the same modulo 12."""
DIGITS = 6
"""Beyond these, probabilities may differ with the processor."""
HIDDEN = -1e9
"""Added to the attention toward padding."""
TINY = 1e-12

Pieces = tuple[list[int], list[int]]
"""Ids of a text's pieces, and for each word where its first one stands."""


@dataclass(frozen=True)
class Encoder:
    """Fixed weights by name, and the vocabulary: piece → row of the embeddings.

    Embeddings are small integers with a scale a block of each row. A layer's matrices are float32, inputs × outputs.
    `chances` are the pieces' log probabilities where the vocabulary is a unigram one (Chinese). `seen` remembers the
    pieces of words; there are no more of them than words that are not blanked.
    """

    vocabulary: dict[str, int]
    arrays: dict[str, np.ndarray]
    layers: int
    chances: tuple[float, ...] = ()
    seen: dict[str, list[int]] = field(default_factory=dict, repr=False)

    def pieces(self, reading: Reading) -> Pieces:
        """The pieces of a reading's words, between the two marks that begin and end a text; cut at LONGEST."""
        if self.chances:
            ids, first = unigram.split(reading.words, self.vocabulary, self.chances)
        else:
            ids, first = self._split(wordpiece.shown(reading))
        ids = [self.vocabulary["[CLS]"], *ids[: LONGEST - 2], self.vocabulary["[SEP]"]]
        return ids, [at + 1 for at in first]

    def _split(self, words: Sequence[str]) -> Pieces:
        ids, first = [], []
        for word in words:
            first.append(len(ids))
            if word not in self.seen:
                self.seen[word] = wordpiece.split(word, self.vocabulary)
            ids += self.seen[word]
        return ids, first

    def probabilities(
        self, readings: Sequence[Reading], pairs: Sequence[tuple[int, str]]
    ) -> tuple[np.ndarray, np.ndarray]:
        """(texts × 3, pairs × 3), as `analysis.sentiment.probabilities`."""
        texts = [self.pieces(reading) for reading in readings]
        asked: dict[int, list[int]] = {}
        for at, (row, _) in enumerate(pairs):
            asked.setdefault(row, []).append(at)
        tones, targets = np.zeros((len(texts), 3)), np.zeros((len(pairs), 3))
        with _one_thread():
            for rows, hidden, mask in self._read(texts):
                means = (mask[:, None, :] @ hidden)[:, 0] / mask.sum(axis=1, keepdims=True)
                for place, row in enumerate(rows):
                    ids, first = texts[row]
                    tones[row] = means[place] @ self.arrays["tone.weight"] + self.arrays["tone.bias"]
                    for at in asked.get(row, ()):
                        starts = [first[i] for i in readings[row].at[pairs[at][1]]]
                        seen = [start for start in starts if start < len(ids) - 1] or [0]
                        targets[at] = self._target(hidden[place, seen].mean(axis=0), means[place])
        return softmax(tones).round(DIGITS), softmax(targets).round(DIGITS)

    def _target(self, there: np.ndarray, mean: np.ndarray) -> np.ndarray:
        weights = self.arrays["target.weight"]
        return there @ weights[: len(there)] + mean @ weights[len(there) :] + self.arrays["target.bias"]

    def _read(self, texts: list[Pieces]) -> Iterator[tuple[list[int], np.ndarray, np.ndarray]]:
        """Rows, their hidden states (rows × pieces × width) and mask; like lengths together."""
        lengths: dict[int, list[int]] = {}
        for row, (ids, _) in enumerate(texts):
            lengths.setdefault(-(-len(ids) // STEP) * STEP, []).append(row)
        for length, alike in sorted(lengths.items()):
            for start in range(0, len(alike), TOGETHER):
                rows = alike[start : start + TOGETHER]
                ids = np.zeros((len(rows), length), dtype=np.intp)
                mask = np.zeros((len(rows), length), dtype=np.float32)
                for place, row in enumerate(rows):
                    found = texts[row][0]
                    ids[place, : len(found)], mask[place, : len(found)] = found, 1
                yield rows, self._hidden(ids, mask), mask

    def _hidden(self, ids: np.ndarray, mask: np.ndarray) -> np.ndarray:
        arrays = self.arrays
        scale = arrays["words.scale"][ids][..., None]
        x = (arrays["words"][ids].reshape(*scale.shape[:-1], -1) * scale).reshape(*ids.shape, -1)
        x = self._even(x + arrays["places"][: ids.shape[1]], "even")
        turned_away = ((1 - mask) * np.float32(HIDDEN))[:, None, None, :]
        for layer in range(self.layers):
            x = self._layer(x, turned_away, f"{layer}.")
        return x

    def _layer(self, x: np.ndarray, turned_away: np.ndarray, name: str) -> np.ndarray:
        texts, length, width = x.shape
        mixed = self._linear(x, name + "attention").reshape(texts, length, 3, HEADS, width // HEADS)
        asks, keys, values = mixed.transpose(2, 0, 3, 1, 4)
        weights = softmax(asks @ keys.swapaxes(2, 3) / np.float32(np.sqrt(width // HEADS)) + turned_away)
        found = (weights @ values).swapaxes(1, 2).reshape(texts, length, width)
        x = self._even(x + self._linear(found, name + "out"), name + "even1")
        wide = self._linear(x, name + "wide")
        return self._even(x + self._linear(gelu(wide), name + "narrow"), name + "even2")

    def _linear(self, x: np.ndarray, name: str) -> np.ndarray:
        weights = self.arrays[name + ".weight"]
        flat = x.reshape(-1, x.shape[-1]) @ weights + self.arrays[name + ".bias"]
        return flat.reshape(*x.shape[:-1], weights.shape[1])

    def _even(self, x: np.ndarray, name: str) -> np.ndarray:
        """Layer normalisation."""
        x = x - x.mean(axis=-1, keepdims=True)
        x /= np.sqrt((x * x).mean(axis=-1, keepdims=True) + np.float32(TINY))
        return x * self.arrays[name + ".weight"] + self.arrays[name + ".bias"]


def gelu(x: np.ndarray) -> np.ndarray:
    """The usual approximation by tanh (Hendrycks & Gimpel 2016): the exact one would cost more than all products."""
    inner = x * x
    inner *= np.float32(GELU * 0.044715)
    inner += np.float32(GELU)
    inner *= x
    np.tanh(inner, out=inner)
    inner += 1
    inner *= x
    inner *= np.float32(0.5)
    return inner


GELU = (2 / np.pi) ** 0.5


def softmax(x: np.ndarray) -> np.ndarray:
    """Along the last axis."""
    x = np.exp(x - x.max(axis=-1, keepdims=True))
    x /= x.sum(axis=-1, keepdims=True)
    return x


@cache
def _threads() -> ThreadpoolController:
    return ThreadpoolController()


def _one_thread():
    """Several processes annotate beside each other, and sums are added in one order."""
    return _threads().limit(limits=1)


def read_encoder(folder: Path, language: str) -> Encoder | None:
    """The encoder of a language; None where it has none. Raises ConfigError for a damaged one."""
    card_file, arrays_file = folder / f"encoder_{language}.json", folder / f"encoder_{language}.npz"
    if not card_file.is_file():
        return None
    try:
        card, payload = json.loads(card_file.read_text(encoding="utf-8")), arrays_file.read_bytes()
    except (OSError, ValueError) as error:
        raise ConfigError(f"the encoder cannot be read ({error}): install Lianwatch again") from None
    if card.get("format") != FORMAT or card.get("sha256") != hashlib.sha256(payload).hexdigest():
        raise ConfigError(f"the encoder in {folder} does not match its seal: install Lianwatch again")
    with np.load(io.BytesIO(payload), allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files}
    pieces = arrays.pop("vocabulary").tobytes().decode().split("\n")
    chances = tuple(arrays.pop("chances", np.zeros(0)).tolist())
    return Encoder({piece: i for i, piece in enumerate(pieces)}, _unpacked(arrays), card["layers"], chances)


def write_encoder(
    folder: Path, language: str, pieces: list[str], arrays: dict[str, np.ndarray], most: int, card: dict
) -> None:
    """Write and seal an encoder: embeddings as half bytes, other matrices as bytes of at most `most`, else float32."""
    packed = {"vocabulary": np.frombuffer("\n".join(pieces).encode(), dtype=np.uint8)}
    for name, array in arrays.items():
        if array.ndim < 2 or name == "places":
            packed[name] = array.astype(np.float32)
        else:
            packed[name], packed[name + ".scale"] = to_halves(array) if name == "words" else to_bytes(array.T, most)
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **packed)
    (folder / f"encoder_{language}.npz").write_bytes(buffer.getvalue())
    sealed = {"format": FORMAT, "sha256": hashlib.sha256(buffer.getvalue()).hexdigest(), **card}
    text = json.dumps(sealed, ensure_ascii=False, indent=1)
    (folder / f"encoder_{language}.json").write_text(text + "\n", encoding="utf-8")


def _unpacked(stored: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    arrays = dict(stored)
    scale = arrays["words.scale"] = arrays["words.scale"].astype(np.float32)
    arrays["words"] = from_halves(arrays["words"], scale.shape[1])
    for name in [n.removesuffix(".scale") for n in stored if n.endswith(".scale") and n != "words.scale"]:
        whole = stored[name].astype(np.float32) * arrays.pop(name + ".scale")[:, None]
        arrays[name] = np.ascontiguousarray(whole.T)
    return arrays
