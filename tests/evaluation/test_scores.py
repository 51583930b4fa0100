"""Scores against independent routes: sums over every integer, draws, other packages, and what makes a score proper."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from estimates.evaluation import scores
from estimates.evaluation.scores import Prediction
from estimates.models.grid import Grid, make_grid

LEVELS = scores.SCORED_LEVELS


def on_integers(mass: np.ndarray) -> Prediction:
    """A prediction with a cell for every integer."""
    return Prediction(Grid(np.arange(len(mass) + 1)), mass / mass.sum())


def poisson_like(mean: float, cap: int, dispersion: float = 3.0) -> Prediction:
    return on_integers(stats.nbinom.pmf(np.arange(cap + 1), dispersion, dispersion / (dispersion + mean)))


def on_cells(center: float = 400.0, spread: float = 0.8) -> Prediction:
    """A lognormal on a grid with wide cells."""
    grid = make_grid([150, 700], cap=20_000)
    mass = np.diff(stats.norm.cdf(np.log(grid.edges + 0.5), np.log(center), spread))
    return Prediction(grid, mass / mass.sum())


def spread_out(prediction: Prediction) -> np.ndarray:
    """Probability of every integer."""
    return np.repeat(prediction.mass / prediction.grid.width, prediction.grid.width)


PREDICTIONS = {
    "small": poisson_like(4.0, 200),
    "mostly none": on_integers(np.array([0.9, 0.06, 0.04])),
    "wide cells": on_cells(),
}


@pytest.mark.parametrize("prediction", PREDICTIONS.values(), ids=PREDICTIONS)
@pytest.mark.parametrize("count", [0, 1, 2, 7, 151, 1_234, 50_000])
def test_crps_is_the_sum_over_every_integer(prediction: Prediction, count: int) -> None:
    """The closed form over cells equals the sum of squared steps over all integers, on the grid and beyond it."""
    law = spread_out(prediction)
    size = max(len(law), count + 1)
    reached = np.cumsum(np.pad(law, (0, size - len(law))))
    integers = np.arange(size)
    squares = (reached - (integers >= count)) ** 2 * np.log((integers + 2) / (integers + 1))
    assert scores.crps(prediction, count) == pytest.approx(squares.sum(), rel=1e-5, abs=1e-9)


@pytest.mark.slow  # the other package compiles itself when it is imported
@pytest.mark.parametrize("prediction", PREDICTIONS.values(), ids=PREDICTIONS)
@pytest.mark.parametrize("count", [0, 3, 333])
def test_crps_agrees_with_draws_and_another_package(prediction: Prediction, count: int) -> None:
    """Draws of log(1 + count) give the same score by an independent implementation."""
    import scoringrules

    law = spread_out(prediction)
    drawn = np.random.default_rng(1).choice(len(law), 200_000, p=law / law.sum())
    by_draws = float(scoringrules.crps_ensemble(math.log1p(count), np.log1p(drawn.astype(float))))
    assert scores.crps(prediction, count) == pytest.approx(by_draws, abs=0.006)


def test_crps_of_a_point_is_its_distance() -> None:
    """All probability on one count: the score is the distance on the log scale, nothing at the count itself."""
    point = on_integers(np.eye(30)[20])
    assert scores.crps(point, 20) == 0.0
    for count in (0, 19, 21, 1_000):
        assert scores.crps(point, count) == pytest.approx(abs(math.log1p(count) - math.log1p(20)), rel=1e-12)


@pytest.mark.slow
def test_weighted_interval_score_is_that_of_another_package() -> None:
    """Median and intervals are weighted as in the published score."""
    import scoringrules

    lows, highs = np.array([8.0, 5.0, 3.0, 2.0]), np.array([12.0, 18.0, 25.0, 40.0])
    alpha = 1.0 - np.array(LEVELS) / 100.0
    for value in (0.0, 2.5, 10.0, 30.0, 90.0):
        own = scores.weighted_interval_score(10.0, list(zip(lows, highs, strict=True)), LEVELS, value)
        other = scoringrules.weighted_interval_score(value, 10.0, lows, highs, alpha)
        assert own == pytest.approx(float(other), rel=1e-12)


def test_weighted_interval_score_approaches_crps() -> None:
    """With many evenly spaced levels the score of quantiles is the score of the distribution."""
    prediction = PREDICTIONS["wide cells"]
    levels = np.linspace(0.5, 99.5, 199)
    median, ends = scores.central_ranges(prediction, levels)
    on_log = [(math.log1p(low), math.log1p(high)) for low, high in ends]
    for count in (40, 400, 9_000):
        wis = scores.weighted_interval_score(math.log1p(median), on_log, levels, math.log1p(count))
        assert wis == pytest.approx(scores.crps(prediction, count), rel=0.01)


def test_central_ranges_are_quantiles() -> None:
    """Ends of ranges are the smallest counts that reach the tail probabilities, summed over every integer."""
    prediction = PREDICTIONS["small"]
    reached = np.cumsum(spread_out(prediction))
    median, ends = scores.central_ranges(prediction, LEVELS)
    assert median == np.flatnonzero(reached >= 0.5)[0]
    for level, (low, high) in zip(LEVELS, ends, strict=True):
        tail = (1 - level / 100) / 2
        assert low == np.flatnonzero(reached >= tail - 1e-12)[0]
        assert high == np.flatnonzero(reached >= 1 - tail - 1e-12)[0]


@pytest.mark.parametrize("prediction", PREDICTIONS.values(), ids=PREDICTIONS)
def test_transforms_of_what_was_predicted_are_uniform(prediction: Prediction) -> None:
    """Tolls drawn from a prediction have uniform transforms, also where most of the probability is on zero."""
    rng = np.random.default_rng(2)
    law = spread_out(prediction)
    tolls = rng.choice(len(law), 1_500, p=law / law.sum())
    pits = np.array([scores.pit(prediction, toll, toll, u) for toll, u in zip(tolls, rng.random(1_500), strict=True)])
    assert stats.kstest(pits, "uniform").pvalue > 0.01
    for level in LEVELS:
        assert scores.covered(pits, level) / 1_500 == pytest.approx(level / 100, abs=0.04)


def test_transform_without_randomness_would_not_be() -> None:
    """For counts the plain distribution function is far from uniform, which is why the transform is randomised."""
    rng = np.random.default_rng(2)
    prediction = PREDICTIONS["mostly none"]
    tolls = rng.choice(3, 500, p=prediction.mass)
    pits = [scores.pit(prediction, toll, toll, 1.0) for toll in tolls]
    assert stats.kstest(pits, "uniform").pvalue < 1e-6


def test_a_range_is_scored_as_what_was_observed() -> None:
    """A toll of 51 to 103 takes the probability of all its counts, and its transform lies between its ends'."""
    prediction = PREDICTIONS["wide cells"]
    law = spread_out(prediction)
    inside, below = law[51:104].sum(), law[:51].sum()
    assert scores.log_score(prediction, 51, 103) == pytest.approx(math.log(inside))
    for uniform in (0.0, 0.3, 1.0):
        assert scores.pit(prediction, 51, 103, uniform) == pytest.approx(below + uniform * inside)
    errors = scores.score(prediction, 51, 103, 0.5)["crps"]
    assert scores.crps(prediction, 103) < errors < scores.crps(prediction, 51)
    points = np.rint(np.expm1(np.linspace(math.log(51.5), math.log(104.5), 2_001))).astype(int)
    mean = np.mean([scores.crps(prediction, point) for point in points])
    assert errors == pytest.approx(mean, rel=0.01)


