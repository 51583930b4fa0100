"""Which reports count in an estimate: quotes, older figures, late reports, floors, and who is one source."""

from __future__ import annotations

import pandas as pd
import pytest
from helpers.tables import answer, exactly, report

from estimates import EstimatesError, estimate


def test_attributed_quotes_and_repeats_within_a_bin_change_nothing() -> None:
    """A quote of a source that speaks for itself is provenance; a source's older figure of the day is replaced."""
    plain = answer([exactly("a", 18), exactly("b", 21)])
    quoted = answer(
        [exactly("a", 18), exactly("b", 21), exactly("wire", 18, quotes="a"), exactly("paper", 18, quotes="a")]
    )
    repeated = answer([exactly("a", 18), exactly("a", 18), exactly("b", 21)])
    assert quoted == plain
    assert repeated == plain


def test_a_quote_of_a_silent_source_counts_for_that_source() -> None:
    """Two papers quoting one hospital are one figure, the hospital's; the notes say so."""
    direct = answer([exactly("hospital", 18, source_type="health")])
    typed = {"outcome": "injured", "source_type": "health"}
    rows = [
        exactly("paper", 18, quotes="hospital"),
        exactly("wire", 18, quotes="hospital"),
        exactly("hospital", 30, **typed),
    ]
    quoted = estimate(pd.DataFrame(rows))
    assert [key.source_type for key in quoted.cases[0].keys] == ["health"]
    assert quoted.ranges(layers=("documented",)).iloc[0]["sources"] == 1
    assert quoted.ranges(layers=("documented",)).iloc[0]["median"] == pytest.approx(direct["median"], rel=0.2)
    assert any("quotes hospital" in note for note in quoted.notes)


def test_quotes_of_those_who_give_no_figure_count_for_them() -> None:
    """A quote is dropped only where the quoted source gives a figure itself; a chain of quotes is followed to its end."""
    silent = estimate(pd.DataFrame([report("hospital", "no_comment"), exactly("paper", 40, quotes="hospital")]))
    assert silent.ranges().iloc[0]["reported_high"] == 40
    chain = [exactly("a", 40, quotes="b"), exactly("b", 40, quotes="c")]
    assert [key.source for key in estimate(pd.DataFrame(chain)).cases[0].keys] == ["c"]


def test_as_of_leaves_out_what_came_later() -> None:
    """Estimating as of a day equals estimating from the reports made by then."""
    rows = [exactly("a", 18), exactly("b", 40, reported_at="2020-01-20")]
    cut = estimate(pd.DataFrame(rows), as_of="2020-01-15").ranges()
    alone = estimate(pd.DataFrame(rows[:1]), as_of="2020-01-15").ranges()
    pd.testing.assert_frame_equal(cut, alone)
    with pytest.raises(EstimatesError, match="as_of"):
        estimate(pd.DataFrame(rows), as_of="2020-13-40")


def test_events_after_the_date_asked_for_are_left_out() -> None:
    """An event that had not happened yet is not estimated, even where its report is undated."""
    rows = [exactly("a", 18), exactly("a", 3, event="later", event_date="2020-02-15", reported_at=None)]
    assert len(estimate(pd.DataFrame(rows), as_of="2020-01-20").cases) == 1


def test_floors_of_different_days_add_up_where_their_groups_are_disjoint() -> None:
    """Thirty women on one day and thirty children two days later are sixty people, and the range says so."""
    rows = [
        exactly("a", 30, group="women"),
        exactly("b", 30, group="children", reported_at="2020-01-17"),
        exactly("c", 31, reported_at="2020-01-17"),
    ]
    found = answer(rows, layer="by_now")
    assert found["floor"] == 60
    assert found["median"] >= 60


def test_offsets_do_not_turn_the_order_of_time() -> None:
    """The newest figure of a source is the one made last, whatever offset the times are written with."""
    rows = [
        exactly("a", 10, reported_at="2020-01-15T10:00-05:00"),
        exactly("a", 30, reported_at="2020-01-15T20:00-05:00"),
    ]
    assert estimate(pd.DataFrame(rows)).ranges().iloc[0]["reported_high"] == 30


def test_none_beside_a_number_is_left_out_and_a_warning_stays() -> None:
    """ "None" and 18 by one source at one time is 18; a warning that the number will rise outlives a newer figure."""
    both = answer([report("a", "none"), exactly("a", 18)])
    assert both == answer([exactly("a", 18)])
    rows = [
        exactly("a", 18, provisional=True, reported_at="2020-01-15T10:00"),
        exactly("a", 20, reported_at="2020-01-15T11:00"),
    ]
    calm = [{**row, "provisional": False} for row in rows]
    assert answer(rows)["high_95"] > 1.1 * answer(calm)["high_95"]


def test_one_source_of_two_types_is_one_source() -> None:
    """A source whose type is coded in two ways within an event still replaces its own older figure."""
    rows = [
        exactly("a", 10, source_type="monitor", reported_at="2020-01-15T10:00"),
        exactly("a", 20, source_type="un", reported_at="2020-01-15T11:00"),
    ]
    assert len(estimate(pd.DataFrame(rows)).cases[0].keys) == 1
