"""Measure: what the ranges would be without each change, the others in place; the shipped profile, changed and not refitted.

The modern anchors were learned from, so their errors here are in sample and serve to compare the rows alone. The
historical disasters were learned from as well. Changes that no parameter switches off (figures of a part, floors that
bind, gross errors, "none" on the toll of the end) are not told apart.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
from _common import Figure, record
from anchors import historical, killed

from estimates import estimate, evaluate, load_example
from estimates.evaluation.classes import CLASSES, class_of
from estimates.evaluation.summaries import MODEL
from estimates.models.types import Floats
from estimates.profile.priors import DISASTROUS, ORDINARY
from estimates.profile.profile import SourceProfile, named_profile

#: Readiness to copy that was learned from anchors without copies.
LEARNED_WITHOUT_COPIES = 0.02
type Change = Callable[[Mapping[str, Floats]], dict[str, Floats]]


def _as_shipped(parameters: Mapping[str, Floats]) -> dict[str, Floats]:
    return {}


def _no_shared_error(parameters: Mapping[str, Floats]) -> dict[str, Floats]:
    return {"shared_error": np.zeros_like(parameters["shared_error"])}


def _little_copying(parameters: Mapping[str, Floats]) -> dict[str, Floats]:
    zeros = np.zeros_like(parameters["copying"])
    return {"copying": zeros + LEARNED_WITHOUT_COPIES, "copying.spread": zeros}


def _one_growth(parameters: Mapping[str, Floats]) -> dict[str, Floats]:
    same = {name.replace(DISASTROUS, ORDINARY): values for name, values in parameters.items() if DISASTROUS in name}
    zeros = np.zeros_like(parameters["kappa"])
    return same | {"complete_logit.violence": zeros, "complete_logit.chosen": zeros}


CHANGES: dict[str, Change] = {
    "as shipped": _as_shipped,
    "without the shared error": _no_shared_error,
    "with the copying that tables without copies teach": _little_copying,
    "with the growth of disasters for violence": _one_growth,
}


def changed(profile: SourceProfile, change: Change) -> SourceProfile:
    """The profile with some of its parameters changed."""
    return replace(profile, parameters={**profile.parameters, **change(profile.parameters)})


def figures_of(name: str, profile: SourceProfile) -> list[Figure]:
    """Errors in each class, the historical disasters, and Idlib."""
    events = evaluate(killed("modern"), profile=profile).events
    model = events[events["method"] == MODEL]
    classes = model["event_type"].map(class_of)
    figures = [Figure(f"{name}: CRPS of {each}", float(model["crps"][classes == each].mean())) for each in CLASSES]

    old = historical(profile)
    figures.append(Figure(f"{name}: historical, middle inside 80%", f"{int(old['middle_inside'].sum())} of {len(old)}"))
    figures.append(Figure(f"{name}: historical, log width", float(old["width"].median())))

    rows = estimate(load_example(), profile=profile, seed=0).ranges((80, 95), ("documented",))
    row = rows.query("event == 'Idlib airstrikes' and outcome == 'killed'").iloc[0]
    told = f"{row['median']}; {row['low_80']} to {row['high_80']}; {row['low_95']} to {row['high_95']}"
    return [*figures, Figure(f"{name}: Idlib, documented in the end, median; 80%; 95%", told)]


def main() -> None:
    """Print the measure and keep it."""
    profile = named_profile()
    rows = [figure for name, change in CHANGES.items() for figure in figures_of(name, changed(profile, change))]
    record("changes", rows, __file__)


if __name__ == "__main__":
    main()
