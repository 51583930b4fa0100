"""Mends of single cells: misspelt choices, dates in other formats, points for thousands, ends that are swapped."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from estimates.table.arrange import CHOICES
from estimates.table.cells import Cells
from estimates.table.checks import result_of
from estimates.table.counts import count, with_commas
from estimates.table.dates import is_iso, parse_time, precedes
from estimates.table.declared import TIME_COLUMNS
from estimates.table.faults import Wrong, closest, quoted
from estimates.table.field_dates import field_span, field_time
from estimates.table.header import normal
from estimates.table.mending.proposal import Proposal
from estimates.vocabulary import OLD_EVENT_TYPES

__all__ = ["cell_proposals"]

#: How alike a misspelt choice is, in per cent of its letters in order.
CLOSE = 75.0
_COUNTS = ("low", "high", "at_risk", "verified")

#: A text to propose and why; None where there is nothing to propose.
type Mend = tuple[str, str] | None


def cell_proposals(cells: Cells, declared: Cells) -> Iterator[Proposal]:
    """Mends of cells that need no other cell.

    Parameters
    ----------
    cells : Cells
        As they are written.
    declared : Cells
        The same as they are read by what the layout says of dates and thousands.
    """
    mends: dict[str, Callable[[str, str], Mend]] = {
        **{column: _choice(column, allowed) for column, allowed in CHOICES.items()},
        **dict.fromkeys(TIME_COLUMNS, _time),
        "event_date": _span,
        **{column: _count(column) for column in _COUNTS},
    }
    layout = cells.layout
    translated = {normal(layout.columns.get(column) or column) for column in layout.values}
    for column, mend in mends.items():
        if column not in translated:
            yield from _of_column(column, cells, declared, mend)
    for low, high, is_swapped in (("low", "high", _is_above), ("period_start", "period_end", _is_after)):
        yield from _swapped(cells, low, high, is_swapped)


def _of_column(column: str, cells: Cells, declared: Cells, mend: Callable[[str, str], Mend]) -> Iterator[Proposal]:
    """Mends of the cells of one column, each different one worked out once."""
    found: dict[tuple[str, str], Mend] = {}
    for row, pair in enumerate(zip(cells.known.get(column, ()), declared.known.get(column, ()), strict=True)):
        written, read = pair
        if isinstance(written, Wrong) or isinstance(read, Wrong) or not written:
            continue
        if (written, read) not in found:
            found[written, read] = mend(written, read)
        if (mended := found[written, read]) is not None:
            yield Proposal(row, column, *mended)


# One column after another ---------------------------------------------------------------------------------------------


def _choice(column: str, allowed: Sequence[str]) -> Callable[[str, str], Mend]:
    """Mends of a cell that takes one of a list."""

    def mend(written: str, _: str) -> Mend:
        if column == "event_type" and normal(written) in OLD_EVENT_TYPES:
            now, advice = OLD_EVENT_TYPES[normal(written)]
            return now, f"{quoted(written)} is read as {now!r}; {advice}"

        result = result_of(column, written)
        meant = closest(normal(written), allowed, CLOSE) if isinstance(result, Wrong) else None
        return None if meant is None else (meant, f"{result.what}, and {meant!r} is spelt almost so")

    return mend


def _time(written: str, read: str) -> Mend:
    return _iso(written, read, field_time)


def _span(written: str, read: str) -> Mend:
    return _iso(written, read, field_span)


def _iso(written: str, read: str, read_as: Callable[[str], str]) -> Mend:
    """A date in ISO 8601; none where it is written so, or cannot be read."""
    try:
        time = read_as(read)
    except Wrong:
        return None
    return None if time == written else (time, f"{quoted(written)} in ISO 8601")


def _count(column: str) -> Callable[[str, str], Mend]:
    """Mends of a cell that takes a whole number."""

    def mend(written: str, read: str) -> Mend:
        for text in (read, with_plain_thousands(read)):
            if text != written and not isinstance(result_of(column, text), Wrong):
                return text, thousands_said(written)
        return None

    return mend


def with_plain_thousands(text: str) -> str:
    """Numbers with commas where points or apostrophes part thousands; the text itself where a comma has another use."""
    try:
        return with_commas(re.sub(r"(?<=[0-9])['\u2019](?=[0-9]{3}(?![0-9]))", ".", text))
    except Wrong:
        return text


def thousands_said(text: str) -> str:
    """Why a number is written with commas."""
    return f"if {quoted(text)} has points or apostrophes for thousands, and is no fraction"


# Two columns together -------------------------------------------------------------------------------------------------


def _swapped(cells: Cells, first: str, last: str, is_swapped: Callable[[str, str], bool]) -> Iterator[Proposal]:
    """Both ends of a range in the order of their columns, where they stand the other way round."""
    for row, (low, high) in enumerate(zip(cells.known.get(first, ()), cells.known.get(last, ()), strict=False)):
        if isinstance(low, str) and isinstance(high, str) and low and high and is_swapped(low, high):
            why = f"{first} and {last} are swapped"
            yield Proposal(row, first, high, why)
            yield Proposal(row, last, low, why)


def _is_above(low: str, high: str) -> bool:
    try:
        return (count(low) or 0) > (count(high) or 0)
    except Wrong:
        return False


def _is_after(start: str, end: str) -> bool:
    if not (is_iso(start) and is_iso(end)):
        return False
    try:
        return precedes(parse_time(end), parse_time(start))
    except ValueError:
        return False
