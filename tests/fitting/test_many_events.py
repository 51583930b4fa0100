"""Very many events: a quadratic stands for what is common, and the exact sums judge the draws."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest
from helpers.small_events import small_events

from estimates import fit, read_reports
from estimates.fitting import corpora
from estimates.fitting.corpora import Halves, Parted, corpus_of, parted
from estimates.fitting.many_events import StandIn
from estimates.fitting.quadratic import Scales, quadratic_of
from estimates.fitting.training import TrainingData, training_data
from estimates.fitting.variational import judged
from estimates.models.corpus.layout import CorpusEvent
from estimates.models.corpus.likelihood import Corpus, Layout
from estimates.models.types import Floats
from estimates.profile.effects import layout_of

WIDTH = 1e-3


def reports(count: int = 80) -> pd.DataFrame:
    """Small events, of which two have a verified toll and one is told of by a source that speaks of no other."""
    table = small_events(count, seed=4)
    names = sorted(set(table["event"]))
    table["verified"] = np.where(table["event"].isin(names[:2]), "7", None)
    once = pd.DataFrame([table[table["event"] == names[2]].iloc[0].to_dict() | {"source": "Heard once"}])
    return pd.concat([table, once], ignore_index=True)


@cache
def training() -> TrainingData:
    return training_data(read_reports(reports()))


@cache
def layout() -> Layout:
    return layout_of(training().sources, training().size_laws, training().growth_laws)


def vector(seed: int) -> Floats:
    """Values that every parameter may have."""
    return np.random.default_rng(seed).uniform(0.1, 0.4, layout().size)


@cache
def whole() -> Parted:
    """The events of the table, with those rare that are verified or told of by a source heard at most twice."""
    with pytest.MonkeyPatch.context() as changed:
        changed.setattr(corpora, "RARELY", 3)
        return Parted(*parted(training().events), layout(), 1)


def test_rare_and_common_events_are_all() -> None:
    """Each event is in one of the parts; value and slope of the parts are those of the whole, and so is what idles."""
    all_at_once = Corpus(training().events, layout())
    assert len(whole().rare_events) + len(whole().common_events) == len(training().events)
    assert whole().patterns == all_at_once.patterns
    assert whole().idle == all_at_once.idle
    for seed in range(3):
        value, slope = all_at_once.evaluate(vector(seed))
        found, of_parts = whole().evaluate(vector(seed))
        assert found == pytest.approx(value, rel=2e-3)  # grids have other cells where they hold other events
        np.testing.assert_allclose(of_parts, slope, rtol=0.05, atol=0.05)


def test_verified_tolls_and_sources_heard_once_are_rare() -> None:
    """Both verified events, and the one with the source that speaks of no other, are kept as they are."""
    rare = set(whole().rare_events)
    once = [number for number, key in enumerate(training().sources) if key.source == "Heard once"]
    for event in training().events:
        if event.toll is not None or set(once) & set(event.sources):
            assert event in rare


def test_of_too_many_rare_events_the_rarest_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those with a verified toll come first."""
    monkeypatch.setattr(corpora, "MOST_RARE", 2)
    rare, common = parted(training().events)
    assert [event.toll for event in rare] == [(7, 7), (7, 7)]
    assert len(rare) + len(common) == len(training().events)


def test_scales_lead_back_and_tell_their_slope() -> None:
    """To the scales and back is where one was; the slope is that of small differences; zero and slope at the place."""
    place, away = vector(1), vector(2)
    scales = Scales.about(layout(), place)
    np.testing.assert_allclose(scales.vector(scales.free(away)), away, rtol=1e-9)
    np.testing.assert_allclose(scales.free(place), 0.0, atol=1e-12)

    step = 1e-6
    forward, backward = (scales.vector(scales.free(away) + sign * step) for sign in (1.0, -1.0))
    np.testing.assert_allclose((forward - backward) / (2.0 * step), scales.slope(away), rtol=1e-6, atol=1e-9)


