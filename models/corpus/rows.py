"""Parts of events and their factors, numbered for the compiled loops; equal things get one number."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from math import log
from typing import Any

import numpy as np

from estimates.models import floor as floors
from estimates.models import silence
from estimates.models.copying import Plan, Tie
from estimates.models.corpus.arrays import (
    GROUP,
    LINEAR,
    NUMBERS,
    PART,
    TOLL,
    VECTOR,
    Arrays,
    Figures,
    Laws,
    Parts,
    Steps,
    columns,
    integers,
    joined,
    numbers,
    offsets,
)
from estimates.models.corpus.events import CorpusEvent
from estimates.models.corpus.figures import figure_arrays
from estimates.models.corpus.grids import grid_arrays
from estimates.models.corpus.numbered import FactorRow, Numbers, PartRow, StepRow, worth_of_copies
from estimates.models.event import Observations, Part, Statement
from estimates.models.grid import Grid
from estimates.models.growth import BINS, FINAL, STEPS
from estimates.models.types import Floats, Integers


def _plans(observations: Observations) -> Iterator[tuple[Plan, Sequence[Statement]]]:
    """How copies enter: among the figures of everybody, and among those of each part."""
    yield observations.plan, observations.statements
    for part in observations.parts:
        yield from zip(part.plans, (statements for statements, _ in part.groups), strict=True)


class Rows:
    """Collects parts and their factors; every distinct thing that these refer to gets one number."""

    def __init__(self, grids: Sequence[Grid]) -> None:
        self._grids = grids
        self._pairs, self._words, self._figures = Numbers(), Numbers(), Numbers()
        self._steps, self._laws, self._vectors = Numbers(), Numbers(), Numbers()
        self._rates = Numbers({(0,): 0})  # there is one at least
        self._shares, self._extra = Numbers(), Numbers({(0, 0, 0, 0): 0})
        self._steps_of: dict[tuple[Any, ...], list[int]] = {}  # those of events that grow alike

        # One for each part: beside the row, the steps to each bin, and the first factor of each bin.
        self._parts: list[PartRow] = []
        self._log_shares: list[float] = []
        self._accounts: list[tuple[float, float, float]] = []
        self._part_steps: list[list[int]] = []
        self._part_factors: list[list[int]] = []
        self._constants: list[int] = []

        # One for each factor: beside the row, its figures or its one vector, and what copies among them are worth.
        self._factors: list[FactorRow] = []
        self._members: list[list[int]] = []
        self._said: list[tuple[float, ...]] = []

    def add(
        self,
        grid: int,
        event: CorpusEvent,
        share: float,
        observations: Observations,
        law: int,
        group: int,
        *,
        to_the_end: bool = False,
    ) -> None:
        """Add one assignment of ages and a law of growth, up to the final toll if asked for or else as far as needed.

        That is as far as something bears on it.
        """
        first, last = self._span(event, observations, to_the_end)
        # What is documentable by now is asked for of events without figures as well.
        lowest = min(first, observations.by_now) if to_the_end else first

        self._part_factors.append(self._add_factors(grid, event, observations, first, last))
        alike = (grid, law, group, observations.rising_from, observations.falling)

        def step(index: int) -> int:
            rising, falling = index >= observations.rising_from, index in observations.falling
            return self._steps[StepRow(grid, law, group, index, rising, falling)]

        if (*alike, lowest, last) not in self._steps_of:
            steps = [step(index) if lowest <= index < last else 0 for index in range(STEPS)]
            self._steps_of[*alike, lowest, last] = steps
        self._part_steps.append(self._steps_of[*alike, lowest, last])
        size = self._laws[grid, event.size_law, -1, -1]
        for index in range(FINAL - 1, last - 1, -1):
            size = self._laws[grid, event.size_law, size, step(index)]

        self._parts.append(PartRow(grid, size, first, last, observations.by_now, len(self._constants)))
        self._log_shares.append(log(share))
        at_risk = np.inf if observations.at_risk is None else float(observations.at_risk)
        self._accounts.append((observations.distance, max(1.0, observations.floor), at_risk))
        for plan, statements in _plans(observations):
            self._constants.extend(self._new_constants(event, plan, statements))

    def _span(self, event: CorpusEvent, observations: Observations, to_the_end: bool) -> tuple[int, int]:
        """First and last bin in which something bears on the toll."""
        spoken = [statement for statement in observations.statements if not statement.withdrawn]
        bins = [statement.bin for statement in spoken if statement.words.wording != "none"]
        bins += [floor.bin for floor in observations.floors] + [counted.bin for counted in observations.counted]
        bins += [part.bin for part in observations.parts]
        bins += [observations.watch.bin] if observations.watch else []
        bins += [bearing.bin for bearing in observations.bearings]
        # No count of any bin is above the number of people at risk.
        if observations.at_risk is not None:
            return 0, FINAL
        of_the_end = event.toll is not None or event.selected_from > 0 or observations.floors
        to_the_end = bool(to_the_end or of_the_end or len(bins) < len(spoken) or any(observations.numbers_given))
        last = FINAL if to_the_end else max(bins, default=FINAL)
        return min(bins, default=last), last

    def _add_factors(
        self, grid: int, event: CorpusEvent, observations: Observations, first: int, last: int
    ) -> list[int]:
        """The factors of all bins; where those of each bin begin, and the end."""
        parts: dict[int, list[tuple[FactorRow, list[int]]]] = {}
        for part in observations.parts:
            parts.setdefault(part.bin, []).append(self._new_part(grid, event, observations, part))

        begins = [len(self._factors)]
        for b in range(BINS):
            if first <= b <= last:
                self._add_said(grid, event, observations, b)
                self._add_known(observations, self._grids[grid], b)
                if b == FINAL:
                    self._add_end(event, observations, self._grids[grid])
                for row, members in parts.get(b, ()):
                    self._add_factor(row, members)
            begins.append(len(self._factors))
        return begins

    def _add_said(self, grid: int, event: CorpusEvent, observations: Observations, b: int) -> None:
        """The factors of what is said in one bin; that nobody died is said of the toll of the end."""
        plan, statements = observations.plan, observations.statements
        if b < FINAL:
            if b < len(plan.ties):
                self._add_statements(grid, event, statements, plan, b, of_none=False)
            return

        if any(statement.withdrawn or statement.words.wording == "none" for statement in statements):
            for place in range(min(FINAL, len(plan.ties))):
                self._add_statements(grid, event, statements, plan, place, of_none=True)
        if len(plan.ties) > FINAL:
            self._add_statements(grid, event, statements, plan, FINAL)

    def _add_known(self, observations: Observations, cells: Grid, b: int) -> None:
        """The factors of what is known in one bin."""
        if observations.floors and observations.floor_by(b) > 0:
            self._add_vector(floors.likelihood(observations.floor_by(b), cells))
        if observations.at_risk is not None:
            self._add_vector(cells.within(0, observations.at_risk).astype(float))
        for counted in observations.counted:
            if counted.bin == b:
                self._add_vector(cells.within(counted.number, counted.number).astype(float))
        if observations.watch and observations.watch.bin == b:
            self._add_vector(silence.factor(observations.watch, cells))
        for bearing in observations.bearings:
            if bearing.bin == b:
                self._add_vector(bearing.factor(cells))

    def _add_end(self, event: CorpusEvent, observations: Observations, cells: Grid) -> None:
        """What bears on the toll of the end alone: numbers given, how the event was chosen, the verified toll."""
        self._add_numbers(observations.numbers_given)
        if event.selected_from > 0:
            self._add_vector(cells.within(event.selected_from, cells.cap).astype(float))
        if event.toll is not None:
            self._add_factor(FactorRow(TOLL, extra=self._extra[*event.toll, 0, 0]), [])

    def _add_numbers(self, given: tuple[int, int, int]) -> None:
        if any(given):
            self._add_factor(FactorRow(NUMBERS, extra=self._extra[*given, 0]), [])

    def _add_statements(
        self,
        grid: int,
        event: CorpusEvent,
        statements: Sequence[Statement],
        plan: Plan,
        b: int,
        of_none: bool | None = None,
    ) -> None:
        """The factors of what is said in one bin; only of those who say "none", or of all others, where asked for."""

        def counts(member: int) -> bool:
            statement = statements[member]
            is_none = statement.words.wording == "none"
            return not statement.withdrawn and (of_none is None or is_none == of_none)

        for tie in plan.ties[b]:
            self._add_tie(grid, event, statements, tie, counts)
        for update in plan.updates[b]:
            if counts(update.member):
                figure = self._figure(grid, event, statements[update.member])
                rate = self._rate(event, statements, (update.member,))
                row = FactorRow(LINEAR, rate, update.before, update.others, update=True, repeats=update.repeats)
                self._add_factor(row, [figure])

    def _new_part(
        self, grid: int, event: CorpusEvent, observations: Observations, part: Part
    ) -> tuple[FactorRow, list[int]]:
        """The factor of figures of a part; those of its figures are added before, outside of all bins."""
        ends: list[int] = []
        for (statements, given), plan in zip(part.groups, part.plans, strict=True):
            ends.append(len(self._factors))
            for b in range(len(plan.ties)):
                self._add_statements(grid, event, statements, plan, b)
            self._add_numbers(given)
            ends.append(len(self._factors))
        ends += [0] * (4 - len(ends))
        return FactorRow(PART, update=part.is_certain, extra=self._extra[tuple(ends)]), []

    def _add_tie(
        self,
        grid: int,
        event: CorpusEvent,
        statements: Sequence[Statement],
        tie: Tie,
        counts: Callable[[int], bool],
    ) -> None:
        rate = self._rate(event, statements, tie.members)
        for group in tie.groups:
            members = [member for member in group.members if counts(member)]
            if not members:
                continue
            size = len(members)
            said = worth_of_copies(group.before, size)
            figures = [self._figure(grid, event, statements[member]) for member in members]
            self._add_factor(FactorRow(LINEAR if size == 1 else GROUP, rate, group.before), figures, said)

    def _add_vector(self, values: Floats) -> None:
        self._add_factor(FactorRow(VECTOR), [self._vectors[values.tobytes()]])

    def _add_factor(self, row: FactorRow, members: list[int], said: tuple[float, ...] = ()) -> None:
        self._factors.append(row)
        self._members.append(members)
        self._said.append(said or (0.0,) * (len(members) + 1))

    def _new_constants(self, event: CorpusEvent, plan: Plan, statements: Sequence[Statement]) -> Iterator[int]:
        """For each first statement after another source's the number of its own share."""
        for tie in chain.from_iterable(plan.ties):
            members = [member for member in tie.members if not statements[member].withdrawn]
            if not members:
                continue
            rate = self._rate(event, statements, tie.members)
            for others in range(max(1, tie.before), tie.before + len(members)):
                yield self._shares[rate, others]

    def _rate(self, event: CorpusEvent, statements: Sequence[Statement], members: Sequence[int]) -> int:
        """Number of the readiness to copy that some statements share."""
        return self._rates[tuple(sorted([event.sources[statements[member].source] for member in members]))]

    def _figure(self, grid: int, event: CorpusEvent, statement: Statement) -> int:
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
        grid, growth, group, to_bin, rising, falling = columns(self._steps, 6)
        shared = Numbers()
        of_step = integers(shared[pair] for pair in zip(grid.tolist(), group.tolist(), strict=True))
        shared_grid, shared_group = columns(shared, 2)
        steps = Steps(
            grid, growth, group, to_bin, rising.astype(bool), falling.astype(bool), of_step, offsets(sizes[grid]),
            shared_grid, shared_group, offsets(sizes[shared_grid]),
        )  # fmt: skip

        grid, size, chain_from, step = columns(self._laws, 4)
        offset = offsets(sizes[grid])
        if not len(of_step):
            return steps, Laws(grid, size, offset, chain_from, np.zeros_like(step), np.zeros_like(step))
        begin, begin_shared = steps.offset[step], steps.shared_offset[of_step[step]]
        return steps, Laws(grid, size, offset, chain_from, begin, begin_shared)

    def _part_arrays(self, pattern_offset: Integers, pattern_weight: Floats, figures: Figures, steps: Steps) -> Parts:
        grid, law, first, last, by_now, constants = columns(self._parts, 6)
        kind, rate, before, others, update, repeats, extra = columns(self._factors, 7)
        distance, floor, at_risk = np.array(self._accounts, dtype=float).reshape(-1, 3).T.copy()
        share_rate, share_others = columns(self._shares, 2)

        vectors = [np.frombuffer(key) for key in self._vectors]
        vector_offset, sizes = offsets(map(len, vectors)), integers(map(len, self._members))
        member, is_vector = integers(chain.from_iterable(self._members)), np.repeat(kind == VECTOR, sizes)
        begins = np.zeros_like(member)
        begins[is_vector] = vector_offset[member[is_vector]]
        begins[~is_vector] = figures.figure_offset[member[~is_vector]]

        number = np.array(self._part_steps, dtype=np.int64).reshape(-1, STEPS)
        shared = steps.shared_offset[steps.shared] if len(steps.shared) else np.zeros(1, dtype=np.int64)
        return Parts(
            pattern_offset=pattern_offset,
            pattern_weight=pattern_weight,

            grid=grid,
            law=law,
            log_share=numbers(self._log_shares),
            first=first,
            last=last,
            by_now=by_now,
            distance=distance,
            floor=floor,
            at_risk=at_risk,
            step_number=number,
            step=steps.offset[number],
            step_shared=shared[number],

            factor=np.array(self._part_factors, dtype=np.int64).reshape(-1, BINS + 1),
            factor_kind=kind,
            members=offsets(sizes),
            member_figure=begins,
            factor_rate=rate,
            factor_before=before.astype(float),
            factor_others=others.astype(float),
            factor_update=update.astype(bool),
            factor_repeats=repeats.astype(float),
            factor_extra=extra,
            extra=columns(self._extra, 4).T.copy(),
            factor_said=numbers(chain.from_iterable(self._said)),

            constant_offset=np.append(constants, len(self._constants)),
            constant=integers(self._constants),
            share_rate=share_rate,
            share_others=share_others.astype(float),
            vectors=joined(vectors),
        )  # fmt: skip
