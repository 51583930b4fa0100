"""MAVERICK: what every source reported of an event, as the package eventreport has it or one row a quantity."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from estimates.importers.figures import between, exactly
from estimates.importers.records import Record
from estimates.table.faults import Wrong, quoted

__all__ = ["SOURCE_TYPES", "reports"]

#: Types of source of the data, by the vocabulary of the table.
SOURCE_TYPES = {
    "International news agency": "international_media",
    "International news media": "international_media",
    "National news media": "local_media",
    "Human rights commission": "monitor",
    "Special commission": "other",
    "International civil society organization": "ngo",
    "National civil society organization": "ngo",
    "International organization": "un",
    "National government agency": "government",
    "Other": "other",
}

#: "Reuters (2011-01-12) More die in violence": the day on which a source wrote.
_WRITTEN = re.compile(r"\((?P<day>[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?)\)")
_OUTCOMES = ("killed", "injured")
_WIDE = (("killed", "deaths"), ("injured", "injuries"))


class _Numbers(NamedTuple):
    """What a report says of one outcome."""

    low: int
    best: int
    high: int


#: Outcomes with what is said of them and the rest of the row.
type _Given = Iterator[tuple[str, _Numbers, dict[str, str]]]


def reports(record: Record) -> Iterator[dict[str, str]]:
    """Give the reports of a row, of the killed and of the injured; zeros alone are none.

    Parameters
    ----------
    record : Record
    """
    event = record.needed("event_id")
    shared = {
        "event": event,
        "source_type": _source_type(record),
        "event_type": "attack",
        "url": record.address("url"),
    }
    given = _of_long_row(record) if "quantity" in record.names else _of_wide_row(record)
    for outcome, numbers, rest in given:
        if figure := _figure(record, outcome, numbers):
            yield shared | rest | {"figure": figure, "outcome": outcome}


def _of_wide_row(record: Record) -> _Given:
    text = record.needed("source")
    written = _WRITTEN.search(text)
    told = record.told(report="id", city="city", location="location", source="source")
    rest = {
        "source": record.text("source_author") or text.partition(" (")[0],
        "reported_at": written["day"] if written else "",
        "event_date": record.days("date_start", "date_end"),
        "note": f"MAVERICK; {told}",
    }
    for outcome, column in _WIDE:
        numbers = [record.count(f"{column}_{end}") for end in ("low", "best", "high")]
        if (complete := _complete(record, f"{column}_best", numbers)) is not None:
            yield outcome, complete, rest


def _of_long_row(record: Record) -> _Given:
    outcome = record.needed("quantity")
    if outcome not in _OUTCOMES:
        if outcome:
            record.fault("quantity", Wrong(f"{quoted(outcome)} is neither killed nor injured", "leave the row out"))
        return

    told = record.told(name="event_name", report="note")
    rest = {
        "source": record.needed("source"),
        "reported_at": record.time("reported_at"),
        "event_date": record.days("date", "date_end"),
        "note": f"MAVERICK; {told}",
    }
    numbers = [record.count(column) for column in ("value_low", "value", "value_high")]
    if (complete := _complete(record, "value", numbers)) is not None:
        yield outcome, complete, rest


def _complete(record: Record, best: str, numbers: list[int | None]) -> _Numbers | None:
    """Low, best and high, each of them the best where it is empty; nothing where that is empty too."""
    low, middle, high = numbers
    if middle is None:
        record.needed(best)
        return None
    return _Numbers(middle if low is None else low, middle, middle if high is None else high)


def _figure(record: Record, outcome: str, numbers: _Numbers) -> str:
    """The range where a report leaves one open, else its number; empty where it says 0."""
    if numbers.high == 0 == numbers.best:
        record.remark(f"no figure of {outcome}: 0 can mean that the report does not mention them")
        return ""
    if numbers.low < numbers.high and numbers.low <= numbers.best <= numbers.high:
        return between(numbers.low, numbers.high)
    if not numbers.low <= numbers.best <= numbers.high:
        record.remark(f"the best number of {outcome} lies outside low and high; best is the figure")
    return exactly(numbers.best)


def _source_type(record: Record) -> str:
    text = record.text("source_type")
    if text and text not in SOURCE_TYPES:
        record.remark(f"source_type {quoted(text)} is not in the data of eventreport 0.1.2: unknown")
    return SOURCE_TYPES.get(text, "unknown")
