"""The joint model in PyMC: all that sources and types of event share, with the true counts summed out."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Generator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

import numpy as np
import pymc as pm
import pytensor.tensor as pt
from pymc.step_methods.hmc.quadpotential import QuadPotentialDiagAdapt, QuadPotentialFullAdapt

from estimates.errors import FitError
from estimates.fitting.centring import Centring, centring_of
from estimates.fitting.chains import Block, Chain, Walk, joined
from estimates.fitting.corpora import corpus_of
from estimates.fitting.diagnostics import STATISTIC
from estimates.fitting.expressions import Expressions
from estimates.fitting.op import LogMarginalLikelihood
from estimates.fitting.training import TrainingData
from estimates.fitting.transforms import (
    GAUSSIAN,
    Softened,
    SoftenedShare,
    centres,
    constrained,
    end_scale,
    is_near_an_end,
    natural,
    numbers,
)
from estimates.fitting.variational import Density, Start
from estimates.fitting.workers import side_by_side
from estimates.models.corpus.likelihood import Corpus
from estimates.models.parameters import REPORTING_PARAMETERS, STEP_PARAMETERS
from estimates.models.types import Floats
from estimates.profile.effects import (
    SIZE_PARTS,
    Effect,
    layout_of,
    names_behind_groups,
    names_behind_sources,
    names_behind_steps,
    vector_of,
)
from estimates.profile.priors import PRIORS, Prior

#: The mass matrix that adaptation begins with weighs as much as so many draws: with variances alone, and a full one.
WORTH, WORTH_FULL = 50, 1_000
#: More draws than any warm-up has: a full mass matrix keeps what it began with.
NEVER = 10**9
#: Initial step size, times the fourth root of the number of dimensions.
STEP_SCALE = 1.0


@dataclass(frozen=True, eq=False)
class Hierarchy:
    """The model and what its variables stand for.

    Attributes
    ----------
    model : pymc.Model
        Variables ``gaussian`` (standard scores), ``positive``, ``half``, ``share`` and ``end`` (shares near an end)
        hold the parameters of each family of priors; ``effects`` the standard scores of sources and types of event,
        which follow from ``scaled``, what is sampled of them.
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
        """Parameters on their natural scale, shape (draws,), from draws of the variables, shape (draws, length)."""
        return {
            name: natural(self.priors[name], draws[family][:, column])
            for family, names in self.families.items()
            for column, name in enumerate(names)
        }

    def density(self) -> Density:
        """Compiled log density of the unconstrained parameters and its gradient, of shape (dimensions,) each."""
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
        """Where a fit begins: the middle of the priors, unconstrained, shape (dimensions,)."""
        return np.concatenate([np.ravel(value) for value in self._initial().values()])

    def variables(self, positions: Floats) -> dict[str, Floats]:
        """The model's variables, shape (draws, length), at unconstrained positions, shape (draws, dimensions)."""
        result = self._free(positions)
        scaled = result.pop("scaled")
        return result | {"effects": scaled / self.centring.factor(result["half"])}

    def _free(self, positions: Floats) -> dict[str, Floats]:
        """What the model has priors for, at unconstrained positions."""
        result, at = {}, 0
        for name, family in self._unconstrained.items():
            length = len(self.effects) if family == "scaled" else len(self.families[family])
            laws = [self.priors[parameter] for parameter in self.families.get(family, ())]
            result[family] = constrained(name, positions[:, at : at + length], laws)
            at += length
        return result

    def point(self, position: Floats) -> dict[str, Floats]:
        """What the model samples at one unconstrained position, shape (dimensions,)."""
        return {name: values[0] for name, values in self._free(position[None, :]).items() if values.size}

    def step(self, start: Start, acceptance: float) -> pm.NUTS:
        """The No-U-Turn step; the curvature where the chains begin is the initial mass matrix."""
        size = len(start.centre)
        with self.model, warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="QuadPotentialFullAdapt|Numba will use object mode")
            if start.covariance is None:
                potential = QuadPotentialDiagAdapt(size, start.centre, start.width**2, WORTH)
            else:
                # What the draws of warm-up say of so many entries is worth less than the curvature.
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
        chains: Sequence[Chain],
        tune: int,
        kept: int,
        acceptance: float,
        cores: int,
        start: Start,
        note: Callable[[int, Block], None] = lambda number, block: None,
    ) -> Generator[tuple[int, dict[str, Floats]]]:
        """Chains of the No-U-Turn sampler, with their numbers, as they are finished.

        Each is a mapping of the model's variables, shape (draws, length), and of what happened (``stat:``), shape
        (draws,). One that has blocks already goes on after the last of them; ``note`` is told of each further block.

        Raises
        ------
        FitError
            If the sampler fails, or the process of a chain was ended from outside.
        """
        shapes = {name: np.shape(value) for name, value in self._initial().items()}
        walk = Walk(self.step(start, acceptance), shapes, tune, kept)
        made = {chain.number: [*chain.blocks] for chain in chains}
        for chain in chains:
            if chain.made == walk.draws:
                yield chain.number, self._finished(made[chain.number])

        waiting = [chain for chain in chains if chain.made < walk.draws]
        if waiting:  # its first call compiles, once here and not in the process of every chain
            walk.step._logp_dlogp_func._pytensor_function(start.centre)
        try:
            for number, block in side_by_side(walk, waiting, cores):
                made[number].append(block)
                note(number, block)
                if block.end == walk.draws:
                    yield number, self._finished(made.pop(number))
        except pm.exceptions.SamplingError as error:
            raise FitError(
                "the sampler found no place to begin: the density is not finite there. Priors that are set very wide "
                "do this, and figures far apart; narrow the priors, look for events that are merged, or use "
                "method='fast'"
            ) from error

    def _initial(self) -> dict[str, Floats]:
        """Unconstrained variables in the middle of the priors, in the model's order."""
        point = self.model.initial_point(random_seed=0)
        return {name: np.asarray(point[name], dtype=float) for name in self._unconstrained}

    def _finished(self, blocks: Sequence[Block]) -> dict[str, Floats]:
        positions, statistics = joined(blocks)
        variables = {name: values for name, values in self.variables(positions).items() if values.shape[-1]}
        return variables | {STATISTIC + name: values for name, values in statistics.items()}


