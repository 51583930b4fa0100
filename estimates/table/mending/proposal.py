"""One proposed mend of one cell."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Proposal"]


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a cell may have been meant to say; or only what is to be decided, where nothing can be proposed.

    Attributes
    ----------
    row : int
        Place of the row among the cells.
    column : str
        Our name for the column.
    text : str or None
        What is proposed; None where a person has to decide.
    why : str
        Why, in words for that person.
    """

    row: int
    column: str
    text: str | None
    why: str
