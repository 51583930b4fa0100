"""UCDP GED: one figure an event, the coders' best estimate."""

from __future__ import annotations

from collections.abc import Iterator

from estimates.importers.figures import between, exactly
from estimates.importers.records import Record

__all__ = ["reports"]

#: Rows whose event_clarity is this sum several incidents that the sources did not part.
_AGGREGATE = 2
_SIDES = ("deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown")


def reports(record: Record) -> Iterator[dict[str, str]]:
    """Give the report that a row is.

    ``best`` is the figure. Where it is 0 and ``high`` is not, nobody was counted and nobody ruled out: the figure is
    the range between them. Sums over several incidents are of a period.

    Parameters
    ----------
    record : Record
    """
    key, days = record.count("id"), record.days("date_start", "date_end")
    best, low, high = (record.count(column) for column in ("best", "low", "high"))
    for column in ("id", "date_start", "best", "low", "high"):
        record.needed(column)
    if key is None or best is None or low is None or high is None:
        return

    _remark(record, best, low, high)
    start, _, end = days.partition("/")
    place = record.first("where_coordinates", "country")
    report = {
        "event": f"{place} {start} (UCDP GED {key})",
        "source": "UCDP GED",
        "figure": between(best, high) if best == 0 < high else exactly(best),
        "source_type": "monitor",
        "event_date": days,
        "event_type": "attack",
        "url": record.address("source_article"),
        "note": _note(record, key, best, low, high),
    }

    if record.count("event_clarity") == _AGGREGATE:
        record.remark("event_clarity 2, a sum over several incidents: scope period, shown and not estimated")
        report |= {"scope": "period", "period_start": start, "period_end": end or start}
    yield report


def _remark(record: Record, best: int, low: int, high: int) -> None:
    if best == 0 < high:
        record.remark("best is 0 and high is not: the figure is the range from 0 to high")
    elif not low <= best <= high:
        record.remark("best lies outside low and high; best is the figure")

    sides = [record.count(column) for column in _SIDES]
    if None not in sides and sum(side or 0 for side in sides) != best:
        record.remark("best is not the sum of the deaths of the sides, civilians and unknown; best is the figure")


def _note(record: Record, key: int, best: int, low: int, high: int) -> str:
    told = record.told(
        side_a="deaths_a", side_b="deaths_b", civilians="deaths_civilians", unknown="deaths_unknown", relid="relid",
        dyad="dyad_name", type_of_violence="type_of_violence", event_clarity="event_clarity",
        date_precision="date_prec", where="where_description", sources="number_of_sources",
        original_source="source_original", articles="source_article",
    )  # fmt: skip
    return f"UCDP GED id {key}; low {low:,}, best {best:,}, high {high:,}" + (f"; {told}" if told else "")
