"""Faults of a table: what is wrong, where it stands, and what was probably meant."""

from __future__ import annotations

import reprlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from estimates.errors import Fault, ReportsError
from estimates.models.types import Booleans
from estimates.vocabulary import COLUMNS

__all__ = ["Faults", "Wrong", "closest", "did_you_mean", "quoted", "refusal", "shown", "shown_error"]

#: How alike, in per cent of their letters in order, names are that may be meant for one another.
_CLOSE = 60.0
_LONGEST_COMPARED = 60


class Wrong(Exception):
    """What is wrong with one cell, how to mend it, and the column where it is not the one being checked."""

    def __init__(self, what: str, mend: str = "", column: str | None = None) -> None:
        super().__init__(what)
        self.what, self.mend, self.column = what, mend, column


def _as_ours(_: int, column: str) -> str:
    return column


@dataclass(slots=True)
class Faults:
    """Faults found so far, and the cells they are in by row and column.

    Attributes
    ----------
    lines : list of int
        The line of each row.
    shown : callable
        What the file calls a column of ours, in one row.
    """

    lines: list[int]
    shown: Callable[[int, str], str] = _as_ours
    found: list[Fault] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    cells: set[tuple[int, str]] = field(default_factory=set)

    def add(self, row: int, column: str, wrong: Wrong) -> None:
        """Set down what is wrong with a cell."""
        column = wrong.column or column
        self.found.append(Fault(wrong.what, wrong.mend, self.lines[row], column))
        self.rows.append(row)
        self.cells.add((row, column))

    def any_at(self, row: int, columns: Iterable[str]) -> bool:
        """Whether a fault was found in any of these cells."""
        return any((row, column) in self.cells for column in columns)

    def marks(self, *columns: str) -> Booleans:
        """Which rows have a fault in any of these columns, shape (rows,)."""
        marked = np.zeros(len(self.lines), dtype=bool)
        marked[[row for row, column in self.cells if column in columns]] = True
        return marked

    def in_order(self) -> list[Fault]:
        """All faults by line, then by column, which bear the names that the file has for them."""
        found = sorted(
            zip(self.found, self.rows, strict=True),
            key=lambda one: (one[0].line or 0, COLUMNS.index(one[0].column or COLUMNS[0])),
        )
        return [replace(fault, column=self.shown(row, fault.column or "") or None) for fault, row in found]


def refusal(name: str, what: str, mend: str = "", line: int | None = None) -> ReportsError:
    """The error for a table that is refused as a whole."""
    return ReportsError(name, [Fault(what, mend, line)])


def quoted(value: object) -> str:
    """Give a value in quotes, cut where it is long."""
    text = str(value)
    return repr(text if len(text) <= 60 else text[:59] + "…")


def shown(value: object) -> str:
    """How an object shows itself, cut where it is long: it may be of any size, and its own code may fail."""
    try:
        return quoted(value if isinstance(value, str) else reprlib.repr(value))
    except Exception:
        return "a value that cannot be shown"


def shown_error(error: BaseException) -> str:
    """What kind of error it is and the beginning of its message, if that can be had."""
    try:
        message = " ".join(str(error).split())
    except Exception:
        message = ""
    return f"{type(error).__name__} {quoted(message)}" if message else type(error).__name__


def closest(name: str, allowed: Sequence[str], least: float = _CLOSE) -> str | None:
    """The allowed name that is closest to the given one, if one is close: ``least`` per cent of their letters."""
    from rapidfuzz import fuzz, process

    # Long names are cut: comparing them takes quadratic time.
    found = process.extractOne(name[:_LONGEST_COMPARED], allowed, scorer=fuzz.ratio, score_cutoff=least)
    return None if found is None else str(found[0])


def did_you_mean(name: str, allowed: Sequence[str]) -> str:
    """Suggest the allowed name that is closest, if one is close; empty otherwise."""
    meant = closest(name, allowed)
    return f"did you mean {meant!r}?" if meant else ""
