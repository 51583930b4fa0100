"""Rules of events over whole columns give what going through the rows one by one gives."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from oracles.event_rules import conflicts, shared

from estimates.table.column import column_of, constant
from estimates.table.events import share_within_events
from estimates.table.faults import Faults
from estimates.table.figures import Reading
from estimates.wording.figure import Figure

VALUES: dict[str, list[Any]] = {
    "event": ["Idlib", "Homs", "Idlib", None],
    "outcome": ["killed", "killed", "injured", None],
    "scope": ["event", "event", "event", "period", None],
    "event_date": [None, "2020-01-15", "2020-01", "2020", "2020-01-16", "2020-02-01/2020-02-03", "2020-01-15T10:30"],
    "event_type": ["unknown", "airstrike", "airstrike", "shelling", None],
    "chosen": [None, True, False],
    "copies_removed": [False, True, None],
    "at_risk": [None, 100, 200],
    "verified": [None, 20, "51-103", "at least 20"],
}
ROWS = st.lists(st.fixed_dictionaries({name: st.sampled_from(values) for name, values in VALUES.items()}), max_size=10)


def columns(rows: list[dict[str, Any]], **single: object) -> dict[str, list[Any]]:
    """Rows as columns; some columns have one value each."""
    return {name: [single.get(name, row[name]) for row in rows] for name in VALUES}


def after(table: dict[str, list[Any]]) -> tuple[dict[str, list[Any]], set[tuple[int, str]]]:
    """The columns once rules are applied, and the cells at fault; figures are lists of nobody, which bind nothing."""
    size = len(table["event"])
    values = {name: column_of(cells) for name, cells in table.items()} | {"definition": constant(None, size)}
    faults = Faults(list(range(size)))
    share_within_events(values, constant(Reading(Figure("none", 0, 0)), size), faults)
    return {name: list(values[name]) for name in VALUES}, faults.cells


@given(ROWS)
def test_contradictions_are_those_found_row_by_row(rows: list[dict[str, Any]]) -> None:
    """Each cell that differs from the first of its event, or of its outcome of the event, is at fault and no other."""
    table = columns(rows, verified=None)
    assert after(table)[1] == conflicts(table)


@given(ROWS)
def test_tolls_that_differ_are_those_found_row_by_row(rows: list[dict[str, Any]]) -> None:
    """So it is with verified tolls, of events where nobody was counted beforehand."""
    table = columns(rows, at_risk=None)
    assert after(table)[1] == conflicts(table)


#: What contradicts nothing, whichever rows it stands in.
AGREED = {"event_type": "airstrike", "chosen": True, "copies_removed": True, "at_risk": 100, "verified": 20}


@given(ROWS)
def test_dates_are_shared_as_row_by_row_they_are(rows: list[dict[str, Any]]) -> None:
    """The most precise date, or the earliest of those that cannot all be true, stands in all rows of single events."""
    table = columns(rows, **AGREED)
    assert after(table) == (shared(table), set())


@given(ROWS, st.sampled_from(sorted(AGREED)), st.lists(st.booleans(), min_size=10, max_size=10))
def test_one_value_is_shared_as_row_by_row_it_is(rows: list[dict[str, Any]], name: str, given_in: list[bool]) -> None:
    """Types, tolls and how many were there stand in all rows of an event or outcome that one row gives them to."""
    table = columns(rows, **AGREED)
    if name != "copies_removed":
        nothing = VALUES[name][0]
        table[name] = [AGREED[name] if is_given else nothing for is_given, _ in zip(given_in, rows, strict=False)]
    assert after(table) == (shared(table), set())
