"""Tables written as files: CSV, Parquet, JSON and workbooks, whole or not at all.

Numbers are read back as the same numbers from all of them. CSV and workbooks hold no text that a spreadsheet runs
(`estimates.spreadsheets`); Parquet and JSON hold it as it is, beside what the table was made with.
"""

from __future__ import annotations

import io
import json
import math
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from estimates.errors import EstimatesError
from estimates.files import check_target, write_whole
from estimates.spreadsheets import csv_of_frame, safe_cell

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

__all__ = ["ENDINGS", "check_export", "json_rows", "write_table"]

#: What a sheet of a workbook can hold, and the longest text of a cell.
MOST_ROWS, MOST_COLUMNS, LONGEST_TEXT = 1_048_576, 16_384, 32_767
#: Whole numbers above this are no numbers of a workbook, which has floats only.
_LARGEST_WHOLE = 2**53


def check_export(path: str | os.PathLike[str]) -> Path:
    """Refuse a path where no table can be written, before work is spent on it.

    Raises
    ------
    EstimatesError
        If the ending is none of those that are written, or no file can be put there.
    """
    target = Path(path)
    if target.suffix.lower() not in _WRITERS:
        raise EstimatesError(f"{target}: tables are written as {', '.join(ENDINGS)}; name the file so")
    check_target(target)
    return target


def write_table(frame: pd.DataFrame, path: str | os.PathLike[str], about: Mapping[str, Any]) -> Path:
    """Write a table in the form that the ending of the path names.

    Parameters
    ----------
    frame : DataFrame
        Its index is left out.
    path : path
        Ending in .csv, .parquet, .json or .xlsx.
    about : mapping
        What it was made with; Parquet keeps it as ``attrs``, JSON beside the rows, a workbook in a second sheet.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    EstimatesError
        If the file cannot be written there, or a workbook cannot hold the table.
    """
    target = check_export(path)
    write_whole(target, _WRITERS[target.suffix.lower()](frame.reset_index(drop=True), about))
    return target


def _csv(frame: pd.DataFrame, _: Mapping[str, Any]) -> bytes:
    return csv_of_frame(frame).encode()


def _json(frame: pd.DataFrame, about: Mapping[str, Any]) -> bytes:
    return (json.dumps({"about": {**about}, "rows": _records(frame)}, indent=2, default=str) + "\n").encode()


def json_rows(frame: pd.DataFrame) -> str:
    """The rows of a frame as a list of JSON, in ASCII."""
    return json.dumps(_records(frame), indent=2, default=str)


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [dict(zip(map(str, frame.columns), map(_plain, row), strict=True)) for row in _rows(frame)]


def _plain(cell: Any) -> Any:
    """A cell as JSON has it: nothing for what is missing or no number."""
    value = cell.item() if isinstance(cell, np.generic) else cell
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if isinstance(value, str | int | list | tuple | dict) or not pd.isna(value) else None


def _rows(frame: pd.DataFrame) -> list[tuple[Any, ...]]:
    return list(frame.itertuples(index=False, name=None))


# Parquet --------------------------------------------------------------------------------------------------------------


def _parquet(frame: pd.DataFrame, about: Mapping[str, Any]) -> bytes:
    import pyarrow

    held = frame.copy(deep=False)
    held.columns = pd.Index(_apart([str(name) for name in frame.columns]))
    for name in filter(lambda each: pd.api.types.is_object_dtype(held[each]), held.columns):
        try:
            pyarrow.array(held[name], from_pandas=True)
        except pyarrow.ArrowException:  # numbers among text, or other things: all as text
            held[name] = held[name].map(str, na_action="ignore")

    held.attrs = json.loads(json.dumps({**about}, default=str))
    content = io.BytesIO()
    held.to_parquet(content, engine="pyarrow", index=False)
    return content.getvalue()


def _apart(names: list[str]) -> list[str]:
    """Names of columns that are all different."""
    found: dict[str, None] = {}
    for name in names:
        number, other = 1, name
        while other in found:
            number += 1
            other = f"{name}_{number}"
        found[other] = None
    return list(found)


# Workbooks ------------------------------------------------------------------------------------------------------------


class _Exact(float):
    """A float that is written with all its digits: the library asks for sixteen, and some need seventeen."""

    def __format__(self, _: str) -> str:
        return repr(float(self))


def _xlsx(frame: pd.DataFrame, about: Mapping[str, Any]) -> bytes:
    from xlsxwriter import Workbook

    if len(frame) >= MOST_ROWS or len(frame.columns) > MOST_COLUMNS:
        size = f"{len(frame):,} rows and {len(frame.columns):,} columns"
        raise EstimatesError(f"{size} are more than a sheet holds; write .csv or .parquet")

    content = io.BytesIO()
    with Workbook(content, {"in_memory": True}) as workbook:
        _fill(workbook.add_worksheet("ranges"), list(frame.columns), _rows(frame))
        _fill(workbook.add_worksheet("about"), ["what", "value"], [(name, value) for name, value in about.items()])
    return content.getvalue()


def _fill(sheet: Worksheet, columns: list[Any], rows: list[tuple[Any, ...]]) -> None:
    sheet.freeze_panes(1, 0)
    for number, row in enumerate([tuple(map(str, columns)), *rows]):
        for place, cell in enumerate(row):
            _write(sheet, number, place, cell)


def _write(sheet: Worksheet, row: int, column: int, cell: object) -> None:
    """Write a cell by its type: text is typed as text, so that it is never a formula or a link."""
    if isinstance(cell, bool | np.bool_):
        sheet.write_boolean(row, column, bool(cell))
    elif isinstance(cell, float | np.floating) and math.isfinite(cell):
        sheet.write_number(row, column, _Exact(cell))
    elif isinstance(cell, int | np.integer) and abs(int(cell)) <= _LARGEST_WHOLE:
        sheet.write_number(row, column, _Exact(cell) if abs(int(cell)) >= 10**15 else int(cell))
    elif len(text := _text(cell)) > LONGEST_TEXT:
        what = f"row {row + 1}, column {column + 1}: a text of {len(text):,} characters"
        raise EstimatesError(f"{what} is longer than a cell of a workbook may be; write .csv or .parquet")
    elif text:
        sheet.write_string(row, column, text)


def _text(cell: object) -> str:
    value = safe_cell(cell)
    return value if isinstance(value, str) else str(value)


_WRITERS: dict[str, Callable[[pd.DataFrame, Mapping[str, Any]], bytes]] = {
    ".csv": _csv,
    ".parquet": _parquet,
    ".json": _json,
    ".xlsx": _xlsx,
}
ENDINGS = tuple(_WRITERS)
