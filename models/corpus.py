"""A corpus of events laid out for the fused sums: unique figures once, equal events once, grids by magnitude.

The table of patterns is all that a fit needs of the data: patterns of two corpora merge by adding their weights.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import comb
from typing import Any

import numpy as np
from numpy.typing import NDArray

from estimates.models import floors, forms, fused
from estimates.models.accounting import Kernel, arguments, gross_sum
from estimates.models.copying import elementary_symmetric
from estimates.models.documentation import FINAL, STEPS
from estimates.models.event import Evidence, Statement
from estimates.models.grid import LARGEST_SINGLE, Grid, make_grid
from estimates.models.types import Floats

#: Parameters with one value for each source, in the order of the vector.
SOURCE_PARAMETERS = ("bias", "exactness", "lower", "upper", "scale", "none_share", "copying")
#: Parameters of accounting that all sources share.
SHARED_PARAMETERS = ("exactness_slope", "below", "outlier", "heaping", "at_least_shift", "phantom", "repeating")
#: Parameters with one value for each law of sizes.
SIZE_PARAMETERS = ("positive", "shape", "scale_of_size")
#: Parameters with one value for each kind of event and step.
STEP_PARAMETERS = ("complete_logit", "documented_shape")
#: Parameters of documentation that all kinds of event share.
GROWTH_PARAMETERS = ("complete_slope", "low_share", "low_shape", "over_share", "over_shape", "rising")

#: Events are sorted by the largest number at which their likelihood jumps; those up to each limit share one grid.
MAGNITUDES = (4, 12, 40, 128, 512, 2_048, 8_192, 32_768, 131_072)
#: Every integer is a cell up to this multiple of the limit; of the larger magnitudes, with figures far above, fewer.
SINGLES, FEWER_SINGLES = 4, 24
#: Largest relative width of cells near the numbers said.
RELATIVE_WIDTH = 0.08
_SHIFTS = ("", "at_least", "up_to")


@dataclass(frozen=True)
class CorpusEvent:
    """One outcome of one event as a fit sees it; equal ones are collapsed.

    Attributes
    ----------
    alternatives : tuple of (share, Evidence)
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

    alternatives: tuple[tuple[float, Evidence], ...]
    sources: tuple[int, ...] = ()
    size_law: int = 0
    growth_law: int = 0
    toll: tuple[int, int] | None = None
    selected_from: int = 0


@dataclass(frozen=True)
class Layout:
    """Where each parameter stands in the vector that :meth:`Corpus.evaluate` takes.

    Attributes
    ----------
    sources, sizes, growths : int
        Numbers of sources, laws of sizes and kinds of event.
    """

    sources: int
    sizes: int
    growths: int

    @property
    def lengths(self) -> dict[str, int]:
        """Number of values of each parameter, in order."""
        return {
            **dict.fromkeys(SOURCE_PARAMETERS, self.sources),
            **dict.fromkeys(SHARED_PARAMETERS, 1),
            **dict.fromkeys(SIZE_PARAMETERS, self.sizes),
            **dict.fromkeys(STEP_PARAMETERS, self.growths * STEPS),
            **dict.fromkeys(GROWTH_PARAMETERS, 1),
        }

    @property
    def size(self) -> int:
        """Length of the vector."""
        return sum(self.lengths.values())

    def pack(self, values: Mapping[str, Any]) -> Floats:
        """The vector of named values."""
        return np.concatenate([np.ravel(values[name]).astype(float) for name in self.lengths])

    def unpack(self, vector: Floats) -> dict[str, Floats]:
        """Views of a vector by name."""
        ends = np.cumsum([0, *self.lengths.values()]).tolist()
        return {name: vector[ends[i] : ends[i + 1]] for i, name in enumerate(self.lengths)}


