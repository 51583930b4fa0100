"""Posteriors of cases on one grid for all draws of the parameters, worked out on all cores."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from itertools import pairwise

import numpy as np

from estimates.models import wording as forms
from estimates.models.compiled import Compiled
from estimates.models.corpus.layout import Arrays, CorpusEvent, lay_out_on
from estimates.models.corpus.likelihood import Layout
from estimates.models.grid import Grid
from estimates.models.lanes import adjudicated as of_borders
from estimates.models.lanes.arrays import LANES, Answers, Block, Places, new_scratch, new_tables
from estimates.models.lanes.error_shares import Borders, borders, new_shares
from estimates.models.lanes.event import posteriors
from estimates.models.lanes.missing import ListKey, lay_out_lists
from estimates.models.missing import ListLaw
from estimates.models.types import Floats

_posteriors = Compiled(posteriors)


def work_out(
    grid: Grid,
    events: Sequence[CorpusEvent],
    layout: Layout,
    vectors: Floats,
    uniforms: Floats,
    *,
    by_now: bool = False,
    of_accounts: bool = False,
    held: Floats | None = None,
    list_laws: Mapping[ListKey, ListLaw] | None = None,
    cores: int | None = None,
) -> Answers:
    """Posterior of every case for every draw.

    What is found for a case does not depend on the other cases, nor on how many cores work on it.

    Parameters
    ----------
    grid : Grid
        Of all these cases.
    events : sequence of CorpusEvent
    layout : Layout
        Where the parameters of the events stand in a vector.
    vectors : array, shape (draws, layout.size)
    uniforms : array, shape (cases, tolls of each draw, draws)
        Between zero and one: where in its posterior each toll is drawn.
    by_now : bool
        Whether the mass asked for is that of what is documentable by now instead of in the end.
    of_accounts : bool
        Whether it is that of the count which all accounts together hold, not of the adjudicated toll.
    held : array, shape (cases, 2, draws), optional
        Between zero and one: where the count of the accounts is drawn, and which alternative it is of. By default none
        is drawn.
    list_laws : mapping of (law, after violence) to ListLaw, optional
        The parameters of lists of people missing, each of shape (draws,), where the events have any.
    cores : int, optional
        By default all.

    Returns
    -------
    Answers
        Of arrays with an axis of draws that is filled up to whole blocks: what stands behind the last draw is of no
        meaning.

    Raises
    ------
    ValueError
        If an event has a verified toll, or a list of which the law is not given.
    """
    if any(event.toll is not None for event in events):
        raise ValueError("verified tolls are learned from by a fit alone; leave them out of events to estimate")
    arrays = lay_out_on(grid, events)
    block, of_grid = _blocks(layout, vectors, arrays), _borders(grid)
    blocks = len(block.rates)
    answers = _new_answers(grid, uniforms, blocks * LANES, held)
    places, lists = _places(arrays, len(grid)), lay_out_lists(grid, events, list_laws or {})

    def run(first: int, last: int) -> None:
        figures, parts = arrays.figures, arrays.parts
        wide = len(grid) - grid.first_wide
        tables = new_tables(
            figures, len(arrays.steps.growth), layout.growths, layout.groups, layout.sizes, len(grid), wide
        )
        members = int(np.diff(parts.members).max(initial=1))
        points = int(np.diff(figures.point_offset).max(initial=1))
        scratch = new_scratch(len(grid), members, points)
        _posteriors(
            first, last, block, arrays.grids, of_grid, figures, arrays.steps, parts, places, lists, tables, scratch,
            of_borders.new_scratch(len(grid)), new_shares(len(grid)), by_now, of_accounts,
            forms.UP_TO_SHIFT, answers,
        )  # fmt: skip

    _in_parts(run, blocks, cores or _available_cores())
    return answers


@lru_cache(maxsize=64)
def _borders(grid: Grid) -> Borders:
    """What the law of the adjudicated toll takes of a grid, kept for the next cases on it."""
    return borders(grid)


def _blocks(layout: Layout, vectors: Floats, arrays: Arrays) -> Block:
    """Parameters in blocks of draws; the last block is filled up with the last draw."""
    draws = len(vectors)
    blocks = -(-draws // LANES)
    filled = np.concatenate([vectors, np.repeat(vectors[-1:], blocks * LANES - draws, axis=0)])
    values = layout.blocks(filled.reshape(blocks, LANES, -1).transpose(0, 2, 1))

    if not layout.sources:  # nobody speaks, so nobody copies
        return Block(values, np.zeros((blocks, len(arrays.rate_size), LANES)))
    # The tied share one readiness to copy, the mean of theirs.
    sums = np.add.reduceat(values.copying[:, arrays.rate_source], arrays.rate_offset, axis=1)
    return Block(values, sums / arrays.rate_size[:, None])


def _new_answers(grid: Grid, uniforms: Floats, filled_up: int, held: Floats | None = None) -> Answers:
    cases, tolls, draws = uniforms.shape
    given = np.empty((cases, 0, draws)) if held is None else held
    counts = given.shape[1] // 2

    def filled(chances: Floats) -> Floats:
        result = np.zeros((*chances.shape[:2], filled_up))
        result[:, :, :draws] = chances
        return result

    return Answers(
        log_marginal_likelihood=np.empty((cases, filled_up)),
        mass=np.empty((cases, len(grid), filled_up), dtype=np.float32),
        uniforms=filled(uniforms),
        cells=np.empty((cases, tolls, filled_up), dtype=np.int16),
        held_uniforms=filled(given[:, :counts]),
        choice=filled(given[:, counts:]),
        held=np.empty((cases, counts, filled_up), dtype=np.int16),
        alternative=np.empty((cases, counts, filled_up), dtype=np.int16),
    )


def _places(arrays: Arrays, cells: int) -> Places:
    """Numbers in the place of offsets: all tables have the same number of cells."""
    parts, laws = arrays.parts, arrays.laws
    return Places(
        member=parts.member_figure // cells,
        vectors=parts.vectors.reshape(-1, cells),
        law=laws.size[parts.law],
    )


def _available_cores() -> int:
    """Cores that this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _in_parts(run: Callable[[int, int], None], blocks: int, cores: int) -> None:
    """Run blocks of draws in as many parts as there are cores, the last of them in this thread."""
    ends = np.linspace(0, blocks, min(cores, blocks) + 1).astype(int).tolist()
    if len(ends) == 2:
        run(*ends)
        return
    _posteriors.prepare()
    with ThreadPoolExecutor(len(ends) - 2) as others:
        waiting = [others.submit(run, first, last) for first, last in pairwise(ends[:-1])]
        run(*ends[-2:])
        for each in waiting:
            each.result()
