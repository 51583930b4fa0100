"""IOM Missing Migrants: the dead, the missing and the survivors of an incident."""

from __future__ import annotations

from collections.abc import Iterator

from estimates.importers.figures import at_least, exactly
from estimates.importers.records import Record
from estimates.table.dates import FIRST_YEAR, LAST_YEAR
from estimates.table.faults import Wrong

__all__ = ["reports"]

_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip


def reports(record: Record) -> Iterator[dict[str, str]]:
    """Give the reports of a row: of the dead, of the missing, of both where they do not add up, of the survivors.

    Parameters
    ----------
    record : Record
    """
    key = record.needed("incident_id")
    day = record.time("incident_date") or _month(record)
    figures = list(_figures(record))
    if "cumulative" in record.text("incident_type").lower():
        record.remark("left out: cumulative incidents, whose first day the file does not have")
        return
    if not figures:
        record.remark("left out: nobody is counted")

    place = record.first("location_of_incident", "country_of_incident", "region_of_incident")
    shared = {
        "event": f"{place} {day} (IOM {key})",
        "source": "IOM Missing Migrants",
        "source_type": "un",
        "event_date": day,
        "event_type": _type(record),
        "url": record.address("url"),
        "note": _note(record, key),
    }
    for outcome, figure in figures:
        yield shared | {"outcome": outcome, "figure": figure}


def _figures(record: Record) -> Iterator[tuple[str, str]]:
    """Outcomes with their figures; a 0 is no figure, since it stands where nobody was found as well."""
    dead, missing = record.count("number_of_dead"), record.count("minimum_estimated_number_of_missing")
    both, survivors = record.count("total_number_of_dead_and_missing"), record.count("number_of_survivors")
    if dead:
        yield "killed", exactly(dead)
    if missing:
        yield "missing", at_least(missing)
    if both and both != (dead or 0) + (missing or 0):
        record.remark("dead or missing is not the sum of the dead and the missing: it is a figure of its own")
        yield "dead_or_missing", exactly(both)
    if survivors:
        yield "survivors", exactly(survivors)


def _month(record: Record) -> str:
    """The month of an incident without a day; the year where that is all there is."""
    year, month = record.count("incident_year"), record.text("month").lower()
    if year is None:
        return ""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        record.fault("incident_year", Wrong(f"{year} is no year", f"years run from {FIRST_YEAR} to {LAST_YEAR}"))
        return ""
    return f"{year}-{_MONTHS.index(month) + 1:02}" if month in _MONTHS else str(year)


def _type(record: Record) -> str:
    """The type of an event by its cause of death; people missing of those who drowned were on a boat."""
    cause = record.text("cause_of_death").lower()
    if cause == "violence":
        return "attack"
    return "ship" if cause == "drowning" and record.count("minimum_estimated_number_of_missing") else "other"


def _note(record: Record, key: str) -> str:
    told = record.told(
        main_id="main_id", type="incident_type", cause="cause_of_death", route="migration_route",
        origin="country_of_origin", information_source="information_source", source_quality="source_quality",
        article="article_title", addresses="url",
    )  # fmt: skip
    return f"IOM Missing Migrants {key}; {told}" if told else f"IOM Missing Migrants {key}"