def test_points_of_a_range_stay_inside_it() -> None:
    """A toll of one count is that count; the points of a range are within it, its middle on the log scale their middle."""
    assert scores.toll_points(43, 43).tolist() == [43]
    for low, high in ((0, 1), (0, 500), (51, 103), (5_951, 8_476)):
        points = scores.toll_points(low, high)
        assert low <= points.min() <= points.max() <= high
        assert np.all(np.diff(points) >= 0)
    points = scores.toll_points(5_951, 8_476)
    assert np.log1p(points).mean() == pytest.approx((math.log1p(5_951) + math.log1p(8_476)) / 2, abs=1e-3)


def test_log_score_within_a_wide_cell_is_its_density() -> None:
    """One count of a cell of several has the cell's probability divided by its width; what was ruled out scores -inf."""
    prediction = PREDICTIONS["wide cells"]
    cell = int(np.searchsorted(prediction.grid.edges, 1_000, side="right")) - 1
    width = prediction.grid.width[cell]
    assert width > 1
    count = int(prediction.grid.start[cell]) + 1
    assert scores.log_score(prediction, count, count) == pytest.approx(math.log(prediction.mass[cell] / width))
    assert scores.log_score(prediction, 10**6, 10**6) == -math.inf


@pytest.mark.parametrize("name", ["crps", "wis", "wis_count", "log_score"])
def test_no_other_prediction_expects_a_better_score(name: str) -> None:
    """Scores are proper: under the truth, the truth has a better expected score than one shifted, narrower or wider."""
    truth = poisson_like(12.0, 150)
    sign = -1.0 if name == "log_score" else 1.0

    def expected(prediction: Prediction) -> float:
        each = [scores.score(prediction, count, count, 0.5)[name] for count in range(151)]
        return sign * float(truth.mass @ np.array(each))

    best = expected(truth)
    for other in (
        poisson_like(9.0, 150),
        poisson_like(15.0, 150),
        poisson_like(12.0, 150, 8.0),
        poisson_like(12.0, 150, 1.0),
    ):
        assert best < expected(other)


def test_a_point_gives_an_error_and_nothing_else() -> None:
    """What a point cannot give is missing, never made up."""
    grid = make_grid([20])
    found = scores.score(Prediction(grid, (grid.start == 20).astype(float), is_point=True), 30, 30, 0.5)
    assert found.pop("crps") == pytest.approx(math.log(31 / 21))
    assert all(math.isnan(value) for value in found.values())


def test_covered_are_those_inside_the_central_range() -> None:
    """Transforms just inside the tails count, those just outside do not."""
    pits = np.array(
        [0.0249, 0.0251, 0.0499, 0.0501, 0.2499, 0.2501, 0.5, 0.7499, 0.7501, 0.9499, 0.9501, 0.9749, 0.9751]
    )
    assert [scores.covered(pits, level) for level in (50, 90, 95)] == [3, 7, 11]


@pytest.mark.parametrize(("trials", "level"), [(1, 50), (7, 80), (20, 90), (21, 95), (20, 50), (3_000, 90)])
def test_coverage_p_value_is_the_exact_binomial_test(trials: int, level: int) -> None:
    """The p-value equals the exact two-sided binomial test for every number of hits that is tried."""
    for hits in range(0, trials + 1, max(1, trials // 20)):
        other = stats.binomtest(hits, trials, level / 100).pvalue
        assert scores.coverage_p_value(hits, trials, level) == pytest.approx(other, rel=1e-6, abs=1e-12)


def test_log_width_counts_zero() -> None:
    """The width of a range from zero is finite, that of a point nothing."""
    assert scores.log_width(0, 9) == pytest.approx(math.log(10))
    assert scores.log_width(7, 7) == 0.0
