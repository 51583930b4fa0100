"""The header of a table: which columns it names, what it lacks, and whether it is a header at all."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from estimates.errors import Fault
from estimates.table.faults import closest, quoted, refusal
from estimates.vocabulary import COLUMNS

__all__ = [
    "EXAMPLE_HEADER", "column_names", "missing_columns", "normal", "refuse_other_separators", "repeated_columns",
    "title_above",
]  # fmt: skip

#: The shortest header that a table can have.
EXAMPLE_HEADER = "event,source,figure"

_REQUIRED = {"event", "source"}
_FIGURE_COLUMNS = ("figure", "wording", "low", "high")  # a table needs one of them


def normal(name: str) -> str:
    """Give a name as the vocabulary spells it: small letters, and underscores for spaces and hyphens."""
    return re.sub(r"[\s-]+", "_", name.strip().removeprefix("\ufeff").lower())


def column_names(header: Sequence[str]) -> list[str]:
    """Give the names of a header as the vocabulary spells them."""
    names = [normal(name) for name in header]
    if "figure" in names:
        return names
    return ["figure" if name == "words" else name for name in names]  # ``Reports.table`` says "words" for "figure"


def title_above(
    header: Sequence[str], rows: Iterable[tuple[int, Iterable[Any]]], line: int | None = None
) -> list[Fault]:
    """Tell a title from a header: it does not name the required columns, and a row below it does.

    Parameters
    ----------
    header : sequence of str
        The first row.
    rows : iterable of (line, cells)
        The rows below it.
    line : int, optional
        The line of the first row, where it has one.

    Returns
    -------
    list of Fault
        Empty where the first row can be the header.
    """
    below = None if _names_required(header) else next((below for below, row in rows if _names_required(row)), None)
    if below is None:
        return []

    title = next((cell.strip() for cell in header if cell.strip()), "")
    mend = f"the header stands on line {below}: leave out what is above it"
    return [Fault(f"{quoted(title)} stands where the header should", mend, line)]


def _names_required(cells: Iterable[Any]) -> bool:
    names = {normal(cell) for cell in cells if isinstance(cell, str)}
    return names >= _REQUIRED and not names.isdisjoint(("words", *_FIGURE_COLUMNS))


def refuse_other_separators(header: Sequence[str], line: int, name: str) -> None:
    """Refuse a table whose header names the required columns once it is split at another mark than the comma.

    Raises
    ------
    ReportsError
        If cells are separated by semicolons, tabs or bars.
    """
    if {normal(cell) for cell in header} >= _REQUIRED:
        return
    for separator, called in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
        cells = {normal(cell) for cell in ",".join(header).split(separator)}
        if _REQUIRED & cells and len(cells) > 1:
            raise refusal(name, f"cells are separated by {called}", "save the table with commas (CSV)", line)


def missing_columns(names: Sequence[str]) -> list[Fault]:
    """List the required columns that a header lacks, each with the unknown column that may be meant."""
    strangers = [name for name in names if name and name not in COLUMNS]
    faults = []
    for name in ("event", "source"):
        if name not in names:
            meant = closest(name, strangers)
            mend = (
                f"is {meant!r} meant? call it {name!r}" if meant else f"the header begins like this: {EXAMPLE_HEADER}"
            )
            faults.append(Fault(f"there is no column {name!r}", mend))

    if not set(_FIGURE_COLUMNS) & set(names):
        meant = closest("figure", strangers)
        mend = f"is {meant!r} meant? call it 'figure'" if meant else "it holds the words, such as 'at least 18'"
        faults.append(Fault("there is no column 'figure' (nor 'wording', 'low' and 'high')", mend))
    return faults


def repeated_columns(names: Sequence[str]) -> list[Fault]:
    """List the columns that a header names more than once."""
    counts = Counter(name for name in names if name)
    repeated = {name: "twice" if count == 2 else f"{count} times" for name, count in counts.items() if count > 1}
    return [
        Fault(f"the header names {name!r} {often}", "keep one of them", None, name) for name, often in repeated.items()
    ]
