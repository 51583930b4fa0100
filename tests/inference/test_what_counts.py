"""Which reports count in an estimate: quotes, older figures, late reports, floors, and who is one source."""

from __future__ import annotations

import pandas as pd
import pytest
from helpers.gathered import case_of_rows, day, observed, said
from helpers.tables import exactly, report

from estimates import EstimatesError, estimate, read_reports
from estimates.inference.cases import gather
from estimates.models.growth import STEPS
from estimates.profile.priors import BIN_SHARES
from estimates.table.dates import parse_time


def test_attributed_quotes_and_repeats_within_a_bin_change_nothing() -> None:
    """A quote of a source that speaks for itself is provenance; a source's older figure of the day is replaced."""
    plain = case_of_rows([exactly("a", 18), exactly("b", 21)])
    quoted = case_of_rows(
        [exactly("a", 18), exactly("b", 21), exactly("wire", 18, quotes="a"), exactly("paper", 18, quotes="a")]
    )
    repeated = case_of_rows([exactly("a", 18), exactly("a", 18), exactly("b", 21)])
    assert quoted == plain
    assert repeated == plain


def test_a_quote_of_a_silent_source_counts_for_that_source() -> None:
    """Two papers quoting one hospital are one figure, the hospital's; the notes say so."""
    typed = {"outcome": "injured", "source_type": "health"}
    rows = [
        exactly("paper", 18, quotes="hospital"),
        exactly("wire", 18, quotes="hospital"),
        exactly("hospital", 30, **typed),
    ]
    direct = case_of_rows([exactly("hospital", 18, source_type="health")])
    assert case_of_rows(rows) == direct
    notes = gather(read_reports(rows).estimated_reports, BIN_SHARES, None).notes
    assert any("quotes hospital" in note for note in notes)


def test_quotes_of_those_who_give_no_figure_count_for_them() -> None:
    """A quote is dropped only where the quoted source gives a figure itself; a chain of quotes is followed to its end."""
    assert said([report("hospital", "no_comment"), exactly("paper", 40, quotes="hospital")]) == {
        ("hospital", 0): ("exactly", 40, 40)
    }
    chain = [exactly("a", 40, quotes="b"), exactly("b", 40, quotes="c")]
    assert said(chain) == {("c", 0): ("exactly", 40, 40)}


def test_as_of_leaves_out_what_came_later() -> None:
    """The case as of a day equals that of the reports made by then."""
    rows = [exactly("a", 18), exactly("b", 40, reported_at="2020-01-20")]
    assert case_of_rows(rows, "2020-01-15") == case_of_rows(rows[:1], "2020-01-15")
    with pytest.raises(EstimatesError, match="as_of"):
        estimate(pd.DataFrame(rows), as_of="2020-13-40")


def test_events_after_the_date_asked_for_are_left_out() -> None:
    """An event that had not happened yet has no case, even where its report is undated."""
    rows = [exactly("a", 18), exactly("a", 3, event="later", event_date="2020-02-15", reported_at=None)]
    assert len(gather(read_reports(rows).estimated_reports, BIN_SHARES, parse_time("2020-01-20")).cases) == 1


def test_lists_of_different_days_add_up_where_their_groups_are_disjoint() -> None:
    """Thirty women named on one day and thirty children two days later are sixty people that bind from then on."""
    rows = [
        report("a", "named", 30, group="women"),
        report("b", "named", 30, group="children", reported_at=day(2)),
        exactly("c", 31, reported_at=day(2)),
    ]
    assert case_of_rows(rows).floor == 60
    assert [(floor.bin, floor.number) for floor in observed(rows).floors] == [(0, 30), (2, 60)]


def test_offsets_do_not_turn_the_order_of_time() -> None:
    """The newest figure of a source is the one made last, whatever offset the times are written with."""
    rows = [
        exactly("a", 10, reported_at="2020-01-15T10:00-05:00"),
        exactly("a", 30, reported_at="2020-01-15T20:00-05:00"),
    ]
    assert case_of_rows(rows).reported_high == 30
    assert case_of_rows(rows[::-1]).reported_high == 30


def test_none_beside_a_number_is_left_out_and_a_warning_stays() -> None:
    """ "None" and 18 by one source at one time is 18; a warning that the number will rise outlives a newer figure."""
    assert said([report("a", "none"), exactly("a", 18)]) == said([exactly("a", 18)])
    rows = [
        exactly("a", 18, provisional=True, reported_at="2020-01-15T10:00"),
        exactly("a", 20, reported_at="2020-01-15T11:00"),
    ]
    calm = [{**row, "provisional": False} for row in rows]
    assert observed(rows).rising_from == 0
    assert observed(calm).rising_from == STEPS


def test_one_source_of_two_types_is_one_source() -> None:
    """A source whose type is coded in two ways within an event still replaces its own older figure."""
    rows = [
        exactly("a", 10, source_type="monitor", reported_at="2020-01-15T10:00"),
        exactly("a", 20, source_type="un", reported_at="2020-01-15T11:00"),
    ]
    assert len(case_of_rows(rows).keys) == 1
    assert said(rows) == {("a", 0): ("exactly", 20, 20)}
