"""A source profile, and the chains of a fit, as xarray DataTrees with the groups that ArviZ knows."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from estimates.models.growth import AGE_EDGES
from estimates.models.parameters import SOURCE_PARAMETERS
from estimates.models.types import Floats
from estimates.profile.effects import Effect
from estimates.profile.groups import side_by_side
from estimates.profile.laws import Laws
from estimates.version import __version__

if TYPE_CHECKING:
    from xarray import Dataset, DataTree

__all__ = ["LIBRARY", "draws_dataset", "known_dataset", "profile_tree", "trace_tree"]

#: What made the draws, by the names that ArviZ has for it.
LIBRARY = {"inference_library": "casualty-estimates", "inference_library_version": __version__}

type Parameters = Mapping[str, Floats]
type Effects = Mapping[Effect, Floats]


def profile_tree(profile: Laws) -> DataTree:
    """A profile as `SourceProfile.to_datatree` gives it."""
    from xarray import DataTree

    priors = {name: prior.sample(profile.draws, profile.seed) for name, prior in profile.priors.items()}
    prior = replace(profile, parameters=priors, effects={})

    about = {
        "name": profile.name,
        "seed": profile.seed,
        "profile_hash": profile.fingerprint,
        "facts": json.dumps(dict(profile.facts)),
    }
    groups = {
        "posterior": _with_sources(profile, {effect: profile.scores(effect) for effect in profile.effects}),
        "prior": _with_sources(prior, {effect: prior.scores(effect) for effect in profile.effects}),
        "constant_data": known_dataset(profile),
    }
    tree = DataTree.from_dict({name: group.assign_attrs(LIBRARY) for name, group in groups.items()})
    tree.attrs = about | LIBRARY
    return tree


def trace_tree(parameters: Parameters, effects: Effects, statistics: Mapping[str, Floats]) -> DataTree:
    """The chains of a fit.

    Parameters
    ----------
    parameters : mapping of str to array, shape (chains, draws)
        On their natural scale, by the names of ``estimates.profile.priors.PRIORS``.
    effects : mapping of Effect to array, shape (chains, draws)
    statistics : mapping of str to array, shape (chains, draws)
        What happened at each draw, by the names that ArviZ has for it.
    """
    from xarray import Dataset, DataTree

    posterior = draws_dataset(parameters, effects)
    sampled = {name: (("chain", "draw"), values) for name, values in statistics.items()}
    stats = Dataset(sampled, {name: posterior[name].to_numpy() for name in ("chain", "draw")})
    groups = {"posterior": posterior, "sample_stats": stats}
    return DataTree.from_dict({name: group.assign_attrs(LIBRARY) for name, group in groups.items()})


def draws_dataset(parameters: Parameters, effects: Effects, text: Callable[[str], str] = str) -> Dataset:
    """Parameters and effects, shape (chains, draws) each, as variables with coordinates.

    Parameters
    ----------
    parameters : mapping of str to array
    effects : mapping of Effect to array
    text : callable
        What is written for a name from outside.
    """
    from xarray import Dataset

    first = next(iter(parameters.values()))
    variables: dict[str, Any] = {}
    coordinates: dict[str, Any] = {
        name: np.arange(size) for name, size in zip(("chain", "draw"), first.shape, strict=True)
    }
    for variable in side_by_side(parameters):
        variables[variable.name] = (
            ("chain", "draw", *variable.labels),
            variable.values,
            {"parameter": variable.template},
        )
        coordinates |= {name: _texts(labels) for name, labels in variable.labels.items()}

    if effects:
        variables["effects"] = (("chain", "draw", "effect"), np.stack(list(effects.values()), axis=-1))
        coordinates["effect"] = _texts([text(f"{effect.what} of {effect.of}") for effect in effects])
    # Every coordinate is a dimension: ArviZ stacks variables, and takes no other coordinates that only some have.
    return Dataset(variables, coordinates)


def _with_sources(profile: Laws, effects: Effects) -> Dataset:
    """Draws of one chain, the parameters of every source among them, each of shape (chain, draw, source)."""
    found = draws_dataset(
        {name: values[None] for name, values in profile.parameters.items()},
        {effect: values[None] for effect, values in effects.items()},
    )
    names = sorted(profile.sources)
    if not names:
        return found

    types = [profile.sources[name].source_type for name in names]
    models = [profile.reporting(name, kind, "neutral") for name, kind in zip(names, types, strict=True)]
    of_sources = {
        f"source_{parameter}": (
            ("chain", "draw", "source"),
            np.stack([getattr(model, parameter) for model in models], axis=-1)[None],
        )
        for parameter in SOURCE_PARAMETERS
    }
    return found.assign(of_sources).assign_coords(source=_texts(names))


def known_dataset(profile: Laws, text: Callable[[str], str] = str) -> Dataset:
    """What a profile was learned from, what its effects are of, and the shares of ages of figures without a date.

    Parameters
    ----------
    profile : Laws
    text : callable
        What is written for a name from outside.
    """
    from xarray import Dataset

    names = sorted(profile.sources)
    learned = [profile.sources[name] for name in names]
    variables: dict[str, Any] = {
        "source_type": ("source", _texts([text(each.source_type) for each in learned])),
        "events": ("source", np.array([each.events for each in learned], dtype=np.int64)),
        "reports": ("source", np.array([each.reports for each in learned], dtype=np.int64)),
        "age_share": ("age_from_days", np.array(profile.bin_shares)),
        "event_mark": ("learned_event", _texts([text(mark) for mark in sorted(profile.learned_from)])),
    }
    for name in ("of", "what"):
        variables[f"effect_{name}"] = ("effect", _texts([text(getattr(effect, name)) for effect in profile.effects]))

    coordinates = {
        "source": _texts([text(name) for name in names]),
        "age_from_days": _texts(["0", *(f"{edge:g}" for edge in AGE_EDGES)]),
        "effect": _texts([text(f"{effect.what} of {effect.of}") for effect in profile.effects]),
    }
    return Dataset(variables, coordinates)


def _texts(texts: Sequence[str]) -> np.ndarray[Any, Any]:
    """Texts as an array, shape (texts,)."""
    return np.array(list(texts), dtype=object if not texts else None)
