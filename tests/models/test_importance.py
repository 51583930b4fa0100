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


@pytest.mark.parametrize("spread", [0.0, 0.3, 1.0])
def test_weights_that_the_draws_bear_are_taken_as_they_are(spread: float) -> None:
    """With a hundred effective draws and a light tail the power is one, and weights follow the likelihood."""
    logs = spread * np.random.default_rng(3).standard_normal(1_000) - 800.0
    found = importance.from_log_marginal_likelihood(logs)
    assert found.power == 1.0
    np.testing.assert_allclose(found.values, np.exp(logs - logs.max()) / np.exp(logs - logs.max()).sum())
    assert found.effective_draws == found.whole_effective_draws == pytest.approx(1 / np.sum(found.values**2))


def borne(logs: np.ndarray, power: float) -> bool:
    """Whether a thousand draws bear a power of the likelihoods."""
    weights = np.exp(power * (logs - logs.max()))
    weights /= weights.sum()
    return bool(1 / np.sum(weights**2) >= 100 and importance.pareto_shape(weights) <= 0.7)


@pytest.mark.parametrize(
    "logs",
    [
        4.0 * np.random.default_rng(3).standard_normal(1_000),
        40.0 * np.random.default_rng(4).standard_normal(1_000) - 5_000.0,
        -30.0 * np.random.default_rng(5).exponential(1.0, 1_000),
        2.0 * np.random.default_rng(6).standard_t(3, 1_000),
        np.random.default_rng(7).pareto(2.5, 1_000),
    ],
    ids=["wide", "very wide", "bounded", "heavy", "heavier"],
)
def test_weights_beyond_the_draws_take_the_largest_power_they_bear(logs: np.ndarray) -> None:
    """At that power a hundred effective draws are left and the tail is fair; a little above it one of these fails."""
    found = importance.from_log_marginal_likelihood(logs)
    assert 0.0 < found.power < 1.0
    assert borne(logs, found.power)
    assert not borne(logs, found.power * 1.001)
    assert found.effective_draws >= importance.FEWEST_EFFECTIVE_DRAWS
    assert found.pareto_shape <= importance.LARGEST_PARETO_SHAPE
    assert found.whole_effective_draws < found.effective_draws
    np.testing.assert_allclose(found.values, importance.powered(logs, found.power))


def test_one_draw_never_explains_everything() -> None:
    """A single draw that alone agrees with the figures gets no more weight than the others leave room for."""
    found = importance.from_log_marginal_likelihood(np.array([500.0, *np.zeros(999)]))
    assert found.whole_effective_draws == pytest.approx(1.0)
    assert found.effective_draws >= 100
    assert found.values.max() < 0.1


def test_likelihoods_too_wild_for_any_power_are_left_out() -> None:
    """Where even the logarithms of the likelihoods have too heavy a tail, all draws weigh the same."""
    found = importance.from_log_marginal_likelihood(np.random.default_rng(7).pareto(1.2, 1_000))
    assert found.power == 0.0
    np.testing.assert_allclose(found.values, 1e-3)


def test_equal_weights_are_no_evidence() -> None:
    """Without evidence every draw weighs the same, to the power of zero."""
    found = importance.equal_weights(50)
    assert (found.values == 0.02).all()
    assert (found.power, found.effective_draws) == (0.0, 50.0)


def test_systematic_resampling_keeps_each_share() -> None:
    """Every draw appears its share of times, rounded up or down."""
    share = RNG.dirichlet(np.ones(50))
    counts = np.bincount(importance.resample(share, 1_000, 0.5), minlength=50)
    assert (np.abs(counts - 1_000 * share) < 1 + 1e-9).all()
