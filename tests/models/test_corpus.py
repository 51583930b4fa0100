"""The fused sums of a fit: equal to the NumPy formulas on the same grid, and their gradients to finite differences."""

from __future__ import annotations

import pickle
from functools import cache

import numpy as np
import pytest
from helpers.corpora import EVENT_TYPES, LAYOUT, NUMBERS, SOURCES, TOLLS, mixed_corpus, random_observations

from estimates.models import event as events
from estimates.models.corpus.layout import CorpusEvent
from estimates.models.corpus.likelihood import Corpus
from estimates.models.event import DocumentedPrior, Observations, Statement, Workspace
from estimates.models.grid import make_grid
from estimates.models.growth import Growth, StepTables
from estimates.models.parameters import GROWTH_PARAMETERS, STEP_PARAMETERS
from estimates.models.reporting import ReportingModel
from estimates.models.size import Size
from estimates.models.wording import Words
from estimates.profile.effects import SourceKey
from estimates.profile.priors import size_law
from estimates.profile.profile import SourceProfile, published_profile


@cache
def profile() -> SourceProfile:
    return published_profile(0, draws=50)


def one_draw(draw: int) -> tuple[np.ndarray, list[ReportingModel], list[Size], list[Growth]]:
    """One parameter set: as the fused sums take it, and as the NumPy formulas do."""
    chosen, here = profile(), slice(draw, draw + 1)
    sources = [chosen.reporting(*source)[here] for source in SOURCES]
    sizes = [chosen.size("killed", kind)[here] for kind in EVENT_TYPES]
    steps = [chosen.growth(kind)[here] for kind in EVENT_TYPES]
    laws = [size_law("killed", kind) for kind in EVENT_TYPES]
    vector = chosen.vectors([SourceKey(*source) for source in SOURCES], laws, EVENT_TYPES)[draw]
    return vector, sources, sizes, steps


def numpy_log_marginal_likelihood(
    observations: Observations,
    toll: tuple[int, int] | None,
    sources: list[ReportingModel],
    size: Size,
    steps: Growth,
) -> float:
    jumps = set(observations.jumps()) | {jump for end in toll or () if end >= 0 for jump in (end - 1, end)}
    grid = make_grid(jumps)
    found = events.posterior(
        observations, sources, Workspace(grid), DocumentedPrior(grid, size, StepTables(steps, grid))
    )
    inside = slice(None) if toll is None else grid.within(toll[0], grid.cap if toll[1] < 0 else toll[1])
    return float(found.log_marginal_likelihood[0] + np.log(found.mass[inside, 0].sum()))


def test_the_fused_sums_are_the_numpy_formulas() -> None:
    """One formula, two backends: on the same grid every log evidence agrees to 1e-10, known tolls and floors included."""
    rng = np.random.default_rng(1)
    for _ in range(40):
        observations, kind = random_observations(rng), int(rng.integers(2))
        toll = TOLLS[rng.integers(len(TOLLS))]
        vector, sources, sizes, steps = one_draw(int(rng.integers(50)))
        corpus = Corpus(
            [CorpusEvent(((1.0, observations),), NUMBERS, kind, kind, toll)],
            LAYOUT,
            relative_width=0.04,
            largest_single=128,
        )
        expected = numpy_log_marginal_likelihood(observations, toll, sources, sizes[kind], steps[kind])
        assert corpus.log_marginal_likelihood(vector)[0] == pytest.approx(expected, abs=1e-10)


def test_the_gradient_is_that_of_finite_differences() -> None:
    """Every one of the parameters, by central differences of two sizes extrapolated."""
    corpus = mixed_corpus()
    vector, *_ = one_draw(7)
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


