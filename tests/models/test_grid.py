"""The grid of counts: its cells, and quantiles and draws over them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from estimates.models.grid import grid_of_case, make_grid, probability_at_least, quantiles, quantiles_of_many


def test_said_values_and_their_successors_are_edges_and_cells_stay_within_four_per_cent() -> None:
    """Every number said is a cell of its own; near them no cell is wider than 4% of its start; integers up to 128."""
    grid = make_grid([300, 5_000, 12])
    assert set(range(130)) <= set(grid.edges.tolist())
    assert {300, 301, 5_000, 5_001} <= set(grid.edges.tolist())
    near = grid.start <= 8 * 5_000
    assert (grid.width[near] <= np.maximum(1, 0.04 * grid.start[near])).all()
    assert grid.width.sum() == grid.cap + 1


@pytest.mark.parametrize("said", [7, 10_000_000, 1_000_000_000])
def test_the_cap_leaves_ten_times_the_largest_number(said: int) -> None:
    """Ten million is the cap where figures are small; larger figures move it up."""
    assert make_grid([said]).cap >= max(10_000_000, 10 * said - 1)


def test_quantiles_are_the_smallest_integers_that_reach_the_probability() -> None:
    """On a law of single integers the quantiles are those of the definition."""
    grid = make_grid(cap=100)
    mass = np.zeros(len(grid))
    mass[[3, 5, 10]] = 0.25, 0.5, 0.25
    found = quantiles(grid, mass, np.array([0.01, 0.25, 0.26, 0.5, 0.75, 0.76, 0.99]))
    assert found.tolist() == [3, 3, 5, 5, 5, 10, 10]
    assert probability_at_least(grid, mass, 5) == pytest.approx(0.75)
    assert probability_at_least(grid, mass, 11) == 0.0


def test_quantiles_of_many_laws_are_those_of_each() -> None:
    """On grids of all kinds, for laws with empty cells and with nothing but zero; to the last digit."""
    rng, probabilities = np.random.default_rng(8), np.array([0.5, 0.025, 0.975, 0.1, 0.9, 1e-9, 1 - 1e-9])
    for grid in (grid_of_case([]), grid_of_case([7]), grid_of_case([12]), make_grid([300])):
        masses = rng.random((6, len(grid))) * (rng.random((6, len(grid))) < 0.3)
        masses[:, 0] += 0.01
        masses[5, 1:] = 0.0
        found = quantiles_of_many(grid, masses, probabilities)
        for law, mass in zip(found, masses, strict=True):
            assert law.tolist() == quantiles(grid, mass, probabilities).tolist()


@given(st.lists(st.integers(0, 40), max_size=6))
def test_the_grid_of_a_case_has_its_numbers_as_edges(numbers: list[int]) -> None:
    """Every number said starts a cell and so does its successor; cells only widen, up to the cap that all share."""
    grid = grid_of_case(numbers)
    assert all(number in grid.edges and number + 1 in grid.edges for number in numbers)
    assert grid.cap == make_grid().cap
    assert (np.diff(grid.edges) > 0).all()
    assert len(grid) <= len(make_grid(numbers))
