"""What is odd between rows, and how it is told: one note a kind, the first few cases of it and how many more."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from estimates.models.types import Integers
from estimates.table.between.statements import Statements
from estimates.table.faults import quoted
from estimates.table.notes import lines_named

__all__ = ["EXAMPLES", "Oddity", "case_name", "oddity", "said"]

#: How many cases of an oddity are told.
EXAMPLES = 3


@dataclass(frozen=True, eq=False)
class Oddity:
    """One kind of oddity.

    Attributes
    ----------
    what : str
        What is odd.
    mend : str
        What to do about it.
    lines : sequence of int
        The lines it concerns, in order.
    examples : tuple of str
        The first few cases.
    cases : int
        How many cases there are.
    """

    what: str
    mend: str
    lines: Sequence[int]
    examples: tuple[str, ...]
    cases: int

    def __str__(self) -> str:
        more = self.cases - len(self.examples)
        told = "; ".join(self.examples) + (f"; and {more:,} more" if more > 0 else "")
        return f"{lines_named(self.lines)}: {self.what}: {told}; {self.mend}"


def oddity(
    found: Statements, what: str, mend: str, cases: Sequence[Sequence[int] | Integers] | Integers, tell: Iterable[str]
) -> Oddity:
    """An oddity of some cases, each the positions of the statements it concerns.

    Parameters
    ----------
    found : Statements
    what, mend : str
    cases : sequence of sequences of int, or integer array of shape (cases, positions)
    tell : iterable of str
        What is said of the cases, one after another; only the first few are asked for.
    """
    flat = cases.ravel() if isinstance(cases, np.ndarray) else list(chain.from_iterable(cases))
    positions = np.asarray(flat, dtype=np.int64)
    told = tuple(text for text, _ in zip(tell, range(EXAMPLES), strict=False))
    return Oddity(what, mend, np.unique(found.line[positions]).tolist(), told, len(cases))


def said(found: Statements, position: int, label: str = "") -> str:
    """The words of a statement with where they stand, and what they are about: '40' (killed, line 3)."""
    words = found.table["words"].iloc[found.row[position]]
    about = f"{label}, " if label else ""
    return f"{quoted(words)} ({about}line {found.line[position]})"


def case_name(found: Statements, position: int) -> str:
    """The outcome and the event of a statement in words."""
    outcome = found.outcome[position].replace("_", " ")
    return f"the {outcome} of event {quoted(found.event[position])}"
