"""The joint model in PyMC: all that sources and kinds of event share, with the true counts summed out."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

import numpy as np
import pymc as pm
import pytensor.tensor as pt
from numpy.typing import NDArray
from pymc.logprob.transforms import Transform
from pymc.step_methods.hmc.quadpotential import QuadPotentialDiagAdapt, QuadPotentialFullAdapt
from pytensor.graph.basic import Apply
from pytensor.graph.op import Op

from estimates.errors import FitError
from estimates.fitting.training import TrainingData
from estimates.fitting.variational import Start
from estimates.models.corpus.likelihood import Corpus, Layout
from estimates.models.growth import STEPS
from estimates.models.types import Floats
from estimates.profile.priors import ENTRAPMENT, PARTIES, PRIORS, Prior, source_class, spread_of_bias
from estimates.profile.profile import Effect

#: Families that are normal on some scale, sampled there.
_GAUSSIAN = ("normal", "lognormal", "logit_normal")
#: Below this share of its scale a normal cut at zero is sampled on a logarithmic scale.
SOFTENED = 0.5
#: What adaptation begins with is worth as much as so many draws: variances alone, and a full covariance.
WORTH, WORTH_FULL = 50, 1_000
#: More draws than any warm-up has.
NEVER = 10**9
#: The length of steps adaptation begins with, times the fourth root of the dimensions.
STEP_SCALE = 1.0
#: Reports (of growth: events) at which a score is sampled times the root of its spread; see docs/decisions/learning.md.
REPORTS_THAT_TELL = {"bias": 50.0, "exactness": 200.0, "error": 200.0, "copying": 600.0, "growth": 200.0}
#: Spreads below this share of their prior's scale are not taken out further.
LEAST_SPREAD = 0.4


class Softened(Transform):  # type: ignore[misc]
    """Positive numbers as the softplus of what is sampled: their own scale where they are large, logarithmic near zero.

    The logarithm alone would bend a normal cut at zero far more above its middle than below, and steps are as short as
    the sharpest bend asks for; and whatever strays far down its flat side hardly finds back.
    """

    name = "softened"

    def __init__(self, scale: Floats) -> None:
        self._scale = scale

    def forward(self, value: Any, *inputs: Any) -> Any:
        """What is sampled, in units of the scale."""
        return value / self._scale + SOFTENED * pt.log(-pt.expm1(-value / (SOFTENED * self._scale)))

    def backward(self, value: Any, *inputs: Any) -> Any:
        """The positive number."""
        return SOFTENED * self._scale * pt.softplus(value / SOFTENED)

    def log_jac_det(self, value: Any, *inputs: Any) -> Any:
        """Logarithm of the derivative of the number by what is sampled."""
        return np.log(self._scale) - pt.softplus(-value / SOFTENED)


class SoftenedShare(Transform):  # type: ignore[misc]
    """Shares that may be close to an end: minus the logarithm of the distance to the other end, softened.

    Near their end such shares are exponential, and their log-odds would be bent as those of half normals are.
    """

    name = "softenedshare"

    def __init__(self, scale: Floats, near_one: NDArray[np.bool_]) -> None:
        self._softened, self._near_one = Softened(scale), near_one

    def forward(self, value: Any, *inputs: Any) -> Any:
        """What is sampled."""
        return self._softened.forward(-pt.where(self._near_one, pt.log(value), pt.log1p(-value)))

    def backward(self, value: Any, *inputs: Any) -> Any:
        """The share."""
        logarithm = -self._softened.backward(value)
        return pt.where(self._near_one, pt.exp(logarithm), -pt.expm1(logarithm))

    def log_jac_det(self, value: Any, *inputs: Any) -> Any:
        """Logarithm of the derivative of the share by what is sampled."""
        return self._softened.log_jac_det(value) - self._softened.backward(value)


class LogMarginalLikelihood(Op):  # type: ignore[misc]
    """Log evidence of a corpus as a function of its parameter vector; the gradient is computed along with it.

    Attributes
    ----------
    corpus : Corpus
        May be replaced by another of the same layout and the same idle parameters: the compiled model stays.
    """

    __props__ = ()

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus

    def make_node(self, vector: Any) -> Apply:
        """One vector in; a number and its gradient out."""
        vector = pt.as_tensor_variable(vector)
        return Apply(self, [vector], [pt.dscalar(), pt.dvector()])

    def perform(self, node: Apply, inputs: Sequence[Any], outputs: Sequence[Any]) -> None:
        """Run the fused sums; where they are not finite the log evidence is minus infinity."""
        value, gradient = self.corpus.evaluate(inputs[0])
        if not np.isfinite(value):
            value, gradient = -np.inf, np.zeros_like(gradient)
        outputs[0][0] = np.asarray(value, dtype=float)
        outputs[1][0] = np.nan_to_num(gradient)

    def pullback(self, inputs: Sequence[Any], outputs: Sequence[Any], cotangents: Sequence[Any]) -> list[Any]:
        """Chain rule; the gradient itself is not differentiated again."""
        return [cotangents[0] * outputs[1]]


@dataclass(frozen=True, eq=False)
class Centring:
    """How much of its spread each score is sampled with: as a score where little is known of it, centred where much is.

    A score that many reports tell is the more bent against its spread the more they tell: only their product is known.
    The product of a score about which nothing is known narrows with its spread. So a power of the spread is
    taken out that grows with the reports (Papaspiliopoulos, Roberts and Sköld, Statistical Science 2007).

    Attributes
    ----------
    spread : array of int, shape (traits,)
        Position of the spread of each score among the half-normal parameters.
    scale : array, shape (traits,)
        The prior's scale of that spread.
    power : array, shape (traits,)
        Zero for a score as it is, one for its product with the spread.
    """

    spread: NDArray[np.int64]
    scale: Floats
    power: Floats

    def factor(self, half: Any) -> Any:
        """What each score is multiplied by, given the half-normal parameters, shape (..., parameters)."""
        relative = half[..., self.spread] / self.scale
        return (relative**2 + LEAST_SPREAD**2) ** (0.5 * self.power)


@dataclass(frozen=True, eq=False)
class Hierarchy:
    """The model and what its variables stand for.

    Attributes
    ----------
    model : pymc.Model
        Variables ``gaussian`` (standard scores), ``positive``, ``half``, ``share`` and ``end`` (shares near an end)
        hold the parameters of each family of priors, ``traits`` the standard scores of sources and types of event,
        which follow from ``scaled`` ones.
    families : dict of str to tuple of str
        Names of the parameters in each variable.
    effects : tuple of Effect
    centring : Centring
    corpus_op : LogMarginalLikelihood
    priors : mapping of str to Prior
    """

    model: pm.Model
    families: dict[str, tuple[str, ...]]
    effects: tuple[Effect, ...]
    centring: Centring
    corpus_op: LogMarginalLikelihood
    priors: Mapping[str, Prior]

    def parameters(self, draws: dict[str, Floats]) -> dict[str, Floats]:
        """Parameters on their natural scale from draws of the variables, each (draws, length)."""
        result = {}
        for family, names in self.families.items():
            for column, name in enumerate(names):
                result[name] = natural(self.priors[name], draws[family][:, column])
        return result

    def density(self) -> Callable[[Floats], tuple[float, Floats]]:
        """Compiled log density of the unconstrained parameters and its gradient."""
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="Numba will use object mode")
            function = self.model.logp_dlogp_function(ravel_inputs=True)
            function.set_extra_values({})
            compiled = function._pytensor_function
            compiled(self.start())

        def evaluate(position: Floats) -> tuple[float, Floats]:
            value, gradient = compiled(position)
            return float(value), np.asarray(gradient, dtype=float)

        return evaluate

    def start(self) -> Floats:
        """Where a fit begins: the middle of the priors, unconstrained."""
        point = self.model.initial_point(random_seed=0)
        return np.concatenate([np.ravel(point[name]) for name in self._unconstrained])

    def variables(self, positions: Floats) -> dict[str, Floats]:
        """The model's variables at unconstrained positions, shape (draws, dimensions)."""
        result = self._free(positions)
        scaled = result.pop("scaled")
        return result | {"effects": scaled / self.centring.factor(result["half"])}

    def _free(self, positions: Floats) -> dict[str, Floats]:
        result, at = {}, 0
        for name, family in self._unconstrained.items():
            length = len(self.effects) if family == "scaled" else len(self.families[family])
            values = positions[:, at : at + length]
            at += length
            laws = [self.priors[parameter] for parameter in self.families.get(family, ())]
            if name.endswith("logodds__"):
                values = 1.0 / (1.0 + np.exp(-values))
            elif name.endswith("softened__"):
                values = _softened(values, _numbers(laws)[1])
            elif name.endswith("softenedshare__"):
                scale, near_one = _end_scale(laws)
                logarithm = -_softened(values, scale)
                values = np.where(near_one, np.exp(logarithm), -np.expm1(logarithm))
            result[family] = values
        return result

    def point(self, position: Floats) -> dict[str, Floats]:
        """What the model samples at one unconstrained position."""
        return {name: values[0] for name, values in self._free(position[None, :]).items() if values.size}

    def step(self, start: Start, acceptance: float) -> pm.NUTS:
        """The No-U-Turn step; what is known where chains begin begins the adaptation of its mass matrix."""
        size = len(start.centre)
        with self.model, warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="QuadPotentialFullAdapt")
            if start.covariance is None:
                potential = QuadPotentialDiagAdapt(size, start.centre, start.width**2, WORTH)
            else:
                # No window is ever left: what warm-up draws say of so many entries is worth less than the curvature.
                potential = QuadPotentialFullAdapt(
                    size, start.centre, start.covariance, WORTH_FULL, adaptation_window=NEVER
                )
            return pm.NUTS(potential=potential, target_accept=acceptance, step_scale=STEP_SCALE)

    @property
    def _unconstrained(self) -> dict[str, str]:
        """Names of the unconstrained variables in the model's order, and the variables they belong to."""
        names = [variable.name for variable in self.model.continuous_value_vars]
        return {name: name.split("_")[0] for name in names}

    def sample(
        self,
        seeds: Sequence[int],
        tune: int,
        kept: int,
        acceptance: float,
        cores: int,
        progress: bool,
        start: Start,
    ) -> list[dict[str, Floats]]:
        """Chains of the No-U-Turn sampler, one for each seed: their variables and ``stat:`` what happened.

        They begin at draws of a normal approximation.

        Raises
        ------
        FitError
            If the sampler fails or was stopped before the chains were complete.
        """
        points = [self.point(start.draw(seed)) for seed in seeds]
        try:
            with self.model, warnings.catch_warnings():
                warnings.filterwarnings("ignore")
                tree = pm.sample(
                    kept, tune=tune, chains=len(seeds), cores=min(cores, len(seeds)), random_seed=list(seeds),
                    step=self.step(start, acceptance), initvals=points,
                    progressbar=progress, quiet=not progress, compute_convergence_checks=False,
                    discard_tuned_samples=True,
                )  # fmt: skip
        except pm.exceptions.SamplingError as error:
            raise FitError(
                "the sampler found no place to begin: the density is not finite there. Priors that are set very wide "
                "do this, and figures far apart; narrow the priors, look for events that are merged, or use "
                "method='fast'"
            ) from error
        found = tree["posterior"]
        if found.sizes["chain"] < len(seeds) or found.sizes["draw"] < kept:
            raise FitError("the sampler was interrupted; chains that were finished are kept in the checkpoint, if any")
        statistics = tree["sample_stats"]
        return [
            {name: np.asarray(found[name][chain]) for name in (*self.families, "effects") if found[name].shape[-1]}
            | {
                "stat:diverging": np.asarray(statistics["diverging"][chain], dtype=float),
                "stat:steps": np.asarray(statistics["n_steps"][chain], dtype=float),
            }
            for chain in range(len(seeds))
        ]


