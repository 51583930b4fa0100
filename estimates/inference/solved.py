"""What one call of `estimate` has worked out, in one object that every later question is answered from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from estimates.errors import EstimatesError
from estimates.inference.cases import Case, Cases
from estimates.inference.posterior import CaseTable, Solution, averaged, by_now, call_weights, case_grid, documented
from estimates.inference.undocumented import UndocumentedLayer
from estimates.models.grid import Grid
from estimates.models.types import Floats
from estimates.profile.profile import SourceProfile
from estimates.vocabulary import LAYERS

#: How many of the cases an error message lists.
_CASES_SHOWN = 20


@dataclass(frozen=True, eq=False)
class Replaced:
    """What a call would have found, had another case stood in the place of one of its own.

    Attributes
    ----------
    case : Case
        The one that stands there instead.
    grid : Grid
    weights : array, shape (draws,)
        Of the profile's draws; they sum to one.
    documented, total : arrays, shape (cells,)
        Probability of each cell for the documentable and the full toll.
    """

    case: Case
    grid: Grid
    weights: Floats
    documented: Floats
    total: Floats


@dataclass(frozen=True, eq=False)
class Solved:
    """The cases of a call, what they were solved with, and the solution.

    Attributes
    ----------
    cases : Cases
    profile : SourceProfile
    seed : int
    undocumented : UndocumentedLayer
        What leads from the documented to the full tolls of the solution.
    solution : Solution
        With one answer for each case, in the order of the cases.
    """

    cases: Cases
    profile: SourceProfile
    seed: int
    undocumented: UndocumentedLayer
    solution: Solution

    @cached_property
    def _by_now(self) -> list[Floats]:
        return by_now(self.cases.cases, self.profile, self.solution.weights.values)

    @cached_property
    def _positions(self) -> dict[tuple[str, str], int]:
        return {(case.event, case.outcome): position for position, case in enumerate(self.cases.cases)}

    def mass(self, position: int, layer: str) -> Floats:
        """Probability of each cell of one case's grid, shape (cells,).

        Parameters
        ----------
        position : int
            Of the case in the call.
        layer : str
            One of "by_now", "documented" and "total".

        Raises
        ------
        EstimatesError
            If there is no such layer.
        """
        check_known(layer, LAYERS, "layer")
        if layer == "by_now":
            return self._by_now[position]
        answer = self.solution.answers[position]
        return answer.documented if layer == "documented" else answer.total

    def position(self, event: str, outcome: str) -> int:
        """Position of one case in the call.

        Raises
        ------
        EstimatesError
            If there is no such case.
        """
        if (event, outcome) not in self._positions:
            known = ", ".join(map(str, list(self._positions)[:_CASES_SHOWN]))
            raise EstimatesError(f"no estimate of {outcome!r} for the event {event!r}; there are: {known}")
        return self._positions[event, outcome]

    def chosen(self, events: Sequence[str] | None) -> list[tuple[int, Case]]:
        """The cases of some events, or of all for None, each with its position."""
        return [(i, case) for i, case in enumerate(self.cases.cases) if events is None or case.event in events]

    def replacing(self, others: Sequence[tuple[int, Case]]) -> Iterator[Replaced]:
        """The same call with one case replaced, for each of several cases with the position that each would take.

        Where the call's own draws could not be weighted, they are not weighted here either: ranges stay comparable.
        """
        for position, case, (log_marginal_likelihood, mass) in with_tables(others, self.profile):
            grid, weights = case_grid(case), self._weights_with(position, log_marginal_likelihood)
            total = self.undocumented.total(mass, weights, self.profile.kappa, grid)
            yield Replaced(case, grid, weights, averaged(mass, weights), total)

    def _weights_with(self, position: int, log_marginal_likelihood: Floats) -> Floats:
        """Weights of the draws with another log marginal likelihood, shape (draws,), of the case at a position."""
        if not self.solution.weights.updated:
            return self.solution.weights.values
        changed = self.solution.log_marginal_likelihood.copy()
        changed[position] = log_marginal_likelihood
        return call_weights(self.cases.cases, changed, self.profile).values


def with_tables(chosen: Sequence[tuple[int, Case]], profile: SourceProfile) -> Iterator[tuple[int, Case, CaseTable]]:
    """Some cases with their positions, each with its posterior for every draw of a profile."""
    tables = documented([case for _, case in chosen], profile)
    for (position, case), table in zip(chosen, tables, strict=True):
        yield position, case, table


def check_known(name: str, allowed: Sequence[str], what: str) -> None:
    """Raise an EstimatesError unless a name is one of those allowed."""
    if name not in allowed:
        raise EstimatesError(f"{what} {name!r} is not known; it is one of {', '.join(allowed)}")
