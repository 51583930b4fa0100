"""The law of sizes: its masses, and its simulating twin."""

from __future__ import annotations

import numpy as np
from helpers.engine import figure_tables, size_law
from helpers.laws import agrees
from oracles.brute_force import Parameters
from oracles.scalar_model import one, reporting

from estimates.models import size as sizes
from estimates.models.grid import make_grid
from estimates.models.size import Size
from estimates.models.wording import Words

RNG = np.random.default_rng(20200115)


def test_cell_masses_are_the_lomax_law() -> None:
    """Masses sum to one, and those of single integers are differences of the stated survival function."""
    law = Size(np.array([0.7, 1.0, 0.9]), np.array([0.6, 2.0, 3.5]), np.array([1.0, 30.0, 4.0]))
    grid = make_grid()
    mass = size_law(law, grid)
    np.testing.assert_allclose(mass.sum(axis=0), 1.0, rtol=1e-12)
    # No law falls faster than by the second power.
    shape = np.minimum(law.shape, 2.0)
    top = 1 - (1 + grid.cap / law.scale) ** -shape
    expected = law.positive * ((1 + 4 / law.scale) ** -shape - (1 + 5 / law.scale) ** -shape) / top
    np.testing.assert_allclose(mass[5], expected, rtol=1e-9)


def test_size_twin() -> None:
    """A gamma mixture of geometric laws is the law of sizes."""
    law = Size(one(0.7), one(1.3), one(4.0))
    grid = make_grid(cap=2_000)
    agrees(
        sizes.simulate(RNG, 0.7, 1.3, 4.0, 2_000, 40_000),
        size_law(law, make_grid(relative_width=0, cap=2_000))[:120, 0],
    )
    assert grid.cap == 2_000


def test_bounds_do_not_raise_tolls() -> None:
    """Sharp test c: the scale of 3,000 events known by "at least" alone is found; reading the bound as flat explodes it."""
    rng = np.random.default_rng(5)
    tolls = sizes.simulate(rng, 1.0, 1.5, 2.5, 100_000, 3_000)
    bounds = np.maximum(1, np.round(tolls * rng.beta(6.0, 1.0, 3_000))).astype(int)
    numbers, counts = np.unique(bounds, return_counts=True)
    grid = make_grid(cap=1_000_000)
    words = [Words("at_least", int(y), int(y)) for y in numbers]
    said = figure_tables(words, reporting(Parameters()), grid)[:, :, 0]
    flat = np.stack([(grid.middle >= y).astype(float) for y in numbers])
    scales = np.geomspace(0.5, 200.0, 60)

    def fitted(table: np.ndarray) -> float:
        laws = [size_law(Size(one(1.0), one(1.5), one(scale)), grid)[:, 0] for scale in scales]
        return float(scales[np.argmax([counts @ np.log(table[:, 1:] @ law[1:]) for law in laws])])

    assert 2.0 <= fitted(said) <= 4.0
    assert fitted(flat) > 50.0
