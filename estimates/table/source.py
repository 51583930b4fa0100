"""From a source to cells: open it, recognise what it is, split it into rows with their lines, name the columns.

A file that is no table is refused for what it is. Lines are those that an editor shows: the header is line 1, and
line breaks within quotes count. The cells of a frame or of dicts have their row's position for a line.
"""

from __future__ import annotations

import csv
import difflib
import io
import math
import os
import re
import reprlib
import stat
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

import numpy as np
import pandas as pd

from estimates.errors import Fault, ReportsError
from estimates.vocabulary import COLUMNS, LARGEST_COUNT

__all__ = ["TABLE_COLUMNS", "Cells", "Source", "Wrong", "did_you_mean", "normal", "quoted", "read_cells"]

#: What a table is read from.
type Source = str | os.PathLike[str] | IO[str] | IO[bytes] | pd.DataFrame | Sequence[Mapping[str, object]]

#: Columns of ``Reports.table``, in order; those not in ``COLUMNS`` are left out where such a table is read again.
TABLE_COLUMNS = (
    "line", "event", "source", "words", "wording", "low", "high", "word", "outcome", "source_type", "reported_at",
    "event_date", "age_low", "age_high", "event_type", "place", "scope", "period_start", "period_end", "affiliation",
    "quotes", "group", "subset", "verified", "verified_low", "verified_high", "provisional", "url", "note",
)  # fmt: skip

_EXAMPLE = "event,source,figure"
_FIGURE_COLUMNS = ("figure", "wording", "low", "high")  # a table needs one of them


class Wrong(Exception):
    """What is wrong with one cell, how to mend it, and the column where it is not the one being checked."""

    def __init__(self, what: str, mend: str = "", column: str | None = None) -> None:
        super().__init__(what)
        self.what, self.mend, self.column = what, mend, column


@dataclass(frozen=True, slots=True)
class Cells:
    """The known columns as stripped text ("" where empty), and the unknown columns as they came.

    A cell that can be no text, such as a list, is a `Wrong` that says so.
    """

    name: str
    lines: list[int]
    known: dict[str, list[str | Wrong]]
    unknown: dict[str, pd.Series[Any]]
    notes: list[str]

    def column(self, name: str) -> list[str | Wrong]:
        """Give the cells of a known column, empty ones where the table is without it."""
        return self.known.get(name) or [""] * len(self.lines)


def read_cells(source: Source) -> Cells:
    """Read the cells of a table.

    Parameters
    ----------
    source : path, "-", file object, DataFrame or list of dict
        What to read; see `estimates.table.reports.read_reports`.

    Returns
    -------
    Cells
        One row per row of the table that is not blank.

    Raises
    ------
    ReportsError
        If the source cannot be read, is no table, or is without the columns that every table has.
    TypeError
        If the source is none of the above.
    """
    return _recognised(_raw(source))


# --------------------------------------------------------------------------------------------- from source to rows


@dataclass(frozen=True, slots=True)
class _Raw:
    """Columns as they came: text from a file, any object from a frame or from dicts."""

    name: str
    lines: list[int]
    header: list[str]
    columns: list[Iterable[Any]]


def _raw(source: object) -> _Raw:
    if isinstance(source, pd.DataFrame):
        return _raw_from_frame(source, "table")
    if isinstance(source, str) and source == "-":
        if sys.stdin is None:
            raise _file_fault("standard input", "it is closed", "pipe a table into it, or name a file")
        return _raw_from_file(getattr(sys.stdin, "buffer", sys.stdin), "standard input")
    if isinstance(source, str | os.PathLike):
        return _raw_from_path(os.fspath(source))
    if hasattr(source, "read"):
        return _raw_from_file(source, str(getattr(source, "name", "file")))
    if isinstance(source, Sequence) and not isinstance(source, bytes | bytearray):
        return _raw_from_dicts(source)
    raise TypeError(
        "reports are read from a path, '-', an open file, a pandas DataFrame or a list of dicts, "
        f"not from {type(source).__name__}"
    )


def _raw_from_path(path: str) -> _Raw:
    if "\n" in path or "\r" in path:
        raise _file_fault(path.splitlines()[0], "this is the text of a table, not a path", "wrap it in io.StringIO")
    try:
        if stat.S_ISCHR(Path(path).stat().st_mode):
            raise _file_fault(path, "this is a device and has no end", "name a file, or - for standard input")
        content = Path(path).read_bytes()
    except FileNotFoundError:
        raise _file_fault(path, "there is no such file", _similar_file(path)) from None
    except IsADirectoryError:
        raise _file_fault(path, "this is a folder", "name a file in it") from None
    except (OSError, ValueError) as error:
        why = (getattr(error, "strerror", None) or str(error)).lower()
        raise _file_fault(path, f"the file cannot be read: {why}", "check its name and permissions") from None
    return _raw_from_bytes(content, path)


