"""Estimates as an xarray DataTree with the groups that ArviZ knows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from estimates.inference.about import About
from estimates.inference.cases import Case, case_of
from estimates.inference.posterior import solve
from estimates.inference.provenance import provenance_of
from estimates.inference.ranges import draws_of
from estimates.inference.solved import Solved
from estimates.models import importance
from estimates.models.types import Floats
from estimates.profile.blocks import generator
from estimates.profile.profile import DRAWS
from estimates.profile.tree import LIBRARY
from estimates.table.reports import Reports
from estimates.vocabulary import LAYERS

if TYPE_CHECKING:
    from xarray import Dataset, DataTree

__all__ = ["estimates_tree"]


def estimates_tree(solved: Solved, reports: Reports, as_of: str | None, replicates: int) -> DataTree:
    """Everything that was estimated, as `Estimates.to_datatree` gives it."""
    from xarray import DataTree

    groups = {
        "posterior": _tolls(solved),
        "prior": _tolls(_before(solved)),
        "sample_stats": _weights(solved),
        **_figures(solved, replicates),
    }
    groups["constant_data"] = groups.pop("figures").merge(_cases(solved.cases.cases))

    tree = DataTree.from_dict({name: group.assign_attrs(LIBRARY) for name, group in groups.items()})
    told = provenance_of(solved, reports, as_of)
    tree.attrs = {
        name: int(value) if isinstance(value, bool) else value for name, value in told.items() if value is not None
    }
    return tree


def _tolls(solved: Solved) -> Dataset:
    """Draws of every toll; those of one case belong together, those of different cases do not."""
    from xarray import Dataset

    cases = solved.cases.cases
    tolls = np.empty((1, DRAWS, len(cases), len(LAYERS)), dtype=np.int64)
    for position, case in enumerate(cases):
        for place, layer in enumerate(LAYERS):
            tolls[0, :, position, place] = draws_of(solved, case.event, case.outcome, layer)

    coordinates = {"chain": [0], "draw": np.arange(DRAWS), "layer": list(LAYERS), **_names(cases)}
    about = {"description": "draws of different cases are independent: sums over events go through Estimates.total"}
    return Dataset({"toll": (("chain", "draw", "case", "layer"), tolls, about)}, coordinates)


def _names(cases: Sequence[Case]) -> dict[str, Any]:
    """Coordinates of the cases."""
    return {
        "case": _filled([f"{case.event}, {case.outcome}" for case in cases]),
        "event": ("case", _filled([case.event for case in cases])),
        "outcome": ("case", _filled([case.outcome for case in cases])),
    }


def _before(solved: Solved) -> Solved:
    """The same cases before anybody has said anything of them; "by now" is the age that it is with their figures."""
    cases = []
    for case in solved.cases.cases:
        _, likeliest = max(case.alternatives, key=lambda alternative: alternative[0])
        about = About(case.event, case.outcome, case.event_type, chosen=case.chosen, at_risk=case.at_risk)
        cases.append(case_of(about, [], solved.profile.bin_shares, likeliest.by_now))
    unsaid = replace(solved.cases, cases=tuple(cases))
    return replace(
        solved, cases=unsaid, solution=solve(unsaid, solved.profile, solved.seed, solved.undocumented), coverage=None
    )


def _weights(solved: Solved) -> Dataset:
    """How the draws of the profile were weighted for each event."""
    from xarray import Dataset

    events = list(solved.solution.events.values())
    draws = min(DRAWS, solved.profile.draws)
    logs, weights = np.empty((draws, len(events))), np.empty((draws, len(events)))
    for place, event in enumerate(events):
        logs[:, place] = event.log_marginal_likelihood
        weights[:, place] = _weights_of(solved, event.name)

    variables = {
        "log_marginal_likelihood": (("profile_draw", "event"), logs),
        "weight": (("profile_draw", "event"), weights),
        "learned_from": ("event", np.array([event.known for event in events])),
    }
    for name in ("power", "effective_draws", "pareto_shape"):
        variables[name] = ("event", np.array([float(getattr(event, name)) for event in events]))
    return Dataset(variables, {"event": _filled([event.name for event in events]), "profile_draw": np.arange(draws)})


def _weights_of(solved: Solved, event: str) -> Floats:
    """Weights of the profile's first draws for one event, shape (draws,)."""
    evidence = solved.solution.events[event]
    return importance.powered(evidence.log_marginal_likelihood.astype(float), evidence.power)


# Figures --------------------------------------------------------------------------------------------------------------


def _figures(solved: Solved, replicates: int) -> dict[str, Dataset]:
    """The figures of everybody hit as reported, what would be said in their places, and what is known of each."""
    from xarray import Dataset

    from estimates.evaluation.replicates import heard_in, number_of, replicate

    cases, answers = solved.cases.cases, solved.solution.answers
    heard = heard_in(cases, solved.profile.bin_shares, solved.cases.as_of_bins)
    coordinates = {"report": np.arange(len(heard))}
    observed = np.array([number_of(each.figure.words) for each in heard], dtype=float)
    groups = {"observed_data": Dataset({"number": ("report", observed)}, coordinates)}

    if replicates and heard:
        draws = np.stack([_draws_of_profile(solved, case, replicates) for case in cases], axis=-1)
        first = solved.profile.first(DRAWS)
        numbers = replicate(cases, answers, heard, first, draws, solved.seed).numbers[None]
        said = {"chain": [0], "draw": np.arange(replicates), **coordinates}
        groups["posterior_predictive"] = Dataset({"number": (("chain", "draw", "report"), numbers)}, said)

    known = {
        "report_case": np.array([each.case for each in heard], dtype=np.int64),
        "report_source": [each.figure.key.source for each in heard],
        "report_source_type": [each.figure.key.source_type for each in heard],
        "report_wording": [each.figure.words.wording for each in heard],
        "report_age_bin": np.array([each.bin for each in heard], dtype=np.int64),
        "report_withdrawn": np.array([each.figure.withdrawn for each in heard], dtype=bool),
    }
    described = {name: ("report", _filled(values)) for name, values in known.items()}
    return groups | {"figures": Dataset(described, coordinates)}


def _draws_of_profile(solved: Solved, case: Case, count: int) -> NDArray[np.intp]:
    """Draws of the profile by their weights for the event of a case, shape (count,), in an order by chance."""
    found = importance.resample(_weights_of(solved, case.event), count, 0.5)
    return generator(solved.seed, "replicates", case.event).permutation(found)


def _cases(cases: Sequence[Case]) -> Dataset:
    """What is known of each case beside its figures."""
    from xarray import Dataset

    numbers = ("floor", "reported_low", "reported_high", "at_risk")
    variables: dict[str, Any] = {
        name: (
            "case",
            np.array([np.nan if (value := getattr(case, name)) is None else value for case in cases], dtype=float),
        )
        for name in numbers
    }
    variables["sources"] = ("case", np.array([len(case.speakers) for case in cases], dtype=np.int64))
    variables["event_type"] = ("case", _filled([case.event_type for case in cases]))
    return Dataset(variables, _names(cases))


def _filled(values: Any) -> Any:
    """Values as an array that can be written even where there are none."""
    return values if len(values) or isinstance(values, np.ndarray) else np.array([], dtype=object)
