"""Cases of one part of stored ranges added up, group by group."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from estimates.errors import EstimatesError
from estimates.inference.accounts import Parents
from estimates.inference.summing import (
    About,
    Summed,
    in_common,
    rows_of_totals,
    tolls_apart,
    tolls_together,
    whole_units,
)
from estimates.inference.totals import FEWEST_SUMS
from estimates.models.types import Integers
from estimates.profile.blocks import generator
from estimates.streaming.keeping import KeptCase, cases_in
from estimates.streaming.settings import Settings


@dataclass
class GroupSums:
    """What the events of a group add up to; sums of whole numbers, which have no order.

    Attributes
    ----------
    events : int
    units : integer array, shape (first draws,)
        Log marginal likelihood, in whole units; zero where the profile was learned from all events.
    informed : bool
        Whether the profile was not learned from one of the events.
    together : mapping of Summed to integer array, shape (first draws,)
    apart : mapping of (layer, remainder) to integer array, shape (sums,)
    """

    events: int
    units: Integers
    informed: bool
    together: dict[Summed, Integers]
    apart: dict[tuple[str, str], Integers]

    @classmethod
    def nothing(cls, draws: int) -> GroupSums:
        """The sums of no events."""
        apart = {(row.layer, row.remainder): np.zeros(FEWEST_SUMS, dtype=np.int64) for row in rows_of_totals()}
        together = {row: np.zeros(draws, dtype=np.int64) for row in rows_of_totals()}
        return cls(0, np.zeros(draws, dtype=np.int64), False, together, apart)

    def add(self, other: GroupSums) -> None:
        """Add the sums of other events."""
        self.events += other.events
        self.units += other.units
        self.informed = self.informed or other.informed
        for row, sums in other.together.items():
            self.together[row] += sums
        for key, sums in other.apart.items():
            self.apart[key] += sums


@dataclass(frozen=True, eq=False)
class Addition:
    """How the cases of a part are added up.

    Attributes
    ----------
    settings : Settings
    outcome : str
    by : str or None
    """

    settings: Settings
    outcome: str
    by: str | None
    _common: tuple[NDArray[np.float64], ...] = field(init=False)

    def __post_init__(self) -> None:
        draws, seed = self.settings.draws, self.settings.seed
        of_all = generator(seed, "common remainder").random(FEWEST_SUMS)
        object.__setattr__(self, "_common", (*in_common(Parents.of(np.arange(draws)), seed), of_all))

    def of_part(self, content: Any) -> dict[str, GroupSums]:
        """The sums of each group of a part.

        Raises
        ------
        EstimatesError
            If there is no such column, or an event has several values of it.
        """
        first = self.settings.profile.first(self.settings.draws)
        groups: dict[str, GroupSums] = {}
        for case in cases_in(content):
            if case.outcome == self.outcome:
                group = self._group(case)
                groups.setdefault(group, GroupSums.nothing(self.settings.draws))
                self._add(case, groups[group], first)
        return groups

    def _group(self, case: KeptCase) -> str:
        if self.by is None:
            return "all events"
        if self.by not in case.groups:
            raise EstimatesError(f"no column is called {self.by!r}; totals can be by {', '.join(case.groups)}")
        group = case.groups[self.by]
        if group is None:
            raise EstimatesError(f"event {case.event!r} has several values of {self.by!r}; use one")
        return group

    def _add(self, case: KeptCase, sums: GroupSums, first: Any) -> None:
        about, seed = About(case.event, case.outcome, case.at_risk), self.settings.seed
        layer, (errors, remainders, of_all) = self.settings.undocumented.of(case.outcome), self._common
        for row, tolls in tolls_together(about, case.accounts(first), first.kappa, (errors, remainders), layer, seed):
            sums.together[row] += tolls
        for key, tolls in tolls_apart(about, case.tolls, self.settings.profile.kappa, of_all, layer, seed):
            sums.apart[key] += tolls

        sums.events += 1
        if len(case.log_marginal_likelihood):
            sums.units += whole_units(case.log_marginal_likelihood)
            sums.informed = True
