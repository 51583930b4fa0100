"""From a source or a type of event to its parameters: one writing for draws of a profile and for the model of a fit.

A source's parameters are those of its kind, moved by its own effects: standard scores times their spread. The functions
here take what they need by two callables, so that the same lines compute NumPy draws and PyTensor expressions, and tell
which priors bear on a table when they are called with callables that only note what was asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, Protocol

import numpy as np

from estimates.models.growth import STEPS
from estimates.models.parameters import (
    GROWTH_PARAMETERS,
    REPORTING_PARAMETERS,
    SIZE_PARAMETERS,
    SOURCE_PARAMETERS,
    STEP_PARAMETERS,
)
from estimates.profile.priors import ENTRAPMENT, PARTIES, source_class, spread_of_bias


class Effect(NamedTuple):
    """How far one source or one type of event lies from others of its kind, in units of their spread.

    Attributes
    ----------
    of : str
        A source's name, or a type of event.
    what : str
        ``bias.<affiliation>``, ``exactness``, ``error`` or ``copying`` of a source; ``growth`` of a type of event.
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
        return "complete_logit.spread" if self.kind == "growth" else f"{self.kind}.spread"


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

    biases = values.scores([Effect(key.source, f"bias.{key.affiliation}") for key in keys])
    bias = values.named([location_of_bias(key) for key in keys])
    bias = bias + values.named([spread_of_bias(key.affiliation) for key in keys]) * biases

    exactness = values.named(["exactness"]) + values.named([f"exactness.{kind}" for kind in kinds])
    exactness = exactness + values.named(["exactness.spread"]) * own("exactness")

    error = values.named([f"error.{kind}" for kind in kinds]) + values.named(["error.spread"]) * own("error")
    scale = values.named(["scale"]) * exp(error)

    party = ["none_share.party" if key.source_type in PARTIES else "none_share.other" for key in keys]

    copying = values.named(["copying"])
    odds = copying / (1.0 - copying) * exp(values.named(["copying.spread"]) * own("copying"))

    return {
        "bias": bias,
        "exactness": exactness,
        "scale": scale,
        "none_share": values.named(party),
        "copying": odds / (1.0 + odds),
    }


def step_parameters(
    event_types: Sequence[str], values: Values, exp: Callable[[Any], Any] = np.exp
) -> dict[str, list[Any]]:
    """Parameters of growth that each type of event has for each step, by ``models.parameters.STEP_PARAMETERS``.

    Returns
    -------
    dict of str to list of array, shape (event types, ...)
        One array a step.
    """
    buried = [event_type in ENTRAPMENT for event_type in event_types]

    def among_buried(name: str) -> Any:
        return values.named([name if is_buried else NOTHING for is_buried in buried])

    scores = values.scores([Effect(event_type, "growth") for event_type in event_types])
    logit = values.named(["complete_logit.spread"]) * scores + among_buried("complete_logit.entrapment")
    stretch = exp(among_buried("documented_shape.entrapment"))

    return {
        "complete_logit": [values.named([f"complete_logit.{step}"]) + logit for step in range(STEPS)],
        "documented_shape": [values.named([f"documented_shape.{step}"]) * stretch for step in range(STEPS)],
    }


def vector_of(
    keys: Sequence[SourceKey],
    size_laws: Sequence[str],
    event_types: Sequence[str],
    values: Values,
    backend: Any = np,
) -> Any:
    """Everything that a corpus of events takes, in the order of ``models.parameters``.

    Parameters
    ----------
    keys : sequence of SourceKey
    size_laws : sequence of str
        Beginnings of the names of the laws of sizes, such as ``size.killed.attack``.
    event_types : sequence of str
    values : Values
    backend : module
        NumPy or PyTensor's tensors, whichever ``values`` gives.

    Returns
    -------
    array, shape (length of the vector, ...)
    """
    sources = source_parameters(keys, values, backend.exp)
    steps = step_parameters(event_types, values, backend.exp)

    blocks = [sources[name] for name in SOURCE_PARAMETERS]
    blocks.append(values.named(REPORTING_PARAMETERS))
    blocks += [values.named([f"{law}.{SIZE_PARTS[name]}" for law in size_laws]) for name in SIZE_PARAMETERS]
    for name in STEP_PARAMETERS:
        by_type = backend.stack(steps[name], axis=1)
        blocks += [by_type[number] for number in range(len(event_types))]
    blocks.append(values.named(GROWTH_PARAMETERS))
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
    return noted.asked


def names_behind_steps(event_types: Sequence[str]) -> set[str]:
    """Names of the priors on which the steps of growth of these types of event rest."""
    noted = _Noted()
    step_parameters(event_types, noted)
    return noted.asked - {NOTHING}
