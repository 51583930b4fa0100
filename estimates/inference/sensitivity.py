"""How much of a range is prior: its variance in parts, other priors in turn, and the pull of each prior.

Three views of the same question, cheapest first:

- the variance of the logarithm of a toll, split into what comes from the shared parameters, from the event itself and
  from those never documented;
- the full toll under other strengths of the undocumented remainder;
- power-scaling (Kallioinen, Paananen, Bürkner and Vehtari, Statistics and Computing 2024): the prior of a group of
  parameters to a power near one, by importance weights, and how fast the range moves; and where the profile is made of
  published priors, estimates anew with their standard deviations multiplied.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from estimates.inference import posterior as estimation
from estimates.inference.cases import Case
from estimates.models import grid as grids
from estimates.models.types import Floats
from estimates.models.undocumented import COMPLETE_SHARE, SMALLEST_KAPPA, GumbelMixture, Spread
from estimates.profile.priors import PRIORS, Prior, generator, size_law, source_class, spread_of_bias
from estimates.profile.profile import SourceProfile, published_profile

if TYPE_CHECKING:
    from estimates.results.estimates import Estimates

#: Groups of priors, by what their parameters' names begin with up to a point.
GROUPS: dict[str, tuple[str, ...]] = {
    "size": ("size",),
    "growth": (
        "complete_logit", "complete_slope", "documented_shape", "low_share", "low_shape", "over_share", "over_shape",
        "rising",
    ),
    "bias": ("bias",),
    "error": (
        "exactness", "exactness_slope", "scale", "error", "heaping", "at_least_shift",
        "phantom", "none_share",
    ),
    "outlier": ("outlier",),
    "copying": ("copying", "repeating"),
    "undocumented": ("kappa",),
}  # fmt: skip
#: Powers of the prior at which the pull is measured.
POWERS = (0.99, 1.01)
#: Strengths of the undocumented remainder that are tried; zero adds nobody.
KAPPAS = (0.0, 0.5, 1.0, 2.0)
#: The distance of two laws is measured between these quantiles of the toll: the grid's end must not matter.
_ENDS = (0.0005, 0.9995)
_LAYERS = ("documented", "total")
_COLUMNS = (
    "event", "outcome", "layer", "how", "what", "median", "low_80", "high_80", "log_width", "share_of_width", "pull",
    "prior_share",
)  # fmt: skip


@dataclass(frozen=True)
class VarianceShares:
    """Parts of the variance of the logarithm of one plus a toll; the shares sum to one.

    Attributes
    ----------
    variance : float
    share_parameters : float
        From what is shared between events: sources, sizes, growth.
    share_event : float
        What would stay if all of these were known.
    share_undocumented : float
        From those never documented, given how many are documented.
    """

    variance: float
    share_parameters: float
    share_event: float
    share_undocumented: float


# Mathematics ----------------------------------------------------------------------------------------------------------


def variance_shares(table: NDArray[np.floating], weight: Floats, mean: Floats, variance: Floats) -> VarianceShares:
    r"""Law of total variance, first over the draws and then over the documentable toll.

    .. math:: V(Y) = V_\theta E(m \mid \theta) + E_\theta V(m \mid \theta) + E V(Y \mid C), \quad m = E(Y \mid C)

    Parameters
    ----------
    table : array, shape (cells, draws)
        Probability of each cell for ``C``, for every draw of the shared parameters.
    weight : array, shape (draws,)
        Sums to one.
    mean, variance : arrays, shape (cells,)
        Of ``Y`` in each cell.
    """
    total = table.sum(axis=0, dtype=float)
    first = (mean @ table) / total
    # Relative to a mean of zero, so that little is lost where the variance is small.
    centre = float(weight @ first)
    second = ((mean - centre) ** 2 @ table) / total
    parameters = float(weight @ (first - centre) ** 2)
    event = max(0.0, float(weight @ second) - parameters)
    undocumented = float(weight @ ((variance @ table) / total))
    whole = parameters + event + undocumented
    if whole <= 0:
        return VarianceShares(0.0, 0.0, 0.0, 0.0)
    return VarianceShares(whole, parameters / whole, event / whole, undocumented / whole)


def log_density(prior: Prior, values: Floats) -> Floats:
    """Logarithm of a prior's density, up to a constant, on the scale on which its draws are spread.

    That is the logarithm for a lognormal law and the logit for a logit-normal and a beta law. On this scale a power
    ``a`` of the density is the same family with its standard deviation divided by ``sqrt(a)``.
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


def power_scaled(weight: Floats, log_prior: Floats, power: float) -> Floats:
    """Weights of the draws had the prior been raised to a power; they sum to one."""
    exponent = (power - 1.0) * log_prior
    scaled = weight * np.exp(exponent - exponent[weight > 0].max())
    return np.asarray(scaled / scaled.sum())


