"""The distributions a page needs, held against scipy's own."""

import numpy as np

from analysis.distributions import NORMAL_95, negative_binomial, q_values, two_sided_p


def test_normal_figures_are_scipys():
    from scipy import stats

    z = np.linspace(-9, 9, 50)
    np.testing.assert_allclose(two_sided_p(z), 2 * stats.norm.sf(np.abs(z)), rtol=1e-12)
    np.testing.assert_allclose(NORMAL_95, stats.norm.isf(0.025), rtol=1e-12)


def test_q_values_are_scipys_whatever_the_order():
    from scipy import stats

    p = np.random.default_rng(0).uniform(size=200) ** 3
    np.testing.assert_allclose(q_values(p), stats.false_discovery_control(p), rtol=1e-12)
    assert q_values([]).size == 0


def test_counts_are_as_improbable_as_scipy_says():
    from scipy import stats

    rng = np.random.default_rng(0)
    n, size, success = rng.poisson(3, 300).astype(float), rng.uniform(0.1, 50, 300), rng.uniform(0.01, 0.99, 300)
    at_most, at_least = negative_binomial(n, size, success)
    np.testing.assert_allclose(at_most, stats.nbinom.cdf(n, size, success), rtol=1e-9)
    np.testing.assert_allclose(at_least, stats.nbinom.sf(n - 1, size, success), rtol=1e-9)


def test_a_missing_count_has_no_probability():
    assert np.isnan(negative_binomial(np.array([np.nan]), 2.0, 0.5)[0]).all()