def test_the_likelihood_of_a_rare_share_is_not_skewed_on_its_scale() -> None:
    """Third differences of the log likelihood of 5 in 1,000 nearly vanish, which those by log-odds do not."""
    place = np.full(layout().size, 0.005)
    scales = Scales.about(layout(), place)
    at = int(np.flatnonzero(scales.share)[0])

    def log_likelihood(step: float) -> float:
        free = np.zeros(layout().size)
        free[at] = step
        share = scales.vector(free)[at]
        return 5.0 * np.log(share) + 995.0 * np.log1p(-share)

    width = 5.0**-0.5
    values = [log_likelihood(steps * width) for steps in (-2, -1, 1, 2)]
    assert abs(values[3] - 2.0 * values[2] + 2.0 * values[1] - values[0]) < 0.02 * 2.0  # by log-odds .45 times 2


def test_the_quadratic_touches_the_exact_sums() -> None:
    """Value and gradient are theirs at the centre; the curvature is that of differences of all events at once.

    Grids of a part of the events have other cells than those of all, so curvatures agree to a few hundredths.
    """
    exact, place = whole().common, vector(5)
    widths = np.full(layout().size, WIDTH)
    found = quadratic_of(exact, whole().common_events, layout(), place, widths, 1)
    value, gradient = exact.evaluate(place)
    at_centre, slope = found.evaluate(place)
    assert at_centre == pytest.approx(value, rel=1e-12)
    np.testing.assert_allclose(slope, gradient, rtol=1e-9, atol=1e-9)

    rng = np.random.default_rng(0)
    assert np.linalg.eigvalsh(found.curvature).min() > -1e-6
    direct = np.empty((layout().size, layout().size))
    for at in range(layout().size):
        ends = [found.scales.vector(sign * WIDTH * (np.arange(layout().size) == at)) for sign in (1.0, -1.0)]
        up, down = (exact.evaluate(end)[1] * found.scales.slope(end) for end in ends)
        direct[at] = (down - up) / (2.0 * WIDTH)
    values, vectors = np.linalg.eigh(0.5 * (direct + direct.T))
    nearest = (vectors * np.maximum(values, 0.0)) @ vectors.T
    for direction in rng.standard_normal((5, layout().size)):
        bent = direction @ found.curvature @ direction
        assert bent == pytest.approx(direction @ nearest @ direction, rel=0.05)


def test_what_does_not_move_bears_on_nothing() -> None:
    """Without a width there is neither slope nor curvature."""
    widths = np.where(np.arange(layout().size) % 2, WIDTH, 0.0)
    found = quadratic_of(whole().common, whole().common_events, layout(), vector(5), widths, 1)
    still = widths == 0.0
    assert not found.slope[still].any()
    assert not found.curvature[still].any()
    assert not found.curvature[:, still].any()


def test_a_quadratic_can_be_led_through_another_place() -> None:
    """There it has the value and the gradient that it is given, and it is bent as before; what does not move is left."""
    widths = np.where(np.arange(layout().size) % 5, WIDTH, 0.0)
    found = quadratic_of(whole().common, whole().common_events, layout(), vector(5), widths, 1)
    place = np.where(widths > 0.0, vector(6), vector(5))
    gradient = np.random.default_rng(1).standard_normal(layout().size)
    led = found.through(place, -12.5, gradient)

    value, slope = led.evaluate(place)
    assert value == pytest.approx(-12.5, abs=1e-6)
    moving = found.curvature.any(axis=1)
    np.testing.assert_allclose(slope[moving], gradient[moving], rtol=1e-6, atol=1e-6)
    assert not slope[~moving].any()
    assert (led.curvature == found.curvature).all()


