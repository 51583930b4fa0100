"""The loops over draws: compiled they do what plain Python does, and a case stands by itself."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numba
import numpy as np
import pytest
from helpers.corpora import GROWTHS, LAYOUT, NONES, NUMBERS, random_event, random_observations, vectors_of_priors
from helpers.laws import agrees

from estimates.models import compiled
from estimates.models.corpus.layout import CorpusEvent
from estimates.models.elementary import LARGEST_LOG, exp, log
from estimates.models.event import Counted, Floor, Observations, Part, Statement
from estimates.models.grid import make_grid
from estimates.models.lanes import engine
from estimates.models.lanes.arrays import LANES, Answers
from estimates.models.lanes.event import posteriors
from estimates.models.lanes.missing import ListKey
from estimates.models.missing import ListLaw, PeopleMissing
from estimates.models.wording import Words
from estimates.profile.profile import published_profile

RNG = np.random.default_rng(20200115)


def event(*statements: Statement, rising: int = 5, **known: Any) -> CorpusEvent:
    return CorpusEvent(((1.0, Observations(statements, rising_from=rising, **known)),), NUMBERS)


def part(number: int, **how: Any) -> Part:
    return Part(1, (Statement(1, 0, 0, Words("exactly", number, number)),), (0, 1, 0), **how)


SOLDIERS, WOMEN = part(4), part(2, is_certain=True)
BOTH = part(3, others=(Statement(0, 0, 1, Words("exactly", 2, 2)),), others_given=(1, 0, 0))
LISTS = (
    PeopleMissing("manifest", Words("exactly", 9, 9), 3),
    PeopleMissing("reports", Words("vague", word="dozens"), 3, is_violence=True),
)
#: Events of every kind of factor, with numbers that a short grid holds.
SMALL = [
    event(),
    event(by_now=2),
    event(Statement(0, 0, 0, Words("exactly", 7, 7)), by_now=0),
    event(Statement(1, 0, 1, Words("at_least", 12, 12)), Statement(1, 0, 2, Words("none")), rising=1, by_now=3),
    event(*(Statement(0, 0, source, Words("exactly", 20, 20)) for source in range(4)), by_now=0),
    event(
        Statement(0, 0, 3, Words("up_to", 15, 15)), Statement(2, 1, 3, Words("range", 0, 9)),
        floors=(Floor(1, 5), Floor(2, 6)), by_now=2, distance=0.5, at_risk=30,
    ),
    event(Statement(0, 0, 1, Words("exactly", 3, 3)), parts=(SOLDIERS, WOMEN, BOTH), by_now=1, numbers_given=(1, 20, 2)),
    event(*(Statement(b, b, b, NONES[b]) for b in range(3)), counted=(Counted(3, 2),), by_now=2, falling=(1, 2)),
    event(Statement(0, 0, 1, Words("exactly", 3, 3)), missing=LISTS, by_now=1),
    event(missing=LISTS[:1], at_risk=20),
    CorpusEvent(
        tuple((0.5, Observations((Statement(b, 0, 4, Words("about", 20, 20)),), by_now=b)) for b in (1, 4)),
        NUMBERS, 1, GROWTHS[2],
    ),
]  # fmt: skip


def laws_of_lists(draws: int) -> dict[ListKey, ListLaw]:
    profile = published_profile(1).first(draws)
    return {key: profile.list_law(*key) for key in (("manifest", False), ("reports", True))}


def run(events: list[CorpusEvent], draws: int, cap: int, *, by_now: bool = False, cores: int = 1) -> Answers:
    grid = make_grid((jump for each in events for _, said in each.alternatives for jump in said.jumps()), cap=cap)
    uniforms = np.random.default_rng(5).random((len(events), 2, draws))
    laws, vectors = laws_of_lists(draws), vectors_of_priors(draws)
    return engine.work_out(grid, events, LAYOUT, vectors, uniforms, by_now=by_now, list_laws=laws, cores=cores)


# Plain Python ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("by_now", [False, True], ids=["in the end", "by now"])
def test_the_loops_do_compiled_what_they_do_in_plain_python(by_now: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of one block of draws on a short grid all figures agree to 1e-12, and the tolls drawn fall into the same cells."""
    fast = run(SMALL, LANES, 40, by_now=by_now)
    monkeypatch.setattr(engine, "_posteriors", posteriors)
    slow = run(SMALL, LANES, 40, by_now=by_now)
    np.testing.assert_allclose(fast.log_marginal_likelihood, slow.log_marginal_likelihood, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(fast.mass, slow.mass, rtol=2e-7, atol=1e-30)
    np.testing.assert_array_equal(fast.cells, slow.cells)


def each(function: Callable[[float], float]) -> Callable[[np.ndarray], np.ndarray]:
    """A function of one number, compiled and taken of every number of an array."""
    compiled._register()

    def loop(numbers: Any, result: Any) -> None:
        for i in range(len(numbers)):
            result[i] = function(numbers[i])

    code = numba.njit(**compiled._OPTIONS)(loop)

    def run(numbers: np.ndarray) -> np.ndarray:
        result = np.empty_like(numbers)
        code(numbers, result)
        return result

    return run


def test_the_exponential_written_out_is_that_of_the_library() -> None:
    """To 1e-14 between the cuts on both sides, where it stays what it is there."""
    numbers = np.concatenate(
        [np.linspace(-700, 700, 200_001), RNG.normal(0, 1, 100_000), RNG.normal(0, 1e-9, 1_000), [0.0]]
    )
    found = each(exp)(numbers)
    np.testing.assert_allclose(found, [math.exp(number) for number in numbers], rtol=1e-14, atol=0)

    beyond = np.array([-np.inf, -1e300, -701.0, 701.0, 1e300, np.inf])
    cut = math.exp(LARGEST_LOG)
    np.testing.assert_allclose(each(exp)(beyond), [1 / cut] * 3 + [cut] * 3, rtol=1e-14, atol=0)
    assert [exp(number) for number in beyond] == [math.exp(-LARGEST_LOG)] * 3 + [cut] * 3


def test_the_logarithm_written_out_is_that_of_the_library() -> None:
    """To 1e-14 from the smallest normal number to the largest, beside one too; minus infinity at zero."""
    powers = np.exp(RNG.uniform(math.log(2.3e-308), math.log(1.7e308), 200_000))
    near = np.concatenate([1.0 + RNG.normal(0, 1e-6, 1_000), RNG.uniform(0.5, 2.0, 100_000), [1.0, math.sqrt(0.5)]])
    numbers = np.concatenate([powers, near, np.arange(1.0, 2_000.0)])
    np.testing.assert_allclose(each(log)(numbers), [math.log(number) for number in numbers], rtol=1e-14, atol=0)
    assert each(log)(np.array([0.0, 1.0])).tolist() == [-np.inf, 0.0]
    assert log(0.0) == -np.inf


# A case by itself -----------------------------------------------------------------------------------------------------


def parts(answers: Answers, case: int) -> tuple[np.ndarray, ...]:
    return answers.log_marginal_likelihood[case], answers.mass[case], answers.cells[case]


def test_a_case_is_worked_out_alike_alone_and_among_others() -> None:
    """To the last bit, whatever the other cases on the grid, their order, and the number of threads."""
    rng = np.random.default_rng(3)
    events = [*SMALL, *(random_event(rng, random_observations(rng), number) for number in range(8))]
    grid = make_grid(jump for each in events for _, said in each.alternatives for jump in said.jumps())
    uniforms = rng.random((len(events), 2, 100))

    def found(chosen: list[int], cores: int) -> Answers:
        return engine.work_out(
            grid, [events[i] for i in chosen], LAYOUT, vectors_of_priors(100), uniforms[chosen], cores=cores,
            list_laws=laws_of_lists(100),
        )  # fmt: skip

    every = list(range(len(events)))
    together, threads, backwards = found(every, 1), found(every, 3), found(every[::-1], 2)
    for case in every:
        alone = found([case], 1)
        for other in (parts(threads, case), parts(backwards, len(every) - 1 - case), parts(alone, 0)):
            for one, same in zip(parts(together, case), other, strict=True):
                np.testing.assert_array_equal(one[..., :100], same[..., :100])


def test_tolls_are_drawn_with_their_probabilities() -> None:
    """Over many draws of one set of parameters cells are drawn as often as the mass says, and impossible ones never."""
    draws = 20_000
    uniforms = RNG.random((1, 1, draws))
    said = event(Statement(5, 0, 0, Words("exactly", 7, 7)), floors=(Floor(5, 3),))
    found = engine.work_out(make_grid(cap=60), [said], LAYOUT, np.repeat(vectors_of_priors(1), draws, axis=0), uniforms)
    agrees(found.cells[0, 0, :draws].astype(int), found.mass[0, :, 0].astype(float))


def test_no_toll_is_drawn_beyond_the_last_cell() -> None:
    """The ends of the unit interval fall into the first and the last cell, whatever was lost in rounding."""
    ends = np.tile(np.array([0.0, 1.0 - 2.0**-53, 1.0]), (1, 1, 11))[:, :, :32]
    found = engine.work_out(make_grid(cap=60), [event()], LAYOUT, vectors_of_priors(32), ends)
    assert found.cells.min() == 0
    assert found.cells.max() <= 60
