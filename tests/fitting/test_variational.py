"""The fast fit: on densities whose draws are known, it gives those draws."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats

from estimates.errors import FitError
from estimates.fitting.variational import approximate, start_of_chains

type Density = Callable[[np.ndarray], tuple[float, np.ndarray]]

SIZE = 12


def normal(covariance: np.ndarray, mean: float = 0.0) -> Density:
    precision = np.linalg.inv(covariance)

    def density(position: np.ndarray) -> tuple[float, np.ndarray]:
        away = position - mean
        return float(-0.5 * away @ precision @ away), -precision @ away

    return density


def correlated(correlation: float) -> np.ndarray:
    """Neighbouring dimensions are correlated; their standard deviations run from 0.1 to 1."""
    lag = np.abs(np.subtract.outer(np.arange(SIZE), np.arange(SIZE)))
    scale = np.geomspace(0.1, 1.0, SIZE)
    return np.outer(scale, scale) * correlation**lag


def spreads(position: np.ndarray) -> tuple[float, np.ndarray]:
    """Standard scores beside logarithms of half-normal spreads, as in the model of a corpus that teaches little."""
    scores, logs = position[:40], position[40:]
    squares = np.exp(2.0 * logs)
    return float(-0.5 * scores @ scores - 0.5 * squares.sum() + logs.sum()), np.concatenate([-scores, 1.0 - squares])


def rng(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


@pytest.mark.extended
def test_draws_of_a_correlated_normal_have_its_moments() -> None:
    """Means, standard deviations and correlations of a normal with correlations of a half come out, to sampling error."""
    covariance = correlated(0.5)
    found = approximate(normal(covariance, 3.0), np.zeros(SIZE), rng(), 1_000)
    scale = np.sqrt(np.diag(covariance))
    # 160 walkers: the error of a mean is at most 0.08 standard deviations, that of a spread 6%, of a correlation 0.06.
    assert np.abs((found.draws.mean(axis=0) - 3.0) / scale).max() < 0.32
    assert np.abs(np.log(found.draws.std(axis=0) / scale)).max() < 0.24
    assert np.diag(np.corrcoef(found.draws.T), 1).mean() == pytest.approx(0.5, abs=0.07)


def test_the_moves_are_what_finds_correlations() -> None:
    """Without moves the draws of a correlated normal are those of independent dimensions."""
    alone = approximate(normal(correlated(0.5)), np.zeros(SIZE), rng(), 1_000, moves=0)
    assert np.diag(np.corrcoef(alone.draws.T), 1).mean() == pytest.approx(0.0, abs=0.05)


@pytest.mark.extended
def test_chains_of_a_normal_begin_with_its_covariance() -> None:
    """The curvature at the centre of a normal density is the inverse of its covariance, correlations and all."""
    covariance = 0.2 * correlated(0.7) + 2e-3 * np.eye(SIZE)  # no direction is wider than a standard normal
    start = start_of_chains(normal(covariance, 3.0), np.zeros(SIZE), rng())
    np.testing.assert_allclose(start.covariance, covariance, rtol=1e-6, atol=1e-8)
    assert np.abs((start.centre - 3.0) / np.sqrt(np.diag(covariance))).max() < 0.5
    np.testing.assert_array_equal(start.draw(1), start.draw(1))


def test_chains_begin_with_a_covariance_even_where_the_density_bends_upwards() -> None:
    """Between two modes the curvature is negative; the covariance is one all the same."""

    def two_modes(position: np.ndarray) -> tuple[float, np.ndarray]:
        return float(np.log(np.cosh(2.0 * position)).sum() - 0.5 * position @ position), 2.0 * np.tanh(
            2.0 * position
        ) - position

    start = start_of_chains(two_modes, np.zeros(3), rng())
    assert start.covariance is not None
    assert (np.linalg.eigvalsh(start.covariance) > 0).all()


def test_chains_of_a_sharply_bent_density_begin_without_a_covariance() -> None:
    """A source that always says exactly twice the toll leaves a ridge a hundredth wide that turns from place to place."""
    assert start_of_chains(normal(1e-4 * np.eye(3)), np.zeros(3), rng()).covariance is None


def test_chains_begin_without_a_covariance_that_is_far_too_small() -> None:
    """A narrow peak on a wide hill: the curvature at the top tells nothing of how far draws will lie apart."""

    def density(position: np.ndarray) -> tuple[float, np.ndarray]:
        hill, peak = np.exp(-0.5 * position[0] ** 2), 0.02 * np.exp(-0.5 * (position[0] / 0.05) ** 2)
        slope = -(position[0] * hill + position[0] / 0.05**2 * peak) / (hill + peak)
        return float(np.log(hill + peak) - 0.5 * position[1] ** 2), np.array([slope, -position[1]])

    found = start_of_chains(density, np.zeros(2), rng())
    assert found.width[0] > 0.5
    assert found.covariance is None


def test_chains_of_many_dimensions_begin_without_a_covariance() -> None:
    """Warm-up is too short to learn the entries of a large one."""
    start = start_of_chains(lambda position: (-0.5 * position @ position, -position), np.ones(121), rng())
    assert start.covariance is None
    assert np.abs(np.log(start.width)).max() < np.log(2.5)  # eight fixed draws tell it no better


@pytest.mark.extended
@pytest.mark.parametrize("seed", range(3))
def test_no_walker_is_left_far_outside(seed: int) -> None:
    """Where few fixed draws make widths far too large, no draw of a spread is one that the posterior does not know."""
    found = approximate(spreads, np.zeros(60), rng(seed), 480)
    half_normal = np.exp(found.draws[:, 40:])
    # The largest of 480 x 20 draws of a half-normal lies below 4.9 with probability 0.99.
    assert half_normal.max() < 4.9
    assert np.mean(half_normal) == pytest.approx(np.sqrt(2 / np.pi), abs=0.06)
    assert np.std(found.draws[:, :40]) == pytest.approx(1.0, abs=0.06)


@pytest.mark.extended
def test_fewer_draws_than_walkers_are_of_one_walker_each() -> None:
    """A hundred draws are a hundred places, nearly independent: a normal's moments have the error of a hundred draws."""
    found = approximate(normal(np.eye(SIZE)), np.full(SIZE, 2.0), rng(), 100)
    assert found.draws.shape == (100, SIZE)
    assert len(np.unique(found.draws[:, 0])) >= 95
    assert stats.kstest(found.draws.ravel(), "norm").pvalue > 1e-3


