"""Which of a source's figures stands: by time, by the order of its rows, and by whether it was withdrawn."""

from __future__ import annotations

from typing import Any

import pytest
from helpers.gathered import case_of_rows, day, observed, said
from helpers.tables import exactly, report
from hypothesis import given
from hypothesis import strategies as st

from estimates.inference.cases import case_of
from estimates.models.event import Floor
from estimates.models.growth import STEPS
from estimates.profile.priors import BIN_SHARES

Row = dict[str, Any]


# The order of a source's rows -----------------------------------------------------------------------------------------


def test_the_last_row_of_a_day_is_the_source_s_figure() -> None:
    """54, 85, 184 and 235 of one source on one day are 235; the order of the table tells which is the newest."""
    assert said([exactly("a", number) for number in (54, 85, 184, 235)]) == {("a", 0): ("exactly", 235, 235)}
    assert said([exactly("a", number) for number in (235, 54)]) == {("a", 0): ("exactly", 54, 54)}


def test_where_dates_fall_down_the_table_the_first_row_is_the_newest() -> None:
    """A table sorted from the newest row on is read from below, by the source's own dates or by those of the event."""
    own = [exactly("a", 30, reported_at=day(4)), exactly("a", 20), exactly("a", 10)]
    assert said(own)["a", 0] == ("exactly", 20, 20)
    assert said(own[::-1])["a", 0] == ("exactly", 20, 20)

    others = [exactly("b", 30, reported_at=day(4)), exactly("a", 20), exactly("a", 10)]
    assert said(others)["a", 0] == ("exactly", 20, 20)
    assert said(others[::-1])["a", 0] == ("exactly", 20, 20)


def test_the_order_of_rows_counts_only_where_time_does_not_tell() -> None:
    """With clock times the later figure stands wherever its row is; where one of the day lacks one, the last row."""
    clocked = [exactly("a", 20, reported_at=day(0, "T20:00")), exactly("a", 10, reported_at=day(0, "T10:00"))]
    assert said(clocked)["a", 0] == said(clocked[::-1])["a", 0] == ("exactly", 20, 20)
    half = [exactly("a", 20, reported_at=day(0, "T20:00")), exactly("a", 10)]
    assert said(half)["a", 0] == ("exactly", 10, 10)


def test_figures_without_a_date_have_no_order() -> None:
    """Two figures of one source and no date become the range they span, whichever row is the first."""
    rows = [exactly("a", 20, reported_at=None), exactly("a", 10, reported_at=None)]
    for table in (rows, rows[::-1]):
        (figure,) = case_of_rows(table).whole_figures
        assert (figure.words.wording, figure.words.low, figure.words.high) == ("range", 10, 20)


def test_quotes_of_one_day_by_different_papers_have_no_order() -> None:
    """Two papers that pass on different numbers of one silent hospital give its range; the rows of one paper a newest."""
    rows = [exactly("paper", 18, quotes="hospital"), exactly("wire", 21, quotes="hospital")]
    assert said(rows) == said(rows[::-1]) == {("hospital", 0): ("range", 18, 21)}
    again = [*rows, exactly("paper", 25, quotes="hospital")]
    assert said(again) == {("hospital", 0): ("range", 21, 25)}


_NUMBERS = st.lists(st.integers(1, 60), min_size=1, max_size=4)


@pytest.mark.extended
@given(st.dictionaries(st.sampled_from("abc"), _NUMBERS, min_size=2), st.randoms(use_true_random=False))
def test_rows_of_different_sources_on_one_day_are_tied(numbers: dict[str, list[int]], chance: Any) -> None:
    """However the rows of several sources lie among one another, the case is the same: own order is all that counts."""
    turns = [source for source, each in numbers.items() for _ in each]
    cases = []
    for _ in range(2):
        chance.shuffle(turns)
        left = {source: iter(each) for source, each in numbers.items()}
        cases.append(case_of_rows([exactly(source, next(left[source])) for source in turns]))

    assert cases[0] == cases[1]
    assert {figure.key.source: figure.words.low for figure in cases[0].figures} == {
        source: each[-1] for source, each in numbers.items()
    }


