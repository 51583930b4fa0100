"""Events laid out for the compiled loops: unique figures once, equal events once, grids by magnitude.

The table of patterns is all that a fit needs of the data: patterns of two corpora merge by adding their weights.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from estimates.models.corpus.arrays import Arrays, numbers, offsets
from estimates.models.corpus.events import CorpusEvent, conditions
from estimates.models.corpus.rows import Rows
from estimates.models.grid import LARGEST_SINGLE, Grid, make_grid

__all__ = ["Arrays", "CorpusEvent", "lay_out", "lay_out_on"]

#: Events are sorted by the largest number at which their likelihood jumps; those up to each limit share one grid.
MAGNITUDES = (4, 12, 40, 128, 512, 2_048, 8_192, 32_768, 131_072)
#: Every integer is a cell up to this multiple of the limit; of the larger magnitudes, with figures far above, fewer.
SINGLES, FEWER_SINGLES = 2, 24
#: Largest relative width of cells near the numbers said.
RELATIVE_WIDTH = 0.1


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
    patterns = [*((event, float(weight)) for event, weight in events.items()), *conditions(events)]
    grids = _make_grids([event for event, _ in patterns], relative_width, largest_single)
    grid_number = {magnitude: number for number, magnitude in enumerate(grids)}

    rows = Rows(list(grids.values()))
    for event, _ in patterns:
        for assignment in event.assignments:
            rows.add(grid_number[_magnitude(event)], event, *assignment)
    counts = offsets(event.count_of_assignments for event, _ in patterns)
    return rows.arrays(counts, numbers(weight for _, weight in patterns))


def lay_out_on(grid: Grid, events: Sequence[CorpusEvent]) -> Arrays:
    """Lay out events on one grid, one pattern each, every part up to the final toll."""
    rows = Rows([grid])
    for event in events:
        for assignment in event.assignments:
            rows.add(0, event, *assignment, to_the_end=True)
    return rows.arrays(offsets(event.count_of_assignments for event in events), np.ones(len(events)))


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
    if event.selected_from > 0:
        found.add(event.selected_from - 1)
    return found


def _magnitude(event: CorpusEvent) -> int:
    largest = max(_jumps(event), default=0)
    return next((limit for limit in MAGNITUDES if largest <= limit), 2 * MAGNITUDES[-1])
