"""Commands that give ranges: report and estimate."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from estimates.cli.options import (
    COVERAGE,
    DAY_FIRST,
    FORMAT,
    MAP,
    PROFILE,
    SEED,
    TABLE,
    THOUSANDS,
    WIDE,
    Format,
    chosen_profile,
    layout_asked,
)
from estimates.cli.progress import shown
from estimates.cli.streams import note
from estimates.errors import EstimatesError

if TYPE_CHECKING:
    from estimates.results.estimates import Estimates

AS_OF = Annotated[str | None, typer.Option("--as-of", metavar="TIME", help="Leave out reports made later.")]
DOCUMENT = Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="The document, .html or .md.")]
ABOUT = Annotated[
    Path | None,
    typer.Option("--about", metavar="FILE", help="What you say of the document: author, contact, funding ... (TOML)."),
]
IN_FULL = Annotated[
    bool,
    typer.Option("--in-full", help="Influence and history also in a document of more than 20 events; takes longer."),
]


def report(
    reports: TABLE,
    output: DOCUMENT = None,
    about: ABOUT = None,
    in_full: IN_FULL = False,
    profile: PROFILE = None,
    seed: SEED = 0,
    as_of: AS_OF = None,
    coverage: COVERAGE = None,
    maps: MAP = None,
    wide: WIDE = False,
    day_first: DAY_FIRST = False,
    thousands: THOUSANDS = ",",
) -> None:
    """Print the ranges and write the uncertainty report.

    Of more than 50 events the document is an index, and a folder beside it holds a page for each event.
    """
    from estimates.cli.screen import estimates_table
    from estimates.document.about import about_of
    from estimates.document.document import write_document
    from estimates.text import clean

    target = output or Path(("reports" if reports == "-" else Path(reports).stem) + "_report.html")
    if os.path.exists(target) and os.path.exists(reports) and os.path.samefile(target, reports):
        raise EstimatesError(f"{target} is the table itself; name another file with -o")

    said = about_of(about)  # before the work
    layout = layout_asked(maps, wide, day_first, thousands)
    estimates = _estimates(reports, profile, seed, as_of, coverage, layout)
    with shown("writing the document") as progress:
        written = write_document(estimates, target, said, in_full=in_full, progress=progress)

    print(estimates_table(estimates))
    print(f"\nReport written to {clean(str(written))}")


def estimate(
    reports: TABLE,
    form: FORMAT = Format.TABLE,
    profile: PROFILE = None,
    seed: SEED = 0,
    as_of: AS_OF = None,
    coverage: COVERAGE = None,
    maps: MAP = None,
    wide: WIDE = False,
    day_first: DAY_FIRST = False,
    thousands: THOUSANDS = ",",
) -> None:
    """Print the ranges of every event and outcome."""
    from estimates.cli.screen import estimates_table
    from estimates.spreadsheets import csv_of_frame

    layout = layout_asked(maps, wide, day_first, thousands)
    estimates = _estimates(reports, profile, seed, as_of, coverage, layout)

    match form:
        case Format.JSON:
            # ASCII, for terminals and pipes of any encoding, and without live control characters from the table.
            print(json.dumps(estimates.records(), indent=2))
        case Format.CSV:
            print(csv_of_frame(estimates.ranges()), end="")
        case Format.TABLE:
            print(estimates_table(estimates))


def _estimates(
    reports: str, profile: str | None, seed: int, as_of: str | None, coverage: str | None, layout: dict[str, Any]
) -> Estimates:
    """Estimate what a command asks for, and print the notes."""
    from estimates.results.estimates import estimate as run
    from estimates.table.reports import read_reports

    known, table = chosen_profile(profile, seed), read_reports(reports, coverage=coverage, **layout)
    estimates = run(table, profile=known, seed=seed, as_of=as_of)
    for text in estimates.notes:
        note(text)
    return estimates
