"""The sentiment model on disk and in memory: plain arrays in one npz, described and sealed by a JSON file beside it.

Nothing is unpickled. The JSON holds the file's SHA-256, so a damaged or swapped model is refused, and the engine's
version is a digest of the model and of every knowledge file that shapes what it sees.
"""

import hashlib
import io
import json
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from itertools import chain
from pathlib import Path

import numpy as np

from analysis.encoder import Encoder, read_encoder, softmax
from ingest.errors import ConfigError

FORMAT = 3
KNOWLEDGE = ("targets.json", "names.txt", "lexicon_en.txt", "lexicon_zh.txt")
KEY_WEIGHT = 6.0
"""Length to which a row of keys is scaled: weighs them against the numbers, and long texts against short ones."""
VERSION_DIGITS = 12
SCALES = ("target_scale", "text_scale", "tone_scale")
USER_MODEL = Path("data/model")
"""A model fitted with a newsroom's own labels; where there is one, it is used instead of the shipped one."""


@dataclass(frozen=True)
class LanguageModel:
    """Weights of one language: two linear heads over the same keys.

    `keys` is key → row; `weights` rows × 6, the target head's three classes and the tone head's; `*_numbers` weights of
    the numeric features. `target_scale` and `text_scale` say how far these and the encoder are trusted and calibrate
    what comes of it (see `stacked`), with a row for what is of the field (its targets, texts that name one) and one for
    what is not; `tone_scale` calibrates overall probabilities. `encoder` is None where there is none for the language.
    """

    language: str
    known: frozenset[str]
    keys: dict[str, int]
    weights: np.ndarray
    target_numbers: np.ndarray
    tone_numbers: np.ndarray
    intercepts: np.ndarray
    target_scale: np.ndarray
    text_scale: np.ndarray
    tone_scale: np.ndarray
    encoder: Encoder | None = None

    @cached_property
    def readable(self) -> frozenset[str]:
        """The words that are not blanked for the encoder: those learned, and those it has a piece of their own for.

        What is left out is mostly names of firms and people, which shall not carry a tone.
        """
        return self.known | self.encoder.vocabulary.keys()

    def sum_keys(self, rows: list[set[str]]) -> np.ndarray:
        """Sum of the weights of each row's keys, rows × 6; unknown keys weigh nothing."""
        # In one order: sets have another one in each process, and float sums differ with it in the eighth digit.
        ids = [sorted(i for i in map(self.keys.get, keys) if i is not None) for keys in rows]
        lengths = np.array([len(found) for found in ids])
        flat = np.fromiter(chain.from_iterable(ids), dtype=np.intp, count=int(lengths.sum()))
        sums = np.zeros((len(rows), self.weights.shape[1]), dtype=np.float32)
        filled = lengths > 0
        if filled.any():
            starts = np.concatenate([[0], np.cumsum(lengths[filled])[:-1]])
            sums[filled] = np.add.reduceat(self.weights[flat], starts, axis=0)
        return sums

    def tone_probabilities(self, sums: np.ndarray, counts: np.ndarray, numbers: np.ndarray) -> np.ndarray:
        """Of whole texts by the n-grams, texts × 3."""
        return softmax(sums[:, 3:] * _row_scale(counts) + numbers @ self.tone_numbers + self.intercepts[1])

    def target_probabilities(
        self, sums: np.ndarray, counts: np.ndarray, numbers: np.ndarray, special: np.ndarray
    ) -> np.ndarray:
        """Of targets by the n-grams, pairs × 3. `special` marks pairs whose numbers have weights of their own, too."""
        numbers = np.hstack([numbers, numbers * special[:, None]])
        return softmax(sums[:, :3] * _row_scale(counts) + numbers @ self.target_numbers + self.intercepts[0])


def _row_scale(counts: np.ndarray) -> np.ndarray:
    return (KEY_WEIGHT / np.sqrt(np.maximum(counts, 1)))[:, None]


def stacked(p: np.ndarray, other: np.ndarray | None, scale: np.ndarray) -> np.ndarray:
    """Probabilities of two judges in one: softmax of scale[0] log p + scale[1] log other + scale[2:], rows × 3.

    `scale` holds five figures, or five for each row.
    """
    logits = scale[..., :1] * _log(p) + scale[..., 2:]
    return softmax(logits if other is None else logits + scale[..., 1:2] * _log(other))


