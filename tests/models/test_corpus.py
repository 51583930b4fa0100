"""The loops over cells of a fit: equal to the loops over draws on the same grid, and gradients to finite differences."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from helpers.corpora import (
    GROWTHS,
    LAYOUT,
    NUMBERS,
    SAID,
    mixed_corpus,
    random_event,
    random_observations,
    vectors_of_priors,
)  # fmt: skip

from estimates.models.corpus.layout import CorpusEvent
from estimates.models.corpus.likelihood import Corpus
from estimates.models.event import Counted, Floor, Observations, Statement
from estimates.models.grid import Grid, make_grid
from estimates.models.growth import FINAL
from estimates.models.lanes.engine import work_out
from estimates.models.parameters import GROWTH_PARAMETERS, SIZE_PARAMETERS, STEP_PARAMETERS
from estimates.models.wording import NUMERIC_WORDINGS, Words


def vectors() -> np.ndarray:
    """Parameters of the five sources and the laws at every draw of the published priors."""
    return vectors_of_priors(50)


def one_draw(draw: int) -> np.ndarray:
    return vectors()[draw]


# Two kinds of loops ---------------------------------------------------------------------------------------------------


def grid_of(events: Sequence[CorpusEvent]) -> Grid:
    """A grid on which the likelihood of all these events jumps at edges only."""
    jumps = {jump for event in events for _, observations in event.alternatives for jump in observations.jumps()}
    return make_grid(jumps)


def assert_loops_agree(events: Sequence[CorpusEvent], tolerance: float = 1e-12) -> None:
    """Fail unless the loops over cells and those over draws give every log marginal likelihood alike."""
    grid = grid_of(events)
    corpus = Corpus.on(grid, events, LAYOUT)
    by_cells = np.stack([corpus.log_marginal_likelihood(vector) for vector in vectors()], axis=1)
    found = work_out(grid, events, LAYOUT, vectors(), np.empty((len(events), 0, len(vectors()))))
    by_draws = found.log_marginal_likelihood[:, : len(vectors())]
    assert np.isfinite(by_draws).all()
    np.testing.assert_allclose(by_cells, by_draws, rtol=tolerance, atol=tolerance)


@pytest.mark.extended
def test_both_kinds_of_loops_give_one_number() -> None:
    """Everything that can be said of an event, uncertain ages and laws of growth: they agree on every event and draw."""
    rng = np.random.default_rng(1)
    assert_loops_agree([random_event(rng, random_observations(rng), number) for number in range(90)])


def test_both_kinds_of_loops_read_every_wording_alike() -> None:
    """Each wording that carries a number, and "none", in the first bin and in the last."""
    assert {words.wording for words in SAID} == {*NUMERIC_WORDINGS, "none"}
    events = [
        CorpusEvent(((1.0, Observations((Statement(b, 0, 2, words),), rising_from=b)),), NUMBERS)
        for words in SAID for b in (0, FINAL)
    ]  # fmt: skip
    assert_loops_agree(events)


@pytest.mark.parametrize("number", [1, 130, 9_000, 2_000_000, 1_000_000_000])
def test_both_kinds_of_loops_agree_on_numbers_of_any_size(number: int) -> None:
    """A figure, one like it but for a fifth more, and a floor of half of it, up to a thousand million.

    The probability of one number is a difference of two that are nearly the same: of figures above ten thousand a digit
    is lost with every digit that they have more.
    """
    statements = (
        Statement(0, 0, 0, Words("exactly", number, number)),
        Statement(2, 1, 1, Words("at_least", number + number // 5, number + number // 5)),
        Statement(4, 2, 0, Words("about", number + number // 5, number + number // 5)),
    )
    floors = (Floor(1, max(1, number // 2)),)
    assert_loops_agree([CorpusEvent(((1.0, Observations(statements, floors)),), NUMBERS)], max(1e-12, 1e-16 * number))


def tied(count: int, numbers: tuple[int, ...] = NUMBERS) -> CorpusEvent:
    """An event on which so many sources say the same at one time after another one did, and one says it again later."""
    same = Words("exactly", 18, 18)
    first = Statement(0, 0, 4, same)
    together = [Statement(1, 1, source, same) for source in range(min(count, 4))]
    return CorpusEvent(((1.0, Observations((first, *together, Statement(2, 2, 0, same)))),), numbers)


@pytest.mark.parametrize("numbers", [NUMBERS, (0, 0, 0, 0, 1)])
def test_both_kinds_of_loops_average_over_the_orders_of_tied_figures(numbers: tuple[int, ...]) -> None:
    """One to four tied figures that say the same, also where the tied are learned as one source."""
    assert_loops_agree([tied(count, numbers) for count in (1, 2, 3, 4)])


# The gradient ---------------------------------------------------------------------------------------------------------


@pytest.mark.extended
def test_the_gradient_is_that_of_finite_differences() -> None:
    """Every one of the parameters, by central differences of two sizes extrapolated."""
    corpus = mixed_corpus()
    vector = one_draw(7)
    _, gradient = corpus.evaluate(vector)
    for index in range(LAYOUT.size):
        step = 2e-5 * max(1e-2, abs(vector[index]))
        rough = [slope(corpus, vector, index, step * factor) for factor in (1.0, 2.0)]
        numeric = (4.0 * rough[0] - rough[1]) / 3.0
        assert gradient[index] == pytest.approx(numeric, rel=2e-5, abs=2e-4), index


def slope(corpus: Corpus, vector: np.ndarray, index: int, step: float) -> float:
    values = []
    for sign in (1.0, -1.0):
        moved = vector.copy()
        moved[index] += sign * step
        values.append(corpus.evaluate(moved)[0])
    return (values[0] - values[1]) / (2.0 * step)


@pytest.mark.parametrize("numbers", [NUMBERS, (0, 0, 0, 0, 1)])
@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_gradients_of_tied_figures_are_those_of_finite_differences(count: int, numbers: tuple[int, ...]) -> None:
    """The same for the gradient, also where the tied are learned as one source and so share one table."""
    corpus = Corpus([tied(count, numbers)], LAYOUT)
    vector = one_draw(5)
    _, gradient = corpus.evaluate(vector)
    for index in range(LAYOUT.size):
        step = 2e-5 * max(1e-2, abs(vector[index]))
        assert gradient[index] == pytest.approx(slope(corpus, vector, index, step), rel=1e-4, abs=1e-5), index


def test_idle_parameters_are_those_that_change_nothing() -> None:
    """Figures of the final age, said once and without "at least": no step, warning, shift or update bears on them."""
    statements = tuple(Statement(5, place, place, Words("exactly", 7, 7)) for place in range(2))
    late = Corpus([CorpusEvent(((1.0, Observations(statements)),), NUMBERS)], LAYOUT)
    unsaid = {"at_least_shift", "heaping", "repeating", "whole_group"}
    unsaid |= {"phantom", "none_party", "none_stated", "none_coded", "none_fall"}
    unsaid |= {"shared_error", "shared_error_factor", "shared_error_base"}
    assert late.idle == {*GROWTH_PARAMETERS, *STEP_PARAMETERS, *unsaid}
    assert mixed_corpus().idle == frozenset()
    vector = one_draw(3)
    moved = LAYOUT.pack(
        {name: values * (0.9 if name in late.idle else 1.0) for name, values in LAYOUT.unpack(vector).items()}
    )
    assert late.total(moved) == late.total(vector)
    assert mixed_corpus().total(moved) != mixed_corpus().total(vector)


def test_copies_of_a_corpus_compute_by_themselves() -> None:
    """A corpus that went through pickle, as to another process, gives the same for one vector after another."""
    corpus = mixed_corpus()
    copied = pickle.loads(pickle.dumps(corpus))
    for draw in (3, 7, 3):
        vector = one_draw(draw)
        value, gradient = corpus.evaluate(vector)
        assert copied.evaluate(vector)[0] == value
        np.testing.assert_array_equal(copied.evaluate(vector)[1], gradient)


def test_equal_events_are_one_pattern() -> None:
    """A hundred equal events are summed once and count a hundred times; two corpora merge by adding."""
    rng = np.random.default_rng(3)
    some = [CorpusEvent(((1.0, replace(random_observations(rng), at_risk=None)),), NUMBERS) for _ in range(3)]
    vector = one_draw(3)
    many = Corpus(some * 100, LAYOUT)
    assert (many.events, many.patterns) == (300, 3)
    once, _ = Corpus(some, LAYOUT).evaluate(vector)
    assert many.evaluate(vector)[0] == pytest.approx(100 * once, rel=1e-12)


def test_coarser_grids_of_a_fit_cost_little() -> None:
    """The grids by magnitude move the log evidence of an event by less than 1e-3.

    It is 1e-2 where figures of 1,500 and 18 contradict each other, and one of them is a gross error for certain.
    """
    rng = np.random.default_rng(4)
    vector, costs = one_draw(11), []
    for _ in range(20):
        event = CorpusEvent(((1.0, replace(random_observations(rng), at_risk=None)),), NUMBERS)
        fine = Corpus([event], LAYOUT, relative_width=0.02, largest_single=512)
        coarse = Corpus([event], LAYOUT)
        moved = coarse.log_marginal_likelihood(vector)[0] - fine.log_marginal_likelihood(vector)[0]
        costs.append(abs(moved))
    assert sorted(costs)[-2] < 1e-3
    assert max(costs) < 1e-2


def test_an_event_chosen_for_its_size_says_nothing_of_how_large_events_are() -> None:
    """Of an event of 20 or more that is known only to be one, the law of sizes drops out."""
    silent = CorpusEvent(((1.0, Observations(())),), NUMBERS, selected_from=20)
    assert_says_nothing([silent])


def assert_says_nothing(events: Sequence[CorpusEvent], parameters: Sequence[str] = tuple(LAYOUT.lengths)) -> None:
    """Fail unless the log marginal likelihood does not depend on these parameters, and is zero if on none."""
    value, gradient = Corpus(events, LAYOUT).evaluate(one_draw(3))
    for name in parameters:
        assert np.abs(LAYOUT.unpack(gradient)[name]).max() < 1e-9, name
    if set(parameters) == set(LAYOUT.lengths):
        assert value == pytest.approx(0.0, abs=1e-10)


def test_an_event_whose_count_is_given_says_nothing_of_how_large_events_are() -> None:
    """Counts known without error teach growth alone; that of the end alone teaches nothing."""
    known = (Counted(1, 4), Counted(FINAL, 9))
    both = CorpusEvent(((1.0, Observations((), counted=known)),), (), 1, GROWTHS[2], given=True)
    assert_says_nothing([both, both], SIZE_PARAMETERS)
    assert np.abs(LAYOUT.unpack(Corpus([both], LAYOUT).evaluate(one_draw(3))[1])["complete_logit"]).max() > 0.01
    assert_says_nothing([CorpusEvent(((1.0, Observations((), counted=known[1:])),), (), 1, GROWTHS[2], given=True)])


@pytest.mark.parametrize("growth", GROWTHS)
def test_that_few_were_at_risk_says_nothing_of_how_large_events_are(growth: tuple[tuple[int, int], ...]) -> None:
    """The number of people at risk was known before: it bounds the counts of every bin and teaches nothing by itself."""
    bounded = [Observations((), at_risk=40, rising_from=rising, falling=(0, 1)) for rising in (1, 5)]
    alternatives = tuple(zip((0.4, 0.6), bounded, strict=True))
    assert_says_nothing([CorpusEvent(alternatives, (), 1, growth)])
    assert_says_nothing([CorpusEvent(alternatives[1:], (), 0, growth, selected_from=10)] * 3)
