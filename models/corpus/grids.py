"""The arrays of grids: the cells of all grids of a corpus, and what powers are taken of on them."""

from __future__ import annotations

from functools import lru_cache
from math import log

import numpy as np

from estimates.models.corpus.arrays import Grids, integers, joined, numbers, offsets
from estimates.models.grid import Grid
from estimates.models.reporting import gross_sum


@lru_cache(maxsize=16)
def grid_arrays(grids: tuple[Grid, ...]) -> Grids:
    """What the loops take of some grids, one after another; kept for the next call with the same ones."""
    return Grids(
        offset=offsets(len(grid) for grid in grids),
        last=joined((grid.edges[1:] - 1).astype(float) for grid in grids),
        log_count=joined(grid.log_middle + np.log(grid.reference) for grid in grids),
        relative=joined(grid.log_middle for grid in grids),
        gross_zero=joined(gross_sum(np.maximum(grid.middle, 1.0), {0.5: 1.0}) for grid in grids),
        log_shrinkage=joined(grid.log_shrinkage for grid in grids),
        log_below=joined(grid.log_below for grid in grids),
        log_above=joined(grid.log_above for grid in grids),
        curvature_below=joined(grid.curvature_below for grid in grids),
        curvature_above=joined(grid.curvature_above for grid in grids),
        smallest_factor=np.concatenate([grid.smallest_factor for grid in grids]),
        first_wide=integers(grid.first_wide for grid in grids),
        log_reference=numbers(log(grid.reference) for grid in grids),
    )
