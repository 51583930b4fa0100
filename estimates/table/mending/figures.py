"""Mends of figures that are refused with advice that says what to write, and figures of periods."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from estimates.errors import FigureError
from estimates.table.cells import Cells
from estimates.table.checks import result_of
from estimates.table.counts import bare_count
from estimates.table.dates import parse_time
from estimates.table.faults import Wrong
from estimates.table.mending.proposal import Proposal
from estimates.table.mending.single_cells import thousands_said, with_plain_thousands
from estimates.vocabulary import DEFAULTS, OUTCOMES
from estimates.wording.figure import parse_figure, says_nothing

__all__ = ["figure_proposals"]

#: Two numbers with what makes a range of them, and four digits that can be a year.
_RANGE = re.compile(r"([0-9][0-9,]*)(\s*(?:-|\u2013|\u2014|\bto\b)\s*)([0-9][0-9,]*)")
_YEAR = re.compile(r"(?<![\w,.])([12])([0-9]{3})(?![\w,]|\.[0-9])")

#: Words of a period that ends when the report is made, and its days.
_PERIODS = (
    (re.compile(r"\b(?:past|last|previous) (?:24|twenty-four)[ -]?(?:hours?|hrs?)\b|\bpast day\b"), 1),
    (re.compile(r"\b(?:past|last|previous) (?:48|forty-eight)[ -]?(?:hours?|hrs?)\b|\b(?:past|last) two days\b"), 2),
    (re.compile(r"\b(?:past|last|previous) (?:72|seventy-two)[ -]?(?:hours?|hrs?)\b|\b(?:past|last) three days\b"), 3),
    (re.compile(r"\bpast week\b|\b(?:past|last|previous) seven days\b"), 7),
)
_THIS_YEAR = re.compile(r"\bthis year\b|\byear to date\b")


def figure_proposals(cells: Cells, declared: Cells) -> Iterator[Proposal]:
    """Mends of figures that are given in words alone.

    Parameters
    ----------
    cells : Cells
        As they are written, outcomes and dates mended where that could be.
    declared : Cells
        The same as they are read by what the layout says of dates and thousands.
    """
    names = ("figure", "outcome", "scope", "reported_at", "wording", "low", "high")
    columns = zip(*(declared.column(name) for name in names), strict=True)
    for row, (written, values) in enumerate(zip(cells.column("figure"), columns, strict=True)):
        figure, outcome, scope, reported, *codes = (value if isinstance(value, str) else "" for value in values)
        if figure and isinstance(written, str) and not any(codes):
            yield from _of_row(row, written, figure, _known("outcome", outcome), _known("scope", scope), reported)


def _known(column: str, cell: str) -> str:
    """The value of a cell, by default where it has none that is known."""
    value = result_of(column, cell)
    return DEFAULTS[column] if isinstance(value, Wrong) else str(value)


def _of_row(row: int, written: str, figure: str, outcome: str, scope: str, reported: str) -> Iterator[Proposal]:
    if says_nothing(figure):
        return
    fault = _fault(figure, outcome, scope)
    if fault is None:
        if figure != written:
            yield Proposal(row, "figure", figure, thousands_said(written))
        return

    for text in _rewritten(figure):
        if text != figure and _fault(text, outcome, scope) is None:
            yield Proposal(row, "figure", text, fault)
            return
    if _fault(figure, outcome, "period") is None:
        yield Proposal(row, "scope", "period", fault)
        yield from _period(row, figure, reported)
        return
    others = [other for other in OUTCOMES if other != outcome and _fault(figure, other, scope) is None]
    if len(others) == 1:
        yield Proposal(row, "outcome", others[0], fault)


def _fault(figure: str, outcome: str, scope: str) -> str | None:
    """Why a figure cannot be read; None where it can."""
    try:
        if bare_count(figure) is None:
            parse_figure(figure, outcome, scope=scope)
    except FigureError as error:
        return str(error)
    except Wrong as wrong:
        return wrong.what
    return None


def _rewritten(figure: str) -> Iterator[str]:
    """What the advice on a figure says to write in its place, as far as that is one text."""
    yield with_plain_thousands(figure)
    if len(_YEAR.findall(figure)) in (1, 2):
        yield _YEAR.sub(r"\1,\2", figure)
    if len(found := _RANGE.findall(figure)) == 1:
        low, _, high = found[0]
        if int(low.replace(",", "")) > int(high.replace(",", "")):
            yield _RANGE.sub(r"\3\2\1", figure)


def _period(row: int, figure: str, reported: str) -> Iterator[Proposal]:
    """The dates of a period that ended when it was told of, where the words say how long it was."""
    try:
        last = parse_time(reported).last_day if len(reported) >= len("2020-01-15") else None
    except ValueError:
        last = None
    if last is None:
        return

    words = " ".join(figure.lower().split())
    first = next((last - timedelta(days=days) for pattern, days in _PERIODS if pattern.search(words)), None)
    if first is None and _THIS_YEAR.search(words):
        first = date(last.year, 1, 1)
    if first is not None:
        why = "the words, counted back from reported_at"
        yield Proposal(row, "period_start", first.isoformat(), why)
        yield Proposal(row, "period_end", last.isoformat(), why)
