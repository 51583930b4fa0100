"""The log marginal likelihood of a corpus of events at one set of parameters, and its gradient, by compiled loops."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from estimates.models import wording as forms
from estimates.models.compiled import Compiled
from estimates.models.corpus.arrays import (
    AT_LEAST,
    NUMBERS,
    PART,
    SHIFTS,
    TOLL,
    WAYS,
    EventScratch,
    HeldTables,
    ReportingScratch,
    StepScratch,
    StepTables,
    Values,
)
from estimates.models.corpus.event_pass import event_log_likelihood
from estimates.models.corpus.growth_pass import growth_gradient, growth_tables
from estimates.models.corpus.layout import RELATIVE_WIDTH, Arrays, CorpusEvent, lay_out, lay_out_on
from estimates.models.corpus.reporting_pass import reporting_gradient, reporting_tables
from estimates.models.grid import Grid
from estimates.models.growth import BINS, STEPS
from estimates.models.parameters import (
    GROWTH_PARAMETERS,
    REPORTING_PARAMETERS,
    SIZE_PARAMETERS,
    SOURCE_PARAMETERS,
    STEP_PARAMETERS,
)
from estimates.models.types import Floats
from estimates.models.wording import NONE_KINDS

#: The compiled loops.
_reporting_tables, _reporting_gradient = Compiled(reporting_tables), Compiled(reporting_gradient)
_growth_tables, _growth_gradient = Compiled(growth_tables), Compiled(growth_gradient)
_event_log_likelihood = Compiled(event_log_likelihood)


@dataclass(frozen=True)
class Layout:
    """Where each parameter stands in the vector that :meth:`Corpus.evaluate` takes.

    Attributes
    ----------
    sources, sizes, growths, groups : int
        Numbers of sources, laws of sizes, laws of growth and groups of these.
    """

    sources: int
    sizes: int
    growths: int
    groups: int

    @property
    def lengths(self) -> dict[str, int]:
        """Number of values of each parameter, in order."""
        return {
            **dict.fromkeys(SOURCE_PARAMETERS, self.sources),
            **dict.fromkeys(REPORTING_PARAMETERS, 1),
            **dict.fromkeys(SIZE_PARAMETERS, self.sizes),
            **dict.fromkeys(STEP_PARAMETERS, self.growths * STEPS),
            **dict.fromkeys(GROWTH_PARAMETERS, self.groups),
        }

    @property
    def size(self) -> int:
        """Length of the vector."""
        return sum(self.lengths.values())

    def pack(self, values: Mapping[str, Any]) -> Floats:
        """The vector of named values, shape (size,).

        Parameters
        ----------
        values : mapping of str to array
            As many values of each parameter as :attr:`lengths` says, of any shape; rows of laws of growth, columns of
            steps.
        """
        return np.concatenate([np.ravel(values[name]).astype(float) for name in self.lengths])

    def unpack(self, vector: Floats) -> dict[str, Floats]:
        """Views of a vector of shape (size,) by name, each of the length that :attr:`lengths` says."""
        ends = np.cumsum([0, *self.lengths.values()]).tolist()
        return {name: vector[ends[i] : ends[i + 1]] for i, name in enumerate(self.lengths)}

    def values(self, vector: Floats) -> Values:
        """Views of a vector of shape (size,) as the compiled loops take them."""
        return Values(*(part.reshape(shape) if shape else part for part, shape in self._parts(vector)))

    def blocks(self, vectors: Floats) -> Values:
        """Parameters of blocks of draws, shape (blocks, size, lanes), each group of them in memory of its own."""
        blocks, _, lanes = vectors.shape
        return Values(
            *(
                np.ascontiguousarray(np.moveaxis(part.reshape(*(shape or (-1,)), blocks, lanes), -2, 0))
                for part, shape in self._parts(np.moveaxis(vectors, 1, 0))
            )
        )

    def _parts(self, vector: Floats) -> Iterator[tuple[Floats, tuple[int, int] | None]]:
        """The groups of parameters that ``Values`` holds, cut from the first axis; of tables their shape as well."""
        groups = (
            *((name,) for name in SOURCE_PARAMETERS), REPORTING_PARAMETERS, *((name,) for name in SIZE_PARAMETERS),
            *((name,) for name in STEP_PARAMETERS), GROWTH_PARAMETERS,
        )  # fmt: skip
        lengths, at = self.lengths, 0
        for names in groups:
            length = sum(lengths[name] for name in names)
            by_step = (-1, STEPS) if names[0] in STEP_PARAMETERS else None
            yield vector[at : at + length], (len(names), self.groups) if names == GROWTH_PARAMETERS else by_step
            at += length


class Corpus:
    """Events ready for their log marginal likelihood and its gradient at one parameter vector after another.

    One evaluation at a time: all use the same working memory.

    Parameters
    ----------
    events : sequence of CorpusEvent
    layout : Layout
    relative_width : float
        Largest relative width of a cell near the numbers said.
    largest_single : int, optional
        Every integer up to this is a cell; by default twice the limit of the event's magnitude, at most 128.
    """

    def __init__(
        self,
        events: Iterable[CorpusEvent],
        layout: Layout,
        *,
        relative_width: float = RELATIVE_WIDTH,
        largest_single: int | None = None,
    ) -> None:
        self.layout = layout
        counted = Counter(events)
        self.events, self.patterns = counted.total(), len(counted)

        ordered = dict(sorted(counted.items(), key=lambda item: repr(item[0])))
        self._arrays = lay_out(ordered, relative_width=relative_width, largest_single=largest_single)
        self._work = _Work(self._arrays, layout)

    @classmethod
    def on(cls, grid: Grid, events: Sequence[CorpusEvent], layout: Layout) -> Corpus:
        """A corpus of events that are all laid out on one grid, one pattern each, as the loops over draws take them."""
        corpus = cls.__new__(cls)
        corpus.layout = layout
        corpus.events = corpus.patterns = len(events)
        corpus._arrays = lay_out_on(grid, events)
        corpus._work = _Work(corpus._arrays, layout)
        return corpus

    def log_marginal_likelihood(self, vector: Floats) -> Floats:
        """Log marginal likelihood of every pattern, shape (patterns,), at a vector of shape (layout.size,).

        The patterns that stand for a selection follow the others; their weights are below zero.
        """
        return self._run(vector, gradient=False)[0]

    def total(self, vector: Floats) -> float:
        """Log marginal likelihood of the whole corpus at a vector of shape (layout.size,)."""
        return float(self.log_marginal_likelihood(vector) @ self._arrays.parts.pattern_weight)

    def evaluate(self, vector: Floats) -> tuple[float, Floats]:
        """Log marginal likelihood of the whole corpus and its gradient; vector and gradient of shape (layout.size,)."""
        logs, gradient = self._run(vector, gradient=True)
        return float(logs @ self._arrays.parts.pattern_weight), gradient

    def __getstate__(self) -> dict[str, Any]:
        """All but the working memory, whose views a copy would part from what they look at."""
        return {name: value for name, value in self.__dict__.items() if name != "_work"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._work = _Work(self._arrays, self.layout)

    @property
    def idle(self) -> frozenset[str]:
        """Parameters of the vector on which no event depends, by their whole names and not step by step."""
        a = self._arrays
        idle = set() if len(a.steps.grid) else {*STEP_PARAMETERS, *GROWTH_PARAMETERS}
        kinds, none = set(a.parts.factor_kind.tolist()), a.figures.none_weight > 0
        given = a.parts.extra[a.parts.factor_extra[a.parts.factor_kind == NUMBERS]].sum(axis=0)
        falls = (none & a.figures.none_falls).any() or given[1:3].any()

        bears = {
            "rising": a.steps.rising.any(),
            "falling": a.steps.falling.any(),
            "fallen": a.steps.falling.any(),
            "at_least_shift": a.figures.pair_kinds[:, AT_LEAST].any(),
            "heaping": a.figures.rounded.any(),
            "repeating": a.parts.factor_update.any(),
            "phantom": none.any() or given.any(),
            "none_fall": falls,
            "whole_group": PART in kinds,
        }

        of_kind = [(none & (a.figures.none_kind == number)).any() for number in range(len(NONE_KINDS))]
        bears |= {f"none_{kind}": of_kind[k] or given[k] for k, kind in enumerate(NONE_KINDS)}
        bears |= dict.fromkeys(("shared_error", "shared_error_factor", "shared_error_base"), TOLL in kinds)
        return frozenset(idle | {name for name, does in bears.items() if not does})

    @property
    def cells(self) -> int:
        """Number of cells summed over: all figures' tables."""
        return int(self._arrays.figures.figure_offset[-1])

    def _run(self, vector: Floats, *, gradient: bool) -> tuple[Floats, Floats]:
        """Log marginal likelihoods (patterns,), and the gradient (layout.size,), which is zero if not asked for."""
        work = self._work
        work.vector[:] = vector
        work.gradient[:] = 0.0
        try:
            logs = self._compute(work, gradient)
        finally:  # also where it is interrupted
            work.clear()
        return logs, work.gradient.copy()

    def _compute(self, work: _Work, gradient: bool) -> Floats:
        a, values, d_values = self._arrays, work.values, work.d_values
        _reporting_tables(values, a.grids, a.figures, work.held, work.reporting, forms.UP_TO_SHIFT)
        if work.has_steps:
            _growth_tables(values, a.grids, a.steps, work.steps)

        # The tied share one readiness to copy, the mean of theirs.
        rates = np.add.reduceat(values.copying[a.rate_source], a.rate_offset) / a.rate_size
        d_rates = np.zeros_like(rates)
        logs = np.empty(len(a.parts.pattern_weight))
        _event_log_likelihood(
            values, a.grids, a.laws, a.parts, work.held.figures, work.steps, rates, work.masses, logs,
            gradient, d_values, work.d_held.figures, work.d_steps, work.d_masses, d_rates, work.events, work.growth,
        )  # fmt: skip
        if not gradient:
            return logs

        np.add.at(d_values.copying, a.rate_source, np.repeat(d_rates / a.rate_size, a.rate_size))
        if work.has_steps:
            _growth_gradient(values, a.grids, a.steps, work.steps, work.d_steps, d_values)
        _reporting_gradient(
            values, a.grids, a.figures, work.held, work.d_held, d_values, work.reporting, forms.UP_TO_SHIFT
        )
        return logs


