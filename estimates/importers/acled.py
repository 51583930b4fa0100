"""ACLED: one figure an event and day, the lowest of its sources."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from estimates.importers.figures import around, at_least
from estimates.importers.records import Record
from estimates.table.faults import Wrong, quoted

__all__ = ["reports"]

#: Types of event by the sub-event; every other one is an attack.
_TYPES = {
    "air/drone strike": "airstrike",
    "shelling/artillery/missile attack": "shelling",
    "suicide bomb": "bombing",
    "remote explosive/landmine/ied": "bombing",
}
#: What the codebook has written where reports give no number: several or many, dozens, hundreds.
_FOR_WORDS = (3, 10, 12, 100)
#: The middle of a week stands for its days.
_HALF_A_WEEK = 3


def reports(record: Record) -> Iterator[dict[str, str]]:
    """Give the report that a row is; none where no deaths were reported.

    Parameters
    ----------
    record : Record
    """
    key, number = record.needed("event_id_cnty"), record.count("fatalities")
    day = record.time("event_date", day_first=True)  # as ACLED wrote days before 2023
    if not day:
        record.needed("event_date")
    if number is None:
        record.needed("fatalities")
        return
    if number == 0:
        record.remark("left out: fatalities is 0, which may mean that nothing was reported")
        return
    if number in _FOR_WORDS:
        record.remark("3, 10, 12 and 100 may stand for several, many, dozens or hundreds: see the note")

    place = record.first("location", "country")
    yield {
        "event": f"{place} {day} (ACLED {key})",
        "source": "ACLED",
        "figure": at_least(number),
        "source_type": "monitor",
        "reported_at": _uploaded(record),
        "event_date": _when(record, day),
        "event_type": _TYPES.get(record.text("sub_event_type").lower(), "attack"),
        "url": record.address("source", "notes"),
        "note": _note(record, key),
    }


def _when(record: Record, day: str) -> str:
    """The time of the event: its day, the week that the day is the middle of, or its month."""
    precision = record.count("time_precision")
    if not day or precision in (None, 1):
        return day
    return around(day, _HALF_A_WEEK) if precision == 2 else day[:7]


def _uploaded(record: Record) -> str:
    """When the row was last uploaded, from seconds since 1970."""
    text = record.text("timestamp").removesuffix(".0")
    if not text:
        return ""
    try:
        return datetime.fromtimestamp(int(text), UTC).strftime("%Y-%m-%dT%H:%MZ")
    except (OverflowError, OSError, ValueError):
        record.fault("timestamp", Wrong(f"{quoted(text)} is no time", "give seconds since 1970, or clear the cell"))
        return ""


def _note(record: Record, key: str) -> str:
    told = record.told(
        type="event_type", sub_event="sub_event_type", time_precision="time_precision", actor_1="actor1",
        actor_2="actor2", sources="source", tags="tags", notes="notes",
    )  # fmt: skip
    return f"ACLED {key}; {told}" if told else f"ACLED {key}"