def tied(count: int, numbers: tuple[int, ...] = NUMBERS) -> CorpusEvent:
    """An event on which so many sources say the same at one time after another one did, and one says it again later."""
    same = Words("exactly", 18, 18)
    first = Statement(0, 0, 4, same)
    together = [Statement(1, 1, source, same) for source in range(min(count, 4))]
    return CorpusEvent(((1.0, Observations((first, *together, Statement(2, 2, 0, same)))),), numbers)


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_tied_figures_are_the_numpy_formulas(count: int) -> None:
    """One to four tied figures that say the same, each number of them summed in its own way: the formulas to 1e-10."""
    event = tied(count)
    vector, sources, sizes, steps = one_draw(5)
    corpus = Corpus([event], LAYOUT, relative_width=0.04, largest_single=128)
    expected = numpy_log_marginal_likelihood(event.alternatives[0][1], None, sources, sizes[0], steps[0])
    assert corpus.log_marginal_likelihood(vector)[0] == pytest.approx(expected, abs=1e-10)


@pytest.mark.parametrize("numbers", [NUMBERS, (0, 0, 0, 0, 1)])
@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_gradients_of_tied_figures_are_those_of_finite_differences(count: int, numbers: tuple[int, ...]) -> None:
    """The same for the gradient, also where the tied are learned as one source and so share one table."""
    corpus = Corpus([tied(count, numbers)], LAYOUT)
    vector, *_ = one_draw(5)
    _, gradient = corpus.evaluate(vector)
    for index in range(LAYOUT.size):
        step = 2e-5 * max(1e-2, abs(vector[index]))
        assert gradient[index] == pytest.approx(slope(corpus, vector, index, step), rel=1e-4, abs=1e-5), index


def test_idle_parameters_are_those_that_change_nothing() -> None:
    """Figures of the final age, said once and without "at least": no step, warning, shift or update bears on them."""
    statements = tuple(Statement(5, place, place, Words("exactly", 7, 7)) for place in range(2))
    late = Corpus([CorpusEvent(((1.0, Observations(statements)),), NUMBERS)], LAYOUT)
    assert late.idle == {*GROWTH_PARAMETERS, *STEP_PARAMETERS, "at_least_shift", "heaping", "repeating"}
    assert mixed_corpus().idle == frozenset()
    vector, *_ = one_draw(3)
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
        vector, *_ = one_draw(draw)
        value, gradient = corpus.evaluate(vector)
        assert copied.evaluate(vector)[0] == value
        np.testing.assert_array_equal(copied.evaluate(vector)[1], gradient)


def test_equal_events_are_one_pattern() -> None:
    """A hundred equal events are summed once and count a hundred times; two corpora merge by adding."""
    rng = np.random.default_rng(3)
    some = [CorpusEvent(((1.0, random_observations(rng)),), NUMBERS) for _ in range(3)]
    vector, *_ = one_draw(3)
    many = Corpus(some * 100, LAYOUT)
    assert (many.events, many.patterns) == (300, 3)
    once, _ = Corpus(some, LAYOUT).evaluate(vector)
    assert many.evaluate(vector)[0] == pytest.approx(100 * once, rel=1e-12)


def test_coarser_grids_of_a_fit_cost_little() -> None:
    """The grids by magnitude move the log evidence of an event by less than 2e-3."""
    rng = np.random.default_rng(4)
    vector, *_ = one_draw(11)
    for _ in range(20):
        event = CorpusEvent(((1.0, random_observations(rng)),), NUMBERS)
        fine = Corpus([event], LAYOUT, relative_width=0.02, largest_single=512)
        coarse = Corpus([event], LAYOUT)
        assert coarse.log_marginal_likelihood(vector)[0] == pytest.approx(
            fine.log_marginal_likelihood(vector)[0], abs=2e-3
        )


def test_an_event_chosen_for_its_size_says_nothing_of_how_large_events_are() -> None:
    """Given that a toll is at least 20, a verified toll of exactly those is certain: the law of sizes drops out."""
    silent = CorpusEvent(((1.0, Observations(())),), NUMBERS, toll=(20, -1), selected_from=20)
    vector, *_ = one_draw(3)
    value, gradient = Corpus([silent], LAYOUT).evaluate(vector)
    assert value == pytest.approx(0.0, abs=1e-12)
    assert np.abs(gradient).max() < 1e-10
