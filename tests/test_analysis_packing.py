import numpy as np

from analysis.packing import BLOCK, from_halves, to_bytes, to_halves

ROWS = np.random.default_rng(0).normal(size=(5, 3 * BLOCK)).astype(np.float32)


def unpacked(packed, scale):
    blocks = from_halves(packed, scale.shape[1]).reshape(*scale.shape, BLOCK)
    return (blocks * scale.astype(np.float32)[..., None]).reshape(len(packed), -1)


def test_half_bytes_keep_each_value_within_a_step():
    packed, scale = to_halves(ROWS)
    assert packed.nbytes == ROWS.size // 2
    assert (np.abs(unpacked(packed, scale) - ROWS) <= np.repeat(np.abs(scale), BLOCK, axis=1) + 1e-3).all()


def test_what_came_from_half_bytes_goes_back_into_them_without_loss():
    once = unpacked(*to_halves(ROWS))
    assert np.array_equal(unpacked(*to_halves(once)), once)


def test_a_block_of_nothing_stays_nothing():
    assert not unpacked(*to_halves(np.zeros((1, BLOCK), dtype=np.float32))).any()


def test_a_byte_keeps_each_value_within_half_a_step_of_its_row():
    values, scale = to_bytes(ROWS, 63)
    assert np.abs(values).max() == 63
    assert (np.abs(values * scale[:, None] - ROWS) <= scale[:, None] * 0.501).all()
