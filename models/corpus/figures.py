"""The arrays of unique figures: what their words say on the grids of a corpus, prepared as far as the data allow."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

import numpy as np

from estimates.models import wording as forms
from estimates.models.corpus.arrays import SHIFTS, Figures, integers, joined, numbers, offsets
from estimates.models.grid import Grid
from estimates.models.reporting import arguments, gross_sum
from estimates.models.types import Floats
from estimates.models.wording import Term, Words

#: The names of the shifts in ``wording``, in the order of their numbers in ``arrays``.
_SHIFTS = ("", "at_least", "up_to")


class _Group(NamedTuple):
    """Terms of one wording that have the same shift of the location, on one grid."""

    kind: int
    # (points,): where the errors' distribution function is taken, its weights, and what rounding changes in these.
    points: list[float]
    plain: list[float]
    rounded: list[float]
    # (cells,)
    atoms: Floats
    gross_plain: Floats
    gross_rounded: Floats


class _Said(NamedTuple):
    """Words on one grid; ``phantom`` holds the weights of ``k ** (-1 / scale)`` by ``k``."""

    none_weight: float
    groups: list[_Group]
    phantom: dict[int, float]


def figure_arrays(
    pairs: Sequence[tuple[int, int]],
    words: Sequence[tuple[Words, int]],
    figures: Sequence[tuple[int, int]],
    grids: Sequence[Grid],
) -> Figures:
    """Lay out unique figures.

    Parameters
    ----------
    pairs : sequence of (source, grid)
        Sources on the grids that they are heard on, by number.
    words : sequence of (Words, grid)
    figures : sequence of (pair, words)
        Positions in the two sequences before.
    grids : sequence of Grid
    """
    said = [_said(each, grids[grid]) for each, grid in words]
    groups = [group for each in said for group in each.groups]
    atoms = [np.flatnonzero(group.atoms) for group in groups]
    sizes = [len(grids[grid]) for _, grid in pairs]

    kinds = np.zeros((len(pairs), SHIFTS), dtype=bool)
    for pair, number in figures:
        kinds[pair, [group.kind for group in said[number].groups]] = True

    return Figures(
        pair_source=integers(source for source, _ in pairs),
        pair_grid=integers(grid for _, grid in pairs),
        pair_kinds=kinds,
        pair_offset=offsets(sizes),

        figure_pair=integers(pair for pair, _ in figures),
        figure_words=integers(number for _, number in figures),
        figure_offset=offsets(sizes[pair] for pair, _ in figures),
        sums_offset=offsets(sizes[pair] * len(said[number].groups) for pair, number in figures),

        none_weight=numbers(each.none_weight for each in said),
        group_offset=offsets(len(each.groups) for each in said),
        group_kind=integers(group.kind for group in groups),
        group_vector=offsets(len(group.atoms) for group in groups)[:-1],
        atom_first=integers(cells[0] if len(cells) else 0 for cells in atoms),
        atom_last=integers(cells[-1] + 1 if len(cells) else 0 for cells in atoms),
        rounded=np.array([any(group.rounded) for group in groups], dtype=bool),

        point_offset=offsets(len(group.points) for group in groups),
        points=numbers(point for group in groups for point in group.points),
        log_points=np.log(numbers(point for group in groups for point in group.points)),
        point_plain=numbers(weight for group in groups for weight in group.plain),
        point_rounded=numbers(weight for group in groups for weight in group.rounded),

        phantom_offset=offsets(len(each.phantom) for each in said),
        log_phantom=np.log(numbers(k for each in said for k in each.phantom)),
        phantom_weights=numbers(weight for each in said for weight in each.phantom.values()),

        gross_plain=joined([group.gross_plain for group in groups]),
        gross_rounded=joined([group.gross_rounded for group in groups]),
        atoms=joined([group.atoms for group in groups]),
    )  # fmt: skip


def _said(words: Words, grid: Grid) -> _Said:
    none_weight, terms = forms.terms(words)
    terms = sorted(terms, key=_kind)

    phantom: Counter[int] = Counter()
    for term in terms:
        phantom[term.low] += term.weight  # type: ignore[assignment]
        phantom[term.high + 1] -= term.weight  # type: ignore[assignment]

    groups = [_group(kind, list(chosen), grid) for kind, chosen in groupby(terms, key=_kind)]
    return _Said(none_weight, groups, {k: float(weight) for k, weight in sorted(phantom.items()) if weight != 0})


def _kind(term: Term) -> int:
    return _SHIFTS.index(term.shift)


def _group(kind: int, terms: Sequence[Term], grid: Grid) -> _Group:
    counts, plain, rounded = _weights(terms)
    points = [k + 0.5 for k in counts]
    atoms = np.zeros(len(grid))
    for term in terms:
        atoms[grid.within(term.low, term.high)] += term.weight

    count = np.maximum(grid.middle, 1.0)
    gross = [gross_sum(count, dict(zip(points, weights, strict=True))) for weights in (plain, rounded)]
    return _Group(kind, points, plain, rounded, atoms, gross[0], gross[1])


def _weights(terms: Iterable[Term]) -> tuple[list[int], list[float], list[float]]:
    """Counts at which the distribution function is taken, in order; its weights, and what rounding changes in these."""
    plain: dict[int, float] = defaultdict(float)
    change: dict[int, float] = defaultdict(float)
    for term in terms:
        exact, rounded = arguments(term.low, term.high, heaped=term.heaped)
        for k, weight in exact.items():
            plain[k] += term.weight * weight

        if rounded is not None:
            for k, weight in exact.items():
                change[k] -= term.weight * weight
            for k, weight in rounded.items():
                change[k] += term.weight * weight

    counts = sorted(plain.keys() | change.keys())
    return counts, [plain[k] for k in counts], [change[k] for k in counts]
