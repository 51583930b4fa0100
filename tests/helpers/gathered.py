"""Cases as the models get them, from rows of one event."""

from __future__ import annotations

from typing import Any

from estimates import read_reports
from estimates.inference.cases import Case, gather
from estimates.models.event import Observations
from estimates.profile.priors import BIN_SHARES
from estimates.table.dates import parse_time


def day(number: int, clock: str = "") -> str:
    """The date of a report so many days after the event of `helpers.tables`."""
    return f"2020-01-{15 + number:02d}{clock}"


def case_of_rows(rows: list[dict[str, Any]], as_of: str | None = None, outcome: str = "killed") -> Case:
    """The case of one outcome of rows about one event."""
    found = gather(read_reports(rows).estimated_reports, BIN_SHARES, None if as_of is None else parse_time(as_of))
    (case,) = (case for case in found.cases if case.outcome == outcome)
    return case


def observed(rows: list[dict[str, Any]], as_of: str | None = None, outcome: str = "killed") -> Observations:
    """What is said of a case whose figures all have a known age."""
    ((share, observations),) = case_of_rows(rows, as_of, outcome).alternatives
    assert share == 1.0
    return observations


def said(rows: list[dict[str, Any]]) -> dict[tuple[str, int], tuple[str, int, int]]:
    """The words that stand, by source and age bin: their wording and numbers."""
    case = case_of_rows(rows)
    return {
        (figure.key.source, figure.first_bin): (figure.words.wording, figure.words.low, figure.words.high)
        for figure in case.whole_figures
    }