class _Work:
    """Parameters, tables and their adjoints, in memory that is used again at every evaluation.

    Adjoints of tables are zero between evaluations.
    """

    def __init__(self, arrays: Arrays, layout: Layout) -> None:
        self.vector, self.gradient = np.zeros(layout.size), np.zeros(layout.size)
        self.values, self.d_values = layout.values(self.vector), layout.values(self.gradient)

        self.held, self.d_held = _held_tables(arrays), _held_tables(arrays)
        self.has_steps = len(arrays.steps.grid) > 0
        self.steps, self.d_steps = _step_tables(arrays), _step_tables(arrays)
        self.masses, self.d_masses = (np.zeros(int(arrays.laws.offset[-1])) for _ in range(2))

        self.reporting = _reporting_scratch(arrays)
        self.growth = _step_scratch(arrays)
        self.events = _event_scratch(arrays)

        self._cleared = [self.d_held.exact, self.d_held.error, self.d_held.figures, self.d_masses]
        self._cleared += [self.events.d_logs, self.events.d_log_shares]
        self._cleared += self.d_steps if self.has_steps else []

    def clear(self) -> None:
        """Set the adjoints of tables to zero."""
        for table in self._cleared:
            table.fill(0.0)


def _longest(arrays: Arrays) -> int:
    """Number of cells of the longest grid."""
    return int(np.diff(arrays.grids.offset).max())


