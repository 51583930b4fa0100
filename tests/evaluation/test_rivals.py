"""Rivals that know the class: closed forms by hand, what they learn from, and what never reaches them."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from estimates.evaluation import rivals, scores
from estimates.evaluation.baselines import Figures, Known
from estimates.evaluation.classes import CLASSES, VIOLENT_TYPES, class_of
from estimates.evaluation.rivals import DOUBLING, RIVALS
from estimates.evaluation.scores import Prediction
from estimates.vocabulary import EVENT_TYPES


def figures(said: Sequence[float], ages: Sequence[float] | None = None) -> Figures:
    """Figures in order of time, by default a day old each."""
    numbers = np.array(said, dtype=float)
    days = np.ones(len(numbers)) if ages is None else np.array(ages, dtype=float)
    return Figures(numbers, numbers, np.arange(len(numbers), dtype=float), ("health",) * len(numbers), days)


def known(toll: float, said: float, age: float = 1.0) -> Known:
    return Known(figures([said], [age]), math.log1p(toll))


def below(prediction: Prediction, count: int) -> float:
    """P(count or fewer)."""
    return scores.probability(prediction, 0, count)


# Exponential growth ---------------------------------------------------------------------------------------------------


def test_the_rate_of_figures_that_grow_exponentially_is_found() -> None:
    """Figures that are the share 1 - exp(-a t) of their tolls, whatever their ages, give back their rate a."""
    ages = np.array([0.25, 1.0, 2.0, 6.0])
    ratios = -np.log(1.0 - np.exp(-0.7 * ages))
    assert rivals.growth_rate(ratios, ages) == pytest.approx(0.7, rel=1e-6)


def test_the_rate_of_figures_of_one_age_has_a_closed_form() -> None:
    """At one age t the share reported is exp(-mean of the log ratios), so that a = -log(1 - share) / t."""
    ratios = np.log([2.0, 4.0, 8.0])
    share = math.exp(-ratios.mean())  # 1/4
    assert share == pytest.approx(0.25)
    assert rivals.growth_rate(ratios, np.full(3, 2.0)) == pytest.approx(-math.log(1 - share) / 2.0, rel=1e-6)


def test_exponential_growth_is_a_lognormal_law_by_hand() -> None:
    """Others of one age double in the geometric mean: twice the figure, with their residuals' sd times sqrt(4/3)."""
    others = [known(100, 100), known(200, 100), known(400, 100)]
    found = rivals.predictions(figures([30]), others)["latest, exponential growth"]
    law = stats.norm(math.log(60), np.std(np.log([1, 2, 4]), ddof=1) * math.sqrt(4 / 3))
    for count in (20, 60, 150):
        assert below(found, count) == pytest.approx(law.cdf(math.log(count + 0.5)), abs=1e-6)


def test_a_younger_figure_grows_more() -> None:
    """With a rate of log 2 a day, a figure of half a day is 1 - 2**-.5 of the toll and one of two days three quarters."""
    others = [known(200, 100), known(400, 200), known(100, 50)]
    for age, share in ((0.5, 1 - 2**-0.5), (2.0, 0.75)):
        found = rivals.predictions(figures([300], [age]), others)["latest, exponential growth"]
        median, _ = scores.central_ranges(found, [50])
        assert median == pytest.approx(300 / share, rel=0.01)


def test_what_never_grows_stays_as_it_is() -> None:
    """Where no toll of the class exceeds its figure all is reported at once, and the law is that figure alone."""
    found = rivals.predictions(figures([30]), [known(12, 12), known(40, 40), known(7, 7)])
    assert scores.probability(found["latest, exponential growth"], 30, 30) == pytest.approx(1.0)


# Ratios and doubling --------------------------------------------------------------------------------------------------


def test_ratios_in_class_have_the_others_ratios_as_quantiles() -> None:
    """With three ratios 1, 2 and 8 the figure times these are the quartiles."""
    others = [known(10, 10), known(200, 100), known(80, 10)]
    found = rivals.predictions(figures([500, 400]), others)
    for statistic, figure in (("latest", 400), ("maximum", 500)):
        law = found[f"{statistic} x ratio in class"]
        for share, ratio in ((0.25, 1.0), (0.5, 2.0), (0.75, 8.0)):
            assert below(law, int(figure * ratio)) == pytest.approx(share, abs=0.01)


