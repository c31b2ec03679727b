import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.bands import bands

DAYS = pd.date_range("2021-01-04", periods=31)


def classes(key, day, n, score_sum):
    """The classes `bands` reads, of stories given one by one."""
    frame = pd.DataFrame({"key": key, "day": day, "n": n, "s1": score_sum, "s2": np.square(score_sum), "stories": 1})
    frame = frame.groupby(["key", "day", "n"], as_index=False)[["stories", "s1", "s2"]].sum()
    return frame.assign(bucket=DAYS[0])


def band(day, n, score_sum):
    found = bands(classes("", np.array(day), np.array(n), np.array(score_sum, dtype=float)))
    return found[["lo", "hi"]].to_numpy()[0]


def test_single_articles_of_one_day_give_students_interval():
    scores = np.array([0.1, 0.4, -0.2, 0.3, 0.0, 0.25])
    expected = stats.t.interval(0.95, 5, scores.mean(), stats.sem(scores))
    assert band([0] * 6, [1] * 6, scores) == pytest.approx(expected)


def test_the_variance_with_copies_by_hand():
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
    assert bands(classes("", np.array([0]), np.array([40]), np.array([20.0]))).empty


def test_bands_stay_within_the_scale():
    assert band([0, 0], [1, 1], [0.9, -0.9]) == pytest.approx([-1, 1])


def coverage(rng, buckets, days, draw_counts, copies, rho=0.0, weekend=1.0):
    """Share of simulated buckets whose band holds the mean of their days' true tones, weighted by articles."""
    weekday = np.where(np.arange(days) % 7 >= 5, weekend, 1.0)
    tone = np.zeros((buckets, days))
    shocks = rng.normal(0, 0.1, (buckets, days))
    for day in range(days):
        tone[:, day] = (rho * tone[:, day - 1] if day else 0) + shocks[:, day]
    counts = draw_counts(rng, (buckets, days), weekday)
    key, day = (np.repeat(index.ravel(), counts.ravel()) for index in np.indices(counts.shape))
    n = copies(rng, len(key))
    truth_of_story = np.tanh(0.2 + tone[key, day])
    scores = np.clip(truth_of_story + rng.uniform(-0.6, 0.6, len(key)), -1, 1)
    # Clipping pulls the mean in a little: the truth is the mean of clipped scores, by its closed form.
    truth_of_story = clipped_mean(truth_of_story, 0.6)
    found = bands(classes(key, day, n, scores * n))
    truth = np.bincount(key, truth_of_story * n, buckets) / np.bincount(key, n, buckets).clip(1)
    held = (found["lo"] <= truth[found["key"]]) & (truth[found["key"]] <= found["hi"])
    return held.mean()


def clipped_mean(centre, reach):
    """Mean of clip(U, -1, 1) for U uniform on centre -/+ reach."""
    over = np.clip(centre + reach - 1, 0, None)
    under = np.clip(-1 - (centre - reach), 0, None)
    return centre - (over**2 - under**2) / (4 * reach)


def poisson(mean):
    return lambda rng, shape, weekday: rng.poisson(mean * weekday, shape)


def single(rng, size):
    return np.ones(size, dtype=int)


def copied(rng, size):
    """Three stories of four are alone, one of a hundred runs on ten sites or more."""
    return np.minimum(rng.zipf(2.4, size), 60)


def dominated(rng, size):
    """A wire text on up to sixty sites outweighs everything else of its week."""
    return np.minimum(rng.zipf(1.9, size), 60)


@pytest.mark.parametrize(
    ("name", "days", "counts", "copies", "rho", "weekend"),
    [
        ("few stories a week", 7, poisson(1.2), single, 0.0, 1.0),
        ("a day of eight stories", 1, poisson(8), single, 0.0, 1.0),
        ("many copies", 7, poisson(3), copied, 0.0, 1.0),
        ("a year of weekdays, each day its own block", 28, poisson(12), single, 0.9, 0.3),
        ("one story on sixty sites", 7, poisson(3), dominated, 0.0, 1.0),
        ("all at once", 28, poisson(4), copied, 0.8, 0.3),
        ("all at once, one story on sixty sites", 28, poisson(4), dominated, 0.8, 0.3),
        ("weekend cycle and autocorrelated tone", 28, poisson(2), single, 0.8, 0.3),
        ("a month of many stories", 28, poisson(20), copied, 0.5, 0.3),
    ],
)
def test_bands_cover_the_truth_at_their_level(name, days, counts, copies, rho, weekend):
    assert 0.93 <= coverage(np.random.default_rng(7), 3000, days, counts, copies, rho, weekend) <= 0.97, name
