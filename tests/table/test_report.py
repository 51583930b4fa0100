"""One row of the table and its rules: what it speaks of, what it says, and when it was made."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from helpers.written import HEAD, read
from hypothesis import given
from hypothesis import strategies as st

from estimates.models.growth import AGE_EDGES, FINAL
from estimates.models.wording import NUMERIC_WORDINGS, SILENT_WORDINGS, VAGUE_WORDS, WORDINGS, Words
from estimates.table.dates import moments, parse_time
from estimates.table.example import load_example
from estimates.table.report import Report, numbers_said, reports_of
from estimates.table.reports import read_reports
from estimates.vocabulary import CONTEXT_OUTCOMES, ESTIMATED_OUTCOMES

PLAIN = read(f"{HEAD}\nA,x,18\n").reports[0]


def report(**fields: object) -> Report:
    """A report of 18 killed by source x on event A, but for the fields given."""
    return PLAIN._replace(**fields)


def worded(wording: str, low: int | None = None, high: int | None = None, word: str | None = None) -> Report:
    return report(wording=wording, low=low, high=high, word=word)


# What it speaks of


@pytest.mark.parametrize("outcome", [*ESTIMATED_OUTCOMES, *CONTEXT_OUTCOMES])
@pytest.mark.parametrize("scope", ["event", "period"])
def test_only_people_of_a_single_event_are_estimated(outcome: str, scope: str) -> None:
    """Strikes, munitions and incidents are context, and figures over a period bear on no estimate."""
    row = report(outcome=outcome, scope=scope)
    assert row.is_context == (outcome in CONTEXT_OUTCOMES)
    assert row.is_estimated == (outcome in ESTIMATED_OUTCOMES and scope == "event")


@pytest.mark.parametrize(
    ("wording", "subset"), [("exactly", False), ("exactly", True), ("named", False), ("named", True)]
)
def test_only_a_list_of_names_is_a_floor(wording: str, subset: bool) -> None:
    """A list of names binds, of whatever group; any other figure of a group is a part, all others speak of everybody."""
    row = report(wording=wording, subset=subset)
    assert row.is_floor == row.is_named == (wording == "named")
    assert row.is_part == (subset and wording != "named")
    assert row.speaks_of_all == (not subset and wording != "named")


@pytest.mark.parametrize("wording", WORDINGS)
def test_silence_is_denial_or_no_answer_and_never_a_figure(wording: str) -> None:
    """Denial, no comment and no confirmation are silent; "none" is a figure, and so are all others."""
    assert worded(wording, 18, 18, "dozens").is_silent == (wording in ("denial", "no_comment", "not_confirmed"))


# What it says


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (worded("exactly", 18, 18), Words("exactly", 18, 18)),
        (worded("exactly", 0, 0), Words("none")),
        (worded("range", 18, 21), Words("range", 18, 21)),
        (worded("range", 0, 3), Words("range", 0, 3)),
        (worded("range", 18, 18), Words("exactly", 18, 18)),
        (worded("at_least", 18), Words("at_least", 18, 18)),
        (worded("at_least", 0), None),
        (worded("more_than", 18), Words("more_than", 18, 18)),
        (worded("more_than", 0), Words("at_least", 1, 1)),
        (worded("nearly", 18, 18), Words("nearly", 18, 18)),
        (worded("up_to", None, 18), Words("up_to", 18, 18)),
        (worded("up_to", None, 0), Words("none")),
        (worded("at_most", None, 18), Words("at_most", 18, 18)),
        (worded("at_most", None, 0), Words("none")),
        (worded("about", 18, 18), Words("about", 18, 18)),
        (worded("vague", word="dozens"), Words("vague", word="dozens")),
        (worded("none", 0, 0), Words("none")),
        (worded("denial"), None),
        (worded("no_comment"), None),
        (worded("not_confirmed"), None),
        (worded("named", 15), Words("named", 15, 15)),
        (worded("named", 0), None),
    ],
    ids=lambda value: f"{value.wording} {value.low}-{value.high}" if isinstance(value, Report) else "",
)
def test_each_wording_enters_the_likelihood_in_one_form(row: Report, said: Words | None) -> None:
    """The side a wording leaves open takes its one number; a zero becomes "none", or nothing where it says nothing."""
    assert row.said == said


def test_every_wording_has_its_example() -> None:
    """No wording is missing from the examples above."""
    (marks,) = test_each_wording_enters_the_likelihood_in_one_form.pytestmark  # type: ignore[attr-defined]
    assert {row.wording for row, _ in marks.args[1]} == set(WORDINGS)


@given(
    st.sampled_from(sorted(WORDINGS)),
    st.integers(0, 10**9),
    st.integers(0, 10**9),
    st.sampled_from(sorted(VAGUE_WORDS)),
)
def test_what_enters_the_likelihood_keeps_the_numbers(wording: str, one: int, other: int, word: str) -> None:
    """Whatever a row states, its words stand for no number that it does not state, but for "more than none"."""
    low, high = sorted((one, other))
    said = worded(wording, low, high if wording == "range" else low, word).said
    if said is None:
        assert wording in SILENT_WORDINGS or low == 0
        return

    assert said.wording in (*NUMERIC_WORDINGS, "none", "named")
    assert (said.word == word) == (wording == "vague")
    assert 0 <= said.low <= said.high
    assert {said.low, said.high} <= {0, 1, low, high}


@pytest.mark.parametrize(
    ("row", "counts", "of_all"),
    [
        (worded("exactly", 18, 18), True, True),
        (worded("none", 0, 0), True, True),
        (worded("vague", word="dozens"), True, True),
        (worded("denial"), False, False),
        (worded("at_least", 0), False, False),
        (worded("named", 15), True, False),
        (worded("named", 0), False, False),
        (report(subset=True), True, False),
        (report(subset=True, wording="none", low=0, high=0), True, False),
        (report(subset=True, wording="range", low=0, high=3), True, False),
        (report(subset=True, wording="vague", low=None, high=None, word="dozens"), True, False),
        (report(subset=True, wording="more_than", low=0, high=None), True, False),
        (report(subset=True, wording="no_comment", low=None, high=None), False, False),
    ],
)
def test_a_report_counts_where_it_bears_on_a_number(row: Report, counts: bool, of_all: bool) -> None:
    """Silence and lists of nobody bear on no number; lists and parts do not speak of everybody hit."""
    assert (row.counts, row.speaks_of_all) == (counts, of_all)


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        (None, []),
        (Words("none"), [0, 0]),
        (Words("exactly", 18, 18), [18, 18]),
        (Words("range", 18, 21), [18, 21]),
        (Words("vague", word="dozens"), [24, 80]),
    ],
)
def test_words_stand_for_numbers(words: Words | None, numbers: list[int]) -> None:
    """A vague word stands for the ends of its usual meaning, "none" for zero, and no words for no number."""
    assert numbers_said(words) == numbers


# What its words alone say


@pytest.mark.parametrize(
    ("words", "number", "part"),
    [
        ("including 5 children", 5, True),
        ("Including at least FIVE children", 5, True),
        ("among them 5 women", 5, True),
        ("5 of them", 5, True),
        ("5 of the dead", 5, True),
        ("5 of 21", 5, True),
        ("5 of 21", 21, False),
        ("5 out of the 21 dead", 5, True),
        ("twenty-five of those killed", 25, True),
        ("21 killed, including 5 children", 5, True),
        ("21 killed, including 5 children", 21, False),
        ("21 people, of whom 5 children", 5, True),
        ("5 killed, one of them a child", 5, False),
        ("21 soldiers", 21, False),
        ("a toll of 21", 21, False),
        ("one of the deadliest attacks", 1, False),
        ("including children", 5, False),
        ("5 offices", 5, False),
        ("5 of themselves", 5, False),
        ("excluding 5 children", 5, False),
        ("5", 5, False),
    ],
)
def test_words_say_for_certain_that_a_figure_is_a_part(words: str, number: int, part: bool) -> None:
    """A figure is surely a part where its own number is "including N", "N of them" or "N of M", in whole words."""
    row = report(words=words, wording="exactly", low=number, high=number)
    assert row.is_certain_part is part


def test_words_that_state_another_number_are_a_part_where_all_of_them_is() -> None:
    """Codes may count over words: a row whose words are nothing but a part is a part whatever its number."""
    assert report(words="including 5 children", low=6, high=6).is_certain_part
    assert not report(words="21, including 5 children", low=6, high=6).is_certain_part
    assert report(words="dozens of them", wording="vague", low=None, high=None, word="dozens").is_certain_part


def test_a_part_is_told_from_the_cell_of_the_table() -> None:
    """The words stay as they were written beside the codes."""
    text = f"{HEAD},wording,low,group\nA,x,21,,,\nA,y,Including  5 children,exactly,5,children\n"
    assert [row.is_certain_part for row in read(text).reports] == [False, True]


@given(st.text(max_size=40), st.sampled_from([5, 21]))
def test_any_words_can_be_asked_whether_they_are_a_part(words: str, number: int) -> None:
    """No text ends in an error, and without a cue none is a part."""
    assert report(words=words, low=number, high=number).is_certain_part in (True, False)
    assert not report(words=words.replace("i", "").replace("f", "").replace("among", ""), low=number).is_certain_part


@pytest.mark.parametrize(
    ("figure", "bare"),
    [
        ("18", True), ("0", True), (18.0, True), (0.0, True), (18, True), (" 21 ", True), ("1,200", True),
        ("18.0", True), ("none", False), ("no deaths", False), ("18 killed", False), ("at least 18", False),
        ("18-21", False), ("dozens", False), ("no comment", False), ("eighteen", False),
    ],
    ids=repr,
)  # fmt: skip
def test_a_bare_number_is_told_from_words(figure: object, bare: bool) -> None:
    """A cell that holds a number alone, as text or as a number of a frame, is bare; a word beside it, or for it, is not."""
    (row,) = read_reports([{"event": "A", "source": "x", "figure": figure}]).reports
    assert row.is_bare_number is bare
    (again,) = read_reports(read_reports([{"event": "A", "source": "x", "figure": figure}]).table).reports
    assert again.is_bare_number is bare


# When it was made


def test_times_keep_the_precision_they_were_written_with() -> None:
    """The time of a report and of its event are those of the cells, and unknown where the cells are empty."""
    row = report(reported_at="2020-01-15T14:30", event_date="2020-01")
    assert (row.reported, row.happened) == (parse_time("2020-01-15T14:30"), parse_time("2020-01"))
    assert (PLAIN.reported, PLAIN.happened) == (None, None)


@pytest.mark.parametrize(
    ("reported_at", "event_date", "cut", "late"),
    [
        ("2020-01-16", None, "2020-01-15", True),
        ("2020-01-15", None, "2020-01-15", False),
        ("2020-01-15T18:00", None, "2020-01-15T17:59", True),
        ("2020-01-15T18:00", None, "2020-01-15T18:00", False),
        ("2020-01-15T18:00", None, "2020-01-15", False),
        ("2020-01", None, "2020-01-15", False),
        ("2020-02", None, "2020-01-15", True),
        (None, None, "2020-01-15", False),
        (None, "2020-01-16", "2020-01-15", True),
        ("2020-01-10", "2020-01-16", "2020-01-15", True),
        ("2020-01-16", "2020-01-10", "2020-01-15", True),
        ("2020-01-16", "2020-01-10", None, False),
    ],
)
def test_a_report_is_late_where_it_was_surely_made_after_the_cut(
    reported_at: str | None, event_date: str | None, cut: str | None, late: bool
) -> None:
    """A report is late if no reading of its time, or of its event's, lies before the end of the cut."""
    row = report(reported_at=reported_at, event_date=event_date)
    assert row.is_late(parse_time(cut) if cut else None) is late


