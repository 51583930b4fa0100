"""Totals over events: tolls are summed within each draw, so that an error the events share does not average out.

A total answers another question than a range. A range rests on the reports of its event alone; in a total the events
teach one another about their sources, for each draw weighs as much as all of them together make it probable. No
thousand draws bear the evidence of many events as it is, so it is raised to the largest power that they can bear.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from estimates.errors import EstimatesError
from estimates.inference.accounts import Accounts, kept_accounts, laws_of
from estimates.inference.engine import engine_of
from estimates.inference.posterior import EventCases
from estimates.inference.ranges import known_levels, range_of_draws, range_of_mass, spread_tolls
from estimates.inference.solved import Solved, check_known
from estimates.inference.summing import (
    UNIT,
    About,
    Summed,
    advised,
    in_common,
    rows_of_totals,
    tolls_apart,
    tolls_together,
    total_row,
    whole_units,
)
from estimates.models import importance
from estimates.models.importance import ImportanceWeights
from estimates.models.types import Floats, Integers
from estimates.profile.blocks import generator
from estimates.profile.profile import DRAWS, SourceProfile
from estimates.progress import Progress, steps
from estimates.vocabulary import ESTIMATED_OUTCOMES, INTERVAL_LEVELS

#: Up to so many cases in all draws have tolls by their weight; of more there is one under each of the first draws.
FEW_CASES = 400
#: Totals of so many cases rest on all draws of the profile where its first ones bear too little of their evidence. Of
#: more the power stays far below one with either, all draws take five times as long, and ends differ by a few per cent.
CASES_IN_ALL_DRAWS = 30
#: Sums that stand for a total of few cases: so many of one case, fewer of many.
MOST_JOINT, JOINTLY_SUMMED = 100_000, 4_000_000
#: The same for a total under independence.
MOST_SUMS, FEWEST_SUMS, SUMMED = 16_000, 500, 400_000
#: Groups of events by when they began, where the table has no column of this name.
MONTH = "month"


class Joint(NamedTuple):
    """Draws of a profile by which tolls of several cases belong together.

    Attributes
    ----------
    profile : SourceProfile
        With the draws that the tolls belong to.
    weights : ImportanceWeights
        Of these draws, by all the events.
    parents : integer array, shape (tolls,)
        The draw that each toll belongs to, in increasing order.
    shares : array, shape (tolls,)
        How much each toll counts; they sum to one.
    kept : bool
        Whether tolls are those kept with the answers, one under each of the first draws.
    """

    profile: SourceProfile
    weights: ImportanceWeights
    parents: NDArray[np.intp]
    shares: Floats
    kept: bool


def total_tables(
    solved: Solved,
    table: pd.DataFrame,
    outcome: str,
    groupings: Sequence[str | None],
    levels: float | Sequence[float] = INTERVAL_LEVELS,
    progress: Progress | None = None,
) -> list[pd.DataFrame]:
    """Totals by several groupings of the same events, in one way through the events; each as in `Estimates.total`.

    Parameters
    ----------
    solved : Solved
    table : DataFrame
        ``Reports.table``, whose columns can name the groups.
    outcome : str
    groupings : sequence of str or None
        A column each, "event", or "month" for when events began; all events are one group for None.
    levels : float or sequence of float
        In per cent.
    progress : callable, optional
        Told how many times an event has been looked at and how many there are.

    Raises
    ------
    EstimatesError
        If the outcome, a level or a column is not known, or a column has several values in one event.
    """
    check_known(outcome, ESTIMATED_OUTCOMES, "outcome")
    levels = known_levels(levels)
    found = [_positions(solved, table, outcome, by) for by in groupings]
    several = [positions for groups in found for positions in groups.values() if len(positions) > 1]
    rows = iter(_totals(solved, several, levels, steps(2 * sum(map(len, several)), progress)))

    frames = []
    for by, groups in zip(groupings, found, strict=True):
        own: list[dict[str, Any]] = []
        for name, positions in groups.items():
            heading = {by or "group": name, "outcome": outcome, "events": len(positions)}
            total = next(rows) if len(positions) > 1 else _total_of_one(solved, positions[0], levels)
            own += [{**heading, **row} for row in total]
        frames.append(advised(pd.DataFrame(own), by or "group"))
    return frames


def _positions(solved: Solved, table: pd.DataFrame, outcome: str, by: str | None) -> dict[str, list[int]]:
    """Positions of the cases of each group, by their names."""
    names = _groups(table, by)
    groups: dict[str, list[int]] = {}
    for position, case in enumerate(solved.cases.cases):
        if case.outcome == outcome:
            groups.setdefault(case.event if by == "event" else names.get(case.event, ""), []).append(position)
    return dict(sorted(groups.items()))


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

    joint = _joint(solved, positions, DRAWS)
    kappa = joint.profile.kappa[joint.parents]
    columns: dict[str, Integers] = {}
    for position, _, held in _held(solved, [positions], [joint]):
        case = solved.cases.cases[position]
        rng = generator(solved.seed, "places", case.event, case.outcome)
        tolls = held.adjudicated(rng.random(DRAWS))
        if layer == "total":
            remainder = solved.undocumented.of(outcome)
            tolls = remainder.quantile(rng.random(DRAWS), tolls, kappa, solved.seed, case.at_risk)
        columns[case.event] = tolls
    return pd.DataFrame(columns)


# One total ------------------------------------------------------------------------------------------------------------


def _total_of_one(solved: Solved, position: int, levels: Sequence[float]) -> list[dict[str, Any]]:
    """Rows of a total of one event: its ranges."""
    case = solved.cases.cases[position]
    evidence = solved.solution.events[case.event]
    rows = []
    for summed in rows_of_totals():
        found = range_of_mass(case.grid, solved.mass(position, summed.layer), levels).cells
        rows.append(total_row(summed, evidence.power, evidence.effective_draws, found, found))
    return rows


def _totals(
    solved: Solved, groups: Sequence[Sequence[int]], levels: Sequence[float], step: Callable[[int], None]
) -> list[list[dict[str, Any]]]:
    """Rows of the total of each group: the layers, each with what independence of the events would claim.

    Where the events are independent, so are the errors of their accounts.
    """
    cases = len({position for positions in groups for position in positions})
    count = min(MOST_JOINT, JOINTLY_SUMMED // max(cases, 1)) if cases <= FEW_CASES else 0
    joints = [_joint(solved, positions, count, all_draws=cases <= CASES_IN_ALL_DRAWS) for positions in groups]
    together = _sums_of_joints(solved, groups, joints, step)

    totals = []
    for positions, joint, sums_of in zip(groups, joints, together, strict=True):
        apart, weights = _sums_if_independent(solved, positions), joint.weights
        rows = []
        for summed, sums in sums_of.items():
            found = range_of_draws(sums, levels, joint.shares)
            claimed = range_of_draws(apart[summed.layer, summed.remainder], levels)
            rows.append(total_row(summed, weights.power, weights.effective_draws, found.cells, claimed.cells))
        totals.append(rows)
        step(len(positions))
    return totals


def _joint(solved: Solved, positions: Sequence[int], count: int, *, all_draws: bool = True) -> Joint:
    """Draws by all the events of some cases: so many by their weight, or for none the first ones with their weights.

    All draws of the profile are taken where that may be and the first ones do not bear all of the evidence.
    """
    names = dict.fromkeys(solved.cases.cases[position].event for position in positions)
    events = [solved.events[name] for name in names]
    profile = solved.profile.first(DRAWS)
    kept = [solved.solution.events[event.name].log_marginal_likelihood for event in events if not event.known]
    weights = _joint_weights(kept, profile)
    if count == 0:
        return Joint(profile, weights, np.arange(profile.draws), weights.values, kept=True)

    few = len(positions) <= FEW_CASES
    if all_draws and few and weights.power < 1.0 and kept and solved.profile.draws > DRAWS:
        profile = solved.profile
        weights = _joint_weights(_log_marginal_likelihoods(events, profile), profile)
    parents = importance.resample(weights.values, count, 0.5)
    return Joint(profile, weights, parents, np.full(count, 1.0 / count), kept=not few)


def _held(
    solved: Solved, groups: Sequence[Sequence[int]], joints: Sequence[Joint]
) -> Iterator[tuple[int, int, Accounts]]:
    """What the accounts of one case after another hold under the draws of each group that it is in.

    Yields the position of the case, the number of the group, and the accounts. The law of a case is worked out once.
    """
    first = solved.profile.first(DRAWS)
    members: dict[tuple[bool, int], dict[int, list[int]]] = {}
    for number, (positions, joint) in enumerate(zip(groups, joints, strict=True)):
        of_kind = members.setdefault((joint.kept, joint.profile.draws), {})
        for position in positions:
            of_kind.setdefault(position, []).append(number)

    for (kept, _), numbers in members.items():
        cases = [solved.cases.cases[position] for position in numbers]
        if kept:
            answers = (solved.solution.answers[position] for position in numbers)
            for position, accounts in zip(numbers, kept_accounts(answers, first, solved.seed), strict=True):
                for number in numbers[position]:
                    yield position, number, accounts.of(joints[number].parents)
            continue
        profile = joints[next(iter(numbers.values()))[0]].profile
        for position, law in zip(numbers, laws_of(cases, profile), strict=True):
            yield from (
                (position, number, law.under(joints[number].parents, solved.seed)) for number in numbers[position]
            )


def _log_marginal_likelihoods(events: Sequence[EventCases], profile: SourceProfile) -> list[Floats]:
    """Of the cases of events that the profile was not learned from, below those of the best draw, (draws,) each."""
    cases = [case for event in events if not event.known for case in event.cases]
    found = (table.log_marginal_likelihood for table in engine_of(profile).tables(cases))
    return [logs - logs.max() for logs in found]


def _joint_weights(logs: Sequence[NDArray[np.floating]], profile: SourceProfile) -> ImportanceWeights:
    """Weights by the sum of log marginal likelihoods, each of shape (draws,)."""
    if not logs:
        return importance.equal_weights(profile.draws)
    total = np.zeros(profile.draws, dtype=np.int64)
    for each in logs:
        total += whole_units(each)
    return importance.from_log_marginal_likelihood(total.astype(float) * UNIT)


def _sums_of_joints(
    solved: Solved, groups: Sequence[Sequence[int]], joints: Sequence[Joint], step: Callable[[int], None]
) -> list[dict[Summed, Integers]]:
    """Sums of tolls that belong together, shape (tolls,), for each group."""
    common = [in_common(joint.parents, solved.seed) for joint in joints]
    sums = [{summed: np.zeros(len(joint.parents), dtype=np.int64) for summed in rows_of_totals()} for joint in joints]

    for position, number, held in _held(solved, groups, joints):
        case, joint, own = solved.cases.cases[position], joints[number], sums[number]
        kappa, layer = joint.profile.kappa[joint.parents], solved.undocumented.of(case.outcome)
        for summed, tolls in tolls_together(About.of(case), held, kappa, common[number], layer, solved.seed):
            own[summed] += tolls
        step(1)
    return sums


def _sums_if_independent(solved: Solved, positions: Sequence[int]) -> dict[tuple[str, str], Integers]:
    """Sums of tolls drawn for every event by itself, shape (sums,), by layer and what remainders have in common."""
    count = int(np.clip(SUMMED // len(positions), FEWEST_SUMS, MOST_SUMS))
    of_all = generator(solved.seed, "common remainder").random(count)
    sums = {(summed.layer, summed.remainder): np.zeros(count, dtype=np.int64) for summed in rows_of_totals()}

    for position in positions:
        case = solved.cases.cases[position]
        evenly = spread_tolls(case.grid, solved.mass(position, "documented"), np.arange(count))
        layer, kappa = solved.undocumented.of(case.outcome), solved.profile.kappa
        for row, tolls in tolls_apart(About.of(case), evenly, kappa, of_all, layer, solved.seed):
            sums[row] += tolls
    return sums


def _groups(table: pd.DataFrame, by: str | None) -> Mapping[str, str]:
    """The group of every event: its value in a column, which must be one."""
    events = table["event"].astype(str)
    if by is None:
        return dict.fromkeys(events, "all events")
    if by == "event":
        return {}
    if by == MONTH and MONTH not in table.columns:
        return months_of(table)
    if by not in table.columns:
        raise EstimatesError(f"no column is called {by!r}; totals can be by {', '.join(map(str, table.columns))}")

    values: dict[str, set[str]] = {}
    for event, value in zip(events, map(str, table[by]), strict=True):
        values.setdefault(event, set()).add(value)
    for event, found in values.items():
        found -= {"", "None", "nan", "<NA>"}
        if len(found) > 1:
            raise EstimatesError(f"event {event!r} has several values of {by!r} ({', '.join(sorted(found))}); use one")
    return {event: next(iter(found), "") for event, found in values.items()}


def months_of(table: pd.DataFrame) -> Mapping[str, str]:
    """The month in which every event began, "2020-01"; nothing where its date is not known to the month."""
    days = table["event_date"].astype("str").str.partition("/")[0].str[:7]
    known = days.where(days.str.fullmatch(r"\d{4}-\d{2}"), "")
    months = known.groupby(table["event"].astype("str")).max()
    return dict(zip(months.index.astype("str").tolist(), months.tolist(), strict=True))
