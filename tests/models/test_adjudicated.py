"""The adjudicated toll: a law that sums to one, drawn by its twin, and told by the loops as by sums over integers."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from helpers.laws import agrees
from hypothesis import given
from hypothesis import strategies as st

from estimates.models import adjudicated
from estimates.models.adjudicated import distribution, matrix, quantile
from estimates.models.compiled import Compiled
from estimates.models.corpus.adjudicated_pass import fill_verified, verified_gradient
from estimates.models.grid import Grid, make_grid
from estimates.models.lanes.adjudicated import new_scratch, pass_to_adjudicated
from estimates.models.lanes.arrays import LANES
from estimates.models.lanes.error_shares import borders, fill_shares, new_shares

#: Shares of errors, scales, floors and numbers at risk.
LAWS = [
    (0.7, 0.3, 1, math.inf),
    (0.7, 0.02, 1, math.inf),
    (1.0, 0.6, 7, math.inf),
    (0.4, 0.2, 12, 40),
    (0.0, 0.3, 1, math.inf),
    (1.0, 1e-4, 3, 50),
    (0.9, 0.5, 20, 20),
]

_pass, _fill_shares = Compiled(pass_to_adjudicated), Compiled(fill_shares)
_fill, _gradient = Compiled(fill_verified), Compiled(verified_gradient)


# The law --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("law", LAWS)
def test_a_count_leads_to_one_toll_within_its_ends(law: tuple[float, float, int, float]) -> None:
    """Rows sum to one; a toll is zero if and only if the count is, and lies within floor, people at risk and factor."""
    wrong, scale, floor, at_risk = law
    table = matrix(60, wrong, scale, floor, at_risk)
    np.testing.assert_allclose(table.sum(axis=1), 1.0, atol=1e-13)
    assert table.min() >= 0.0
    assert table[0, 0] == 1.0
    assert (table[1:, 0] == 0.0).all()

    counts, values = np.arange(61)[:, None], np.arange(table.shape[1])
    known = np.clip(counts, floor, at_risk)
    outside = (values < floor) | (values > at_risk) | (values > 4 * known) | (values + 0.5 < known / 4)
    assert (table[1:][outside[1:]] == 0.0).all()


def test_the_law_is_that_of_its_formula() -> None:
    """Probabilities are those of the formula written with ``math`` alone, number by number."""

    def below(ratio: float, scale: float) -> float:
        error = min(max(math.log(ratio), -math.log(4)), math.log(4))
        return 0.5 * math.exp(error / scale) if error < 0 else 1 - 0.5 * math.exp(-error / scale)

    for wrong, scale, floor, at_risk in LAWS[:4]:
        table = matrix(40, wrong, scale, floor, at_risk)
        for n in range(floor, 41):
            most = int(min(at_risk, 4 * n))
            whole = below((most + 0.5) / n, scale) - below((floor - 0.5) / n, scale)
            for k in range(floor, most + 1):
                error = (below((k + 0.5) / n, scale) - below((k - 0.5) / n, scale)) / whole
                assert table[n, k] == pytest.approx((1 - wrong) * (k == n) + wrong * error, abs=1e-13)


@pytest.mark.parametrize("law", LAWS)
def test_the_distribution_function_adds_up_the_law(law: tuple[float, float, int, float]) -> None:
    """At every integer, from zero on."""
    table = matrix(60, *law)
    found = distribution(np.arange(table.shape[1]), np.arange(61)[:, None], *law)
    np.testing.assert_allclose(found, np.cumsum(table, axis=1), atol=1e-12)


@pytest.mark.parametrize("count", [1, 2, 6, 15, 30])
@pytest.mark.parametrize("law", [*LAWS[:5], (0.9, 0.5, 15, 33)])
def test_the_twin_draws_what_the_law_says(count: int, law: tuple[float, float, int, float]) -> None:
    """Errors drawn again until they fit lead to the tolls of the formula; a chi-square test of 20,000 draws."""
    wrong, scale, floor, at_risk = law
    rng = np.random.default_rng(20200115)
    sample = adjudicated.simulate(
        rng, np.full(20_000, count), wrong=wrong, scale=scale, floor=floor, at_risk=at_risk
    )  # fmt: skip
    expected = matrix(30, *law)[count]
    if expected.max() > 1.0 - 1e-4:
        assert np.mean(sample == expected.argmax()) > 1.0 - 1e-3
    else:
        agrees(sample, expected)
    assert (adjudicated.simulate(rng, np.zeros(9, dtype=int), wrong=1.0, scale=0.3) == 0).all()


@pytest.mark.parametrize("distance", [0.0, 0.03, 0.5])
def test_the_spread_and_its_slopes(distance: float) -> None:
    """The sum of two variances; slopes as differences have them."""
    assert adjudicated.spread(0.03, 1.3, distance) ** 2 == pytest.approx(0.03**2 + (1.3 * distance) ** 2)
    step = 1e-6
    by_base = adjudicated.spread(0.03 + step, 1.3, distance) - adjudicated.spread(0.03 - step, 1.3, distance)
    by_factor = adjudicated.spread(0.03, 1.3 + step, distance) - adjudicated.spread(0.03, 1.3 - step, distance)
    expected = (by_base / (2 * step), by_factor / (2 * step))
    assert adjudicated.spread_slopes(0.03, 1.3, distance) == pytest.approx(expected, rel=1e-5, abs=1e-9)


# Quantiles ------------------------------------------------------------------------------------------------------------

counts_of_any_size = st.one_of(st.integers(1, 60), st.integers(1, 10**9))
scales = st.one_of(st.floats(1e-4, 0.6), st.sampled_from([1e-4, 0.02, 0.6]))
shares = st.one_of(st.floats(0.0, 1.0), st.sampled_from([0.0, 1.0]))


@given(st.floats(0.0, 1.0), counts_of_any_size, shares, scales, st.floats(0.0, 1.0), st.floats(1.0, 5.0), st.booleans())
def test_a_quantile_is_the_first_toll_to_reach_it(
    uniform: float, count: int, wrong: float, scale: float, low: float, high: float, ends: bool
) -> None:
    """The distribution function reaches the uniform there and not one before, to a rounding error of either."""
    floor, at_risk = (max(1, int(low * count)), float(int(high * count))) if ends else (1, math.inf)
    found = int(quantile(np.array(uniform), np.array(count), wrong, scale, floor, at_risk))
    assert floor <= found <= min(at_risk, 4 * count)

    here, before = distribution(np.array([found, found - 1.0]), np.array(count), wrong, scale, floor, at_risk)
    # A whole number of a billion is told from the next by one part in as many; so is an error from the next.
    slack = 1e-12 + 4e-16 * count / scale
    assert here >= uniform - slack
    assert before <= uniform + slack


@given(st.lists(st.floats(0.0, 1.0), min_size=2, max_size=30), counts_of_any_size, shares, scales)
def test_quantiles_never_fall(uniforms: list[float], count: int, wrong: float, scale: float) -> None:
    """However close two uniforms lie."""
    ordered = np.sort([*uniforms, *(np.nextafter(u, 0.0) for u in uniforms)])
    assert (np.diff(quantile(ordered, np.array(count), wrong, scale)) >= 0).all()


@pytest.mark.parametrize("law", LAWS)
def test_quantiles_are_tolls_of_the_law(law: tuple[float, float, int, float]) -> None:
    """On an even grid of uniforms every count has the first toll of the added-up table; a count of zero has none."""
    uniforms = (np.arange(1_000) + 0.4321) / 1_000
    table = np.cumsum(matrix(60, *law), axis=1)
    expected = np.array([np.searchsorted(row, uniforms) for row in table])
    found = quantile(uniforms, np.arange(61)[:, None], *law)
    np.testing.assert_array_equal(found, expected)
    assert (found[0] == 0).all()


def test_large_counts_scale() -> None:
    """A thousand times the count has a thousand times the quantiles, to a part in a hundred thousand."""
    uniforms = np.linspace(0.01, 0.99, 99)
    small, large = (quantile(uniforms, np.array(n), 0.7, 0.3, 1, np.inf) for n in (10**6, 10**9))
    np.testing.assert_allclose(large / 1e3, small, rtol=1e-5)


# Draws side by side ---------------------------------------------------------------------------------------------------


def cell_of(grid: Grid, count: int) -> int:
    return int(np.searchsorted(grid.edges, count, side="right")) - 1


def passed(
    grid: Grid, mass: np.ndarray, wrong: np.ndarray, scale: np.ndarray, floor: int = 1, at_risk: float = math.inf,
    run: Any = _pass, fill: Any = _fill_shares,
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """What the loops make of a mass (cells, lanes), and by what they corrected its sum."""
    scratch, shares, result = new_scratch(len(grid)), new_shares(len(grid)), mass.copy()
    first, last = cell_of(grid, floor), cell_of(grid, int(min(at_risk, grid.cap)))
    fill(wrong, scale, first, last, borders(grid), shares)
    run(result, wrong, first, last, borders(grid), shares, scratch)
    return result, scratch.rows[3]


def summed(grid: Grid, mass: np.ndarray, wrong: float, scale: float, floor: int, at_risk: float) -> np.ndarray:
    """Cumulative probability of each cell by a sum over every integer, for one mass (cells,)."""
    ends, result = grid.edges[1:] - 1, np.zeros(len(grid))
    for c in np.flatnonzero(mass):
        counts = np.arange(grid.start[c], grid.edges[c + 1])
        near = (ends * 4 + 4 >= grid.start[c]) & (grid.start <= 4 * grid.edges[c + 1])
        below = distribution(ends[near, None], counts, wrong, scale, floor, min(at_risk, grid.cap)).mean(axis=1)
        result[near] += mass[c] * below
        result[np.flatnonzero(near)[-1] + 1 :] += mass[c]
    return result


#: Figures that the grid has, the floor, the number at risk, the counts that have mass.
PASSES = [
    ([], 1, math.inf, (1,)),
    ([], 1, math.inf, (2,)),
    ([], 1, math.inf, (0, 7, 101)),
    ([], 1, math.inf, (3_000,)),
    ([1500], 1, math.inf, (1500,)),
    ([1500], 1, math.inf, range(1, 20_000, 7)),
    ([], 12, 90, (12, 40, 90)),
    ([], 40, math.inf, range(40, 5_000, 3)),
    ([400, 3000], 400, 3000, (401,)),
    ([400, 3000], 400, 3000, (403, 3000)),
    ([400, 3000], 400, math.inf, (400, 405, 410, 460)),
    ([400, 3000], 1, 3000, (2_990,)),
    ([1500, 1502], 1500, 1502, (1501,)),
    ([1500], 1500, 1500, (1500,)),
]
SCALES = np.array([0.02, 0.03, 0.06, 0.12, 0.25, 0.5])


@pytest.mark.extended
@pytest.mark.parametrize(("said", "floor", "at_risk", "counts"), PASSES, ids=range(len(PASSES)))
def test_the_loops_pass_on_what_sums_over_every_integer_say(
    said: list[int], floor: int, at_risk: float, counts: Any
) -> None:
    """Every cumulative probability to 2e-4, the sum corrected by less than that; what is zero stays so."""
    grid = make_grid([*said, 70_000] if len(said) == 1 else said)
    mass = np.zeros(len(grid))
    for count in counts:
        mass[cell_of(grid, count)] += 1.0 / (count + 1)
    mass /= mass.sum()

    scale, wrong = np.resize(SCALES, LANES), np.resize([1.0, 0.6, 1.0], LANES)
    result, corrected = passed(grid, np.repeat(mass[:, None], LANES, axis=1), wrong, scale, floor, at_risk)
    np.testing.assert_allclose(result.sum(axis=0), 1.0, atol=1e-12)
    np.testing.assert_allclose(corrected, 1.0, atol=2e-4)
    np.testing.assert_allclose(result[0], mass[0], atol=1e-15)
    assert result.min() >= 0.0

    for lane in range(len(SCALES)):
        expected = summed(grid, mass, wrong[lane], scale[lane], floor, at_risk)
        np.testing.assert_allclose(np.cumsum(result[:, lane]), expected, atol=2e-4)


def test_single_integers_are_passed_on_exactly() -> None:
    """Where cells hold one integer the loops give the law's table to 1e-9, whatever the scale."""
    grid, rng = make_grid(cap=120), np.random.default_rng(2)
    mass, wrong = rng.random((len(grid), LANES)), rng.random(LANES)
    scale = np.resize([1e-4, 1e-3, 0.005, 0.02, 0.1, 0.3, 0.6, 0.9], LANES)
    for floor, at_risk in [(1, math.inf), (5, 60), (20, 20)]:
        mass[(np.arange(121) < floor) | (np.arange(121) > at_risk)] = 0.0
        result, _ = passed(grid, mass, wrong, scale, floor, at_risk)
        for lane in range(LANES):
            table = matrix(120, wrong[lane], scale[lane], floor, min(at_risk, 120))[:, :121]
            np.testing.assert_allclose(result[:, lane], mass[:, lane] @ table, rtol=1e-9, atol=1e-9)


