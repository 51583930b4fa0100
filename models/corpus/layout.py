"""Events laid out for the compiled loops: unique figures once, equal events once, grids by magnitude.

The table of patterns is all that a fit needs of the data: patterns of two corpora merge by adding their weights.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import comb, log
from typing import Any, NamedTuple

import numpy as np

from estimates.models import floor as floors
from estimates.models.copying import Group, Update, elementary_symmetric
from estimates.models.corpus.arrays import (
    GROUP,
    LINEAR,
    VECTOR,
    Figures,
    Grids,
    Laws,
    Parts,
    Steps,
    integers,
    joined,
    numbers,
    offsets,
)
from estimates.models.corpus.figures import figure_arrays
from estimates.models.event import Observations
from estimates.models.grid import LARGEST_SINGLE, Grid, make_grid
from estimates.models.growth import BINS, FINAL, STEPS
from estimates.models.types import Floats, Integers

#: Events are sorted by the largest number at which their likelihood jumps; those up to each limit share one grid.
MAGNITUDES = (4, 12, 40, 128, 512, 2_048, 8_192, 32_768, 131_072)
#: Every integer is a cell up to this multiple of the limit; of the larger magnitudes, with figures far above, fewer.
SINGLES, FEWER_SINGLES = 2, 24
#: Largest relative width of cells near the numbers said.
RELATIVE_WIDTH = 0.1


@dataclass(frozen=True)
class CorpusEvent:
    """One outcome of one event as a fit sees it; equal ones are collapsed.

    Attributes
    ----------
    alternatives : tuple of (share, Observations)
        Assignments of ages.
    sources : tuple of int
        The corpus's number for each source of the observations; sources that share one number still count as different
        speakers.
    size_law, growth_law : int
    toll : tuple of int, or None
        Lowest and highest documented toll where it was verified.
    selected_from : int
        The event is in the corpus because its toll is at least this; 0 where it was not chosen for its size.
    """

    alternatives: tuple[tuple[float, Observations], ...]
    sources: tuple[int, ...] = ()
    size_law: int = 0
    growth_law: int = 0
    toll: tuple[int, int] | None = None
    selected_from: int = 0


@dataclass(frozen=True, eq=False)
class Arrays:
    """What the compiled loops read of the data.

    Attributes
    ----------
    grids, figures, steps, laws, parts : named groups of arrays
    rate_source : integer array, shape (members of all rates,)
        Sources that share a readiness to copy, one such group after another.
    rate_offset, rate_size : integer arrays, shape (rates,)
        Where each group begins, and how many sources it has.
    """

    grids: Grids
    figures: Figures
    steps: Steps
    laws: Laws
    parts: Parts
    rate_source: Integers
    rate_offset: Integers
    rate_size: Integers


def lay_out(
    events: Mapping[CorpusEvent, int], *, relative_width: float = RELATIVE_WIDTH, largest_single: int | None = None
) -> Arrays:
    """Lay out events, each with the number of times that it occurs.

    Parameters
    ----------
    events : mapping of CorpusEvent to int
        In the order of the patterns; those that stand for a selection follow them, with weights below zero.
    relative_width : float
        Largest relative width of a cell near the numbers said.
    largest_single : int, optional
        Every integer up to this is a cell; by default twice the limit of the event's magnitude, at most 128.
    """
    patterns = [*((event, float(weight)) for event, weight in events.items()), *_selections(events)]
    grids = _make_grids([event for event, _ in patterns], relative_width, largest_single)
    grid_number = {magnitude: number for number, magnitude in enumerate(grids)}

    rows = _Rows(list(grids.values()))
    for event, _ in patterns:
        for share, observations in event.alternatives:
            rows.add(grid_number[_magnitude(event)], event, share, observations)
    return rows.arrays(
        offsets(len(event.alternatives) for event, _ in patterns), numbers(weight for _, weight in patterns)
    )


def _selections(events: Mapping[CorpusEvent, int]) -> Iterator[tuple[CorpusEvent, float]]:
    """For the events chosen for their size, what that choice made of their law, to be taken away."""
    chosen: Counter[tuple[int, int]] = Counter()
    for event, weight in events.items():
        if event.selected_from > 0:
            chosen[event.size_law, event.selected_from] += weight

    for (law, smallest), weight in sorted(chosen.items()):
        # "At least so many" is a truth without an upper end.
        yield CorpusEvent(((1.0, Observations(())),), (), law, 0, (smallest, -1)), -float(weight)


# Grids ---------------------------------------------------------------------------------------------------------------


def _make_grids(events: Iterable[CorpusEvent], relative_width: float, largest_single: int | None) -> dict[int, Grid]:
    """The grid of each magnitude."""
    jumps: dict[int, set[int]] = {}
    for event in events:
        jumps.setdefault(_magnitude(event), set()).update(_jumps(event))
    # One cap for all, so that the laws of sizes are the same on every grid.
    largest = max((jump for found in jumps.values() for jump in found), default=0)
    cap = make_grid([largest]).cap

    grids = {}
    for magnitude, found in sorted(jumps.items()):
        few = FEWER_SINGLES if magnitude > LARGEST_SINGLE else min(LARGEST_SINGLE, SINGLES * magnitude)
        single = largest_single or few
        grids[magnitude] = make_grid(found, relative_width=relative_width, largest_single=single, cap=cap)
    return grids


def _jumps(event: CorpusEvent) -> set[int]:
    found = {jump for _, observations in event.alternatives for jump in observations.jumps()}
    if event.toll is not None:
        found.update(jump for toll in event.toll if toll >= 0 for jump in (toll - 1, toll))
    return found


def _magnitude(event: CorpusEvent) -> int:
    largest = max(_jumps(event), default=0)
    return next((limit for limit in MAGNITUDES if largest <= limit), 2 * MAGNITUDES[-1])


def _grid_arrays(grids: Sequence[Grid]) -> Grids:
    return Grids(
        offset=offsets(len(grid) for grid in grids),
        edge_offset=offsets(len(grid) + 1 for grid in grids),
        edges=np.concatenate([grid.edges for grid in grids]),
        relative_edges=joined([np.log(np.maximum(grid.edges, 1) / grid.reference) for grid in grids]),
        middle=joined([grid.middle for grid in grids]),
        count=joined([np.maximum(grid.middle, 1.0) for grid in grids]),
        log_count=joined([grid.log_middle + np.log(grid.reference) for grid in grids]),
        relative=joined([grid.log_middle for grid in grids]),
        reference=numbers(grid.reference for grid in grids),
    )


# Parts and factors ---------------------------------------------------------------------------------------------------


class _Part(NamedTuple):
    """One assignment of ages; ``factor`` and ``constant`` say how many of these there were before it."""

    grid: int
    law: int
    log_share: float
    first: int
    last: int
    steps: list[int]
    factor: list[int]
    constant: int


class _Factor(NamedTuple):
    """One factor, of the kinds of ``arrays``; ``members`` are figures, or the one vector."""

    kind: int
    members: list[int]
    rate: int = 0
    before: int = 0
    others: int = 0
    update: bool = False
    repeats: bool = False
    said: tuple[float, ...] = ()


class _Numbers(dict[Any, int]):
    """Numbers in order of first use."""

    def __missing__(self, key: Any) -> int:
        self[key] = len(self)
        return self[key]


class _Rows:
    """Collects parts and their factors; every distinct thing that these refer to gets one number."""

    def __init__(self, grids: Sequence[Grid]) -> None:
        self._grids = grids
        self._pairs, self._words, self._figures = _Numbers(), _Numbers(), _Numbers()
        self._steps, self._laws, self._vectors = _Numbers(), _Numbers(), _Numbers()
        self._rates = _Numbers({(0,): 0})  # there is one at least
        self._parts: list[_Part] = []
        self._factors: list[_Factor] = []
        self._constants: list[tuple[int, int]] = []

    def add(self, grid: int, event: CorpusEvent, share: float, observations: Observations) -> None:
        """Add one assignment of ages."""
        bins = [statement.bin for statement in observations.statements] + [floor.bin for floor in observations.floors]
        to_the_end = event.toll is not None or bool(observations.floors)
        last = FINAL if to_the_end else max(bins, default=FINAL)
        first = min(bins, default=last)

        factor, constant = [len(self._factors)], len(self._constants)
        for b in range(BINS):
            if first <= b <= last:
                self._factors.extend(self._bin_factors(grid, event, observations, b))
            factor.append(len(self._factors))
        self._constants.extend(self._bin_constants(event, observations))

        def step(index: int) -> int:
            return self._steps[grid, event.growth_law, index, index >= observations.rising_from]

        steps = [step(index) if first <= index < last else 0 for index in range(STEPS)]
        law = self._laws[grid, event.size_law, -1, -1]
        for index in range(FINAL - 1, last - 1, -1):
            law = self._laws[grid, event.size_law, law, step(index)]
        self._parts.append(_Part(grid, law, log(share), first, last, steps, factor, constant))

    def _bin_factors(self, grid: int, event: CorpusEvent, observations: Observations, b: int) -> Iterator[_Factor]:
        """What is said in one bin, then floors, then the verified toll."""
        plan, cells = observations.plan, self._grids[grid]
        for tie in plan.ties[b] if b < len(plan.ties) else ():
            rate = self._rate(event, observations, tie.members)
            for group in tie.groups:
                yield self._first(grid, event, observations, group, rate)
        for update in plan.updates[b] if b < len(plan.updates) else ():
            yield self._update(grid, event, observations, update)

        for floor in observations.floors:
            if b in (floor.bin, FINAL):
                yield self._vector(floors.likelihood(floor.number, floor.error, cells))
        if b == FINAL and event.toll is not None:
            low, high = event.toll
            inside = cells.within(low, cells.cap if high < 0 else high)
            yield self._vector(inside.astype(float))

    def _first(self, grid: int, event: CorpusEvent, observations: Observations, group: Group, rate: int) -> _Factor:
        """First statements of their sources, made at one time, that say the same."""
        size = len(group.members)
        copied = elementary_symmetric(range(group.before, group.before + size))
        said = tuple(copied[size - own] / comb(size, own) for own in range(size + 1))
        members = [self._figure(grid, event, observations, member) for member in group.members]
        return _Factor(LINEAR if size == 1 else GROUP, members, rate, before=group.before, said=said)

    def _update(self, grid: int, event: CorpusEvent, observations: Observations, update: Update) -> _Factor:
        members = [self._figure(grid, event, observations, update.member)]
        rate = self._rate(event, observations, (update.member,))
        return _Factor(LINEAR, members, rate, update.before, update.others, update=True, repeats=update.repeats)

    def _vector(self, values: Floats) -> _Factor:
        return _Factor(VECTOR, [self._vectors[values.tobytes()]])

    def _bin_constants(self, event: CorpusEvent, observations: Observations) -> Iterator[tuple[int, int]]:
        """For each first statement after another source's: its readiness to copy, and how many had spoken before."""
        for tie in (tie for ties in observations.plan.ties for tie in ties):
            rate = self._rate(event, observations, tie.members)
            for others in range(max(1, tie.before), tie.before + len(tie.members)):
                yield rate, others

    def _rate(self, event: CorpusEvent, observations: Observations, members: Sequence[int]) -> int:
        """Number of the readiness to copy that some statements share."""
        return self._rates[tuple(sorted(event.sources[observations.statements[member].source] for member in members))]

    def _figure(self, grid: int, event: CorpusEvent, observations: Observations, member: int) -> int:
        statement = observations.statements[member]
        pair = self._pairs[event.sources[statement.source], grid]
        return self._figures[pair, self._words[statement.words, grid]]

    # Arrays ----------------------------------------------------------------------------------------------------------

    def arrays(self, pattern_offset: Integers, pattern_weight: Floats) -> Arrays:
        """All that was added, by patterns of parts.

        Parameters
        ----------
        pattern_offset : integer array, shape (patterns + 1,)
            First part of each pattern.
        pattern_weight : array, shape (patterns,)
        """
        figures = figure_arrays(list(self._pairs), list(self._words), list(self._figures), self._grids)
        step_begins = offsets(len(self._grids[grid]) for grid, *_ in self._steps)
        return Arrays(
            _grid_arrays(self._grids),
            figures,
            self._step_arrays(step_begins),
            self._law_arrays(step_begins),
            self._part_arrays(pattern_offset, pattern_weight, figures.figure_offset, step_begins),
            rate_source=integers(source for sources in self._rates for source in sources),
            rate_offset=offsets(len(sources) for sources in self._rates)[:-1],
            rate_size=integers(len(sources) for sources in self._rates),
        )

    def _step_arrays(self, begins: Integers) -> Steps:
        return Steps(
            grid=integers(grid for grid, _, _, _ in self._steps),
            growth=integers(growth for _, growth, _, _ in self._steps),
            index=integers(index for _, _, index, _ in self._steps),
            rising=np.array([rising for _, _, _, rising in self._steps], dtype=bool),
            offset=begins,
        )

    def _law_arrays(self, step_begins: Integers) -> Laws:
        return Laws(
            grid=integers(grid for grid, _, _, _ in self._laws),
            size=integers(size for _, size, _, _ in self._laws),
            offset=offsets(len(self._grids[grid]) for grid, *_ in self._laws),
            chain_from=integers(origin for _, _, origin, _ in self._laws),
            chain_offset=integers(0 if step < 0 else step_begins[step] for _, _, _, step in self._laws),
        )

    def _part_arrays(
        self, pattern_offset: Integers, pattern_weight: Floats, figure_begins: Integers, step_begins: Integers
    ) -> Parts:
        parts, factors, vectors = self._parts, self._factors, [np.frombuffer(key) for key in self._vectors]
        vector_begins = offsets(len(vector) for vector in vectors)
        begins = [vector_begins if factor.kind == VECTOR else figure_begins for factor in factors]
        return Parts(
            pattern_offset=pattern_offset,
            pattern_weight=pattern_weight,

            grid=integers(part.grid for part in parts),
            law=integers(part.law for part in parts),
            log_share=numbers(part.log_share for part in parts),
            first=integers(part.first for part in parts),
            last=integers(part.last for part in parts),
            step=step_begins[np.array([part.steps for part in parts], dtype=np.int64).reshape(-1, STEPS)],

            factor=np.array([part.factor for part in parts], dtype=np.int64).reshape(-1, BINS + 1),
            factor_kind=integers(factor.kind for factor in factors),
            members=offsets(len(factor.members) for factor in factors),
            member_figure=integers(
                begin[member] for factor, begin in zip(factors, begins, strict=True) for member in factor.members
            ),
            factor_rate=integers(factor.rate for factor in factors),
            factor_before=numbers(factor.before for factor in factors),
            factor_others=numbers(factor.others for factor in factors),
            factor_update=np.array([factor.update for factor in factors], dtype=bool),
            factor_repeats=numbers(factor.repeats for factor in factors),
            factor_said=numbers(worth for factor in factors for worth in factor.said or [0.0] * 2),

            constant_offset=integers([*(part.constant for part in parts), len(self._constants)]),
            constant_rate=integers(rate for rate, _ in self._constants),
            constant_others=numbers(others for _, others in self._constants),
            vectors=joined(vectors),
        )  # fmt: skip
