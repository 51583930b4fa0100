"""Arguments and options that several commands share, and the profile that one of them names."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from estimates.profile.profile import SourceProfile

TABLE = Annotated[
    str,
    typer.Argument(metavar="REPORTS", help="Table of reports: text, workbook, JSON, Parquet; - for standard input."),
]
SEED = Annotated[int, typer.Option("--seed", min=0, help="Keys every random number.")]
COVERAGE = Annotated[
    str | None,
    typer.Option("--coverage", metavar="FILE", help="Who watched where and when: source,place,event_type,from,to."),
]
MAP = Annotated[
    list[str] | None,
    typer.Option(
        "--map",
        metavar="COLUMN=OURS",
        help="Read a column as one of ours: incident=event; a value as ours: bound:approx=about; leave a column out: "
        "remarks=; or the rows with a value: quantity:tanks= (quantity:*= for all values that are left); fill empty "
        "cells: source:=Ministry. May be repeated.",
    ),
]
WIDE = Annotated[bool, typer.Option("--wide", help="Every column that is not ours is a source, with a figure a cell.")]
DAY_FIRST = Annotated[bool, typer.Option("--day-first", help="Read 01/02/2020 as the first of February.")]
THOUSANDS = Annotated[
    str, typer.Option("--thousands", metavar="MARK", help="What parts thousands: a comma, a point or a space.")
]
PROFILE = Annotated[
    str | None,
    typer.Option("--profile", metavar="NAME|FILE", help="default, published, or a source profile's .nc or .npz file."),
]


AS_OF = Annotated[str | None, typer.Option("--as-of", metavar="TIME", help="Leave out reports made later.")]
EVENTS = Annotated[list[str] | None, typer.Option("--event", metavar="NAME", help="Only this event; may be repeated.")]
OUTCOME = Annotated[str, typer.Option("--outcome", help="What is counted.")]


class Layer(StrEnum):
    """What a range is of."""

    BY_NOW = "by_now"
    DOCUMENTED = "documented"
    TOTAL = "total"


class Remainder(StrEnum):
    """What leads from what is documented to the full toll."""

    ELICITED = "elicited"
    NONE = "none"


LAYERS = Annotated[
    list[Layer] | None,
    typer.Option("--layer", help="Only this layer: by_now, documented or total, the full toll; may be repeated."),
]
UNDOCUMENTED = Annotated[
    Remainder,
    typer.Option("--undocumented", help="elicited: the full toll as coders judge it; none: nobody is added."),
]


class Format(StrEnum):
    """How results are printed."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


FORMAT = Annotated[Format, typer.Option("--format", help="table for the eye, csv or json for programs.")]


def layout_asked(maps: list[str] | None, wide: bool, day_first: bool, thousands: str) -> dict[str, Any]:
    """The arguments of `estimates.read_reports` that the options about the layout stand for.

    Raises
    ------
    EstimatesError
        If a mapping is not written as ``--map`` needs it.
    """
    from estimates.table.layout import mapped

    columns, values = mapped(maps or [])
    return {"columns": columns, "values": values, "wide": wide, "day_first": day_first, "thousands": thousands}


def chosen_profile(name: str | None, seed: int) -> SourceProfile | None:
    """The profile that ``--profile`` names, by its name or its file; None where the option was not given.

    Raises
    ------
    ProfileError
        If there is no such profile, or its file cannot be used.
    """
    if name is None:
        return None

    if Path(name).suffix:
        from estimates.profile.storage import load_profile

        return load_profile(name)

    from estimates.profile.profile import named_profile

    return named_profile(name, seed)