@pytest.mark.extended
@given(
    st.lists(st.tuples(st.sampled_from("bc"), st.integers(0, 9), st.integers(1, 60)), max_size=6),
    st.booleans(),
    st.randoms(use_true_random=False),
)
def test_rows_of_different_sources_are_tied_on_many_days(
    others: list[tuple[str, int, int]], falling: bool, chance: Any
) -> None:
    """So it is where some source has rows of two days, which say how the table runs."""
    rows = {"a": [(0, 10), (0, 20), (5, 30)], "b": [], "c": []}
    for source, age, number in sorted(others, key=lambda row: row[1]):
        rows[source].append((age, number))
    if falling:
        rows = {source: each[::-1] for source, each in rows.items()}

    turns = [source for source, each in rows.items() for _ in each]
    cases = []
    for _ in range(2):
        chance.shuffle(turns)
        left = {source: iter(each) for source, each in rows.items()}
        drawn = [(source, *next(left[source])) for source in turns]
        cases.append(case_of_rows([exactly(who, number, reported_at=day(age)) for who, age, number in drawn]))

    assert cases[0] == cases[1]
    (figure,) = (each for each in cases[0].figures if each.key.source == "a" and each.first_bin == 0)
    assert figure.words.low == 20


# None, warnings, running totals ---------------------------------------------------------------------------------------


def test_none_beside_a_number_is_left_out() -> None:
    """ "None" and 18 by one source at one time is 18, in whichever order."""
    for rows in ([report("a", "none"), exactly("a", 18)], [exactly("a", 18), report("a", "none")]):
        assert said(rows) == {("a", 0): ("exactly", 18, 18)}


@pytest.mark.parametrize("backwards", [False, True])
def test_of_a_running_total_the_newest_alone_is_evidence(backwards: bool) -> None:
    """A campaign's figures are totals so far: one statement a source over all ages, in each other type one an age bin."""
    rows = [exactly("a", 10 * (age + 1), reported_at=day(age)) for age in (0, 2, 5)] + [exactly("b", 40)]
    rows = rows[::-1] if backwards else rows
    campaign = observed([{**row, "event_type": "campaign"} for row in rows])
    assert [(each.bin, each.words.low) for each in campaign.statements] == [(0, 40), (3, 60)]
    assert campaign.falling == ()
    assert len(observed(rows).statements) == 4


# Withdrawn figures ----------------------------------------------------------------------------------------------------


def test_a_withdrawn_figure_keeps_its_place_and_is_no_evidence() -> None:
    """802 withdrawn for 452 stays in the history of copies, and nothing else is the case of 802 never said."""
    wrong = exactly("office", 802, withdrawn=True, provisional=True, reported_at=day(3))
    right = [exactly("office", 452, reported_at=day(8)), exactly("paper", 470, reported_at=day(8))]
    found, without = observed([wrong, *right]), observed(right)
    kept = [each for each in found.statements if each.withdrawn]
    assert [(each.bin, each.words.low) for each in kept] == [(3, 802)]
    assert [(each.bin, each.words.low) for each in found.statements if not each.withdrawn] == [(4, 452), (4, 470)]

    assert (found.falling, found.rising_from) == ((), STEPS)
    assert (found.distance, found.numbers_given) == (without.distance, without.numbers_given)
    assert case_of_rows([wrong, *right]).reported == "452 to 470"
    assert case_of_rows([wrong, *right]).sources == ("office", "paper")


def test_a_withdrawn_figure_of_the_same_day_comes_before_what_replaced_it() -> None:
    """Both stay in one age bin; the withdrawn one before all that was said on the day, so that it can be copied."""
    rows = [exactly("office", 802, withdrawn=True), exactly("office", 452), exactly("paper", 802)]
    found = observed(rows)
    places = {(each.words.low, each.withdrawn): each.place for each in found.statements}
    assert places == {(802, True): 0, (452, False): 1, (802, False): 1}
    assert observed(rows[::-1]) == found


