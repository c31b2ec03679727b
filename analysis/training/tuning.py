"""Fine-tune an encoder on the project's own lines: `python -m analysis train --encoder` (needs the `training` extra).

    base weights (a package) ─► first layers, vocabulary pruned ─► AdamW on the readers' labels ─► small integers

The embeddings stay as they came, so a word that no line uses keeps its place beside words that do. Two losses, each the
cross-entropy with the readers' shares: of the whole text, read off its mean, and of each target, read off its own
places and that mean. Two tenths of the lines are never learned from: the one set aside for measuring, and one for
fitting how far the encoder is trusted (`corpus.is_for_stacking`). One thread and fixed seeds; a quarter of
an hour on a core of its own.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from analysis.document import LABELS
from analysis.encoder import HEADS, HIDDEN, TINY, Encoder, write_encoder
from analysis.reading import Reading, read
from analysis.training import base_en, base_zh
from analysis.training.corpus import Example
from ingest.errors import UsageError

BATCH, HEAD_RATE, WARM, DECAY, DROP, LONGEST_STEP = 32, 1e-3, 0.1, 0.01, 0.1, 1.0
SORTED_TOGETHER = 20
"""Batches whose texts are sorted by length among them, so that little is padded."""


class Row(NamedTuple):
    """A line as it is learned: its reading, the share of each label overall, and a target's by name."""

    reading: Reading
    tone: list[float]
    targets: dict[str, list[float]]


def tune(language: str, examples: Sequence[Example], folder: Path, report: Callable[[str], None]) -> None:
    """Write the language's encoder and its card to `folder`. Raises UsageError where the extra is not installed."""
    torch = _torch()
    torch.manual_seed(0)
    torch.set_num_threads(1)
    rows = [_row(example) for example in examples]
    if language == "en":
        (pieces, arrays), recipe = base_en.begin([row.reading for row in rows]), base_en.RECIPE
    else:
        (pieces, arrays), recipe = base_zh.begin(row.reading.words for row in rows), base_zh.RECIPE
    layers, epochs, rate, most, card = recipe
    chances = arrays.pop("chances", np.zeros(0))
    encoder = Encoder({piece: i for i, piece in enumerate(pieces)}, {}, layers, tuple(chances.tolist()))
    net = _net(torch, arrays | _heads(arrays["words"].shape[1]))
    _train(torch, net, encoder, rows, epochs, rate, report)
    learned = {"chances": chances} | {name: value.detach().numpy() for name, value in net.items()}
    write_encoder(folder, language, pieces, learned, most, card | {"layers": layers, "texts": len(rows)})


def _row(example: Example) -> Row:
    reading = read(example.text, example.language, example.mentions(), None)
    targets = {name: _shares(found) for name, found in example.targets().items() if name in reading.at}
    return Row(reading, _shares(example.tones()), targets)


def _shares(found: dict[str, float]) -> list[float]:
    return [found.get(label, 0.0) for label in LABELS]


def _torch():
    try:
        import torch
    except ImportError:
        raise UsageError(base_en.MISSING) from None
    return torch


def _heads(width: int) -> dict[str, np.ndarray]:
    arrays, start = {}, np.random.default_rng(0)
    for head, size in (("tone", width), ("target", 2 * width)):
        bound = size**-0.5
        arrays[f"{head}.weight"] = start.uniform(-bound, bound, (size, len(LABELS))).astype(np.float32)
        arrays[f"{head}.bias"] = np.zeros(len(LABELS), dtype=np.float32)
    return arrays


def _net(torch, arrays: dict[str, np.ndarray]) -> dict:
    """Everything but the embeddings as parameters to learn."""
    return {n: torch.nn.Parameter(torch.from_numpy(a.copy())) for n, a in arrays.items() if n != "words"} | {
        "words": torch.from_numpy(arrays["words"])
    }


