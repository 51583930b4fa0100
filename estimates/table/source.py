"""From a source to rows: open it, recognise what it is, and split it into rows with their lines.

A file that is no table is refused for what it is. Lines are those that an editor shows: the header is line 1, and
line breaks within quotes count. The cells of a frame or of dicts have their row's position for a line.
"""

from __future__ import annotations

import csv
import io
import os
import re
import stat
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import pandas as pd

from estimates.errors import Fault, ReportsError
from estimates.table.faults import did_you_mean, refusal
from estimates.table.header import EXAMPLE_HEADER, refuse_other_separators, title_above

__all__ = ["Rows", "Source", "read_rows"]

#: What a table is read from.
type Source = str | os.PathLike[str] | IO[str] | IO[bytes] | pd.DataFrame | Sequence[Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class Rows:
    """Columns as they came: text from a file, any object from a frame or from dicts.

    Attributes
    ----------
    name : str
        Where the table came from.
    lines : list of int
        The line of each row.
    header : list of str
        The name of each column as written.
    columns : list of iterables
        The cells of each column, one per row.
    """

    name: str
    lines: list[int]
    header: list[str]
    columns: list[Iterable[Any]]


def read_rows(source: object) -> Rows:
    """Read the rows of a table.

    Parameters
    ----------
    source : path, "-", file object, DataFrame or list of dict
        What to read; see `estimates.table.reports.read_reports`.

    Returns
    -------
    Rows
        All rows but the blank lines of a file.

    Raises
    ------
    ReportsError
        If the source cannot be read or is no table.
    TypeError
        If the source is none of the above.
    """
    if isinstance(source, pd.DataFrame):
        return _from_frame(source)
    if isinstance(source, str) and source == "-":
        return _from_standard_input()
    if isinstance(source, str | os.PathLike):
        return _from_path(os.fspath(source))
    if hasattr(source, "read"):
        return _from_file(source, str(getattr(source, "name", "file")))
    if isinstance(source, Sequence) and not isinstance(source, bytes | bytearray):
        return _from_dicts(source)

    raise TypeError(
        "reports are read from a path, '-', an open file, a pandas DataFrame or a list of dicts, "
        f"not from {type(source).__name__}"
    )


# ------------------------------------------------------------------------------------------------ paths and open files


def _from_standard_input() -> Rows:
    if sys.stdin is None:
        raise refusal("standard input", "it is closed", "pipe a table into it, or name a file")
    return _from_file(getattr(sys.stdin, "buffer", sys.stdin), "standard input")


def _from_path(path: str) -> Rows:
    if "\n" in path or "\r" in path:
        raise refusal(path.splitlines()[0], "this is the text of a table, not a path", "wrap it in io.StringIO")

    try:
        if stat.S_ISCHR(Path(path).stat().st_mode):
            raise refusal(path, "this is a device and has no end", "name a file, or - for standard input")
        content = Path(path).read_bytes()
    except FileNotFoundError:
        raise refusal(path, "there is no such file", _similar_file(path)) from None
    except IsADirectoryError:
        raise refusal(path, "this is a folder", "name a file in it") from None
    except (OSError, ValueError) as error:
        why = (getattr(error, "strerror", None) or str(error)).lower()
        raise refusal(path, f"the file cannot be read: {why}", "check its name and permissions") from None

    return _from_bytes(content, path)


def _similar_file(path: str) -> str:
    try:
        siblings = [entry.name for entry in Path(path).parent.iterdir() if entry.is_file()]
    except (OSError, ValueError):
        return "check its name and folder"
    return did_you_mean(Path(path).name, siblings) or "check its name and folder"


def _from_file(file: Any, name: str) -> Rows:
    try:
        content = file.read()
    except UnicodeDecodeError as error:
        what = f"this is not UTF-8 text ({error.reason})"
        raise refusal(name, what, "open the file with mode 'rb' or encoding='utf-8'") from None
    except (OSError, ValueError) as error:
        raise refusal(name, f"the file cannot be read: {error}", "open it for reading") from None

    return _from_text(content, name) if isinstance(content, str) else _from_bytes(bytes(content), name)


# ------------------------------------------------------------------------------------------------------ bytes and text

#: The first bytes of files that are no tables of text, what they are, and what to do.
_SIGNATURES = (
    (b"PK\x03\x04", "an Excel workbook or a zip archive", "save the sheet as CSV (UTF-8)"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook", "save the sheet as CSV (UTF-8)"),
    ((b"\xff\xfe", b"\xfe\xff"), "text in UTF-16", "save it as UTF-8"),
    (b"\x1f\x8b", "compressed (gzip)", "unpack it first"),
    (b"%PDF", "a PDF", "put its figures in a CSV file"),
    ((b"\x89PNG", b"\xff\xd8\xff"), "a picture", "put its figures in a CSV file"),
)


def _from_bytes(content: bytes, name: str) -> Rows:
    if content.startswith(b"PAR1") or name.lower().endswith((".parquet", ".pq")):
        return _from_parquet(content, name)
    for signature, what, mend in _SIGNATURES:
        if content.startswith(signature):
            raise refusal(name, f"this is {what}, not CSV", mend)
    if b"\x00" in content:
        _refuse_nul(content, name)

    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        what = f"byte 0x{content[error.start]:02x} is not UTF-8 text"
        line = _line_at(content[: error.start].decode("utf-8"))
        raise refusal(name, what, "save the file as CSV UTF-8", line) from None

    return _from_text(text, name)


def _refuse_nul(content: bytes, name: str) -> None:
    # Western text in UTF-16 without its mark has a NUL at nearly every second byte.
    if content.count(b"\x00") > 0.3 * len(content):
        raise refusal(name, "this is UTF-16 text or a binary file, not CSV in UTF-8", "save it as CSV UTF-8")
    line = _line_at(content[: content.index(b"\x00")].decode("latin-1"))
    raise refusal(name, "a NUL byte: the file is binary or damaged", "save it again as CSV UTF-8", line)


def _line_at(text_before: str) -> int:
    return 1 + len(re.findall(r"\r\n|\r|\n", text_before))


def _from_parquet(content: bytes, name: str) -> Rows:
    try:
        frame = pd.read_parquet(io.BytesIO(content))
    except Exception as error:  # damaged bytes can fail anywhere inside the reader
        why = next(iter(str(error).splitlines()), "") or type(error).__name__
        mend = "write it again, or save the table as CSV"
        raise refusal(name, f"this is not a whole Parquet file ({why})", mend) from None
    return _from_frame(frame, name)


def _from_text(text: str, name: str) -> Rows:
    text = text.removeprefix("\ufeff")
    start = text[:2000].lstrip()
    if not start:
        raise refusal(name, "the file is empty", f"write a header and one line per report: {EXAMPLE_HEADER}")
    if "\x00" in text:
        _refuse_nul(text.encode("utf-8", "replace"), name)

    if re.match(r"<(!doctype|html|head|body|table|\?xml|!--)", start, re.IGNORECASE):
        raise refusal(name, "this is a web page (HTML or XML), not CSV", "download the table itself")
    if start.startswith(("{", "[")):
        raise refusal(name, "this is JSON, not CSV", "save it as CSV, or pass the list of dicts from Python")
    return _from_csv(text, name)


# ----------------------------------------------------------------------------------------------------------------- CSV


def _from_csv(text: str, name: str) -> Rows:
    rows, faults = _csv_rows(text)
    if not rows:
        raise ReportsError(name, faults or [Fault("the file is empty", f"write a header: {EXAMPLE_HEADER}")])

    (header_line, header), *below = rows
    if title := title_above(header, below, header_line):
        raise ReportsError(name, title + faults)
    refuse_other_separators(header, header_line, name)

    width = len(header)
    for line, row in below:
        while len(row) > width and not row[-1].strip():
            row.pop()  # empty cells past the header hold nothing; spreadsheets write them
        if len(row) != width:
            faults.append(_ragged(line, row, width))
    if faults:
        raise ReportsError(name, sorted(faults, key=lambda fault: fault.line or 0))

    columns: list[Iterable[Any]] = [*zip(*(row for _, row in below), strict=True)] if below else [()] * width
    return Rows(name, [line for line, _ in below], header, columns)


def _csv_rows(text: str) -> tuple[list[tuple[int, list[str]]], list[Fault]]:
    """Split into rows that are not blank, each with the line it starts on; a quoting fault ends the reading."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[tuple[int, list[str]]] = []
    line = 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append((line, row))
            line = reader.line_num + 1
    except csv.Error as error:
        return rows, [_quoting_fault(str(error), line)]
    return rows, []


def _quoting_fault(error: str, line: int) -> Fault:
    if "unexpected end of data" in error:
        return Fault("a quote opened in this row is never closed", 'close it, or write a quote in a cell as ""', line)
    if "field larger" in error:
        limit = csv.field_size_limit()
        mend = "look for a quote that is never closed, or shorten the cell"
        return Fault(f"a cell is too large (over {limit:,} characters)", mend, line)

    mend = 'put the whole cell in quotes and double those inside it: ""'
    return Fault(f"the quoting is broken ({error})", mend, line)


def _ragged(line: int, row: list[str], width: int) -> Fault:
    mend = 'put cells that hold a comma in quotes: "1,200"' if len(row) > width else "add the missing commas"
    return Fault(f"the row has {len(row)} cell{'s' if len(row) != 1 else ''}, the header has {width}", mend, line)


# ---------------------------------------------------------------------------------------------------- frames and dicts


def _from_frame(frame: pd.DataFrame, name: str = "table") -> Rows:
    named = [level for level in frame.index.names if level is not None and level not in frame.columns]
    frame = frame.reset_index(level=named) if named else frame

    header = [str(column) for column in frame.columns]
    columns: list[Iterable[Any]] = [frame.iloc[:, i].reset_index(drop=True) for i in range(len(header))]
    return Rows(name, list(range(1, len(frame) + 1)), header, columns)


def _from_dicts(rows: Sequence[Any]) -> Rows:
    faults = [
        Fault(f"this is a {type(row).__name__}, not a dict", "give one dict per report", position)
        for position, row in enumerate(rows, start=1)
        if not isinstance(row, Mapping)
    ]
    if faults:
        raise ReportsError("table", faults)
    if not rows:
        raise refusal("table", "there are no reports", "give one dict per report")

    keys = list(dict.fromkeys(key for row in rows for key in row))
    columns: list[Iterable[Any]] = [[row.get(key) for row in rows] for key in keys]
    return Rows("table", list(range(1, len(rows) + 1)), [str(key) for key in keys], columns)