def test_a_case_of_withdrawn_figures_has_none() -> None:
    """Nothing is known where all that was said was taken back, lists of names too; a quote of it is no figure either."""
    rows = [exactly("a", 9, withdrawn=True), report("b", "named", 3, withdrawn=True), exactly("wire", 9, quotes="a")]
    case = case_of_rows(rows)
    assert not case.has_figure
    assert not case.has_statement
    assert (case.floor, case.reported, case.undated) == (None, "no figure", 0)
    ((_, found),) = case.alternatives
    assert (found.floors, found.numbers_given, found.by_now) == ((), (0, 0, 0), 0)


# Names ----------------------------------------------------------------------------------------------------------------


def test_only_names_bind() -> None:
    """A part is no floor; the number of names rises with each list that adds to those known, and is printed."""
    rows = [
        report("a", "named", 5),
        report("b", "named", 4, group="women", reported_at=day(1)),
        report("b", "named", 4, group="children", reported_at=day(4)),
        exactly("c", 50, group="civilians", reported_at=day(4)),
        exactly("d", 12, reported_at=day(1)),
    ]
    assert observed(rows).floors == (Floor(0, 5), Floor(3, 8))
    assert case_of_rows(rows).floor == 8
    assert case_of_rows(rows).reported == "12"


def test_lists_of_more_names_than_people_at_risk_are_refused() -> None:
    """Thirty women and thirty children named, each fewer than the fifty at risk, cannot both be right."""
    from estimates import EstimatesError

    rows = [report("a", "named", 30, group=group, at_risk=50) for group in ("women", "children")]
    with pytest.raises(EstimatesError, match="name 60 people, and 50 were at risk"):
        case_of_rows(rows)


# The whole case -------------------------------------------------------------------------------------------------------


_ROWS = st.builds(
    lambda who, wording, number, age, more: {
        **report(who, wording, 0 if wording == "none" else number, None if wording == "named" else number),
        **more,
        "reported_at": None if age is None else day(age),
    },
    st.sampled_from("abc"),
    st.sampled_from(("exactly", "range", "none", "named")),
    st.integers(1, 40),
    st.none() | st.integers(0, 9),
    st.sampled_from(
        [
            {},
            *({"group": group} for group in ("men", "women", "children", "civilians", "soldiers", "police")),
            {"withdrawn": True},
            {"quotes": "d"},
            {"population": "residents"},
            {"provisional": True},
        ]
    ),
).map(lambda row: row if row["wording"] != "none" else {**row, "low": 0, "high": 0})
_TYPES = st.sampled_from(("attack", "campaign"))


@given(st.lists(_ROWS, max_size=9), _TYPES)
def test_a_case_is_made_of_its_figures(rows: list[Row], event_type: str) -> None:
    """Made again of the figures that count it is the same case, in whichever order they come."""
    case = case_of_rows([{**row, "event_type": event_type} for row in [*rows, exactly("z", 7)]])
    assert case_of(case.about, case.figures, BIN_SHARES, None) == case
    assert case_of(case.about, case.figures[::-1], BIN_SHARES, None) == case
    assert sum(share for share, _ in case.alternatives) == pytest.approx(1.0)

    for _, found in case.alternatives:
        standing = [(each.source, each.bin) for each in found.statements if not each.withdrawn]
        assert len(standing) == len(set(standing))
        ranks = {each.place: each.bin for each in found.statements}
        assert all(ranks[each.place] == each.bin for each in found.statements)
        assert max((each.bin for each in found.statements), default=0) <= found.by_now


def _when(row: Row) -> tuple[object, ...]:
    return row["source"], row["reported_at"]


@pytest.mark.extended
@given(st.lists(_ROWS, max_size=9, unique_by=_when), _TYPES, st.randoms(use_true_random=False))
def test_the_order_of_the_table_does_not_matter_else(rows: list[Row], event_type: str, chance: Any) -> None:
    """Where no source speaks twice on one day, a case is the same whatever the order of the rows."""
    rows = [{**row, "event_type": event_type} for row in [*rows, exactly("z", 7)]]
    case = case_of_rows(rows)
    chance.shuffle(rows)
    assert case_of_rows(rows) == case
