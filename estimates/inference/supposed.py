r"""A toll supposed: what the model would make of everything else if a claim held.

Given a draw :math:`\theta` of the profile the posterior of a case is exact on its grid. So the posterior under the
supposition that the toll lies in a set :math:`S` is that of the same draws, each weighted once more,

.. math:: w'(\theta) \propto w(\theta) P(V \in S \mid y, \theta),

and the sources' parameters under it are averages with these weights. Of the counts on the way to a toll (documentable
by now, in the end) the tables have the sum over them alone. Their means come from one table more each: a factor
:math:`f(C) = 1 + \log(1 + C)` on the count, which multiplies the likelihood of every history by it, gives

.. math:: E[f(C);\, V = v \mid y, \theta] = P_f(V = v \mid y, \theta) \, L_f(\theta) / L(\theta)

with :math:`L` the marginal likelihood without the factor and :math:`L_f` that with it: no approximation, no draws.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from estimates.inference.accounts import spreads_of
from estimates.inference.cases import Case
from estimates.inference.claimed import ClaimedTolls, at_least
from estimates.inference.posterior import SolvedEvent
from estimates.inference.solved import Solved
from estimates.inference.undocumented import UndocumentedLayer
from estimates.models import importance
from estimates.models.bearing import Bearing
from estimates.models.event import Observations
from estimates.models.growth import FINAL
from estimates.models.types import Floats
from estimates.profile.effects import SourceKey

#: The layers of which a toll can be supposed. What is documentable by now is on the way to them.
SUPPOSED = ("documented", "total")
#: Up to this count the factor on a count is exact for every integer, beyond it for so many numbers.
_EACH, _POINTS = 128, 300


@dataclass(frozen=True)
class Stages:
    """Typical counts on the way from the figures to the full toll: geometric means of one plus the count, less one.

    Attributes
    ----------
    by_now : float
        What could be documented when the last figure was given, or at the time asked for.
    in_the_end : float
        What the accounts hold in the end.
    documented : float
        What is documented in the end: the same with the error that all accounts may share.
    total : float
        With those never documented.
    """

    by_now: float
    in_the_end: float
    documented: float
    total: float


@dataclass(frozen=True)
class Supposition:
    """The posterior if a claim held of one layer.

    Attributes
    ----------
    layer : str
        One of :data:`SUPPOSED`.
    effective_draws : float
        Of the profile, under the supposition; few are left where it is far off.
    stages : Stages
    """

    layer: str
    effective_draws: float
    stages: Stages


@dataclass(frozen=True)
class SourceBias:
    """The log bias of one source, in standard deviations from what its profile expects before any report is read.

    Attributes
    ----------
    key : SourceKey
    mean, deviation : float
        What is expected, and its standard deviation.
    as_estimated : float
        Where the reports put it.
    supposed : mapping of str to float
        Where it lies if the claim holds of each layer.
    """

    key: SourceKey
    mean: float
    deviation: float
    as_estimated: float
    supposed: dict[str, float]


@dataclass(frozen=True)
class Supposed:
    """What a claim does to everything but the toll.

    Attributes
    ----------
    as_estimated : Stages
        Without it.
    suppositions : tuple of Supposition
        One a layer on which it is possible.
    biases : tuple of SourceBias
    shared_deviation : float
        Standard deviation of the logarithm of the error that all accounts share, where they share one.
    """

    as_estimated: Stages
    suppositions: tuple[Supposition, ...]
    biases: tuple[SourceBias, ...]
    shared_deviation: float


@dataclass(frozen=True, eq=False)
class _Known:
    """One case under every draw, with arrays of shape (cells, draws).

    ``by_now`` and ``in_the_end`` are the expectations of ``f(C)`` where the toll lies in a cell, else of zero.
    """

    case: Case
    layer: UndocumentedLayer
    event: SolvedEvent
    mass: Floats
    by_now: Floats
    in_the_end: Floats

    @property
    def weights(self) -> Floats:
        """Of the draws, shape (draws,)."""
        return self.event.weights.values


def suppose(solved: Solved, position: int, tolls: ClaimedTolls) -> Supposed:
    """The posterior of one case if a claim held, of what is documented in the end and of the full toll.

    Parameters
    ----------
    solved : Solved
    position : int
        Of the case in the call.
    tolls : ClaimedTolls
    """
    known = _known(solved, position)
    everything = np.ones((len(known.case.grid), 1))
    suppositions: list[Supposition] = []
    of_draws: dict[str, Floats] = {}
    for layer in SUPPOSED:
        held = _held(known, tolls, layer)
        by_draw = known.weights * (known.mass * held).sum(axis=0)
        if by_draw.sum() <= 0.0:
            continue

        of_draws[layer] = by_draw / by_draw.sum()
        stages = _stages(known, held)
        if layer == "total":  # of the full tolls that there may be those that are claimed
            full = solved.mass(position, layer) * tolls.shares(known.case.grid)
            stages = replace(stages, total=_typical(known.case, full))
        suppositions.append(Supposition(layer, float(1.0 / np.sum(of_draws[layer] ** 2)), stages))

    biases = tuple(_bias(known.event, key, of_draws) for key in known.case.keys)
    return Supposed(_stages(known, everything), tuple(suppositions), biases, _shared_deviation(known))


def chance_of_remainder(solved: Solved, position: int, count: int, documented: int) -> float:
    """P(full toll of ``count`` or more) where so many are documented in the end.

    Parameters
    ----------
    solved : Solved
    position : int
        Of the case in the call.
    count, documented : int
    """
    case = solved.cases.cases[position]
    if documented == 0:
        return float(count <= 0)
    evidence = solved.solution.events[case.event]
    weights = importance.powered(evidence.log_marginal_likelihood.astype(float), evidence.power)
    kappa = solved.profile.kappa[: len(weights)]
    layer = solved.undocumented.of(case.outcome)
    return float(weights @ layer.at_least(count, np.array(float(documented)), kappa, case.at_risk))


# The tables -----------------------------------------------------------------------------------------------------------


def _known(solved: Solved, position: int) -> _Known:
    """The tables of one case, and those with a factor on either count."""
    case = solved.cases.cases[position]
    ((event, place),) = ((event, place) for at, event, place in solved.with_tables([case.event]) if at == position)
    plain = event.tables[place]

    counts = _with_factor(case, lambda observations: observations.by_now), _with_factor(case, lambda _: FINAL)
    now, end = event.engine.tables(counts)
    logs = plain.log_marginal_likelihood
    by_now, in_the_end = (
        np.exp(table.log_marginal_likelihood - logs) * table.mass.astype(float) for table in (now, end)
    )
    return _Known(case, solved.undocumented.of(case.outcome), event, plain.mass.astype(float), by_now, in_the_end)


def _with_factor(case: Case, bin_of: Callable[[Observations], int]) -> Case:
    """The same case with the factor ``1 + log(1 + C)`` on the count of one bin of each of its alternatives."""
    counts = np.union1d(np.arange(_EACH + 1.0), np.geomspace(_EACH, case.grid.cap, _POINTS))
    logs = np.log1p(np.log1p(counts))

    def of(observations: Observations) -> Observations:
        factor = Bearing(bin_of(observations), "its logarithm", tuple(counts.tolist()), tuple(logs.tolist()))
        return replace(observations, bearings=tuple(sorted([*observations.bearings, factor])))

    return replace(case, alternatives=tuple((share, of(observations)) for share, observations in case.alternatives))


def _held(known: _Known, tolls: ClaimedTolls, layer: str) -> NDArray[np.floating]:
    """P(claim holds) given each documented toll under each draw, shape (cells, draws) or (cells, 1)."""
    grid = known.case.grid
    if layer == "documented":
        return tolls.shares(grid)[:, None]

    kappa = known.event.engine.profile.kappa[None, :]
    held = [
        _full(known, first, kappa) - (0.0 if last is None else _full(known, last + 1, kappa))
        for first, last in tolls.windows
    ]
    return np.asarray(np.mean(held, axis=0))


def _full(known: _Known, count: int, kappa: Floats) -> NDArray[np.floating]:
    """P(full toll of ``count`` or more) given each documented one, shape (cells, draws), from ``kappa`` (1, draws)."""
    grid = known.case.grid
    reached = at_least(grid, count)[:, None]
    missing = known.layer.at_least(count, np.minimum(grid.middle, count - 1.0)[:, None], kappa, known.case.at_risk)
    missing = np.where(grid.start[:, None] == 0, 0.0, missing)
    return np.asarray(reached + (1.0 - reached) * missing)


# Averages -------------------------------------------------------------------------------------------------------------


def _stages(known: _Known, held: NDArray[np.floating]) -> Stages:
    """Typical counts given that a claim holds, from its probability given each toll, shape (cells, draws)."""
    supposed = known.mass * held
    whole = float(known.weights @ supposed.sum(axis=0))
    now, end = (
        float(known.weights @ (table * held).sum(axis=0)) / whole - 1.0 for table in (known.by_now, known.in_the_end)
    )

    grid = known.case.grid
    full = known.layer.total(
        (supposed / whole).astype(np.float32), known.weights, known.event.engine, grid, known.case.at_risk
    )
    documented = importance.average((supposed / whole).astype(np.float32), known.weights)
    return Stages(
        float(np.expm1(now)), float(np.expm1(end)), _typical(known.case, documented), _typical(known.case, full)
    )


def _typical(case: Case, mass: Floats) -> float:
    """The geometric mean of one plus the count, less one, from the probabilities of the cells, shape (cells,)."""
    return float(np.expm1(mass @ np.log1p(case.grid.middle) / mass.sum()))


def _bias(event: SolvedEvent, key: SourceKey, of_draws: dict[str, Floats]) -> SourceBias:
    """The bias of a source, with the weights of the draws if a claim holds of each layer, each of shape (draws,)."""
    bias = event.engine.profile.reporting(*key).bias
    mean, deviation = float(bias.mean()), float(bias.std())

    def scored(weights: Floats) -> float:
        return (float(weights @ bias) - mean) / max(deviation, 1e-9)

    supposed = {layer: scored(weights) for layer, weights in of_draws.items()}
    return SourceBias(key, mean, deviation, scored(event.weights.values), supposed)


def _shared_deviation(known: _Known) -> float:
    """Standard deviation of the error that all accounts share where they share one, before it is cut."""
    every, profile = np.arange(known.event.engine.profile.draws), known.event.engine.profile
    squares = [
        share * float(known.weights @ spreads_of(profile, observations.distance, every) ** 2)
        for share, observations in known.case.alternatives
    ]
    return float(np.sqrt(sum(squares)))