def test_extreme_scales_and_shares_stay_finite() -> None:
    """Scales of 1e-6 to 2, one of them one where a formula has a gap; no errors leave the mass as it was."""
    grid = make_grid([3_000])
    scale = np.resize([1e-6, 1e-4, 0.5, 1.0 - 1e-9, 1.0, 2.0], LANES)
    mass = np.random.default_rng(4).random((len(grid), LANES))
    for wrong in (0.0, 1.0):
        result, _ = passed(grid, mass, np.full(LANES, wrong), scale)
        assert np.isfinite(result).all()
        np.testing.assert_allclose(result.sum(axis=0), mass.sum(axis=0), rtol=1e-12)
        if wrong == 0.0:
            np.testing.assert_allclose(result, mass, rtol=1e-12)
    nothing, _ = passed(grid, np.zeros_like(mass), np.ones(LANES), scale)
    assert (nothing == 0.0).all()


def test_the_loops_do_compiled_what_they_do_in_plain_python() -> None:
    """To 1e-10 on a short grid with wide cells, between ends and without."""
    grid, rng = make_grid(largest_single=30, cap=300), np.random.default_rng(3)
    mass, wrong, scale = rng.random((len(grid), LANES)), rng.random(LANES), rng.uniform(0.02, 0.5, LANES)
    for floor, at_risk in [(1, math.inf), (9, 200)]:
        fast, _ = passed(grid, mass, wrong, scale, floor, at_risk)
        slow, _ = passed(grid, mass, wrong, scale, floor, at_risk, run=pass_to_adjudicated, fill=fill_shares)
        np.testing.assert_allclose(fast, slow, rtol=1e-10, atol=1e-14)


