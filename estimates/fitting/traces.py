"""The chains of a fit, as its profile keeps them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from estimates.fitting.diagnostics import STATISTIC
from estimates.models.types import Floats
from estimates.profile.tree import trace_tree

if TYPE_CHECKING:
    from xarray import DataTree

    from estimates.fitting.model import Hierarchy

#: What is kept of each draw beside the variables, and what ArviZ calls it. Chains kept by older versions have fewer.
_STATISTICS = {
    "diverging": "diverging",
    "steps": "n_steps",
    "acceptance_rate": "acceptance_rate",
    "energy": "energy",
}


def trace_of(hierarchy: Hierarchy, chains: Sequence[Mapping[str, Floats]]) -> DataTree:
    """The sampled parameters on their natural scale, the standard scores, and what happened at each draw.

    Parameters
    ----------
    hierarchy : Hierarchy
    chains : sequence of mapping of str to array, shape (draws, length)
        Variables, and what begins with ``stat:``, shape (draws,).
    """
    natural = [hierarchy.parameters(dict(chain)) for chain in chains]
    parameters = {name: np.stack([each[name] for each in natural]) for name in natural[0]}
    effects = {
        effect: np.stack([chain["effects"][:, column] for chain in chains])
        for column, effect in enumerate(hierarchy.effects)
    }

    statistics = {
        called: np.stack([chain[STATISTIC + name] for chain in chains])
        for name, called in _STATISTICS.items()
        if all(STATISTIC + name in chain for chain in chains)
    }
    if "diverging" in statistics:
        statistics["diverging"] = statistics["diverging"].astype(bool)
    return trace_tree(parameters, effects, statistics)
