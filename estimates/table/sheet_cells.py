"""What the cells of a workbook say beside their values: formulas without one, errors, merged cells, how far they go.

Readers of spreadsheets give an empty cell for a formula whose value was never stored, and make room for every cell up
to the last one; both must be seen before they read.
"""

from __future__ import annotations

import functools
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from posixpath import join, normpath
from typing import Any
from xml.parsers import expat

__all__ = ["SheetCells", "cell_name", "cells_of_ods", "cells_of_xlsx"]

_ADDRESS = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")
#: The last row that a sheet can have.
_LAST_ROW = 1_048_576
#: Sheets of a workbook that hold no cells.
_WITHOUT_CELLS = ("/chartsheet", "/dialogsheet", "/macrosheet", "/xlMacrosheet")
_CHUNK = 1 << 16


@dataclass(slots=True)
class SheetCells:
    """What stands in a sheet beside values; rows and columns count from 0.

    Attributes
    ----------
    height, width : int
        How far filled cells go.
    without_value : set of (row, column)
        Formulas whose value is not stored.
    uncertain : set of (row, column)
        Formulas with a stored 0 in a workbook that is yet to be computed: programs that compute nothing write that.
    errors : dict
        Cells that hold an error, and which.
    merged : list of (row, column, rows, columns)
        Merged cells: the first one, and how many rows and columns they are.
    """

    height: int = 0
    width: int = 0
    without_value: set[tuple[int, int]] = field(default_factory=set)
    uncertain: set[tuple[int, int]] = field(default_factory=set)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)

    def reach(self, row: int, column: int) -> None:
        """Take note of a filled cell."""
        self.height, self.width = max(self.height, row + 1), max(self.width, column + 1)


def cell_name(row: int, column: int) -> str:
    """The name of a cell as a spreadsheet shows it, such as C5."""
    letters, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row + 1}"


@functools.lru_cache(maxsize=4096)
def _column(letters: str) -> int:
    """The number of a column, from 0."""
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number - 1


def _place(address: str) -> tuple[int, int]:
    """Row and column of an address such as C5."""
    found = _ADDRESS.fullmatch(address.upper())
    if found is None or int(found[2]) > _LAST_ROW:
        raise ValueError("there is no such cell")
    return int(found[2]) - 1, _column(found[1])


