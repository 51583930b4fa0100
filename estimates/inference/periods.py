"""Figures of a period beside the sum of the events of this table: no likelihood, since nobody knows what they count."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from estimates.inference.solved import Solved
from estimates.inference.totals import joint_draws_table
from estimates.table.dates import Time, parse_time
from estimates.table.report import Report, numbers_said
from estimates.text import clean, interval, percent, plural
from estimates.vocabulary import OUTCOME_NAMES

_COLUMNS = (
    "source", "outcome", "place", "period_start", "period_end", "words", "figure", "events", "median", "low_80",
    "high_80", "probability", "sentence",
)  # fmt: skip


def periods_table(solved: Solved, reports: Sequence[Report], as_of: Time | None = None) -> pd.DataFrame:
    """Each figure of a period beside what the events of the table sum to, as `Estimates.periods` gives it.

    Parameters
    ----------
    solved : Solved
    reports : sequence of Report
        All of the table.
    as_of : Time, optional
        The time asked for: figures of periods given later are left out.
    """
    reports = [report for report in reports if not report.is_late(as_of)]
    rows = [
        _row(solved, reports, report) for report in reports if report.scope == "period" and numbers_said(report.said)
    ]
    frame = pd.DataFrame(rows, columns=list(_COLUMNS))
    return frame.astype({name: "Int64" for name in ("figure", "median", "low_80", "high_80")})


def _row(solved: Solved, reports: Sequence[Report], period: Report) -> dict[str, Any]:
    figure = min(numbers_said(period.said))
    events = _events(solved, reports, period)

    row = {
        "source": period.source,
        "outcome": period.outcome,
        "place": period.place,
        "period_start": period.period_start,
        "period_end": period.period_end,
        "words": period.words,
        "figure": figure,
        "events": len(events),
    }

    when = f"{period.period_start} to {period.period_end}"
    people = OUTCOME_NAMES[period.outcome]
    said = f"{clean(period.source)} says “{clean(period.words)}” for the period"
    if not events:
        none = f"no event of this table from {when} has an estimate of {people} there"
        return row | {"sentence": f"{none}; {said}, which bears on no range"}

    sums = joint_draws_table(solved, events, period.outcome, "documented").sum(axis=1).to_numpy()
    low, median, high = np.quantile(sums, (0.1, 0.5, 0.9), method="inverted_cdf").tolist()
    chance = float(np.mean(sums >= figure))
    of_events = f"the {plural(len(events), 'event')} of this table from {when}"
    sentence = (
        f"{of_events} sum to {interval((low, high), ' to ')} {people} (80% range); {said}, which bears on no range; "
        f"P(sum >= {figure:,}) = {percent(chance)}"
    )
    return row | {"median": median, "low_80": low, "high_80": high, "probability": chance, "sentence": sentence}


def _events(solved: Solved, reports: Sequence[Report], period: Report) -> list[str]:
    """Events with an estimate of the outcome that happened in the period, and in its place where it names one."""
    places: dict[str, set[str]] = {}
    happened: dict[str, Time] = {}
    for report in reports:
        if report.scope != "period":
            places.setdefault(report.event, set()).add((report.place or "").casefold())
            if report.happened is not None:
                happened[report.event] = report.happened

    start, end = parse_time(str(period.period_start)), parse_time(str(period.period_end))
    return [
        case.event
        for case in solved.cases.cases
        if case.outcome == period.outcome
        and (period.place is None or period.place.casefold() in places.get(case.event, ()))
        and (when := happened.get(case.event)) is not None
        and start.start <= when.start
        and when.end <= end.end
    ]
