"""Events laid out for the fused sums: unique figures once, equal events once, grids by magnitude.

The table of patterns is all that a fit needs of the data: patterns of two corpora merge by adding their weights.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import comb
from typing import Any

import numpy as np
from numpy.typing import NDArray

from estimates.models import floor as floors
from estimates.models import wording as forms
from estimates.models.copying import elementary_symmetric
from estimates.models.corpus.arrays import (
    GROUP,
    LINEAR,
    VECTOR,
    Figures,
    Grids,
    Laws,
    Parts,
    Steps,
)
from estimates.models.event import Observations, Statement
from estimates.models.grid import LARGEST_SINGLE, Grid, make_grid
from estimates.models.growth import FINAL, STEPS
from estimates.models.reporting import arguments, gross_sum
from estimates.models.types import Floats

#: Events are sorted by the largest number at which their likelihood jumps; those up to each limit share one grid.
MAGNITUDES = (4, 12, 40, 128, 512, 2_048, 8_192, 32_768, 131_072)
#: Every integer is a cell up to this multiple of the limit; of the larger magnitudes, with figures far above, fewer.
SINGLES, FEWER_SINGLES = 2, 24
#: Largest relative width of cells near the numbers said.
RELATIVE_WIDTH = 0.1
#: In the order of the kinds of ``fused_arrays``.
_SHIFTS = ("", "at_least", "up_to")


@dataclass(frozen=True)
class CorpusEvent:
    """One outcome of one event as a fit sees it; equal ones are collapsed.

    Attributes
    ----------
    alternatives : tuple of (share, Observations)
        Assignments of ages.
    sources : tuple of int
        The corpus's number for each source of the evidence; sources that share one number still count as different
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
    """What the fused sums read of the data.

    ``rate_source`` are the sources that share a readiness to copy, ``rate_offset`` where each of these begins and
    ``rate_size`` how many sources it has.
    """

    grids: Grids
    figures: Figures
    steps: Steps
    laws: Laws
    parts: Parts
    rate_source: NDArray[np.int64]
    rate_offset: NDArray[np.int64]
    rate_size: NDArray[np.int64]


