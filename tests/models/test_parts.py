"""Figures of a part of the dead: the factors against sums over every integer, two kinds of loops, adjoints and twins."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from helpers.engine import figure_tables, size_law
from helpers.laws import agrees
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from oracles import brute_force

from estimates.models import parts
from estimates.models.compiled import Compiled
from estimates.models.corpus import parts_pass
from estimates.models.grid import Grid, make_grid, quantiles
from estimates.models.lanes import parts as lanes
from estimates.models.wording import Words
from estimates.profile.profile import published_profile

RNG = np.random.default_rng(20200115)
part_in_lanes, joint_in_lanes = Compiled(lanes.part_factor), Compiled(lanes.joint_factor)
part_of_vector, joint_of_vector = Compiled(parts_pass.part_factor), Compiled(parts_pass.joint_factor)
part_adjoint, joint_adjoint = Compiled(parts_pass.part_factor_adjoint), Compiled(parts_pass.joint_factor_adjoint)

#: Of values of about one.
ROUNDING = 1e-15
GRIDS = [make_grid(said, cap=cap) for said, cap in (([], 60), ([150, 340], 2_000), ([1_200, 5_000], 12_000))]


def last_counts(grid: Grid) -> np.ndarray:
    return (grid.edges[1:] - 1).astype(float)


def part_of(grid: Grid, likelihood: np.ndarray, share_all: np.ndarray) -> np.ndarray:
    """Factor of one group for likelihoods of shape (cells, draws), by the loops over draws."""
    table = likelihood.copy()
    part_in_lanes(last_counts(grid), share_all, np.empty(table.shape[1]), table)
    return table


def joint_of(grid: Grid, one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Joint factor of two groups for likelihoods of shape (cells, draws), by the loops over draws."""
    table = one.copy()
    joint_in_lanes(last_counts(grid), other, np.empty(one.shape), np.empty(one.shape[1]), table)
    return table


# Sums over every integer ----------------------------------------------------------------------------------------------


def whole_middles(grid: Grid) -> np.ndarray:
    """Cells whose middle is an integer."""
    return np.flatnonzero(grid.width % 2 == 1)


@pytest.mark.parametrize("grid", GRIDS, ids=lambda grid: str(grid.cap))
@pytest.mark.parametrize("share_all", [0.0, 0.7, 1.0])
def test_the_factor_of_a_group_is_the_sum_over_every_size(grid: Grid, share_all: float) -> None:
    """Of a likelihood that is the same for all integers of a cell; where a middle is no integer, between neighbours."""
    likelihood = RNG.gamma(0.3, size=(len(grid), 1))
    found = part_of(grid, likelihood, np.array([share_all]))[:, 0]
    dense = brute_force.part_factor(np.repeat(likelihood[:, 0], grid.width), share_all)

    # Compiled sums may be taken in any order: where next to nothing is left, to the rounding of the larger term.
    cells = whole_middles(grid)
    np.testing.assert_allclose(found[cells], dense[grid.middle[cells].astype(int)], rtol=1e-12, atol=ROUNDING)
    below, above = np.floor(grid.middle).astype(int), np.ceil(grid.middle).astype(int)
    np.testing.assert_allclose(found, (dense[below] + dense[above]) / 2, rtol=1e-4, atol=ROUNDING)


@pytest.mark.parametrize("grid", GRIDS, ids=lambda grid: str(grid.cap))
def test_the_joint_factor_is_the_sum_over_every_pair(grid: Grid) -> None:
    """Exact at every integer that is the middle of a cell, whatever the widths below it; close at the others."""
    one, other = RNG.gamma(0.3, size=(2, len(grid), 1))
    found = joint_of(grid, one, other)[:, 0]
    dense = brute_force.joint_factor(np.repeat(one[:, 0], grid.width), np.repeat(other[:, 0], grid.width))

    cells = whole_middles(grid)
    np.testing.assert_allclose(found[cells], dense[grid.middle[cells].astype(int)], rtol=1e-12)
    below, above = np.floor(grid.middle).astype(int), np.ceil(grid.middle).astype(int)
    np.testing.assert_allclose(found, (dense[below] + dense[above]) / 2, rtol=2e-3)


def bell(counts: np.ndarray, centre: float) -> np.ndarray:
    """A smooth likelihood around a number, as those of figures are apart from their atom."""
    return np.exp(-0.5 * (np.log((counts + 0.5) / centre) / 0.3) ** 2)


