"""Totals over events: tolls are summed within each draw, so that an error the events share does not average out.

A total answers another question than a range. A range rests on the reports of its event alone; in a total the events
teach one another about their sources, for each draw weighs as much as all of them together make it probable. No
thousand draws bear the evidence of many events as it is, so it is raised to the largest power that they can bear.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from estimates.errors import EstimatesError
from estimates.inference.engine import engine_of
from estimates.inference.posterior import EventCases
from estimates.inference.ranges import range_of_draws, range_of_mass, spread_tolls
from estimates.inference.solved import Solved, check_known
from estimates.models import importance
from estimates.models.grid import Grid
from estimates.models.importance import ImportanceWeights
from estimates.models.lanes.tolls import spread_cells
from estimates.models.types import Floats, Integers
from estimates.profile.priors import generator
from estimates.profile.profile import DRAWS, SourceProfile
from estimates.vocabulary import ESTIMATED_OUTCOMES

#: What the undocumented remainders of different events may have in common: nothing, or one quantile for all.
REMAINDERS = ("independent", "common")
#: Up to so many cases in all are worked out anew for their totals, with many tolls under each draw; of more the kept
#: tolls are summed, one under each draw.
FEW_CASES = 1_000
#: Tolls under each draw: so many for one case, fewer for many.
MOST_TOLLS, FEWEST_TOLLS, TOLLS = 512, 32, 8_192
#: Sums that stand for a total under independence: so many for one event, fewer for many.
MOST_SUMS, FEWEST_SUMS, SUMMED = 16_000, 1_000, 400_000
#: Log marginal likelihoods are added in whole numbers of this unit, so that their order does not matter.
_UNIT = 2.0**-32
_LOWEST_LOG = -1e4


class Joint(NamedTuple):
    """Tolls of several cases that belong together.

    Attributes
    ----------
    profile : SourceProfile
        With the draws that the tolls belong to.
    weights : ImportanceWeights
        Of these draws, by all the events.
    cells : list of int16 array, shape (tolls, draws)
        For each case the cells of its tolls.
    """

    profile: SourceProfile
    weights: ImportanceWeights
    cells: list[NDArray[np.int16]]


def total_table(
    solved: Solved, table: pd.DataFrame, outcome: str, by: str | None, levels: Sequence[float]
) -> pd.DataFrame:
    """Totals of groups of events, as `Estimates.total` gives them.

    Parameters
    ----------
    solved : Solved
    table : DataFrame
        ``Reports.table``, whose columns can name the groups.
    outcome : str
    by : str, optional
        Its column, or "event"; by default all events are one group.
    levels : sequence of float
        In per cent.

    Raises
    ------
    EstimatesError
        If the outcome or the column is not known, or the column has several values in one event.
    """
    check_known(outcome, ESTIMATED_OUTCOMES, "outcome")
    names = _groups(table, by)
    groups: dict[str, list[int]] = {}
    for position, case in enumerate(solved.cases.cases):
        if case.outcome == outcome:
            groups.setdefault(case.event if by == "event" else names.get(case.event, ""), []).append(position)

    anew = sum(map(len, groups.values())) <= FEW_CASES
    rows: list[dict[str, Any]] = []
    for name, positions in sorted(groups.items()):
        heading = {by or "group": name, "outcome": outcome, "events": len(positions)}
        total = _total_of_one if len(positions) == 1 else _total
        found = total(solved, positions, levels, anew=anew)
        rows += [{**heading, **row} for row in found]
    return pd.DataFrame(rows)


def joint_draws_table(solved: Solved, events: Sequence[str] | None, outcome: str, layer: str) -> pd.DataFrame:
    """Tolls of several events that belong together, as `Estimates.joint_draws` gives them.

    Raises
    ------
    EstimatesError
        If an event, the outcome or the layer is not known, or there is nothing to draw.
    """
    check_known(outcome, ESTIMATED_OUTCOMES, "outcome")
    check_known(layer, ("documented", "total"), "layer")
    if events is None:
        positions = [position for position, case in enumerate(solved.cases.cases) if case.outcome == outcome]
    else:
        positions = [solved.position(event, outcome) for event in events]
    if not positions:
        raise EstimatesError(f"no event has an estimate of {outcome!r}")

    joint = _joint(solved, positions, anew=len(positions) <= FEW_CASES)
    parents = importance.resample(joint.weights.values, DRAWS, 0.5)
    kappa = joint.profile.kappa[parents]
    columns: dict[str, Integers] = {}
    for position, cells in zip(positions, joint.cells, strict=True):
        case = solved.cases.cases[position]
        chosen = cells[np.arange(DRAWS) % len(cells), parents]
        rng = generator(solved.seed, "places", case.event, case.outcome)
        tolls = _within_cells(case.grid, chosen, rng.random(DRAWS))
        if layer == "total":
            tolls = solved.undocumented.quantile(rng.random(DRAWS), tolls, kappa, solved.seed)
        columns[case.event] = tolls
    return pd.DataFrame(columns)


# One total ------------------------------------------------------------------------------------------------------------


def _total_of_one(
    solved: Solved, positions: Sequence[int], levels: Sequence[float], *, anew: bool
) -> list[dict[str, Any]]:
    """Rows of a total of one event: its ranges, which need not be worked out anew."""
    (position,) = positions
    case = solved.cases.cases[position]
    evidence = solved.solution.events[case.event]
    rows = []
    for layer, remainder in (("documented", ""), *(("total", remainder) for remainder in REMAINDERS)):
        found = range_of_mass(case.grid, solved.mass(position, layer), levels).cells
        rows.append(_row(layer, remainder, evidence.power, evidence.effective_draws, found, found))
    return rows


def _total(solved: Solved, positions: Sequence[int], levels: Sequence[float], *, anew: bool) -> list[dict[str, Any]]:
    """Rows of a total of several events: the layers, each with what independence of the events would claim."""
    joint = _joint(solved, positions, anew=anew)
    together = _sums_of_joint(solved, positions, joint)
    apart = _sums_if_independent(solved, positions)

    weights = joint.weights
    each = np.tile(weights.values, together[0].size // len(weights.values))
    rows = []
    layers = (("documented", ""), *(("total", remainder) for remainder in REMAINDERS))
    for (layer, remainder), sums, independent in zip(layers, together, apart, strict=True):
        found, claimed = range_of_draws(sums.ravel(), levels, each), range_of_draws(independent, levels)
        rows.append(_row(layer, remainder, weights.power, weights.effective_draws, found.cells, claimed.cells))
    return rows


def _row(
    layer: str, remainder: str, power: float, effective: float, found: Mapping[str, Any], independent: Mapping[str, Any]
) -> dict[str, Any]:
    beside = {f"independent_{name}": value for name, value in independent.items() if name.startswith(("low", "high"))}
    heading = {"layer": layer, "remainder": remainder, "t": round(power, 3), "effective_draws": round(effective)}
    return {**heading, **found, **beside}


def _joint(solved: Solved, positions: Sequence[int], *, anew: bool) -> Joint:
    """Weights of the draws by all the events of some cases, and tolls of these cases under each draw."""
    names = dict.fromkeys(solved.cases.cases[position].event for position in positions)
    events = [solved.events[name] for name in names]
    if not anew:
        kept = [solved.solution.events[event.name].log_marginal_likelihood for event in events if not event.known]
        cells = [solved.solution.answers[position].cells[None, :] for position in positions]
        return Joint(solved.profile.first(DRAWS), _joint_weights(kept, solved.profile.first(DRAWS)), cells)

    found = _worked_out(solved, events, positions, solved.profile.first(DRAWS))
    if found.weights.power < 1.0 and solved.profile.draws > DRAWS:
        found = _worked_out(solved, events, positions, solved.profile)
    return found


def _worked_out(
    solved: Solved, events: Sequence[EventCases], positions: Sequence[int], profile: SourceProfile
) -> Joint:
    """The same from posteriors that are worked out anew for all draws of a profile."""
    cases = [case for event in events for case in event.cases]
    known = {event.name for event in events if event.known}
    wanted = {(solved.cases.cases[position].event, solved.cases.cases[position].outcome) for position in positions}

    logs: list[Floats] = []
    cells = {}
    count = int(np.clip(TOLLS // len(positions), FEWEST_TOLLS, MOST_TOLLS))
    for case, table in zip(cases, engine_of(profile).tables(cases), strict=True):
        if case.event not in known:
            logs.append(table.log_marginal_likelihood - table.log_marginal_likelihood.max())
        if (case.event, case.outcome) in wanted:
            rng = generator(solved.seed, "joint tolls", case.event, case.outcome)
            cells[case.event] = spread_cells(table.mass, rng, count)
    return Joint(
        profile, _joint_weights(logs, profile), [cells[solved.cases.cases[position].event] for position in positions]
    )


def _joint_weights(logs: Sequence[NDArray[np.floating]], profile: SourceProfile) -> ImportanceWeights:
    """Weights by the sum of log marginal likelihoods, each of shape (draws,)."""
    if not logs:
        return importance.equal_weights(profile.draws)
    total = np.zeros(profile.draws, dtype=np.int64)
    for each in logs:
        total += np.rint(np.maximum(each, _LOWEST_LOG).astype(float) / _UNIT).astype(np.int64)
    return importance.from_log_marginal_likelihood(total.astype(float) * _UNIT)


def _sums_of_joint(solved: Solved, positions: Sequence[int], joint: Joint) -> list[Integers]:
    """Sums of tolls under each draw, shape (tolls, draws): documented, and full with remainders apart and alike."""
    shape = joint.cells[0].shape
    kappa = np.tile(joint.profile.kappa, shape[0])
    shared = generator(solved.seed, "common remainder").random(kappa.size)
    sums = [np.zeros(kappa.size, dtype=np.int64) for _ in range(3)]

    for position, cells in zip(positions, joint.cells, strict=True):
        case = solved.cases.cases[position]
        rng = generator(solved.seed, "places", case.event, case.outcome)
        tolls = _within_cells(case.grid, cells.ravel(), rng.random(kappa.size))
        _add(solved, sums, tolls, kappa, rng.random(kappa.size), shared)
    return [each.reshape(shape) for each in sums]


def _sums_if_independent(solved: Solved, positions: Sequence[int]) -> list[Integers]:
    """The same sums of tolls drawn for every event by itself, shape (sums,)."""
    count = int(np.clip(SUMMED // len(positions), FEWEST_SUMS, MOST_SUMS))
    shared = generator(solved.seed, "common remainder").random(count)
    sums = [np.zeros(count, dtype=np.int64) for _ in range(3)]

    for position in positions:
        case = solved.cases.cases[position]
        rng = generator(solved.seed, "apart", case.event, case.outcome)
        tolls = spread_tolls(case.grid, solved.mass(position, "documented"), rng.permutation(count))
        kappa = solved.profile.kappa[rng.integers(solved.profile.draws, size=count)]
        _add(solved, sums, tolls, kappa, rng.random(count), shared)
    return sums


def _add(solved: Solved, sums: list[Integers], tolls: Integers, kappa: Floats, own: Floats, shared: Floats) -> None:
    """Add the tolls of one case, all of shape (sums,), to those of the layers."""
    layer = solved.undocumented
    sums[0] += tolls
    sums[1] += layer.quantile(own, tolls, kappa, solved.seed)
    sums[2] += layer.quantile(shared, tolls, kappa, solved.seed)


def _within_cells(grid: Grid, cells: NDArray[np.int16], uniforms: Floats) -> Integers:
    """A toll in each cell, all of whose integers are equally probable, shape (tolls,)."""
    return np.asarray(grid.start[cells] + (grid.width[cells] * uniforms).astype(np.int64))


def _groups(table: pd.DataFrame, by: str | None) -> Mapping[str, str]:
    """The group of every event: its value in a column, which must be one."""
    events = table["event"].astype(str)
    if by is None:
        return dict.fromkeys(events, "all events")
    if by == "event":
        return {}
    if by not in table.columns:
        raise EstimatesError(f"no column is called {by!r}; totals can be by {', '.join(map(str, table.columns))}")

    values: dict[str, set[str]] = {}
    for event, value in zip(events, table[by].astype(str), strict=True):
        values.setdefault(event, set()).add(value)
    for event, found in values.items():
        found -= {"", "None", "nan", "<NA>"}
        if len(found) > 1:
            raise EstimatesError(f"event {event!r} has several values of {by!r} ({', '.join(sorted(found))}); use one")
    return {event: next(iter(found), "") for event, found in values.items()}
