"""Totals over events: tolls are summed within each draw, so that an error the events share does not average out.

A total answers another question than a range. A range rests on the reports of its event alone; in a total the events
teach one another about their sources, for each draw weighs as much as all of them together make it probable. No
thousand draws bear the evidence of many events as it is, so it is raised to the largest power that they can bear.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from estimates.errors import EstimatesError
from estimates.inference.accounts import Accounts, accounts_of, kept_accounts, spread_under
from estimates.inference.cases import Case
from estimates.inference.engine import engine_of
from estimates.inference.posterior import EventCases
from estimates.inference.ranges import known_levels, range_of_draws, range_of_mass, spread_tolls
from estimates.inference.solved import Solved, check_known
from estimates.models import importance
from estimates.models.importance import ImportanceWeights
from estimates.models.types import Floats, Integers
from estimates.profile.priors import generator
from estimates.profile.profile import DRAWS, SourceProfile
from estimates.vocabulary import ESTIMATED_OUTCOMES

#: What the undocumented remainders of different events may have in common, and so the errors of all accounts of an
#: event: nothing, or one quantile for all.
COMMON = ("independent", "common")
#: Up to so many cases in all draws have tolls by their weight; of more there is one under each of the first draws.
FEW_CASES = 400
#: Sums that stand for a total of few cases: so many of one case, fewer of many.
MOST_JOINT, JOINTLY_SUMMED = 400_000, 12_000_000
#: The same for a total under independence.
MOST_SUMS, FEWEST_SUMS, SUMMED = 16_000, 500, 400_000
#: Below this power a fit is advised; so many groups are named.
ADVISED_BELOW, _GROUPS_SHOWN = 0.5, 5
#: Log marginal likelihoods are added in whole numbers of this unit, so that their order does not matter.
_UNIT = 2.0**-32
_LOWEST_LOG = -1e4


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


class Summed(NamedTuple):
    """A row of a total: its layer, and what errors of accounts and undocumented remainders have in common."""

    layer: str
    accounts: str
    remainder: str


def total_table(
    solved: Solved, table: pd.DataFrame, outcome: str, by: str | None, levels: float | Sequence[float]
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
    levels : float or sequence of float
        In per cent.

    Raises
    ------
    EstimatesError
        If the outcome, a level or the column is not known, or the column has several values in one event.
    """
    check_known(outcome, ESTIMATED_OUTCOMES, "outcome")
    levels = known_levels(levels)
    names = _groups(table, by)
    groups: dict[str, list[int]] = {}
    for position, case in enumerate(solved.cases.cases):
        if case.outcome == outcome:
            groups.setdefault(case.event if by == "event" else names.get(case.event, ""), []).append(position)

    cases = sum(map(len, groups.values()))
    count = min(MOST_JOINT, JOINTLY_SUMMED // max(cases, 1)) if cases <= FEW_CASES else 0
    rows: list[dict[str, Any]] = []
    for name, positions in sorted(groups.items()):
        heading = {by or "group": name, "outcome": outcome, "events": len(positions)}
        found = (
            _total_of_one(solved, positions[0], levels)
            if len(positions) == 1
            else _total(solved, positions, levels, count)
        )
        rows += [{**heading, **row} for row in found]

    frame = pd.DataFrame(rows)
    if low := sorted({str(row[by or "group"]) for row in rows if row["t"] < ADVISED_BELOW}):
        others = " and others" if len(low) > _GROUPS_SHOWN else ""
        frame.attrs["advice"] = (
            f"{', '.join(low[:_GROUPS_SHOWN])}{others}: too few draws of the profile agree with these events together "
            "(t below one half); fit a profile to them, with the shipped anchors (anchors='default')"
        )
    return frame


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
    for case, held in _held(solved, positions, joint):
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
    for summed in _summed():
        found = range_of_mass(case.grid, solved.mass(position, summed.layer), levels).cells
        rows.append(_row(summed, evidence.power, evidence.effective_draws, found, found))
    return rows


def _total(solved: Solved, positions: Sequence[int], levels: Sequence[float], count: int) -> list[dict[str, Any]]:
    """Rows of a total of several events: the layers, each with what independence of the events would claim.

    There are ``count`` sums, or one for each of the first draws where it is zero. Where the events are independent, so
    are the errors of their accounts.
    """
    joint = _joint(solved, positions, count)
    together = _sums_of_joint(solved, positions, joint)
    apart = _sums_if_independent(solved, positions)

    weights = joint.weights
    rows = []
    for summed, sums in together.items():
        found = range_of_draws(sums, levels, joint.shares)
        claimed = range_of_draws(apart[summed.layer, summed.remainder], levels)
        rows.append(_row(summed, weights.power, weights.effective_draws, found.cells, claimed.cells))
    return rows


def _summed() -> list[Summed]:
    """The rows of a total."""
    documented = [Summed("documented", accounts, "") for accounts in COMMON]
    return documented + [Summed("total", accounts, remainder) for accounts in COMMON for remainder in COMMON]


def _row(
    summed: Summed, power: float, effective: float, found: Mapping[str, Any], independent: Mapping[str, Any]
) -> dict[str, Any]:
    beside = {f"independent_{name}": value for name, value in independent.items() if name.startswith(("low", "high"))}
    return {**summed._asdict(), "t": round(power, 3), "effective_draws": round(effective), **found, **beside}


def _joint(solved: Solved, positions: Sequence[int], count: int) -> Joint:
    """Draws by all the events of some cases: so many by their weight, or for none the first ones with their weights.

    Of very many cases they are first ones in any case.
    """
    names = dict.fromkeys(solved.cases.cases[position].event for position in positions)
    events = [solved.events[name] for name in names]
    profile = solved.profile.first(DRAWS)
    kept = [solved.solution.events[event.name].log_marginal_likelihood for event in events if not event.known]
    weights = _joint_weights(kept, profile)
    if count == 0:
        return Joint(profile, weights, np.arange(profile.draws), weights.values, kept=True)

    few = len(positions) <= FEW_CASES
    if weights.power < 1.0 and kept and solved.profile.draws > DRAWS and few:
        profile = solved.profile
        weights = _joint_weights(_log_marginal_likelihoods(events, profile), profile)
    parents = importance.resample(weights.values, count, 0.5)
    return Joint(profile, weights, parents, np.full(count, 1.0 / count), kept=not few)


def _held(solved: Solved, positions: Sequence[int], joint: Joint) -> Iterator[tuple[Case, Accounts]]:
    """Cases, each with what its accounts hold under the draws that tolls belong to."""
    cases = [solved.cases.cases[position] for position in positions]
    if not joint.kept:
        return zip(cases, accounts_of(cases, joint.profile, joint.parents, solved.seed), strict=True)
    answers = (solved.solution.answers[position] for position in positions)
    kept = kept_accounts(answers, solved.profile.first(DRAWS), solved.seed)
    return zip(cases, (each.of(joint.parents) for each in kept), strict=True)


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
        total += np.rint(np.maximum(each, _LOWEST_LOG).astype(float) / _UNIT).astype(np.int64)
    return importance.from_log_marginal_likelihood(total.astype(float) * _UNIT)


def _sums_of_joint(solved: Solved, positions: Sequence[int], joint: Joint) -> dict[Summed, Integers]:
    """Sums of tolls that belong together, shape (tolls,)."""
    count = len(joint.parents)
    kappa = joint.profile.kappa[joint.parents]
    of_all, remainder_of_all = (
        spread_under(joint.parents, generator(solved.seed, what)) for what in ("common accounts", "common remainder")
    )
    sums = {summed: np.zeros(count, dtype=np.int64) for summed in _summed()}

    for case, held in _held(solved, positions, joint):
        layer = solved.undocumented.of(case.outcome)
        rng = generator(solved.seed, "places", case.event, case.outcome)
        errors = dict(zip(COMMON, (rng.random(count), of_all), strict=True))
        remainders = dict(zip(COMMON, (rng.random(count), remainder_of_all), strict=True))

        for accounts in COMMON:
            tolls = held.adjudicated(errors[accounts])
            sums[Summed("documented", accounts, "")] += tolls
            for remainder in COMMON:
                full = layer.quantile(remainders[remainder], tolls, kappa, solved.seed, case.at_risk)
                sums[Summed("total", accounts, remainder)] += full
    return sums


def _sums_if_independent(solved: Solved, positions: Sequence[int]) -> dict[tuple[str, str], Integers]:
    """Sums of tolls drawn for every event by itself, shape (sums,), by layer and what remainders have in common."""
    count = int(np.clip(SUMMED // len(positions), FEWEST_SUMS, MOST_SUMS))
    of_all = generator(solved.seed, "common remainder").random(count)
    sums = {(summed.layer, summed.remainder): np.zeros(count, dtype=np.int64) for summed in _summed()}

    for position in positions:
        case = solved.cases.cases[position]
        layer = solved.undocumented.of(case.outcome)
        rng = generator(solved.seed, "apart", case.event, case.outcome)
        tolls = rng.permutation(spread_tolls(case.grid, solved.mass(position, "documented"), np.arange(count)))
        kappa = solved.profile.kappa[rng.integers(solved.profile.draws, size=count)]

        sums["documented", ""] += tolls
        for remainder, uniforms in zip(COMMON, (rng.random(count), of_all), strict=True):
            sums["total", remainder] += layer.quantile(uniforms, tolls, kappa, solved.seed, case.at_risk)
    return sums


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
    for event, value in zip(events, map(str, table[by]), strict=True):
        values.setdefault(event, set()).add(value)
    for event, found in values.items():
        found -= {"", "None", "nan", "<NA>"}
        if len(found) > 1:
            raise EstimatesError(f"event {event!r} has several values of {by!r} ({', '.join(sorted(found))}); use one")
    return {event: next(iter(found), "") for event, found in values.items()}
