"""Dates as the field writes them: a closed list, read to ISO 8601, and nothing filled in."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from estimates.table.dates import parse_time
from estimates.table.faults import Wrong
from estimates.table.field_dates import day_first_dates, field_span, field_time, is_month_first

#: The formats of the list as Python's own reader of dates knows them, in words and in numbers without doubt.
DAYS = (
    "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%d %b %Y", "%d %B %Y", "%d-%b-%Y", "%d%b%Y", "%d of %B %Y", "%b %d %Y",
    "%b %d, %Y", "%B %d, %Y", "%b. %d, %Y", "%Y %b %d", "%Y-%b-%d", "%a %d %b %Y", "%a, %d %b %Y", "%A, %B %d, %Y",
    "%A %d %B %Y",
)  # fmt: skip
DAY_FIRST = ("%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%a %d/%m/%Y")
MONTH_FIRST = ("%m/%d/%Y", "%m.%d.%Y", "%m-%d-%Y", "%a, %m/%d/%Y")
MONTHS = ("%B %Y", "%b %Y", "%b-%Y", "%b, %Y", "%m/%Y", "%Y/%m")
CLOCKS = ("%H:%M", "%H:%M:%S", "%I:%M %p", "%I:%M%p", "%I:%M:%S %p")
ZONES = ("", " Z", " UTC", " GMT")

days = st.dates(date(1900, 1, 1), date(2099, 12, 31))


def written(moment: date, pattern: str) -> str:
    """A date in a format of `strftime`."""
    return moment.strftime(pattern)


@given(days, st.sampled_from(DAYS), st.sampled_from([str, str.upper, str.lower]))
def test_every_format_of_the_list_reads_as_the_day_that_was_written(day: date, form: str, letters: type[str]) -> None:
    """What Python writes in a format, and itself reads back as the day, is read as that day, in capitals or not."""
    text = written(day, form)
    assert datetime.strptime(text, form).date() == day
    assert field_time(letters(text)) == day.isoformat()


@given(days, st.sampled_from(DAY_FIRST + MONTH_FIRST))
def test_numbers_are_a_date_where_only_one_order_is_a_date(day: date, form: str) -> None:
    """Numbers are read if all formats with which Python can read them give one day, and refused with both if not."""
    text = written(day, form)
    readings = set()
    for order in ("%d/%m/%Y", "%m/%d/%Y"):
        bare = text.split()[-1].replace(".", "/").replace("-", "/")
        try:
            readings.add(datetime.strptime(bare, order).date())
        except ValueError:
            continue

    if len(readings) == 1:
        assert field_time(text) == day.isoformat()
        return
    with pytest.raises(Wrong) as caught:
        field_time(text)
    assert "--day-first" in caught.value.mend
    assert "day_first=True" in caught.value.mend
    assert all(reading.isoformat() in caught.value.mend for reading in readings)


@given(days, st.sampled_from(DAY_FIRST), st.sampled_from(["", " 14:30", ", 2:30 pm UTC"]))
def test_days_first_make_every_date_of_numbers_one(day: date, form: str, clock: str) -> None:
    """Where days are said to come first, all dates so written are read."""
    assert field_time(day_first_dates(written(day, form) + clock))[:10] == day.isoformat()


@given(days, st.sampled_from(DAYS + MONTHS + DAY_FIRST + MONTH_FIRST))
def test_days_first_changes_only_what_is_ambiguous(day: date, form: str) -> None:
    """A date that can be read without it is read the same with it; 01/15/2020 still is, and is noticed."""
    text = written(day, form)
    try:
        before = field_time(text)
    except Wrong:
        assert day_first_dates(text) != text
        return
    assert field_time(day_first_dates(text)) == before
    assert is_month_first(text) == (form in MONTH_FIRST and day.day > 12)


@given(days, st.sampled_from(MONTHS))
def test_a_month_stays_a_month(day: date, form: str) -> None:
    """A month is all of it: no day is made up."""
    time = parse_time(field_time(written(day, form)))
    assert (time.first_day, time.end - timedelta(days=1)) == (
        day.replace(day=1),
        datetime(day.year + day.month // 12, day.month % 12 + 1, 1) - timedelta(days=1),
    )


@given(
    st.datetimes(datetime(1900, 1, 1), datetime(2099, 12, 31, 23, 59)),
    st.sampled_from(DAYS),
    st.sampled_from([" ", ", ", " at "]),
    st.sampled_from(CLOCKS),
    st.sampled_from(ZONES),
)
def test_clock_times_are_read_to_the_minute(moment: datetime, form: str, gap: str, clock: str, zone: str) -> None:
    """Twelve hours and twenty-four, with seconds and without, in UTC: what Python reads back is what is read."""
    assume(form != "%Y%m%d" or gap == " ")
    text = moment.strftime(form + gap + clock) + zone
    assert datetime.strptime(moment.strftime(form + gap + clock), form + gap + clock).minute == moment.minute
    time = parse_time(field_time(text))
    assert (time.start, time.has_clock) == (moment.replace(second=0, microsecond=0), True)


@given(st.datetimes(datetime(1900, 1, 2), datetime(2099, 12, 30)), st.integers(-14 * 60, 14 * 60))
def test_feeds_write_offsets(moment: datetime, minutes: int) -> None:
    """The dates of feeds ("Wed, 15 Jan 2020 10:00:00 +0300") are that much earlier in UTC, and their day stays."""
    sign = "-" if minutes < 0 else "+"
    time = parse_time(field_time(f"{moment:%a, %d %b %Y %H:%M:%S} {sign}{abs(minutes) // 60:02}{abs(minutes) % 60:02}"))
    assert time.start + timedelta(minutes=minutes) == moment.replace(second=0, microsecond=0)
    assert time.first_day == moment.date()


@given(days, st.integers(1, 6), st.sampled_from(["%a, %d %b %Y", "%A %d/%m/%Y", "%a. %B %d, %Y 14:30"]))
def test_a_weekday_is_checked(day: date, off: int, form: str) -> None:
    """A date with the weekday of another day is refused, and told which it was."""
    other = day + timedelta(days=off)
    words, _, rest = form.partition(" ")
    with pytest.raises(Wrong) as caught:
        field_time(day_first_dates(f"{other.strftime(words)} {day.strftime(rest)}"))
    assert f"{day} was a {day:%A}" in caught.value.what


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2020", "2020"),
        ("2020-01", "2020-01"),
        ("2020-01-15T10:00Z", "2020-01-15T10:00Z"),
        ("2020-01-15 10:00:00 UTC", "2020-01-15T10:00:00Z"),
        ("2020-01-15 9:05", "2020-01-15T09:05"),
        ("2020-1-5", "2020-01-05"),
        ("5/5/2020", "2020-05-05"),
        ("1/15/2020 0:00", "2020-01-15T00:00"),
        ("15th of January 2020", "2020-01-15"),
        ("January 1st, 2020", "2020-01-01"),
        ("Sept 3 2020", "2020-09-03"),
        ("Thurs 16 Jan 2020", "2020-01-16"),
        ("Jan 15 2020 2 p.m.", "2020-01-15T14"),
        ("15 Jan 2020 12:05 am", "2020-01-15T00:05"),
        ("15 Jan 2020 12 pm", "2020-01-15T12"),
        ("15 Jan 2020 10:00 UTC+5:30", "2020-01-15T10:00+05:30"),
        ("15\u00a0Jan\u00a02020", "2020-01-15"),
    ],
)
def test_some_spellings_and_their_iso(text: str, iso: str) -> None:
    """The precision is that of the text: an hour without minutes stays an hour."""
    assert field_time(text) == iso


@pytest.mark.parametrize(
    ("text", "what", "mend"),
    [
        ("15/01/20", "no year of four digits", "2020-01-15"),
        ("Jan-20", "no year of four digits", "2020-01-15"),
        ("15 January", "no year of four digits", "2020-01-15"),
        ("14:30", "is not a date", "2020-01-15"),
        ("15 Jan 2020 14", "no date with a clock time", "2020-01-15T14:30"),
        ("Jan 2020 14:30", "no date with a clock time", "2020-01-15T14:30"),
        ("15 Jan 2020 14:30 pm", "the hour 14 in a clock of twelve hours", "2:30 pm"),
        ("15 Jan 2020 0:30 am", "the hour 0 in a clock of twelve hours", "2:30 pm"),
        ("15 Jan 2020 10:00 EST", "the zone 'EST'", "+03:00"),
        ("15 Jan 2020 10:00 +1900", "no place is +19:00 from UTC", ""),
        ("31/02/2020", "'2020-02-31' does not exist", ""),
        ("13/13/2020", "'2020-13-13' does not exist", ""),
        ("0/5/2020", "'2020-05-00' does not exist", ""),
        ("30 February 2020", "'2020-02-30' does not exist", ""),
        ("15 Jan 2020 25:00", "does not exist", ""),
        ("Wed Jan 2020", "a weekday and no day", "2020-01-15"),
        ("43845", "numbers a day (2020-01-15 where it counts from 1900)", "the format of a date"),
        ("43845.75", "numbers a day (2020-01-15", "the format of a date"),
        ("20000-01-01", "is in the year 20000", "1000 to 2999"),
        ("-500-01-01T10:00:00", "is in the year -500", "1000 to 2999"),
        ("15 Jan 0202", "is in the year 202", "1000 to 2999"),
        ("n/a", "is not a date", "leave the cell empty"),
        ("?", "is not a date", "leave the cell empty"),
        ("yesterday", "is not a date", "2020-01-15"),
        ("early January 2020", "is not a date", "2020-01-15"),
        ("2020-01-15/16", "is not a date", "2020-01-15"),
        ("2020-W03", "is not a date", "2020-01-15"),
        ("15 janvier 2020", "is not a date", "2020-01-15"),
    ],
)
def test_what_is_not_in_the_list_is_refused_with_advice(text: str, what: str, mend: str) -> None:
    """Nothing is filled in from today or from a guess; the message says what is missing and what to write."""
    with pytest.raises(Wrong) as caught:
        field_time(text)
    assert what in caught.value.what
    assert mend in caught.value.mend


@given(st.text(max_size=30) | st.text(alphabet="0123456789/-. :,TZJanFebMayto+", max_size=24))
def test_any_text_is_a_time_or_told_why_not(text: str) -> None:
    """Whatever a cell holds, what is read is a time in ISO 8601; and reading that again changes nothing."""
    try:
        iso = field_span(text)
    except Wrong:
        return
    assert parse_time(iso).start < parse_time(iso).end
    assert field_span(iso) == iso


# ------------------------------------------------------------------------------------------------------ ranges of days


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2020-01-15/2020-01-17", "2020-01-15/2020-01-17"),
        ("2020-01-15 / 2020-01-17", "2020-01-15/2020-01-17"),
        ("2020-01-15 to 2020-01-17", "2020-01-15/2020-01-17"),
        ("2020-01-15 \u2013 2020-01-17", "2020-01-15/2020-01-17"),
        ("15-17 Jan 2020", "2020-01-15/2020-01-17"),
        ("15\u201317 January 2020", "2020-01-15/2020-01-17"),
        ("15 to 17 January 2020", "2020-01-15/2020-01-17"),
        ("Jan 15-17, 2020", "2020-01-15/2020-01-17"),
        ("January 15 - 17 2020", "2020-01-15/2020-01-17"),
        ("30 Jan - 2 Feb 2020", "2020-01-30/2020-02-02"),
        ("Jan 30 to Feb 2, 2020", "2020-01-30/2020-02-02"),
        ("30 Dec 2019 until 2 Jan 2020", "2019-12-30/2020-01-02"),
        ("from 15 Jan 2020 to 17 Jan 2020", "2020-01-15/2020-01-17"),
        ("between 15 and 17 January 2020", "2020-01-15/2020-01-17"),
        ("15/01/2020 - 17/01/2020", "2020-01-15/2020-01-17"),
        ("Jan-Mar 2020", "2020-01/2020-03"),
        ("2020-01/2020-03", "2020-01/2020-03"),
        ("2020-01-15T10:00Z/2020-01-15T12:30Z", "2020-01-15T10:00Z/2020-01-15T12:30Z"),
        ("2020-01-15 to 15 Jan 2020", "2020-01-15"),
        ("2020-01-15", "2020-01-15"),
        ("15/01/2020", "2020-01-15"),
    ],
)
def test_an_event_may_last_several_days(text: str, iso: str) -> None:
    """A range is kept as its two ends in ISO 8601; a range of one day is the day, and a single date stays one."""
    assert field_span(text) == iso


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("17-15 Jan 2020", "ends before it begins"),
        ("2020-02/2020-01-31", "ends before it begins"),
        ("30 Dec - 2 Jan 2020", "ends before it begins"),
        ("2020-01-15T10:00/2020-01-17", "unlike ends"),
        ("2020-01-15T10:00Z/2020-01-15T10:00+03:00", "unlike ends"),
        ("01/02/2020 - 05/02/2020", "in the range '01/02/2020 - 05/02/2020', '01/02/2020' may be"),
        ("15 Jan 2020 - 16 Jan 2020 - 17 Jan 2020", "is not a date"),
        ("2020-01-15/..", "is not a date"),
        ("Mon 13 Jan 2020 - Fri 18 Jan 2020", "was a Saturday"),
    ],
)
def test_a_range_that_cannot_be_is_refused(text: str, what: str) -> None:
    """Its ends are held to the rules of single dates, and to their order."""
    with pytest.raises(Wrong) as caught:
        field_span(text)
    assert what in caught.value.what


@given(days, st.integers(1, 400), st.sampled_from(DAYS), st.sampled_from([" to ", " - ", " \u2013 ", " until "]))
def test_a_range_runs_from_its_first_to_its_last_day(first: date, more: int, form: str, between: str) -> None:
    """Whatever the format, the time of a range starts with its first day and ends with its last."""
    last = min(first + timedelta(days=more), date(2099, 12, 31))  # eight digits are a date up to then
    assume(first < last)
    time = parse_time(field_span(first.strftime(form) + between + last.strftime(form)))
    assert (time.first_day, time.last_day, time.has_clock) == (first, last, False)
