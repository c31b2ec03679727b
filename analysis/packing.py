"""Matrices in few bits, for weights on disk: a byte a value with a scale a row, or half a byte with a scale a block.

Half bytes are llama.cpp's Q4_0: a block's largest value is -8 times its scale. What came from half bytes goes back into
them without loss.
"""

import numpy as np

BLOCK = 32
"""Neighbouring values of a row that share a scale."""
EXTREME = -8
"""What a block's largest value is stored as; the rest lies between it and 7."""

Packed = tuple[np.ndarray, np.ndarray]


def to_bytes(rows: np.ndarray, most: int) -> Packed:
    """int8 of the same shape between -most and most, and a float32 scale a row."""
    scale = np.abs(rows).max(axis=1) / most
    return np.rint(rows / scale[:, None]).astype(np.int8), scale.astype(np.float32)


def to_halves(rows: np.ndarray) -> Packed:
    """uint8, rows × width / 2, the first half of each block in the low four bits; and a float16 scale a block."""
    blocks = rows.reshape(len(rows), -1, BLOCK)
    largest = np.take_along_axis(blocks, np.abs(blocks).argmax(axis=2)[..., None], axis=2)
    scale = (largest / EXTREME).astype(np.float16)
    divisor = np.where(scale == 0, 1, scale).astype(np.float32)
    values = (np.rint(blocks / divisor).clip(EXTREME, -EXTREME - 1) - EXTREME).astype(np.uint8)
    low, high = values[..., : BLOCK // 2], values[..., BLOCK // 2 :]
    return (low | high << 4).reshape(len(rows), -1), scale[..., 0]


def from_halves(packed: np.ndarray, blocks: int) -> np.ndarray:
    """The values as int8, rows × width, each to be multiplied by its block's scale."""
    packed = packed.reshape(len(packed), blocks, -1)
    values = np.concatenate([packed & 15, packed >> 4], axis=2).astype(np.int8)
    return (values + EXTREME).reshape(len(packed), -1)
