"""What the package raises: one base class, and faults that say where they are and how to mend them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from estimates.text import clean, shortened

#: Of a longer name of a column a message shows only so much.
_LONGEST_NAME = 100


class EstimatesError(Exception):
    """Base class of every error the package raises on purpose.

    Each of its arguments is a line of the message. A line may hold names and paths from outside: it is cleaned, so that
    it steers no terminal and no break within a name begins a line of its own.
    """

    def __str__(self) -> str:
        return "\n".join(map(clean, self.args))


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a table of reports.

    Attributes
    ----------
    what : str
        What is wrong, with the offending value quoted.
    mend : str
        What to write instead; empty where there is nothing to advise.
    line : int or None
        The line as an editor shows it (the header is line 1), or the row's position for tables without lines.
    column : str or None
        The column the fault is in.
    """

    what: str
    mend: str = ""
    line: int | None = None
    column: str | None = None

    def __str__(self) -> str:
        line = f"line {self.line}" if self.line is not None else ""
        place = ", ".join(part for part in (line, shortened(self.column or "", _LONGEST_NAME)) if part)
        return (f"{place}: " if place else "") + self.what + (f"; {self.mend}" if self.mend else "")


#: The most faults that a message shows.
FAULTS_SHOWN = 50


class ReportsError(EstimatesError):
    """A table of reports cannot be used; ``faults`` holds everything wrong with it, the message at most 50 faults."""

    def __init__(self, name: str, faults: Sequence[Fault]) -> None:
        self.name = name
        self.faults = tuple(faults)
        more = len(self.faults) - FAULTS_SHOWN
        shown = (f"  {clean(fault)}" for fault in self.faults[:FAULTS_SHOWN])
        lines = [f"{clean(name)}: {_faults(len(self.faults))}", *shown]
        if more > 0:
            lines.append(f"  ... and {_faults(more, 'more ')}")
        super().__init__(*lines)


def _faults(count: int, more: str = "") -> str:
    return f"{count:,} {more}fault{'s' if count != 1 else ''}"


class FigureError(EstimatesError):
    """A figure's words cannot be read; the message says why and what to write instead."""


class ProfileError(EstimatesError):
    """A source profile cannot be used."""


class FitError(EstimatesError):
    """Nothing can be learned from a table, or the sampler did not converge; the message says which and what to do."""
