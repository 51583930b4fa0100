"""The loops over draws, asked about single cases and single formulas with parameters that a test gives."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from estimates.models import wording as forms
from estimates.models.corpus.layout import Arrays, CorpusEvent, lay_out_on
from estimates.models.corpus.likelihood import Layout
from estimates.models.event import Observations, Statement
from estimates.models.grid import Grid, make_grid
from estimates.models.growth import FINAL, STEPS, Growth
from estimates.models.lanes import adjudicated as of_borders
from estimates.models.lanes import engine, error_shares, growth
from estimates.models.lanes.arrays import LANES, Block, Scratch, Tables, new_scratch, new_tables
from estimates.models.lanes.event import _begin_likelihood
from estimates.models.lanes.factors import multiply_bin
from estimates.models.lanes.missing import lay_out_lists
from estimates.models.parameters import GROWTH_PARAMETERS, REPORTING_PARAMETERS, SOURCE_PARAMETERS
from estimates.models.reporting import ReportingModel
from estimates.models.size import Size
from estimates.models.wording import Words

#: Tables of figures made at once.
TOGETHER = 100


class Posterior(NamedTuple):
    """What is found for one case.

    Attributes
    ----------
    log_marginal_likelihood : array, shape (draws,)
    mass : array, shape (cells, draws)
        In single precision.
    """

    log_marginal_likelihood: np.ndarray
    mass: np.ndarray


def anybody() -> ReportingModel:
    """A source for cases in which nobody speaks, one draw."""
    names = ReportingModel.__dataclass_fields__
    return ReportingModel(**{name: np.array([0.1]) for name in names})


def no_size() -> Size:
    """A law of sizes where none matters, one draw."""
    return Size(np.array([0.9]), np.array([1.5]), np.array([2.5]))


def no_growth() -> Growth:
    """Steps where none matter, one draw."""
    half, steps = np.array([0.5]), np.full((1, STEPS), 0.5)
    return Growth(steps, half, steps, *(half,) * 7)


def vectors_of(sources: Sequence[ReportingModel], size: Size, steps: Growth) -> tuple[Layout, np.ndarray]:
    """The layout, and the vectors of shape (draws, layout.size); what all sources share is that of the first."""
    layout, first = Layout(len(sources), 1, 1, 1), sources[0]
    draws = max(len(first.bias), len(size.shape), len(steps.slope))
    for source in sources:
        assert all((getattr(source, name) == getattr(first, name)).all() for name in REPORTING_PARAMETERS)

    values = {name: np.stack([getattr(source, name) for source in sources], axis=-1) for name in SOURCE_PARAMETERS}
    values |= {name: getattr(first, name)[:, None] for name in REPORTING_PARAMETERS}
    values |= {"positive": size.positive[:, None], "shape": size.shape[:, None], "scale_of_size": size.scale[:, None]}
    values |= {"complete_logit": steps.complete_logit, "documented_shape": steps.shape}
    of_groups = {name: getattr(steps, "slope" if name == "complete_slope" else name) for name in GROWTH_PARAMETERS}
    values |= {name: numbers[:, None] for name, numbers in of_groups.items()}
    rows = [np.broadcast_to(values[name], (draws, length)) for name, length in layout.lengths.items()]
    return layout, np.concatenate(rows, axis=1)


def posterior_of(
    observations: Observations | Sequence[tuple[float, Observations]],
    *,
    sources: Sequence[ReportingModel],
    size: Size,
    growth: Growth,
    grid: Grid,
    by_now: bool = False,
    **event: Any,
) -> Posterior:
    """Posterior of one case, of what is documented in the end or by the bin ``observations.by_now``.

    Parameters
    ----------
    observations : Observations, or sequence of (share, Observations)
    sources : sequence of ReportingModel
        Indexed by the statements' source numbers.
    size, growth : Size, Growth
    grid : Grid
    by_now : bool
    event
        More of the event.
    """
    alternatives = ((1.0, observations),) if isinstance(observations, Observations) else tuple(observations)
    sources = list(sources) or [anybody()]
    layout, vectors = vectors_of(sources, size, growth)
    case = CorpusEvent(alternatives, tuple(range(len(sources))), **event)
    found = engine.work_out(grid, [case], layout, vectors, np.empty((1, 0, len(vectors))), by_now=by_now, cores=1)
    draws = len(vectors)
    return Posterior(found.log_marginal_likelihood[0, :draws], found.mass[0, :, :draws].astype(float))


# Tables ---------------------------------------------------------------------------------------------------------------


def tables_of(grid: Grid, events: Sequence[CorpusEvent], layout: Layout, vectors: np.ndarray) -> Tables:
    """The tables of one block of draws after the loops have run."""
    assert len(vectors) <= LANES
    arrays = lay_out_on(grid, events)
    block = engine._blocks(layout, vectors, arrays)
    tables, scratch = _memory(arrays, grid, layout)
    answers = engine._new_answers(grid, np.empty((len(events), 0, len(vectors))), LANES)
    engine._posteriors(
        0, 1, block, arrays.grids, error_shares.borders(grid), arrays.figures, arrays.steps, arrays.parts,
        engine._places(arrays, len(grid)), lay_out_lists(grid, events, {}), tables, scratch, of_borders.new_scratch(len(grid)), error_shares.new_shares(len(grid)), False, False,
        forms.UP_TO_SHIFT, answers,
    )  # fmt: skip
    return tables


def _memory(arrays: Arrays, grid: Grid, layout: Layout) -> tuple[Tables, Scratch]:
    steps = len(arrays.steps.growth)
    wide = len(grid) - grid.first_wide
    tables = new_tables(arrays.figures, steps, layout.growths, layout.groups, layout.sizes, len(grid), wide)
    members = int(np.diff(arrays.parts.members).max(initial=1))
    points = int(np.diff(arrays.figures.point_offset).max(initial=1))
    return tables, new_scratch(len(grid), members, points)


def figure_tables(words: Sequence[Words], source: ReportingModel, grid: Grid) -> np.ndarray:
    """P(words | C) of a source, shape (words, cells, draws)."""
    layout, vectors = vectors_of([source], no_size(), no_growth())
    found = np.empty((len(words), len(grid), len(vectors)))
    for first in range(0, len(words), TOGETHER):
        distinct = list(dict.fromkeys(words[first : first + TOGETHER]))
        events = [CorpusEvent(((1.0, Observations((Statement(FINAL, 0, 0, each),))),), (0,)) for each in distinct]
        places = [distinct.index(each) for each in words[first : first + TOGETHER]]
        for start in range(0, len(vectors), LANES):
            block = vectors[start : start + LANES]
            tables = tables_of(grid, events, layout, block)
            found[first : first + TOGETHER, :, start : start + LANES] = tables.figures[places, :, : len(block)]
    return found


def number_up_to(largest: int, source: ReportingModel, grid: Grid) -> np.ndarray:
    """P(a number of 1 to ``largest`` is held | C, a number is given), rounding apart, shape (cells, draws).

    "At most y" is said of what lies between the half of y and y, with a density of its own.
    """
    ends = [largest]
    while ends[-1] > 1:
        ends.append(ends[-1] // 2)
    tables = figure_tables([Words("at_most", end, end) for end in ends], source, grid)
    return np.asarray(sum(table / np.log2(1.0 + 1.0 / end) for end, table in zip(ends, tables, strict=True)))


def size_law(size: Size, grid: Grid) -> np.ndarray:
    """Probability of each cell for the final toll, shape (cells, draws)."""
    layout, vectors = vectors_of([anybody()], size, no_growth())
    return tables_of(grid, [CorpusEvent(((1.0, Observations(())),), (0,))], layout, vectors).laws[0, :, : len(vectors)]


class StepsOf:
    """All steps of growth on one grid, as the loops take them; in plain Python.

    Parameters
    ----------
    law : Growth
        Of up to as many draws as lie side by side.
    grid : Grid
    """

    def __init__(self, law: Growth, grid: Grid) -> None:
        layout, vectors = vectors_of([anybody()], no_size(), law)
        # A figure in the first bin, said to rise or lowered or neither, takes every step in all ways.
        said = (Statement(0, 0, 0, Words("exactly", 1, 1)),)
        ways = [(rising, falling) for rising in (0, STEPS) for falling in ((), tuple(range(STEPS)))]
        observations = [Observations(said, rising_from=rising, falling=falling) for rising, falling in ways]
        events = [CorpusEvent(((1.0, each),), (0,)) for each in observations]
        self._arrays = lay_out_on(grid, events)
        self._draws = len(vectors)
        self._block: Block = engine._blocks(layout, vectors, self._arrays)
        self._tables, self._scratch = _memory(self._arrays, grid, layout)
        growth.growth_tables(0, self._block.values, self._arrays.grids, self._arrays.steps, self._tables, self._scratch)

    def up(self, index: int, likelihood: np.ndarray, *, rising: bool = False, falling: bool = False) -> np.ndarray:
        """The likelihood of the later count from that of the earlier one, both (cells, draws)."""

        def pass_up(*arguments: Any) -> None:
            *others, values = arguments
            growth.pass_up(*others, values[None])

        return self._pass(pass_up, index, likelihood, rising, falling)

    def down(self, index: int, mass: np.ndarray, *, rising: bool = False, falling: bool = False) -> np.ndarray:
        """The probability of the earlier count from that of the later one, both (cells, draws)."""
        return self._pass(growth.pass_down, index, mass, rising, falling)

    def _pass(  # type: ignore[no-untyped-def]
        self, one_step, index: int, values: np.ndarray, rising: bool, falling: bool
    ) -> np.ndarray:
        steps = self._arrays.steps
        (number,) = np.flatnonzero((steps.bin == index) & (steps.rising == rising) & (steps.falling == falling))
        result = np.ones((len(values), LANES))
        result[:, : self._draws] = values
        one_step(0, number, self._block.values, self._arrays.grids, steps, self._tables, self._scratch, result)
        return result[:, : self._draws]


# Copies ---------------------------------------------------------------------------------------------------------------


def probability_said(
    statements: Sequence[Statement], readiness: Sequence[float], repeating: float, chance: dict[int, float]
) -> float:
    """Probability of exact numbers that are said with the given chances where they are a source's own.

    Parameters
    ----------
    statements : sequence of Statement
        All in one bin.
    readiness : sequence of float
        To copy, by source.
    repeating : float
    chance : mapping of int to float
        Of each number.
    """
    grid = make_grid(cap=max(chance))
    sources = [anybody() for _ in readiness]
    layout, vectors = vectors_of(sources, no_size(), no_growth())
    event = CorpusEvent(((1.0, Observations(tuple(statements))),), tuple(range(len(sources))))
    arrays = lay_out_on(grid, [event])
    at = layout.unpack(vectors[0])
    vector = layout.pack({**at, "copying": np.array(readiness), "repeating": np.array([repeating])})
    block = engine._blocks(layout, vector[None, :], arrays)
    tables, scratch = _memory(arrays, grid, layout)

    figures = arrays.figures
    for number, words in enumerate(figures.figure_words):
        tables.figures[number] = chance[round(figures.points[figures.point_offset[figures.group_offset[words]]] + 0.5)]
    logs = np.empty(LANES)
    likelihood = scratch.likelihoods[0]
    _begin_likelihood(0, 0, block, arrays.parts, likelihood, logs)
    multiply_bin(
        0, 0, statements[0].bin, block, arrays.grids, arrays.parts, engine._places(arrays, len(grid)), tables, scratch,
        likelihood, logs, 0,
    )  # fmt: skip
    return float(likelihood[0, 0] * np.exp(logs[0]))