def natural(prior: Prior, values: Floats) -> Floats:
    """A parameter from what is sampled: standard scores of normal families, the parameter itself of the others."""
    if prior.family not in _GAUSSIAN:
        return values
    centre, width = _centres([prior])
    scaled = centre[0] + width[0] * values
    if prior.family == "lognormal":
        scaled = np.exp(scaled)
    elif prior.family == "logit_normal":
        scaled = 1.0 / (1.0 + np.exp(-scaled))
    return np.asarray(scaled, dtype=float)


def used_parameters(training: TrainingData, idle: Set[str] = frozenset()) -> list[str]:
    """Names of the priors that bear on a table, in which some parameters of the fused sums are ``idle``."""
    kinds = sorted({source_class(key.source_type) for key in training.sources})
    locations = {
        f"bias.{source_class(key.source_type) if key.affiliation == 'neutral' else key.affiliation}"
        for key in training.sources
    }
    parties = {"party" if key.source_type in PARTIES else "other" for key in training.sources}
    names = [
        *sorted(locations), *sorted({spread_of_bias(key.affiliation) for key in training.sources}),
        "exactness", *(f"exactness.{kind}" for kind in kinds), "exactness.spread",
        "exactness_slope", *(f"error.{kind}" for kind in kinds), "error.spread",
        "scale", "outlier", *(name for name in ("heaping", "at_least_shift") if name not in idle),
        "phantom", *(f"none_share.{party}" for party in sorted(parties)),
        "copying", "copying.spread", *({"repeating"} - idle),
        *(f"{law}.{part}" for law in training.size_laws for part in ("positive", "shape", "scale")),
    ]  # fmt: skip
    if "complete_logit" in idle:
        return names
    names += [
        *(f"complete_logit.{step}" for step in range(STEPS)), *(f"documented_shape.{step}" for step in range(STEPS)),
        "complete_logit.spread", "complete_slope", "low_share", "low_shape", "over_share", "over_shape",
        *({"rising"} - idle),
    ]  # fmt: skip
    if any(event_type in ENTRAPMENT for event_type in training.event_types):
        names += ["complete_logit.entrapment", "documented_shape.entrapment"]
    return names


