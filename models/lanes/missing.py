"""What numbers of people missing say, for one block of draws; the formulas are those of ``missing``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log as logarithm
from typing import NamedTuple

import numpy as np

from estimates.models.corpus.arrays import integers, numbers, offsets
from estimates.models.corpus.events import CorpusEvent
from estimates.models.elementary import exp, log, prefer_wide_registers
from estimates.models.formula import apart, formula
from estimates.models.grid import Grid
from estimates.models.lanes.arrays import LANES
from estimates.models.missing import ListLaw, PeopleMissing, log_due, probability_between, share_of_lists
from estimates.models.types import Floats, Integers

#: Places of the parameters of a law.
EXCESS, DEFICIT, GROSS, NOT_STRUCK_OFF = range(4)
#: A law of a list, and whether it is after violence.
type ListKey = tuple[str, bool]


class Lists(NamedTuple):
    """Numbers of people missing, of all parts."""

    # (blocks, laws, 4, lanes): the parameters of each law in use.
    laws: Floats
    # (parts + 1,): the first statement of each part.
    offset: Integers
    # (statements,): the law, and the dead counted by then.
    law: Integers
    counted: Floats
    # (statements + 1,): the first interval of each statement.
    interval: Integers
    # (intervals,): the weight, and the logarithms of the ends.
    weight: Floats
    log_low: Floats
    log_high: Floats
    # (cells,): the toll of each cell.
    tolls: Floats


def lay_out_lists(grid: Grid, events: Sequence[CorpusEvent], laws: Mapping[ListKey, ListLaw]) -> Lists:
    """The numbers of people missing in the parts of some events, in the order in which parts are laid out.

    Parameters
    ----------
    grid : Grid
    events : sequence of CorpusEvent
    laws : mapping of (law, after violence) to ListLaw
        All that occur, each parameter of shape (draws,).

    Raises
    ------
    ValueError
        If the law of a list is not given.
    """
    of_part = [observations.missing for event in events for _, observations, _, _ in event.assignments]
    said = [each for part in of_part for each in part]
    order = {key: number for number, key in enumerate(laws)}
    if strangers := sorted({key_of(each) for each in said} - order.keys()):
        raise ValueError(f"no parameters are given for lists of {strangers}")
    intervals = [interval for each in said for interval in each.intervals]

    return Lists(
        laws=_blocks(list(laws.values())),
        offset=offsets(map(len, of_part)),
        law=integers(order[key_of(each)] for each in said),
        counted=numbers(float(each.counted) for each in said),
        interval=offsets(len(each.intervals) for each in said),
        weight=numbers(weight for weight, _, _ in intervals),
        log_low=numbers(logarithm(low + 0.5) for _, low, _ in intervals),
        log_high=numbers(logarithm(high + 1.5) for _, _, high in intervals),
        tolls=grid.middle,
    )


def key_of(said: PeopleMissing) -> ListKey:
    """The law that a list has."""
    return said.law, said.is_violence


def _blocks(laws: Sequence[ListLaw]) -> Floats:
    """Parameters in blocks of draws, shape (blocks, laws, 4, lanes); the last block is filled up with the last draw."""
    if not laws:
        return np.empty((0, 0, 4, LANES))
    rows = np.array([[law.excess, law.deficit, law.gross, law.not_struck_off] for law in laws])
    blocks = -(-rows.shape[-1] // LANES)
    filled = np.concatenate([rows, np.repeat(rows[..., -1:], blocks * LANES - rows.shape[-1], axis=-1)], axis=-1)
    return np.ascontiguousarray(np.moveaxis(filled.reshape(len(laws), 4, blocks, LANES), 2, 0))


# The factor -----------------------------------------------------------------------------------------------------------


@apart
def multiply_lists(b, part, lists, scratch, likelihood):
    """Multiply a likelihood of the toll of the end by what the lists of a part say; several count as their mean."""
    prefer_wide_registers()
    first, end = lists.offset[part], lists.offset[part + 1]
    found, total = scratch.rows[8], scratch.rows[11]
    share = 1.0 / (end - first)
    for c in range(len(likelihood)):
        row = likelihood[c]
        if end - first == 1:
            _said(b, first, c, lists, scratch, found)
            for i in range(len(row)):
                row[i] *= found[i]
            continue

        for i in range(len(row)):
            total[i] = 0.0
        for s in range(first, end):
            _said(b, s, c, lists, scratch, found)
            for i in range(len(row)):
                total[i] += log(found[i])
        for i in range(len(row)):
            row[i] *= exp(share * total[i])


@formula
def _said(b, s, c, lists, scratch, found):
    """The probability of one list for the toll of one cell, (lanes,)."""
    prefer_wide_registers()
    law = lists.laws[b, lists.law[s]]
    excess, deficit, gross, not_struck_off = law[EXCESS], law[DEFICIT], law[GROSS], law[NOT_STRUCK_OFF]
    due, share = scratch.rows[9], scratch.rows[10]
    toll, counted = lists.tolls[c], lists.counted[s]
    for i in range(len(found)):
        due[i] = log_due(toll, counted, not_struck_off[i])
        share[i] = share_of_lists(due[i], excess[i], deficit[i])
        found[i] = 0.0

    for t in range(lists.interval[s], lists.interval[s + 1]):
        weight, low, high = lists.weight[t], lists.log_low[t], lists.log_high[t]
        for i in range(len(found)):
            inside = probability_between(low, high, due[i], share[i], excess[i], deficit[i], gross[i])
            found[i] += weight * inside
