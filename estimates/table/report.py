"""One row of the table of reports, and the rules that say what such a row means."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from types import NoneType
from typing import Any, NamedTuple

import pandas as pd

from estimates.collecting import without_collecting
from estimates.models.growth import FINAL, age_bin
from estimates.models.wording import NUMERIC_WORDINGS, SILENT_WORDINGS, VAGUE_WORDS, Words
from estimates.table.counts import count_or_none
from estimates.table.dates import Time, parse_time
from estimates.table.parts import says_part
from estimates.vocabulary import CONTEXT_OUTCOMES, MISSING_OUTCOMES

#: How many different figures, words and ages are kept once they are read: a large table has some ten thousand of each.
LARGEST_KNOWN = 2**15


class Report(NamedTuple):
    """What one source says of one outcome of one event, as the validated table has it.

    A named tuple, since tables have a million rows; and what a row means is worked out once for all that say the same.

    The fields are the columns of ``Reports.table`` of the same names; None where a cell is empty. A figure has three
    forms: the words as they were parsed (``wording.Figure``), this row, and what enters the likelihood (:attr:`said`).

    Attributes
    ----------
    line : int
        Where the row stands in the file.
    subset : bool
        The figure is about a part of those hit.
    withdrawn : bool
        The source itself took the figure back.
    population, definition : str or None
        Whom it counts, where not everybody; and what counts as one of them, where sources count differently.
    at_risk : int or None
        How many were there: no more can have been hit.
    missing_basis : str or None
        Where a number of people missing comes from; None where that is not told.
    chosen : bool
        The event is in the table because it was revised or famous.
    copies_removed : bool
        Rows that only repeat another origin were taken out of the table the event is from.
    age_low, age_high : float
        Ends of the report's possible ages in days; not a number where the age is unknown.
    """

    line: int
    event: str
    source: str
    words: str
    wording: str
    low: int | None
    high: int | None
    word: str | None
    outcome: str
    source_type: str
    event_type: str
    scope: str
    affiliation: str
    group: str
    subset: bool
    provisional: bool
    withdrawn: bool
    population: str | None
    definition: str | None
    at_risk: int | None
    missing_basis: str | None
    chosen: bool
    copies_removed: bool
    reported_at: str | None
    event_date: str | None
    age_low: float
    age_high: float
    quotes: str | None
    place: str | None
    period_start: str | None
    period_end: str | None
    url: str | None
    note: str | None

    @property
    def place_in_table(self) -> tuple[int, str, str]:
        """The line, and what tells reports apart that stand on one line of the file: the source and the outcome."""
        return self.line, self.source, self.outcome

    # What it speaks of ----------------------------------------------------------------------------------------------

    @property
    def is_context(self) -> bool:
        """Whether it counts strikes, munitions or incidents, which are shown and not estimated."""
        return self.outcome in CONTEXT_OUTCOMES

    @property
    def is_of_missing(self) -> bool:
        """Whether it counts people missing, dead or missing, or saved, which says something of those killed."""
        return self.outcome in MISSING_OUTCOMES

    @property
    def is_estimated(self) -> bool:
        """Whether it counts people in a single event, so that its figure may bear on an estimate."""
        return not self.is_context and self.scope != "period"

    @property
    def is_named(self) -> bool:
        """Whether it is a verified list of names or bodies."""
        return self.wording == "named"

    @property
    def is_floor(self) -> bool:
        """Whether it bounds the toll from below only, as a list of names or bodies does."""
        return self.is_named

    @property
    def is_part(self) -> bool:
        """Whether it is a figure of a group of those hit, which may be everybody or not."""
        return self.subset and not self.is_named

    @property
    def is_silent(self) -> bool:
        """Whether the source gave no figure: it denied, did not comment or did not confirm."""
        return self.wording in SILENT_WORDINGS

    # What it says ---------------------------------------------------------------------------------------------------

    @property
    def said(self) -> Words | None:
        """The words as the likelihood knows them; None where they bear on no number."""
        return _said(self.wording, self.low, self.high, self.word)

    @property
    def counts(self) -> bool:
        """Whether it says anything that bears on a number; a list of nobody does not."""
        return self.said is not None

    @property
    def speaks_of_all(self) -> bool:
        """Whether it gives a figure for everybody hit, and no list of names nor a part."""
        return not self.is_named and not self.subset and self.said is not None

    # What its words alone say ---------------------------------------------------------------------------------------

    @property
    def is_certain_part(self) -> bool:
        """Whether the words say for certain that the figure is part of a larger one: "5 of the dead", "5 of 21"."""
        return _says_part(self.words, self.low, self.high, self.word)

    @property
    def is_bare_number(self) -> bool:
        """Whether the cell of the figure is a number without a word: "18", "0"."""
        return _is_bare(self.words)

    # When it was made -----------------------------------------------------------------------------------------------

    @property
    def reported(self) -> Time | None:
        """When it was made, at the precision it was written with."""
        return parse_time(self.reported_at) if self.reported_at else None

    @property
    def happened(self) -> Time | None:
        """When the event was."""
        return parse_time(self.event_date) if self.event_date else None

    @property
    def age_bins(self) -> tuple[int, int]:
        """First and last age bin it may belong to; all bins where its age is unknown."""
        if math.isnan(self.age_low) or math.isnan(self.age_high):
            return 0, FINAL
        return _age_bin(self.age_low), _age_bin(self.age_high)

    def is_late(self, cut: Time | None) -> bool:
        """Whether it was made after a time for certain, or its event happened after it."""
        return self.is_of_later_event(cut) or _is_after(self.reported_at, cut)

    def is_of_later_event(self, cut: Time | None) -> bool:
        """Whether its event happened after a time for certain."""
        return _is_after(self.event_date, cut)


def _is_after(time: str | None, cut: Time | None) -> bool:
    return bool(time) and cut is not None and parse_time(time).start >= cut.end


def numbers_said(words: Words | None) -> list[int]:
    """The numbers that words stand for; a vague word for the ends of its usual meaning, "none" for zero."""
    if words is None:
        return []
    if words.wording == "vague":
        _, low, high, _ = VAGUE_WORDS[words.word]
        return [low, high]
    return [words.low, words.high]


# What is worked out once ----------------------------------------------------------------------------------------------


@lru_cache(LARGEST_KNOWN)
def _said(wording: str, low: int | None, high: int | None, word: str | None) -> Words | None:
    low, high = low or 0, high or 0
    if wording == "vague":
        return Words("vague", word=str(word))
    if wording == "none":
        return Words("none")
    if wording == "named":
        return Words("named", low, low) if low else None
    if wording not in NUMERIC_WORDINGS:
        return None
    if wording == "range" and low < high:
        return Words("range", low, high)
    return _one_number("exactly" if wording == "range" else wording, max(low, high))


def _one_number(wording: str, number: int) -> Words | None:
    """Words with a single number; "at least none" says nothing, "more than none" is at least one, others are none."""
    if number:
        return Words(wording, number, number)
    return {"at_least": None, "more_than": Words("at_least", 1, 1)}.get(wording, Words("none"))


@lru_cache(LARGEST_KNOWN)
def _says_part(words: str, *figure: int | str | None) -> bool:
    return says_part(words, figure)


@lru_cache(LARGEST_KNOWN)
def _is_bare(words: str) -> bool:
    return count_or_none(words) is not None


@lru_cache(LARGEST_KNOWN)
def _age_bin(days: float) -> int:
    return age_bin(days)


# From the table -------------------------------------------------------------------------------------------------------

_FLAGS = ("subset", "provisional", "withdrawn", "chosen", "copies_removed")
#: Types of the cells that stay as they are; of all other columns text and nothing.
_READY: dict[str, frozenset[type]] = {
    **dict.fromkeys(("age_low", "age_high"), frozenset({float})),
    **dict.fromkeys(_FLAGS, frozenset({bool})),
    **dict.fromkeys(("line", "low", "high", "at_risk"), frozenset({int, NoneType})),
}
_TEXT: frozenset[type] = frozenset({str, NoneType})


@without_collecting()
def reports_of(table: pd.DataFrame) -> tuple[Report, ...]:
    """Rows of ``Reports.table``, or of a part of it, as reports in the same order."""
    columns = [_plain(column, table[column].tolist()) for column in Report._fields]
    return tuple(map(Report._make, zip(*columns, strict=True)))


def _plain(column: str, cells: Sequence[Any]) -> Sequence[Any]:
    """Cells as Python objects: None where there is nothing, whole numbers as such."""
    if set(map(type, cells)) <= _READY.get(column, _TEXT) and "" not in cells:
        return cells
    if column in ("age_low", "age_high"):
        return [float(cell) for cell in cells]
    if column in _FLAGS:
        return [bool(cell) for cell in cells]
    filled = [None if _is_missing(cell) else cell for cell in cells]
    if column in ("line", "low", "high", "at_risk"):
        return [None if cell is None else int(cell) for cell in filled]
    return filled


def _is_missing(cell: Any) -> bool:
    return cell is None or cell is pd.NA or cell == "" or (isinstance(cell, float) and math.isnan(cell))