def build(training: TrainingData, priors: Mapping[str, Prior] = PRIORS) -> Hierarchy:
    """The joint model of a table under given priors."""
    layout = Layout(len(training.sources), len(training.size_laws), len(training.event_types))
    op = LogMarginalLikelihood(Corpus(training.events, layout))
    names = used_parameters(training, op.corpus.idle)
    at_an_end = {name for name in names if PRIORS[name].family == "beta" and _is_near_an_end(priors[name])}
    families = {
        "gaussian": tuple(name for name in names if PRIORS[name].family in _GAUSSIAN),
        "positive": tuple(name for name in names if PRIORS[name].family == "positive_normal"),
        "half": tuple(name for name in names if PRIORS[name].family == "half_normal"),
        "share": tuple(name for name in names if PRIORS[name].family == "beta" and name not in at_an_end),
        "end": tuple(name for name in names if name in at_an_end),
    }
    growing = [] if "complete_logit" in op.corpus.idle else training.event_types
    effects = tuple(
        dict.fromkeys(
            [Effect(key.source, f"bias.{key.affiliation}") for key in training.sources]
            + [Effect(key.source, what) for what in ("exactness", "error", "copying") for key in training.sources]
            + [Effect(event_type, "growth") for event_type in growing]
        )
    )
    coordinates = {f"{family}_name": list(members) for family, members in families.items()}
    coordinates["effect"] = [f"{effect.what} of {effect.of}" for effect in effects]
    with pm.Model(coords=coordinates) as model:
        laws = {family: [priors[name] for name in members] for family, members in families.items()}
        centres, widths = _centres(laws["gaussian"])
        gaussian = pm.Normal("gaussian", 0.0, 1.0, dims="gaussian_name")
        first, second = _numbers(laws["positive"])
        positive = pm.TruncatedNormal(
            "positive", first, second, lower=0.0, dims="positive_name", initval=np.maximum(first, 0.1 * second),
            default_transform=Softened(second),
        )  # fmt: skip
        _, second = _numbers(laws["half"])
        half = pm.HalfNormal("half", second, dims="half_name", default_transform=Softened(second))
        first, second = _numbers(laws["share"])
        share = pm.Beta("share", first, second, dims="share_name")
        first, second = _numbers(laws["end"])
        end = pm.Beta("end", first, second, dims="end_name", default_transform=SoftenedShare(*_end_scale(laws["end"])))
        centring = _centring(training, effects, families["half"], priors)
        factor = centring.factor(half)
        scaled = pm.Normal("scaled", 0.0, factor, dims="effect", initval=np.zeros(len(effects)))
        scores = pm.Deterministic("effects", scaled / factor, dims="effect")
        sampled = {
            "gaussian": centres + widths * gaussian,
            "positive": positive,
            "half": half,
            "share": share,
            "end": end,
        }
        vector = _vector(training, families, effects, sampled, scores)
        pm.Potential("reports", op(vector)[0])
    return Hierarchy(model, families, effects, centring, op, priors)


