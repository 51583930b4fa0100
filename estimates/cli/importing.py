"""The command that makes a table of reports of a file of a database: import."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from estimates.cli.progress import shown
from estimates.cli.streams import note
from estimates.errors import EstimatesError


class Importer(StrEnum):
    """The databases whose files can be imported."""

    UCDP = "ucdp"
    ACLED = "acled"
    AIRWARS = "airwars"
    MAVERICK = "maverick"
    MISSING_MIGRANTS = "missing-migrants"


DATABASE = Annotated[Importer, typer.Argument(metavar="DATABASE", help=f"One of {', '.join(Importer)}.")]
FILE = Annotated[str, typer.Argument(metavar="FILE", help="The database's own file; - for standard input.")]
REPORTS_FILE = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="FILE", help="Where to write the reports, CSV; else standard output."),
]
PLACE = Annotated[
    str | None, typer.Option("--place", metavar="COLUMN", help="The column that becomes place; else the country.")
]
REPORTED_AT = Annotated[
    str | None,
    typer.Option("--reported-at", metavar="DATE", help="When figures without a date were given: the file's release."),
]
LEAVE_OUT = Annotated[
    bool, typer.Option("--leave-out-faulty", help="Leave rows with faults out and tell them, instead of refusing all.")
]


def import_(
    database: DATABASE,
    file: FILE,
    output: REPORTS_FILE = None,
    place: PLACE = None,
    reported_at: REPORTED_AT = None,
    leave_out_faulty: LEAVE_OUT = False,
) -> None:
    """Make a table of reports of a file of UCDP GED, ACLED, Airwars, MAVERICK or IOM Missing Migrants."""
    from estimates.files import check_target, write_whole
    from estimates.importers.importer import import_reports
    from estimates.text import clean, plural

    if output is not None:
        if os.path.exists(output) and os.path.exists(file) and os.path.samefile(output, file):
            raise EstimatesError(f"{output} is the file itself; name another with -o")
        check_target(output)

    with shown("reading"):
        found = import_reports(
            database.value, file, place=place, reported_at=reported_at, leave_out_faulty=leave_out_faulty
        )
    for text in found.notes:
        note(text)

    if output is None:
        print(found.csv(), end="")
    else:
        write_whole(output, found.csv().encode())
        print(clean(f"Wrote {plural(len(found.rows), 'report')} to {output}; now try: estimates check {output}"))
