"""The arrays of unique figures: what their words say on the grids of a corpus, prepared as far as the data allow."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain, groupby
from typing import NamedTuple

import numpy as np

from estimates.models import wording as forms
from estimates.models.corpus.arrays import SHIFTS, Figures, columns, integers, joined, numbers, offsets
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
    points: Floats
    plain: Floats
    rounded: Floats
    # (cells,)
    atoms: Floats
    gross_plain: Floats
    gross_rounded: Floats


class _Said(NamedTuple):
    """Words on one grid; ``phantom`` holds the weights of ``k ** (-1 / scale)`` by ``k``."""

    none_weight: float
    none_kind: int
    none_falls: bool
    groups: list[_Group]
    phantom: dict[int, float]


def figure_arrays(
    pairs: Iterable[tuple[int, int]],
    words: Iterable[tuple[Words, int]],
    figures: Iterable[tuple[int, int]],
    grids: Sequence[Grid],
) -> Figures:
    """Lay out unique figures.

    Parameters
    ----------
    pairs : iterable of (source, grid)
        Sources on the grids that they are heard on, by number.
    words : iterable of (Words, grid)
    figures : iterable of (pair, words)
        Positions in the two before.
    grids : sequence of Grid
    """
    pair_source, pair_grid = columns(pairs, 2)
    figure_pair, figure_words = columns(figures, 2)
    pair_sizes = integers(map(len, grids))[pair_grid]

    said = [_said(each, grids[grid]) for each, grid in words]
    groups = [group for each in said for group in each.groups]
    group_counts, phantom_counts = columns([(len(each.groups), len(each.phantom)) for each in said], 2)
    group_kind, sizes, point_counts, atom_first, atom_last, rounded = columns(map(_group_numbers, groups), 6)
    points = joined(group.points for group in groups)

    has_kind = np.zeros((len(said), SHIFTS), dtype=bool)
    has_kind[np.repeat(np.arange(len(said)), group_counts), group_kind] = True
    pair_kinds = np.zeros((len(pair_source), SHIFTS), dtype=bool)
    np.logical_or.at(pair_kinds, figure_pair, has_kind[figure_words])

    return Figures(
        pair_source=pair_source,
        pair_grid=pair_grid,
        pair_kinds=pair_kinds,
        pair_offset=offsets(pair_sizes),

        figure_pair=figure_pair,
        figure_words=figure_words,
        figure_offset=offsets(pair_sizes[figure_pair]),
        sums_offset=offsets(pair_sizes[figure_pair] * group_counts[figure_words]),

        none_weight=numbers(each.none_weight for each in said),
        none_kind=integers(each.none_kind for each in said),
        none_falls=integers(each.none_falls for each in said).astype(bool),
        group_offset=offsets(group_counts),
        group_kind=group_kind,
        group_vector=offsets(sizes)[:-1],
        atom_first=atom_first,
        atom_last=atom_last,
        rounded=rounded.astype(bool),

        point_offset=offsets(point_counts),
        points=points,
        log_points=np.log(points),
        point_plain=joined(group.plain for group in groups),
        point_rounded=joined(group.rounded for group in groups),

        phantom_offset=offsets(phantom_counts),
        log_phantom=np.log(numbers(chain.from_iterable(each.phantom for each in said))),
        phantom_weights=numbers(chain.from_iterable(each.phantom.values() for each in said)),

        gross_plain=joined(group.gross_plain for group in groups),
        gross_rounded=joined(group.gross_rounded for group in groups),
        atoms=joined(group.atoms for group in groups),
    )  # fmt: skip


def _group_numbers(group: _Group) -> tuple[int, int, int, int, int, bool]:
    """Shift, numbers of cells and points, the first cell with an atom and the one after the last, and if it rounds."""
    cells = np.flatnonzero(group.atoms)
    first, last = (int(cells[0]), int(cells[-1]) + 1) if len(cells) else (0, 0)
    return group.kind, len(group.atoms), len(group.points), first, last, bool(group.rounded.any())


@lru_cache(maxsize=1024)
def _said(words: Words, grid: Grid) -> _Said:
    none_weight, terms = forms.terms(words)
    ordered = sorted(terms, key=_kind)

    phantom: dict[int, float] = defaultdict(float)
    for term in ordered:
        phantom[term.low] += term.weight
        phantom[term.high + 1] -= term.weight

    groups = [_group(kind, list(chosen), grid) for kind, chosen in groupby(ordered, key=_kind)]
    kind, falls = forms.kind_of_none(words)
    return _Said(none_weight, kind, falls, groups, {k: weight for k, weight in sorted(phantom.items()) if weight != 0})


def _kind(term: Term) -> int:
    return _SHIFTS.index(term.shift)


def _group(kind: int, terms: Sequence[Term], grid: Grid) -> _Group:
    weights = _weights(terms)
    points, plain, rounded = (numbers(column) for column in zip(*weights, strict=True))
    atoms = np.zeros(len(grid))
    for term in terms:
        atoms[grid.within(term.low, term.high)] += term.weight

    count = np.maximum(grid.middle, 1.0)
    gross_plain = gross_sum(count, {x: weight for x, weight, _ in weights})
    gross_rounded = gross_sum(count, {x: weight for x, _, weight in weights})
    return _Group(kind, points, plain, rounded, atoms, gross_plain, gross_rounded)


def _weights(terms: Iterable[Term]) -> list[tuple[float, float, float]]:
    """Points at which the distribution function is taken, each with its weight and what rounding changes in this."""
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
    return [(k + 0.5, plain[k], change[k]) for k in sorted(plain.keys() | change.keys())]
