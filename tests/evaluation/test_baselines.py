"""Baselines do what they say: each against its own definition, and as well as it can do."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest
from scipy import stats

from estimates.evaluation import baselines, scores
from estimates.evaluation.baselines import BASELINES, Figures, Known
from estimates.evaluation.scores import Prediction
from estimates.models import undocumented
from estimates.models.grid import make_grid
from estimates.profile.priors import PRIORS


def figures(
    low: Sequence[int],
    high: Sequence[int] | None = None,
    moment: Sequence[int] | None = None,
    types: Sequence[str] | None = None,
) -> Figures:
    return Figures(
        np.array(low, dtype=float),
        np.array(low if high is None else high, dtype=float),
        np.array(range(len(low)) if moment is None else moment, dtype=float),
        tuple(types or ["health"] * len(low)),
        np.ones(len(low)),
    )


def known(toll: int, *said: int, types: Sequence[str] | None = None) -> Known:
    return Known(figures(said, types=types), math.log1p(toll))


def ends(prediction: Prediction, level: float) -> list[int]:
    return scores.central_ranges(prediction, [level])[1][0].tolist()


def median(prediction: Prediction) -> int:
    return scores.central_ranges(prediction, [50])[0]


OTHERS = [known(40, 10, 30), known(250, 18, 21, 200), known(12, 12), known(9, 10, 8), known(500, 90)]


def test_every_baseline_gives_probabilities() -> None:
    """Each baseline is there, in the order of their names, and its probabilities sum to one and are none below zero."""
    found = baselines.predictions(figures([18, 21, 400], types=["un", "health", "security"]), OTHERS)
    assert tuple(found) == BASELINES
    for name, prediction in found.items():
        assert prediction.mass.sum() == pytest.approx(1.0, abs=1e-9), name
        assert prediction.mass.min() >= 0.0
        assert prediction.is_point == (name in baselines.STATISTICS)


def test_points_are_smallest_middle_largest_and_latest() -> None:
    """Points follow the order of numbers and of time; ties in time and ranges give their middle on the log scale."""
    found = baselines.predictions(figures([18, 21, 400, 30], high=[18, 21, 400, 60], moment=[3, 1, 3, 2]), [])
    middle = math.expm1((math.log1p(30) + math.log1p(60)) / 2)
    assert median(found["minimum"]) == 18
    assert median(found["maximum"]) == 400
    assert median(found["median"]) == round(math.expm1((math.log1p(21) + math.log1p(middle)) / 2))
    assert median(found["latest"]) == round(math.expm1((math.log1p(18) + math.log1p(400)) / 2))


def test_from_smallest_to_largest() -> None:
    """All probability lies from the smallest to the largest figure, a count's share that of its step on the log scale."""
    found = baselines.predictions(figures([18, 200, 30], high=[18, 240, 30]), [])["min to max"]
    assert scores.probability(found, 18, 240) == pytest.approx(1.0)
    for count in (18, 60, 120):
        step = math.log((count + 1.5) / (count + 0.5)) / math.log(241.5 / 18.5)
        assert scores.probability(found, count, count) == pytest.approx(step, rel=1e-9)
    alike = baselines.predictions(figures([18, 18]), [])["min to max"]
    assert scores.probability(alike, 18, 18) == pytest.approx(1.0)


def test_lognormal_is_that_of_the_figures() -> None:
    """With several figures its quantiles are those of a normal law with their mean and standard deviation of logs."""
    logs = np.log1p([18, 60, 25])
    found = baselines.predictions(figures([18, 60, 25]), OTHERS)["lognormal"]
    law = stats.norm(logs.mean(), logs.std(ddof=1))
    assert ends(found, 80) == pytest.approx(np.expm1(law.ppf([0.1, 0.9])), rel=0.03)
    assert scores.probability(found, 0, 30) == pytest.approx(law.cdf(math.log(31.5)), abs=1e-9)


@pytest.mark.parametrize("said", [[30], [30, 30]])
def test_lognormal_of_figures_that_do_not_differ_takes_the_spread_in_other_events(said: list[int]) -> None:
    """One figure, or equal ones, have the pooled standard deviation within other events, and none without those."""
    groups = [np.log1p([10, 30]), np.log1p([18, 21, 200]), np.log1p([10, 8])]
    pooled = math.sqrt(sum(((logs - logs.mean()) ** 2).sum() for logs in groups) / 4)
    found = baselines.predictions(figures(said), OTHERS)["lognormal"]
    law = stats.norm(math.log1p(30), pooled)
    assert scores.probability(found, 0, 50) == pytest.approx(law.cdf(math.log(51.5)), abs=1e-9)
    assert "lognormal" not in baselines.predictions(figures(said), [known(5, 4)])


