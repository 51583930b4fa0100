"""Events laid out for the compiled loops: unique figures once, equal events once, grids by magnitude.

The table of patterns is all that a fit needs of the data: patterns of two corpora merge by adding their weights.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from math import comb, log
from typing import Any, NamedTuple

import numpy as np

from estimates.models import floor as floors
from estimates.models.copying import Tie, elementary_symmetric
from estimates.models.corpus.arrays import (
    GROUP,
    LINEAR,
    VECTOR,
    Figures,
    Grids,
    Laws,
    Parts,
    Steps,
    columns,
    integers,
    joined,
    numbers,
    offsets,
)
from estimates.models.corpus.figures import figure_arrays
from estimates.models.corpus.grids import grid_arrays
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


def lay_out_on(grid: Grid, events: Sequence[CorpusEvent]) -> Arrays:
    """Lay out events on one grid, one pattern each, every part up to the final toll."""
    rows = _Rows([grid])
    for event in events:
        for share, observations in event.alternatives:
            rows.add(0, event, share, observations, to_the_end=True)
    return rows.arrays(offsets(len(event.alternatives) for event in events), np.ones(len(events)))


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


# Parts and factors ---------------------------------------------------------------------------------------------------


class _Part(NamedTuple):
    """One assignment of ages; ``constant`` is how many constants there were before it."""

    grid: int
    law: int
    first: int
    last: int
    by_now: int
    constant: int


class _Factor(NamedTuple):
    """One factor, of the kinds of ``arrays``."""

    kind: int
    rate: int = 0
    before: int = 0
    others: int = 0
    update: bool = False
    repeats: bool = False


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
        self._shares = _Numbers()

        # One for each part: beside the row, the steps to each bin, and the first factor of each bin.
        self._parts: list[_Part] = []
        self._log_shares: list[float] = []
        self._part_steps: list[list[int]] = []
        self._part_factors: list[list[int]] = []
        self._constants: list[int] = []

        # One for each factor: beside the row, its figures or its one vector, and what copies among them are worth.
        self._factors: list[_Factor] = []
        self._members: list[list[int]] = []
        self._said: list[list[float]] = []

    def add(
        self, grid: int, event: CorpusEvent, share: float, observations: Observations, *, to_the_end: bool = False
    ) -> None:
        """Add one assignment of ages; up to the final toll if asked for, else only as far as something bears on it."""
        bins = [statement.bin for statement in observations.statements] + [floor.bin for floor in observations.floors]
        to_the_end = to_the_end or event.toll is not None or bool(observations.floors)
        last = FINAL if to_the_end else max(bins, default=FINAL)
        first = min(bins, default=last)
        # What is documentable by now is asked for of events without figures as well.
        lowest = min(first, observations.by_now) if to_the_end else first

        factors = [len(self._factors)]
        for b in range(BINS):
            if first <= b <= last:
                self._add_bin(grid, event, observations, b)
            factors.append(len(self._factors))
        self._part_factors.append(factors)

        def step(index: int) -> int:
            return self._steps[grid, event.growth_law, index, index >= observations.rising_from]

        self._part_steps.append([step(index) if lowest <= index < last else 0 for index in range(STEPS)])
        law = self._laws[grid, event.size_law, -1, -1]
        for index in range(FINAL - 1, last - 1, -1):
            law = self._laws[grid, event.size_law, law, step(index)]

        self._parts.append(_Part(grid, law, first, last, observations.by_now, len(self._constants)))
        self._log_shares.append(log(share))
        self._constants.extend(self._new_constants(event, observations))

    def _add_bin(self, grid: int, event: CorpusEvent, observations: Observations, b: int) -> None:
        """The factors of one bin: what is said in it, then floors, then the verified toll."""
        plan, cells = observations.plan, self._grids[grid]
        if b < len(plan.ties):
            for tie in plan.ties[b]:
                self._add_tie(grid, event, observations, tie)
            for update in plan.updates[b]:
                figure = self._figure(grid, event, observations, update.member)
                rate = self._rate(event, observations, (update.member,))
                row = _Factor(LINEAR, rate, update.before, update.others, update=True, repeats=update.repeats)
                self._add_factor(row, [figure])

        for floor in observations.floors:
            if b in (floor.bin, FINAL):
                self._add_vector(floors.likelihood(floor.number, floor.error, cells))
        if b == FINAL and event.toll is not None:
            low, high = event.toll
            inside = cells.within(low, cells.cap if high < 0 else high)
            self._add_vector(inside.astype(float))

    def _add_tie(self, grid: int, event: CorpusEvent, observations: Observations, tie: Tie) -> None:
        rate = self._rate(event, observations, tie.members)
        for group in tie.groups:
            size = len(group.members)
            copied = elementary_symmetric(range(group.before, group.before + size))
            said = [copied[size - own] / comb(size, own) for own in range(size + 1)]
            figures = [self._figure(grid, event, observations, member) for member in group.members]
            self._add_factor(_Factor(LINEAR if size == 1 else GROUP, rate, group.before), figures, said)

    def _add_vector(self, values: Floats) -> None:
        self._add_factor(_Factor(VECTOR), [self._vectors[values.tobytes()]])

    def _add_factor(self, row: _Factor, members: list[int], said: list[float] | None = None) -> None:
        self._factors.append(row)
        self._members.append(members)
        self._said.append(said or [0.0] * (len(members) + 1))

    def _new_constants(self, event: CorpusEvent, observations: Observations) -> Iterator[int]:
        """For each first statement after another source's the number of its own share."""
        for tie in chain.from_iterable(observations.plan.ties):
            rate = self._rate(event, observations, tie.members)
            for others in range(max(1, tie.before), tie.before + len(tie.members)):
                yield self._shares[rate, others]

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
        figures = figure_arrays(self._pairs, self._words, self._figures, self._grids)
        steps, laws = self._steps_and_laws()
        return Arrays(
            grids=grid_arrays(tuple(self._grids)),
            figures=figures,
            steps=steps,
            laws=laws,
            parts=self._part_arrays(pattern_offset, pattern_weight, figures, steps),
            rate_source=integers(chain.from_iterable(self._rates)),
            rate_offset=offsets(map(len, self._rates))[:-1],
            rate_size=integers(map(len, self._rates)),
        )

    def _steps_and_laws(self) -> tuple[Steps, Laws]:
        sizes = integers(map(len, self._grids))
        grid, growth, to_bin, rising = columns(self._steps, 4)
        steps = Steps(grid, growth, to_bin, rising.astype(bool), offsets(sizes[grid]))

        grid, size, chain_from, step = columns(self._laws, 4)
        return steps, Laws(grid, size, offsets(sizes[grid]), chain_from, np.where(step < 0, 0, steps.offset[step]))

    def _part_arrays(self, pattern_offset: Integers, pattern_weight: Floats, figures: Figures, steps: Steps) -> Parts:
        grid, law, first, last, by_now, constants = columns(self._parts, 6)
        kind, rate, before, others, update, repeats = columns(self._factors, 6)
        share_rate, share_others = columns(self._shares, 2)

        vectors = [np.frombuffer(key) for key in self._vectors]
        vector_offset, sizes = offsets(map(len, vectors)), integers(map(len, self._members))
        member, is_vector = integers(chain.from_iterable(self._members)), np.repeat(kind == VECTOR, sizes)
        begins = np.zeros_like(member)
        begins[is_vector] = vector_offset[member[is_vector]]
        begins[~is_vector] = figures.figure_offset[member[~is_vector]]

        return Parts(
            pattern_offset=pattern_offset,
            pattern_weight=pattern_weight,

            grid=grid,
            law=law,
            log_share=numbers(self._log_shares),
            first=first,
            last=last,
            by_now=by_now,
            step_number=np.array(self._part_steps, dtype=np.int64).reshape(-1, STEPS),
            step=steps.offset[np.array(self._part_steps, dtype=np.int64).reshape(-1, STEPS)],

            factor=np.array(self._part_factors, dtype=np.int64).reshape(-1, BINS + 1),
            factor_kind=kind,
            members=offsets(sizes),
            member_figure=begins,
            factor_rate=rate,
            factor_before=before.astype(float),
            factor_others=others.astype(float),
            factor_update=update.astype(bool),
            factor_repeats=repeats.astype(float),
            factor_said=numbers(chain.from_iterable(self._said)),

            constant_offset=np.append(constants, len(self._constants)),
            constant=integers(self._constants),
            share_rate=share_rate,
            share_others=share_others.astype(float),
            vectors=joined(vectors),
        )  # fmt: skip
