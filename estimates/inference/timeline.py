"""The reports of one case in the order of time, and the case as it stood at each moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from estimates.inference.cases import Case, gather
from estimates.inference.watched import watched
from estimates.profile.profile import SourceProfile
from estimates.table.coverage import Coverage
from estimates.table.dates import Time
from estimates.table.report import Report


@dataclass(frozen=True, eq=False)
class Arrival:
    """A moment at which reports came in.

    Attributes
    ----------
    time : Time or None
        None where the time of the reports is not known.
    as_of : str or None
        The time as it was written.
    reports : tuple of Report
        Those that are new.
    """

    time: Time | None
    as_of: str | None
    reports: tuple[Report, ...]


def arrivals(reports: Sequence[Report], cut: Time | None = None) -> tuple[Arrival, ...]:
    """The moments at which reports came in, in the order of time, with those of unknown time last.

    A report is new at the first moment at which an estimate as of then would count it. Reports without a number, a
    vague word or a "none" are left out.

    Parameters
    ----------
    reports : sequence of Report
        Those of one case.
    cut : Time, optional
        Reports made later are left out.
    """
    said = [report for report in reports if report.said is not None and not report.is_late(cut)]
    dated = [(*counted_from, report) for report in said if (counted_from := _counted_from(report)) is not None]
    dated.sort(key=lambda item: (item[0].end, item[0].start, item[2].source, item[2].words))

    result: list[Arrival] = []
    waiting = dated
    for moment, as_of, _ in dated:
        new = tuple(report for time, _, report in waiting if time.start < moment.end)
        if new:
            waiting = [item for item in waiting if item[0].start >= moment.end]
            result.append(Arrival(moment, as_of, new))

    if undated := tuple(report for report in said if report.reported is None):
        result.append(Arrival(None, None, undated))
    return tuple(result)


def _counted_from(report: Report) -> tuple[Time, str | None] | None:
    """When an estimate first counts a report, and as it was written; None where that is not known.

    An estimate as of a time before the event has no case, so a report dated before its event counts from the event on.
    """
    reported, happened = report.reported, report.happened
    if reported is not None and happened is not None and report.is_of_later_event(reported):
        return happened, report.event_date
    return None if reported is None else (reported, report.reported_at)


def cases_then(
    reports: Sequence[Report], profile: SourceProfile, coverage: Coverage | None, time: Time
) -> tuple[Case, ...]:
    """The cases of an event as they stood at a time; reports of unknown time are left out of them.

    Parameters
    ----------
    reports : sequence of Report
        Those of the event, as it stands now; strikes and munitions bear on who spoke alone.
    profile : SourceProfile
        With the shares of ages for figures of unknown age.
    coverage : Coverage, optional
        Who watched: whoever had not spoken by then was silent.
    time : Time
    """
    estimated = [report for report in reports if report.is_estimated]
    cases = gather(estimated, profile.bin_shares, time, only_dated=True)
    dated = [report for report in reports if report.reported_at]
    return watched(cases, dated, coverage, profile, time).cases