class Corpus:
    """Events ready for their log evidence and its gradient at one parameter vector after another.

    Parameters
    ----------
    events : sequence of CorpusEvent
    layout : Layout
    kernel : {"power_law", "logistic"}
    relative_width : float
        Largest relative width of a cell near the numbers said.
    largest_single : int, optional
        Every integer up to this is a cell; by default four times the limit of the event's magnitude, at most 128.
    """

    def __init__(
        self,
        events: Iterable[CorpusEvent],
        layout: Layout,
        *,
        kernel: Kernel = "power_law",
        relative_width: float = RELATIVE_WIDTH,
        largest_single: int | None = None,
    ) -> None:
        self.layout = layout
        self.kernel = kernel
        counted = Counter(events)
        build = _Builder(relative_width, largest_single)
        for event, weight in sorted(counted.items(), key=lambda item: repr(item[0])):
            build.add(event, float(weight))
        self.events = sum(counted.values())
        self.patterns = len(counted)
        self._arrays = build.finish()

    def log_evidence(self, vector: Floats) -> Floats:
        """Log evidence of every pattern, shape (patterns,); those that stand for a selection come with weight -1."""
        return self._run(vector, gradient=False)[0]

    def total(self, vector: Floats) -> float:
        """Log evidence of the whole corpus."""
        return float(self.log_evidence(vector) @ self._arrays.pattern_weight)

    def evaluate(self, vector: Floats) -> tuple[float, Floats]:
        """Log evidence of the whole corpus and its gradient, shape (layout.size,)."""
        logs, gradient = self._run(vector, gradient=True)
        return float(logs @ self._arrays.pattern_weight), gradient

    @property
    def cells(self) -> int:
        """Number of cells summed over: all figures' tables."""
        return int(self._arrays.figure_offset[-1])

    def _run(self, vector: Floats, *, gradient: bool) -> tuple[Floats, Floats]:
        a = self._arrays
        values = self.layout.unpack(np.ascontiguousarray(vector, dtype=float))
        shared = [float(values[name][0]) for name in SHARED_PARAMETERS]
        slope, below, outlier, heaping, at_least_shift, phantom, repeating = shared
        growth = [float(values[name][0]) for name in GROWTH_PARAMETERS]
        growth_slope, low_share, low_shape, over_share, over_shape, rising = growth
        logits = values["complete_logit"].reshape(-1, STEPS)
        shapes = values["documented_shape"].reshape(-1, STEPS)
        power_law = self.kernel == "power_law"
        pairs, cells = int(a.pair_offset[-1]), int(a.step_offset[-1])
        rho, down, up, given_inverse = np.empty(pairs), np.empty(pairs), np.empty(pairs), np.empty(3 * pairs)
        grids = (a.grid_offset, a.count, a.log_count, a.relative, a.curvature, a.reference)
        bias, exactness, lower, upper, scale, none_share, copying = (values[name] for name in SOURCE_PARAMETERS)
        fused.source_tables(
            a.pair_source, a.pair_grid, a.pair_kinds, a.pair_offset, *grids,
            bias, exactness, lower, upper, scale, slope, below, outlier,
            at_least_shift, forms.UP_TO_SHIFT, power_law, rho, down, up, given_inverse,
        )  # fmt: skip
        words = (
            a.none_weight, a.group_offset, a.group_kind, a.group_vector, a.point_offset, a.points, a.point_plain,
            a.point_rounded, a.phantom_offset, a.phantom_points, a.phantom_weights, a.gross_plain, a.gross_rounded,
            a.atoms,
        )  # fmt: skip
        pair = (a.pair_source, a.pair_grid, a.pair_offset)
        edge = (a.grid_offset, a.edge_offset, a.edges)
        accounting = (
            bias, lower, upper, scale, none_share, below, outlier, heaping, at_least_shift, phantom, forms.UP_TO_SHIFT,
            power_law, rho, down, up, given_inverse,
        )  # fmt: skip
        figure = (a.figure_pair, a.figure_words, a.figure_offset)
        tables = np.empty(int(a.figure_offset[-1]))
        fused.figure_tables(
            *figure, *words, *pair, *edge, a.count, a.reference, *accounting, tables, a.most_points
        )  # fmt: skip
        own, complete = np.empty(cells), np.empty(cells)
        child, parent, raw, stay = (np.empty((3, cells)) for _ in range(4))
        step = (a.step_grid, a.step_growth, a.step_index, a.step_rising, a.step_offset)
        step_grid = (*edge, a.relative_edges, a.middle, a.log_count, a.relative, a.reference)
        fused.step_tables(
            *step, *step_grid, logits, growth_slope, shapes, low_share, low_shape, over_share, over_shape, rising,
            own, child, parent, raw, stay, complete,
        )  # fmt: skip
        masses = np.empty(int(a.law_offset[-1]))
        law = (a.law_grid, a.law_size, a.law_offset)
        sizes = tuple(values[name] for name in SIZE_PARAMETERS)
        chain = (a.chain_from, a.chain_offset)
        fused.expected_tables(*law, *edge, *sizes, *chain, own, child, parent, masses)
        # The tied share one readiness to copy, the mean of theirs.
        rates = np.add.reduceat(copying[a.rate_source], a.rate_offset) / a.rate_size
        d_rates = np.zeros_like(rates)
        logs = np.empty(len(a.pattern_weight))
        d_tables, d_masses, d_own = np.zeros_like(tables), np.zeros_like(masses), np.zeros(cells)
        d_child, d_parent = np.zeros((3, cells)), np.zeros((3, cells))
        result = np.zeros(self.layout.size)
        d = self.layout.unpack(result)
        d_shared, d_growth = np.zeros(len(SHARED_PARAMETERS)), np.zeros(len(GROWTH_PARAMETERS))
        fused.events(
            a.pattern_offset, a.pattern_weight, a.part_grid, a.part_law, a.part_log_share, a.part_first, a.part_last,
            a.part_step, a.part_factor, a.factor_bin, a.factor_kind, a.members, a.member_figure, a.factor_rate,
            a.factor_before, a.factor_others, a.factor_repeats, a.factor_said, a.constant_offset, a.constant_rate,
            a.constant_others, a.grid_offset, a.step_offset, a.law_offset, tables, a.vectors, rates, repeating, own,
            child, parent, masses, a.longest, a.most_members, logs, gradient,
            d_tables, d_masses, d_own, d_child, d_parent, d_rates, d_shared,
        )  # fmt: skip
        if not gradient:
            return logs, result
        np.add.at(d["copying"], a.rate_source, np.repeat(d_rates / a.rate_size, a.rate_size))
        fused.expected_gradient(
            *law, *edge, *sizes, *chain, own, child, parent, masses, d_masses, d_own, d_child, d_parent,
            *(d[name] for name in SIZE_PARAMETERS),
        )  # fmt: skip
        fused.step_gradient(
            *step, *step_grid, shapes, low_share, low_shape, over_share, over_shape, raw, stay, complete,
            d_own, d_child, d_parent, d["complete_logit"].reshape(-1, STEPS), d["documented_shape"].reshape(-1, STEPS),
            d_growth,
        )  # fmt: skip
        d_rho, d_ordinary, d_gross, d_down, d_up = (np.zeros(pairs) for _ in range(5))
        d_given_inverse = np.zeros(3 * pairs)
        fused.figure_gradient(
            *figure, *words, *pair, *edge, a.count, a.relative, a.reference, *accounting, d_tables, a.most_points,
            d_rho, d_ordinary, d_gross, d_down, d_up, d_given_inverse,
            d["bias"], d["lower"], d["upper"], d["scale"], d["none_share"], d_shared,
        )  # fmt: skip
        fused.source_gradient(
            a.pair_source, a.pair_grid, a.pair_kinds, a.pair_offset, *grids,
            bias, lower, upper, scale, below, outlier, at_least_shift, forms.UP_TO_SHIFT, power_law,
            rho, down, up, given_inverse, d_rho, d_ordinary, d_gross, d_down, d_up, d_given_inverse,
            d["bias"], d["exactness"], d["lower"], d["upper"], d["scale"], d_shared,
        )  # fmt: skip
        for name, slope_of in zip((*SHARED_PARAMETERS, *GROWTH_PARAMETERS), (*d_shared, *d_growth), strict=True):
            d[name][0] += slope_of
        return logs, result


