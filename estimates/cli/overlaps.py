"""The command about overlapping lists of names: lists."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated

import typer

from estimates.cli.options import FORMAT, SEED, Format
from estimates.cli.progress import shown
from estimates.cli.streams import note
from estimates.errors import EstimatesError

OVERLAPS = Annotated[
    str,
    typer.Argument(
        metavar="FILE", help="Table of 0 and 1 per list, with a count or one row a person; - for standard input."
    ),
]
LISTS = Annotated[
    list[str] | None, typer.Option("--list", metavar="COLUMN", help="A column that is a list; may be repeated.")
]
PAGE = Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write a page too, .html or .md.")]
QUICK = Annotated[
    bool, typer.Option("--quick", help="Leave out the latent class posterior, which takes most of the time.")
]


def lists(
    file: OVERLAPS,
    form: FORMAT = Format.TABLE,
    chosen: LISTS = None,
    output: PAGE = None,
    quick: QUICK = False,
    seed: SEED = 0,
) -> None:
    """Say what overlapping lists of names exclude of how many people there are."""
    from estimates.files import check_target
    from estimates.lists.captured import capture
    from estimates.spreadsheets import csv_of_frame
    from estimates.text import clean

    if output is not None:
        if os.path.exists(output) and os.path.exists(file) and os.path.samefile(output, file):
            raise EstimatesError(f"{output} is the table itself; name another file with -o")
        check_target(output)

    with shown("sampling") as progress:
        found = capture(file, lists=chosen or None, seed=seed, latent=not quick, progress=progress)
    for text in found.notes:
        note(text)
    written = found.document(output) if output is not None else None

    match form:
        case Format.JSON:
            print(json.dumps(found.record(), indent=2))
        case Format.CSV:
            print(csv_of_frame(found.ranges()), end="")
        case Format.TABLE:
            print(found)
    if written is not None:
        note(f"page written to {clean(str(written))}")