def used_parameters(training: TrainingData, idle: Set[str] = frozenset()) -> list[str]:
    """Names of the priors that bear on a table, some of whose parameters no event depends on (``idle``)."""
    bearing = names_behind_sources(training.sources)
    bearing |= {name for name in REPORTING_PARAMETERS if name not in idle}
    bearing |= {f"{law}.{part}" for law in training.size_laws for part in SIZE_PARTS.values()}
    if not set(STEP_PARAMETERS) <= idle:
        bearing |= names_behind_steps(training.growth_laws) | names_behind_groups(training.growth_laws, idle)
    return [name for name in PRIORS if name in bearing]


def build(training: TrainingData, priors: Mapping[str, Prior] = PRIORS, fast_on: int = 0) -> Hierarchy:
    """The joint model of a table under given priors, for a fast fit on so many cores or for the sampler (0)."""
    layout = layout_of(training.sources, training.size_laws, training.growth_laws)
    events = training.events
    op = LogMarginalLikelihood(corpus_of(events, layout, fast_on) if fast_on else Corpus(events, layout))
    idle = op.corpus.idle
    families = _families(used_parameters(training, idle), priors)
    effects = _effects(training, growing=not set(STEP_PARAMETERS) <= idle)
    centring = centring_of(training, effects, families["half"], priors)

    coordinates = {f"{family}_name": list(members) for family, members in families.items()}
    coordinates["effect"] = [f"{effect.what} of {effect.of}" for effect in effects]
    with pm.Model(coords=coordinates) as model:
        variables = _variables({family: [priors[name] for name in names] for family, names in families.items()})
        factor = centring.factor(variables["half"])
        scaled = pm.Normal("scaled", 0.0, factor, dims="effect", initval=np.zeros(len(effects)))
        scores = pm.Deterministic("effects", scaled / factor, dims="effect")
        values = Expressions(families, variables, effects, scores)
        vector = vector_of(training.sources, training.size_laws, training.growth_laws, values, pt)
        pm.Potential("reports", op(vector)[0])
    return Hierarchy(model, families, effects, centring, op, priors)


def _families(names: Sequence[str], priors: Mapping[str, Prior]) -> dict[str, tuple[str, ...]]:
    """Names of the parameters in each variable of the model."""
    shares = [name for name in names if PRIORS[name].family == "beta"]
    return {
        "gaussian": tuple(name for name in names if PRIORS[name].family in GAUSSIAN),
        "positive": tuple(name for name in names if PRIORS[name].family == "positive_normal"),
        "half": tuple(name for name in names if PRIORS[name].family == "half_normal"),
        "share": tuple(name for name in shares if not is_near_an_end(priors[name])),
        "end": tuple(name for name in shares if is_near_an_end(priors[name])),
    }


def _effects(training: TrainingData, *, growing: bool) -> tuple[Effect, ...]:
    """Effects of all sources, kind by kind, and of the types of event whose growth bears on the table."""
    of_sources = zip(*(key.effects for key in training.sources), strict=True)
    of_types = [Effect(law.event_type, f"growth.{law.group}") for law in training.growth_laws if growing]
    return tuple(dict.fromkeys([*(effect for kind in of_sources for effect in kind), *of_types]))


def _variables(laws: Mapping[str, Sequence[Prior]]) -> dict[str, Any]:
    """The model's variables by family, the normal ones on the scales on which they are normal."""
    means, widths = centres(laws["gaussian"])
    gaussian = pm.Normal("gaussian", 0.0, 1.0, dims="gaussian_name")

    first, second = numbers(laws["positive"])
    positive = pm.TruncatedNormal(
        "positive", first, second, lower=0.0, dims="positive_name", initval=np.maximum(first, 0.1 * second),
        default_transform=Softened(second),
    )  # fmt: skip

    _, second = numbers(laws["half"])
    half = pm.HalfNormal("half", second, dims="half_name", default_transform=Softened(second))

    first, second = numbers(laws["share"])
    share = pm.Beta("share", first, second, dims="share_name")

    first, second = numbers(laws["end"])
    transform = SoftenedShare(*end_scale(laws["end"]))
    end = pm.Beta("end", first, second, dims="end_name", default_transform=transform)
    return {"gaussian": means + widths * gaussian, "positive": positive, "half": half, "share": share, "end": end}