class _Arrays:
    """What the fused sums read; one attribute an array, as laid out by :class:`_Builder`."""

    def __init__(self, arrays: Mapping[str, Any]) -> None:
        self.__dict__.update(arrays)

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(name)


class _Builder:
    """Collects events into flat arrays; every distinct grid, figure, step and law gets one number."""

    def __init__(self, relative_width: float, largest_single: int | None) -> None:
        self._relative_width = relative_width
        self._largest_single = largest_single
        self._events: list[tuple[CorpusEvent, float]] = []

    def add(self, event: CorpusEvent, weight: float) -> None:
        self._events.append((event, weight))

    def finish(self) -> _Arrays:
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
            for share, evidence in event.alternatives:
                self._add_part(event, share, evidence)
            offsets.append(len(self._parts.grid))
            weights.append(weight)
        arrays: dict[str, Any] = {
            "pattern_offset": np.array(offsets, np.int64),
            "pattern_weight": np.array(weights, float),
            **self._parts.arrays(),
            **self._figure_arrays(),
            **self._grid_arrays(),
            **self._law_arrays(),
        }
        # A member is the place where its table begins.
        of_vector = np.repeat(arrays["factor_kind"] == fused.VECTOR, np.diff(arrays["members"]))
        figures = np.where(of_vector, 0, arrays["member_figure"])
        arrays["member_figure"] = np.where(of_vector, arrays["member_figure"], arrays["figure_offset"][figures])
        arrays["vectors"] = np.concatenate(self._vectors) if self._vectors else np.zeros(1)
        arrays["longest"] = max(len(grid) for grid in self._grid_list)
        return _Arrays(arrays)

    def _patterns(self) -> Iterator[tuple[CorpusEvent, float]]:
        """The events, and for those chosen for their size what that choice made of their law, to be taken away."""
        chosen: Counter[tuple[int, int]] = Counter()
        for event, weight in self._events:
            yield event, weight
            if event.selected_from > 0:
                chosen[event.size_law, event.selected_from] += int(weight)
        for (law, smallest), weight in sorted(chosen.items()):
            # "At least so many" is a truth without an upper end.
            yield CorpusEvent(((1.0, Evidence(())),), (), law, 0, (smallest, -1)), -float(weight)

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

    def _add_part(self, event: CorpusEvent, share: float, evidence: Evidence) -> None:
        grid = self._grid_number[_magnitude(event)]
        parts = self._parts
        bins = [statement.bin for statement in evidence.statements] + [floor.bin for floor in evidence.floors]
        to_the_end = event.toll is not None or bool(evidence.floors)
        last = FINAL if to_the_end else max(bins, default=FINAL)
        first = min(bins, default=last)
        for b in range(first, last + 1):
            self._add_factors(grid, event, evidence, b)
        steps = [0] * STEPS
        for index in range(first, last):
            steps[index] = self._steps[grid, event.growth_law, index, index >= evidence.rising_from]
        law = self._laws[grid, event.size_law, -1, -1]
        for index in range(FINAL - 1, last - 1, -1):
            step = self._steps[grid, event.growth_law, index, index >= evidence.rising_from]
            law = self._laws[grid, event.size_law, law, step]
        parts.grid.append(grid)
        parts.law.append(law)
        parts.log_share.append(float(np.log(share)))
        parts.first.append(first)
        parts.last.append(last)
        parts.step.append(steps)
        parts.factor.append(len(parts.factor_bin))
        for ties in evidence.plan.ties:
            for tie in ties:
                rate = self._rate(event, evidence, tie.members)
                for others in range(max(1, tie.before), tie.before + len(tie.members)):
                    parts.constant_rate.append(rate)
                    parts.constant_others.append(others)
        parts.constant_offset.append(len(parts.constant_rate))

    def _add_factors(self, grid: int, event: CorpusEvent, evidence: Evidence, b: int) -> None:
        plan, parts = evidence.plan, self._parts
        if b < len(plan.ties):
            for tie in plan.ties[b]:
                rate = self._rate(event, evidence, tie.members)
                for group in tie.groups:
                    size = len(group.members)
                    copied = elementary_symmetric(range(group.before, group.before + size))
                    parts.add_factor(
                        b,
                        fused.SINGLE if size == 1 else fused.GROUP,
                        [self._member(grid, event, evidence.statements[member]) for member in group.members],
                        rate,
                        before=group.before,
                        said=[copied[size - own] / comb(size, own) for own in range(size + 1)],
                    )
            for update in plan.updates[b]:
                member = self._member(grid, event, evidence.statements[update.member])
                rate = self._rate(event, evidence, (update.member,))
                parts.add_factor(
                    b, fused.UPDATE, [member], rate, before=update.before, others=update.others, repeats=update.repeats
                )
        cells = self._grid_list[grid]
        for floor in evidence.floors:
            if b in (floor.bin, FINAL):
                key = ("floor", grid, floor.number, floor.error)
                if key not in self._vector_known:
                    self._vector_known[key] = self._add_vector(floors.likelihood(floor.number, floor.error, cells))
                parts.add_factor(b, fused.VECTOR, [self._vector_known[key]], 0)
        if b == FINAL and event.toll is not None:
            low, high = event.toll
            inside = cells.within(low, cells.cap if high < 0 else high)
            parts.add_factor(b, fused.VECTOR, [self._add_vector(inside.astype(float))], 0)

    def _add_vector(self, values: Floats) -> int:
        at = self._vector_at
        self._vectors.append(values)
        self._vector_at += len(values)
        return at

    def _rate(self, event: CorpusEvent, evidence: Evidence, members: Sequence[int]) -> int:
        """Number of the readiness to copy that some statements share."""
        return self._rates[tuple(sorted(event.sources[evidence.statements[member].source] for member in members))]

    def _member(self, grid: int, event: CorpusEvent, statement: Statement) -> int:
        """Number of a statement's figure."""
        pair = self._pairs[event.sources[statement.source], grid]
        return self._figures[pair, self._words[statement.words, grid]]

    # Arrays ----------------------------------------------------------------------------------------------------------

    def _figure_arrays(self) -> dict[str, Any]:
        none_weight, group_offset, group_kind, group_vector = [], [0], [], []
        point_offset, points, plain, rounded = [0], [], [], []
        phantom_offset, phantom_points, phantom_weights = [0], [], []
        gross_plain, gross_rounded, atoms = [], [], []
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
        return {
            "rate_source": _integers(source for sources in self._rates for source in sources),
            "rate_size": _integers(len(sources) for sources in self._rates),
            "rate_offset": _offsets([len(sources) for sources in self._rates])[:-1],
            "pair_source": _integers(source for source, _ in self._pairs),
            "pair_grid": _integers(grid for _, grid in self._pairs),
            "pair_kinds": kinds,
            "pair_offset": _offsets(pair_sizes),
            "figure_pair": _integers(pair for pair, _ in self._figures),
            "figure_words": _integers(words for _, words in self._figures),
            "figure_offset": _offsets(figure_sizes),
            "none_weight": _numbers(none_weight),
            "group_offset": _integers(group_offset),
            "group_kind": _integers(group_kind),
            "group_vector": _integers(group_vector),
            "point_offset": _integers(point_offset),
            "points": _numbers(points),
            "point_plain": _numbers(plain),
            "point_rounded": _numbers(rounded),
            "phantom_offset": _integers(phantom_offset),
            "phantom_points": _numbers(phantom_points),
            "phantom_weights": _numbers(phantom_weights),
            "gross_plain": _joined(gross_plain),
            "gross_rounded": _joined(gross_rounded),
            "atoms": _joined(atoms),
            "most_points": int(max(np.diff(point_offset), default=0)) + 1,
        }

    def _grid_arrays(self) -> dict[str, Any]:
        grids = self._grid_list
        return {
            "grid_offset": _offsets([len(grid) for grid in grids]),
            "edge_offset": _offsets([len(grid) + 1 for grid in grids]),
            "edges": np.concatenate([grid.edges for grid in grids]),
            "relative_edges": np.concatenate([np.log(np.maximum(grid.edges, 1) / grid.reference) for grid in grids]),
            "middle": _joined([grid.middle for grid in grids]),
            "count": _joined([np.maximum(grid.middle, 1.0) for grid in grids]),
            "log_count": _joined([grid.log_middle + np.log(grid.reference) for grid in grids]),
            "relative": _joined([grid.log_middle for grid in grids]),
            "curvature": _joined(
                [(grid.width**2.0 - 1.0) / (24.0 * np.maximum(grid.middle, 1.0) ** 2) for grid in grids]
            ),
            "reference": _numbers(grid.reference for grid in grids),
        }

    def _law_arrays(self) -> dict[str, Any]:
        step_offset = _offsets([len(self._grid_list[grid]) for grid, *_ in self._steps])
        laws = list(self._laws)
        return {
            "step_grid": _integers(grid for grid, _, _, _ in self._steps),
            "step_growth": _integers(growth for _, growth, _, _ in self._steps),
            "step_index": _integers(index for _, _, index, _ in self._steps),
            "step_rising": np.array([rising for _, _, _, rising in self._steps], dtype=bool),
            "step_offset": step_offset,
            "law_grid": _integers(grid for grid, _, _, _ in laws),
            "law_size": _integers(size for _, size, _, _ in laws),
            "law_offset": _offsets([len(self._grid_list[grid]) for grid, *_ in laws]),
            "chain_from": _integers(origin for _, _, origin, _ in laws),
            "chain_offset": _integers(0 if step < 0 else int(step_offset[step]) for _, _, _, step in laws),
        }


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
        self.repeats.append(float(repeats))
        self.said += list(said) or [0.0] * (len(members) + 1)

    def arrays(self) -> dict[str, Any]:
        return {
            "part_grid": _integers(self.grid),
            "part_law": _integers(self.law),
            "part_log_share": _numbers(self.log_share),
            "part_first": _integers(self.first),
            "part_last": _integers(self.last),
            "part_step": np.array(self.step, dtype=np.int64).reshape(-1, STEPS),
            "part_factor": _integers(self.factor),
            "factor_bin": _integers(self.factor_bin),
            "factor_kind": _integers(self.kind),
            "members": _integers(self.members),
            "member_figure": _integers(self.figure),
            "factor_rate": _integers(self.rate),
            "factor_before": _numbers(self.before),
            "factor_others": _numbers(self.others),
            "factor_repeats": _numbers(self.repeats),
            "factor_said": _numbers(self.said),
            "constant_offset": _integers(self.constant_offset),
            "constant_rate": _integers(self.constant_rate),
            "constant_others": _numbers(self.constant_others),
            "most_members": int(max(np.diff(self.members), default=1)),
        }


def _jumps(event: CorpusEvent) -> set[int]:
    found = {jump for _, evidence in event.alternatives for jump in evidence.jumps()}
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