def _similar_file(path: str) -> str:
    try:
        siblings = [entry.name for entry in Path(path).parent.iterdir() if entry.is_file()]
    except (OSError, ValueError):
        return "check its name and folder"
    return did_you_mean(Path(path).name, siblings) or "check its name and folder"


def _raw_from_file(file: Any, name: str) -> _Raw:
    try:
        content = file.read()
    except UnicodeDecodeError as error:
        what = f"this is not UTF-8 text ({error.reason})"
        raise _file_fault(name, what, "open the file with mode 'rb' or encoding='utf-8'") from None
    except (OSError, ValueError) as error:
        raise _file_fault(name, f"the file cannot be read: {error}", "open it for reading") from None
    if isinstance(content, str):
        return _raw_from_text(content, name)
    return _raw_from_bytes(bytes(content), name)


#: The first bytes of files that are no tables of text, what they are, and what to do.
_SIGNATURES = (
    (b"PK\x03\x04", "an Excel workbook or a zip archive", "save the sheet as CSV (UTF-8)"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook", "save the sheet as CSV (UTF-8)"),
    ((b"\xff\xfe", b"\xfe\xff"), "text in UTF-16", "save it as UTF-8"),
    (b"\x1f\x8b", "compressed (gzip)", "unpack it first"),
    (b"%PDF", "a PDF", "put its figures in a CSV file"),
    ((b"\x89PNG", b"\xff\xd8\xff"), "a picture", "put its figures in a CSV file"),
)


def _raw_from_bytes(content: bytes, name: str) -> _Raw:
    if content.startswith(b"PAR1") or name.lower().endswith((".parquet", ".pq")):
        return _raw_from_parquet(content, name)
    for signature, what, mend in _SIGNATURES:
        if content.startswith(signature):
            raise _file_fault(name, f"this is {what}, not CSV", mend)
    if b"\x00" in content:
        _refuse_nul(content, name)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        what = f"byte 0x{content[error.start]:02x} is not UTF-8 text"
        line = _line_at(content[: error.start].decode("utf-8"))
        raise _file_fault(name, what, "save the file as CSV UTF-8", line) from None
    return _raw_from_text(text, name)


def _refuse_nul(content: bytes, name: str) -> None:
    # Western text in UTF-16 without its mark has a NUL at nearly every second byte.
    if content.count(b"\x00") > 0.3 * len(content):
        raise _file_fault(name, "this is UTF-16 text or a binary file, not CSV in UTF-8", "save it as CSV UTF-8")
    line = _line_at(content[: content.index(b"\x00")].decode("latin-1"))
    raise _file_fault(name, "a NUL byte: the file is binary or damaged", "save it again as CSV UTF-8", line)


def _line_at(text_before: str) -> int:
    return 1 + len(re.findall(r"\r\n|\r|\n", text_before))


def _raw_from_parquet(content: bytes, name: str) -> _Raw:
    try:
        frame = pd.read_parquet(io.BytesIO(content))
    except Exception as error:  # damaged bytes can fail anywhere inside the reader
        why = next(iter(str(error).splitlines()), "") or type(error).__name__
        mend = "write it again, or save the table as CSV"
        raise _file_fault(name, f"this is not a whole Parquet file ({why})", mend) from None
    return _raw_from_frame(frame, name)


def _raw_from_text(text: str, name: str) -> _Raw:
    text = text.removeprefix("\ufeff")
    start = text[:2000].lstrip()
    if not start:
        raise _file_fault(name, "the file is empty", f"write a header and one line per report: {_EXAMPLE}")
    if "\x00" in text:
        _refuse_nul(text.encode("utf-8", "replace"), name)
    if re.match(r"<(!doctype|html|head|body|table|\?xml|!--)", start, re.IGNORECASE):
        raise _file_fault(name, "this is a web page (HTML or XML), not CSV", "download the table itself")
    if start.startswith(("{", "[")):
        raise _file_fault(name, "this is JSON, not CSV", "save it as CSV, or pass the list of dicts from Python")
    return _raw_from_csv(text, name)


def _raw_from_csv(text: str, name: str) -> _Raw:
    rows, faults = _csv_rows(text)
    if not rows:
        raise ReportsError(name, faults or [Fault("the file is empty", f"write a header: {_EXAMPLE}")])
    header_line, header = rows[0]
    title = _title_above(header, rows[1:], header_line)
    if title:
        raise ReportsError(name, title + faults)
    _refuse_other_separators(header, header_line, name)
    width = len(header)
    kept: list[list[str]] = []
    lines: list[int] = []
    for line, row in rows[1:]:
        while len(row) > width and not row[-1].strip():
            row.pop()  # empty cells past the header hold nothing; spreadsheets write them
        if len(row) != width:
            faults.append(_ragged(line, row, width))
            continue
        kept.append(row)
        lines.append(line)
    if faults:
        raise ReportsError(name, sorted(faults, key=lambda fault: fault.line or 0))
    columns: list[Iterable[Any]] = [*zip(*kept, strict=True)] if kept else [()] * width
    return _Raw(name, lines, header, columns)


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


def _refuse_other_separators(header: list[str], line: int, name: str) -> None:
    if {"event", "source"} <= {normal(cell) for cell in header}:
        return
    for separator, called in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
        cells = {normal(cell) for cell in ",".join(header).split(separator)}
        if {"event", "source"} & cells and len(cells) > 1:
            raise _file_fault(name, f"cells are separated by {called}", "save the table with commas (CSV)", line)


def _title_above(header: list[str], rows: Iterable[tuple[int, Iterable[Any]]], line: int | None = None) -> list[Fault]:
    """Tell a title from a header: it does not name the required columns, and a row below it does."""
    below = None if _names_required(header) else next((below for below, row in rows if _names_required(row)), None)
    if below is None:
        return []
    title = next((cell.strip() for cell in header if cell.strip()), "")
    mend = f"the header stands on line {below}: leave out what is above it"
    return [Fault(f"{quoted(title)} stands where the header should", mend, line)]


def _names_required(cells: Iterable[Any]) -> bool:
    names = {normal(cell) for cell in cells if isinstance(cell, str)}
    return {"event", "source"} <= names and not names.isdisjoint(("words", *_FIGURE_COLUMNS))


def _raw_from_frame(frame: pd.DataFrame, name: str) -> _Raw:
    named = [level for level in frame.index.names if level is not None and level not in frame.columns]
    frame = frame.reset_index(level=named) if named else frame
    lines = list(range(1, len(frame) + 1))
    header = [str(column) for column in frame.columns]
    return _Raw(name, lines, header, [frame.iloc[:, i].reset_index(drop=True) for i in range(len(header))])


def _raw_from_dicts(rows: Sequence[Any]) -> _Raw:
    faults = [
        Fault(f"this is a {type(row).__name__}, not a dict", "give one dict per report", position)
        for position, row in enumerate(rows, start=1)
        if not isinstance(row, Mapping)
    ]
    if faults:
        raise ReportsError("table", faults)
    if not rows:
        raise _file_fault("table", "there are no reports", "give one dict per report")
    keys = list(dict.fromkeys(key for row in rows for key in row))
    columns: list[Iterable[Any]] = [[row.get(key) for row in rows] for key in keys]
    return _Raw("table", list(range(1, len(rows) + 1)), [str(key) for key in keys], columns)


# ------------------------------------------------------------------------------------------ from rows to known cells


def _recognised(raw: _Raw) -> Cells:
    header = [normal(name) for name in raw.header]
    if "figure" not in header:  # a table made by this module calls the figure's words "words"
        header = ["figure" if name == "words" else name for name in header]
    rows = zip(raw.lines, zip(*raw.columns, strict=True), strict=False)  # no rows where there are no columns
    faults = (
        _title_above(raw.header, rows)
        or _missing_columns(header)
        or [*_unnamed_columns(raw), *_repeated_columns(header)]
    )
    if faults:
        raise ReportsError(raw.name, faults)
    if not raw.lines:
        raise _file_fault(raw.name, "there is a header and no reports below it", "write one line per report")

    known: dict[str, list[str | Wrong]] = {}
    unknown: dict[str, pd.Series[Any]] = {}
    notes: list[str] = []
    for given, name, values in zip(raw.header, header, raw.columns, strict=True):
        if name in COLUMNS:
            known[name] = _texts(values, name)
        elif name in TABLE_COLUMNS:
            notes.append(f"column {name!r} is worked out anew from the others; the one given is left out")
        elif given.strip():
            unknown[given.strip()] = _as_given(values)
            advice = did_you_mean(name, COLUMNS)
            notes.append(f"column {given.strip()!r} is not known: kept, not used" + (f"; {advice}" if advice else ""))
    filled = [i for i, row in enumerate(zip(*known.values(), *map(_texts, unknown.values()), strict=True)) if any(row)]
    if not filled:
        raise _file_fault(raw.name, "all rows are empty", "write one line per report")
    if len(filled) < len(raw.lines):
        known = {name: [column[i] for i in filled] for name, column in known.items()}
        unknown = {name: column.iloc[filled].reset_index(drop=True) for name, column in unknown.items()}
    return Cells(raw.name, [raw.lines[i] for i in filled], known, unknown, notes)


def _as_given(values: Iterable[Any]) -> pd.Series[Any]:
    if isinstance(values, pd.Series):
        return values
    return pd.Series([value if value != "" else None for value in values], dtype=object)


def _unnamed_columns(raw: _Raw) -> list[Fault]:
    faults = []
    for position, (name, values) in enumerate(zip(raw.header, raw.columns, strict=True), start=1):
        filled = (line for line, value in zip(raw.lines, values, strict=True) if _text(value))
        if not name.strip() and (line := next(filled, None)) is not None:
            faults.append(Fault(f"column {position} has cells and no name", "name it in the header or clear it", line))
    return faults


def _repeated_columns(header: list[str]) -> list[Fault]:
    counts = Counter(name for name in header if name)
    repeated = {name: "twice" if count == 2 else f"{count} times" for name, count in counts.items() if count > 1}
    return [
        Fault(f"the header names {name!r} {often}", "keep one of them", None, name) for name, often in repeated.items()
    ]


def _missing_columns(header: list[str]) -> list[Fault]:
    strangers = [name for name in header if name and name not in COLUMNS]
    faults = []
    for name in ("event", "source"):
        if name not in header:
            advice = _closest(name, strangers)
            mend = f"is {advice!r} meant? call it {name!r}" if advice else f"the header begins like this: {_EXAMPLE}"
            faults.append(Fault(f"there is no column {name!r}", mend))
    if not set(_FIGURE_COLUMNS) & set(header):
        advice = _closest("figure", strangers)
        mend = f"is {advice!r} meant? call it 'figure'" if advice else "it holds the words, such as 'at least 18'"
        faults.append(Fault("there is no column 'figure' (nor 'wording', 'low' and 'high')", mend))
    return faults


def normal(name: str) -> str:
    """Give a name as the vocabulary spells it: small letters, and underscores for spaces and hyphens."""
    return re.sub(r"[\s-]+", "_", name.strip().removeprefix("\ufeff").lower())


def _texts(values: Iterable[Any], column: str = "") -> list[str | Wrong]:
    return [_text(value, column) for value in values]


def _text(value: Any, column: str = "") -> str | Wrong:
    """Give a cell as text; missing values of every kind are empty, and what is no single value is wrong."""
    if isinstance(value, str):
        return value.strip()
    if value is None or value is pd.NA or value is pd.NaT:
        return ""
    if isinstance(value, bool | np.bool_):
        return "true" if value else "false"
    if isinstance(value, float | np.floating):
        real = float(value)
        if math.isnan(real):
            return ""
        if not real.is_integer() or abs(real) > LARGEST_COUNT:
            return repr(real)
        value = int(real)
    if isinstance(value, int | np.integer):
        number = max(-(10**18), min(int(value), 10**18))  # larger ones are refused all the same
        # A number of a frame is a count, never a year: the separator tells the reader of words so.
        return f"{number:,}" if column == "figure" else str(number)
    if isinstance(value, datetime):
        is_day = (value.hour, value.minute, value.second, value.microsecond, value.tzinfo) == (0, 0, 0, 0, None)
        return value.date().isoformat() if is_day else value.isoformat()
    if isinstance(value, np.datetime64):
        return _text(pd.Timestamp(value))
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal | pd.Period):
        return str(value)
    shown = quoted(reprlib.repr(value))  # an object may be of any size, and fail when it is shown
    return Wrong(f"{shown} is of type {type(value).__name__}", "write text, a number or a date")


# --------------------------------------------------------------------------------------------------------- small helps


def _file_fault(name: str, what: str, mend: str = "", line: int | None = None) -> ReportsError:
    return ReportsError(name, [Fault(what, mend, line)])


def quoted(value: object) -> str:
    """Give a value in quotes, cut where it is long."""
    text = str(value)
    return repr(text if len(text) <= 60 else text[:59] + "…")


def _closest(name: str, allowed: Sequence[str]) -> str | None:
    # Long names are cut: comparing them takes quadratic time.
    return next(iter(difflib.get_close_matches(name[:60], allowed, n=1)), None)


def did_you_mean(name: str, allowed: Sequence[str]) -> str:
    """Suggest the allowed name that is closest, if one is close."""
    closest = _closest(name, allowed)
    return f"did you mean {closest!r}?" if closest else ""
