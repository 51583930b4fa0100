"""From a source or a type of event to its parameters: one writing for draws of a profile and for the model of a fit.

A source's parameters are those of its kind, moved by its own effects: standard scores times their spread. The functions
here take what they need by two callables, so that the same lines compute NumPy draws and PyTensor expressions, and tell
which priors bear on a table when they are called with callables that only note what was asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from typing import Any, NamedTuple, Protocol

import numpy as np

from estimates.models.corpus.likelihood import Layout
from estimates.models.growth import STEPS
from estimates.models.parameters import (
    GROWTH_PARAMETERS,
    REPORTING_PARAMETERS,
    SIZE_PARAMETERS,
    SOURCE_PARAMETERS,
    STEP_PARAMETERS,
)
from estimates.profile.priors import (
    CAMPAIGN,
    ENTRAPMENT,
    GROWTH_GROUPS,
    ORDINARY,
    OTHER_TYPES,
    growth_groups,
    source_class,
    spread_of_bias,
)


class Effect(NamedTuple):
    """How far one source or one type of event lies from others of its kind, in units of their spread.

    Attributes
    ----------
    of : str
        A source's name, or a type of event.
    what : str
        ``bias.<affiliation>``, ``exactness``, ``error`` or ``copying`` of a source; ``growth.<group>`` of a type of
        event.
    """

    of: str
    what: str

    @property
    def kind(self) -> str:
        """What it moves, whoever's losses are spoken of: one of ``models.parameters.EFFECTS``."""
        return self.what.partition(".")[0]

    @property
    def spread(self) -> str:
        """Name of the parameter that says how far effects of this kind spread."""
        if self.kind == "bias":
            return spread_of_bias(self.what.partition(".")[2])
        if self.kind == "growth":
            return f"complete_logit.spread.{self.what.partition('.')[2]}"
        return f"{self.kind}.spread"


class SourceKey(NamedTuple):
    """A source as a profile knows it: its name, its type and whose losses it speaks of."""

    source: str
    source_type: str
    affiliation: str

    @property
    def effects(self) -> tuple[Effect, ...]:
        """How it may differ from others of its type."""
        whats = (f"bias.{self.affiliation}", "exactness", "error", "copying")
        return tuple(Effect(self.source, what) for what in whats)


class GrowthLaw(NamedTuple):
    """A law of growth: the type of event, the group it belongs to, and whether events were chosen for being revised."""

    event_type: str
    group: str
    chosen: bool


#: Log-odds of being complete where there is no growth.
CERTAIN = 80.0
#: Parameters of growth that have a value of their own in each group of types of event.
_OF_GROUPS = frozenset({"complete_slope", "low_share", "low_shape", "over_share", "over_shape"})
#: Stands for a parameter that is zero.
NOTHING = ""
#: What the parameters of a law of sizes are called in the names of their priors, after the name of the law.
SIZE_PARTS = dict(zip(SIZE_PARAMETERS, ("positive", "shape", "scale"), strict=True))


class Values(Protocol):
    """Where parameters and effects come from: draws of a profile, or expressions of the model of a fit."""

    def named(self, names: Sequence[str]) -> Any:
        """Parameters by name, stacked along the first axis; zero for :data:`NOTHING`."""
        ...

    def scores(self, effects: Sequence[Effect]) -> Any:
        """Standard scores of effects, stacked along the first axis."""
        ...


def location_of_bias(key: SourceKey) -> str:
    """Name of the mean bias of a source's kind about the losses it speaks of."""
    return f"bias.{source_class(key.source_type) if key.affiliation == 'neutral' else key.affiliation}"


def growth_laws(event_type: str, *, chosen: bool) -> list[GrowthLaw]:
    """The laws of growth that an event of a type may follow, equally likely."""
    return [GrowthLaw(event_type, group, chosen) for group in growth_groups(event_type)]


def groups_of(laws: Sequence[GrowthLaw]) -> list[str]:
    """The groups of some laws of growth, each once."""
    return [group for group in GROWTH_GROUPS if any(law.group == group for law in laws)]


def layout_of(keys: Sequence[SourceKey], size_laws: Sequence[str], laws: Sequence[GrowthLaw]) -> Layout:
    """Where the parameters of these sources and laws stand in the vector of :func:`vector_of`."""
    return Layout(len(keys), len(size_laws), len(laws), len(groups_of(laws)))


def source_parameters(keys: Sequence[SourceKey], values: Values, exp: Callable[[Any], Any] = np.exp) -> dict[str, Any]:
    """Parameters of each source, by the names of ``models.parameters.SOURCE_PARAMETERS``.

    Parameters
    ----------
    keys : sequence of SourceKey
    values : Values
    exp : callable
        The exponential of what ``values`` gives.

    Returns
    -------
    dict of str to array, shape (sources, ...)
    """
    kinds = [source_class(key.source_type) for key in keys]

    def own(what: str) -> Any:
        return values.scores([Effect(key.source, what) for key in keys])

    def of_type(what: str, *, neutral_only: bool = False) -> Any:
        told = [key.source_type in OTHER_TYPES and (key.affiliation == "neutral" or not neutral_only) for key in keys]
        return values.named(
            [f"{what}.other.{key.source_type}" if is_told else NOTHING for key, is_told in zip(keys, told, strict=True)]
        )

    biases = values.scores([Effect(key.source, f"bias.{key.affiliation}") for key in keys])
    bias = values.named([location_of_bias(key) for key in keys]) + of_type("bias", neutral_only=True)
    bias = bias + values.named([spread_of_bias(key.affiliation) for key in keys]) * biases

    exactness = values.named(["exactness"]) + values.named([f"exactness.{kind}" for kind in kinds])
    exactness = exactness + of_type("exactness")
    exactness = exactness + values.named(["exactness.spread"]) * own("exactness")

    error = values.named([f"error.{kind}" for kind in kinds]) + of_type("error")
    error = error + values.named(["error.spread"]) * own("error")
    scale = values.named(["scale"]) * exp(error)

    copying = values.named(["copying"])
    odds = copying / (1.0 - copying) * exp(values.named(["copying.spread"]) * own("copying"))

    return {
        "bias": bias,
        "exactness": exactness,
        "scale": scale,
        "copying": odds / (1.0 + odds),
    }


