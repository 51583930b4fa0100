"""Dates as the field writes them, from a closed list of formats, as the ISO 8601 text that the table keeps.

Nothing is filled in: a date without a year, with a year of two digits or with an order of day and month that cannot be
told is refused, and so is a weekday that the date does not have. Times keep the precision they were written with.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from estimates.table.dates import FIRST_YEAR, LAST_YEAR, is_iso, parse_time
from estimates.table.faults import Wrong, quoted
from estimates.wording.figure import says_nothing

__all__ = ["day_first_dates", "field_span", "field_time", "is_month_first"]

_MONTH_NAMES = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_NUMBERED = [(name.lower(), number) for number, name in enumerate(_MONTH_NAMES, start=1)]
_MONTHS = dict(_NUMBERED) | {name[:3]: number for name, number in _NUMBERED} | {"sept": 9}
_MONTH = rf"(?P<word>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})(?![a-z])"
_DAY = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>[0-9]{4})"
_GAP = r"(?:[ -]|[.,] ?)"

#: The closed list, in small letters and with single spaces: the first that fits the beginning of a text counts.
_DATES = tuple(
    re.compile(rf"(?:{pattern})(?![0-9])")
    for pattern in (
        rf"{_YEAR}(?P<mark>[-/.])(?P<month>[0-9]{{1,2}})(?P=mark)(?P<day>[0-9]{{1,2}})",
        rf"{_YEAR}/(?P<month>[0-9]{{1,2}})(?!/)",
        r"(?P<year>(?:19|20)[0-9]{2})(?P<month>[0-9]{2})(?P<day>[0-9]{2})",
        rf"(?P<first>[0-9]{{1,2}})(?P<mark>[-/.])(?P<second>[0-9]{{1,2}})(?P=mark){_YEAR}",
        rf"(?P<month>[0-9]{{1,2}})/{_YEAR}",
        rf"{_DAY}(?: of |{_GAP})?{_MONTH}{_GAP}?{_YEAR}",
        rf"{_MONTH}{_GAP}{_DAY}{_GAP}{_YEAR}",
        rf"{_YEAR}{_GAP}{_MONTH}{_GAP}{_DAY}",
        rf"{_MONTH}{_GAP}{_YEAR}",
    )
)
_CLOCK = re.compile(
    r"(?:t|,? (?:at )?)(?P<hour>[0-9]{1,2})(?P<minutes>:[0-9]{2}(?::[0-9]{2})?)?(?:[.,][0-9]{1,9})?"
    r"(?: ?(?P<half>[ap])\.?m\.?(?![a-z]))?"
    r"(?: ?(?P<zone>(?:z|utc|gmt|ut)?(?P<sign>[+-])(?P<ahead>[0-9]{1,2})(?::?(?P<beyond>[0-9]{2}))?|[a-z]+))?"
)
_UNIVERSAL = frozenset({"z", "utc", "gmt", "ut"})
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAY = re.compile(rf"({'|'.join(_WEEKDAYS)}|mon|tues?|wed|thur?s?|fri|sat|sun)\.?,? ")

#: A date of which day and month may change places, wherever it stands.
_NUMBERS = re.compile(r"(?<![0-9/.-])([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4})(?![0-9])")
#: What spreadsheets keep for days: these run from 1927 to 2173.
_DAY_NUMBER = re.compile(r"([1-9][0-9]{4})(?:\.[0-9]+)?")
_FIRST_DAY_NUMBER = date(1899, 12, 30)
_FAR_YEAR = re.compile(r"([+-][0-9]+|[0-9]{5,})-[0-9]{2}-[0-9]{2}(?![0-9]).*")
_PART_OF_A_DATE = re.compile(rf"[0-9][-/.][0-9]|{_MONTH}|{_WEEKDAY.pattern}")

_DASHES = re.compile(r" ?[\u2012-\u2015\u2212] ?")
_TO = re.compile(r" (?:to|until|till|through|-) |(?<=[a-z])-(?=[a-z])")
_FROM = re.compile(r"from |between (?=.* and )")
#: Days of one month: "15-17 Jan 2020" and "Jan 15-17, 2020".
_DAYS_OF_A_MONTH = re.compile(rf"([0-9]{{1,2}})(?:-| - | to )([0-9]{{1,2}})( {_MONTH}.*)")
_MONTH_OF_DAYS = re.compile(rf"({_MONTH} )([0-9]{{1,2}})(?:-| - | to )([0-9]{{1,2}}),? ([0-9]{{4}})")

_WHOLE_DAY = len("2020-01-15")
_MEND = "write it as 2020-01-15, 2020-01 or 2020-01-15T14:30"


def field_time(text: str) -> str:
    """Give a time in ISO 8601; a text that is ISO already stays as it is.

    Parameters
    ----------
    text : str
        In one of these formats, in capitals or not, after a weekday or not: 2020-01-15 and shorter, 2020/01/15,
        20200115, 15/01/2020, 15.01.2020 or 15-01-2020 (either number first, where only one of them can be the month),
        15 Jan 2020, 15-Jan-2020, 15th of January 2020, Jan 15 2020, January 15, 2020, January 2020, Jan-2020, 01/2020.
        After a day, a clock time: 14:30, 14:30:00, 2:30 pm, 2 pm; with Z, UTC, GMT, an offset, or without.

    Returns
    -------
    str
        The same time at the same precision, as `estimates.table.dates.parse_time` reads it.

    Raises
    ------
    Wrong
        If the text is in no such format, may be two dates, or tells of a day that does not exist.
    """
    written = text.strip()
    if is_iso(written):
        return _checked(written)

    plain = " ".join(written.lower().split())
    weekday = _WEEKDAY.match(plain)
    bare = plain[weekday.end() :] if weekday else plain
    for pattern in _DATES:
        match = pattern.match(bare)
        clock = match and _CLOCK.fullmatch(bare, match.end())
        if match and (clock or match.end() == len(bare)):
            day = _calendar(match, written)
            if weekday:
                _check_weekday(weekday[1], _checked(day, written), written)
            return _checked(day + _clock(clock, day, written) if clock else day, written)

    raise _not_a_date(written, plain)


def field_span(text: str) -> str:
    """Give the time of an event in ISO 8601: a time, or the days from a first to a last one as FIRST/LAST.

    Parameters
    ----------
    text : str
        A time as `field_time` reads it, or two with "to", a dash or (in ISO) a slash between them:
        2020-01-15/2020-01-17, 15 Jan 2020 to 17 Jan 2020. The first may leave out the month or year that the last one
        states: 15-17 Jan 2020, 30 January - 2 February 2020, Jan 15-17, 2020.

    Returns
    -------
    str
        As `estimates.table.dates.parse_time` reads it.

    Raises
    ------
    Wrong
        If the text is neither, or the range ends before it begins.
    """
    written = text.strip()
    ends = _ends(written)
    if ends is None:
        return field_time(written)

    try:
        first, last = map(field_time, ends)
    except Wrong as wrong:
        raise Wrong(f"in the range {quoted(written)}, {wrong.what}", wrong.mend) from None
    if first == last:
        return first
    return _checked(f"{first}/{last}", written)


# ------------------------------------------------------------------------------------------------------ day and month


def day_first_dates(text: str) -> str:
    """Write the dates in ISO 8601 that are ambiguous without knowing that the day comes first; others stay."""
    return _NUMBERS.sub(_day_first, text)


def is_month_first(text: str) -> bool:
    """Whether a date in the text can only have its month first, such as 01/15/2020."""
    return any(int(match[1]) <= 12 < int(match[3]) for match in _NUMBERS.finditer(text))


def _day_first(match: re.Match[str]) -> str:
    day, month = int(match[1]), int(match[3])
    return f"{match[4]}-{month:02}-{day:02}" if day <= 12 and month <= 12 else match[0]


def _day_and_month(match: re.Match[str], written: str) -> tuple[int, int]:
    """Tell day from month where only one of two numbers can be the month, or both are the same."""
    first, second, year = int(match["first"]), int(match["second"]), match["year"]
    if first > 12 or first == second or 0 in (first, second):
        return first, second
    if second > 12:
        return second, first

    what = f"{quoted(written)} may be {first} {_MONTH_NAMES[second - 1]} or {second} {_MONTH_NAMES[first - 1]} {year}"
    dates = f"{year}-{second:02}-{first:02} or {year}-{first:02}-{second:02}"
    raise Wrong(what, f"say --day-first (day_first=True) if the table has days first, or write {dates}")


# ------------------------------------------------------------------------------------------------ the parts of a time


def _calendar(match: re.Match[str], written: str) -> str:
    """The day or month that a date of the list stands for."""
    parts = match.groupdict()
    if "first" in parts:
        day, month = _day_and_month(match, written)
        return f"{parts['year']}-{month:02}-{day:02}"

    month = _MONTHS[parts["word"]] if "word" in parts else int(parts["month"])
    return f"{parts['year']}-{month:02}" + (f"-{int(parts['day']):02}" if "day" in parts else "")


def _clock(match: re.Match[str], day: str, written: str) -> str:
    hour, minutes, half, zone = int(match["hour"]), match["minutes"] or "", match["half"], match["zone"]
    if len(day) < _WHOLE_DAY or not (minutes or half):
        raise Wrong(f"{quoted(written)} is no date with a clock time", _MEND)
    if half:
        if not 1 <= hour <= 12:
            raise Wrong(
                f"{quoted(written)} has the hour {hour} in a clock of twelve hours", "write it as 14:30 or 2:30 pm"
            )
        hour = hour % 12 + (12 if half == "p" else 0)

    if zone and not match["sign"] and zone not in _UNIVERSAL:
        mend = "write its distance from UTC, such as 2020-01-15T14:30+03:00"
        raise Wrong(f"{quoted(written)} names the zone {zone.upper()!r}, which several places use", mend)
    offset = f"{match['sign']}{int(match['ahead']):02}:{match['beyond'] or '00'}" if match["sign"] else "Z" * bool(zone)
    return f"T{hour:02}{minutes}{offset}"


def _check_weekday(name: str, day: str, written: str) -> None:
    """Refuse a date that was another day of the week than the one written."""
    if len(day) < _WHOLE_DAY:
        raise Wrong(f"{quoted(written)} has a weekday and no day", _MEND)

    said = next(place for place, weekday in enumerate(_WEEKDAYS) if weekday.startswith(name[:3]))
    true = date.fromisoformat(day).weekday()
    if true != said:
        what = f"{quoted(written)} says {_WEEKDAYS[said].capitalize()}, and {day} was a {_WEEKDAYS[true].capitalize()}"
        raise Wrong(what, "correct one of them, or leave the weekday out")


def _checked(time: str, written: str = "") -> str:
    """A time in ISO 8601, if there is such a day and hour."""
    try:
        parse_time(time)
    except ValueError as error:
        what, _, mend = str(error).partition("; ")
        raise Wrong(f"{quoted(written)}: {what}" if written not in ("", time) else what, mend) from None
    return time


def _not_a_date(written: str, plain: str) -> Wrong:
    """Why a text is no date, as nearly as can be told."""
    if says_nothing(written):
        return Wrong(f"{quoted(written)} is not a date", "leave the cell empty where it is not known")
    if match := _DAY_NUMBER.fullmatch(plain):
        day = _FIRST_DAY_NUMBER + timedelta(days=int(match[1]))
        what = f"{quoted(written)} is how a spreadsheet numbers a day ({day} where it counts from 1900)"
        return Wrong(what, "give the column the format of a date, or write 2020-01-15")
    if match := _FAR_YEAR.fullmatch(plain):
        year = match[1].removeprefix("+")[:20]
        return Wrong(f"{quoted(written)} is in the year {year}", f"years run from {FIRST_YEAR} to {LAST_YEAR}")
    if not re.search(r"[0-9]{4}", plain) and _PART_OF_A_DATE.search(plain) and re.search(r"[0-9]", plain):
        return Wrong(f"{quoted(written)} has no year of four digits", _MEND)
    return Wrong(f"{quoted(written)} is not a date", _MEND)


# -------------------------------------------------------------------------------------------------------------- ranges


def _ends(written: str) -> tuple[str, str] | None:
    """The two ends of a range, each a whole date; None where the text is no range."""
    first, slash, last = (part.strip() for part in written.partition("/"))
    if slash and is_iso(first) and is_iso(last):
        return first, last

    plain = _DASHES.sub(" - ", " ".join(written.lower().split()))
    if opening := _FROM.match(plain):
        plain = plain[opening.end() :].replace(" and ", " to ")
    if match := _DAYS_OF_A_MONTH.fullmatch(plain):
        return match[1] + match[3], match[2] + match[3]
    if match := _MONTH_OF_DAYS.fullmatch(plain):
        return f"{match[1]}{match[3]}, {match[5]}", f"{match[1]}{match[4]}, {match[5]}"

    parts = _TO.split(plain)
    if len(parts) != 2:
        return None
    first, last = parts
    year = re.search(r"[0-9]{4}", last)
    return (first if re.search(r"[0-9]{4}", first) or not year else f"{first}, {year[0]}"), last