def errors_on(grid: Grid) -> tuple[float, float]:
    """Largest errors of both factors relative to the largest value, where likelihoods bend within cells."""
    counts = np.arange(grid.cap + 1.0)
    one, other = bell(grid.middle, 900.0)[:, None], bell(grid.middle, 400.0)[:, None]
    single = part_of(grid, one, np.array([0.3]))[:, 0]
    joint = joint_of(grid, one, other)[:, 0]

    exact_single = np.interp(grid.middle, counts, brute_force.part_factor(bell(counts, 900.0), 0.3))
    exact_joint = np.interp(grid.middle, counts, brute_force.joint_factor(bell(counts, 900.0), bell(counts, 400.0)))
    return (
        float(np.abs(single - exact_single).max() / exact_single.max()),
        float(np.abs(joint - exact_joint).max() / exact_joint.max()),
    )


def test_wide_cells_cost_the_square_of_their_width() -> None:
    """Smooth likelihoods: errors below 1e-3 on the package's grid, and four times smaller on cells half as wide."""
    assert max(errors_on(make_grid([400, 900], cap=5_000))) < 1e-3

    singles, wide = np.arange(100), np.unique(np.geomspace(100, 5_001, 81).astype(int))
    coarse, fine = (errors_on(Grid(np.concatenate([singles, edges]))) for edges in (wide[::2], wide))
    for of_wide, of_half in zip(coarse, fine, strict=True):
        assert of_wide / of_half > 3.0


# What is normalised ---------------------------------------------------------------------------------------------------


def test_figures_that_say_nothing_change_nothing() -> None:
    """The priors of sizes are proper: a likelihood of one everywhere gives a factor of one, up to ten million and zero."""
    grid = make_grid([30, 5_000])
    ones = np.ones((len(grid), 3))
    np.testing.assert_allclose(part_of(grid, ones, np.array([0.0, 0.6, 1.0])), 1.0, rtol=1e-12)
    np.testing.assert_allclose(joint_of(grid, ones, ones), 1.0, rtol=1e-11)


values_of_sizes = arrays(float, 61, elements=st.floats(0.0, 1.0))


@given(values_of_sizes, values_of_sizes, st.floats(0.0, 1.0))
def test_no_factor_is_larger_than_the_likelihood_of_the_best_size(
    one: np.ndarray, other: np.ndarray, share_all: float
) -> None:
    """They are means; a group that is everybody has its likelihood as it is; which group is the first changes nothing."""
    grid, shares = GRIDS[0], np.array([share_all, 1.0])
    first, second = (np.repeat(values[:, None], 2, axis=1) for values in (one, other))
    found = part_of(grid, first, shares)
    assert (found <= np.maximum.accumulate(first) * (1 + 1e-12) + ROUNDING).all()
    np.testing.assert_allclose(found[:, 1], first[:, 1], rtol=1e-12, atol=ROUNDING)

    joint = joint_of(grid, first, second)
    assert (joint <= first.max() * second.max() * (1 + 1e-12)).all()
    np.testing.assert_allclose(joint, joint_of(grid, second, first), rtol=1e-12, atol=1e-300)


def test_the_order_of_two_groups_does_not_matter_on_wide_cells() -> None:
    """The pairs are counted alike from either side, also where cells hold several integers."""
    one, other = RNG.gamma(0.3, size=(2, len(GRIDS[2]), 4))
    np.testing.assert_allclose(joint_of(GRIDS[2], one, other), joint_of(GRIDS[2], other, one), rtol=1e-12)


# Two kinds of loops, and adjoints -------------------------------------------------------------------------------------


@pytest.mark.parametrize("grid", [*GRIDS, make_grid([5_000])], ids=lambda grid: str(grid.cap))
def test_both_kinds_of_loops_give_the_same_factors(grid: Grid) -> None:
    """Draw for draw, with likelihoods that differ by many orders of magnitude."""
    one, other = RNG.gamma(0.1, size=(2, len(grid), 32))
    shares, last = RNG.random(32), last_counts(grid)
    single, joint = part_of(grid, one, shares), joint_of(grid, one, other)
    factor, below = np.empty((2, len(grid)))

    for draw in range(32):
        first, second = one[:, draw].copy(), other[:, draw].copy()
        part_of_vector(last, shares[draw], first, factor)
        np.testing.assert_allclose(factor, single[:, draw], rtol=1e-12)
        joint_of_vector(last, first, second, below, factor)
        np.testing.assert_allclose(factor, joint[:, draw], rtol=1e-12)


def differences(function: Callable[[np.ndarray], float], at: np.ndarray) -> np.ndarray:
    """Derivatives by central differences; exact but for rounding where the function is linear in each value."""
    found = np.empty(len(at))
    for index in range(len(at)):
        moved = at.copy()
        moved[index] += 0.5
        upper = function(moved)
        moved[index] -= 1.0
        found[index] = upper - function(moved)
    return found