@pytest.mark.parametrize(
    ("ages", "bins"),
    [
        ((0.0, 0.0), (0, 0)),
        ((AGE_EDGES[0], AGE_EDGES[0]), (1, 1)),
        ((0.0, AGE_EDGES[-1]), (0, FINAL)),
        ((AGE_EDGES[-1] + 1, 10_000.0), (FINAL, FINAL)),
        ((math.nan, math.nan), (0, FINAL)),
        ((2.0, math.nan), (0, FINAL)),
    ],
)
def test_an_age_that_is_open_leaves_several_bins(ages: tuple[float, float], bins: tuple[int, int]) -> None:
    """The bins of both ends of the age are the first and the last possible; an unknown age leaves all of them."""
    assert report(age_low=ages[0], age_high=ages[1]).age_bins == bins


def test_a_day_with_a_time_of_no_hour_is_tied_as_a_whole() -> None:
    """Clock times order the reports of a day, unless one report of that day has none: then all of the day tie."""
    written = ["2020-01-15T18:00", "2020-01-15T09:00", "2020-01-16T10:00", None, "2020-01-16", "2020-01-16T09:00"]
    ordered = moments([report(reported_at=text).reported for text in written])
    first, second = parse_time("2020-01-15").start.toordinal(), parse_time("2020-01-16").start.toordinal()
    assert ordered == [(first, 18 * 60), (first, 9 * 60), (second, 0), (0, 0), (second, 0), (second, 0)]