# An anchor ------------------------------------------------------------------------------------------------------------

#: Lowest and highest toll verified (negative: no end), floor and number at risk.
ANCHORS = [(20, 24, 1, math.inf), (30, -1, 1, math.inf), (10, 25, 18, 60), (0, 12, 5, math.inf), (2, 8, 10, 50),
           (40, -1, 3, 45), (70, 90, 1, 60), (0, 0, 1, math.inf), (26, 26, 26, 26)]  # fmt: skip


def verified(anchor: tuple[int, int, int, float], wrong: float, scale: float, run: Any = _fill) -> np.ndarray:
    grid = make_grid(cap=120)
    result = np.empty(len(grid))
    last, log_count = (grid.edges[1:] - 1).astype(float), grid.log_middle + np.log(grid.reference)
    run(*map(float, anchor), wrong, scale, last, log_count, result)
    return result


@pytest.mark.parametrize("anchor", ANCHORS)
@pytest.mark.parametrize(("wrong", "scale"), [(0.7, 0.3), (0.2, 0.02), (1.0, 0.5), (0.0, 0.1)])
def test_a_verified_toll_has_the_probability_of_all_it_may_be(
    anchor: tuple[int, int, int, float], wrong: float, scale: float
) -> None:
    """The sum of the law's table over the tolls verified; none for counts outside floor and people at risk."""
    low, high, floor, at_risk = anchor
    table = matrix(120, wrong, scale, floor, at_risk)
    expected = table[:, low : high + 1 if high >= 0 else None].sum(axis=1)
    expected[1:floor] = 0.0
    expected[int(min(at_risk, 120)) + 1 :] = 0.0

    found = verified(anchor, wrong, scale)
    np.testing.assert_allclose(found, expected, atol=1e-12)
    np.testing.assert_allclose(verified(anchor, wrong, scale, run=fill_verified), found, rtol=1e-11, atol=1e-15)