@pytest.mark.parametrize("grid", GRIDS[:2], ids=lambda grid: str(grid.cap))
def test_the_adjoint_of_the_factor_of_a_group(grid: Grid) -> None:
    """Derivatives by the likelihood and by the probability to be everybody, added to what is there."""
    last, table, d_factor = last_counts(grid), RNG.random(len(grid)) + 0.5, RNG.normal(size=len(grid))
    factor, d_table = np.empty(len(grid)), np.ones(len(grid))
    d_share = part_adjoint(last, 0.3, table, d_factor, d_table)

    def total(values: np.ndarray, share_all: float) -> float:
        part_of_vector(last, share_all, values, factor)
        return float(d_factor @ factor)

    np.testing.assert_allclose(d_table - 1.0, differences(lambda values: total(values, 0.3), table), atol=1e-11)
    assert d_share == pytest.approx(total(table, 1.0) - total(table, 0.0), rel=1e-11)


@pytest.mark.parametrize("grid", GRIDS[:2], ids=lambda grid: str(grid.cap))
def test_the_adjoint_of_the_joint_factor(grid: Grid) -> None:
    """Derivatives by both likelihoods, added to what is there."""
    last, d_factor = last_counts(grid), RNG.normal(size=len(grid))
    one, other = RNG.random((2, len(grid))) + 0.5
    factor, below, d_below = np.empty((3, len(grid)))
    d_one, d_other = np.ones((2, len(grid)))

    def total(first: np.ndarray, second: np.ndarray) -> float:
        joint_of_vector(last, first, second, below, factor)
        return float(d_factor @ factor)

    by_one = differences(lambda values: total(values, other), one)
    by_other = differences(lambda values: total(one, values), other)
    total(one, other)
    joint_adjoint(last, one, other, below, d_factor, d_below, d_one, d_other)
    np.testing.assert_allclose(d_one - 1.0, by_one, atol=1e-11)
    np.testing.assert_allclose(d_other - 1.0, by_other, atol=1e-11)


# Twins ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("toll", "share_all"), [(0, 0.7), (1, 0.4), (30, 0.7), (30, 0.0)])
def test_twin_of_one_group(toll: int, share_all: float) -> None:
    """Sizes drawn for a toll follow the weights that the factor gives to every size."""
    grid = make_grid(cap=40)
    law = np.concatenate(
        [part_of(grid, np.eye(41)[:, [m]], np.array([share_all]))[toll] for m in range(41)]
    )  # the factor of a group that certainly has m dead
    agrees(parts.simulate(RNG, np.full(40_000, toll), share_all), law)


@pytest.mark.parametrize("toll", [0, 1, 7])
def test_twin_of_two_groups(toll: int) -> None:
    """Pairs of sizes drawn for a toll follow the weights that the joint factor gives to every pair."""
    grid, eye = make_grid(cap=9), np.eye(10)
    law = np.array([joint_of(grid, eye[:, [i]], eye[:, [j]])[toll, 0] for i in range(10) for j in range(10)])
    assert (law > 0).sum() == (toll + 1) * (toll + 2) // 2
    one, other = parts.simulate_pair(RNG, np.full(40_000, toll))
    agrees(10 * one + other, law)


# What the factors do --------------------------------------------------------------------------------------------------


def test_groups_that_exclude_each_other() -> None:
    """Soldiers and civilians do, women and civilians need not; no group excludes itself."""
    assert parts.exclude_each_other("soldiers", "civilians")
    assert parts.exclude_each_other("children", "women")
    assert not parts.exclude_each_other("women", "civilians")
    assert not parts.exclude_each_other("soldiers", "soldiers")


def test_soldiers_and_civilians_of_an_attack() -> None:
    """21 soldiers by one source and 9 civilians by another: about 35 dead, 80% about 18 to 67; neither 21 nor hundreds.

    By the published reporting model and sizes of attacks; nobody gave a figure of the whole.
    """
    profile, probabilities = published_profile(0, draws=32), np.array([0.1, 0.5, 0.9])
    grid = make_grid([9, 21])
    soldiers, civilians = (
        figure_tables([Words("exactly", number, number)], profile.reporting(name, "news", "neutral"), grid)[0]
        for name, number in (("a", 21), ("b", 9))
    )
    law = size_law(profile.size("killed", "attack"), grid)

    # Each draw counts by how well it explains the figures.
    both = quantiles(grid, (law * joint_of(grid, soldiers, civilians)).sum(axis=1), probabilities)
    np.testing.assert_allclose(both, [18, 35, 67], rtol=0.1)

    # Each group by itself may be everybody, so that the smaller one would pull the count towards itself.
    shares = np.full(law.shape[1], 0.7)
    apart = part_of(grid, soldiers, shares) * part_of(grid, civilians, shares)
    assert quantiles(grid, (law * apart).sum(axis=1), probabilities)[1] < 21

    # Two sources that agree on the soldiers: these may be all.
    twice = quantiles(grid, (law * part_of(grid, soldiers**2, shares)).sum(axis=1), probabilities)
    assert twice[1] == 21
    assert 25 <= twice[2] <= 32
