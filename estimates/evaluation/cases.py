"""Which events are scored, what is shown of each, and what other events may be used for it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from estimates.errors import EstimatesError
from estimates.evaluation.baselines import Figures, Known
from estimates.table.dates import Time, moments, overlap
from estimates.table.report import Report, numbers_said
from estimates.table.reports import Reports

_MINUTES_A_DAY = 24.0 * 60.0
#: A figure counts as at least so many days old, so that growth by its age does not begin with nothing.
_YOUNGEST = 0.1


@dataclass(frozen=True, eq=False)
class ScoredCase:
    """One outcome of one event: what was reported of it early, and the toll that was verified later.

    Attributes
    ----------
    date : Time or None
        When the event happened.
    low : int
        The verified toll, or its lowest value.
    high : int or None
        Its highest value; None where the toll is a lower bound.
    shown : Reports
        The early reports.
    figures : Figures
        Those of them that give a number for everybody hit.
    sources : int
        How many sources gave these figures.
    age : float
        Of the last of these figures, in days.
    """

    event: str
    event_type: str
    date: Time | None
    low: int
    high: int | None
    shown: Reports
    figures: Figures
    sources: int
    age: float

    @property
    def highest(self) -> int:
        """The highest value the toll is scored against; a lower bound is scored as that number."""
        return self.low if self.high is None else self.high

    @property
    def known(self) -> Known:
        """The case as other events learn from it."""
        return Known(self.figures, self.log_toll)

    @property
    def log_toll(self) -> float:
        """The middle of the toll on the scale of log(1 + count)."""
        return float(np.log1p([self.low, self.highest]).mean())


def verified_reports(reports: Reports, outcome: str) -> Reports:
    """The reports of one outcome that are about single events whose toll is verified."""
    table = reports.table
    return reports.rows((table["outcome"] == outcome) & (table["scope"] == "event") & table["verified_low"].notna())


def scored_cases(reports: Reports, outcome: str, within_days: float) -> list[ScoredCase]:
    """Events with a verified toll and a figure that is young enough, in the order of their names.

    Parameters
    ----------
    reports : Reports
    outcome : str
    within_days : float
        Age in days below which reports are shown.

    Raises
    ------
    EstimatesError
        If there is no such event.
    """
    verified = verified_reports(reports, outcome)
    if not len(verified):
        raise EstimatesError(
            f"{reports.name}: no event has a verified toll of {outcome}; write it in the column verified, once an event"
        )

    table = verified.table
    young = table["age_high"] < within_days  # false where the age is unknown
    found = (_case(verified.rows(young & (table["event"] == event))) for event in sorted(set(table["event"])))
    cases = [case for case in found if case is not None]
    if not cases:
        raise EstimatesError(
            f"{reports.name}: no verified event has a figure younger than {within_days:g} days; give event_date and "
            "reported_at, or allow more days"
        )
    return cases


def _case(shown: Reports) -> ScoredCase | None:
    """The case made of an event's early reports; None where none of them gives a figure for everybody hit."""
    told = sorted((report for report in shown.reports if report.speaks_of_all), key=_order)
    if not told:
        return None

    low, high = (np.array(ends, dtype=float) for ends in zip(*map(_ends, told), strict=True))
    days, minutes = np.array(moments([report.reported for report in told])).T
    types = tuple(report.source_type for report in told)
    ages = np.array([max((report.age_low + report.age_high) / 2.0, _YOUNGEST) for report in told])
    figures = Figures(low, high, days + minutes / _MINUTES_A_DAY, types, ages)

    first, toll = told[0], shown.table.iloc[0]
    return ScoredCase(
        event=first.event,
        event_type=first.event_type,
        date=first.happened,
        low=toll["verified_low"],
        high=toll["verified_high"],
        shown=shown,
        figures=figures,
        sources=len({report.source for report in told}),
        age=max(report.age_low for report in told),
    )


def _ends(report: Report) -> tuple[int, int]:
    """Lowest and highest number that a report says."""
    low, high = numbers_said(report.said)
    return low, high


def _order(report: Report) -> tuple[str, str, tuple[int, int]]:
    """What figures are sorted by, so that the order of the rows does not matter."""
    return str(report.reported_at), report.source, _ends(report)


def same_day(one: Time | None, other: Time | None) -> bool:
    """Whether two events may have happened on one day; False where a date is unknown."""
    return one is not None and other is not None and overlap(one, other)


def reports_of_other_days(reports: Reports, case: ScoredCase, outcome: str) -> Reports:
    """All reports of one outcome of the events with a verified toll, without the events of the case's own day.

    Raises
    ------
    EstimatesError
        If no such event is left.
    """
    table = reports.table
    verified = set(table.loc[table["verified_low"].notna(), "event"])
    apart = verified - {report.event for report in reports.reports if same_day(report.happened, case.date)}
    if not apart:
        raise EstimatesError(
            f"{case.event}: no event of another day has a verified toll to learn from; give a profile instead"
        )
    return reports.rows(table["event"].isin(apart) & (table["outcome"] == outcome))
