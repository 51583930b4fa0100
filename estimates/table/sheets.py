"""Tables of spreadsheets, Excel (.xlsx) and OpenDocument (.ods): the sheet with the header, and its cells.

Values are read by calamine. What it cannot tell, a formula whose value was never stored and merged
cells, is taken from the file itself. Lines are the rows that the spreadsheet shows.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.parsers.expat import ExpatError

from estimates.errors import Fault, ReportsError
from estimates.table.faults import Wrong, quoted, refusal
from estimates.table.header import EXAMPLE_HEADER, Wanted
from estimates.table.packed import check_archive
from estimates.table.rows import Rows
from estimates.table.sheet_cells import SheetCells, cell_name, cells_of_ods, cells_of_xlsx

__all__ = ["rows_of_workbook"]

#: Cells up to the last one that is filled; room is made for every one of them.
MOST_CELLS = 20_000_000
#: Rows in which the header is looked for.
_ROWS_TRIED = 100
_SAVE = "open it in the spreadsheet program and save it again, or save the sheet as CSV (UTF-8)"
_KINDS: tuple[tuple[str, Callable[[zipfile.ZipFile], dict[str, SheetCells]]], ...] = (
    ("xl/workbook.xml", cells_of_xlsx),
    ("content.xml", cells_of_ods),
)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """One sheet: the cells of its rows, row 0 first, and what stands in them beside values."""

    name: str
    rows: list[list[Any]]
    cells: SheetCells

    def header(self, wanted: Wanted) -> int | None:
        """The row of the header, by its index: the first that names what is wanted."""
        return next((at for at, row in enumerate(self.rows[:_ROWS_TRIED]) if wanted.needs and wanted.is_met(row)), None)

    def likely_header(self, wanted: Wanted) -> int:
        """The first row that names two columns of the field; else the first that is not blank."""
        named = (at for at, row in enumerate(self.rows[:_ROWS_TRIED]) if wanted.needs and wanted.known(row) > 1)
        return next(named, next(at for at, row in enumerate(self.rows) if _is_filled(row)))


def rows_of_workbook(content: bytes, name: str, wanted: Wanted) -> Rows:
    """Read the sheet of a workbook that holds the table.

    Parameters
    ----------
    content : bytes
        A zip archive.
    name : str
        Where it came from.
    wanted : Wanted
        What the header must name.

    Returns
    -------
    Rows
        Rows that are blank are left out.

    Raises
    ------
    ReportsError
        If it is no workbook or damaged, if no sheet or several have the header, if cells are merged across columns, or
        if a cell of the header has no value.
    """
    sheets = [sheet for sheet in _sheets(content, name) if any(map(_is_filled, sheet.rows))]
    if not sheets:
        raise refusal(name, "all sheets are empty", f"write a header and one line per report: {EXAMPLE_HEADER}")

    sheet, header = _chosen(sheets, name, wanted)
    rows = _filled_down(sheet, header, name)
    notes = _notes(sheets, sheet, header)
    return _rows(sheet, rows, header, name, notes)


def _is_filled(row: Sequence[Any]) -> bool:
    return row.count("") < len(row) and any(cell.strip() if isinstance(cell, str) else True for cell in row)


# ---------------------------------------------------------------------------------------------------- opening the file


def _sheets(content: bytes, name: str) -> list[_Sheet]:
    """All sheets of a workbook, once it is known that it can be read."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            look = _kind(archive, name)
            check_archive(archive, name)
            beside = look(archive)
        for title, cells in beside.items():
            _refuse_far_cells(title, cells, name)
        tables = _read(content)
    except ReportsError:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, ExpatError, _UnreadableError):
        raise refusal(name, "this workbook is damaged", _SAVE) from None
    except (RuntimeError, NotImplementedError):
        raise refusal(name, "this workbook is locked with a password, or packed in an unusual way", _SAVE) from None

    return [_Sheet(title, rows, beside.get(title, SheetCells())) for title, rows in tables.items()]


def _kind(archive: zipfile.ZipFile, name: str) -> Callable[[zipfile.ZipFile], dict[str, SheetCells]]:
    parts = set(archive.namelist())
    for part, look in _KINDS:
        if part in parts:
            return look
    if "xl/workbook.bin" in parts:
        raise refusal(name, "this is a binary Excel workbook (.xlsb)", "save it as .xlsx, or the sheet as CSV (UTF-8)")
    raise refusal(name, "this is a zip archive, not a table", "unpack it and name the table in it")


def _refuse_far_cells(title: str, cells: SheetCells, name: str) -> None:
    if cells.height * cells.width > MOST_CELLS:
        last = cell_name(cells.height - 1, cells.width - 1)
        what = f"sheet {quoted(title)} reaches to cell {last}, further than {MOST_CELLS:,} cells"
        raise refusal(name, what, "delete the cells far from the table, or save the sheet as CSV (UTF-8)")


class _UnreadableError(Exception):
    """The reader of spreadsheets gave up."""


