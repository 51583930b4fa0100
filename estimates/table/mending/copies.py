"""A copy of a table with proposed mends in columns beside the originals."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from estimates.errors import EstimatesError, Fault, ReportsError
from estimates.spreadsheets import csv_text
from estimates.table.arrange import arranged
from estimates.table.cells import Cells, cells_of, texts
from estimates.table.declared import as_declared
from estimates.table.faults import Wrong, quoted
from estimates.table.header import normal
from estimates.table.layout import Layout
from estimates.table.mending.figures import figure_proposals
from estimates.table.mending.names import name_proposals
from estimates.table.mending.proposal import Proposal
from estimates.table.mending.several_rows import row_proposals
from estimates.table.mending.single_cells import cell_proposals
from estimates.table.naming import wanted_by
from estimates.table.reports import Reports, reports_of_cells
from estimates.table.rows import Rows, Source
from estimates.table.source import read_rows
from estimates.vocabulary import COLUMNS

__all__ = ["Copy", "copy_with_proposals"]

#: What the name of a column of proposals ends in, and the column that says why.
PROPOSED, WHY = "_proposed", "why_proposed"
#: How often rows that are still wrong are left out to look at the others together.
_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy of a table, and what is proposed in it.

    Attributes
    ----------
    content : bytes
        CSV in UTF-8.
    proposals : mapping of str to int
        How many there are in each column, by its name in the file.
    rows : int
        How many rows have a proposal.
    undecided : int
        How many rows have something that is wrong or odd and no proposal for it.
    """

    content: bytes
    proposals: dict[str, int]
    rows: int
    undecided: int


def copy_with_proposals(source: Source, layout: Layout) -> Copy:
    """Copy a table and propose mends; the proposals stand in columns of their own.

    Every cell says what it said, to the last space: it is only made safe for spreadsheets, and read as before.

    Parameters
    ----------
    source : path, "-", file object, DataFrame or iterable of dicts
    layout : Layout
        How the table is to be read; with one figure a row.

    Returns
    -------
    Copy

    Raises
    ------
    ReportsError
        If the source cannot be read at all, or lacks columns that every table has.
    EstimatesError
        If the table has several figures a row, or proposals in it already.
    """
    rows = read_rows(source, wanted_by(layout))
    if len(set(rows.lines)) < len(rows.lines):
        rows = replace(rows, lines=list(range(1, len(rows.lines) + 1)))
    cells = cells_of(rows, layout)
    if cells.spread:
        raise EstimatesError(f"{rows.name}: mends are proposed for tables with one figure a row, not for wide ones")
    if taken := [name for name in rows.header if normal(name) == WHY or normal(name).endswith(PROPOSED)]:
        mend = "take over what is right, and delete these columns first"
        raise EstimatesError(f"{rows.name}: column {quoted(taken[0])} holds proposals of an earlier copy; {mend}")

    arranged(as_declared(cells))  # a layout that cannot be used is refused before anything is proposed
    proposals = _proposals(cells)
    places = {line: place for place, line in enumerate(rows.lines)}
    in_rows = [replace(each, row=places[cells.lines[each.row]]) for each in proposals]
    return _copy(rows, _positions(rows, cells), in_rows)


# What is proposed -----------------------------------------------------------------------------------------------------


def _proposals(cells: Cells) -> list[Proposal]:
    """All proposals, those for one cell and then what rows show together, and what is still to be decided."""
    declared = as_declared(cells)
    found = list(cell_proposals(cells, declared))
    mended = _mended(declared, found)
    found += name_proposals(mended)
    found += figure_proposals(cells, mended)

    reports, faults = _readable(_mended(declared, found))
    places = {line: place for place, line in enumerate(cells.lines)}
    if reports is not None:
        told = {(each.row, each.column) for each in found if each.text is not None}
        found += [each for each in row_proposals(reports, places) if (each.row, each.column) not in told]
    return found + [_left(fault, places) for fault in faults if fault.line in places]


