"""Importers on published files: rows read, reports made, faults, what was left out, and seconds.

Needs the sample of UCDP GED 23.1 and the long form of MAVERICK (``--data FOLDER``); each is left out where it is not
at hand. The reports are read back, since a report that is no row of a table is worth nothing. One made-up incident of
IOM Missing Migrants, a boat with 5 dead and 40 missing, is estimated with and without a date of its figures.
"""

from __future__ import annotations

import io
from pathlib import Path

from _common import Figure, Seconds, record, seconds
from _data import find, parser

from estimates import estimate
from estimates.errors import ReportsError
from estimates.importers.importer import Imported, import_reports
from estimates.table.reports import Reports, read_reports

FILES = (("ucdp", "ucdp_ged231_sample.csv"), ("maverick", "maverick_reports.csv"))


def imported(name: str, path: Path) -> tuple[Imported, int, Seconds]:
    """What an importer makes of a file, the faults it found, and what that took; rows with faults are left out."""
    faults = 0
    try:
        import_reports(name, path)
    except ReportsError as error:
        faults = len(error.faults)

    made: list[Imported] = []
    took = seconds(lambda: made.append(import_reports(name, path, leave_out_faulty=True)))
    return made[0], faults, took


def read_back(found: Imported) -> tuple[Reports | None, int]:
    """The table of reports, and the faults of the reader in it."""
    try:
        return read_reports(io.StringIO(found.csv())), 0
    except ReportsError as error:
        return None, len(error.faults)


def figures_of(name: str, path: Path) -> list[Figure]:
    """The figures of one file."""
    found, faults, took = imported(name, path)
    reports, unread = read_back(found)

    estimated = 0 if reports is None else len(reports.estimated)
    return [
        Figure(f"{name}: rows", found.rows_read),
        Figure(f"{name}: reports", len(found.rows)),
        Figure(f"{name}: reports that are estimated", estimated),
        Figure(f"{name}: rows that gave none", found.rows_without),
        Figure(f"{name}: faults", faults, must="0"),
        Figure(f"{name}: faults when read back", unread, must="0"),
        Figure(f"{name}: processor time a thousand rows", 1_000 * took.processor / found.rows_read, "s"),
    ]


#: When the figures of the boat of 3 February 2024 were given.
DATES = {"undated": None, "a week after": "2024-02-10", "a year after": "2025-02-03"}
BOAT = {
    "Incident ID": "made up", "Incident Date": "2024-02-03", "Number of Dead": 5, "Cause of Death": "Drowning",
    "Minimum Estimated Number of Missing": 40, "Total Number of Dead and Missing": 45, "Number of Survivors": 20,
}  # fmt: skip


def figures_of_the_boat() -> list[Figure]:
    """The 80% range of the dead documented in the end, by when the figures were given."""
    figures = []
    for when, date in DATES.items():
        found = import_reports("missing-migrants", [BOAT], reported_at=date)
        ranges = estimate(io.StringIO(found.csv()), seed=0).ranges(layers=("documented",)).iloc[0]
        value = f"{ranges['low_80']} to {ranges['high_80']}"
        figures.append(Figure(f"missing-migrants: 5 dead, 40 missing, {when}: 80% in the end", value))
    return figures


def main() -> None:
    """Import the files that are at hand."""
    folder = parser(__doc__).parse_args().data
    figures = figures_of_the_boat()
    for name, file in FILES:
        if (path := find(folder, file)) is not None:
            figures += figures_of(name, path)
    record("importing", figures, __file__)


if __name__ == "__main__":
    main()
