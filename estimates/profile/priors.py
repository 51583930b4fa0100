"""The published priors: every parameter's distribution in one place, with where it comes from.

docs/decisions/priors.md prints this table with the effect of each scale on the Idlib ranges; a test keeps both equal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import starmap
from statistics import NormalDist
from typing import Literal

import numpy as np

from estimates.errors import ProfileError
from estimates.models.types import Floats
from estimates.profile.blocks import in_blocks, normal_quantiles
from estimates.profile.missing import laws_of_missing

type Family = Literal["normal", "positive_normal", "half_normal", "lognormal", "logit_normal", "beta"]


@dataclass(frozen=True)
class Prior:
    """Distribution of one parameter.

    Attributes
    ----------
    name : str
    family : str
        ``normal(mean, sd)``, ``positive_normal(mean, sd)`` (cut at zero), ``half_normal(sd)``, ``lognormal(median, sd
        of the log)``, ``logit_normal(median, sd of the logit)`` or ``beta(a, b)``.
    first, second : float
        Its two numbers; ``half_normal`` uses the second only.
    basis : str
        The source it is cited from, or "judged" with the reason.
    """

    name: str
    family: Family
    first: float
    second: float
    basis: str

    def describe(self) -> str:
        """The distribution in words."""
        if self.family == "half_normal":
            return f"half-normal({self.second:g})"
        return f"{self.family.replace('_', '-')}({self.first:g}, {self.second:g})"

    def sample(self, count: int, seed: int, scale: float = 1.0) -> Floats:
        """Draws, shape (count,), keyed by seed and name only; the first 1,000 are the same however many follow.

        Each block of 1,000 is stratified by itself, where the quantile function is at hand.

        Parameters
        ----------
        count : int
        seed : int
        scale : float
            Multiplies the standard deviation (of the log or logit where the family says so).
        """
        return in_blocks(lambda rng, size: self._block(rng, size, scale), count, seed, "prior", self.name)

    def _block(self, rng: np.random.Generator, count: int, scale: float) -> Floats:
        if self.family == "beta":
            return rng.beta(self.first / scale**2, self.second / scale**2, count)

        sd = self.second * scale
        if self.family == "positive_normal":
            law = NormalDist(self.first, sd)
            below = law.cdf(0.0)
            shares = below + (1.0 - below) * (rng.permutation(count) + 0.5) / count
            return np.array([law.inv_cdf(share) for share in shares.tolist()])

        scores = rng.permutation(normal_quantiles(count))
        if self.family == "half_normal":
            return sd * rng.permutation(normal_quantiles(count, 0.5))
        if self.family == "lognormal":
            return self.first * np.exp(sd * scores)
        if self.family == "logit_normal":
            return 1.0 / (1.0 + (1.0 / self.first - 1.0) * np.exp(-sd * scores))
        return self.first + sd * scores


GED = "discrete Lomax fits to UCDP GED, Colombia and MAVERICK"
RADFORD = "Radford et al., PNAS 2023: reports of own losses x0.28, the enemy's x4.33 and x1.94"
MAVERICK = "fit to MAVERICK (van Baalen and Höglund, doi 10.1093/jopres/xjaf012)"
VESCO = "Vesco, Randahl, Hegre et al., arXiv 2409.08779: spread between coders"

#: Mean log bias by type of source, for losses of neither own nor enemy side.
_BIAS_BY_TYPE = {
    "international_media": (0.0, 0.15, MAVERICK + ": between-type sd .07 [0, .19]"),
    "local_media": (0.0, 0.25, "judged: wider than wire media"),
    "rescue": (-0.1, 0.25, "judged: counts those it reaches"),
    "health": (-0.1, 0.25, "judged: counts those brought in"),
    "monitor": (0.1, 0.3, "judged: victim-side monitor"),
    "un": (-0.3, 0.3, "judged: verified cases only"),
}
_OTHER_BIAS = (0.0, 0.3, "judged: nothing known of the direction")
#: Types of source with parameters of their own; all others share those of "other".
SOURCE_CLASSES = (*_BIAS_BY_TYPE, "other")
_BIAS_BY_AFFILIATION = {"own": (-0.7, 0.8), "enemy": (1.0, 0.6), "own_strike": (-1.0, 1.0)}

#: Types of source that differ less from one another than from the classes above.
OTHER_TYPES = ("government", "security", "party", "ngo", "armed_group", "other", "unknown")
#: Share of the variance of "other" sources' parameters that lies between their types.
_BETWEEN_TYPES = 0.5

_AFFILIATED = "judged: parties; the published biases on own losses differ by 1.26 in logs, on the enemy's by .80"

#: Size laws: outcome and class of event -> median of shape, sd, median of scale, sd, beta of P(C >= 1), basis.
_SIZES = {
    ("killed", "attack"): (1.5, 0.25, 2.5, 0.5, (4, 2), GED),
    ("killed", "unknown"): (1.1, 0.25, 6.0, 0.75, (6, 2), "judged: between attacks and disasters"),
    ("killed", "disaster"): (1.0, 0.25, 15.0, 0.75, (8, 1), "judged: disasters in the news are larger"),
    ("injured", "attack"): (1.2, 0.25, 4.0, 0.6, (4, 2), "judged: about 1.3 injured a death, with sd 1.34 of the log"),
    ("injured", "unknown"): (1.0, 0.25, 8.0, 0.75, (6, 2), "judged: between attacks and disasters"),
    ("injured", "disaster"): (0.9, 0.25, 20.0, 0.75, (8, 1), "judged"),
    ("displaced", "any"): (1.0, 0.25, 50.0, 1.0, (8, 1), "judged: from households to provinces"),
    ("casualties", "any"): (1.2, 0.25, 6.0, 0.6, (6, 2), "judged: killed and injured together"),
    ("any", "campaign"): (
        0.5,
        0.4,
        1_000.0,
        1.5,
        (8, 1),
        "judged: half of them between 500 and 25,000, for every outcome",
    ),
}

#: Groups of types of event that share no parameter of growth.
ORDINARY, DISASTROUS = GROWTH_GROUPS = ("ordinary", "disasters")
_SLOPES = {
    ORDINARY: (0.3, 0.5, "judged: that of disasters, of which ordinary events say little; small ones rise as well"),
    DISASTROUS: (0.4, 0.25, "prototype fit to early figures of disasters"),
}
STEP_NAMES = ("day 0 to 1", "day 1 to 2", "day 2 to 3", "day 3 to 7", "day 7 to 30 and later")


def _priors() -> tuple[Prior, ...]:
    return (
        *_bias_priors(),
        *_reporting_priors(),
        *_size_priors(),
        *_growth_priors(),
        *starmap(Prior, laws_of_missing()),
    )


def _bias_priors() -> list[Prior]:
    table: list[Prior] = []
    for source_type, (mean, sd, basis) in _BIAS_BY_TYPE.items():
        table.append(Prior(f"bias.{source_type}", "normal", mean, sd, basis))
    table += _nested("bias", *_OTHER_BIAS)
    for affiliation, (mean, sd) in _BIAS_BY_AFFILIATION.items():
        table.append(Prior(f"bias.{affiliation}", "normal", mean, sd, RADFORD))
    return [
        *table,
        Prior("bias.spread", "half_normal", 0.0, 0.25, "judged: sources within one type"),
        Prior("bias.spread.affiliated", "half_normal", 0.0, 0.75, _AFFILIATED),
    ]


def _nested(what: str, mean: float, sd: float, basis: str) -> list[Prior]:
    """Priors of the class of other sources and of how each of its types differs; their sums have the given spread."""
    of_class = Prior(f"{what}.other", "normal", mean, sd * (1.0 - _BETWEEN_TYPES) ** 0.5, basis)
    of_types = [
        Prior(
            f"{what}.other.{kind}",
            "normal",
            0.0,
            sd * _BETWEEN_TYPES**0.5,
            "judged: half of the variance between types",
        )
        for kind in OTHER_TYPES
    ]
    return [of_class, *of_types]


def _reporting_priors() -> list[Prior]:
    kinds = tuple(_BIAS_BY_TYPE)
    exactness = [
        Prior("exactness", "normal", 0.2, 0.4, MAVERICK + ": .19 [-.32, .72]"),
        *(Prior(f"exactness.{kind}", "normal", 0.0, 0.25, "judged: types differ little") for kind in kinds),
        *_nested("exactness", 0.0, 0.25, "judged: types differ little"),
        Prior("exactness.spread", "half_normal", 0.0, 0.4, "judged: sources within one type"),
        Prior("exactness_slope", "positive_normal", 0.35, 0.15, MAVERICK + ": .34 [.06, .58]"),
    ]

    errors = [
        Prior("scale", "lognormal", 0.3, 0.25, MAVERICK + ": .27 to .32 for five types of source"),
        *(Prior(f"error.{kind}", "normal", 0.0, 0.15, MAVERICK + ": types alike") for kind in kinds),
        *_nested("error", 0.0, 0.15, MAVERICK + ": types alike"),
        Prior("error.spread", "half_normal", 0.0, 0.25, "judged: sources within one type"),
        Prior("outlier", "beta", 6, 54, MAVERICK + ": .11 [.04, .18]"),
        Prior("heaping", "beta", 8, 16, MAVERICK + ": .34 [.22, .46]"),
        Prior("at_least_shift", "normal", -0.08, 0.15, MAVERICK + ": -.07 [-.33, .15]"),
    ]

    speaking = [
        Prior("phantom", "beta", 1, 199, "judged: a number although nobody died"),
        Prior("none_party", "beta", 2, 3, "judged: a party or state says none although there were some"),
        Prior("none_stated", "beta", 1, 19, "judged: other sources, of one dead"),
        Prior(
            "none_coded", "beta", 4, 16, "judged: a zero in a column of numbers, of one dead; may mean not known yet"
        ),
        Prior("none_fall", "lognormal", 1.0, 0.3, "judged: half as often of two dead as of one"),
        Prior("copying", "beta", 4, 16, MAVERICK + ": .20 [.13, .28], curated; newsrooms copy 30 to 49%"),
        Prior("copying.spread", "half_normal", 0.0, 0.75, "judged: some copy all, some nothing"),
        Prior("repeating", "beta", 6, 4, "judged: a source that speaks again often has nothing new"),
        Prior("whole_group", "beta", 7, 3, "judged: a group that is spoken of alone is mostly everybody"),
    ]

    shared = [
        Prior("shared_error", "beta", 8, 3, "prototype fit to events with an adjudicated toll, each left out"),
        Prior("shared_error_factor", "lognormal", 1.3, 0.3, "the same: times how far the sources lie apart"),
        Prior("shared_error_base", "lognormal", 0.03, 0.3, "the same: where sources agree"),
    ]
    return [*exactness, *errors, *speaking, *shared]


def _size_priors() -> list[Prior]:
    table: list[Prior] = []
    for (outcome, kind), (shape, shape_sd, scale, scale_sd, (a, b), basis) in _SIZES.items():
        table.append(Prior(f"size.{outcome}.{kind}.shape", "lognormal", shape, shape_sd, basis))
        table.append(Prior(f"size.{outcome}.{kind}.scale", "lognormal", scale, scale_sd, basis))
        table.append(Prior(f"size.{outcome}.{kind}.positive", "beta", a, b, "judged: reported events have some"))
    return table


def _growth_priors() -> list[Prior]:
    table = [
        Prior("complete_logit.violence", "normal", 0.5, 1.0, "judged: tolls of attacks are complete earlier"),
        Prior("complete_logit.chosen", "normal", -1.5, 1.0, "judged: attacks told of because their toll was revised"),
        Prior("complete_logit.entrapment", "normal", -1.0, 0.5, "judged: the buried and drowned are found late"),
        Prior("documented_shape.entrapment", "normal", -0.5, 0.5, "judged: and in larger numbers (log factor)"),
        Prior("rising", "half_normal", 0.0, 1.0, "judged: the number will rise"),
        Prior("falling", "normal", 3.0, 1.0, "judged: a source that lowers its figure had counted too many"),
        Prior("fallen", "positive_normal", 1.0, 0.5, "judged: the same"),
        Prior("kappa", "positive_normal", 0.9, 0.45, VESCO),
    ]

    for group in GROWTH_GROUPS:
        for index, name in enumerate(STEP_NAMES):
            table.append(Prior(f"complete_logit.{group}.{index}", "normal", 1.0, 1.0, f"judged: {name}"))
            table.append(Prior(f"documented_shape.{group}.{index}", "lognormal", 3.0, 0.6, f"judged: {name}"))

        table += [
            Prior(f"complete_logit.spread.{group}", "half_normal", 0.0, 1.0, "judged: types of event within the group"),
            Prior(f"complete_slope.{group}", "lognormal", *_SLOPES[group]),
            Prior(f"low_share.{group}", "logit_normal", 0.1824, 0.5, "prototype: logit -1.5"),
            Prior(f"low_shape.{group}", "lognormal", 0.3, 0.25, "prototype fit to early figures of disasters"),
            Prior(f"over_share.{group}", "beta", 2, 30, "judged: about 13% over five steps, of curated early figures"),
            Prior(
                f"over_shape.{group}", "lognormal", 8.0, 0.25, "judged: by an eighth on average; sources err by more"
            ),
        ]
    return table


#: All priors by name.
PRIORS: dict[str, Prior] = {prior.name: prior for prior in _priors()}


def changed_priors(changes: Mapping[str, Sequence[float]]) -> dict[str, Prior]:
    """All priors, some of them with the two numbers that an analyst sets; the families stay.

    Parameters
    ----------
    changes : mapping of str to two numbers
        By name, what ``Prior.first`` and ``Prior.second`` are to be.

    Raises
    ------
    ProfileError
        If no prior has that name, or its family has no such numbers.
    """
    unknown = sorted(str(name) for name in set(changes) - set(PRIORS))
    if unknown:
        raise ProfileError(f"no prior is called {', '.join(unknown)}; known are {', '.join(sorted(PRIORS))}")
    return PRIORS | {name: _changed(PRIORS[name], numbers) for name, numbers in changes.items()}


def _changed(prior: Prior, numbers: Sequence[float]) -> Prior:
    low, high = _FIRST[prior.family]
    match numbers:
        case [int() | float() | np.number() as first, int() | float() | np.number() as second] if (
            (low < first < high or first == low == high)
            and 0.0 < second < np.inf
            and not isinstance(first, bool)
            and not isinstance(second, bool)
        ):
            return replace(prior, first=float(first), second=float(second), basis=ANALYST)
    raise ProfileError(
        f"prior {prior.name}: {numbers!r} are not the two numbers of a {prior.family.replace('_', '-')} law; write "
        f"them as in {(prior.first, prior.second)}, which is published"
    )


#: Between which numbers the first of a family lies; half-normal laws have none but zero.
_FIRST: dict[Family, tuple[float, float]] = {
    "normal": (-np.inf, np.inf),
    "positive_normal": (0.0, np.inf),
    "half_normal": (0.0, 0.0),
    "lognormal": (0.0, np.inf),
    "logit_normal": (0.0, 1.0),
    "beta": (0.0, np.inf),
}
#: Basis of the priors that an analyst has set.
ANALYST = "set by the analyst"
#: Shares of age bins of figures of unknown age. Judged; between curated disasters and MAVERICK.
BIN_SHARES = (0.30, 0.25, 0.10, 0.15, 0.12, 0.08)

#: Types of event in which the dead are counted as they fall, and those in which people are buried, drowned or burned
#: and found late.
VIOLENCE = frozenset({"airstrike", "shelling", "shooting", "bombing", "vehicle", "attack", "landmine"})
ENTRAPMENT = frozenset({"earthquake", "building_collapse", "mine_accident", "flood", "storm", "ship", "fire"})
DISASTERS = ENTRAPMENT | {"crowd", "aircraft", "train", "epidemic", "heat"}
#: The total of a war, siege or season, given as one event.
CAMPAIGN = "campaign"


def size_law(outcome: str, event_type: str) -> str:
    """Beginning of the names of the law of sizes of an outcome in a type of event."""
    if event_type == CAMPAIGN:
        return f"size.any.{CAMPAIGN}"
    own = f"size.{outcome}.{size_class(event_type)}"
    return own if f"{own}.shape" in PRIORS else f"size.{outcome}.any"


def size_class(event_type: str) -> str:
    """Class of single events that has size laws of its own."""
    if event_type in DISASTERS:
        return "disaster"
    return "unknown" if event_type in ("unknown", "other") else "attack"


def growth_groups(event_type: str) -> tuple[str, ...]:
    """Groups of growth that an event of a type may belong to: one, or either where the type does not say which."""
    if event_type in ("other", "unknown"):
        return GROWTH_GROUPS
    return (ORDINARY,) if event_type in VIOLENCE else (DISASTROUS,)


def spread_of_bias(affiliation: str) -> str:
    """Name of the spread of sources' biases about losses of neither side, or of their own or the enemy's."""
    return "bias.spread" if affiliation == "neutral" else "bias.spread.affiliated"


def source_class(source_type: str) -> str:
    """Class of source whose parameters a type of source has."""
    return source_type if source_type in SOURCE_CLASSES else "other"


#: Types of source that are a party or a state: their "none" is worth less.
PARTIES = frozenset({"government", "security", "party", "armed_group"})