class Builder:
    """Collects events into flat arrays; every distinct grid, figure, step and law gets one number."""

    def __init__(self, relative_width: float, largest_single: int | None) -> None:
        self._relative_width = relative_width
        self._largest_single = largest_single
        self._events: list[tuple[CorpusEvent, float]] = []

    def add(self, event: CorpusEvent, weight: float) -> None:
        """Add a pattern that occurs so many times."""
        self._events.append((event, weight))

    def finish(self) -> Arrays:
        """Lay out all patterns."""
        patterns = list(self._patterns())
        self._grids = self._make_grids(patterns)
        self._grid_list = list(self._grids.values())
        self._grid_number = {magnitude: i for i, magnitude in enumerate(self._grids)}
        self._pairs = _Numbers()
        self._words = _Numbers()
        self._figures = _Numbers()
        self._steps = _Numbers()
        self._laws = _Numbers()
        self._rates = _Numbers()
        self._rates[0,] = 0  # there is one at least
        self._vectors: list[Floats] = []
        self._vector_at = 0
        self._vector_known: dict[Hashable, int] = {}
        self._parts = _Parts()
        offsets, weights = [0], []
        for event, weight in patterns:
            for share, observations in event.alternatives:
                self._add_part(event, share, observations)
            offsets.append(len(self._parts.grid))
            weights.append(weight)
        figures = self._figure_arrays()
        # A member is the place where its table begins.
        members = np.repeat(np.array(self._parts.kind) == VECTOR, np.diff(self._parts.members))
        member = _integers(self._parts.figure)
        begins = np.where(members, member, figures.figure_offset[np.where(members, 0, member)])
        rates = list(self._rates)
        return Arrays(
            self._grid_arrays(),
            figures,
            *self._law_arrays(),
            self._parts.arrays(
                _integers(offsets), _numbers(weights), begins, self._step_offset(), _joined(self._vectors)
            ),
            rate_source=_integers(source for sources in rates for source in sources),
            rate_offset=_offsets([len(sources) for sources in rates])[:-1],
            rate_size=_integers(len(sources) for sources in rates),
        )

    def _patterns(self) -> Iterator[tuple[CorpusEvent, float]]:
        """The events, and for those chosen for their size what that choice made of their law, to be taken away."""
        chosen: Counter[tuple[int, int]] = Counter()
        for event, weight in self._events:
            yield event, weight
            if event.selected_from > 0:
                chosen[event.size_law, event.selected_from] += int(weight)
        for (law, smallest), weight in sorted(chosen.items()):
            # "At least so many" is a truth without an upper end.
            yield CorpusEvent(((1.0, Observations(())),), (), law, 0, (smallest, -1)), -float(weight)

    def _make_grids(self, patterns: Sequence[tuple[CorpusEvent, float]]) -> dict[int, Grid]:
        jumps: dict[int, set[int]] = {}
        for event, _ in patterns:
            jumps.setdefault(_magnitude(event), set()).update(_jumps(event))
        # One cap for all, so that the laws of sizes are the same on every grid.
        largest = max((jump for found in jumps.values() for jump in found), default=0)
        cap = make_grid([largest]).cap
        grids = {}
        for magnitude, found in sorted(jumps.items()):
            few = FEWER_SINGLES if magnitude > LARGEST_SINGLE else min(LARGEST_SINGLE, SINGLES * magnitude)
            single = self._largest_single or few
            grids[magnitude] = make_grid(found, relative_width=self._relative_width, largest_single=single, cap=cap)
        return grids

    def _add_part(self, event: CorpusEvent, share: float, observations: Observations) -> None:
        grid = self._grid_number[_magnitude(event)]
        parts = self._parts
        bins = [statement.bin for statement in observations.statements] + [floor.bin for floor in observations.floors]
        to_the_end = event.toll is not None or bool(observations.floors)
        last = FINAL if to_the_end else max(bins, default=FINAL)
        first = min(bins, default=last)
        for b in range(first, last + 1):
            self._add_factors(grid, event, observations, b)
        steps = [0] * STEPS
        for index in range(first, last):
            steps[index] = self._steps[grid, event.growth_law, index, index >= observations.rising_from]
        law = self._laws[grid, event.size_law, -1, -1]
        for index in range(FINAL - 1, last - 1, -1):
            step = self._steps[grid, event.growth_law, index, index >= observations.rising_from]
            law = self._laws[grid, event.size_law, law, step]
        parts.grid.append(grid)
        parts.law.append(law)
        parts.log_share.append(float(np.log(share)))
        parts.first.append(first)
        parts.last.append(last)
        parts.step.append(steps)
        parts.factor.append(len(parts.factor_bin))
        for ties in observations.plan.ties:
            for tie in ties:
                rate = self._rate(event, observations, tie.members)
                for others in range(max(1, tie.before), tie.before + len(tie.members)):
                    parts.constant_rate.append(rate)
                    parts.constant_others.append(others)
        parts.constant_offset.append(len(parts.constant_rate))

    def _add_factors(self, grid: int, event: CorpusEvent, observations: Observations, b: int) -> None:
        plan, parts = observations.plan, self._parts
        if b < len(plan.ties):
            for tie in plan.ties[b]:
                rate = self._rate(event, observations, tie.members)
                for group in tie.groups:
                    size = len(group.members)
                    copied = elementary_symmetric(range(group.before, group.before + size))
                    parts.add_factor(
                        b,
                        LINEAR if size == 1 else GROUP,
                        [self._member(grid, event, observations.statements[member]) for member in group.members],
                        rate,
                        before=group.before,
                        said=[copied[size - own] / comb(size, own) for own in range(size + 1)],
                    )
            for update in plan.updates[b]:
                member = self._member(grid, event, observations.statements[update.member])
                rate = self._rate(event, observations, (update.member,))
                parts.add_factor(
                    b,
                    LINEAR,
                    [member],
                    rate,
                    before=update.before,
                    others=update.others,
                    update=True,
                    repeats=update.repeats,
                )
        cells = self._grid_list[grid]
        for floor in observations.floors:
            if b in (floor.bin, FINAL):
                key = ("floor", grid, floor.number, floor.error)
                if key not in self._vector_known:
                    self._vector_known[key] = self._add_vector(floors.likelihood(floor.number, floor.error, cells))
                parts.add_factor(b, VECTOR, [self._vector_known[key]], 0)
        if b == FINAL and event.toll is not None:
            low, high = event.toll
            inside = cells.within(low, cells.cap if high < 0 else high)
            parts.add_factor(b, VECTOR, [self._add_vector(inside.astype(float))], 0)

    def _add_vector(self, values: Floats) -> int:
        at = self._vector_at
        self._vectors.append(values)
        self._vector_at += len(values)
        return at

    def _rate(self, event: CorpusEvent, observations: Observations, members: Sequence[int]) -> int:
        """Number of the readiness to copy that some statements share."""
        return self._rates[tuple(sorted(event.sources[observations.statements[member].source] for member in members))]

    def _member(self, grid: int, event: CorpusEvent, statement: Statement) -> int:
        """Number of a statement's figure."""
        pair = self._pairs[event.sources[statement.source], grid]
        return self._figures[pair, self._words[statement.words, grid]]

    # Arrays ----------------------------------------------------------------------------------------------------------

    def _figure_arrays(self) -> Figures:
        none_weight, group_offset, group_kind, group_vector = [], [0], [], []
        point_offset, points, plain, rounded = [0], [], [], []
        phantom_offset, phantom_points, phantom_weights = [0], [], []
        gross_plain, gross_rounded, atoms = [], [], []
        atom_first, atom_last, is_rounded = [], [], []
        at = 0
        for words, number in self._words:
            grid = self._grid_list[number]
            none, terms = forms.terms(words)
            none_weight.append(none)
            phantom: Counter[int] = Counter()
            for kind, shift in enumerate(_SHIFTS):
                chosen = [term for term in terms if term.shift == shift]
                if not chosen:
                    continue
                weights: dict[int, list[float]] = {}
                atom = np.zeros(len(grid))
                for term in chosen:
                    at_plain, at_rounded = arguments(term.low, term.high, heaped=term.heaped)
                    for k, weight in at_plain.items():
                        weights.setdefault(k, [0.0, 0.0])[0] += term.weight * weight
                        if at_rounded is not None:
                            weights[k][1] -= term.weight * weight
                    for k, weight in (at_rounded or {}).items():
                        weights.setdefault(k, [0.0, 0.0])[1] += term.weight * weight
                    atom[grid.within(term.low, term.high)] += term.weight
                    phantom[term.low] += term.weight  # type: ignore[assignment]
                    phantom[term.high + 1] -= term.weight  # type: ignore[assignment]
                count = np.maximum(grid.middle, 1.0)
                ordered = sorted(weights)
                gross_plain.append(gross_sum(count, {k + 0.5: weights[k][0] for k in ordered}))
                gross_rounded.append(gross_sum(count, {k + 0.5: weights[k][1] for k in ordered}))
                atoms.append(atom)
                cells = np.flatnonzero(atom)
                atom_first.append(int(cells[0]) if len(cells) else 0)
                atom_last.append(int(cells[-1]) + 1 if len(cells) else 0)
                is_rounded.append(any(weights[k][1] for k in ordered))
                points += [k + 0.5 for k in ordered]
                plain += [weights[k][0] for k in ordered]
                rounded += [weights[k][1] for k in ordered]
                point_offset.append(len(points))
                group_kind.append(kind)
                group_vector.append(at)
                at += len(grid)
            group_offset.append(len(group_kind))
            kept = {k: weight for k, weight in sorted(phantom.items()) if weight != 0}
            phantom_points += [float(k) for k in kept]
            phantom_weights += [float(weight) for weight in kept.values()]
            phantom_offset.append(len(phantom_points))
        kinds = np.zeros((len(self._pairs), len(_SHIFTS)), dtype=bool)
        for pair, words in self._figures:
            kinds[pair, group_kind[group_offset[words] : group_offset[words + 1]]] = True
        pair_sizes = [len(self._grid_list[grid]) for _, grid in self._pairs]
        figure_sizes = [pair_sizes[pair] for pair, _ in self._figures]
        groups = np.diff(group_offset)
        return Figures(
            pair_source=_integers(source for source, _ in self._pairs),
            pair_grid=_integers(grid for _, grid in self._pairs),
            pair_kinds=kinds,
            pair_offset=_offsets(pair_sizes),
            figure_pair=_integers(pair for pair, _ in self._figures),
            figure_words=_integers(words for _, words in self._figures),
            figure_offset=_offsets(figure_sizes),
            sums_offset=_offsets([pair_sizes[pair] * int(groups[words]) for pair, words in self._figures]),
            none_weight=_numbers(none_weight),
            group_offset=_integers(group_offset),
            group_kind=_integers(group_kind),
            group_vector=_integers(group_vector),
            atom_first=_integers(atom_first),
            atom_last=_integers(atom_last),
            rounded=np.array(is_rounded, dtype=bool),
            point_offset=_integers(point_offset),
            points=_numbers(points),
            log_points=np.log(_numbers(points)),
            point_plain=_numbers(plain),
            point_rounded=_numbers(rounded),
            phantom_offset=_integers(phantom_offset),
            log_phantom=np.log(_numbers(phantom_points)),
            phantom_weights=_numbers(phantom_weights),
            gross_plain=_joined(gross_plain),
            gross_rounded=_joined(gross_rounded),
            atoms=_joined(atoms),
        )

    def _grid_arrays(self) -> Grids:
        grids = self._grid_list
        return Grids(
            offset=_offsets([len(grid) for grid in grids]),
            edge_offset=_offsets([len(grid) + 1 for grid in grids]),
            edges=np.concatenate([grid.edges for grid in grids]),
            relative_edges=np.concatenate([np.log(np.maximum(grid.edges, 1) / grid.reference) for grid in grids]),
            middle=_joined([grid.middle for grid in grids]),
            count=_joined([np.maximum(grid.middle, 1.0) for grid in grids]),
            log_count=_joined([grid.log_middle + np.log(grid.reference) for grid in grids]),
            relative=_joined([grid.log_middle for grid in grids]),
            curvature=_joined([(grid.width**2.0 - 1.0) / (24.0 * np.maximum(grid.middle, 1.0) ** 2) for grid in grids]),
            reference=_numbers(grid.reference for grid in grids),
        )

    def _step_offset(self) -> NDArray[np.int64]:
        return _offsets([len(self._grid_list[grid]) for grid, *_ in self._steps])

    def _law_arrays(self) -> tuple[Steps, Laws]:
        offset = self._step_offset()
        steps = Steps(
            grid=_integers(grid for grid, _, _, _ in self._steps),
            growth=_integers(growth for _, growth, _, _ in self._steps),
            index=_integers(index for _, _, index, _ in self._steps),
            rising=np.array([rising for _, _, _, rising in self._steps], dtype=bool),
            offset=offset,
        )
        laws = list(self._laws)
        return steps, Laws(
            grid=_integers(grid for grid, _, _, _ in laws),
            size=_integers(size for _, size, _, _ in laws),
            offset=_offsets([len(self._grid_list[grid]) for grid, *_ in laws]),
            chain_from=_integers(origin for _, _, origin, _ in laws),
            chain_offset=_integers(0 if step < 0 else int(offset[step]) for _, _, _, step in laws),
        )