def _log(p: np.ndarray) -> np.ndarray:
    return np.log(np.maximum(p, SMALLEST))


SMALLEST = 1e-9
"""Probabilities below this are taken for it."""


def model_folder() -> Path:
    """Where the model in force is: the user's once there is one, else the shipped one's."""
    return USER_MODEL if (USER_MODEL / "sentiment.json").is_file() else shipped_model()


def shipped_model() -> Path:
    """Folder of the model that comes with the package."""
    return Path(str(files("analysis") / "model"))


@cache
def shipped_encoder(language: str) -> Encoder | None:
    """The encoder of a language, the same for every model; None where there is none. Raises ConfigError if damaged."""
    return read_encoder(shipped_model(), language)


def read_model(folder: Path) -> tuple[str, dict[str, LanguageModel]]:
    """(version, language → model) from `folder`. Raises ConfigError where the files are not what was sealed."""
    again = "run `python -m analysis train`" if folder == shipped_model() else f"train it again or remove {folder}"
    try:
        card = json.loads((folder / "sentiment.json").read_text(encoding="utf-8"))
        payload = (folder / "sentiment.npz").read_bytes()
    except (OSError, ValueError) as error:
        raise ConfigError(f"the sentiment model is missing ({error}): {again}") from None
    if card.get("format") != FORMAT or card.get("sha256") != hashlib.sha256(payload).hexdigest():
        raise ConfigError(f"the sentiment model does not match its seal: {again}")
    if folder != shipped_model() and card.get("knowledge") != _digest():
        raise ConfigError(f"the model in {folder} was fitted with other word lists than those installed: {again}")
    with np.load(io.BytesIO(payload), allow_pickle=False) as arrays:
        models = {language: _unpack(language, arrays) for language in card["languages"]}
    return _digest(payload), models


def _unpack(language: str, arrays) -> LanguageModel:
    def strings(name: str) -> list[str]:
        return arrays[f"{language}_{name}"].tobytes().decode().split("\n")

    def numbers(name: str) -> np.ndarray:
        return arrays[f"{language}_{name}"].astype(np.float32)

    return LanguageModel(
        language=language,
        known=frozenset(strings("known")),
        keys={key: i for i, key in enumerate(strings("keys"))},
        weights=numbers("weights"),
        target_numbers=numbers("target_numbers"),
        tone_numbers=numbers("tone_numbers"),
        intercepts=numbers("intercepts"),
        target_scale=numbers("target_scale"),
        text_scale=numbers("text_scale"),
        tone_scale=numbers("tone_scale"),
        encoder=shipped_encoder(language),
    )


def write_model(models: list[LanguageModel], card: dict, folder) -> None:
    """Write `sentiment.npz` and `sentiment.json` to `folder` (a Path); `card` says what the model was fitted on."""
    arrays = {}
    for model in models:
        arrays[f"{model.language}_known"] = _bytes(sorted(model.known))
        arrays[f"{model.language}_keys"] = _bytes(list(model.keys))
        for name in ("weights", "target_numbers", "tone_numbers", "intercepts", *SCALES):
            kind = np.float16 if name == "weights" else np.float32
            arrays[f"{model.language}_{name}"] = getattr(model, name).astype(kind)
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)
    (folder / "sentiment.npz").write_bytes(buffer.getvalue())
    sealed = {"format": FORMAT, "sha256": hashlib.sha256(buffer.getvalue()).hexdigest(), "knowledge": _digest(), **card}
    text = json.dumps(sealed | {"languages": [m.language for m in models]}, ensure_ascii=False, indent=1)
    (folder / "sentiment.json").write_text(text + "\n", encoding="utf-8")


def _bytes(strings: list[str]) -> np.ndarray:
    return np.frombuffer("\n".join(strings).encode(), dtype=np.uint8)


def _digest(payload: bytes = b"") -> str:
    """Of a model, the knowledge files that shape what it sees, and the encoders beside it."""
    digest = hashlib.sha256(payload)
    for name in KNOWLEDGE:
        digest.update((files("analysis") / "knowledge" / name).read_bytes())
    for seal in sorted(shipped_model().glob("encoder_*.json")):
        digest.update(seal.read_bytes())
    return digest.hexdigest()[:VERSION_DIGITS]