@pytest.mark.extended
def test_bounds_of_the_density_are_kept() -> None:
    """Where the density is not finite no draw comes to lie."""

    def density(position: np.ndarray) -> tuple[float, np.ndarray]:
        if position[0] > 1.5:
            return float("nan"), np.full_like(position, np.nan)
        return float(-0.5 * position @ position), -position

    found = approximate(density, np.full(4, -1.0), rng(), 300)
    assert found.draws[:, 0].max() <= 1.5
    assert found.draws[:, 1].std() == pytest.approx(1.0, abs=0.2)


def test_a_density_that_is_not_finite_where_it_begins_is_refused() -> None:
    """The message says to check the table."""
    with pytest.raises(FitError, match="check the table"):
        approximate(lambda position: (float("nan"), position), np.zeros(3), rng(), 10)


@pytest.mark.extended
def test_the_same_seed_gives_the_same_draws() -> None:
    """All that is random comes from the generator given."""
    one, same, other = (approximate(normal(np.eye(3)), np.zeros(3), rng(seed), 50) for seed in (1, 1, 2))
    assert np.array_equal(one.draws, same.draws)
    assert not np.array_equal(one.draws, other.draws)


@pytest.mark.extended
def test_it_tells_how_far_it_is() -> None:
    """Shares of the work rise from below a fifth to one."""
    told: list[float] = []
    found = approximate(normal(np.eye(3)), np.zeros(3), rng(), 50, tell=lambda done, total: told.append(done / total))
    assert told == sorted(told)
    assert told[0] < 0.2
    assert told[-1] == pytest.approx(1.0)
    assert found.evaluations > 1_000
    assert 0.5 < found.accepted <= 1.0
