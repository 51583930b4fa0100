"""Rows of a file by the names of its database, and what is found out about them on the way."""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from estimates.errors import EstimatesError, Fault, ReportsError
from estimates.importers.databases import DATABASES, Database
from estimates.importers.figures import span
from estimates.importers.recognise import database_of
from estimates.table.cells import texts
from estimates.table.counts import count
from estimates.table.dates import parse_time, precedes
from estimates.table.faults import Wrong, did_you_mean, quoted
from estimates.table.field_dates import day_first_dates, field_time
from estimates.table.header import Wanted, normal
from estimates.table.source import Rows
from estimates.text import clean

__all__ = ["Columns", "Findings", "Record", "columns_of", "records", "wanted_by"]

#: A time of day that databases write behind days of which they know no hour.
_MIDNIGHT = re.compile(r"[T ]00:00(:00(\.0+)?)?Z?\Z")
#: Numbers shorter than this are read without more ado.
_DIGITS_AT_ONCE = 10
_ADDRESS = re.compile(r"https?://[^\s\"'<>,;|]+", re.IGNORECASE)


@dataclass(slots=True)
class Findings:
    """Faults, and what is said of many rows at once.

    Attributes
    ----------
    faults : list of Fault
    remarks : dict of str to list of int
        The lines that each remark is about.
    """

    faults: list[Fault] = field(default_factory=list)
    remarks: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))


@dataclass(frozen=True, slots=True)
class Record:
    """One row of a file: its cells as text, by the names of the database.

    A cell that cannot be read is set down as a fault and is empty from then on.

    Attributes
    ----------
    line : int
        Where the row stands in the file.
    cells : dict of str
    findings : Findings
        Where faults and remarks are set down.
    names : dict of str
        The name of each column as the file writes it.
    """

    line: int
    cells: Mapping[str, str | Wrong]
    findings: Findings
    names: Mapping[str, str]

    def text(self, column: str) -> str:
        """The text of a cell on one line, empty where the file is without the column."""
        cell = self.cells.get(column, "")
        if isinstance(cell, Wrong):
            self.fault(column, cell)
            return ""
        if cell.isprintable() and "  " not in cell:
            return cell  # as most are
        return " ".join(clean(cell).split())

    def needed(self, column: str) -> str:
        """The text of a cell that may not be empty."""
        text = self.text(column)
        if not text:
            self.fault(column, Wrong("the cell is empty", "every row of the database has it"))
        return text

    def first(self, *columns: str) -> str:
        """The first place that some cells name."""
        return next((text for column in columns if (text := self.text(column))), "place unknown")

    def count(self, column: str) -> int | None:
        """The whole number in a cell; None where it is empty or no count."""
        text = self.text(column)
        if len(text) < _DIGITS_AT_ONCE and text.isascii() and text.isdigit():
            return int(text)
        try:
            return count(text)
        except Wrong as wrong:
            self.fault(column, wrong)
            return None

    def time(self, column: str, *, day_first: bool = False) -> str:
        """The time in a cell in ISO 8601; empty where there is none."""
        text = _MIDNIGHT.sub("", self.text(column))
        if not text:
            return ""
        try:
            return _iso(text, day_first)
        except Wrong as wrong:
            self.fault(column, wrong)
            return ""

    def days(self, first: str, last: str) -> str:
        """The days from the one in a cell to the one in another; empty where both are."""
        start, end = self.time(first), self.time(last)
        if start and end and precedes(parse_time(end), parse_time(start)):
            self.remark(f"{self.names[last]} is before {self.names[first]}: the days between them are taken")
            start, end = end, start
        return span(start, end)

    def address(self, *columns: str) -> str:
        """The first address of the web in some cells; empty where there is none."""
        found = (_ADDRESS.search(self.text(column)) for column in columns)
        return next((match[0] for match in found if match), "")

    def told(self, **labels: str) -> str:
        """What some cells hold, each behind its label, parted by semicolons; empty cells are passed over."""
        filled = ((label, self.text(column)) for label, column in labels.items())
        return "; ".join(f"{label.replace('_', ' ')}: {_whole(text)}" for label, text in filled if text)

    def fault(self, column: str, wrong: Wrong) -> None:
        """Set down what is wrong with a cell."""
        name = self.names.get(column, column)
        self.findings.faults.append(Fault(wrong.what, wrong.mend, self.line, name))

    def remark(self, what: str) -> None:
        """Set down what is to be said of this row together with others like it."""
        self.findings.remarks[what].append(self.line)


def _whole(text: str) -> str:
    """A whole number without the fraction that tables of floating numbers write behind it; other text as it is."""
    whole = text.removesuffix(".0")
    return whole if whole.removeprefix("-").isdigit() else text


