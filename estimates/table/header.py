"""The header of a table: which columns it names, what it lacks, and whether it is a header at all."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from estimates.errors import Fault
from estimates.table.faults import quoted
from estimates.table.synonyms import field_of
from estimates.vocabulary import COLUMNS

__all__ = [
    "ANY_TABLE", "COVERAGE", "EXAMPLE_HEADER", "FIGURE_COLUMNS", "REPORTS", "Wanted", "column_names", "header_below",
    "missing_columns", "normal", "repeated_columns", "title_above",
]  # fmt: skip

#: The shortest header that a table can have.
EXAMPLE_HEADER = "event,source,figure"
#: Rows above the header that are passed through in search of it.
_TITLE_ROWS = 100
FIGURE_COLUMNS = ("figure", "wording", "low", "high")  # a table needs one of them
_PARTED = re.compile(r"[\s-]+")


def normal(name: str) -> str:
    """Give a name as the vocabulary spells it: small letters, and underscores for spaces and hyphens."""
    return _PARTED.sub("_", name.strip().removeprefix("\ufeff").lower())


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the header of a table must name.

    Attributes
    ----------
    needs : tuple of frozenset of str
        One name of each is needed.
    renamed : mapping of str to str
        How columns of the file are called here, by their names in small letters.
    """

    needs: tuple[frozenset[str], ...]
    renamed: Mapping[str, str | None] = field(default_factory=dict)

    def names(self, cells: Iterable[Any]) -> set[str]:
        """The names that cells have here, were they a header."""
        names = (normal(cell) for cell in cells if isinstance(cell, str))
        return {self.renamed.get(name, name) or "" for name in names}

    def is_met(self, cells: Iterable[Any]) -> bool:
        """Whether these cells are a header that names all that is needed; a table that needs nothing has any header."""
        names = self.names(cells)
        return all(names & one for one in self.needs)

    def known(self, cells: Iterable[Any]) -> int:
        """How many of these cells name a column that tables have, here or in the field."""
        names = self.names(cells)
        return len(names & {*COLUMNS, *self.renamed.values()}) + sum(field_of(name) is not None for name in names)


#: Tables of reports, of declared coverage, and such that need no column by its name.
REPORTS = Wanted((frozenset({"event"}), frozenset({"source"}), frozenset({"words", *FIGURE_COLUMNS})))
COVERAGE = Wanted((frozenset({"source"}),))
ANY_TABLE = Wanted(())


def column_names(header: Sequence[str]) -> list[str]:
    """Give the names of a header as the vocabulary spells them."""
    names = [normal(name) for name in header]
    if "figure" in names:
        return names
    return ["figure" if name == "words" else name for name in names]  # ``Reports.table`` says "words" for "figure"


def title_above(
    header: Sequence[str],
    rows: Iterable[tuple[int, Iterable[Any]]],
    line: int | None = None,
    wanted: Wanted = REPORTS,
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
    wanted : Wanted
        What a header must name.

    Returns
    -------
    list of Fault
        Empty where the first row can be the header.
    """
    below = (
        None
        if wanted.is_met(header)
        else next((below for below, row in islice(rows, _TITLE_ROWS) if wanted.is_met(row)), None)
    )
    if below is None:
        return []

    title = next((cell.strip() for cell in header if cell.strip()), "")
    mend = f"the header stands on line {below}: leave out what is above it"
    return [Fault(f"{quoted(title)} stands where the header should", mend, line)]


def header_below(header: Iterable[Any], rows: Iterable[tuple[int, Iterable[Any]]]) -> list[Fault]:
    """Tell a title from the header of another layout: it is one cell, and a row below names columns of the field.

    Parameters
    ----------
    header : iterable of cells
        The first row.
    rows : iterable of (line, cells)
        The rows below it.

    Returns
    -------
    list of Fault
        Empty where the first row can be the header.
    """
    if sum(bool(str(cell).strip()) for cell in header) != 1:
        return []
    below = next((line for line, row in islice(rows, _TITLE_ROWS) if REPORTS.known(row) > 1), None)
    if below is None:
        return []
    return [Fault(f"the header seems to stand on line {below}", "leave out what is above it")]


def missing_columns(names: Iterable[str], meant: Callable[[str], str | None]) -> list[Fault]:
    """List the required columns that a header lacks, each with the column that may be meant.

    Parameters
    ----------
    names : iterable of str
        Our names of the columns that are there.
    meant : callable
        The column that may be meant by one of ours, or None.
    """
    there = {*names}
    begins = f"the header begins like this: {EXAMPLE_HEADER}"
    faults = [
        Fault(f"there is no column {name!r}", _meant(name, meant) or begins)
        for name in ("event", "source")
        if name not in there
    ]
    if not there & {*FIGURE_COLUMNS}:
        what = "there is no column 'figure' (nor 'wording', 'low' and 'high')"
        faults.append(Fault(what, _meant("figure", meant) or "it holds the words, such as 'at least 18'"))
    return faults


def _meant(name: str, meant: Callable[[str], str | None]) -> str:
    found = meant(name)
    return f"is {found!r} meant? call it {name!r}" if found else ""


def repeated_columns(names: Sequence[str]) -> list[Fault]:
    """List the columns that a header names more than once."""
    counts = Counter(name for name in names if name)
    repeated = {name: "twice" if count == 2 else f"{count} times" for name, count in counts.items() if count > 1}
    return [
        Fault(f"the header names {quoted(name)} {often}", "keep one of them", None, name)
        for name, often in repeated.items()
    ]
