"""From a file of a database to a table of reports, with what was used, what was left and what is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from estimates.errors import EstimatesError, Fault, ReportsError
from estimates.importers import acled, airwars, maverick, missing_migrants, ucdp
from estimates.importers.records import Columns, Findings, Record, columns_of, records, wanted_by
from estimates.spreadsheets import csv_text
from estimates.table.dates import parse_time
from estimates.table.faults import Wrong, did_you_mean, quoted, refusal
from estimates.table.notes import lines_named
from estimates.table.source import Source, read_rows
from estimates.text import plural
from estimates.vocabulary import COLUMNS

__all__ = ["IMPORTERS", "Imported", "import_reports"]

#: What makes reports of a row, by what the command calls the database.
IMPORTERS: dict[str, Callable[[Record], Iterator[dict[str, str]]]] = {
    "ucdp": ucdp.reports,
    "acled": acled.reports,
    "airwars": airwars.reports,
    "maverick": maverick.reports,
    "missing-migrants": missing_migrants.reports,
}

#: Of more columns than this only so many are named; docs/importing.md has them all.
_MANY_COLUMNS, _COLUMNS_TOLD = 40, 12
#: Columns that a table of reports has even where no row fills them.
_ALWAYS = ("event", "source", "figure")


@dataclass(frozen=True, slots=True)
class Imported:
    """Reports made of the rows of a database.

    Attributes
    ----------
    name : str
        The file.
    columns : tuple of str
        Those of the table of reports that any report fills.
    rows : list of tuple of str
        One a report, a cell a column.
    rows_read : int
        Rows of the file that were not blank.
    rows_without : int
        Rows that gave no report.
    notes : tuple of str
        What was used and left, what a row means, what was found in it and what is missing.
    """

    name: str
    columns: tuple[str, ...]
    rows: list[tuple[str, ...]]
    rows_read: int
    rows_without: int
    notes: tuple[str, ...]

    def csv(self) -> str:
        """The table of reports as CSV that a spreadsheet shows and does not run."""
        return csv_text(self.columns, self.rows)


def import_reports(
    database: str,
    source: Source,
    *,
    place: str | None = None,
    reported_at: str | None = None,
    leave_out_faulty: bool = False,
) -> Imported:
    """Make a table of reports of a file of a database.

    Parameters
    ----------
    database : str
        One of `IMPORTERS`.
    source : path, "-", file object, DataFrame or list of dict
        The file, in any form that `estimates.read_reports` reads.
    place : str, optional
        The column of the file that becomes ``place``; by default the country.
    reported_at : str, optional
        When the figures were given, for rows that do not tell: the release of the file.
    leave_out_faulty : bool
        Whether rows with faults are left out, each told, instead of the file being refused.

    Returns
    -------
    Imported

    Raises
    ------
    EstimatesError
        If there is no such importer, or an option names no column or no time.
    ReportsError
        If the file cannot be read, lacks columns, or has faults; ``faults`` lists all of them.
    """
    if database not in IMPORTERS:
        advice = did_you_mean(database, list(IMPORTERS)) or f"there are {', '.join(IMPORTERS)}"
        raise EstimatesError(f"there is no importer {quoted(database)}; {advice}")
    _check_time(reported_at)

    rows = read_rows(source, wanted_by(database))
    columns = columns_of(rows, database, place)
    findings = Findings()

    made = _Made()
    for record in records(rows, columns, findings):
        shared = {"place": record.text(columns.place or ""), "reported_at": reported_at or ""}
        reports = [shared | _filled(report) for report in IMPORTERS[database](record)]
        made.add(record, reports, columns)

    if not made.read:
        raise refusal(rows.name, "there is a header and no rows below it", "export the file again")
    faults = sorted(dict.fromkeys(findings.faults), key=lambda fault: fault.line or 0)
    if faults and not leave_out_faulty:
        raise ReportsError(rows.name, faults)
    return _imported(rows.name, columns, made, findings, faults)


def _check_time(reported_at: str | None) -> None:
    if reported_at is None:
        return
    try:
        parse_time(reported_at)
    except ValueError as error:
        raise EstimatesError(f"reported_at: {error}") from None


def _filled(report: dict[str, str]) -> dict[str, str]:
    return {column: cell for column, cell in report.items() if cell}


# One row after the other ----------------------------------------------------------------------------------------------


class _Made:
    """Reports made so far, by the line of their row, and the rows that the key of a database names."""

    def __init__(self) -> None:
        self.reports: dict[int, list[dict[str, str]]] = {}
        self.read = 0
        self._seen: dict[str, tuple[int, list[dict[str, str]]]] = {}

    def add(self, record: Record, reports: list[dict[str, str]], columns: Columns) -> None:
        """Keep the reports of a row; a row that stands there a second time is left out, and refused if it differs."""
        self.read += 1
        column = columns.database.key
        key = record.text(column) if column in columns.names else ""

        if key and key in self._seen:
            line, before = self._seen[key]
            if reports != before:
                mend = "keep one row an event"
                record.fault(column, Wrong(f"{quoted(key)} stands on line {line} with other cells", mend))
            elif reports:
                record.remark("left out: the same row stands there already")
            return

        if key:
            self._seen[key] = (record.line, reports)
        if reports:
            self.reports[record.line] = reports


# The table and what is said of it -------------------------------------------------------------------------------------


def _imported(name: str, columns: Columns, made: _Made, findings: Findings, faults: list[Fault]) -> Imported:
    faulty = {fault.line for fault in faults}
    kept = [report for line, reports in made.reports.items() if line not in faulty for report in reports]
    with_reports = sum(line not in faulty for line in made.reports)
    if not kept:
        raise refusal(name, f"none of its {plural(made.read, 'row')} gives a report", "docs/importing.md says which do")

    filled = {column for report in kept for column in report}
    shown = tuple(column for column in COLUMNS if column in filled or column in _ALWAYS)
    rows = [tuple(report.get(column, "") for column in shown) for report in kept]

    notes = (
        f"{plural(made.read, 'row')} of {columns.database.title} became {plural(len(rows), 'report')} "
        f"of {plural(len({report['event'] for report in kept}), 'event')}; "
        f"{plural(made.read - with_reports, 'row')} gave none",
        f"a row is {columns.database.row}",
        *_about_columns(columns),
        *(f"{lines_named(lines)}: {remark}" for remark, lines in findings.remarks.items()),
        *(f"left out: {fault}" for fault in faults),
        *_lacking(columns, kept),
    )
    return Imported(name, shown, rows, made.read, made.read - with_reports, notes)


def _about_columns(columns: Columns) -> Iterator[str]:
    database = columns.database
    used = columns.here((*database.required, *database.used))
    if columns.place is not None and columns.names[columns.place] not in used:
        used.append(columns.names[columns.place])
    groups = (
        ("used", used),
        ("kept in note or url", columns.here(database.kept)),
        ("left", [name for name in columns.here((*database.left, *database.place)) if name not in used]),
        ("not in the codebook, and left", [name for name in columns.unknown if name not in used]),
    )
    for what, names in groups:
        if names:
            more = f" and {len(names) - _COLUMNS_TOLD} more" if len(names) > _MANY_COLUMNS else ""
            yield f"columns {what}: {', '.join(names[:_COLUMNS_TOLD] if more else names)}{more}"

    if absent := [column for column in (*database.used, *database.kept) if column not in columns.names]:
        yield f"columns that could have been used and are not in the file: {', '.join(absent)}"


def _lacking(columns: Columns, kept: list[dict[str, str]]) -> Iterator[str]:
    """What the database does not tell, and how many of its figures have no date of their own."""
    if undated := sum(not report.get("reported_at") for report in kept):
        yield (
            f"missing: {undated:,} of {plural(len(kept), 'report')} have no reported_at: their age is unknown, so "
            "growth rests on every age they may have; --reported-at DATE dates them by the release of the file"
        )
    yield from (f"missing: {text}" for text in columns.database.lacks)
