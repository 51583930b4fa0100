"""MAVERICK: what every source reported of an event."""

from __future__ import annotations

import pytest
from helpers.databases import MAVERICK, MAVERICK_LONG, imported, notes_with, read_back, reports_of

from estimates.errors import ReportsError
from estimates.models.wording import Words


def report_row(**cells: object) -> dict[str, object]:
    """A row as the package eventreport has them."""
    return {
        "id": 1,
        "event_id": "AAA-0001",
        "country": "Country A",
        "date_start": "2011-01-11",
        "date_end": "2011-01-12",
        "city": "Town A",
        "deaths_best": 5,
        "deaths_low": 5,
        "deaths_high": 5,
        "injuries_best": 0,
        "injuries_low": 0,
        "injuries_high": 0,
        "source": "Agency (2011-01-13) Five die in Town A",
        "source_author": "Agency",
        "source_type": "International news agency",
        "source_classification": 2,
        **cells,
    }


def long_row(**cells: object) -> dict[str, object]:
    """The same, one row a quantity."""
    return {
        "event_id": "AAA-0001",
        "event_name": "Country A: Protest Town A",
        "date": "2011-01-11",
        "date_end": "2011-01-12",
        "source": "Agency",
        "reported_at": "2011-01-13",
        "quantity": "killed",
        "value_low": 5,
        "value": 5,
        "value_high": 5,
        "bound": "exact",
        "note": "Agency (2011-01-13) Five die in Town A",
        "source_type": "International news agency",
        "source_classification": "2.0",
        "country": "Country A",
        **cells,
    }


def test_a_report_is_by_who_wrote_it_on_the_day_it_was_written() -> None:
    """The source is the author, its day stands in brackets in the source, and the event's days are a range."""
    (report,) = reports_of("maverick", MAVERICK, report_row())
    assert (report.event, report.source, report.source_type) == ("AAA-0001", "Agency", "international_media")
    assert (report.reported_at, report.event_date) == ("2011-01-13", "2011-01-11/2011-01-12")
    assert (report.outcome, report.said) == ("killed", Words("exactly", 5, 5))
    assert (report.event_type, report.place) == ("attack", "Country A")
    assert "Five die in Town A" in report.note


def test_both_layouts_give_the_same_reports() -> None:
    """The wide rows of eventreport and one row a quantity are the same reports, but for their notes."""
    wide = report_row(injuries_best=3, injuries_low=2, injuries_high=3)
    long = [long_row(), long_row(quantity="injured", value_low=2, value=3, value_high=3, bound="range")]
    columns = ("event", "source", "source_type", "outcome", "said", "reported_at", "event_date", "event_type", "place")
    one, other = (
        [[getattr(report, column) for column in columns] for report in reports]
        for reports in (reports_of("maverick", MAVERICK, wide), reports_of("maverick", MAVERICK_LONG, *long))
    )
    assert one == other
    assert [row[4] for row in one] == [Words("exactly", 5, 5), Words("range", 2, 3)]


def test_zeros_are_no_figures() -> None:
    """0 can mean that a report does not mention the dead or the injured: no report is made of it."""
    found = imported("maverick", MAVERICK, report_row(), report_row(id=2, deaths_best=0, deaths_low=0, deaths_high=0))
    assert len(read_back(found)) == 1
    assert notes_with(found, "line 3: no figure of killed: 0 can mean")


def test_ranges_from_nobody_and_numbers_outside_their_range() -> None:
    """A range that begins at 0 stays one; where best lies outside low and high, best is the figure and it is told."""
    rows = [
        report_row(deaths_best=0, deaths_low=0, deaths_high=2),
        report_row(id=2, deaths_best=4, deaths_low=2, deaths_high=3),
    ]
    found = imported("maverick", MAVERICK, *rows)
    assert [report.said for report in read_back(found)] == [Words("range", 0, 2), Words("exactly", 4, 4)]
    assert notes_with(found, "line 3: the best number of killed lies outside")


def test_days_that_stand_in_the_wrong_order_are_the_ends_all_the_same() -> None:
    """The published rows have a few last days before the first: both are ends of the time, and it is told."""
    found = imported("maverick", MAVERICK, report_row(date_start="2011-01-12", date_end="2011-01-11"))
    assert read_back(found)[0].event_date == "2011-01-11/2011-01-12"
    assert notes_with(found, "date_end is before date_start")


def test_a_source_without_a_day_has_none() -> None:
    """Where no day stands in brackets the age is unknown, and the notes count such reports."""
    found = imported("maverick", MAVERICK, report_row(source="Agency: Five die", source_author=""))
    (report,) = read_back(found)
    assert (report.source, report.reported_at) == ("Agency: Five die", None)
    assert notes_with(found, "1 of 1 report have no reported_at")


def test_types_of_source_that_are_new_are_unknown() -> None:
    """A type that the data do not have is told and taken for unknown."""
    found = imported("maverick", MAVERICK, report_row(source_type="Blog"))
    assert read_back(found)[0].source_type == "unknown"
    assert notes_with(found, "source_type 'Blog'")


def test_other_quantities_are_faults() -> None:
    """The long form counts killed and injured; another quantity is told with its line."""
    with pytest.raises(ReportsError, match="line 3, quantity: 'tanks' is neither killed nor injured"):
        imported("maverick", MAVERICK_LONG, long_row(), long_row(quantity="tanks"))