def test_a_month_ties_its_first_day_and_an_offset_counts_in_utc() -> None:
    """A coarse time stands at its first day, which it ties; a time with an offset belongs to its day in UTC."""
    times = [parse_time(text) for text in ("2020-01", "2020-01-01T12:00", "2020-01-02T01:00+03:00", "2020-01-02T01:00")]
    day = parse_time("2020-01-01").start.toordinal()
    assert moments(times) == [(day, 0), (day, 0), (day, 0), (day + 1, 60)]


# From the table


def test_reports_are_the_rows_of_the_table() -> None:
    """Each row becomes a report with the same values, None where a cell is empty, and Python's own types."""
    reports = load_example()
    rows = reports.reports
    table = reports.table.astype(object)
    assert len(rows) == len(reports)
    for name in Report._fields:
        values = [getattr(row, name) for row in rows]
        if name not in ("age_low", "age_high"):
            assert values == table[name].tolist()
        assert {type(value) for value in values} <= {int, str, bool, float, type(None)}
    pd.testing.assert_series_equal(
        pd.Series([row.age_low for row in rows]), reports.table["age_low"], check_names=False
    )


def test_reports_of_a_part_of_the_table_are_that_part() -> None:
    """A frame with some rows of the table gives the reports of those rows, in its order."""
    reports = load_example()
    assert reports_of(reports.table.iloc[[3, 1]]) == (reports.reports[3], reports.reports[1])
    assert reports_of(reports.table.iloc[:0]) == ()


def test_silent_wordings_are_those_without_a_number_but_none() -> None:
    """The wordings called silent carry no number, and are neither "none", which says nobody, nor a list of names."""
    without = {name for name, wording in WORDINGS.items() if wording.terms is None}
    assert set(SILENT_WORDINGS) == without - {"none", "named"}


def test_a_report_cannot_be_changed() -> None:
    """What users hold is frozen."""
    with pytest.raises(AttributeError):
        PLAIN.low = 19  # type: ignore[misc]