def _mended(cells: Cells, proposals: Iterable[Proposal]) -> Cells:
    """The cells as they would be if all were accepted."""
    known = {column: list(values) for column, values in cells.known.items()}
    for each in proposals:
        if each.text is not None:
            known.setdefault(each.column, [""] * len(cells.lines))[each.row] = each.text
    return replace(cells, known={**known})


def _readable(cells: Cells) -> tuple[Reports | None, list[Fault]]:
    """The rows that are without faults as reports, and the faults of the others."""
    faults: list[Fault] = []
    for _ in range(_ROUNDS):
        try:
            return reports_of_cells(arranged(cells)), faults
        except ReportsError as error:
            wrong = {fault.line for fault in error.faults}
            faults += error.faults
        kept = [row for row, line in enumerate(cells.lines) if line not in wrong]
        if not kept or len(kept) == len(cells.lines):
            break
        cells = cells.of_rows(kept)
    return None, faults


def _left(fault: Fault, places: dict[int, int]) -> Proposal:
    """A fault for which nothing is proposed."""
    what = fault.what + (f"; {fault.mend}" if fault.mend else "")
    return Proposal(places[fault.line or 0], fault.column or "", None, what)


# The copy -------------------------------------------------------------------------------------------------------------


def _positions(rows: Rows, cells: Cells) -> dict[str, int]:
    """The place in the file of each of our columns."""
    theirs = cells.named.theirs if cells.named else {}
    given = [name.strip() for name in rows.header]
    places = {ours: given.index(name) for ours, name in theirs.items() if name in given}
    for place, name in enumerate(given):
        ours = "figure" if normal(name) == "words" and "figure" not in map(normal, given) else normal(name)
        if ours in COLUMNS and place not in places.values():
            places.setdefault(ours, place)
    return places


def _copy(rows: Rows, positions: dict[str, int], proposals: Sequence[Proposal]) -> Copy:
    proposed: dict[str, dict[int, str]] = defaultdict(dict)
    why: dict[int, list[str]] = defaultdict(list)
    for each in proposals:
        name = rows.header[positions[each.column]].strip() if each.column in positions else each.column
        why[each.row].append(f"{name}: {each.why}" if name else each.why)
        if each.text is not None:
            proposed[each.column][each.row] = each.text

    named = {column: rows.header[place].strip() for column, place in positions.items()}
    counts = Counter({named.get(column, column): len(texts) for column, texts in proposed.items()})
    decided = {row for texts in proposed.values() for row in texts}
    open_rows = {each.row for each in proposals if each.text is None}
    names, *cells = zip(*_columns(rows, positions, proposed, why), strict=True)
    content = csv_text(names, cells).encode()
    return Copy(content, dict(counts), len(decided), len(open_rows))


def _columns(
    rows: Rows, positions: dict[str, int], proposed: dict[str, dict[int, str]], why: dict[int, list[str]]
) -> list[list[str]]:
    """The columns of the copy, each with its name first."""
    count = len(rows.lines)
    at = {place: column for column, place in positions.items()}
    columns = []
    for place, (name, values) in enumerate(zip(rows.header, rows.columns, strict=True)):
        columns.append([name, *_as_written(values)])
        if (column := at.get(place)) in proposed:
            columns.append([name.strip() + PROPOSED, *_filled(proposed[column], count)])

    new = [column for column in COLUMNS if column in proposed and column not in positions]
    columns += [[column + PROPOSED, *_filled(proposed[column], count)] for column in new]
    said = {row: "; ".join(dict.fromkeys(reasons)) for row, reasons in why.items()}
    return [*columns, [WHY, *_filled(said, count)]]


def _filled(texts_of_rows: dict[int, str], count: int) -> list[str]:
    return [texts_of_rows.get(row, "") for row in range(count)]


def _as_written(values: Iterable[Any]) -> list[str]:
    """Cells as text: what was text stays as it is, to the last space."""
    written = list(values)
    return [
        value if isinstance(value, str) else "" if isinstance(text, Wrong) else text
        for value, text in zip(written, texts(written), strict=True)
    ]