@functools.lru_cache(maxsize=4096)
def _iso(text: str, day_first: bool) -> str:
    """A time in ISO 8601; days as databases write them stand in many rows."""
    return field_time(day_first_dates(text) if day_first else text)


# From a header to columns ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a file that is to be imported.

    Attributes
    ----------
    database : Database
    positions : dict of str to int
        Where each column of the database stands in the file.
    names : dict of str
        How the file writes its name.
    unknown : tuple of str
        Columns that the codebook does not have, as the file writes them.
    place : str or None
        The column that becomes ``place``, by its name in the database.
    """

    database: Database
    positions: Mapping[str, int]
    names: Mapping[str, str]
    unknown: tuple[str, ...]
    place: str | None

    def is_wanted(self, column: str) -> bool:
        """Whether anything is read from a column."""
        database = self.database
        listed = (*database.required, *database.used, *database.kept, *database.place, self.place)
        return column in listed or re.fullmatch(database.more, column) is not None

    def here(self, columns: tuple[str, ...]) -> list[str]:
        """Those of some columns that the file has, as it writes them."""
        return [self.names[column] for column in columns if column in self.names]


def wanted_by(name: str) -> Wanted:
    """What the header of a file must name, by which it is told from titles, and its sheet from others.

    Parameters
    ----------
    name : str
        What the command calls the database.
    """
    of_name = [database for database in DATABASES if database.name == name]
    needed = frozenset.intersection(*(frozenset(database.required) for database in of_name))
    return Wanted(tuple(frozenset({column}) for column in sorted(needed)), of_name[0].called)


def columns_of(rows: Rows, name: str, place: str | None = None) -> Columns:
    """Find the columns of a database in a file.

    Parameters
    ----------
    rows : Rows
    name : str
        What the command calls the database.
    place : str, optional
        The column of the file that becomes ``place``; by default what the database has for it.

    Returns
    -------
    Columns

    Raises
    ------
    EstimatesError
        If the place is to be taken from a column that is not there.
    ReportsError
        If columns are missing; each of them is a fault.
    """
    of_name = [database for database in DATABASES if database.name == name]
    found = database_of(rows.header)
    database = found if found in of_name else of_name[0]

    positions: dict[str, int] = {}
    given = [normal(column) for column in rows.header]
    for position, column in enumerate(given):
        known = database.canonical(column)
        if known not in positions or column == known:
            positions[known] = position

    missing = [column for column in database.required if column not in positions]
    if missing:
        raise ReportsError(rows.name, _missing(database, missing, [*rows.header], found))

    names = {known: rows.header[position].strip() for known, position in positions.items()}
    unknown = tuple(names[column] for column in positions if column and not _is_known(database, column))
    return Columns(database, positions, names, unknown, _place(database, names, place))


def _place(database: Database, names: Mapping[str, str], asked: str | None) -> str | None:
    """The column that becomes the place, by its name in the database."""
    if asked is None:
        return next((column for column in database.place if column in names), None)

    wanted = database.canonical(normal(asked))
    if wanted not in names:
        advice = did_you_mean(wanted, list(names)) or "name one of the file's columns"
        raise EstimatesError(f"there is no column {quoted(asked)} to take the place from; {advice}")
    return wanted


def _missing(database: Database, missing: list[str], header: list[str], found: Database | None) -> list[Fault]:
    if found is not None and found.name != database.name:
        mend = f"estimates import {found.name} reads it"
        return [Fault(f"this is a file of {found.title}, not of {database.title}", mend)]

    given = [normal(name) for name in header]
    faults = []
    for column in missing:
        advice = did_you_mean(column, [name for name in given if name and not _is_known(database, name)])
        mend = advice or f"{database.title} has it ({database.codebook.split(',')[0]})"
        faults.append(Fault(f"there is no column {quoted(column)}", mend))
    return faults


def _is_known(database: Database, column: str) -> bool:
    return column in database.known or re.fullmatch(database.more, column) is not None


# From rows to records -------------------------------------------------------------------------------------------------


def records(rows: Rows, columns: Columns, findings: Findings) -> Iterator[Record]:
    """Give the rows of a file that are not blank, without the columns that are left.

    Parameters
    ----------
    rows : Rows
    columns : Columns
    findings : Findings
        Where the records set down what is wrong.
    """
    wanted = {column: position for column, position in columns.positions.items() if columns.is_wanted(column)}
    kept = {column: texts(rows.columns[position]) for column, position in wanted.items()}
    names = tuple(kept)
    for line, cells in zip(rows.lines, zip(*kept.values(), strict=True), strict=True):
        if any(cells):
            yield Record(line, dict(zip(names, cells, strict=True)), findings, columns.names)
