"""How much of a range is prior: the parts of its variance, other priors in turn, and the pull of each prior.

Three views of the same question, cheapest first:

- the variance of the logarithm of a toll in parts (`estimates.inference.variance`);
- the full toll under other strengths of the undocumented remainder;
- power-scaling (Kallioinen, Paananen, Bürkner and Vehtari, Statistics and Computing 2024): the prior of a group of
  parameters is raised to a power near one, by importance weights, and the pull is how fast the range moves. Where the
  profile is made of published priors, everything is also estimated anew with their standard deviations multiplied.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from estimates.inference.cases import Case
from estimates.inference.posterior import SolvedEvent, solved_events
from estimates.inference.solved import Solved
from estimates.inference.undocumented import UndocumentedLayer
from estimates.inference.variance import DECOMPOSED, variance_of_case
from estimates.models import importance
from estimates.models.grid import Grid, quantiles
from estimates.models.parameters import GROUPS, REPORTING_PARAMETERS, group_of
from estimates.models.remainder import Spread
from estimates.models.types import Floats
from estimates.models.undocumented import COMPLETE_SHARE, SMALLEST_KAPPA, GumbelMixture
from estimates.profile.effects import (
    SIZE_PARTS,
    growth_laws,
    names_behind_groups,
    names_behind_sources,
    names_behind_steps,
)
from estimates.profile.priors import PRIORS, Prior, size_law
from estimates.profile.profile import SourceProfile, published_profile
from estimates.progress import Progress, steps

#: Powers to which the prior is raised to measure its pull.
POWERS = (0.99, 1.01)
#: Strengths of the undocumented remainder that are tried; zero adds nobody.
KAPPAS = (0.0, 0.5, 1.0, 2.0)
#: The distance of two laws is measured between these quantiles of the toll; the end of the grid must not matter.
_ENDS = (0.0005, 0.9995)
_COLUMNS = (
    "event", "outcome", "layer", "how", "what", "median", "low_80", "high_80", "log_width", "share_of_width", "pull",
    "prior_share",
)  # fmt: skip
#: Masses, each of shape (cells,), by position of the case and layer.
type _Masses = dict[tuple[int, str], Floats]


# Mathematics ----------------------------------------------------------------------------------------------------------


def log_density(prior: Prior, values: Floats) -> Floats:
    """Logarithm of a prior's density, up to a constant, on the scale on which its draws are spread.

    That is the logarithm for a lognormal law and the logit for a logit-normal and a beta law. On this scale a power
    ``a`` of the density is the same family with its standard deviation divided by ``sqrt(a)``.

    Parameters
    ----------
    prior : Prior
    values : array, shape (draws,)
        Draws of the prior.

    Returns
    -------
    array, shape (draws,)
    """
    match prior.family:
        case "beta":
            return np.asarray(prior.first * np.log(values) + prior.second * np.log1p(-values))
        case "lognormal":
            scores = np.log(values / prior.first) / prior.second
        case "logit_normal":
            scores = (np.log(values / (1.0 - values)) - np.log(prior.first / (1.0 - prior.first))) / prior.second
        case _:
            scores = (values - prior.first) / prior.second
    return np.asarray(-0.5 * scores**2)


def power_scaled(weights: Floats, log_prior: Floats, power: float) -> Floats:
    """Weights that the draws would have, had the prior been raised to a power.

    Parameters
    ----------
    weights, log_prior : arrays, shape (draws,)
        The weights they have, and the logarithm of the prior's density at each draw, up to a constant.
    power : float

    Returns
    -------
    array, shape (draws,)
        They sum to one.
    """
    exponent = (power - 1.0) * log_prior
    scaled = weights * np.exp(exponent - exponent[weights > 0].max())
    return np.asarray(scaled / scaled.sum())


def distance(one: Floats, other: Floats, width: Floats) -> float:
    r"""Cumulative Jensen-Shannon distance of two laws, from 0 to 1 (Nguyen and Vreeken 2015).

    The root of the sum of both directions of

    .. math:: \int P \log_2 \frac{2 P}{P + Q} + \frac{1}{2 \ln 2} \int (Q - P)

    divided by its upper bound, the integral of ``P + Q``. It is taken of the cumulative probabilities from below and of
    those from above, and the larger of the two counts.

    Parameters
    ----------
    one, other : arrays, shape (places,)
        Their cumulative probabilities.
    width : array, shape (places,)
        What each place stands for on the scale of the quantity.
    """
    return max(_one_sided(one, other, width), _one_sided(1.0 - one, 1.0 - other, width))


def _one_sided(one: Floats, other: Floats, width: Floats) -> float:
    bound = float(width @ (one + other))
    if bound <= 0:
        return 0.0
    middle = 0.5 * (one + other)

    def directed(p: Floats) -> float:
        inside = p > 0
        return float(width[inside] @ (p[inside] * np.log2(p[inside] / middle[inside])))

    # The integrals of Q - P and of P - Q cancel in the sum.
    return float(np.sqrt(max(0.0, directed(one) + directed(other)) / bound))


# The table ------------------------------------------------------------------------------------------------------------


def sensitivity_table(
    solved: Solved, events: Sequence[str] | None, scales: Sequence[float], progress: Progress | None = None
) -> pd.DataFrame:
    """How far each range depends on each prior, as `Estimates.sensitivity` gives it.

    Parameters
    ----------
    solved : Solved
    events : sequence of str, optional
        Only these events; by default all.
    scales : sequence of float
        By which the standard deviations of published priors are multiplied.
    progress : callable, optional
        Told how many times an event has been looked at and how many there are.
    """
    chosen = solved.chosen(events)
    changes = _changes(solved, scales)
    step = steps((len(changes) + 1) * len({case.event for _, case in chosen}), progress)
    rescaled = {change: _masses_with(solved, chosen, *change, step) for change in changes}

    rows: list[dict[str, Any]] = []
    for position, event, place in solved.with_tables(events):
        step(place == 0)
        for layer in DECOMPOSED:
            rows += _rows(_Layer(solved, position, event, place, layer), rescaled)

    frame = pd.DataFrame(rows, columns=list(_COLUMNS))
    return frame.astype({name: "Int64" for name in ("median", "low_80", "high_80")})


def _rows(layer: _Layer, rescaled: dict[tuple[str, float], _Masses]) -> list[dict[str, Any]]:
    """The range as estimated, and what each change of a prior makes of it."""
    solved, name = layer.solved, layer.name
    shares = variance_of_case(solved, layer.event, layer.place, name)
    prior_share = shares.share_parameters + shares.share_undocumented
    rows = [{**layer.row("as estimated", "", layer.mass), "prior_share": prior_share}]
    if name == "total" and layer.case.about.has_layers:
        rows += [layer.row("strength", f"kappa {kappa:g}", layer.with_kappa(kappa)) for kappa in KAPPAS]

    for group in GROUPS:
        if group != "undocumented" or (name == "total" and layer.remainder.name == "elicited"):
            rows.append({**layer.heading, "how": "power", "what": group, "pull": layer.pull(group)})

    for (group, scale), masses in rescaled.items():
        if (layer.position, name) in masses:
            rows.append(layer.row("scale", f"{group} x {scale:g}", masses[layer.position, name]))
    return rows


@dataclass(frozen=True, eq=False)
class _Layer:
    """One layer of one case: its position in the call, its event for every draw, its place in that, and its name."""

    solved: Solved
    position: int
    event: SolvedEvent
    place: int
    name: str

    @property
    def case(self) -> Case:
        return self.event.cases[self.place]

    @property
    def grid(self) -> Grid:
        return self.case.grid

    @property
    def remainder(self) -> UndocumentedLayer:
        """What leads from the documented to the full toll of the case."""
        return self.solved.undocumented.of(self.case.outcome)

    @property
    def heading(self) -> dict[str, Any]:
        return {"event": self.case.event, "outcome": self.case.outcome, "layer": self.name}

    @property
    def mass(self) -> Floats:
        """Probability of each cell as estimated, shape (cells,)."""
        return self.solved.mass(self.position, self.name)

    def mass_under(self, weights: Floats) -> Floats:
        """Probability of each cell, shape (cells,), under other weights of the draws, shape (draws,)."""
        table = self.event.tables[self.place].mass
        if self.name == "documented":
            return importance.average(table, weights)
        return self.remainder.total(table, weights, self.event.engine, self.grid, self.case.at_risk)

    def with_kappa(self, kappa: float) -> Floats:
        """Probability of each cell for the full toll, shape (cells,), under one strength of the elicited remainder."""
        law = GumbelMixture(np.array([max(kappa, SMALLEST_KAPPA / 2)]), np.array([COMPLETE_SHARE]), np.ones(1))
        return Spread(law, self.grid).total(self.solved.mass(self.position, "documented"), self.case.at_risk)

    def row(self, how: str, what: str, mass: Floats) -> dict[str, Any]:
        """The range of other probabilities of the cells, shape (cells,), beside the range as estimated."""
        low, median, high = quantiles(self.grid, mass, np.array([0.1, 0.5, 0.9])).tolist()
        width, before = float(np.log1p(high) - np.log1p(low)), self._width
        share = None if how == "as estimated" or before == 0 else 1.0 - width / before

        found = {"how": how, "what": what, "median": median, "low_80": low, "high_80": high}
        return {**self.heading, **found, "log_width": width, "share_of_width": share}

    @cached_property
    def _width(self) -> float:
        low, high = np.log1p(quantiles(self.grid, self.mass, np.array([0.1, 0.9]))).tolist()
        return float(high - low)

    def pull(self, group: str) -> float:
        """How fast the range moves with the power of a prior.

        It is the distance moved under a power near one, divided by the logarithm of that power to the base of two.
        """
        profile, weights, edges = self.event.engine.profile, self.event.weights.values, self.grid.edges
        names = _bearing(group, self.case)
        if not names:
            return 0.0
        log_prior = np.sum([log_density(profile.priors[n], profile.parameters[n]) for n in names], axis=0)

        low, high = quantiles(self.grid, self.mass, np.array(_ENDS)).tolist()
        inside = (self.grid.start >= low) & (self.grid.start <= high)
        width = np.diff(np.log1p(edges - 0.5 * (edges > 0)))[inside]

        # Weights for the power one are made in the same way as the others, so that rounding moves all of them alike.
        one, *others = (
            _cumulative(self.mass_under(power_scaled(weights, log_prior, power)))[inside] for power in (1.0, *POWERS)
        )
        return max(
            distance(one, other, width) / abs(float(np.log2(power)))
            for other, power in zip(others, POWERS, strict=True)
        )


# Other spreads of the priors ------------------------------------------------------------------------------------------


def _changes(solved: Solved, scales: Sequence[float]) -> list[tuple[str, float]]:
    """The groups of priors whose standard deviations are multiplied, each with the factor.

    There are none for a learned profile, whose draws no longer follow the priors.
    """
    if not scales or not _is_published(solved.profile):
        return []
    groups = [group for group in GROUPS if group != "undocumented" or solved.undocumented.name == "elicited"]
    return list(product(groups, scales))


def _masses_with(
    solved: Solved, chosen: Sequence[tuple[int, Case]], group: str, scale: float, step: Callable[[int], None]
) -> _Masses:
    """Masses with the standard deviations of one group of priors multiplied."""
    changed = dict.fromkeys(group_members(group), float(scale))
    other = published_profile(solved.profile.seed, draws=solved.profile.draws, scales=changed)
    events = [solved.events[name] for name in dict.fromkeys(case.event for _, case in chosen)]

    masses: _Masses = {}
    for event, found in zip(events, solved_events(events, other), strict=True):
        step(1)
        for place, position in enumerate(solved.solution.events[event.name].positions):
            if group != "undocumented":
                masses[position, "documented"] = found.documented(place)
            if group != "undocumented" or found.cases[place].about.has_layers:
                masses[position, "total"] = found.total(place, solved.undocumented)
    return masses


def _is_published(profile: SourceProfile) -> bool:
    published = published_profile(profile.seed, draws=profile.draws)
    return profile.fingerprint == published.fingerprint


def group_members(group: str) -> tuple[str, ...]:
    """Names of the priors of a group."""
    return tuple(name for name in PRIORS if group_of(name) == group)


def _bearing(group: str, case: Case) -> tuple[str, ...]:
    """Members of a group that bear on a case.

    Laws of other sizes and of other growth, and types of source that do not occur in this one, would only add noise.
    """
    law = size_law(case.outcome, case.event_type)
    bearing = {f"{law}.{part}" for part in SIZE_PARTS.values()} | {*REPORTING_PARAMETERS}
    bearing |= names_behind_sources(case.keys)
    if case.about.has_layers:
        laws = growth_laws(case.event_type, chosen=case.chosen)
        bearing |= {"kappa"} | names_behind_steps(laws) | names_behind_groups(laws)
    return tuple(name for name in group_members(group) if name in bearing)


def _cumulative(mass: Floats) -> Floats:
    """Cumulative probabilities of the cells, shape (cells,), up to one at the last."""
    cumulative = np.cumsum(mass)
    return np.asarray(np.minimum(cumulative / cumulative[-1], 1.0))
