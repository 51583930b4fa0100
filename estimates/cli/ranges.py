"""Commands that give ranges: report and estimate."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any

import typer

from estimates.cli.estimating import check_not_the_table, estimated, estimated_table, standard_input, table_read
from estimates.cli.many import goes_in_parts, in_parts
from estimates.cli.options import (
    AS_OF,
    COVERAGE,
    DAY_FIRST,
    FORMAT,
    LAYERS,
    MAP,
    PROFILE,
    SEED,
    TABLE,
    THOUSANDS,
    UNDOCUMENTED,
    WIDE,
    Format,
    Layer,
    Remainder,
    chosen_profile,
    layout_asked,
)
from estimates.cli.progress import shown
from estimates.cli.streams import note
from estimates.errors import EstimatesError

if TYPE_CHECKING:
    from estimates.results.estimates import Estimates

DOCUMENT = Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="The document, .html or .md.")]
ABOUT = Annotated[
    Path | None,
    typer.Option("--about", metavar="FILE", help="What you say of the document: author, contact, funding ... (TOML)."),
]
IN_FULL = Annotated[
    bool,
    typer.Option("--in-full", help="Influence and history also in a document of more than 20 events; takes longer."),
]
RANGES_FILE = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="FILE", help="Write a table as well: .csv, .parquet, .json or .xlsx."),
]
DRAWS = Annotated[
    int | None,
    typer.Option(
        "--draws",
        min=100,
        help="In parts: draws of the profile that events begin with, 1000 by default; 250 is faster.",
    ),
]
EFFECTIVE = Annotated[
    int | None,
    typer.Option(
        "--effective",
        min=100,
        help="In parts: effective draws that events should be left with; those that are not take more.",
    ),
]
KEEP_TOTALS = Annotated[
    bool, typer.Option("--totals", help="In parts: keep beside the file what totals are made of, some 5 kB an event.")
]
LEVEL = Annotated[
    float, typer.Option("--level", help="In per cent, for the forms joined and ucdp: the interval that is written.")
]


class Form(StrEnum):
    """What is written to a file."""

    RANGES = "ranges"
    JOINED = "joined"
    UCDP = "ucdp"


FORM = Annotated[
    Form,
    typer.Option(
        "--form",
        help="What is written: ranges; joined, your own table with its ranges; ucdp, low, best and high of the killed.",
    ),
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

    Of more than 50 events the document is an index, and a folder beside it holds a page for each event. Killed and run
    again, such a report goes on where it was.
    """
    from estimates.cli.screen import estimates_table
    from estimates.document.about import about_of
    from estimates.document.document import begun, check_document, write_begun
    from estimates.document.work import RestsOn
    from estimates.inference.undocumented import known_layer
    from estimates.results.asked import known_profile
    from estimates.text import clean

    target = output or Path(("reports" if reports == "-" else Path(reports).stem) + "_report.html")
    check_not_the_table(target, reports)
    check_document(target)
    said = about_of(about)  # before the work

    known = known_profile(chosen_profile(profile, seed), seed)
    table = table_read(reports, coverage, layout_asked(maps, wide, day_first, thousands))
    rests_on = RestsOn(known, seed, as_of, known_layer(Remainder.ELICITED.value))
    with begun(table, rests_on, target, said, in_full=in_full) as work:
        if work.found:
            note(work.found)
        estimates = estimated_table(table, profile=known, seed=seed, as_of=as_of, pieces=work.pieces)
        with shown("writing the document") as progress:
            written = write_begun(estimates, work, progress)

    print(estimates_table(estimates))
    print(f"\nReport written to {clean(str(written))}")


def estimate(
    reports: TABLE,
    form: FORMAT = Format.TABLE,
    output: RANGES_FILE = None,
    written: FORM = Form.RANGES,
    level: LEVEL = 80.0,
    layers: LAYERS = None,
    undocumented: UNDOCUMENTED = Remainder.ELICITED,
    draws: DRAWS = None,
    effective: EFFECTIVE = None,
    totals: KEEP_TOTALS = False,
    profile: PROFILE = None,
    seed: SEED = 0,
    as_of: AS_OF = None,
    coverage: COVERAGE = None,
    maps: MAP = None,
    wide: WIDE = False,
    day_first: DAY_FIRST = False,
    thousands: THOUSANDS = ",",
) -> None:
    """Print the ranges of every event and outcome, and write them to a file.

    From Parquet (a file, or a folder of files) to -o NAME.parquet the work is done in parts, in bounded memory and on
    all cores; run again, it goes on where it was interrupted. Then the ranges are written and not printed.
    """
    _check_written(output, written, layers, level, reports)
    layout = layout_asked(maps, wide, day_first, thousands)

    if output is not None and written is Form.RANGES and goes_in_parts(reports, output):
        settings: dict[str, Any] = {
            "seed": seed,
            "as_of": as_of,
            "coverage": coverage,
            "undocumented": undocumented.value,
        }
        settings |= {"profile": chosen_profile(profile, seed), "layout": layout}
        settings |= {"effective": effective, "totals": totals}

        in_parts(reports, output, layers, **settings, **({} if draws is None else {"draws": draws}))
        return
    if draws is not None or effective is not None or totals:
        raise EstimatesError(
            "--draws, --effective and --totals are for work in parts: from Parquet, with -o NAME.parquet"
        )

    content = standard_input() if reports == "-" and written is Form.JOINED else None
    estimates = estimated(
        content or reports,
        profile=profile,
        seed=seed,
        as_of=as_of,
        coverage=coverage,
        layout=layout,
        undocumented=undocumented,
    )

    if output is not None:
        asked: dict[str, Any] = {"layers": [layer.value for layer in layers] if layers else None, "level": level}
        if written is Form.JOINED:
            asked |= {"table": _from_the_start(content) or reports, "layout": layout}
        note(f"table written to {estimates.export(output, written.value, **asked)}")
    _print(estimates, form, layers)


def _check_written(output: Path | None, written: Form, layers: list[Layer] | None, level: float, reports: str) -> None:
    """Refuse what cannot be written, before the work."""
    if output is None:
        if written is not Form.RANGES:
            raise EstimatesError(f"--form {written.value} says what is written to a file; name it with -o")
        return
    from estimates.inference.ranges import known_levels
    from estimates.results.exports import check_export

    known_levels(level)
    check_not_the_table(output, reports)
    check_export(output)
    if written is not Form.RANGES and layers and len(layers) > 1:
        raise EstimatesError(f"--form {written.value} holds one layer; give --layer once")


def _from_the_start(content: IO[bytes] | None) -> IO[bytes] | None:
    if content is not None:
        content.seek(0)
    return content


def _print(estimates: Estimates, form: Format, layers: list[Layer] | None) -> None:
    from estimates.cli.screen import estimates_table
    from estimates.spreadsheets import csv_of_frame

    chosen = [layer.value for layer in layers] if layers else ["documented", "total"]
    match form:
        case Format.JSON:
            # ASCII, for terminals and pipes of any encoding, and without live control characters from the table.
            print(json.dumps(estimates.records(layers=chosen), indent=2))
        case Format.CSV:
            print(csv_of_frame(estimates.ranges(layers=chosen)), end="")
        case Format.TABLE:
            print(estimates_table(estimates, chosen if layers else None))
