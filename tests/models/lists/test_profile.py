"""The profile likelihood: its climb finds what an optimiser finds, its ends are where it falls by two units."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import expit, gammaln, logsumexp

from estimates.models.lists.classes import climb, random_points
from estimates.models.lists.likelihood import people
from estimates.models.lists.profile import Profile, profile_of


def world(seed: int, total: int = 3000, lists: int = 4) -> tuple[np.ndarray, np.ndarray]:
    """Two classes of people on four lists."""
    rng = np.random.default_rng(seed)
    on = np.vstack([rng.uniform(0.05, 0.2, lists), rng.uniform(0.4, 0.6, lists)])
    return people(rng, total, np.array([0.7, 0.3]), on)


def best_by_optimiser(patterns: np.ndarray, counts: np.ndarray, classes: int, total: float, starts: int) -> float:
    """The largest likelihood of the whole table, by BFGS without derivatives from this package."""
    cells = np.vstack([patterns, np.zeros(patterns.shape[1])])
    every = np.append(counts, total - counts.sum())

    def loss(point: np.ndarray) -> float:
        weights = np.exp(point[:classes] - logsumexp(point[:classes]))
        on = expit(point[classes:].reshape(classes, -1))
        chances = np.where(cells[:, None, :] > 0, on, 1 - on).prod(axis=2) @ weights
        return float(-(every * np.log(np.maximum(chances, 1e-300))).sum() / counts.sum())

    rng, found = np.random.default_rng(9), np.inf
    for _ in range(starts):
        start = np.concatenate([rng.normal(0, 1, classes), rng.normal(-1, 1, classes * patterns.shape[1])])
        found = min(found, minimize(loss, start, method="L-BFGS-B", options={"maxiter": 3000, "ftol": 1e-13}).fun)
    ways = gammaln(total + 1) - gammaln(total - counts.sum() + 1)
    return float(ways - found * counts.sum())


def test_the_climb_never_goes_down() -> None:
    """More rounds never end lower, and none ends below where it began."""
    patterns, counts = world(1)
    cells = np.vstack([patterns, np.zeros(4)]).astype(float)
    tables = np.tile(np.append(counts, 1000.0), (20, 1))
    points, last = random_points(np.random.default_rng(0), 20, 3, 4), np.full(20, -np.inf)
    for _ in range(8):
        points, now = climb(points, cells, tables, 3, 3)
        assert (now >= last - 1e-7).all()
        last = now


@pytest.mark.parametrize(("classes", "starts"), [(2, 6), pytest.param(3, 12, marks=pytest.mark.extended)])
def test_the_profile_is_what_an_optimiser_finds(classes: int, starts: int) -> None:
    """Differences between numbers of people agree with direct optimisation of the likelihood to .02 log units."""
    patterns, counts = world(2)
    profile = profile_of(patterns, counts, classes, 0)
    numbers = [profile.best, profile.low, profile.high or 4 * profile.best]
    direct = [best_by_optimiser(patterns, counts, classes, float(number), starts) for number in numbers]
    np.testing.assert_allclose(profile.log_factor(np.array(numbers)), np.array(direct) - direct[0], atol=0.02)


def test_ends_are_two_units_down_and_seeds_agree() -> None:
    """The profile falls by two log units at each end, whatever the seed of the starts."""
    weights, on = np.array([0.6, 0.4]), np.array([[0.25, 0.2, 0.3, 0.25], [0.7, 0.6, 0.8, 0.6]])
    patterns, counts = people(np.random.default_rng(3), 5000, weights, on)
    first, second = (profile_of(patterns, counts, 2, seed) for seed in (0, 1))
    assert first.high is not None
    np.testing.assert_allclose(first.log_factor(np.array([first.low, first.high])), -2.0, atol=0.03)
    assert (first.low, first.high) == pytest.approx((second.low, second.high), rel=0.002)
    assert first.fall.max() == 0.0
    assert first.log_factor(np.array([counts.sum() - 1.0]))[0] == -np.inf


def test_without_overlap_there_is_no_upper_end() -> None:
    """Lists that share nobody exclude small numbers only."""
    patterns, counts = np.eye(3, dtype=np.int64), np.array([40, 30, 20])
    profile = profile_of(patterns, counts, 2, 0)
    assert profile.high is None
    assert profile.low > 90


def test_three_lists_and_two_classes_are_fitted_by_a_whole_range() -> None:
    """Two classes have as many parameters as three lists have patterns: the profile is flat and open, not a range."""
    rng = np.random.default_rng(5)
    patterns, counts = people(rng, 2000, np.array([0.8, 0.2]), np.array([[0.1, 0.15, 0.2], [0.6, 0.5, 0.7]]))
    profile = profile_of(patterns, counts, 2, 0)
    assert profile.high is None or profile.high > 1.3 * profile.low


def test_lists_with_everybody_exclude_more() -> None:
    """Where each of four lists holds nine of ten people, the range is what is listed, with hardly anybody beside."""
    patterns, counts = people(np.random.default_rng(0), 500, np.array([1.0]), np.full((1, 4), 0.9))
    profile = profile_of(patterns, counts, 2, 0)
    assert profile.low == counts.sum()
    assert profile.high is not None
    assert profile.high < 1.1 * counts.sum()


def test_one_person() -> None:
    """A single person on one of three lists is profiled like any other table."""
    profile = profile_of(np.array([[1, 0, 0]]), np.array([1]), 2, 0)
    assert isinstance(profile, Profile)
    assert profile.low == 1
    assert profile.high is None


def test_patterns_that_nobody_has_may_be_left_out() -> None:
    """Rows of nobody change nothing."""
    patterns, counts = world(4, total=300)
    every = np.array([row for row in itertools.product((0, 1), repeat=4) if any(row)])
    filled = np.array([counts[(patterns == row).all(axis=1)].sum() for row in every])
    sparse, full = profile_of(patterns, counts, 2, 0), profile_of(every, filled, 2, 0)
    assert (sparse.low, sparse.high, sparse.best) == (full.low, full.high, full.best)
