"""What pictures are made of, as far as they ask for it: estimates, profiles and evaluations, and one case of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import pandas as pd

from estimates.errors import EstimatesError
from estimates.inference.cases import Case
from estimates.table.reports import Reports
from estimates.text import clean, shortened
from estimates.vocabulary import ESTIMATED_OUTCOMES

#: How many events an error lists.
_EVENTS_SHOWN = 8


class Estimated(Protocol):
    """What `estimates.Estimates` offers to pictures; its methods are told there."""

    @property
    def reports(self) -> Reports:
        """The table of reports."""
        ...

    @property
    def as_of(self) -> str | None:
        """The time asked for."""
        ...

    @property
    def cases(self) -> tuple[Case, ...]:
        """One per event and outcome."""
        ...

    def ranges(self, levels: Sequence[float] = ..., layers: Sequence[str] = ...) -> pd.DataFrame:
        """Medians and central ranges."""
        ...

    def mass(self, event: str, outcome: str = ..., layer: str = ...) -> pd.DataFrame:
        """A posterior on its grid."""
        ...

    def history(self, events: Sequence[str] | None = ..., outcome: str = ...) -> pd.DataFrame:
        """Ranges after each report."""
        ...

    def sensitivity(self, events: Sequence[str] | None = ...) -> pd.DataFrame:
        """Ranges under other assumptions."""
        ...

    def total(self, outcome: str = ..., by: str | None = ...) -> pd.DataFrame:
        """Totals over events."""
        ...


class Summarised(Protocol):
    """What `estimates.SourceProfile` offers to pictures."""

    def summary(self) -> pd.DataFrame:
        """One row a source or type of source."""
        ...


class Evaluated(Protocol):
    """What a result of `estimates.evaluate` offers to pictures."""

    @property
    def events(self) -> pd.DataFrame:
        """One row per event and method."""
        ...


def events_of(estimates: Estimated) -> list[str]:
    """Names of the events of which something is estimated."""
    return list(dict.fromkeys(case.event for case in estimates.cases))


def outcome_of(estimates: Estimated, outcome: str | None, event: str | None = None) -> str:
    """The outcome asked for, or the first there is in the order of the vocabulary.

    Raises
    ------
    EstimatesError
        If nothing is estimated of it.
    """
    there = [case.outcome for case in estimates.cases if event is None or case.event == event]
    if outcome is None and there:
        return min(there, key=ESTIMATED_OUTCOMES.index)
    if outcome not in there:
        where = "" if event is None else f" of {shortened(clean(event))}"
        known = ", ".join(sorted(set(there), key=ESTIMATED_OUTCOMES.index)) or "nothing"
        raise EstimatesError(f"outcome {outcome!r}: it is not estimated{where}; what is estimated is {known}")
    return str(outcome)


def case_of(estimates: Estimated, event: str | None, outcome: str | None) -> Case:
    """The case asked for; without a name that of the only event there is.

    Raises
    ------
    EstimatesError
        If there is no such event or outcome, or if several events are there and none is named.
    """
    events = events_of(estimates)
    if event is None and len(events) == 1:
        event = events[0]
    if event not in events:
        named = "; ".join(shortened(clean(name)) for name in events[:_EVENTS_SHOWN])
        more = f" and {len(events) - _EVENTS_SHOWN:,} more" if len(events) > _EVENTS_SHOWN else ""
        asked = (
            "this picture is of one event"
            if event is None
            else f"event {shortened(clean(event))!r}: it is not estimated"
        )
        raise EstimatesError(f"{asked}; choose by event= from {named}{more}" if events else "nothing is estimated")
    chosen = outcome_of(estimates, outcome, event)
    return next(case for case in estimates.cases if (case.event, case.outcome) == (event, chosen))