def test_a_quadratic_of_ten_times_as_many_events_is_ten_times_as_high_and_bent() -> None:
    """Value and gradient of ten of each event are ten times those of one of each."""
    found = quadratic_of(whole().common, whole().common_events, layout(), vector(5), np.full(layout().size, WIDTH), 1)
    (value, slope), (more, steeper) = found.evaluate(vector(6)), found.of_more(10.0).evaluate(vector(6))
    assert more == pytest.approx(10.0 * value)
    np.testing.assert_allclose(steeper, 10.0 * slope)


def test_a_stand_in_is_rare_events_and_the_quadratic() -> None:
    """At the centre it is the whole corpus, and it remembers where it was asked."""
    place = vector(5)
    quadratic = quadratic_of(whole().common, whole().common_events, layout(), place, np.full(layout().size, WIDTH), 1)
    stand_in = StandIn(whole(), quadratic)
    value, gradient = whole().evaluate(place)
    found, slope = stand_in.evaluate(place)
    assert found == pytest.approx(value, rel=1e-12)
    np.testing.assert_allclose(slope, gradient, rtol=1e-9, atol=1e-9)
    np.testing.assert_array_equal(stand_in.vector, place)


def test_moves_that_are_judged_find_the_posterior() -> None:
    """A standard normal law stands for a wider one with another mean: mean and spread are those of the latter."""

    def density(position: Floats) -> tuple[float, Floats]:
        return -0.5 * float(position @ position), -position

    def log_ratio(position: Floats) -> float:
        away = (position - 0.3) / 1.15
        return 0.5 * float(position @ position) - 0.5 * float(away @ away)

    rng = np.random.default_rng(3)
    found = judged(density, log_ratio, rng.standard_normal((320, 3)), rng, 480, moves=6)
    error = 1.15 / np.sqrt(160)
    np.testing.assert_allclose(found.draws.mean(axis=0), 0.3, atol=4 * error)
    np.testing.assert_allclose(found.draws.std(axis=0), 1.15, atol=4 * error)
    assert found.accepted > 0.6
    assert found.left > 0.8
    assert found.sums == 320 + 6 * 160


@pytest.mark.extended
def test_a_small_fit_of_that_kind_is_the_ordinary_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 400 events, most of them common: what is learned of what all share lies where the ordinary fast fit has it.

    Both have 160 walkers, so means differ by a tenth of a standard deviation by chance, and the farthest of a dozen by
    a quarter.
    """
    table = small_events(400, seed=1)
    beside = fit(table, method="fast", cores=1)
    monkeypatch.setattr(corpora, "MANY", 100)
    monkeypatch.setattr(corpora, "VERY_MANY", 300)
    monkeypatch.setattr(corpora, "RARELY", 5)
    found = fit(table, method="fast", cores=1)

    assert found.facts["events"] == beside.facts["events"]
    assert found.facts["rounds"] >= 2
    told = ["size.killed.attack.shape", "size.killed.attack.scale", "exactness", "at_least_shift", "heaping", "scale"]
    for name in told:
        one, other = found.parameters[name], beside.parameters[name]
        assert one.mean() == pytest.approx(other.mean(), abs=0.4 * other.std())
        assert 0.7 < one.std() / other.std() < 1.4


def test_only_tables_of_many_common_events_are_parted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few events, events that are all rare, and events that are all alike are summed as before."""
    events = training().events
    alike: list[CorpusEvent] = [events[20]] * 60
    monkeypatch.setattr(corpora, "MANY", 10)
    assert isinstance(corpus_of(events, layout(), 1), Halves)
    assert isinstance(corpus_of(alike, layout(), 1), Corpus)

    monkeypatch.setattr(corpora, "VERY_MANY", 50)
    assert isinstance(corpus_of(events, layout(), 1), Halves)  # no source is heard a hundred times
    monkeypatch.setattr(corpora, "RARELY", 3)
    assert isinstance(corpus_of(events, layout(), 1), Parted)
    assert isinstance(corpus_of(alike, layout(), 1), Parted)