@pytest.mark.parametrize(("age", "factor"), [(0.5, 2.0), (2.5, 2.0), (3.0, 1.0), (20.0, 1.0)])
def test_doubling_doubles_what_is_young(age: float, factor: float) -> None:
    """Figures of the days 0 to 2 are doubled; the spread is the root mean square of the errors of that in the others."""
    others = [known(200, 100), known(400, 100), known(100, 50, age=10.0)]
    found = rivals.predictions(figures([40], [age]), others)[DOUBLING]
    errors = np.log([1.0, 2.0, 2.0])
    law = stats.norm(math.log(40 * factor), math.sqrt((errors**2).mean() * (1 + 1 / 3)))
    for count in (30, 80, 200):
        assert below(found, count) == pytest.approx(law.cdf(math.log(count + 0.5)), abs=1e-4)


def test_the_age_is_that_of_the_figure_used() -> None:
    """The latest figure has its own age, the largest the age at which it was said last."""
    mixed = figures([90, 90, 40], [0.5, 1.5, 2.5])
    assert mixed.ages_of == {"latest": 2.5, "maximum": 1.5}


# What is learned from, and what is not --------------------------------------------------------------------------------


def test_events_without_a_figure_or_a_toll_above_zero_are_left_out() -> None:
    """A figure or a toll of 0 gives no ratio: such events are neither learned from nor predicted."""
    usable = [known(200, 100), known(30, 10), known(9, 3)]
    with_zeros = [*usable, known(0, 5), known(7, 0), known(0, 0)]
    for name, found in rivals.predictions(figures([30]), with_zeros).items():
        assert np.array_equal(found.mass, rivals.predictions(figures([30]), usable)[name].mass)
    assert rivals.predictions(figures([0]), usable) == {}
    assert set(rivals.predictions(figures([6, 0]), usable)) == {name for name in RIVALS if name.startswith("maximum")}


def test_two_other_events_are_needed() -> None:
    """With one other event of the class there is nothing to learn a spread from."""
    assert rivals.predictions(figures([30]), [known(200, 100)]) == {}
    assert tuple(rivals.predictions(figures([30]), [known(200, 100), known(30, 10)])) == RIVALS


_EVENTS = st.lists(
    st.tuples(st.integers(0, 3_000), st.integers(0, 3_000), st.floats(0.1, 30.0)), min_size=0, max_size=6
)


@settings(max_examples=40, deadline=None)
@given(_EVENTS, st.integers(0, 3_000), st.floats(0.1, 30.0))
def test_every_rival_gives_probabilities(events: list[tuple[int, int, float]], said: int, age: float) -> None:
    """Whatever the others are, laws sum to one and are none below zero."""
    found = rivals.predictions(figures([said], [age]), [known(*event) for event in events])
    for prediction in found.values():
        assert prediction.mass.sum() == pytest.approx(1.0)
        assert prediction.mass.min() >= 0.0


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 500), st.floats(0.1, 10.0)), min_size=3, max_size=6), st.integers(2, 9))
def test_a_law_scales_with_its_figure(events: list[tuple[int, float]], factor: int) -> None:
    """All figures of the class as they were and the event's own so many times larger: so are the ranges."""
    others = [known(3 * said, said, age) for said, age in events]
    one, more = (rivals.predictions(figures([1_000 * times], [1.0]), others) for times in (1, factor))
    for name in RIVALS:
        ends, wider = (scores.central_ranges(found[name], [80])[1].ravel() for found in (one, more))
        assert wider == pytest.approx(factor * ends, rel=0.05)


def test_every_type_of_event_has_a_class() -> None:
    """Seven kinds of violence, landmines among them; every other type is a disaster, accidents in mines too."""
    assert {class_of(name) for name in EVENT_TYPES} == set(CLASSES)
    assert all(class_of(name) == "violence" for name in VIOLENT_TYPES)
    assert class_of("landmine") == "violence"
    assert class_of("earthquake") == class_of("unknown") == class_of("mine_accident") == "disasters"