def _read(content: bytes) -> dict[str, list[list[Any]]]:
    """The rows of all sheets."""
    from python_calamine import SheetTypeEnum, load_workbook

    try:
        book = load_workbook(io.BytesIO(content))
        titles = [sheet.name for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
        tables = {title: book.get_sheet_by_name(title).to_python(skip_empty_area=False) for title in titles}
    except BaseException as error:  # a panic of the reader is no Exception
        if isinstance(error, KeyboardInterrupt | SystemExit | MemoryError):
            raise
        raise _UnreadableError from None

    return {title: list(map(_values, _without_blank_end(rows))) for title, rows in tables.items()}


def _values(row: list[Any]) -> list[Any]:
    """The cells of a row, whole numbers as such; calamine knows floats alone."""
    if row.count("") == len(row):
        return row
    return [int(cell) if isinstance(cell, float) and cell.is_integer() else cell for cell in row]


def _without_blank_end(rows: list[list[Any]]) -> list[list[Any]]:
    last = next((at for at in range(len(rows), 0, -1) if _is_filled(rows[at - 1])), 0)
    return rows[:last]


# --------------------------------------------------------------------------------------------------- finding the table


def _chosen(sheets: Sequence[_Sheet], name: str, wanted: Wanted) -> tuple[_Sheet, int]:
    """The sheet that has the header, and the header's row; the only sheet where none has."""
    found = [(sheet, at) for sheet in sheets if (at := sheet.header(wanted)) is not None]
    if len(found) == 1:
        return found[0]
    if len(sheets) == 1:
        return sheets[0], sheets[0].likely_header(wanted)

    if found or not wanted.needs:
        named = ", ".join(quoted(sheet.name) for sheet in ([sheet for sheet, _ in found] or sheets))
        raise refusal(name, f"several sheets hold such a table: {named}", "leave one of them in the file")
    needed = ", ".join("/".join(sorted(names)) for names in wanted.needs)
    held = "; ".join(f"{quoted(sheet.name)} with {_names_shown(sheet, wanted)}" for sheet in sheets)
    mend = "name the columns in one of them, or say which column is which (columns=, --map)"
    raise refusal(name, f"no sheet has a header with {needed}; there are {held}", mend)


def _names_shown(sheet: _Sheet, wanted: Wanted) -> str:
    filled = [str(cell).strip() for cell in sheet.rows[sheet.likely_header(wanted)] if str(cell).strip()]
    return ", ".join(quoted(cell) for cell in filled[:6]) + (" ..." if len(filled) > 6 else "")


def _notes(sheets: Sequence[_Sheet], sheet: _Sheet, header: int) -> tuple[str, ...]:
    notes = []
    if len(sheets) > 1:
        others = ", ".join(quoted(other.name) for other in sheets if other is not sheet)
        notes.append(f"sheet {quoted(sheet.name)} is read; the others have no such header: {others}")
    above = [at for at, row in enumerate(sheet.rows[:header]) if _is_filled(row)]
    if above:
        title = next(str(cell).strip() for cell in sheet.rows[above[0]] if str(cell).strip())
        notes.append(f"the header stands on line {header + 1}; what is above it is passed over: {quoted(title)}")
    return tuple(notes)


# ----------------------------------------------------------------------------------------------------------- its cells


def _filled_down(sheet: _Sheet, header: int, name: str) -> list[list[Any]]:
    """The rows with the value of cells that are merged downwards in each of their rows."""
    rows, faults = [list(row) for row in sheet.rows], []
    areas = [
        (top, left, min(height, len(rows) - top), width)
        for top, left, height, width in sheet.cells.merged
        if header < top < len(rows) and left < len(rows[top]) and _is_filled([rows[top][left]])
    ]
    if sum(height for _, _, height, _ in areas) > sum(map(len, rows)):
        raise refusal(name, f"merged cells of sheet {quoted(sheet.name)} lie over one another", "part them")

    for top, left, height, width in areas:
        if width > 1:
            area = f"{cell_name(top, left)}:{cell_name(top + height - 1, left + width - 1)}"
            faults.append(Fault(f"the cells {area} are merged across columns", "part them, or clear the row", top + 1))
        for below in range(top + 1, top + height):
            rows[below][left] = rows[top][left]

    if faults:
        raise ReportsError(name, faults)
    return rows


def _rows(sheet: _Sheet, rows: list[list[Any]], header: int, name: str, notes: tuple[str, ...]) -> Rows:
    wrong = _wrong_cells(sheet.cells)
    faults = [Fault(found.what, found.mend, row + 1) for (row, _), found in sorted(wrong.items()) if row == header]
    if faults:
        raise ReportsError(name, faults)

    for (row, column), found in wrong.items():
        if row < len(rows) and column < len(rows[row]):
            rows[row][column] = found
    names = [str(cell).strip() for cell in rows[header]]
    kept = [at for at in range(header + 1, len(rows)) if _is_filled(rows[at])]
    columns: list[Iterable[Any]] = [[rows[at][place] for at in kept] for place in range(len(names))]
    return Rows(name, [at + 1 for at in kept], names, columns, notes)


def _wrong_cells(cells: SheetCells) -> Mapping[tuple[int, int], Wrong]:
    """Cells whose value cannot be known, and what is wrong with them."""
    mend = "open the file in the spreadsheet program and save it, or write the value"
    found = {
        place: Wrong(f"cell {cell_name(*place)} has a formula and no stored value", mend)
        for place in cells.without_value
    }
    for place in cells.uncertain:
        what = f"cell {cell_name(*place)} has a formula that was never computed (0 stands in its place)"
        found[place] = Wrong(what, mend)
    for place, error in cells.errors.items():
        found[place] = Wrong(
            f"cell {cell_name(*place)} holds the error {error}", "mend its formula, or write the value"
        )
    return found
