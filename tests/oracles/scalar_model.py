"""The package's model at one parameter set, called the way the oracle in brute_force.py is called."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from helpers.engine import Posterior, figure_tables, posterior_of
from oracles import brute_force

from estimates.models import wording as forms
from estimates.models.event import Counted, Floor, Observations, Part, Statement
from estimates.models.grid import Grid, make_grid
from estimates.models.growth import STEPS, Growth
from estimates.models.reporting import ReportingModel
from estimates.models.silence import Attention, Watch, Watcher
from estimates.models.size import Size
from estimates.models.wording import Words


def one(value: float) -> np.ndarray:
    """One draw of a parameter."""
    return np.array([float(value)])


#: What the engine calls some of the parameters.
RENAMED = {"shared_error_factor": "shared_factor", "shared_error_base": "shared_base"}


def reporting(parameters: brute_force.Parameters, source: str = "") -> ReportingModel:
    names = ReportingModel.__dataclass_fields__
    return ReportingModel(**{name: one(parameters.of(source, RENAMED.get(name, name))) for name in names})


def growth(parameters: brute_force.Parameters) -> Growth:
    names = ("low_share", "low_shape", "over_share", "over_shape", "rising", "falling", "fallen")
    return Growth(
        np.array([parameters.complete_logit]),
        one(parameters.complete_slope),
        np.array([parameters.shape]),
        *(one(getattr(parameters, name)) for name in names),
    )


def size(parameters: brute_force.Parameters) -> Size:
    return Size(one(parameters.positive), one(parameters.size_shape), one(parameters.size_scale))


def words(figure: brute_force.Figure) -> Words:
    if figure.wording == "range":
        return Words("range", figure.low, figure.high)
    if figure.wording == "none":
        return forms.none(figure.kind, too_early=figure.early)
    if figure.wording == "vague":
        return Words("vague", word=figure.word or "")
    return Words(figure.wording, figure.number, figure.number)


def said(figures: Sequence[brute_force.Figure], names: Sequence[str]) -> tuple[Statement, ...]:
    return tuple(
        sorted(
            Statement(f.bin, f.place, names.index(f.source), words(f), f.withdrawn) for f in figures if f.is_statement
        )
    )


def numbers_given(figures: Sequence[brute_force.Figure]) -> tuple[int, int, int]:
    """How many sources give a number, by the kind of their latest one."""
    kinds = {}
    for figure in sorted(figures, key=lambda figure: (figure.bin, figure.place)):
        if figure.gives_number and not figure.withdrawn:
            kinds[figure.source] = figure.kind
    party, stated, coded = (list(kinds.values()).count(kind) for kind in forms.NONE_KINDS)
    return party, stated, coded


def watch_of(known: brute_force.Known) -> Watch | None:
    """Who watched, each with parameters that are known."""
    watchers = tuple(
        Watcher(f"watcher {number}", spoke, Attention(intercept, slope, 0.0, 0.0))
        for number, (intercept, slope, spoke) in enumerate(known.watchers)
    )
    return Watch(known.watched_to, watchers, known.told_otherwise) if watchers else None


def observations(
    figures: Sequence[brute_force.Figure], rising: bool = False, known: brute_force.Known = brute_force.NOTHING_ELSE
) -> tuple[Observations, list[str]]:
    spoken = [*figures, *(f for group in known.groups for f in (*group.figures, *group.others))]
    names = sorted({figure.source for figure in spoken})
    latest = max((figure.bin for figure in figures), default=brute_force.FINAL)
    parts = [
        Part(
            group.bin, said(group.figures, names), numbers_given(group.figures), group.certain,
            said(group.others, names), numbers_given(group.others),
        )
        for group in known.groups
    ]  # fmt: skip
    numeric = [figure.bin for figure in figures if figure.is_numeric and not figure.withdrawn]
    found = Observations(
        said(figures, names),
        floors=tuple(sorted(Floor(f.bin, f.number) for f in figures if f.wording == brute_force.FLOOR)),
        parts=tuple(parts),
        counted=tuple(Counted(b, number) for b, number in known.counted),
        numbers_given=numbers_given(figures),
        rising_from=max(numeric) if rising and numeric else STEPS,
        falling=known.falling,
        by_now=latest if known.by_now is None else known.by_now,
        distance=known.distance,
        at_risk=known.at_risk,
        independent=known.independent,
        watch=watch_of(known),
    )
    return found, names


def solve(
    parameters: brute_force.Parameters,
    figures: Sequence[brute_force.Figure],
    *,
    cap: int,
    rising: bool = False,
    relative_width: float = 0.0,
    by_now: bool = False,
    known: brute_force.Known = brute_force.NOTHING_ELSE,
) -> tuple[Grid, Posterior]:
    """Posterior at one parameter set; with a relative width of zero every integer is a cell."""
    heard, names = observations(figures, rising, known)
    grid = make_grid(heard.jumps(), relative_width=relative_width, cap=cap)
    sources = [reporting(parameters, name) for name in names or [""]]
    found = posterior_of(
        heard, sources=sources, size=size(parameters), growth=growth(parameters), grid=grid, by_now=by_now
    )
    return grid, found


def statement_table(parameters: brute_force.Parameters, figure: brute_force.Figure, grid: Grid) -> np.ndarray:
    """P(words | C) on the grid."""
    return figure_tables([words(figure)], reporting(parameters, figure.source), grid)[0, :, 0]
