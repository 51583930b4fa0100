"""Draws of a profile by which tolls of several cases belong together, and sums of such tolls.

Each draw weighs as much as all the events together make it probable. No thousand draws bear the evidence of many events
as it is, so it is raised to the largest power that they can bear.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from estimates.inference.accounts import Accounts, AccountsLaw, Parents, kept_accounts, laws_of
from estimates.inference.engine import TABLE_BYTES, engine_of
from estimates.inference.posterior import EventCases
from estimates.inference.side_by_side import side_by_side
from estimates.inference.solved import Solved
from estimates.inference.summing import UNIT, About, Summed, in_common, rows_of_totals, tolls_together, whole_units
from estimates.models import importance
from estimates.models.importance import ImportanceWeights
from estimates.models.types import Floats, Integers
from estimates.profile.profile import DRAWS, SourceProfile

#: Up to so many cases in all draws have tolls by their weight; of more there is one under each of the first draws.
FEW_CASES = 400
#: Totals of so many cases rest on all draws of the profile where its first ones bear too little of their evidence. Of
#: more the power stays far below one with either, all draws take five times as long, and ends differ by a few per cent.
CASES_IN_ALL_DRAWS = 30
#: Sums that stand for a total of few cases: so many of one case, fewer of many.
MOST_JOINT, JOINTLY_SUMMED = 100_000, 4_000_000

#: A case, by its position, in a group, by its number.
type Member = tuple[int, int]
#: Sums for each row of a total, shape (tolls,) each.
type Sums = dict[Summed, Integers]


class Joint(NamedTuple):
    """Draws of a profile by which tolls of several cases belong together.

    Attributes
    ----------
    profile : SourceProfile
        With the draws that the tolls belong to.
    weights : ImportanceWeights
        Of these draws, by all the events.
    parents : Parents
        The draw that each toll belongs to.
    shares : array, shape (tolls,)
        How much each toll counts; they sum to one.
    kept : bool
        Whether tolls are those kept with the answers, one under each of the first draws.
    """

    profile: SourceProfile
    weights: ImportanceWeights
    parents: Parents
    shares: Floats
    kept: bool

    @property
    def kappa(self) -> Floats:
        """Strength of the undocumented remainder, shape (tolls,)."""
        return np.asarray(self.profile.kappa[self.parents.of_tolls])


def tolls_of_each(cases: int) -> int:
    """How many tolls of each case stand for a total where so many cases are in totals; none for those kept."""
    return min(MOST_JOINT, JOINTLY_SUMMED // max(cases, 1)) if cases <= FEW_CASES else 0


def joint_of(solved: Solved, positions: Sequence[int], count: int, *, all_draws: bool = True) -> Joint:
    """Draws by all the events of some cases: so many by their weight, or for none the first ones with their weights.

    All draws of the profile are taken where that may be and the first ones do not bear all of the evidence.
    """
    names = dict.fromkeys(solved.cases.cases[position].event for position in positions)
    events = [solved.events[name] for name in names]
    profile = solved.profile.first(DRAWS)
    kept = [solved.solution.events[event.name].log_marginal_likelihood for event in events if not event.known]
    weights = _joint_weights(kept, profile)
    if count == 0:
        return Joint(profile, weights, Parents.of(np.arange(profile.draws)), weights.values, kept=True)

    few = len(positions) <= FEW_CASES
    if all_draws and few and weights.power < 1.0 and kept and solved.profile.draws > DRAWS:
        profile = solved.profile
        weights = _joint_weights(_log_marginal_likelihoods(events, profile), profile)
    parents = Parents.of(importance.resample(weights.values, count, 0.5))
    return Joint(profile, weights, parents, np.full(count, 1.0 / count), kept=not few)


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


# What accounts hold ---------------------------------------------------------------------------------------------------


class Laws:
    """Laws of the accounts of cases under draws of a profile, each worked out once while there is room for it.

    Parameters
    ----------
    solved : Solved
    """

    def __init__(self, solved: Solved) -> None:
        self._solved = solved
        self._known: dict[Member, AccountsLaw] = {}
        self._room = TABLE_BYTES

    def accounts(
        self, members: Sequence[Member], joints: Sequence[Joint]
    ) -> Iterator[tuple[int, int, Callable[[], Accounts]]]:
        """What gives the accounts of each case under the draws of each group that it is in, case by case.

        Yields the position of the case, the number of the group, and what gives the accounts.
        """
        numbers: dict[tuple[bool, int], dict[int, list[int]]] = {}
        for position, number in members:
            of_kind = numbers.setdefault((joints[number].kept, joints[number].profile.draws), {})
            of_kind.setdefault(position, []).append(number)

        for (kept, _), of_kind in numbers.items():
            profile = joints[next(iter(of_kind.values()))[0]].profile
            give = self._kept(list(of_kind), profile) if kept else self._drawn(list(of_kind), profile)
            for (position, in_groups), given in zip(of_kind.items(), give, strict=True):
                for number in in_groups:
                    yield position, number, partial(given, joints[number].parents)

    def _kept(self, positions: Sequence[int], profile: SourceProfile) -> Iterator[Callable[[Parents], Accounts]]:
        answers = (self._solved.solution.answers[position] for position in positions)
        for accounts in kept_accounts(answers, profile, self._solved.seed):
            yield partial(_of_tolls, accounts)

    def _drawn(self, positions: Sequence[int], profile: SourceProfile) -> Iterator[Callable[[Parents], Accounts]]:
        new = [position for position in positions if (position, profile.draws) not in self._known]
        laws = laws_of([self._solved.cases.cases[position] for position in new], profile)
        for position in positions:
            law = self._known.get((position, profile.draws)) or next(laws)
            if law.mass.nbytes <= self._room and (position, profile.draws) not in self._known:
                self._known[position, profile.draws] = law
                self._room -= law.mass.nbytes
            yield partial(law.under, seed=self._solved.seed)


def _of_tolls(accounts: Accounts, parents: Parents) -> Accounts:
    return accounts.of(parents.of_tolls)


# Sums -----------------------------------------------------------------------------------------------------------------


def sums_of_joints(solved: Solved, members: Sequence[Member], joints: Sequence[Joint], laws: Laws) -> list[Sums]:
    """Sums of tolls that belong together for each of some groups; whole numbers, whose sums have no order.

    Parameters
    ----------
    solved : Solved
    members : sequence of (int, int)
    joints : sequence of Joint
        One a group.
    laws : Laws
    """
    common = [in_common(joint.parents, solved.seed) for joint in joints]
    kappa = [joint.kappa for joint in joints]
    sums = [{summed: np.zeros(len(each), dtype=np.int64) for summed in rows_of_totals()} for each in kappa]

    def tolls(task: tuple[int, int, Callable[[], Accounts]]) -> tuple[int, Sums]:
        position, number, accounts = task
        case = solved.cases.cases[position]
        layer = solved.undocumented.of(case.outcome)
        found = tolls_together(About.of(case), accounts(), kappa[number], common[number], layer, solved.seed)
        return number, dict(found)

    # Of tolls that were kept there are so few that other threads would only wait for one another.
    cores = 1 if all(joint.kept for joint in joints) else solved.effort.cores
    for number, found in side_by_side(tolls, laws.accounts(members, joints), cores):
        for summed, each in found.items():
            sums[number][summed] += each
    return sums
