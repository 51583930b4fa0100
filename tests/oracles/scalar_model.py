"""The package's model at one parameter set, called the way the oracle in brute_force.py is called."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from helpers.engine import Posterior, figure_tables, posterior_of
from oracles import brute_force

from estimates.models.event import Floor, Observations, Statement
from estimates.models.floor import NAMED_ERROR, SUBSET_ERROR
from estimates.models.grid import Grid, make_grid
from estimates.models.growth import STEPS, Growth
from estimates.models.reporting import ReportingModel
from estimates.models.size import Size
from estimates.models.wording import Words


def one(value: float) -> np.ndarray:
    """One draw of a parameter."""
    return np.array([float(value)])


def reporting(parameters: brute_force.Parameters, source: str = "") -> ReportingModel:
    own = {name: one(parameters.of(source, name)) for name in brute_force.SOURCE_PARAMETERS}
    return ReportingModel(
        exactness_slope=one(parameters.exactness_slope),
        outlier=one(parameters.outlier),
        heaping=one(parameters.heaping),
        at_least_shift=one(parameters.at_least_shift),
        phantom=one(parameters.phantom),
        copying=one(parameters.copying),
        repeating=one(parameters.repeating),
        **own,
    )


def growth(parameters: brute_force.Parameters) -> Growth:
    return Growth(
        np.array([parameters.complete_logit]),
        one(parameters.complete_slope),
        np.array([parameters.shape]),
        one(parameters.low_share),
        one(parameters.low_shape),
        one(parameters.over_share),
        one(parameters.over_shape),
        one(parameters.rising),
    )


def size(parameters: brute_force.Parameters) -> Size:
    return Size(one(parameters.positive), one(parameters.size_shape), one(parameters.size_scale))


def words(figure: brute_force.Figure) -> Words:
    if figure.wording == "range":
        return Words("range", figure.low, figure.high)
    if figure.wording in ("vague", "none"):
        return Words(figure.wording, word=figure.word or "")
    return Words(figure.wording, figure.number, figure.number)


def observations(figures: Sequence[brute_force.Figure], rising: bool = False) -> tuple[Observations, list[str]]:
    names = sorted({figure.source for figure in figures})
    spoken = [figure for figure in figures if figure.is_statement]
    latest = max((figure.bin for figure in figures), default=0)
    statements = [Statement(f.bin, f.place, names.index(f.source), words(f)) for f in spoken]
    floors = [
        Floor(f.bin, f.number, NAMED_ERROR if f.wording == "named" else SUBSET_ERROR)
        for f in figures
        if f.wording in brute_force.FLOOR_ERROR
    ]
    numeric = [figure.bin for figure in spoken if figure.is_numeric]
    rising_from = max(numeric) if rising and numeric else STEPS
    return Observations(tuple(sorted(statements)), tuple(sorted(floors)), rising_from, latest), names


def solve(
    parameters: brute_force.Parameters,
    figures: Sequence[brute_force.Figure],
    *,
    cap: int,
    rising: bool = False,
    relative_width: float = 0.0,
    by_now: bool = False,
) -> tuple[Grid, Posterior]:
    """Posterior at one parameter set; with a relative width of zero every integer is a cell."""
    said, names = observations(figures, rising)
    grid = make_grid(said.jumps(), relative_width=relative_width, cap=cap)
    sources = [reporting(parameters, name) for name in names]
    found = posterior_of(
        said, sources=sources, size=size(parameters), growth=growth(parameters), grid=grid, by_now=by_now
    )
    return grid, found


def statement_table(parameters: brute_force.Parameters, figure: brute_force.Figure, grid: Grid) -> np.ndarray:
    """P(words | C) on the grid."""
    return figure_tables([words(figure)], reporting(parameters, figure.source), grid)[0, :, 0]
