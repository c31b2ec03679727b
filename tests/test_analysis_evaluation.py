import numpy as np
import pytest

from analysis.document import LABELS
from analysis.evaluation import calibration_error, measures


def some_answers(n=300, classes=LABELS):
    random = np.random.default_rng(7)
    labels = list(random.choice(classes, n))
    lean = np.eye(3)[[LABELS.index(label) for label in labels]]
    return labels, random.dirichlet([1, 1, 1], n) * 0.6 + 0.4 * lean * random.integers(0, 2, (n, 1)) + 1e-9


def test_figures_equal_those_of_scikit_learn():
    from sklearn.metrics import f1_score, precision_recall_fscore_support

    labels, p = some_answers()
    figures = measures(labels, p / p.sum(axis=1, keepdims=True), range(len(labels)))
    guesses = [LABELS[i] for i in p.argmax(axis=1)]
    precision, recall, f1, n = precision_recall_fscore_support(labels, guesses, labels=LABELS)
    assert figures["macro_f1"] == pytest.approx(f1_score(labels, guesses, average="macro"))
    for at, label in enumerate(LABELS):
        expected = {"n": n[at], "precision": precision[at], "recall": recall[at], "f1": f1[at]}
        assert figures["classes"][label] == pytest.approx(expected)


def test_without_neutral_labels_the_sign_of_the_score_decides():
    p = np.array([[0.2, 0.7, 0.1], [0.05, 0.9, 0.05001]])
    figures = measures(["negative", "positive"], p, range(2))
    assert figures["accuracy"] == 1.0
    assert set(figures["classes"]) == {"negative", "positive"}


def test_a_label_that_was_never_given_does_not_count_in_the_mean_of_f1():
    p = np.array([[0.8, 0.1, 0.1], [0.1, 0.8, 0.1], [0.1, 0.2, 0.7]])
    assert measures(["negative", "neutral", "neutral"], p, range(3))["macro_f1"] == pytest.approx((1 + 2 / 3) / 2)


def test_confidence_that_is_met_is_calibrated_and_boasting_is_not():
    right = np.array([True] * 8 + [False] * 2)
    assert calibration_error(np.full(10, 0.8), right) == pytest.approx(0)
    assert calibration_error(np.full(10, 1.0), right) == pytest.approx(0.2)


def test_intervals_are_the_same_each_time_and_hold_the_figure():
    labels, p = some_answers()
    once, again = (measures(labels, p, range(len(labels))) for _ in range(2))
    assert once == again
    low, high = once["accuracy_interval"]
    assert low < once["accuracy"] < high


def test_ten_labels_of_one_text_say_no_more_than_one():
    labels, p = some_answers(60)
    tenfold = labels * 10, np.tile(p, (10, 1))
    alone = np.ptp(measures(labels, p, range(60))["accuracy_interval"])
    grouped = np.ptp(measures(*tenfold, [text for _ in range(10) for text in range(60)])["accuracy_interval"])
    naive = np.ptp(measures(*tenfold, range(600))["accuracy_interval"])
    assert grouped == pytest.approx(alone, rel=0.2)
    assert naive < alone / 2


def test_surer_answers_are_righter_where_confidence_means_anything():
    labels, p = some_answers(2000)
    curve = [point["accuracy"] for point in measures(labels, p, range(2000))["coverage"] if "abstaining" not in point]
    assert curve == sorted(curve)


def test_pearson_is_that_of_score_and_valence():
    labels, p = some_answers()
    valence = p[:, 2] - p[:, 0]
    assert measures(labels, p, range(300), valence)["pearson"] == pytest.approx(1)
