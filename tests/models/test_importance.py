"""Importance weights: when they are used, and resampling by them."""

from __future__ import annotations

import numpy as np
import pytest

from estimates.models import importance

RNG = np.random.default_rng(20200115)


def test_the_pareto_shape_is_that_of_the_reference_implementation() -> None:
    """The fitted shape agrees with ArviZ's on heavy and on light tails."""
    from arviz_stats.base import array_stats

    for spread in (0.3, 1.0, 2.5):
        log_weights = spread * np.random.default_rng(3).standard_normal(1_000)
        _, expected = array_stats.psislw(-log_weights, 1.0)
        found = importance.pareto_shape(np.exp(log_weights - log_weights.max()))
        assert found == pytest.approx(float(expected), abs=0.02)


def test_weights_resting_on_few_draws_are_not_used() -> None:
    """One draw that explains everything leaves the profile as it was, and says so."""
    found = importance.from_log_marginal_likelihood(np.array([500.0, *np.zeros(999)]))
    assert not found.updated
    assert (found.values == 1e-3).all()


def test_systematic_resampling_keeps_each_share() -> None:
    """Every draw appears its share of times, rounded up or down."""
    share = RNG.dirichlet(np.ones(50))
    counts = np.bincount(importance.resample(share, 1_000, 0.5), minlength=50)
    assert (np.abs(counts - 1_000 * share) < 1 + 1e-9).all()
