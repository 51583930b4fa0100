"""Coordinates in which a density is about a standard normal near its centre, whatever its parameters have in common.

Very many events tell sums and differences of parameters far more closely than the parameters themselves. Along axes of
its own each is then held in by all others: a normal approximation without correlations is too narrow, and moves that
go as far as it is wide are many steps long.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from estimates.fitting.variational import DIFFERENCE, LEAST_CURVATURE, Density
from estimates.models.types import Floats


@dataclass(frozen=True, eq=False)
class Whitening:
    """A linear map to positions from coordinates, which are zero at the centre.

    Attributes
    ----------
    centre : array, shape (dimensions,)
    factor : array, shape (dimensions, dimensions)
        A root of the inverse of the curvature there: ``position = centre + factor @ coordinates``.
    """

    centre: Floats
    factor: Floats

    @classmethod
    def about(cls, density: Density, centre: Floats) -> Whitening:
        """By the curvature of a density at a position of shape (dimensions,), from differences of its gradients.

        Directions along which it is less curved than a standard normal, or bent upwards, count as if they were curved
        like one: priors hold them.
        """
        steps = DIFFERENCE * np.eye(len(centre))
        slopes = np.array([density(centre + step)[1] - density(centre - step)[1] for step in steps])
        curvature = -0.25 * (slopes + slopes.T) / DIFFERENCE
        values, vectors = np.linalg.eigh(np.where(np.isfinite(curvature), curvature, 0.0))
        return cls(centre, vectors / np.sqrt(np.maximum(values, LEAST_CURVATURE)))

    def positions(self, coordinates: Floats) -> Floats:
        """Positions, shape (..., dimensions), of coordinates of the same shape."""
        return np.asarray(self.centre + coordinates @ self.factor.T)

    def density(self, density: Density) -> Density:
        """A density of positions as one of coordinates, but for a constant."""

        def of_coordinates(coordinates: Floats) -> tuple[float, Floats]:
            value, gradient = density(self.positions(coordinates))
            return value, gradient @ self.factor

        return of_coordinates
