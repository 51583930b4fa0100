"""Airwars: civilians reported killed and injured, and what belligerents conceded."""

from __future__ import annotations

import pytest
from helpers.databases import AIRWARS, imported, notes_with, read_back, reports_of

from estimates.errors import ReportsError
from estimates.models.wording import Words

KILLED, INJURED = "civilian_non_combatants_killed", "civilian_non_combatants_injured"


def incident(**cells: object) -> dict[str, object]:
    """A row as Airwars' website writes them."""
    return {
        "code": "CS1",
        "permalink": "https://airwars.org/civilian-casualties/cs1",
        "post_published": "2017-04-01 09:00:00",
        "post_modified": "2019-05-01 10:00:00",
        "date_type": "single_date",
        "date": "2017-03-17",
        "country_name": "Country A",
        "location_name": "Town A",
        "strike_type_name": "Airstrike",
        "civilian_harm_status_name": "Fair",
        f"{KILLED}_min": 105,
        f"{KILLED}_max": 141,
        "num_victims_named": 80,
        **cells,
    }


def test_civilians_reported_killed() -> None:
    """The lowest and the highest claim are a range of one source, Airwars, about civilians alone."""
    (report,) = reports_of("airwars", AIRWARS, incident())
    assert (report.source, report.source_type, report.outcome) == ("Airwars", "monitor", "killed")
    assert report.said == Words("range", 105, 141)
    assert (report.population, report.group) == ("civilians", "all")
    assert (report.event, report.event_date) == ("Town A 2017-03-17 (Airwars CS1)", "2017-03-17")
    assert (report.reported_at, report.event_type) == ("2019-05-01", "airstrike")
    assert report.url == "https://airwars.org/civilian-casualties/cs1"
    assert "grading: Fair" in report.note


def test_named_victims_are_no_floor() -> None:
    """Victims that are named may have been injured, and were named by sources: no layer may rest on their number."""
    (report,) = reports_of("airwars", AIRWARS, incident())
    assert not report.is_floor
    assert "victims named: 80" in report.note


def test_injured_and_open_ends() -> None:
    """Injured are a report of their own; one end alone, or two that are equal, is a number."""
    cells = {f"{KILLED}_min": 4, f"{KILLED}_max": 4, f"{INJURED}_min": 10, f"{INJURED}_max": ""}
    killed, injured = reports_of("airwars", AIRWARS, incident(**cells))
    assert (killed.outcome, killed.said) == ("killed", Words("exactly", 4, 4))
    assert (injured.outcome, injured.said) == ("injured", Words("exactly", 10, 10))


def test_what_a_belligerent_conceded_is_its_own_figure() -> None:
    """Deaths that a belligerent conceded are a figure of that side about its own strike."""
    conceded = {
        "belligerent_1_belligerent_name": "Coalition A",
        "belligerent_1_deaths_conceded_min": 100,
        "belligerent_1_deaths_conceded_max": 105,
        "belligerent_2_belligerent_name": "Government A",
        "belligerent_2_deaths_conceded_min": "",
    }
    of_airwars, of_coalition = reports_of("airwars", AIRWARS, incident(**conceded))
    assert of_airwars.source == "Airwars"
    assert (of_coalition.source, of_coalition.source_type) == ("Coalition A", "party")
    assert (of_coalition.affiliation, of_coalition.population) == ("own_strike", "civilians")
    assert of_coalition.said == Words("range", 100, 105)


def test_discounted_incidents_and_nobody_hit_are_left_out() -> None:
    """Discounted says that combatants were hit or others did it; zeros and empty cells say nothing of civilians."""
    rows = [
        incident(),
        incident(code="CS2", civilian_harm_status_name="Discounted"),
        incident(code="CS3", **{f"{KILLED}_min": 0, f"{KILLED}_max": 0}),
        incident(code="CS4", **{f"{KILLED}_min": "", f"{KILLED}_max": ""}),
    ]
    found = imported("airwars", AIRWARS, *rows)
    assert [report.event for report in read_back(found)] == ["Town A 2017-03-17 (Airwars CS1)"]
    assert notes_with(found, "line 3: left out: graded discounted")
    assert notes_with(found, "lines 4, 5: left out: no civilians")


@pytest.mark.parametrize(
    ("strike", "event_type"),
    [
        ("Airstrike", "airstrike"),
        ("Drone Strike", "airstrike"),
        ("Artillery", "shelling"),
        ("Airstrike and/or Artillery", "attack"),
        ("Counter-Terrorism Action (Ground)", "attack"),
        ("", "attack"),
    ],
)
def test_types_of_event(strike: str, event_type: str) -> None:
    """One kind of strike is its type; several kinds, or others, are an attack."""
    (report,) = reports_of("airwars", AIRWARS, incident(strike_type_name=strike))
    assert report.event_type == event_type


def test_incidents_of_several_days() -> None:
    """A range of days is the date of the event where the file says that it is one."""
    days = {"date_type": "date_range", "date_end": "2017-03-19"}
    assert reports_of("airwars", AIRWARS, incident(**days))[0].event_date == "2017-03-17/2017-03-19"
    assert reports_of("airwars", AIRWARS, incident(date_end="2017-03-19"))[0].event_date == "2017-03-17"


def test_a_lowest_claim_above_the_highest_is_a_fault() -> None:
    """Ends that are swapped are told with line and column."""
    with pytest.raises(ReportsError, match=f"line 2, {KILLED}_min: '9' is above {KILLED}_max '5'"):
        imported("airwars", AIRWARS, incident(**{f"{KILLED}_min": 9, f"{KILLED}_max": 5}))