class _Numbers(dict[Any, int]):
    """Numbers in order of first use."""

    def __missing__(self, key: Any) -> int:
        self[key] = len(self)
        return self[key]


class _Parts:
    """Rows of parts and factors."""

    def __init__(self) -> None:
        self.grid: list[int] = []
        self.law: list[int] = []
        self.log_share: list[float] = []
        self.first: list[int] = []
        self.last: list[int] = []
        self.step: list[list[int]] = []
        self.factor: list[int] = [0]
        self.factor_bin: list[int] = []
        self.kind: list[int] = []
        self.members: list[int] = [0]
        self.figure: list[int] = []
        self.rate: list[int] = []
        self.before: list[float] = []
        self.others: list[float] = []
        self.update: list[bool] = []
        self.repeats: list[float] = []
        self.said: list[float] = []
        self.constant_offset: list[int] = [0]
        self.constant_rate: list[int] = []
        self.constant_others: list[float] = []

    def add_factor(
        self,
        b: int,
        kind: int,
        members: Sequence[int],
        rate: int,
        *,
        before: int = 0,
        others: int = 0,
        update: bool = False,
        repeats: bool = False,
        said: Sequence[float] = (),
    ) -> None:
        self.factor_bin.append(b)
        self.kind.append(kind)
        self.figure += members
        self.rate.append(rate)
        self.members.append(len(self.figure))
        self.before.append(float(before))
        self.others.append(float(others))
        self.update.append(update)
        self.repeats.append(float(repeats))
        self.said += list(said) or [0.0] * (len(members) + 1)

    def arrays(
        self,
        pattern_offset: NDArray[np.int64],
        pattern_weight: Floats,
        member_begins: NDArray[np.int64],
        step_begins: NDArray[np.int64],
        vectors: Floats,
    ) -> Parts:
        return Parts(
            pattern_offset=pattern_offset,
            pattern_weight=pattern_weight,
            grid=_integers(self.grid),
            law=_integers(self.law),
            log_share=_numbers(self.log_share),
            first=_integers(self.first),
            last=_integers(self.last),
            step=step_begins[np.array(self.step, dtype=np.int64).reshape(-1, STEPS)],
            factor=_integers(self.factor),
            factor_bin=_integers(self.factor_bin),
            factor_kind=_integers(self.kind),
            members=_integers(self.members),
            member_figure=member_begins,
            factor_rate=_integers(self.rate),
            factor_before=_numbers(self.before),
            factor_others=_numbers(self.others),
            factor_update=np.array(self.update, dtype=bool),
            factor_repeats=_numbers(self.repeats),
            factor_said=_numbers(self.said),
            constant_offset=_integers(self.constant_offset),
            constant_rate=_integers(self.constant_rate),
            constant_others=_numbers(self.constant_others),
            vectors=vectors,
        )


def _jumps(event: CorpusEvent) -> set[int]:
    found = {jump for _, observations in event.alternatives for jump in observations.jumps()}
    if event.toll is not None:
        found.update(jump for toll in event.toll if toll >= 0 for jump in (toll - 1, toll))
    return found


def _magnitude(event: CorpusEvent) -> int:
    largest = max(_jumps(event), default=0)
    return next((limit for limit in MAGNITUDES if largest <= limit), 2 * MAGNITUDES[-1])


def _integers(values: Iterable[int]) -> NDArray[np.int64]:
    return np.array(list(values), dtype=np.int64)


def _numbers(values: Iterable[float]) -> Floats:
    return np.array(list(values), dtype=float)


def _joined(parts: Sequence[Floats]) -> Floats:
    return np.concatenate(parts) if parts else np.zeros(1)


def _offsets(sizes: Sequence[int]) -> NDArray[np.int64]:
    return np.cumsum([0, *sizes]).astype(np.int64)
