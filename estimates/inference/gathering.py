"""The cases of a whole table: those of plain events from its columns, and those of all others row by row."""

from __future__ import annotations

from collections.abc import Sequence

from estimates.collecting import without_collecting
from estimates.inference.cases import Cases, gather
from estimates.inference.plain_events import cases_of_plain, marks_of_plain, split_off
from estimates.table.dates import Time
from estimates.table.report import reports_of
from estimates.table.reports import Reports

#: From so many rows on columns are worth their while.
MANY_ROWS = 200


@without_collecting()
def gather_table(reports: Reports, bin_shares: Sequence[float], as_of: Time | None = None) -> Cases:
    """Cases of a table, as ``cases.gather`` makes them of all its reports that are estimated.

    Parameters
    ----------
    reports : Reports
    bin_shares : sequence of float, shape (BINS,)
        Shares of ages for figures of unknown age.
    as_of : Time, optional
        Reports made later are left out, and so are events that happened later.
    """
    if as_of is not None or len(reports) < MANY_ROWS:
        return gather(reports.estimated_reports, bin_shares, as_of)

    table = reports.table
    plain, others = split_off(table)
    left = [report for report in reports_of(table[others]) if report.is_estimated]
    gathered = gather(left, bin_shares, None)

    cases = sorted([*cases_of_plain(plain, bin_shares), *gathered.cases], key=lambda case: case.event)
    marks = {**marks_of_plain(plain), **gathered.marks}
    return Cases(tuple(cases), (None,) * len(cases), gathered.notes, marks)
