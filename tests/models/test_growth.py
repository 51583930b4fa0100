"""The steps of growth: they keep certainty, and draw what the formulas say."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from helpers.engine import StepsOf, posterior_of
from helpers.laws import agrees
from oracles.brute_force import Figure, Parameters, Step
from oracles.scalar_model import growth, one, reporting, size, solve, words

from estimates.models import growth as steps
from estimates.models.event import Floor, Observations, Statement
from estimates.models.grid import make_grid
from estimates.models.growth import BINS, STEPS, Growth
from estimates.models.lanes.arrays import LANES

RNG = np.random.default_rng(20200115)
#: Rising and falling.
WAYS = list(product((False, True), repeat=2))


def many_growths(count: int) -> Growth:
    rng = np.random.default_rng(1)
    return Growth(
        rng.normal(0, 3, (count, STEPS)),
        rng.uniform(0, 1, count),
        np.exp(rng.normal(1, 1, (count, STEPS))),
        rng.uniform(0, 1, count),
        rng.uniform(0.05, 1, count),
        rng.uniform(0, 1, count),
        np.exp(rng.normal(1, 1, count)),
        rng.exponential(1, count),
        rng.normal(3, 1, count),
        rng.exponential(1, count),
    )


def test_a_step_keeps_certainty() -> None:
    """Sharp test a: step(1) = 1 to 1e-12 on every cell, for any parameters, rising, falling or neither."""
    grid = make_grid([150, 9_000])
    law = StepsOf(many_growths(LANES), grid)
    ones = np.ones((len(grid), LANES))
    for index in range(STEPS):
        for rising, falling in WAYS:
            np.testing.assert_allclose(law.up(index, ones, rising=rising, falling=falling), 1.0, atol=1e-12)


def test_pushing_down_is_the_adjoint_of_passing_up() -> None:
    """Sum of prior times step(L) equals sum of the pushed-down prior times L, which keeps the mass as well."""
    grid = make_grid([150])
    law = StepsOf(many_growths(LANES), grid)
    likelihood, mass = RNG.random((2, len(grid), LANES))
    mass /= mass.sum(axis=0)
    for index, (rising, falling) in product(range(STEPS), WAYS):
        up = law.up(index, likelihood, rising=rising, falling=falling)
        down = law.down(index, mass, rising=rising, falling=falling)
        np.testing.assert_allclose((up * mass).sum(axis=0), (likelihood * down).sum(axis=0), rtol=1e-12)
        np.testing.assert_allclose(down.sum(axis=0), 1.0, rtol=1e-12)


@pytest.mark.parametrize(("rising", "falling"), WAYS)
def test_a_step_lists_the_children_of_every_parent(rising: bool, falling: bool) -> None:
    """On single integers a step is the matrix that the oracle writes out, child by child."""
    parameters = replace(Parameters(), complete_logit=(0.5, 1.0, 0.0, -1.0, 2.0), shape=(3.0, 2.0, 1.0, 40.0, 0.7))
    grid = make_grid(relative_width=0, cap=LANES - 1)
    law, parents = StepsOf(growth(parameters), grid), np.eye(LANES)
    for index in range(STEPS):
        oracle = Step(parameters, index, LANES - 1, rising=rising, falling=falling)
        for parent in range(LANES):
            children = law.down(index, parents[:, [parent]], rising=rising, falling=falling)[:, 0]
            np.testing.assert_allclose(children, oracle.row(parent), rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("bin_index", range(BINS))
def test_a_figure_that_says_nothing_changes_nothing(bin_index: int) -> None:
    """Sharp test a: a likelihood of one in any bin, before, between or after the others, leaves the posterior as it was."""
    figures = [Figure("a", "exactly", 18, 18, bin=1), Figure("b", "exactly", 30, 30, bin=3, place=1)]
    parameters, names = Parameters(), ["a", "b"]
    grid, expected = solve(parameters, figures, cap=20_000, relative_width=0.04)
    said = tuple(Statement(f.bin, f.place, names.index(f.source), words(f)) for f in figures)
    observations = Observations(said, (Floor(bin_index, 0),), numbers_given=(0, 2, 0), by_now=3, at_risk=20_000)
    found = posterior_of(
        observations,
        sources=[reporting(parameters)] * 2,
        size=size(parameters),
        growth=growth(parameters),
        grid=grid,
    )
    assert found.log_marginal_likelihood[0] == pytest.approx(expected.log_marginal_likelihood[0], abs=1e-12)
    np.testing.assert_allclose(found.mass, expected.mass, rtol=1e-6, atol=1e-12)


@pytest.mark.parametrize("toll", [0, 1, 2, 30])
def test_growth_twin(toll: int) -> None:
    """The mechanism of a step draws what the adjoint of the closed form says."""
    grid = make_grid(relative_width=0, cap=100)
    law = Growth(
        np.full((1, STEPS), 0.5), one(0.4), np.full((1, STEPS), 2.5), one(0.2), one(0.3), one(0.3), one(5.0),
        *(one(0.0) for _ in range(3)),
    )  # fmt: skip
    parent = np.zeros((len(grid), 1))
    parent[toll] = 1.0
    child = StepsOf(law, grid).down(0, parent)[:, 0]

    drawn = steps.simulate(
        RNG,
        np.full(40_000, toll),
        complete_logit=0.5,
        slope=0.4,
        shape=2.5,
        low_share=0.2,
        low_shape=0.3,
        over_share=0.3,
        over_shape=5.0,
    )
    agrees(np.minimum(drawn, grid.cap), child)