def _centring(
    training: TrainingData, effects: Sequence[Effect], halves: Sequence[str], priors: Mapping[str, Prior]
) -> Centring:
    """How many reports tell each score, and the spread it belongs to."""
    told: Counter[Effect] = Counter()
    for event in training.events:
        told[Effect(training.event_types[event.growth_law], "growth")] += 1
        for key in training.speakers(event):
            for what in (f"bias.{key.affiliation}", "exactness", "error", "copying"):
                told[Effect(key.source, what)] += 1
    kinds = [effect.what.split(".")[0] for effect in effects]
    spreads = [
        spread_of_bias(effect.what.removeprefix("bias.")) if kind == "bias"
        else "complete_logit.spread" if kind == "growth"
        else f"{kind}.spread"
        for effect, kind in zip(effects, kinds, strict=True)
    ]  # fmt: skip
    reports = np.array([told[effect] for effect in effects], dtype=float)
    return Centring(
        np.array([halves.index(name) for name in spreads], dtype=np.int64),
        np.array([priors[name].second for name in spreads]),
        reports / (reports + np.array([REPORTS_THAT_TELL[kind] for kind in kinds])),
    )


def _centres(priors: Sequence[Prior]) -> tuple[Floats, Floats]:
    """Mean and standard deviation of each normal on its own scale."""
    centres = []
    for prior in priors:
        if prior.family == "lognormal":
            centres.append(np.log(prior.first))
        elif prior.family == "logit_normal":
            centres.append(np.log(prior.first / (1.0 - prior.first)))
        else:
            centres.append(prior.first)
    return np.array(centres, float), np.array([prior.second for prior in priors], float)


