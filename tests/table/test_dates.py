"""Times at the precision they were written with, and the ages they leave open."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from estimates.table.dates import Time, ages, overlap, parse_time, precedes


def day(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("text", "start", "end", "has_clock"),
    [
        ("2020", "2020-01-01", "2021-01-01", False),
        ("2020-02", "2020-02-01", "2020-03-01", False),
        ("2020-12", "2020-12-01", "2021-01-01", False),
        ("2020-02-29", "2020-02-29", "2020-03-01", False),
        ("2020-12-31", "2020-12-31", "2021-01-01", False),
        ("2020-01-15T14", "2020-01-15T14:00", "2020-01-15T15:00", True),
        ("2020-01-15T14:30", "2020-01-15T14:30", "2020-01-15T14:31", True),
        ("2020-01-15 14:30", "2020-01-15T14:30", "2020-01-15T14:31", True),
        ("2020-01-15T14:30:59.123456", "2020-01-15T14:30", "2020-01-15T14:31", True),
        ("2020-01-15T14:30Z", "2020-01-15T14:30", "2020-01-15T14:31", True),
        ("2020-01-15T00:30+03:00", "2020-01-14T21:30", "2020-01-14T21:31", True),
        ("2020-01-15T23:30-0500", "2020-01-16T04:30", "2020-01-16T04:31", True),
        ("  2020-01-15 ", "2020-01-15", "2020-01-16", False),
        ("2020-01-15/2020-01-17", "2020-01-15", "2020-01-18", False),
        ("2020-01/2020-03", "2020-01-01", "2020-04-01", False),
        ("2020-01-15T10:00+03:00/2020-01-15T12:00+03:00", "2020-01-15T07:00", "2020-01-15T09:01", True),
    ],
)
def test_a_time_is_as_long_as_it_was_written(text: str, start: str, end: str, has_clock: bool) -> None:
    """A time spans exactly what its precision leaves open, in UTC."""
    time = parse_time(text)
    assert (time.start, time.end, time.has_clock) == (day(start), day(end), has_clock)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("2020-02-30", "'2020-02-30' does not exist"),
        ("2021-02-29", "does not exist"),
        ("2020-00", "does not exist"),
        ("2020-01-15T24:00", "does not exist"),
        ("2020-01-15T14:60", "does not exist"),
        ("2020-01-15T14:30:61", "does not exist"),
        ("2020-01-15T14:30+15:00", "no place is +15:00 from UTC"),
        ("2020-01-15+03:00", "is not a date"),
        ("20200115", "is not a date; write it as 2020-01-15"),
        ("15.1.2020", "is not a date"),
        ("2020-1-5", "is not a date"),
        ("yesterday", "is not a date"),
        ("", "is not a date"),
        ("٢٠٢٠", "is not a date"),
        ("0202-01-15", "is in the year 202; years run from 1000 to 2999"),
        ("9999", "is in the year 9999"),
        ("2020-01-17/2020-01-15", "ends before it begins"),
        ("2020-01-15/2020-01-17T10:00", "unlike ends"),
        ("2020-01-15/17", "is not a date"),
        ("2020-01-15/", "is not a date"),
    ],
)
def test_what_is_no_time_is_refused_in_plain_words(text: str, message: str) -> None:
    """A time that is misspelt or does not exist raises ValueError with a message fit for the reader of a table."""
    with pytest.raises(ValueError, match=r"^'") as caught:
        parse_time(text)
    assert message in str(caught.value)


@given(st.text(max_size=30))
def test_any_text_is_a_time_or_a_value_error(text: str) -> None:
    """No text makes the reader of times fail in another way, and what it reads is never empty."""
    try:
        time = parse_time(text)
    except ValueError:
        return
    assert time.start < time.end


@given(st.datetimes(datetime(1000, 1, 2), datetime(2999, 12, 30)), st.integers(-14 * 60, 14 * 60))
def test_an_offset_moves_a_time_and_keeps_its_day(moment: datetime, minutes: int) -> None:
    """A time written with an offset is that much earlier in UTC, and its calendar day stays the one written."""
    sign = "-" if minutes < 0 else "+"
    written = f"{moment:%Y-%m-%dT%H:%M}".rjust(16, "0") + f"{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
    time = parse_time(written)
    assert time.start + timedelta(minutes=minutes) == moment.replace(second=0, microsecond=0)
    assert time.first_day == time.last_day == moment.date()


@pytest.mark.parametrize(
    ("reported", "event", "expected"),
    [
        ("2020-01-15", "2020-01-15", (1 / 3, 1 / 3)),
        ("2020-01-16", "2020-01-15", (1.0, 1.0)),
        ("2020-03-01", "2020-02-28", (2.0, 2.0)),
        ("2020-01-15T18:00", "2020-01-15", (1 / 3, 1 / 3)),
        ("2020-01-15", "2020-01-15T18:00", (1 / 3, 1 / 3)),
        ("2020-01-15T18:00", "2020-01-15T12:00", (0.25, 0.25)),
        ("2020-01-16T01:00", "2020-01-15T23:00", (2 / 24, 2 / 24)),
        ("2020-01-15T15:00+03:00", "2020-01-15T12:00Z", (0.0, 0.0)),
        ("2020-01-15T00:30+03:00", "2020-01-15", (1 / 3, 1 / 3)),
        ("2020-01-14", "2020-01-15", (0.0, 0.0)),
        ("2020-01-15T11:00", "2020-01-15T12:00", (0.0, 0.0)),
        ("2020-01", "2020-01-15", (1 / 3, 16.0)),
        ("2020-01", "2020-01", (1 / 3, 30.0)),
        ("2020-02", "2020-01-15", (17.0, 45.0)),
        ("2020", "2020-12-31", (1 / 3, 1 / 3)),
        ("2020-02-01", "2020-01", (1.0, 31.0)),
    ],
)
def test_ages(reported: str, event: str, expected: tuple[float, float]) -> None:
    """Ages are days of the calendar, hours where both clocks are known, and an interval where a time is coarse."""
    assert ages(parse_time(reported), parse_time(event)) == pytest.approx(expected)


def test_an_age_needs_both_times() -> None:
    """Where either time is missing the age is unknown, not nought."""
    time = parse_time("2020")
    assert ages(None, time) is None
    assert ages(time, None) is None


TIMES = st.sampled_from(
    ["2019", "2020", "2020-01", "2020-02", "2020-01-15", "2020-01-16", "2020-01-15T14", "2020-01-15T14:30",
     "2020-01-15T23:30-05:00", "2020-01-16T01:00+03:00"]
).map(parse_time)  # fmt: skip


@given(TIMES, TIMES)
def test_ages_are_intervals_from_nought(reported: Time, event: Time) -> None:
    """An interval of ages starts at or above 0, does not end before it starts, and is 0 only before the event."""
    lowest, highest = ages(reported, event) or (-1.0, -1.0)
    assert 0 <= lowest <= highest
    assert not precedes(reported, event) or highest == 0


@given(TIMES, TIMES)
def test_two_times_precede_or_overlap(one: Time, other: Time) -> None:
    """Of two times one precedes the other, or they overlap: exactly one of the three."""
    assert precedes(one, other) + precedes(other, one) + overlap(one, other) == 1