def distance(one: Floats, other: Floats, width: Floats) -> float:
    r"""Cumulative Jensen-Shannon distance of two laws, from 0 to 1 (Nguyen and Vreeken 2015).

    The root of the sum of both directions of

    .. math:: \int P \log_2 \frac{2 P}{P + Q} + \frac{1}{2 \ln 2} \int (Q - P)

    over its upper bound ``integral of P + Q``; the larger one of that from below and that from above.

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


# Of estimates ---------------------------------------------------------------------------------------------------------


def decompose(estimates: Estimates, events: Sequence[str] | None) -> pd.DataFrame:
    """Do what `Estimates.decompose` does."""
    rows: list[dict[str, Any]] = []
    for table in _case_tables(estimates, events):
        for layer in _LAYERS:
            parts = table.variance_shares(layer)
            rows.append({**table.heading(layer), **vars(parts)})
    columns = ["event", "outcome", "layer", "variance", "share_parameters", "share_event", "share_undocumented"]
    return pd.DataFrame(rows, columns=columns)


def sensitivity(estimates: Estimates, events: Sequence[str] | None, scales: Sequence[float]) -> pd.DataFrame:
    """Do what `Estimates.sensitivity` does."""
    rows: list[dict[str, Any]] = []
    rescaled = _rescaled(estimates, events, scales)
    for table in _case_tables(estimates, events):
        for layer in _LAYERS:
            parts = table.variance_shares(layer)
            base = table.row(layer, "as estimated", "", table.mass(layer))
            rows.append({**base, "prior_share": parts.share_parameters + parts.share_undocumented})
            if layer == "total":
                rows += [table.row(layer, "strength", f"kappa {kappa:g}", table.with_kappa(kappa)) for kappa in KAPPAS]
            for group in GROUPS:
                if group != "undocumented" or (layer == "total" and estimates.undocumented.name == "elicited"):
                    rows.append(
                        {**table.heading(layer), "how": "power", "what": group, "pull": table.pull(layer, group)}
                    )
            rows += [
                table.row(layer, "scale", f"{group} x {scale:g}", masses[table.index, layer])
                for (group, scale), masses in rescaled.items()
                if (table.index, layer) in masses
            ]
    frame = pd.DataFrame(rows, columns=list(_COLUMNS))
    return frame.astype({name: "Int64" for name in ("median", "low_80", "high_80")})


class _CaseTable:
    """One question with its posterior for every draw."""

    def __init__(self, estimates: Estimates, index: int, table: NDArray[np.float32]) -> None:
        self.index = index
        self._estimates = estimates
        self._question = estimates.cases[index]
        self._grid = estimation.case_grid(self._question)
        self._table = table
        self._weight = estimates._solution.weights.values
        self._base = {layer: estimates._mass(index, layer) for layer in _LAYERS}

    def heading(self, layer: str) -> dict[str, Any]:
        return {"event": self._question.event, "outcome": self._question.outcome, "layer": layer}

    def mass(self, layer: str, weight: Floats | None = None) -> Floats:
        """Probability of each cell, under other weights of the draws if given."""
        if weight is None:
            return self._base[layer]
        if layer == "documented":
            return np.asarray(self._table @ weight.astype(np.float32), dtype=float)
        return self._estimates.undocumented.total(self._table, weight, self._estimates.profile.kappa, self._grid)

    def with_kappa(self, kappa: float) -> Floats:
        """The full toll under one strength of the elicited remainder."""
        law = GumbelMixture(np.array([max(kappa, SMALLEST_KAPPA / 2)]), np.array([COMPLETE_SHARE]), np.ones(1))
        return Spread(law, self._grid).total(self.mass("documented"))

    def row(self, layer: str, how: str, what: str, mass: Floats) -> dict[str, Any]:
        low, median, high = grids.quantiles(self._grid, mass, np.array([0.1, 0.5, 0.9])).tolist()
        width, before = float(np.log1p(high) - np.log1p(low)), self._width(layer)
        share = None if how == "as estimated" or before == 0 else 1.0 - width / before
        found = {"how": how, "what": what, "median": median, "low_80": low, "high_80": high}
        return {**self.heading(layer), **found, "log_width": width, "share_of_width": share}

    def _width(self, layer: str) -> float:
        low, high = np.log1p(grids.quantiles(self._grid, self._base[layer], np.array([0.1, 0.9]))).tolist()
        return float(high - low)

    def variance_shares(self, layer: str) -> VarianceShares:
        counts = self._grid.start + (self._grid.width - 1) // 2
        if layer == "documented":
            mean = np.log1p(counts)
            return variance_shares(self._table, self._weight, mean, np.zeros(len(mean)))
        # Full tolls of every cell at even quantiles, with strengths in random order.
        estimates = self._estimates
        kappa = estimates.profile.kappa[estimates._solution.parents]
        uniforms = (np.arange(len(kappa)) + 0.5) / len(kappa)
        uniforms = generator(estimates.seed, "decompose").permutation(uniforms)
        tolls = [
            estimates.undocumented.quantile(uniforms, np.full(len(kappa), count), kappa, estimates.seed)
            for count in counts.tolist()
        ]
        logs = np.log1p(np.array(tolls))
        return variance_shares(self._table, self._weight, logs.mean(axis=1), logs.var(axis=1))

    def pull(self, layer: str, group: str) -> float:
        """How fast a range moves with the power of a prior: the distance for a power of two, were it to go on so."""
        profile = self._estimates.profile
        parameters, priors = profile.parameters, profile.priors
        log_prior = np.sum([log_density(priors[n], parameters[n]) for n in _bearing(group, self._question)], axis=0)
        low, high = grids.quantiles(self._grid, self._base[layer], np.array(_ENDS)).tolist()
        inside = (self._grid.start >= low) & (self._grid.start <= high)
        width = np.diff(np.log1p(self._grid.edges - 0.5 * (self._grid.edges > 0)))[inside]
        # Under weights of its own even the power one sums a little differently: compare like with like.
        base = _cumulative(self.mass(layer, power_scaled(self._weight, log_prior, 1.0)))[inside]
        pulls = []
        for power in POWERS:
            moved = _cumulative(self.mass(layer, power_scaled(self._weight, log_prior, power)))[inside]
            pulls.append(distance(base, moved, width) / abs(float(np.log2(power))))
        return max(pulls)


def _wanted(estimates: Estimates, events: Sequence[str] | None) -> list[tuple[int, Case]]:
    return [(i, case) for i, case in enumerate(estimates.cases) if events is None or case.event in events]


def _case_tables(estimates: Estimates, events: Sequence[str] | None) -> Iterator[_CaseTable]:
    wanted = _wanted(estimates, events)
    if wanted:
        solved = estimation.documented([case for _, case in wanted], estimates.profile)
        for (index, _), (_, table) in zip(wanted, solved, strict=True):
            yield _CaseTable(estimates, index, table)


def _rescaled(
    estimates: Estimates, events: Sequence[str] | None, scales: Sequence[float]
) -> dict[tuple[str, float], dict[tuple[int, str], Floats]]:
    """Masses by question and layer, with the standard deviations of each group of priors multiplied.

    None for a learned profile, whose priors are behind it.
    """
    profile, layer = estimates.profile, estimates.undocumented
    if not scales or not _is_published(profile):
        return {}
    wanted = _wanted(estimates, events)
    found: dict[tuple[str, float], dict[tuple[int, str], Floats]] = {}
    for group, scale in product(GROUPS, scales):
        if group == "undocumented" and layer.name != "elicited":
            continue
        changed = dict.fromkeys(group_members(group), float(scale))
        other = published_profile(profile.seed, draws=profile.draws, scales=changed)
        weight = _weight(estimates, other)
        masses = found.setdefault((group, scale), {})
        solved = estimation.documented([case for _, case in wanted], other) if wanted else iter(())
        for (index, case), (_, table) in zip(wanted, solved, strict=True):
            cells = estimation.case_grid(case)
            if group != "undocumented":
                masses[index, "documented"] = np.asarray(table @ weight.astype(np.float32), dtype=float)
            masses[index, "total"] = layer.total(table, weight, other.kappa, cells)
    return found


def _weight(estimates: Estimates, other: SourceProfile) -> Floats:
    """Weights of another profile's draws by the events' evidence, where the estimates are weighted so; else equal ones.

    Were it decided anew, a range could move because the weighting is switched on or off, and not because of the prior.
    """
    if not estimates._solution.weights.updated:
        return np.full(other.draws, 1.0 / other.draws)
    log_marginal_likelihood = sum(found for found, _ in estimation.documented(estimates.cases, other))
    raw = np.exp(log_marginal_likelihood - np.max(log_marginal_likelihood))
    return np.asarray(raw / raw.sum())


def _is_published(profile: SourceProfile) -> bool:
    published = published_profile(profile.seed, draws=profile.draws)
    return profile.fingerprint == published.fingerprint


def group_members(group: str) -> tuple[str, ...]:
    """Names of the priors of a group."""
    return tuple(name for name in PRIORS if name.partition(".")[0] in GROUPS[group])


def _bearing(group: str, case: Case) -> tuple[str, ...]:
    """Members of a group that bear on a question: size laws and types of source of others only add noise."""
    kinds = {source_class(key.source_type) for key in case.keys} | {key.affiliation for key in case.keys}
    spreads = {spread_of_bias(key.affiliation) for key in case.keys}
    law = size_law(case.outcome, case.event_type)
    used = []
    for name in group_members(group):
        first, _, rest = name.partition(".")
        if first == "size" and not name.startswith(f"{law}."):
            continue
        if name.startswith("bias.spread") and name not in spreads:
            continue
        if first in ("bias", "exactness", "error") and rest.partition(".")[0] not in ("", "spread", *kinds):
            continue
        used.append(name)
    return tuple(used)


def _cumulative(mass: Floats) -> Floats:
    cumulative = np.cumsum(mass)
    return np.asarray(np.minimum(cumulative / cumulative[-1], 1.0))
