"""What the tests of the simulation share: profiles of known parameters, and where the truth lies in posteriors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from scipy import stats

from estimates import SourceProfile, estimate
from estimates.evaluation.simulation import Simulation
from estimates.models.growth import age_bin
from estimates.profile.profile import published_profile

#: Parameters that make every part of the mechanism common.
COMMON = {
    "phantom": 0.1, "none_stated": 0.3, "none_coded": 0.4, "none_party": 0.4, "none_fall": 0.7, "copying": 0.35,
    "rising": 1.5, "shared_error_base": 0.15, "whole_group": 0.5,
}  # fmt: skip
MIXED = {
    **dict.fromkeys(("more_than", "nearly", "up_to", "at_most"), 0.05),
    **dict.fromkeys(("about", "vague", "range"), 0.1),
    **dict.fromkeys(("exactly", "at_least"), 0.25),
}
#: Types of sources, a party among them.
TYPES = ("monitor", "government", "rescue", "local_media")
#: Sources that never err.
EXACT = {
    "exactness": 60.0, "exactness_slope": 0.0, "none_stated": 0.0, "none_coded": 0.0, "none_party": 0.0, "phantom": 0.0,
}  # fmt: skip
#: Everything that a table can say beside figures of everybody.
EVERYTHING = {
    "coded": 0.5, "parts": 0.3, "withdrawn": 0.2, "undated": 0.2, "falling": 0.3, "at_risk": 0.2, "named_lists": 0.2,
    "chosen": 0.5, "copies_removed": 0.2,
}  # fmt: skip


def known(changes: Mapping[str, float] = {}) -> SourceProfile:
    """A profile of one draw, the medians of the published priors, some of them changed."""
    published = published_profile(0)
    assert set(changes) <= set(published.parameters), "no such parameter"
    medians = {name: np.array([np.median(draws)]) for name, draws in published.parameters.items()}
    return replace(published, parameters={**medians, **{name: np.array([value]) for name, value in changes.items()}})


def words_said(simulation: Simulation) -> pd.DataFrame:
    """The table as read, with the words that enter the likelihood and the age bin of each report."""
    table = simulation.reports.table
    table["said"] = [report.said for report in simulation.reports.reports]
    table["bin"] = [age_bin(age) for age in table["age_low"]]
    return table


def predicted(simulation: Simulation, profile: SourceProfile, layers: Sequence[str]) -> pd.DataFrame:
    """For each layer and event, the posterior probability below the true toll (``below``) and at it (``at``)."""
    estimates = estimate(simulation.reports, profile=profile)
    rows = []
    for layer in layers:
        for event, toll in zip(simulation.truth["event"], simulation.truth[layer], strict=True):
            mass = estimates.mass(event, simulation.truth["outcome"][0], layer)
            start, width, probability = (mass[name].to_numpy() for name in ("count", "width", "probability"))
            probability = probability / probability.sum()
            cell = int(np.searchsorted(start, toll, side="right")) - 1
            at = probability[cell] / width[cell]
            rows.append({"layer": layer, "below": probability[:cell].sum() + at * (toll - start[cell]), "at": at})
    return pd.DataFrame(rows)


def ranks(predictions: pd.DataFrame, layer: str, rng: np.random.Generator) -> np.ndarray:
    """Randomised probability integral transform of the truth in each event's posterior."""
    chosen = predictions[predictions["layer"] == layer]
    return np.asarray(chosen["below"] + rng.random(len(chosen)) * chosen["at"])


def p_of_uniform(values: np.ndarray) -> float:
    """The p-value of ten equal bins under a uniform law."""
    return float(stats.chisquare(np.histogram(values, 10, (0, 1))[0]).pvalue)
