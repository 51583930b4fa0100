"""The mark of an event: what it depends on and what not."""

from __future__ import annotations

import hashlib
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from estimates import load_example, read_reports
from estimates.table.marks import event_marks
from estimates.table.report import Report

ROWS: list[dict[str, Any]] = [
    {
        "event": "one",
        "source": "wire",
        "figure": "at least 18",
        "event_date": "2020-01-15",
        "reported_at": "2020-01-15",
    },
    {"event": "one", "source": "monitor", "figure": "21", "reported_at": "2020-01-16", "affiliation": "enemy"},
    {"event": "one", "source": "paper", "figure": "dozens", "quotes": "ministry", "outcome": "injured"},
    {"event": "one", "source": "army", "figure": "no comment"},
    {"event": "two", "source": "wire", "figure": "18", "event_date": "2021-03-01", "reported_at": "2021-03-01"},
]


#: Written down before the tables had the columns `chosen` and `copies_removed`: one mark, and a hash of all of them.
BALI, SHIPPED = "4a0f87ff3892dac6", "89b4507e6b48cc54"


def marks(rows: list[dict[str, Any]]) -> dict[str, str]:
    return event_marks(read_reports(rows).reports)


def changed(row: int, **cells: Any) -> list[dict[str, Any]]:
    return [{**cells_of, **cells} if number == row else cells_of for number, cells_of in enumerate(ROWS)]


def test_a_mark_is_sixteen_hexadecimal_digits_for_every_event() -> None:
    """Both events of the table have one, and they differ."""
    found = marks(ROWS)
    assert set(found) == {"one", "two"}
    assert len(set(found.values())) == 2
    assert all(len(mark) == 16 and int(mark, 16) >= 0 for mark in found.values())


def test_marks_stay_what_they_were() -> None:
    """Marks stand in files: this one was written down when they were introduced."""
    assert event_marks(load_example().reports)["Idlib airstrikes"] == "44467183958668b0"
    shipped = event_marks([*load_example("anchors/modern").reports, *load_example("anchors/historical").reports])
    assert shipped["Bali bombings 2002"] == BALI
    assert hashlib.sha256("".join(shipped[event] for event in sorted(shipped)).encode()).hexdigest()[:16] == SHIPPED


def test_the_order_of_rows_and_other_events_do_not_matter() -> None:
    """The marks of an event are the same in any order, without the other events, and where a row is written twice."""
    shuffled = [*read_reports(ROWS).reports, read_reports(ROWS).reports[1]]
    random.Random(1).shuffle(shuffled)
    assert event_marks(shuffled) == marks(ROWS)
    assert marks(ROWS[4:]) == {"two": marks(ROWS)["two"]}


@pytest.mark.parametrize(
    "rows",
    [
        [{**row, "verified": 20} for row in ROWS],
        changed(0, source_type="international_media", note="corrected", url="https://example.org", place="Idlib"),
        changed(0, event_type="airstrike"),
        changed(0, figure="at  least 18"),
        changed(0, figure=None, wording="at_least", low=18),
        changed(0, chosen="yes", at_risk=500, copies_removed="no", withdrawn="no", population="all"),
        [{**row, "copies_removed": "yes"} for row in ROWS],
        changed(1, reported_at="2020-01-16"),
        [row for row in ROWS if row["figure"] != "no comment"],
        [*ROWS, {"event": "one", "source": "wire", "figure": "51", "outcome": "strikes"}],
    ],
    ids=["verified", "about the row", "type", "spaces", "codes", "chosen", "copies", "same", "silence", "context"],
)
def test_what_is_no_figure_does_not_matter(rows: list[dict[str, Any]]) -> None:
    """A toll that was verified, a type, a note, another spelling of the same figure, silence, strikes: the same event."""
    assert marks(rows) == marks(ROWS)


@pytest.mark.parametrize(
    "rows",
    [
        changed(0, figure="19"),
        changed(0, figure="18"),
        changed(0, source="agency"),
        changed(0, reported_at="2020-01-17"),
        changed(0, reported_at=None),
        changed(0, event_date="2020-01-14"),
        changed(0, group="women"),
        changed(0, provisional=True),
        changed(0, withdrawn=True),
        changed(0, population="residents"),
        changed(0, definition="excess"),
        changed(1, affiliation="own"),
        changed(1, outcome="injured"),
        changed(2, quotes="hospital"),
        changed(2, figure="hundreds"),
        [*ROWS, {"event": "one", "source": "hospital", "figure": "20"}],
        [row for row in ROWS if row["source"] != "monitor"],
    ],
)
def test_another_figure_is_another_event(rows: list[dict[str, Any]]) -> None:
    """A figure more or less, or one that was corrected in whatever it says: the event is not the one learned from."""
    assert marks(rows)["one"] != marks(ROWS)["one"]
    assert marks(rows)["two"] == marks(ROWS)["two"]


def test_the_same_figures_under_another_name_are_another_event() -> None:
    """The name belongs to the mark."""
    renamed = [{**row, "event": {"one": "three"}.get(row["event"], row["event"])} for row in ROWS]
    assert marks(renamed)["three"] != marks(ROWS)["one"]


def test_times_count_as_what_they_leave_open() -> None:
    """A time with an offset is the moment it means, however it is written."""
    written = ("2020-01-15T14:30:00+02:00", "2020-01-15 12:30Z", "2020-01-15T12:30")
    assert len({marks(changed(0, reported_at=time))["one"] for time in written}) == 1


@settings(max_examples=50)
@given(texts=st.lists(st.text(st.characters(exclude_categories=())), min_size=4, max_size=4))
def test_hostile_text_has_a_mark(texts: list[str]) -> None:
    """Halves of surrogate pairs, NUL, quotation marks and brackets neither end in an error nor run into one another."""
    event, source, quoted, group = texts
    (plain, *_) = read_reports(ROWS[:1]).reports

    def mark(**cells: str | None) -> str:
        changed_report: Report = plain._replace(**{"event": event, "source": source, "quotes": quoted, **cells})
        return event_marks([changed_report])[event]

    assert mark() == mark()
    assert mark(source=source + "\0") != mark()
    assert mark(group=group + '","') != mark(group=group)
    assert mark(source=source + "a", quotes=quoted) != mark(source=source, quotes="a" + quoted)


def test_no_reports_have_no_marks() -> None:
    """Nothing gives nothing."""
    assert event_marks([]) == {}
