"""Coordinates in which a density is a standard normal near its centre."""

from __future__ import annotations

import numpy as np

from estimates.fitting.variational import LEAST_CURVATURE, approximate
from estimates.fitting.whitening import Whitening
from estimates.models.types import Floats

SIZE = 12
CENTRE = np.linspace(-1.0, 2.0, SIZE)


def precision() -> Floats:
    """That of a normal law whose parameters are known closely together, by their sum, and poorly apart."""
    return np.eye(SIZE) + 400.0 * np.ones((SIZE, SIZE))


def density(position: Floats) -> tuple[float, Floats]:
    away = position - CENTRE
    bent = precision() @ away
    return -0.5 * float(away @ bent), -bent


def test_a_correlated_normal_law_becomes_a_standard_one() -> None:
    """In whitened coordinates value and gradient are those of independent standard normals, and positions lead back."""
    whitening = Whitening.about(density, CENTRE)
    white = whitening.density(density)
    for coordinates in np.random.default_rng(1).standard_normal((5, SIZE)):
        value, gradient = white(coordinates)
        np.testing.assert_allclose(value, -0.5 * coordinates @ coordinates, rtol=1e-6)
        np.testing.assert_allclose(gradient, -coordinates, rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(whitening.positions(np.zeros((3, SIZE))), np.tile(CENTRE, (3, 1)))


def test_the_covariance_of_drawn_coordinates_is_that_of_the_law() -> None:
    """Standard normal coordinates become positions with the inverse of the precision."""
    drawn = np.random.default_rng(0).standard_normal((200_000, SIZE))
    found = np.cov(Whitening.about(density, CENTRE).positions(drawn).T)
    wanted = np.linalg.inv(precision())
    scale = np.sqrt(np.outer(np.diag(wanted), np.diag(wanted)))
    assert np.abs((found - wanted) / scale).max() < 0.02


def test_a_normal_approximation_is_too_narrow_along_the_axes_and_not_in_whitened_coordinates() -> None:
    """Without correlations the widths are a small part of the law's; whitened they are about one, and the mean is right.

    The approximation knows a density by eight draws, so each single width is off by a fifth or two.
    """
    rng = np.random.default_rng
    along_axes = approximate(density, CENTRE, rng(1), 10, moves=0)
    marginal = np.sqrt(np.diag(np.linalg.inv(precision())))
    assert np.median(along_axes.width / marginal) < 0.4

    whitening = Whitening.about(density, CENTRE + 0.3)
    found = approximate(whitening.density(density), np.zeros(SIZE), rng(1), 10, moves=0)
    assert 0.8 < np.median(found.width) < 1.3
    np.testing.assert_allclose(whitening.positions(found.centre), CENTRE, atol=0.05)


def test_directions_that_are_bent_upwards_are_held_by_the_prior() -> None:
    """Where a density rises away from its centre, or is flat, coordinates go as far as if its curvature were that of a prior."""

    def saddle(position: Floats) -> tuple[float, Floats]:
        bent = np.array([4.0, -3.0, 0.0])
        return -0.5 * float(bent @ position**2), -bent * position

    lengths = np.sort(np.linalg.norm(Whitening.about(saddle, np.zeros(3)).factor, axis=0))
    np.testing.assert_allclose(lengths, [0.5, LEAST_CURVATURE**-0.5, LEAST_CURVATURE**-0.5], rtol=1e-6)