def _numbers(priors: Sequence[Prior]) -> tuple[Floats, Floats]:
    return (
        np.array([prior.first for prior in priors], float),
        np.array([prior.second for prior in priors], float),
    )


def _is_near_an_end(prior: Prior) -> bool:
    """Whether the density of a share is highest at zero or one, or falls from there nearly as an exponential."""
    return min(prior.first, prior.second) <= 2.0


def _end_scale(priors: Sequence[Prior]) -> tuple[Floats, NDArray[np.bool_]]:
    """Scale of the logarithm of each share near an end, and whether that end is one."""
    first, second = _numbers(priors)
    return 1.0 / np.maximum(first, second), first > second


def _softened(values: Floats, scale: Floats) -> Floats:
    """What :class:`Softened` makes of what is sampled."""
    return np.asarray(SOFTENED * scale * np.logaddexp(0.0, values / SOFTENED), dtype=float)


def _middle(prior: Prior) -> float:
    """A value of a parameter on which nothing depends."""
    return prior.first / (prior.first + prior.second) if prior.family == "beta" else prior.first


def _vector(
    training: TrainingData,
    families: dict[str, tuple[str, ...]],
    effects: Sequence[Effect],
    sampled: Mapping[str, Any],
    scores: Any,
) -> Any:
    """The corpus's parameter vector; the same formulas as in ``SourceProfile``."""
    order = [name for names in families.values() for name in names]
    idle = sorted(set(used_parameters(training)) - set(order))
    at = {name: index for index, name in enumerate([*order, *idle])}
    logs = np.array([PRIORS[name].family == "lognormal" for name in families["gaussian"]])
    logits = np.array([PRIORS[name].family == "logit_normal" for name in families["gaussian"]])
    gaussian = sampled["gaussian"]
    natural_gaussian = pt.where(logs, pt.exp(gaussian), pt.where(logits, pt.sigmoid(gaussian), gaussian))
    others = [sampled[family] for family in families if family != "gaussian"]
    values = pt.concatenate([natural_gaussian, *others, np.array([_middle(PRIORS[name]) for name in idle])])
    effect_at = {effect: index for index, effect in enumerate(effects)}

    def of(names: Sequence[str]) -> Any:
        return values[np.array([at[name] for name in names], dtype=np.int64)]

    def one(name: str) -> Any:
        return values[at[name]]

    def effect(what: Sequence[Effect]) -> Any:
        return scores[np.array([effect_at[one_trait] for one_trait in what], dtype=np.int64)]

    keys = training.sources
    kinds = [source_class(key.source_type) for key in keys]
    locations = [
        f"bias.{kind if key.affiliation == 'neutral' else key.affiliation}"
        for key, kind in zip(keys, kinds, strict=True)
    ]
    error = of([f"error.{kind}" for kind in kinds]) + one("error.spread") * effect(
        [Effect(key.source, "error") for key in keys]
    )
    copying = one("copying")
    odds = (
        copying
        / (1.0 - copying)
        * pt.exp(one("copying.spread") * effect([Effect(key.source, "copying") for key in keys]))
    )
    entrapment = np.array([float(event_type in ENTRAPMENT) for event_type in training.event_types])
    logit = pt.zeros(len(entrapment))
    if "complete_logit.spread" not in idle:
        logit = one("complete_logit.spread") * effect([Effect(kind, "growth") for kind in training.event_types])
    stretch = 1.0
    if entrapment.any():
        logit = logit + entrapment * one("complete_logit.entrapment")
        stretch = pt.exp(entrapment * one("documented_shape.entrapment"))[:, None]
    steps = range(STEPS)
    blocks = [
        of(locations) + of([spread_of_bias(key.affiliation) for key in keys])
        * effect([Effect(key.source, f"bias.{key.affiliation}") for key in keys]),
        one("exactness") + of([f"exactness.{kind}" for kind in kinds])
        + one("exactness.spread") * effect([Effect(key.source, "exactness") for key in keys]),
        one("scale") * pt.exp(error),
        of([f"none_share.{'party' if key.source_type in PARTIES else 'other'}" for key in keys]),
        odds / (1.0 + odds),
        of(["exactness_slope", "outlier", "heaping", "at_least_shift", "phantom", "repeating"]),
        *(of([f"{law}.{part}" for law in training.size_laws]) for part in ("positive", "shape", "scale")),
        (of([f"complete_logit.{step}" for step in steps])[None, :] + logit[:, None]).ravel(),
        (of([f"documented_shape.{step}" for step in steps])[None, :] * stretch * np.ones((len(entrapment), 1))).ravel(),
        of(["complete_slope", "low_share", "low_shape", "over_share", "over_shape", "rising"]),
    ]  # fmt: skip
    return pt.concatenate(blocks)
