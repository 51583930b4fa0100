"""The cases of a table: what each of them rests on, and the marks of their events."""

from __future__ import annotations

from typing import Any

import pytest
from helpers.tables import exactly

from estimates import load_example, read_reports
from estimates.inference.cases import Case, Cases, gather
from estimates.profile.priors import BIN_SHARES
from estimates.table.dates import parse_time
from estimates.table.marks import event_marks

#: Others speak of other events under other types, quote in circles, and are later and earlier.
OTHERS = [
    exactly("hospital", 5, event="a", source_type="health"),
    exactly("hospital", 9, event="z", source_type="un", reported_at=None),
    exactly("wire", 9, event="z", quotes="paper", source_type="monitor"),
    exactly("paper", 9, event="z", quotes="wire", source_type="government"),
    exactly("late", 4, event="y", event_date="2020-03-01", reported_at="2020-03-02"),
    exactly("hospital", 4, event="x", event_date=None, reported_at=None, outcome="missing"),
]
MINE = [
    exactly("wire", 18, quotes="hospital"),
    exactly("paper", 21, quotes="hospital", reported_at="2020-01-17"),
    exactly("monitor", 40, source_type="monitor", reported_at=None),
    exactly("wire", 60, outcome="injured", source_type="international_media"),
]


def cases(rows: list[dict[str, Any]], as_of: str | None = None) -> Cases:
    return gather(read_reports(rows).estimated_reports, BIN_SHARES, None if as_of is None else parse_time(as_of))


def of(found: Cases, event: str) -> list[Case]:
    return [case for case in found.cases if case.event == event]


@pytest.mark.extended
@pytest.mark.parametrize("as_of", [None, "2020-01-16", "2020-06"])
def test_the_cases_of_an_event_rest_on_its_own_reports(as_of: str | None) -> None:
    """They are equal to the last field whatever other events are in the table, and before or after them."""
    alone = of(cases(MINE, as_of), "one")
    assert len(alone) == 2
    assert of(cases([*OTHERS, *MINE], as_of), "one") == alone
    assert of(cases([*MINE, *OTHERS[::-1]], as_of), "one") == alone

    together = cases([*OTHERS, *MINE], as_of)
    for event in ("a", "x", "y", "z"):
        own = [row for row in OTHERS if row["event"] == event]
        assert of(cases(own, as_of), event) == of(together, event)


def test_the_cases_of_the_example_rest_on_their_own_reports() -> None:
    """Both events of the Idlib article have the same cases when the other is left out."""
    reports = load_example()
    found = gather(reports.estimated_reports, BIN_SHARES, None)
    for event in {case.event for case in found.cases}:
        alone = gather(reports.rows(reports.table["event"] == event).estimated_reports, BIN_SHARES, None)
        assert of(found, event) == list(alone.cases)


def test_a_source_that_is_only_quoted_has_the_type_it_has_in_the_event() -> None:
    """The type given beside another outcome counts; one that is given in other events alone does not."""
    (key,) = (key for key in of(cases([*MINE, *OTHERS]), "one")[0].keys if key.source == "hospital")
    assert key.source_type == "unknown"
    typed = exactly("hospital", 3, outcome="missing", source_type="health")
    (key,) = (key for key in of(cases([*MINE, typed]), "one")[0].keys if key.source == "hospital")
    assert key.source_type == "health"


@pytest.mark.parametrize("as_of", [None, "2020-01-15", "2019"])
def test_an_event_has_one_mark_as_of_any_date(as_of: str | None) -> None:
    """Reports that are later than the date asked for enter the mark, so that a profile knows the event before them."""
    found = cases([*MINE, *OTHERS], as_of)
    assert found.marks == event_marks(read_reports([*MINE, *OTHERS]).reports)
    assert found.marks["one"] == cases(MINE).marks["one"]