def step_parameters(
    laws: Sequence[GrowthLaw], values: Values, exp: Callable[[Any], Any] = np.exp
) -> dict[str, list[Any]]:
    """Parameters that each law of growth has for each step, by ``models.parameters.STEP_PARAMETERS``.

    Returns
    -------
    dict of str to list of array, shape (laws, ...)
        One array a step.
    """

    def where(name: str, holds: Callable[[GrowthLaw], bool]) -> Any:
        return values.named([name if holds(law) else NOTHING for law in laws])

    def is_buried(law: GrowthLaw) -> bool:
        return law.event_type in ENTRAPMENT

    scores = values.scores([Effect(law.event_type, f"growth.{law.group}") for law in laws])
    spreads = values.named([f"complete_logit.spread.{law.group}" for law in laws])
    logit = spreads * scores + where("complete_logit.entrapment", is_buried)
    logit = logit + where("complete_logit.violence", lambda law: law.group == ORDINARY)
    logit = logit + where("complete_logit.chosen", lambda law: law.group == ORDINARY and law.chosen)
    stretch = exp(where("documented_shape.entrapment", is_buried))

    # Totals of a war or season do not grow.
    certain = np.array([CERTAIN if law.event_type == CAMPAIGN else 0.0 for law in laws])
    logit = (logit.T + certain).T

    return {
        "complete_logit": [
            values.named([f"complete_logit.{law.group}.{step}" for law in laws]) + logit for step in range(STEPS)
        ],
        "documented_shape": [
            values.named([f"documented_shape.{law.group}.{step}" for law in laws]) * stretch for step in range(STEPS)
        ],
    }


def group_parameters(groups: Sequence[str], values: Values) -> list[Any]:
    """Parameters that the laws of a group share, in the order of ``GROWTH_PARAMETERS``, each of shape (groups, ...)."""
    return [
        values.named([f"{name}.{group}" if name in _OF_GROUPS else name for group in groups])
        for name in GROWTH_PARAMETERS
    ]


def vector_of(
    keys: Sequence[SourceKey],
    size_laws: Sequence[str],
    laws: Sequence[GrowthLaw],
    values: Values,
    backend: Any = np,
) -> Any:
    """Everything that a corpus of events takes, in the order of ``models.parameters``.

    Parameters
    ----------
    keys : sequence of SourceKey
    size_laws : sequence of str
        Beginnings of the names of the laws of sizes, such as ``size.killed.attack``.
    laws : sequence of GrowthLaw
    values : Values
    backend : module
        NumPy or PyTensor's tensors, whichever ``values`` gives.

    Returns
    -------
    array, shape (length of the vector, ...)
    """
    sources = source_parameters(keys, values, backend.exp)
    steps = step_parameters(laws, values, backend.exp)

    blocks = [sources[name] for name in SOURCE_PARAMETERS]
    blocks.append(values.named(REPORTING_PARAMETERS))
    blocks += [values.named([f"{law}.{SIZE_PARTS[name]}" for law in size_laws]) for name in SIZE_PARAMETERS]
    for name in STEP_PARAMETERS:
        by_type = backend.stack(steps[name], axis=1)
        blocks += [by_type[number] for number in range(len(laws))]
    blocks += group_parameters(groups_of(laws), values)
    return backend.concatenate(blocks)


class _Noted:
    """Notes the names it is asked for, and gives zeros."""

    def __init__(self) -> None:
        self.asked: set[str] = set()

    def named(self, names: Sequence[str]) -> Any:
        self.asked.update(names)
        return np.zeros(len(names))

    def scores(self, effects: Sequence[Effect]) -> Any:
        return np.zeros(len(effects))


def names_behind_sources(keys: Sequence[SourceKey]) -> set[str]:
    """Names of the priors on which the parameters of these sources rest."""
    noted = _Noted()
    source_parameters(keys, noted)
    return noted.asked - {NOTHING}


def names_behind_steps(laws: Sequence[GrowthLaw]) -> set[str]:
    """Names of the priors on which the steps of these laws of growth rest."""
    noted = _Noted()
    step_parameters(laws, noted)
    return noted.asked - {NOTHING}


def names_behind_groups(laws: Sequence[GrowthLaw], idle: Set[str] = frozenset()) -> set[str]:
    """Names of the priors on which what their groups share rests, but for the parameters that are ``idle``."""
    noted = _Noted()
    group_parameters(groups_of(laws), noted)
    return {name for name in noted.asked if name.partition(".")[0] not in idle}
