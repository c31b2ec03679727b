import numpy as np
import pandas as pd
import pytest

from analysis.bands import bands
from benchmarks.simulated import FEEDS, buckets, classes, covered


def band(day, n, score_sum):
    """The band of one bucket's stories, given one by one."""
    found = bands(classes(pd.DataFrame({"key": 0, "day": day, "n": n, "score_sum": score_sum})))
    return found[["lo", "hi"]].to_numpy()[0]


def test_single_articles_of_one_day_give_students_interval():
    from scipy import stats

    scores = np.array([0.1, 0.4, -0.2, 0.3, 0.0, 0.25])
    expected = stats.t.interval(0.95, 5, scores.mean(), stats.sem(scores))
    assert band([0] * 6, [1] * 6, scores) == pytest.approx(expected)


def test_the_variance_with_copies_by_hand():
    from scipy import stats

    # Stories of 2, 1, 1, 1 articles with tones 0.2, 0.1, 0.0, 0.2: w = (.4, .2, .2, .2), q = .28, m = .14.
    mean, q = 0.14, 0.28
    variance = 0.16 * 0.06**2 / (1 - 0.8 + q) + 0.04 * (0.04**2 + 0.14**2 + 0.06**2) / (1 - 0.4 + q)
    half = stats.t.ppf(0.975, 1 / q - 1) * np.sqrt(variance)
    assert band([0, 0, 0, 0], [2, 1, 1, 1], [0.4, 0.1, 0.0, 0.2]) == pytest.approx([mean - half, mean + half])


def test_copies_are_no_new_evidence():
    alone = band([0] * 6, [1] * 6, [0.1, 0.4, -0.2, 0.3, 0.0, 0.2])
    copied = band([0] * 6, [9] * 6, np.array([0.1, 0.4, -0.2, 0.3, 0.0, 0.2]) * 9)
    assert copied == pytest.approx(alone)


def test_a_drift_over_the_days_of_a_bucket_does_not_widen_the_band():
    days = np.repeat(range(4), 6)
    noise = np.tile([0.1, -0.1, 0.05, -0.05, 0.15, -0.15], 4)
    still, moving = band(days, [1] * 24, noise), band(days, [1] * 24, noise + np.repeat([-0.6, -0.2, 0.2, 0.6], 6))
    assert np.ptp(moving) == pytest.approx(np.ptp(still))


def test_one_story_however_often_copied_has_no_band():
    assert bands(classes(pd.DataFrame({"key": [0], "day": [0], "n": [40], "score_sum": [20.0]}))).empty


def test_bands_stay_within_the_scale():
    assert band([0, 0], [1, 1], [0.9, -0.9]) == pytest.approx([-1, 1])


@pytest.mark.parametrize("feed", FEEDS, ids=lambda feed: feed.name)
def test_bands_cover_the_truth_at_their_level(feed):
    stories, truth = buckets(feed, 2000, np.random.default_rng(7))
    assert 0.93 <= covered(bands(classes(stories)), truth) <= 0.97