@pytest.mark.parametrize("anchor", ANCHORS)
@pytest.mark.parametrize("scale", [0.5, 0.2, 0.05])
def test_the_derivatives_are_those_of_differences(anchor: tuple[int, int, int, float], scale: float) -> None:
    """By the share of errors and by their scale, also where errors are cut, compiled and in plain Python."""
    grid, wrong, step = make_grid(cap=120), 0.7, 1e-6
    weights = np.random.default_rng(1).normal(0, 1, len(grid))
    last, log_count = (grid.edges[1:] - 1).astype(float), grid.log_middle + np.log(grid.reference)
    given_ = (*map(float, anchor), wrong, scale, last, log_count, weights)

    by_wrong = verified(anchor, wrong + step, scale) - verified(anchor, wrong - step, scale)
    by_scale = verified(anchor, wrong, scale + step) - verified(anchor, wrong, scale - step)
    expected = (weights @ by_wrong / (2 * step), weights @ by_scale / (2 * step))
    np.testing.assert_allclose(_gradient(*given_), expected, rtol=1e-6, atol=1e-7)
    np.testing.assert_allclose(verified_gradient(*given_), _gradient(*given_), rtol=1e-10, atol=1e-12)


def test_each_count_has_its_own_derivative() -> None:
    """Cell by cell, far ones included, for counts whose errors reach both cuts."""
    grid = make_grid(cap=120)
    last, log_count = (grid.edges[1:] - 1).astype(float), grid.log_middle + np.log(grid.reference)
    step, scale = 1e-6, 0.4
    expected = (verified((20, 90, 4, 100.0), 0.7, scale + step) - verified((20, 90, 4, 100.0), 0.7, scale - step)) / (
        2 * step
    )
    found = [
        _gradient(20.0, 90.0, 4.0, 100.0, 0.7, scale, last, log_count, one)[1] for one in np.eye(len(grid))
    ]  # fmt: skip
    np.testing.assert_allclose(found, expected, atol=1e-8)


def test_far_from_the_count_a_verified_toll_keeps_its_probability() -> None:
    """A toll fifteen scales above the count has the probability of the tail, and not what rounding leaves of one."""
    found = verified((60, 60, 1, math.inf), 1.0, 0.03)[40]
    expected = 0.5 * ((59.5 / 40) ** (-1 / 0.03) - (60.5 / 40) ** (-1 / 0.03))
    assert found == pytest.approx(expected, rel=1e-9)
