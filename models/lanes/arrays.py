"""What the loops over draws read and write.

Draws are worked on in blocks of ``LANES`` that lie next to each other in memory, so that each operation on one cell is
one on a few vector registers, and the tables of a block stay in the processor's cache. The data come laid out as for a
fit (``corpus.arrays``), all cases on one grid. The comments state the shapes.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from estimates.models.corpus.arrays import Figures, Values
from estimates.models.growth import STEPS
from estimates.models.types import Floats, Integers

#: Draws side by side, and parts that are worked on together.
LANES, TOGETHER = 64, 4
#: Bytes of a line of the processor's cache, which are those of a wide vector register.
_LINE = 64


def new_rows(*shape: int) -> Floats:
    """Memory of a given shape for rows of draws, not filled.

    It begins with a line of the cache, so that no register is read from two.
    """
    size = int(np.prod(shape))
    memory = np.empty(size + _LINE // 8)
    first = -memory.ctypes.data % _LINE // 8
    return memory[first : first + size].reshape(shape)


class Block(NamedTuple):
    """One grid's cases and draws, whose parameters have an axis of blocks before their own and one of lanes behind.

    ``rates`` are the readinesses to copy that statements have or share.
    """

    values: Values
    # (blocks, rates, lanes)
    rates: Floats


class Places(NamedTuple):
    """Where things stand in the tables of one block, from numbers in ``corpus.arrays``."""

    # (members of all factors,): the table of a figure, or the vector.
    member: Integers
    # (vectors, cells)
    vectors: Floats
    # (parts,): the law of sizes.
    law: Integers


class Tables(NamedTuple):
    """Tables of one block of draws.

    ``kept`` are the shares of a running mean that stay from one cell to the next, ``inside`` those within a cell of
    several integers: by the own law of each law of growth and step, and by the two that all steps of a group share.
    """

    # (cells, lanes): the count to the power of the slope of errors.
    power_of_error: Floats
    # (pairs, cells, lanes): the count to the power of one over the scale.
    odds_of_count: Floats
    # (figures, cells, lanes)
    figures: Floats
    # (cells, lanes): the count to the power with which "none" grows rarer.
    power_of_none: Floats
    # (2, cells, lanes): that a source gives a number, whether it states or codes what it holds.
    numbers: Floats
    # (steps in use, cells, lanes): the probability that the toll is complete.
    staying: Floats
    # (steps in use, lanes): the share of over-counts among what is revised.
    over_share: Floats
    # (laws of growth, steps, cells, lanes) and (laws of growth, steps, wide cells, lanes)
    kept: Floats
    inside: Floats
    # (groups, cells, lanes) and (groups, wide cells, lanes)
    kept_low: Floats
    inside_low: Floats
    kept_over: Floats
    inside_over: Floats
    # (laws of sizes, cells, lanes)
    laws: Floats


class Scratch(NamedTuple):
    """Working memory of one block."""

    # (TOGETHER, cells, lanes): of parts that take the same steps; means over larger counts in the second.
    likelihoods: Floats
    over: Floats
    # (TOGETHER, lanes) and (TOGETHER,): logarithms of their scales, and factors since they were last rescaled.
    logs: Floats
    since: Integers
    # (3, TOGETHER, lanes): means over smaller counts, by a low and by the own exponent, and over larger ones.
    means: Floats
    # (cells, lanes)
    factor: Floats
    now: Floats
    mass: Floats
    # (2, cells, lanes): of figures of a part.
    groups: Floats
    # (most members of a factor + 1, lanes)
    products: Floats
    # (most points of a group, lanes)
    odds_at: Floats
    weights: Floats
    # (12, lanes): single rows.
    rows: Floats


class Answers(NamedTuple):
    """What is found for every case."""

    # (cases, draws)
    log_marginal_likelihood: Floats
    # (cases, cells, draws), single precision
    mass: np.ndarray[tuple[int, int, int], np.dtype[np.float32]]
    # (cases, tolls of each draw, draws): where in the distribution a toll is drawn, and the cell it falls into.
    uniforms: Floats
    cells: np.ndarray[tuple[int, int, int], np.dtype[np.int16]]
    # (cases, none or one, draws): where in its distribution the count of the accounts is drawn, and what says of which
    # alternative it is, which is used up; its cell; and the number of the alternative.
    held_uniforms: Floats
    choice: Floats
    held: np.ndarray[tuple[int, int, int], np.dtype[np.int16]]
    alternative: np.ndarray[tuple[int, int, int], np.dtype[np.int16]]


def new_tables(figures: Figures, steps: int, growths: int, groups: int, laws: int, cells: int, wide: int) -> Tables:
    """Memory for the tables of one block.

    Parameters
    ----------
    figures : Figures
    steps, growths, groups, laws : int
        Numbers of steps in use, of laws of growth and their groups, and of laws of sizes.
    cells, wide : int
        Numbers of cells, and of those from the first that holds several integers.
    """
    pairs, count = len(figures.pair_source), len(figures.figure_pair)

    return Tables(
        power_of_error=new_rows(cells, LANES),
        odds_of_count=new_rows(pairs, cells, LANES),
        figures=new_rows(count, cells, LANES),
        power_of_none=new_rows(cells, LANES),
        numbers=new_rows(2, cells, LANES),
        staying=new_rows(steps, cells, LANES),
        over_share=new_rows(steps, LANES),

        kept=new_rows(growths, STEPS, cells, LANES),
        inside=new_rows(growths, STEPS, wide, LANES),
        kept_low=new_rows(groups, cells, LANES),
        inside_low=new_rows(groups, wide, LANES),
        kept_over=new_rows(groups, cells, LANES),
        inside_over=new_rows(groups, wide, LANES),
        laws=new_rows(laws, cells, LANES),
    )  # fmt: skip


def new_scratch(cells: int, members: int, points: int) -> Scratch:
    """Working memory for one block, with so many members of a factor and points of a group at most."""
    return Scratch(
        likelihoods=new_rows(TOGETHER, cells, LANES),
        over=new_rows(TOGETHER, cells, LANES),
        logs=new_rows(TOGETHER, LANES),
        since=np.zeros(TOGETHER, dtype=np.int64),
        means=new_rows(3, TOGETHER, LANES),
        factor=new_rows(cells, LANES),
        now=new_rows(cells, LANES),
        mass=new_rows(cells, LANES),
        groups=new_rows(2, cells, LANES),
        products=new_rows(members + 1, LANES),
        odds_at=new_rows(points, LANES),
        weights=new_rows(points, LANES),
        rows=new_rows(12, LANES),
    )
