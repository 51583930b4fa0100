"""Zeros that may mean "not mentioned": nobody injured, in a column of numbers, beside people killed."""

from __future__ import annotations

from collections.abc import Sequence

from estimates.table.report import Report
from estimates.text import plural


def unasked_zeros(reports: Sequence[Report]) -> frozenset[tuple[int, str, str]]:
    """Rows of an event in which a bare 0 counts the injured although its source counts dead: asked about, not read.

    In tables made by hand of articles such a cell mostly stands for articles that do not mention any injured. Nobody
    injured in words ("no injured") is read.

    Parameters
    ----------
    reports : sequence of Report
        All of one event.
    """
    asked = [report for report in reports if report.outcome == "injured" and report.high == 0 and report.is_bare_number]
    if not asked:
        return frozenset()
    killing = {
        (report.source, report.reported_at) for report in reports if report.outcome == "killed" and _counts_some(report)
    }
    return frozenset(report.place_in_table for report in asked if (report.source, report.reported_at) in killing)


def note_on_zeros(event: str, places: frozenset[tuple[int, str, str]]) -> list[str]:
    """The question that such rows of an event raise."""
    if not places:
        return []
    where = ", ".join(map(str, sorted({line for line, _, _ in places})))
    return [
        f"{event}: {plural(len(places), 'row')} with 0 injured beside dead of the same source (line {where}) may mean "
        "“not mentioned” and is not read; write “no injured” if the source said so, or leave the row out"
    ]


def _counts_some(report: Report) -> bool:
    return report.said is not None and bool(report.high or report.word)
