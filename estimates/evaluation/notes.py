"""What the reader of the scores must know of the events that were scored, and of those that were not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from estimates.evaluation.cases import ScoredCase, same_day, verified_reports
from estimates.evaluation.rivals import has_nothing_to_multiply
from estimates.table.reports import Reports

#: Below so many events a share of ranges that hold the toll says little.
FEW_EVENTS = 30
#: A note names at most so many events.
EVENTS_NAMED = 10


def reader_notes(
    reports: Reports, cases: Sequence[ScoredCase], events: pd.DataFrame, provenance: Mapping[str, Any]
) -> Iterator[str]:
    """One sentence for each thing to know, with the names of the events it is about.

    Parameters
    ----------
    reports : Reports
        All reports that were given.
    cases : sequence of ScoredCase
    events : DataFrame
        As in ``Evaluation.events``.
    provenance : mapping
        As in ``Evaluation.provenance``.
    """
    verified = set(verified_reports(reports, provenance["outcome"]).table["event"])
    days = f"{provenance['within_days']:g} days"
    learned_from = set(events.loc[events["in_sample"], "event"])
    same_days = (
        case.event for case in cases for other in cases if other is not case and same_day(case.date, other.date)
    )

    nothing = {case.event for case in cases if has_nothing_to_multiply(case.known)}
    about = {
        f"without a figure younger than {days}, not scored": verified - {case.event for case in cases},
        "toll a lower bound, scored as that number": {case.event for case in cases if case.high is None},
        "toll a range, scored against the whole of it": {case.event for case in cases if case.highest > case.low},
        "of the same day as another, not used for one another": set(same_days),
        "with a figure or a toll of 0, left out by the rivals of a class": nothing,
        "among those the profile was learned from, which flatters their scores": learned_from,
    }
    yield from (_named(what, named) for what, named in about.items() if named)

    if len(cases) < FEW_EVENTS:
        yield f"{len(cases)} events are few: shares of tolls in ranges are uncertain, see their p-values"


def _named(what: str, events: set[str]) -> str:
    more = f" and {len(events) - EVENTS_NAMED:,} more" if len(events) > EVENTS_NAMED else ""
    names = ", ".join(sorted(events)[:EVENTS_NAMED])
    return f"{len(events)} event{'s' * (len(events) != 1)} {what}: {names}{more}"
