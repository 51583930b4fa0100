"""The cases of small events against the same rules written row by row."""

from __future__ import annotations

from dataclasses import astuple
from typing import Any

import pytest
from helpers.small_events import small_events
from oracles import plain_events

from estimates import read_reports
from estimates.inference.cases import Case, gather
from estimates.models.event import Observations
from estimates.profile.priors import BIN_SHARES


def found_in(case: Case) -> dict[str, Any]:
    """What the oracle tells of a case, as the package has it; and that nothing else is said."""
    ((share, observed),) = case.alternatives
    idle = Observations(
        observed.statements, numbers_given=observed.numbers_given, by_now=observed.by_now, distance=observed.distance
    )
    assert (share, observed, case.passed_over, case.floor) == (1.0, idle, (), None)
    return {
        "keys": [tuple(key) for key in case.keys],
        "statements": [astuple(statement) for statement in observed.statements],
        "numbers_given": observed.numbers_given,
        "by_now": observed.by_now,
        "distance": pytest.approx(observed.distance, rel=1e-12, abs=1e-12),
        "reported_low": case.reported_low,
        "reported_high": case.reported_high,
    }


@pytest.mark.parametrize("seed", range(3))
def test_cases_of_small_events_are_those_written_row_by_row(seed: int) -> None:
    """Who speaks, in which bin and order, what each says, and how far they lie apart: event by event, and no others."""
    table = small_events(400, seed)
    cases = gather(read_reports(table).estimated_reports, BIN_SHARES, None).cases
    assert [case.event for case in cases] == sorted(set(table["event"]))

    of_event = {str(event): rows.to_dict("records") for event, rows in table.groupby("event")}
    for case in cases:
        assert plain_events.case(of_event[case.event]) == found_in(case), case.event
    assert len({case.alternatives for case in cases}) > 200  # what is kept of one event is not taken for another's
