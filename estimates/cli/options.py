"""Arguments and options that several commands share, and the profile that one of them names."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from estimates.profile.profile import SourceProfile

TABLE = Annotated[
    str, typer.Argument(metavar="REPORTS", help="Table of reports, CSV or Parquet; - for standard input.")
]
SEED = Annotated[int, typer.Option("--seed", min=0, help="Keys every random number.")]
COVERAGE = Annotated[
    str | None,
    typer.Option("--coverage", metavar="FILE", help="Who watched where and when: source,place,event_type,from,to."),
]
PROFILE = Annotated[
    str | None,
    typer.Option("--profile", metavar="NAME|FILE", help="default, published, or a source profile's .nc or .npz file."),
]


class Format(StrEnum):
    """How results are printed."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


FORMAT = Annotated[Format, typer.Option("--format", help="table for the eye, csv or json for programs.")]


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