def _parse(file: Any, start: Callable[..., None], end: Callable[..., None], text: Callable[[str], None]) -> None:
    """Read XML piece by piece; a document type, which sheets never have, is refused."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    parser.StartDoctypeDeclHandler = _refuse_document_type

    while piece := file.read(_CHUNK):
        parser.Parse(piece, False)
    parser.Parse(b"", True)


class _Names(dict[str, str]):
    """Names of elements and attributes without their prefix."""

    def __missing__(self, name: str) -> str:
        self[name] = found = name.rpartition(":")[2]
        return found


_BARE = _Names()


def _refuse_document_type(*_: object) -> None:
    raise ValueError("a sheet has no document type")


def _attributes(attributes: dict[str, str]) -> dict[str, str]:
    return {_BARE[name]: value for name, value in attributes.items()}


# ---------------------------------------------------------------------------------------------------------------- xlsx


def cells_of_xlsx(archive: zipfile.ZipFile) -> dict[str, SheetCells]:
    """Look through the sheets of an Excel workbook.

    Parameters
    ----------
    archive : ZipFile

    Returns
    -------
    dict of str to SheetCells
        By the name of the sheet.

    Raises
    ------
    KeyError, ValueError, ExpatError
        If the workbook lacks a part, or a part is not what it should be.
    """
    targets: dict[str, str] = {}
    sheets: dict[str, str] = {}
    unsettled = False

    def relation(name: str, given: dict[str, str]) -> None:
        if _BARE[name] == "Relationship" and not given.get("Type", "").endswith(_WITHOUT_CELLS):
            targets[given.get("Id", "")] = given.get("Target", "")

    def sheet(name: str, given: dict[str, str]) -> None:
        nonlocal unsettled
        name, known = _BARE[name], _attributes(given)
        if name == "sheet" and known.get("id") in targets:
            sheets[known.get("name", "")] = targets[known["id"]]
        unsettled |= name == "calcPr" and known.get("fullCalcOnLoad") in ("1", "true")

    with archive.open("xl/_rels/workbook.xml.rels") as file:
        _parse(file, relation, _nothing, _nothing)
    with archive.open("xl/workbook.xml") as file:
        _parse(file, sheet, _nothing, _nothing)
    return {name: _cells_of_sheet(archive, target, unsettled) for name, target in sheets.items()}


def _nothing(*_: object) -> None:
    pass


def _cells_of_sheet(archive: zipfile.ZipFile, target: str, unsettled: bool) -> SheetCells:
    reader = _XlsxSheet(unsettled)
    with archive.open(normpath(join("xl", target)).lstrip("/")) as file:
        _parse(file, reader.start, reader.end, reader.text)
    return reader.cells


class _XlsxSheet:
    """The cells of one sheet, as its elements come."""

    def __init__(self, unsettled: bool) -> None:
        self.cells, self._unsettled = SheetCells(), unsettled
        self._row = self._column = -1
        self._row_shown = ""
        self._kind, self._formula, self._inside = "", False, False
        self._value: str | None = None
        self._said: list[str] = []

    def start(self, name: str, given: dict[str, str]) -> None:
        name = _BARE[name]
        if name == "c":
            self._move(given.get("r"))
            self._kind, self._formula, self._value = given.get("t", "n"), False, None
        elif name == "row":
            self._row, self._column = _place(f"A{given['r']}")[0] if "r" in given else self._row + 1, -1
            self._row_shown = str(self._row + 1)
        elif name == "f":
            self._formula = True
        elif name in ("v", "is"):
            self._said, self._inside = [], True
        elif name == "mergeCell":
            self._merge(given.get("ref", ""))

    def _move(self, address: str | None) -> None:
        """Go to the cell with an address, or to the next one of the row."""
        letters = (address or "").rstrip("0123456789")
        if address is None:
            self._column += 1
        elif letters.isupper() and address == letters + self._row_shown:
            self._column = _column(letters)
        else:
            self._row, self._column = _place(address)

    def text(self, said: str) -> None:
        if self._inside:
            self._said.append(said)

    def end(self, name: str) -> None:
        name = _BARE[name]
        if name in ("v", "is"):
            self._value, self._inside = "".join(self._said).strip(), False
        elif name == "c":
            self._close()

    def _close(self) -> None:
        """A cell has ended: what it holds is known."""
        place = (self._row, self._column)
        stored = bool(self._value) or (self._kind == "str" and self._value is not None)  # a formula may give ""
        if stored or self._formula:
            self.cells.reach(*place)
        if self._kind == "e":
            self.cells.errors[place] = self._value or "an error"
        elif self._formula and not stored:
            self.cells.without_value.add(place)
        elif self._formula and self._unsettled and self._value == "0":
            self.cells.uncertain.add(place)

    def _merge(self, written: str) -> None:
        first, _, last = written.partition(":")
        one, other = _place(first), _place(last or first)
        self.cells.merged.append((*one, other[0] - one[0] + 1, other[1] - one[1] + 1))


# ----------------------------------------------------------------------------------------------------------------- ods


def cells_of_ods(archive: zipfile.ZipFile) -> dict[str, SheetCells]:
    """Look through the sheets of an OpenDocument spreadsheet.

    Parameters
    ----------
    archive : ZipFile

    Returns
    -------
    dict of str to SheetCells
        By the name of the sheet.

    Raises
    ------
    KeyError, ValueError, ExpatError
        If it lacks its content, or that is not what it should be.
    """
    reader = _OdsSheets()
    with archive.open("content.xml") as file:
        _parse(file, reader.start, reader.end, reader.text)
    return reader.sheets


#: Attributes that hold a cell's value, and how errors are shown in its place.
_ODS_VALUES = ("value", "date-value", "time-value", "boolean-value", "string-value")
_ODS_ERROR = re.compile(r"#(REF!|N/A|NAME\?|DIV/0!|VALUE!|NUM!|NULL!)|Err:[0-9]+")


class _OdsSheets:
    """The cells of all sheets, as their elements come."""

    def __init__(self) -> None:
        self.sheets: dict[str, SheetCells] = {}
        self._cells = SheetCells()
        self._row = self._column = self._rows = self._next_row = 0
        self._depth = 0  # tables may stand within cells
        self._given: dict[str, str] = {}
        self._said: list[str] = []

    def start(self, name: str, given: dict[str, str]) -> None:
        name = _BARE[name]
        if name == "table":
            self._depth += 1
            if self._depth == 1:
                self._cells = self.sheets[_attributes(given).get("name", "")] = SheetCells()
                self._next_row = 0
        elif name == "table-row" and self._depth == 1:
            self._rows = int(_attributes(given).get("number-rows-repeated", "1"))
            self._row, self._next_row, self._column = self._next_row, self._next_row + self._rows, 0
        elif name in ("table-cell", "covered-table-cell") and self._depth == 1:
            self._given, self._said = _attributes(given), []

    def text(self, said: str) -> None:
        self._said.append(said)

    def end(self, name: str) -> None:
        name = _BARE[name]
        if name == "table":
            self._depth -= 1
        elif name in ("table-cell", "covered-table-cell") and self._depth == 1:
            self._close(covered=name == "covered-table-cell")

    def _close(self, covered: bool) -> None:
        """A cell has ended: what it holds is known."""
        given, said = self._given, "".join(self._said).strip()
        columns = int(given.get("number-columns-repeated", "1"))
        formula = "formula" in given
        stored = bool(said) or any(name in given for name in _ODS_VALUES)

        place = (self._row, self._column)
        if stored or formula:
            self._cells.reach(self._row + self._rows - 1, self._column + columns - 1)
        if formula and _ODS_ERROR.fullmatch(said):
            self._cells.errors[place] = said
        elif formula and not stored:
            self._cells.without_value.add(place)

        spans = int(given.get("number-rows-spanned", "1")), int(given.get("number-columns-spanned", "1"))
        if not covered and spans != (1, 1):
            self._cells.merged.append((*place, *spans))
        self._column += columns
