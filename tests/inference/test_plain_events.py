"""Cases made from the columns of a table are those that all rules make of its rows."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from helpers.small_events import small_events
from hypothesis import given
from hypothesis import strategies as st

from estimates import load_example, read_reports
from estimates.inference import gathering
from estimates.inference.cases import gather
from estimates.inference.gathering import gather_table
from estimates.inference.plain_events import PlainEvents, split_off
from estimates.profile.priors import BIN_SHARES
from estimates.table.dates import parse_time
from estimates.table.reports import Reports

#: Days and times, so that some of one day have a clock time and others none.
TIMES = (
    "2020-01-15",
    "2020-01-15T09:30",
    "2020-01-15T18:00",
    "2020-01-16",
    "2020-01-16T09:30",
    "2020-01-20",
    "2020-04",
)
FIGURES = (
    "3", "5", "18", "2,000", "at least 4", "more than 4", "up to 9", "about 30", "4 to 6", "0 to 3", "dozens", "none",
    "0", "five", "no comment",
)  # fmt: skip
PLAIN = {"event_date": "2020-01-15", "reported_at": "2020-01-16", "figure": "5"}


@st.composite
def rows(draw: st.DrawFn) -> dict[str, Any]:
    """A row that is plain, or has one or two of the things that bring a rule with them."""
    row = {
        "event": draw(st.sampled_from(["a", "b", "c", "č", "Z"])),
        "source": draw(st.sampled_from(["wire", "paper", "hospital", "Ministry"])),
        "event_date": "2020-01-15",
        "reported_at": draw(st.sampled_from(TIMES)),
        "figure": draw(st.sampled_from(FIGURES)),
        "source_type": draw(st.sampled_from(["", "government", "monitor", "party"])),
        "group": draw(st.sampled_from(["", "", "", "children"])),
        "affiliation": draw(st.sampled_from(["", "", "enemy"])),
        "provisional": draw(st.sampled_from(["", "", "yes"])),
    }
    seldom = {
        "outcome": ["killed", "injured", "missing", "displaced", "casualties", "strikes"],
        "reported_at": ["", "2020-02"],
        "quotes": ["somebody else", "nobody here"],
        "group": ["all", "All", " "],
        "wording": ["named"],
        "withdrawn": ["yes"],
        "population": ["residents"],
        "definition": ["excess"],
        "at_risk": ["5000"],
        "chosen": ["yes"],
    }
    for column in draw(st.lists(st.sampled_from(sorted(seldom)), max_size=2)):
        row[column] = draw(st.sampled_from(seldom[column]))
    if draw(st.integers(0, 9)) == 0 and row["source"] != "hospital":
        row["quotes"] = "hospital"
    if row["event"] == "Z":
        row["copies_removed"] = "yes"  # it tells of all rows of an event
    if row.get("wording"):
        row |= {"figure": "", "low": "4"}
    return row


def same_as_row_by_row(reports: Reports) -> bool:
    found, expected = gather_table(reports, BIN_SHARES), gather(reports.estimated_reports, BIN_SHARES, None)
    grids = all(one.grid == other.grid for one, other in zip(found.cases, expected.cases, strict=True))
    return grids and found == expected


@given(st.lists(rows(), min_size=1, max_size=12))
def test_columns_give_the_cases_of_rows(table: list[dict[str, Any]]) -> None:
    """Of any mixture of plain and other events: cases to the last field and in order, their grids, marks and notes."""
    reports = read_reports(table)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gathering, "MANY_ROWS", 0)
        assert same_as_row_by_row(reports)


@pytest.mark.parametrize("seed", range(3))
def test_columns_give_the_cases_of_small_events(seed: int) -> None:
    """In disorder, as tables of archives are; all of their events are plain."""
    reports = read_reports(small_events(400, seed).sample(frac=1.0, random_state=seed))
    assert same_as_row_by_row(reports)
    plain, others = split_off(reports.table)
    assert len(plain) == 400
    assert not others.any()


def test_numbers_are_those_of_python() -> None:
    """What is worked out for all events at once is handed on as plain numbers, as it is told in files of JSON."""
    found = gather_table(read_reports(small_events(200)), BIN_SHARES)
    for case in found.cases:
        ((_, said),) = case.alternatives
        numbers = [said.by_now, said.rising_from, said.distance, *said.numbers_given, case.reported_low]
        numbers += [number for each in said.statements for number in (each.bin, each.place, each.source)]
        assert not any(isinstance(number, np.generic) for number in numbers)


@pytest.mark.parametrize(
    "changed",
    [
        {"group": "children"}, {"quotes": "hospital"}, {"population": "residents"}, {"at_risk": "50"},
        {"withdrawn": "yes"}, {"reported_at": ""}, {"reported_at": "2020"}, {"figure": "no comment"}, {"figure": "", "wording": "named", "low": "4"}, {"outcome": "injured"},
        {"outcome": "missing"}, {"source": "wire"}, {"scope": "period", "period_start": "2020-01-01", "period_end": "2020-01-31"},
    ],
    ids=str,
)  # fmt: skip
def test_one_row_that_brings_a_rule_makes_its_event_no_plain_one(changed: dict[str, str]) -> None:
    """And no other event: each of these rows stands beside a plain one of the same event and two of another."""
    table = [
        PLAIN | {"event": "a", "source": "wire"},
        PLAIN | {"event": "a", "source": "paper"} | changed,
        PLAIN | {"event": "b", "source": "wire"},
        PLAIN | {"event": "b", "source": "paper"},
    ]
    plain, others = split_off(read_reports(table).table)
    assert plain.names == ["b"]
    assert others.tolist() == [True, True, False, False]


@pytest.mark.parametrize("figure", ["5", "at least 5", "0 to 3", "dozens", "none", "0"])
@pytest.mark.parametrize("reported_at", ["2020-01-16", "2020-01", ""])
def test_an_event_of_one_row_is_plain_whenever_it_was_written(figure: str, reported_at: str) -> None:
    """As rows of databases that keep one figure an event are; its ages are shared out as they are row by row."""
    row = PLAIN | {"source": "UCDP GED", "figure": figure, "reported_at": reported_at}
    reports = read_reports([row | {"event": "a"}, row | {"event": "b", "provisional": "yes"}])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gathering, "MANY_ROWS", 0)
        assert same_as_row_by_row(reports)
    assert split_off(reports.table)[0].names == ["a", "b"]


def test_a_table_without_plain_events() -> None:
    """Leaves all of its rows to the rules, and no event to the columns."""
    reports = read_reports([PLAIN | {"event": "a", "source": "wire", "group": "children"}])
    plain, others = split_off(reports.table)
    assert isinstance(plain, PlainEvents)
    assert (len(plain), others.tolist()) == (0, [True])


def test_as_of_a_time_rows_are_gone_through() -> None:
    """A time asked for leaves some of them out, so that all rules are asked."""
    reports = read_reports(small_events(100))
    cut = parse_time("2019-12-31")
    assert gather_table(reports, BIN_SHARES, cut) == gather(reports.estimated_reports, BIN_SHARES, cut)
    assert gather_table(load_example(), BIN_SHARES) == gather(load_example().estimated_reports, BIN_SHARES, None)
