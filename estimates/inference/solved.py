"""What one call of `estimate` has worked out, in one object that every later question is answered from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from estimates.errors import EstimatesError
from estimates.inference.cases import Case, Cases
from estimates.inference.posterior import USUAL, Effort, EventCases, Solution, SolvedEvent, events_of, solved_events
from estimates.inference.undocumented import UndocumentedLayer
from estimates.models.types import Floats
from estimates.profile.profile import SourceProfile
from estimates.progress import Progress, told
from estimates.table.coverage import Coverage
from estimates.table.faults import did_you_mean
from estimates.vocabulary import LAYERS

#: How many of the cases an error message lists.
_CASES_SHOWN = 20


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
    coverage : Coverage or None
        Who was declared to watch what.
    effort : Effort
        That was spent.
    """

    cases: Cases
    profile: SourceProfile
    seed: int
    undocumented: UndocumentedLayer
    solution: Solution
    coverage: Coverage | None = None
    effort: Effort = USUAL

    @cached_property
    def events(self) -> dict[str, EventCases]:
        """The events of the call by name."""
        return {event.name: event for event in events_of(self.cases, self.profile)}

    @cached_property
    def _by_now(self) -> list[Floats]:
        return self._looked_at_now(None)

    def look_at_now(self, progress: Progress | None) -> None:
        """Work out what is documented by now for all events, unless it is known; it is done when first asked for."""
        if "_by_now" not in vars(self):
            vars(self)["_by_now"] = self._looked_at_now(progress)

    def _looked_at_now(self, progress: Progress | None) -> list[Floats]:
        events = list(self.events.values())
        found = told(solved_events(events, self.profile, by_now=True, effort=self.effort), len(events), progress)
        return [event.documented(place) for event in found for place in range(len(event.cases))]

    def remember_by_now(self, masses: Sequence[Floats]) -> None:
        """Take probabilities of what is documented by now, shape (cells,) for each case, as they were found before."""
        vars(self)["_by_now"] = list(masses)

    @property
    def knows_by_now(self) -> bool:
        """Whether what is documented by now was worked out already."""
        return "_by_now" in vars(self)

    @cached_property
    def _positions(self) -> dict[tuple[str, str], int]:
        return {(case.event, case.outcome): position for position, case in enumerate(self.cases.cases)}

    def layer_of(self, position: int, layer: str) -> str:
        """The layer that answers where one is asked for: of outcomes without layers what is documented in the end.

        Raises
        ------
        EstimatesError
            If there is no such layer.
        """
        check_known(layer, LAYERS, "layer")
        return layer if self.cases.cases[position].about.has_layers else "documented"

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
        layer = self.layer_of(position, layer)
        if layer == "by_now":
            return self._by_now[position]
        answer = self.solution.answers[position]
        return (answer.documented if layer == "documented" else answer.total).astype(float)

    def mass_of_one(self, position: int, layer: str) -> Floats:
        """The same, shape (cells,), where no other event is asked about: by now is not worked out for all of them."""
        if self.layer_of(position, layer) != "by_now" or self.knows_by_now:
            return self.mass(position, layer)
        event = self.cases.cases[position].event
        (found,) = solved_events([self.events[event]], self.profile, by_now=True, effort=self.effort)
        return found.documented(self.solution.events[event].positions.index(position))

    def position(self, event: str, outcome: str) -> int:
        """Position of one case in the call.

        Raises
        ------
        EstimatesError
            If there is no such case.
        """
        if (event, outcome) not in self._positions:
            known = ", ".join(map(str, list(self._positions)[:_CASES_SHOWN]))
            others = len(self._positions) - _CASES_SHOWN
            known += f" and {others:,} others" if others > 0 else ""
            meant = did_you_mean(event, list(self.events)) if event not in self.events else ""
            asked = f"no estimate of {outcome!r} for the event {event!r}"
            raise EstimatesError("; ".join(filter(None, [asked, meant, f"there are: {known}"])))
        return self._positions[event, outcome]

    def chosen(self, events: Sequence[str] | None) -> list[tuple[int, Case]]:
        """The cases of some events, or of all for None, each with its position."""
        wanted = None if events is None else set(events)
        return [(i, case) for i, case in enumerate(self.cases.cases) if wanted is None or case.event in wanted]

    def with_tables(self, events: Sequence[str] | None) -> Iterator[tuple[int, SolvedEvent, int]]:
        """The cases of some events, or of all for None: position, the event for every draw, and place in the event."""
        wanted = None if events is None else set(events)
        chosen = [event for event in self.events.values() if wanted is None or event.name in wanted]
        for event, found in zip(chosen, solved_events(chosen, self.profile, effort=self.effort), strict=True):
            for place, position in enumerate(self.solution.events[event.name].positions):
                yield position, found, place


def check_known(name: str, allowed: Sequence[str], what: str) -> None:
    """Raise an EstimatesError unless a name is one of those allowed."""
    if name not in allowed:
        raise EstimatesError(f"{what} {name!r} is not known; it is one of {', '.join(allowed)}")