def _reporting_scratch(arrays: Arrays) -> ReportingScratch:
    points = int(np.diff(arrays.figures.point_offset).max(initial=0)) + 1
    return ReportingScratch(
        *(np.zeros(points) for _ in range(3)),
        *(np.zeros(_longest(arrays)) for _ in range(3)),
    )


def _step_scratch(arrays: Arrays) -> StepScratch:
    means, carried = np.zeros((2, WAYS, _longest(arrays)))
    return StepScratch(means, carried)


def _event_scratch(arrays: Arrays) -> EventScratch:
    longest, shares = _longest(arrays), len(arrays.parts.share_rate)
    parts = int(np.diff(arrays.parts.pattern_offset).max(initial=1))
    members = int(np.diff(arrays.parts.members).max(initial=1))

    after, passed = np.zeros((2, parts, BINS, longest))
    mass, factor = np.zeros((2, longest))
    logs, totals = np.zeros((2, parts))
    log_shares, d_log_shares = np.zeros((2, shares))

    return EventScratch(
        after=after,
        passed=passed,
        means=np.zeros((parts, BINS, WAYS, longest)),
        mass=mass,
        factor=factor,
        d_logs=np.zeros(int(arrays.figures.figure_offset[-1])),
        products=np.zeros((members + 1, longest)),
        extra=np.zeros((8, longest)),

        logs=logs,
        totals=totals,
        log_shares=log_shares,
        d_log_shares=d_log_shares,
    )  # fmt: skip


def _held_tables(arrays: Arrays) -> HeldTables:
    offsets = (arrays.figures.pair_offset, arrays.figures.sums_offset, arrays.figures.figure_offset)
    pairs, sums, cells = (int(offset[-1]) for offset in offsets)
    return HeldTables(
        odds=np.zeros(pairs),
        exact=np.zeros(SHIFTS * pairs),
        error=np.zeros(SHIFTS * pairs),
        sums=np.zeros(sums),
        figures=np.zeros(cells),
    )


def _step_tables(arrays: Arrays) -> StepTables:
    of_steps, shared = int(arrays.steps.offset[-1]), int(arrays.steps.shared_offset[-1])
    complete, kept, within, staying = np.zeros((4, of_steps))
    return StepTables(
        complete, kept, within, staying, np.zeros((WAYS, of_steps)), *(np.zeros(shared) for _ in range(4))
    )
