"""Floors: nothing is left below them, what several imply, and their simulating twin."""

from __future__ import annotations

import numpy as np

from estimates.models import floor as floors
from estimates.models.grid import make_grid

RNG = np.random.default_rng(20200115)


def test_a_floor_is_one_above_and_nothing_below() -> None:
    """The factor is one from the floor on and zero below, on wide cells too."""
    for number in (30, 5_000):
        grid = make_grid([number - 1, number])
        factor = floors.likelihood(number, grid)
        assert factor.tolist() == [float(last >= number) for last in grid.edges[1:] - 1]


def test_disjoint_floors_add_and_others_do_not() -> None:
    """Women and children are different people; members and civilians may not be."""
    assert floors.combine([("women", 4), ("children", 3)]) == 7
    assert floors.combine([("members", 4), ("civilians", 3)]) == 4
    assert floors.combine([]) == 0


def test_floor_twin() -> None:
    """Lists hold any number of the dead, nobody and all of them included, equally often."""
    found = floors.simulate(RNG, np.full(40_000, 3))
    np.testing.assert_allclose(np.bincount(found) / 40_000, 0.25, atol=0.01)
    assert floors.simulate(RNG, np.zeros(5, dtype=int)).tolist() == [0] * 5
