"""Airwars: civilians reported killed and injured in an incident, and what belligerents conceded."""

from __future__ import annotations

import re
from collections.abc import Iterator

from estimates.importers.databases import AIRWARS_CIVILIANS
from estimates.importers.figures import between, exactly
from estimates.importers.records import Record
from estimates.table.faults import Wrong, quoted

__all__ = ["reports"]

_NAME = re.compile(r"belligerent_(?P<number>[0-9]+)_belligerent_name")
_CLAIMED = (("killed", f"{AIRWARS_CIVILIANS}_killed"), ("injured", f"{AIRWARS_CIVILIANS}_injured"))
_CONCEDED = (("killed", "deaths_conceded"), ("injured", "injuries_conceded"))


def reports(record: Record) -> Iterator[dict[str, str]]:
    """Give the reports of a row: of the killed, of the injured, and of each belligerent who conceded any.

    Incidents that Airwars discounted are left out: those hit were combatants, or hit by somebody else.

    Parameters
    ----------
    record : Record
    """
    code, day = record.needed("code"), record.time("date")
    if not day:
        record.needed("date")
    if record.text("civilian_harm_status_name").lower() == "discounted":
        record.remark("left out: graded discounted, which says that combatants were hit or others did it")
        return

    place = record.first("location_name", "country_name")
    shared = {
        "event": f"{place} {day} (Airwars {code})",
        "event_date": _when(record, day),
        "event_type": _type(record.text("strike_type_name").lower()),
        "population": "civilians",
        "url": record.address("permalink"),
        "note": _note(record, code),
    }
    found = [*_of_airwars(record, shared), *_of_belligerents(record, shared)]
    if not found:
        record.remark("left out: no civilians are reported killed or injured")
    yield from found


def _of_airwars(record: Record, shared: dict[str, str]) -> Iterator[dict[str, str]]:
    changed = record.time("post_modified") or record.time("post_published")
    for outcome, column in _CLAIMED:
        if figure := _figure(record, column):
            yield shared | {
                "source": "Airwars",
                "source_type": "monitor",
                "figure": figure,
                "outcome": outcome,
                "reported_at": changed[:10],  # the website's clock has no zone
            }


def _of_belligerents(record: Record, shared: dict[str, str]) -> Iterator[dict[str, str]]:
    """What each belligerent said itself of those hit by its own strikes."""
    for column in record.cells:
        named = _NAME.fullmatch(column)
        if named is None or not (source := record.text(column)):
            continue
        for outcome, conceded in _CONCEDED:
            if figure := _figure(record, f"belligerent_{named['number']}_{conceded}"):
                yield shared | {
                    "source": source,
                    "source_type": "party",
                    "figure": figure,
                    "outcome": outcome,
                    "affiliation": "own_strike",
                }


def _figure(record: Record, column: str) -> str:
    """The figure from the lowest to the highest claim; empty where there is none, or nobody."""
    low, high = record.count(f"{column}_min"), record.count(f"{column}_max")
    if low is not None and high is not None and low > high:
        what = f"{quoted(low)} is above {record.names[f'{column}_max']} {quoted(high)}"
        record.fault(f"{column}_min", Wrong(what, "swap them"))
        return ""

    ends = [end for end in (low, high) if end is not None]
    if not any(ends):
        return ""
    return between(*ends) if len(ends) == 2 else exactly(ends[0])


def _when(record: Record, day: str) -> str:
    return record.days("date", "date_end") if record.text("date_type") == "date_range" else day


def _type(strike: str) -> str:
    """The type of an event by the types of strike that are named; an attack where they are several or others."""
    air, ground = bool(re.search(r"\b(?:air ?strike|drone)", strike)), "artillery" in strike
    if air == ground or "ground" in strike:
        return "attack"
    return "airstrike" if air else "shelling"


def _note(record: Record, code: str) -> str:
    told = record.told(
        grading="civilian_harm_status_name", strike="strike_type_name", strike_status="strike_status_name",
        victims_named="num_victims_named", sources="num_sources", belligerents_killed_from="belligerents_killed_min",
        belligerents_killed_to="belligerents_killed_max",
    )  # fmt: skip
    return f"Airwars {code}; {told}" if told else f"Airwars {code}"
