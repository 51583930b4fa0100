"""Floors: the factor below them, what several imply, and their simulating twin."""

from __future__ import annotations

import numpy as np
import pytest

from estimates.models import floor as floors
from estimates.models.grid import make_grid

RNG = np.random.default_rng(20200115)


def test_a_floor_is_one_above_and_falls_to_its_error_below() -> None:
    """The factor is one from the floor on, rises towards it below, and at zero is the error's share of one gross error."""
    grid = make_grid()
    factor = floors.likelihood(30, floors.NAMED_ERROR, grid)
    assert (factor[30:] == 1.0).all()
    assert factor[29] < 0.6
    assert (np.diff(factor[:31]) >= 0).all()
    assert factor[0] == pytest.approx(floors.NAMED_ERROR / 31, rel=1e-3)


def test_disjoint_floors_add_and_others_do_not() -> None:
    """Women and children are different people; members and civilians may not be."""
    assert floors.combine([("women", 4), ("children", 3)]) == 7
    assert floors.combine([("members", 4), ("civilians", 3)]) == 4
    assert floors.combine([]) == 0


def test_floor_twin() -> None:
    """Floors established from the dead themselves exceed the toll only as often as the error says."""
    tolls = np.full(20_000, 30)
    found = floors.simulate(RNG, tolls, 0.02, 0.9)
    assert (found > tolls).mean() < 0.02
