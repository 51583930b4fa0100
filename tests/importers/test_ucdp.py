"""UCDP GED: one figure an event, the coders' best estimate."""

from __future__ import annotations

from typing import Any

import pytest
from helpers.databases import UCDP, imported, notes_with, read_back, reports_of
from hypothesis import given
from hypothesis import strategies as st

from estimates.errors import ReportsError
from estimates.models.wording import Words


def event(**cells: object) -> dict[str, object]:
    """A row as UCDP has them: a clash of one day."""
    return {
        "id": 101,
        "relid": "AAA-2021-1-5-1",
        "type_of_violence": 1,
        "dyad_name": "Government of A - B",
        "number_of_sources": 1,
        "source_article": '"Agency, 2021-03-02, 12 killed" https://example.org/a',
        "source_original": "police",
        "where_coordinates": "Town A",
        "country": "Country A",
        "event_clarity": 1,
        "date_prec": 1,
        "date_start": "2021-03-01 00:00:00.000",
        "date_end": "2021-03-01 00:00:00.000",
        "deaths_a": 2,
        "deaths_b": 5,
        "deaths_civilians": 4,
        "deaths_unknown": 1,
        "best": 12,
        "high": 15,
        "low": 10,
        **cells,
    }


def one(**cells: object) -> Any:
    (report,) = reports_of("ucdp", UCDP, event(**cells))
    return report


def test_best_is_the_figure_of_one_source() -> None:
    """An event is one report of UCDP GED of people killed; low, high and the deaths of each side are told beside it."""
    report = one()
    assert (report.source, report.source_type, report.outcome) == ("UCDP GED", "monitor", "killed")
    assert report.said == Words("exactly", 12, 12)
    assert (report.event, report.event_date) == ("Town A 2021-03-01 (UCDP GED 101)", "2021-03-01")
    assert (report.event_type, report.place, report.scope) == ("attack", "Country A", "event")
    assert not report.is_part
    for told in ("low 10, best 12, high 15", "side a: 2", "side b: 5", "civilians: 4", "unknown: 1", "AAA-2021-1-5-1"):
        assert told in report.note
    assert '"Agency, 2021-03-02, 12 killed"' in report.note
    assert report.url == "https://example.org/a"


def test_the_sides_are_no_reports_of_their_own() -> None:
    """Best is the sum of the sides, so parts beside it would say the same thing twice; a sum that differs is told."""
    found = imported("ucdp", UCDP, event(), event(id=102, best=13))
    assert [report.group for report in read_back(found)] == ["all", "all"]
    assert notes_with(found, "not the sum") == [
        "line 3: best is not the sum of the deaths of the sides, civilians and unknown; best is the figure"
    ]


def test_a_best_of_nobody_below_a_high_is_a_range() -> None:
    """Where best is 0 and high is not, nobody was counted and nobody ruled out: 0 is not what UCDP says."""
    report = one(best=0, low=0, high=7, deaths_a=0, deaths_b=0, deaths_civilians=0, deaths_unknown=0)
    assert report.said == Words("range", 0, 7)


@pytest.mark.extended
@given(numbers=st.lists(st.integers(0, 9_000), min_size=3, max_size=3), ordered=st.booleans())
def test_every_figure_is_best_or_the_range_above_nobody(numbers: list[int], ordered: bool) -> None:
    """Whatever the three numbers are, in order or not, the figure is best unless that is 0 and high is not."""
    low, best, high = sorted(numbers) if ordered else numbers
    report = one(low=low, best=best, high=high)
    if best:
        assert report.said == Words("exactly", best, best)
    elif high:
        assert report.said == Words("range", 0, high)
    else:
        assert report.wording == "none"


def test_sums_over_several_incidents_are_of_a_period() -> None:
    """An event_clarity of 2 says that the sources told several incidents together: such a row is not estimated."""
    report = one(event_clarity=2, date_start="2021-03-01", date_end="2021-03-09")
    assert (report.scope, report.period_start, report.period_end) == ("period", "2021-03-01", "2021-03-09")
    assert not report.is_estimated
    assert one(event_clarity=2).period_end == "2021-03-01"


def test_numbers_that_a_spreadsheet_made_floating_are_the_same() -> None:
    """ "300380.0" and "12.0" are the id 300380 and the figure 12."""
    report = one(id="101.0", best="12.0", low="10.0", high="15.0", event_clarity="2.0")
    assert (report.event, report.low, report.scope) == ("Town A 2021-03-01 (UCDP GED 101)", 12, "period")


def test_cells_that_cannot_be_read_are_told_together() -> None:
    """Each wrong cell of a file is a fault with its line and column, and nothing is imported."""
    rows = [event(best="many", date_start="soon"), event(id=102, best="", low=-1), event(id=103)]
    with pytest.raises(ReportsError) as raised:
        imported("ucdp", UCDP, *rows)
    assert [(fault.line, fault.column) for fault in raised.value.faults] == [
        (2, "date_start"), (2, "best"), (3, "low"), (3, "best"),
    ]  # fmt: skip


def test_a_file_cut_to_a_few_columns_is_imported() -> None:
    """The figure needs its id, days and three numbers; what else could have been used is told."""
    header = ["id", "type_of_violence", "date_start", "date_end", "best", "high", "low"]
    row = {"id": 7, "date_start": "2021-03-01", "date_end": "2021-03-01", "best": 3, "high": 3, "low": 3}
    found = imported("ucdp", header, row)
    assert read_back(found)[0].event == "place unknown 2021-03-01 (UCDP GED 7)"
    (note,) = notes_with(found, "could have been used")
    assert "event_clarity" in note