def _train(torch, net: dict, encoder: Encoder, rows: Sequence[Row], epochs: int, rate: float, report) -> None:
    learned = {name: value for name, value in net.items() if name != "words"}
    groups = [
        {"params": [v for n, v in learned.items() if v.ndim < 2], "weight_decay": 0.0},
        {"params": [learned["tone.weight"], learned["target.weight"]], "lr": HEAD_RATE},
        {"params": [v for n, v in learned.items() if v.ndim == 2 and n not in ("tone.weight", "target.weight")]},
    ]
    optimiser = torch.optim.AdamW(groups, lr=rate, weight_decay=DECAY)
    batches = list(_batches(encoder, rows, epochs))
    warm = WARM * len(batches)
    turn = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: step / warm if step < warm else (len(batches) - step) / (len(batches) - warm)
    )
    for step, batch in enumerate(batches):
        loss = _loss(torch, net, encoder, [rows[i] for i in batch])
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(learned.values(), LONGEST_STEP)
        optimiser.step()
        turn.step()
        if step % 50 == 0:
            report(f"encoder: batch {step} of {len(batches)}, loss {loss.item():.2f}")


def _batches(encoder: Encoder, rows: Sequence[Row], epochs: int) -> Iterator[list[int]]:
    """Rows of every batch of every epoch: shuffled, and of like length within a batch."""
    shuffled = random.Random(0)
    lengths = [len(encoder.pieces(row.reading)[0]) for row in rows]
    order = list(range(len(rows)))
    for _ in range(epochs):
        shuffled.shuffle(order)
        spans = [order[i : i + BATCH * SORTED_TOGETHER] for i in range(0, len(order), BATCH * SORTED_TOGETHER)]
        alike = [sorted(span, key=lengths.__getitem__) for span in spans]
        batches = [span[i : i + BATCH] for span in alike for i in range(0, len(span), BATCH)]
        shuffled.shuffle(batches)
        yield from batches


def _loss(torch, net: dict, encoder: Encoder, rows: Sequence[Row]):
    texts = [encoder.pieces(row.reading) for row in rows]
    ids = torch.nn.utils.rnn.pad_sequence([torch.tensor(found) for found, _ in texts], batch_first=True)
    mask = torch.nn.utils.rnn.pad_sequence([torch.ones(len(found)) for found, _ in texts], batch_first=True)
    hidden = _hidden(torch, net, encoder.layers, ids, mask)
    means = (mask[:, None, :] @ hidden)[:, 0] / mask.sum(1, keepdim=True)
    tone = _dropped(torch, means) @ net["tone.weight"] + net["tone.bias"]
    loss = -(torch.tensor([row.tone for row in rows]) * tone.log_softmax(-1)).sum()
    seen, shares = [], []
    for at, (row, (found, first)) in enumerate(zip(rows, texts, strict=True)):
        for target, share in row.targets.items():
            starts = [first[i] for i in row.reading.at[target] if first[i] < len(found) - 1] or [0]
            seen.append(torch.cat([hidden[at, starts].mean(0), means[at]]))
            shares.append(share)
    if seen:
        target = _dropped(torch, torch.stack(seen)) @ net["target.weight"] + net["target.bias"]
        loss = loss - (torch.tensor(shares) * target.log_softmax(-1)).sum()
    return loss / len(rows)


def _dropped(torch, x):
    return torch.nn.functional.dropout(x, DROP)


def _hidden(torch, net: dict, layers: int, ids, mask):
    """As `Encoder._hidden`, with dropout."""
    f, width = torch.nn.functional, net["words"].shape[1]

    def even(x, name):
        return f.layer_norm(x, (width,), net[name + ".weight"], net[name + ".bias"], TINY)

    def linear(x, name):
        return x @ net[name + ".weight"] + net[name + ".bias"]

    x = _dropped(torch, even(net["words"][ids] + net["places"][: ids.shape[1]], "even"))
    turned_away = ((1 - mask) * HIDDEN)[:, None, None, :]
    for layer in range(layers):
        name = f"{layer}."
        mixed = linear(x, name + "attention").reshape(*ids.shape, 3, HEADS, width // HEADS)
        found = f.scaled_dot_product_attention(*mixed.permute(2, 0, 3, 1, 4), attn_mask=turned_away)
        x = even(x + _dropped(torch, linear(found.transpose(1, 2).reshape(*x.shape), name + "out")), name + "even1")
        wide = f.gelu(linear(x, name + "wide"), approximate="tanh")
        x = even(x + _dropped(torch, linear(wide, name + "narrow")), name + "even2")
    return x
