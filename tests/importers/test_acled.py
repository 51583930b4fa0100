"""ACLED: one figure an event and day, the lowest of its sources."""

from __future__ import annotations

from typing import Any

import pytest
from helpers.databases import ACLED, imported, notes_with, read_back, reports_of

from estimates.errors import ReportsError
from estimates.models.wording import Words


def event(**cells: object) -> dict[str, object]:
    """A row as ACLED has them."""
    return {
        "event_id_cnty": "AAA101",
        "event_date": "2023-02-16",
        "time_precision": 1,
        "event_type": "Battles",
        "sub_event_type": "Armed clash",
        "actor1": "Military Forces of A",
        "actor2": "B",
        "country": "Country A",
        "admin1": "North",
        "location": "Town A",
        "source": "Agency; Radio A",
        "notes": "On 16 February 2023, A and B clashed in Town A. At least 7 were killed.",
        "fatalities": 7,
        "timestamp": 1676909320,
        **cells,
    }


def one(**cells: object) -> Any:
    (report,) = reports_of("acled", ACLED, event(**cells))
    return report


def test_fatalities_are_at_least_so_many() -> None:
    """ACLED records the lowest number where sources differ: its figure is a lower one, dated by its upload."""
    report = one()
    assert (report.source, report.source_type) == ("ACLED", "monitor")
    assert report.said == Words("at_least", 7, 7)
    assert report.event == "Town A 2023-02-16 (ACLED AAA101)"
    assert (report.event_date, report.place, report.event_type) == ("2023-02-16", "Country A", "attack")
    assert report.reported_at == "2023-02-20T16:08Z"
    for told in ("AAA101", "Agency; Radio A", "Military Forces of A", "At least 7 were killed"):
        assert told in report.note


def test_no_fatalities_is_no_figure() -> None:
    """0 stands where sources say nothing of deaths: such rows are left out, and nobody's death is denied."""
    found = imported("acled", ACLED, event(), event(event_id_cnty="AAA102", fatalities=0))
    assert len(read_back(found)) == 1
    assert notes_with(found, "line 3: left out: fatalities is 0")
    with pytest.raises(ReportsError, match="none of its 1 row gives a report"):
        imported("acled", ACLED, event(fatalities=0))


@pytest.mark.parametrize("number", [3, 10, 12, 100])
def test_numbers_that_stand_for_words_are_pointed_at(number: int) -> None:
    """3 or 10 stand for several or many as well, 12 for dozens, 100 for hundreds: a note gives the lines."""
    found = imported("acled", ACLED, event(fatalities=number), event(event_id_cnty="AAA102"))
    (note,) = notes_with(found, "may stand for several")
    assert note.startswith("line 2: ")


def test_days_that_are_the_middle_of_a_week_or_month() -> None:
    """With precision 2 the day is the middle of a week, with 3 that of a month: neither is taken for the day."""
    assert one(time_precision=2).event_date == "2023-02-13/2023-02-19"
    assert one(time_precision=3, event_date="2023-02-15").event_date == "2023-02"


@pytest.mark.parametrize(
    ("sub_event", "event_type"),
    [
        ("Air/drone strike", "airstrike"),
        ("Shelling/artillery/missile attack", "shelling"),
        ("Suicide bomb", "bombing"),
        ("Remote explosive/landmine/IED", "bombing"),
        ("Mob violence", "attack"),
        ("", "attack"),
    ],
)
def test_types_of_event(sub_event: str, event_type: str) -> None:
    """The sub-event says how people were hit; where it does not, it is an attack."""
    assert one(sub_event_type=sub_event).event_type == event_type


def test_older_headers_are_the_same() -> None:
    """Capitals, and columns that ACLED dropped in 2023, make no other file of it."""
    header = [name.upper() for name in ACLED] + ["DATA_ID", "EVENT_ID_NO_CNTY", "ISO3"]
    row = {name.upper(): cell for name, cell in event(data_id=1, iso3="AAA").items()}
    found = imported("acled", header, row)
    assert read_back(found)[0].low == 7
    assert not notes_with(found, "not in the codebook")


@pytest.mark.parametrize("day", ["16 February 2023", "16-02-2023", "2023-02-16"])
def test_days_as_older_files_have_them(day: str) -> None:
    """Before 2023 ACLED wrote days as 16 February 2023 or with the day first."""
    assert one(event_date=day).event_date == "2023-02-16"
    assert one(event_date="03-02-2023").event_date == "2023-02-03"


def test_an_upload_that_is_no_time_is_a_fault() -> None:
    """A timestamp beyond all calendars is told with its line."""
    with pytest.raises(ReportsError, match="line 2, timestamp"):
        one(timestamp=999_999_999_999)