def test_inverse_variance_follows_the_better_type_of_source() -> None:
    """A type that erred little in other events counts more, and the range narrows with the number of figures."""
    others = [known(100, 99, 20, types=["health", "security"]), known(50, 51, 300, types=["health", "security"])] * 5
    both = baselines.predictions(figures([100, 400], types=["health", "security"]), others)["inverse variance"]
    assert median(both) < 130  # with equal weights it would be 200
    four = baselines.predictions(figures([100, 100, 400, 400], types=["health"] * 2 + ["security"] * 2), others)
    wide, narrow = (math.log(high / low) for low, high in (ends(both, 80), ends(four["inverse variance"], 80)))
    assert narrow == pytest.approx(wide / math.sqrt(2), rel=0.1)


def test_inverse_variance_of_one_figure_has_the_error_of_its_type() -> None:
    """The variance is the mean squared error of the type, two figures of all types added to it."""
    others = [known(100, 60), known(100, 130), known(100, 90), known(50, 20, types=["un"])]
    errors = np.array([math.log(61 / 101), math.log(131 / 101), math.log(91 / 101)]) ** 2
    everyone = np.mean([*errors, math.log(21 / 51) ** 2])
    found = baselines.predictions(figures([80]), others)["inverse variance"]
    law = stats.norm(math.log1p(80), math.sqrt((errors.sum() + 2 * everyone) / 5))
    assert scores.probability(found, 0, 60) == pytest.approx(law.cdf(math.log(61.5)), abs=1e-9)


@pytest.mark.parametrize("statistic", baselines.RATIO_STATISTICS)
def test_ratios_are_those_of_other_events(statistic: str) -> None:
    """The median is the figure times the middle ratio, and the extreme ratios end the range of 1 - 2 / (n + 1)."""
    own = figures([150, 210, 180])
    found = baselines.predictions(own, OTHERS)[f"{statistic} x ratio"]
    ratios = sorted(event.toll - event.figures.statistics[statistic] for event in OTHERS)
    at = own.statistics[statistic]
    assert median(found) == pytest.approx(math.expm1(at + ratios[2]), rel=0.02, abs=0.6)
    low, high = ends(found, 100 * (1 - 2 / 6))
    assert low == pytest.approx(math.expm1(at + ratios[0]), rel=0.02, abs=0.6)
    assert high == pytest.approx(math.expm1(at + ratios[-1]), rel=0.02, abs=0.6)
    assert scores.probability(found, 0, 10**6) < 1.0


def test_ratios_are_calibrated_where_events_are_alike() -> None:
    """Where ratios have one heavy-tailed law, tolls fall into the baseline's ranges as often as they should."""
    rng = np.random.default_rng(3)
    pits = []
    for _ in range(250):
        logs = rng.standard_t(3, 13)
        said = np.rint(np.exp(rng.uniform(5, 7, 13))).astype(int)
        tolls = np.rint(said * np.exp(logs)).astype(int)
        others = [known(int(toll), int(figure)) for toll, figure in zip(tolls[1:], said[1:], strict=True)]
        ratios = np.array([other.toll - other.figures.statistics["latest"] for other in others])
        grid = make_grid([int(said[0])], relative_width=baselines.RELATIVE_WIDTH)
        prediction = baselines.ratio(math.log1p(said[0]), ratios, grid)
        pits.append(scores.pit(prediction, int(tolls[0]), int(tolls[0]), float(rng.random())))
    for level in (50, 80, 90, 95):
        assert scores.covered(np.array(pits), level) / 250 == pytest.approx(level / 100, abs=0.08)


def test_ratios_need_two_other_events() -> None:
    """With one other event there is no distribution of ratios, and no baseline that would need one."""
    found = baselines.predictions(figures([18, 21]), [known(40, 10)])
    assert not [name for name in found if name.endswith("x ratio")]
    assert "inverse variance" in found
    assert "inverse variance" not in baselines.predictions(figures([18, 21]), [])


@pytest.mark.parametrize("said", [1, 30, 700])
def test_undocumented_is_the_mechanism_on_the_latest_figure(said: int) -> None:
    """The latest figure with the remainder has the quantiles of draws made by the mechanism itself."""
    found = baselines.predictions(figures([5, said]), [], seed=1)["latest + undocumented"]
    rng = np.random.default_rng(4)
    strengths = PRIORS["kappa"].sample(baselines.KAPPA_DRAWS, 1)
    drawn = np.concatenate([undocumented.simulate(rng, np.full(300, said), strength) for strength in strengths])
    for count in (said - 1, said, int(said * 1.1) + 1, said * 2):
        assert scores.probability(found, 0, count) == pytest.approx(np.mean(drawn <= count), abs=0.01)


def test_none_said_is_none_left() -> None:
    """Where the latest figure is none, no undocumented dead are added, and the other baselines still have a law."""
    found = baselines.predictions(figures([0, 0]), OTHERS)
    assert scores.probability(found["latest + undocumented"], 0, 0) == 1.0
    assert scores.probability(found["min to max"], 0, 0) == pytest.approx(1.0)
    assert 0 < scores.probability(found["latest x ratio"], 0, 0) < 1
