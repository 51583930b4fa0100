"""The table of reports: read from any source, every fault told at once, every cell given its meaning.

The way through: a source becomes rows of text (`_raw`), the header names the columns (`_recognised`), each column has
one small check (`_CHECKS`), the words or codes of each row become a figure (`_reading`), what belongs to the event is
shared among its rows (`_share_within_events`), and the whole becomes `Reports`.
"""

from __future__ import annotations

import csv
import difflib
import functools
import hashlib
import html
import io
import json
import math
import os
import re
import sys
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

import numpy as np
import pandas as pd

from estimates.errors import Fault, FigureError, ReportsError
from estimates.models.wordings import WORDLESS_WORDINGS
from estimates.times import Time, ages, overlap, parse_time, precedes
from estimates.vocabulary import (
    AFFILIATIONS,
    COLUMNS,
    CONTEXT_OUTCOMES,
    DEFAULTS,
    EVENT_TYPES,
    LARGEST_COUNT,
    OUTCOMES,
    SCOPES,
    SOURCE_TYPES,
    VAGUE_WORDS,
    WORDINGS,
)
from estimates.wording import Figure, parse_figure

__all__ = ["Reports", "read_reports"]

#: What ``read_reports`` reads.
type Source = str | os.PathLike[str] | IO[str] | IO[bytes] | pd.DataFrame | Sequence[Mapping[str, object]] | Reports

#: Columns of ``Reports.table``, in order; unknown columns come after them.
TABLE_COLUMNS = (
    "line", "event", "source", "words", "wording", "low", "high", "word", "outcome", "source_type", "reported_at",
    "event_date", "age_low", "age_high", "event_type", "place", "scope", "period_start", "period_end", "affiliation",
    "quotes", "group", "subset", "verified", "provisional", "url", "note",
)  # fmt: skip
_DTYPES = {"line": "int64", "age_low": "float64", "age_high": "float64", "subset": "bool", "provisional": "bool"}

#: Columns that follow from the others or from where a row stands: no part of the data's identity.
_DERIVED = ("line", "age_low", "age_high")
_TIME_COLUMNS = ("reported_at", "event_date", "period_start", "period_end")
_ROWS_SHOWN = 50


# ---------------------------------------------------------------------------------------------------- the reports


@dataclass(frozen=True, repr=False, eq=False)
class Reports:
    """A validated table of reports, as `read_reports` makes it.

    Attributes
    ----------
    name : str
        Where the table came from.
    notes : tuple of str
        What the reader should know and is no fault: unknown columns, rows kept apart, reports dated before their
        event, words and codes that disagree.
    unknown_columns : tuple of str
        Columns that are kept and never used.
    """

    name: str
    _table: pd.DataFrame = field(repr=False)
    notes: tuple[str, ...] = ()
    unknown_columns: tuple[str, ...] = ()

    @property
    def table(self) -> pd.DataFrame:
        """One row per report in the order given; a fresh copy at each access.

        ``line`` is int64; ``age_low`` and ``age_high`` are float64 days, NaN where unknown; ``subset`` and
        ``provisional`` are bool; all other columns are of dtype object and hold str, or int in ``low``, ``high`` and
        ``verified``, and None where there is nothing. ``event_date``, ``event_type`` and ``verified`` belong to the
        event (``verified``: to the event's outcome): given in one row of it, they stand in all.
        """
        return self._table.copy(deep=False)  # pandas copies on write

    @property
    def estimated(self) -> pd.DataFrame:
        """The rows that are estimated: single events and outcomes that count people."""
        return self._table[~self._is_context & ~self._is_period]

    @property
    def context(self) -> pd.DataFrame:
        """The rows shown as context only: strikes, munitions, incidents."""
        return self._table[self._is_context]

    @property
    def periods(self) -> pd.DataFrame:
        """The rows that count people over many events of a period."""
        return self._table[~self._is_context & self._is_period]

    @functools.cached_property
    def data_hash(self) -> str:
        """SHA-256 of what the table says: the same for rows in any order, on any lines, from any file format."""
        content = [self._canonical(column) for column in TABLE_COLUMNS if column not in _DERIVED]
        rows = sorted(map(json.dumps, zip(*content, strict=True)))
        return hashlib.sha256("\n".join(rows).encode("ascii")).hexdigest()

    def _canonical(self, column: str) -> list[Any]:
        values = self._table[column].tolist()
        form = {"words": _canonical_words, **dict.fromkeys(_TIME_COLUMNS, _canonical_time)}.get(column)
        if form is None:
            return values
        forms = {text: form(text) for text in set(values)}
        return [forms[text] for text in values]

    @property
    def _is_context(self) -> pd.Series[bool]:
        return self._table["outcome"].isin(CONTEXT_OUTCOMES)

    @property
    def _is_period(self) -> pd.Series[bool]:
        return self._table["scope"] == "period"

    def __len__(self) -> int:
        return len(self._table)

    def __repr__(self) -> str:
        events, sources = self._table["event"].nunique(), self._table["source"].nunique()
        return (
            f"<Reports {self.name}: {len(self)} reports, {events} events, {sources} sources, {len(self.notes)} notes>"
        )

    def _repr_html_(self) -> str:
        columns = ("line", "event", "source", "words", "wording", "low", "high", "outcome", "reported_at", "group")
        # <bdi> keeps a right-to-left name from turning its neighbours round.
        rows = (
            "<tr>" + "".join(f"<td><bdi>{_html(value)}</bdi></td>" for value in row) + "</tr>"
            for row in self._table[list(columns)].head(_ROWS_SHOWN).itertuples(index=False)
        )
        more = f"<p>… and {len(self) - _ROWS_SHOWN:,} more</p>" if len(self) > _ROWS_SHOWN else ""
        notes = "".join(f"<li>{_html(note)}</li>" for note in self.notes)
        return (
            f"<table><caption>{_html(self.name)}: {len(self):,} reports</caption>"
            f"<thead><tr>{''.join(f'<th>{column}</th>' for column in columns)}</tr></thead>"
            f"<tbody>{''.join(rows)}</tbody></table>{more}" + (f"<ul>{notes}</ul>" if notes else "")
        )


def read_reports(source: Source) -> Reports:
    """Read a table of reports and check every cell of it.

    Parameters
    ----------
    source : path, "-", file object, DataFrame or list of dict
        A CSV or Parquet file (UTF-8, commas), standard input, an open file, a pandas frame, or one dict per report.
        Columns are those of ``vocabulary.COLUMNS``; ``event``, ``source`` and a figure (``figure``, or ``wording``,
        ``low`` and ``high``) are required. Where words and codes are both given, the codes count and the words are
        shown. ``Reports.table`` itself can be read again.

    Returns
    -------
    Reports
        One row per report, in the order given; blank rows are left out.

    Raises
    ------
    ReportsError
        If the source cannot be read or anything in it is wrong; ``faults`` lists all of it.
    TypeError
        If the source is none of the above.
    """
    if isinstance(source, Reports):
        return source
    return _reports(_recognised(_raw(source)))


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
    return _did_you_mean(Path(path).name, siblings) or "check its name and folder"


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
    (b"\xff\xfe", "text in UTF-16", "save it as UTF-8"),
    (b"\xfe\xff", "text in UTF-16", "save it as UTF-8"),
    (b"\x1f\x8b", "compressed (gzip)", "unpack it first"),
    (b"%PDF", "a PDF", "put its figures in a CSV file"),
    (b"\x89PNG", "a picture", "put its figures in a CSV file"),
    (b"\xff\xd8\xff", "a picture", "put its figures in a CSV file"),
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
        mend = "save it as CSV, or pass the list of dicts from Python"
        raise _file_fault(name, "this is JSON, not CSV", mend)
    return _raw_from_csv(text, name)


_EXAMPLE = "event,source,figure"


def _raw_from_csv(text: str, name: str) -> _Raw:
    rows, faults = _csv_rows(text)
    if not rows:
        raise ReportsError(name, faults or [Fault("the file is empty", f"write a header: {_EXAMPLE}")])
    header_line, header = rows[0]
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
    return Fault(
        f"the quoting is broken ({error})", 'put the whole cell in quotes and double those inside it: ""', line
    )


def _ragged(line: int, row: list[str], width: int) -> Fault:
    mend = 'put cells that hold a comma in quotes: "1,200"' if len(row) > width else "add the missing commas"
    return Fault(f"the row has {_plural(len(row), 'cell')}, the header has {width}", mend, line)


def _refuse_other_separators(header: list[str], line: int, name: str) -> None:
    if {"event", "source"} <= {_normal(cell) for cell in header}:
        return
    for separator, called in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
        cells = {_normal(cell) for cell in ",".join(header).split(separator)}
        if {"event", "source"} & cells and len(cells) > 1:
            raise _file_fault(name, f"cells are separated by {called}", "save the table with commas (CSV)", line)


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


@dataclass(frozen=True, slots=True)
class _Cells:
    """Stripped text of the known columns ("" where empty), and the unknown columns as they came."""

    name: str
    lines: list[int]
    known: dict[str, list[str]]
    unknown: dict[str, pd.Series[Any]]
    notes: list[str]

    def column(self, name: str) -> list[str]:
        return self.known.get(name) or [""] * len(self.lines)


def _recognised(raw: _Raw) -> _Cells:
    header = [_normal(name) for name in raw.header]
    if "figure" not in header:  # a table made by this module calls the figure's words "words"
        header = ["figure" if name == "words" else name for name in header]
    faults = _missing_columns(raw, header) or [*_unnamed_columns(raw), *_repeated_columns(raw, header)]
    if faults:
        raise ReportsError(raw.name, faults)
    if not raw.lines:
        raise _file_fault(raw.name, "there is a header and no reports below it", "write one line per report")

    known: dict[str, list[str]] = {}
    unknown: dict[str, pd.Series[Any]] = {}
    notes: list[str] = []
    for given, name, values in zip(raw.header, header, raw.columns, strict=True):
        if name in COLUMNS:
            known[name] = _texts(values, name)
        elif name in TABLE_COLUMNS:
            notes.append(f"column {name!r} is worked out anew from the others; the one given is left out")
        elif given.strip():
            unknown[given.strip()] = _as_given(values)
            advice = _did_you_mean(name, COLUMNS)
            notes.append(f"column {given.strip()!r} is not known: kept, not used" + (f"; {advice}" if advice else ""))
    filled = [i for i, row in enumerate(zip(*known.values(), *map(_texts, unknown.values()), strict=True)) if any(row)]
    if not filled:
        raise _file_fault(raw.name, "all rows are empty", "write one line per report")
    if len(filled) < len(raw.lines):
        known = {name: [column[i] for i in filled] for name, column in known.items()}
        unknown = {name: column.iloc[filled].reset_index(drop=True) for name, column in unknown.items()}
    return _Cells(raw.name, [raw.lines[i] for i in filled], known, unknown, notes)


def _as_given(values: Iterable[Any]) -> pd.Series[Any]:
    if isinstance(values, pd.Series):
        return values
    return pd.Series([value if value != "" else None for value in values], dtype=object)


def _unnamed_columns(raw: _Raw) -> list[Fault]:
    return [
        Fault(f"column {position} has cells and no name", "name it in the header or clear it", line)
        for position, (name, values) in enumerate(zip(raw.header, raw.columns, strict=True), start=1)
        if not name.strip()
        for line in [next((n for n, value in zip(raw.lines, values, strict=True) if _text(value)), None)]
        if line is not None
    ]


def _repeated_columns(raw: _Raw, header: list[str]) -> list[Fault]:
    return [
        Fault(f"the header names {name!r} {_times(count)}", "keep one of them", column=name)
        for name, count in Counter(name for name in header if name).items()
        if count > 1
    ]


def _missing_columns(raw: _Raw, header: list[str]) -> list[Fault]:
    strangers = [name for name in header if name and name not in COLUMNS]
    faults = []
    for name in ("event", "source"):
        if name not in header:
            advice = _closest(name, strangers)
            mend = f"is {advice!r} meant? call it {name!r}" if advice else f"the header begins like this: {_EXAMPLE}"
            faults.append(Fault(f"there is no column {name!r}", mend))
    if not {"figure", "low", "high", "wording"} & set(header):
        advice = _closest("figure", strangers)
        mend = f"is {advice!r} meant? call it 'figure'" if advice else "it holds the words, such as 'at least 18'"
        faults.append(Fault("there is no column 'figure' (nor 'wording', 'low' and 'high')", mend))
    return faults


def _normal(name: str) -> str:
    return re.sub(r"[\s-]+", "_", name.strip().removeprefix("\ufeff").lower())


def _texts(values: Iterable[Any], column: str = "") -> list[str]:
    return [_text(value, column) for value in values]


def _text(value: Any, column: str = "") -> str:
    """Give a cell as text; missing values of every kind are empty."""
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
    return value.isoformat() if isinstance(value, date) else str(value).strip()


# -------------------------------------------------------------------------------------------- one check per column


class _Wrong(Exception):
    """What is wrong with one cell, how to mend it, and the column where it is not the one being checked."""

    def __init__(self, what: str, mend: str = "", column: str | None = None) -> None:
        super().__init__(what)
        self.what, self.mend, self.column = what, mend, column


_SEPARATED = re.compile(r"[0-9]{1,3}(,[0-9]{3})+|[0-9]+")


def _name(text: str) -> str:
    # Composed letters and single spaces, so that names that look alike are alike.
    return " ".join(unicodedata.normalize("NFC", text).split())


def _required_name(text: str) -> str:
    if not text:
        raise _Wrong("the cell is empty", "every report needs it")
    return _name(text)


def _as_written(text: str) -> str | None:
    return text or None


def _name_or_none(text: str) -> str | None:
    return _name(text) or None


def _choice(kind: str, allowed: Sequence[str]) -> Callable[[str], str]:
    def check(text: str) -> str:
        value = _normal(text)
        if value in allowed:
            return value
        advice = _did_you_mean(value, allowed)
        mend = f"{advice}; allowed: " if advice else "allowed: "
        raise _Wrong(f"{_quoted(text)} is not {kind}", mend + ", ".join(sorted(allowed)))

    return check


def _count(text: str) -> int | None:
    """Read a whole number as written or as a spreadsheet writes it: 18, 18.0, 1,200."""
    if not text:
        return None
    digits = re.sub(r"\.0+\Z", "", text)
    if _SEPARATED.fullmatch(digits):
        bare = digits.replace(",", "").lstrip("0") or "0"
        if len(bare) > 10 or int(bare) > LARGEST_COUNT:
            raise _Wrong(f"{_quoted(text)} is too large", f"counts go up to {LARGEST_COUNT:,}")
        return int(bare)
    raise _not_a_count(text)


def _not_a_count(text: str) -> _Wrong:
    mend = "write a whole number such as 18 or 1,200, or leave the cell empty"
    try:
        value = float(text)
    except ValueError:
        return _Wrong(f"{_quoted(text)} is not a whole number", mend)
    if math.isnan(value):
        return _Wrong(f"{_quoted(text)} is not a number (NaN)", mend)
    if math.isinf(value):
        return _Wrong(f"{_quoted(text)} is infinite", mend)
    if value < 0:
        return _Wrong(f"{_quoted(text)} is negative", "people are counted from 0 up")
    if value > LARGEST_COUNT:
        return _Wrong(f"{_quoted(text)} is too large", f"counts go up to {LARGEST_COUNT:,}")
    if not value.is_integer():
        return _Wrong(f"{_quoted(text)} is a fraction", "people are counted whole; write 1,200 for twelve hundred")
    return _Wrong(f"{_quoted(text)} is not written in plain digits", mend)


def _flag(text: str) -> bool:
    if text.lower() in {"", "false", "no", "n", "f", "0", "0.0"}:
        return False
    if text.lower() in {"true", "yes", "y", "t", "1", "1.0"}:
        return True
    raise _Wrong(f"{_quoted(text)} is neither true nor false", "write true or false")


def _time(text: str) -> str | None:
    if not text:
        return None
    try:
        parse_time(text)
    except ValueError as error:
        raise _Wrong(str(error)) from None
    return text


#: The check of each column but ``figure``; an empty cell with a default never reaches its check.
_CHECKS: dict[str, Callable[[str], Any]] = {
    "event": _required_name,
    "source": _required_name,
    "low": _count,
    "high": _count,
    "wording": _choice("a wording", WORDINGS),
    "outcome": _choice("an outcome", OUTCOMES),
    "source_type": _choice("a type of source", SOURCE_TYPES),
    "reported_at": _time,
    "event_date": _time,
    "event_type": _choice("a type of event", EVENT_TYPES),
    "place": _name_or_none,
    "scope": _choice("a scope", SCOPES),
    "period_start": _time,
    "period_end": _time,
    "affiliation": _choice("an affiliation", AFFILIATIONS),
    "quotes": _name_or_none,
    "group": _name,
    "verified": _count,
    "provisional": _flag,
    "url": _as_written,
    "note": _as_written,
}
#: Empty cells of these are told from cells that state the default: the words of the figure may fill them.
_EMPTY = {**DEFAULTS, "wording": None, "group": ""}


@dataclass(slots=True)
class _Faults:
    """Faults found so far, and the cells they are in."""

    found: list[Fault] = field(default_factory=list)
    cells: set[tuple[int, str]] = field(default_factory=set)

    def add(self, line: int, column: str, wrong: _Wrong) -> None:
        column = wrong.column or column
        self.found.append(Fault(wrong.what, wrong.mend, line, column))
        self.cells.add((line, column))

    def any_at(self, line: int, columns: Iterable[str]) -> bool:
        return any((line, column) in self.cells for column in columns)

    def in_order(self) -> list[Fault]:
        return sorted(self.found, key=lambda fault: (fault.line or 0, COLUMNS.index(fault.column or COLUMNS[0])))


def _checked(cells: _Cells, column: str, faults: _Faults) -> list[Any]:
    """Check a column, each different text once; a wrong cell becomes None."""
    seen: dict[str, Any] = {text: _result(column, text) for text in set(cells.column(column))}
    wrong = {text for text, result in seen.items() if isinstance(result, _Wrong)}
    if not wrong:
        return [seen[text] for text in cells.column(column)]
    values = []
    for line, text in zip(cells.lines, cells.column(column), strict=True):
        if text in wrong:
            faults.add(line, column, seen[text])
        values.append(None if text in wrong else seen[text])
    return values


def _result(column: str, text: str) -> Any:
    if not text and column in _EMPTY:
        return _EMPTY[column]
    try:
        return _CHECKS[column](text)
    except _Wrong as wrong:
        return wrong


# --------------------------------------------------------------------------------- from words and codes to figures


@dataclass(frozen=True, slots=True)
class _Reading:
    """One row's figure, with what its words say besides."""

    figure: Figure
    coded: bool = False
    disagrees: bool = False


_COMPOSED = {
    "exactly": "{0}", "at_least": "at least {0}", "more_than": "more than {0}", "nearly": "nearly {0}",
    "up_to": "up to {0}", "at_most": "at most {0}", "about": "about {0}", "named": "{0} named", "range": "{0}-{1}",
    "none": "none", "denial": "denied", "no_comment": "no comment", "not_confirmed": "did not confirm",
}  # fmt: skip
_NO_FIGURE = _Wrong(
    "there is no figure", "write the source's words or number, and 'no comment' if the source gave no figure", "figure"
)


def _reading(words: str, wording: str | None, low: int | None, high: int | None, outcome: str) -> _Reading:
    """Read a row's figure from its codes where it has any, from its words otherwise."""
    if wording is not None or low is not None or high is not None:
        return _reading_of_codes(words, wording, low, high, outcome)
    if not words:
        raise _NO_FIGURE
    try:
        return _Reading(_parsed(words, outcome))
    except FigureError as error:
        raise _Wrong(str(error), column="figure") from None


def _parsed(words: str, outcome: str) -> Figure:
    if _SEPARATED.fullmatch(words) is None and _is_float(words):
        count = _count(words)  # 18.0 is a count; -5, 1e308 and NaN are refused here
        words = str(count)
    return parse_figure(words, outcome)


def _is_float(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _parsed_or_none(words: str, outcome: str) -> Figure | None:
    try:
        return _parsed(words, outcome) if words else None
    except (FigureError, _Wrong):
        return None


def _reading_of_codes(words: str, wording: str | None, low: int | None, high: int | None, outcome: str) -> _Reading:
    said = _parsed_or_none(words, outcome)
    if low is not None and high is not None and low > high:
        raise _Wrong(f"low {low:,} is above high {high:,}", "swap them", "low")
    if wording is None:
        wording = _implied_wording(said, low, high)
    low, high = _numbers(wording, words, said, low, high)
    word = _vague_word(words, said) if wording == "vague" else None
    if 0 in (low, high):
        wording, low, high = _with_zero(wording, low, high)
    coded = (wording, low, high, word)
    disagrees = said is not None and coded != (said.wording, said.low, said.high, said.word)
    if said is not None and said.wording == "exactly" and said.low in (low, high) and _count_or_none(words) is not None:
        disagrees = False  # the bare number and, beside it, how it was said
    figure = Figure(
        wording=wording,
        low=low,
        high=high,
        word=word,
        provisional=said is not None and said.provisional,
        subset=said is not None and said.subset,
        group=said.group if said is not None else "all",
        words=words or _COMPOSED[wording].format(*(f"{n:,}" for n in (low, high) if n is not None)),
    )
    return _Reading(figure, coded=True, disagrees=disagrees)


def _count_or_none(words: str) -> int | None:
    try:
        return _count(words)
    except _Wrong:
        return None


def _implied_wording(said: Figure | None, low: int | None, high: int | None) -> str:
    if said is not None and {said.low, said.high} - {None} == {low, high} - {None}:
        return said.wording  # the words say the same numbers, and how they are meant
    if low is not None and high is not None:
        return "exactly" if low == high else "range"
    given = "low" if high is None else "high"
    raise _Wrong(
        f"only {given} is given, which can mean several things",
        f"write {'at_least, more_than, about or exactly' if high is None else 'up_to, at_most or exactly'} in wording",
        "wording",
    )


def _numbers(
    wording: str, words: str, said: Figure | None, low: int | None, high: int | None
) -> tuple[int | None, int | None]:
    """Give low and high as the wording keeps them; the number may stand in the words."""
    if low is None and high is None and said is not None and said.wording in (wording, "exactly"):
        low, high = said.low, said.high
    numbers = sorted({number for number in (low, high) if number is not None})
    if wording == "none":
        if any(numbers):
            raise _Wrong(f"wording none and the number {numbers[-1]:,} contradict each other", "clear one", "wording")
        return 0, 0
    if wording == "vague" or wording in WORDLESS_WORDINGS:
        if numbers:
            raise _Wrong(f"wording {wording} takes no number, and {numbers[0]:,} is given", "clear one", "wording")
        return None, None
    if wording == "range":
        if low is None or high is None:
            raise _Wrong("wording range needs both low and high", "give both, or another wording", "wording")
        return low, high
    if len(numbers) != 1:
        what = f"wording {wording} needs a number" if not numbers else f"wording {wording} takes one number, not two"
        raise _Wrong(what, "write it in low" if not numbers else "clear one, or write range", "wording")
    number = numbers[0]
    if wording in ("at_least", "more_than", "named"):
        return number, None
    return (None, number) if wording in ("up_to", "at_most") else (number, number)


def _with_zero(wording: str, low: int | None, high: int | None) -> tuple[str, int | None, int | None]:
    if high == 0 and wording in ("exactly", "range", "at_most", "none"):
        return "none", 0, 0
    if wording in ("range", "more_than"):
        return wording, low, high
    raise _Wrong(f"wording {wording} with the number 0 says nothing", "write none, or the number said", "wording")


def _vague_word(words: str, said: Figure | None) -> str:
    if said is not None and said.word is not None:
        return said.word
    allowed = ", ".join(VAGUE_WORDS)
    what = f"wording vague needs its word, and {_quoted(words)} has none" if words else "wording vague needs its word"
    raise _Wrong(what, f"write it in figure: {allowed}", "figure")


_FIGURE_COLUMNS = ("figure", "wording", "low", "high", "outcome")


def _read_figures(cells: _Cells, values: dict[str, list[Any]], faults: _Faults) -> list[_Reading | None]:
    seen: dict[tuple[Any, ...], _Reading | _Wrong] = {}
    readings: list[_Reading | None] = []
    columns = (values["wording"], values["low"], values["high"], values["outcome"])
    for line, *key in zip(cells.lines, cells.column("figure"), *columns, strict=True):
        if faults.cells and faults.any_at(line, _FIGURE_COLUMNS):
            readings.append(None)
            continue
        row = tuple(key)
        if row not in seen:
            try:
                seen[row] = _reading(*row)
            except _Wrong as wrong:
                seen[row] = wrong
        result = seen[row]
        if isinstance(result, _Wrong):
            faults.add(line, "figure", result)
        readings.append(result if isinstance(result, _Reading) else None)
    return readings


# ------------------------------------------------------------------------------------ rules over cells, rows and events


def _check_rows(cells: _Cells, values: dict[str, list[Any]], faults: _Faults) -> None:
    for i, line in enumerate(cells.lines):
        quoted, source = values["quotes"][i], values["source"][i]
        if quoted is not None and source is not None and quoted.casefold() == source.casefold():
            faults.add(line, "quotes", _Wrong(f"{_quoted(source)} quotes itself", "clear the cell or name the other"))
        start, end = values["period_start"][i], values["period_end"][i]
        if values["scope"][i] == "period":
            _check_period(line, start, end, faults)
        elif values["scope"][i] == "event" and (start or end):
            column = "period_start" if start else "period_end"
            mend = "write period in scope, or clear the cell"
            faults.add(line, column, _Wrong(f"{_quoted(start or end)} is given and the scope is event", mend))


def _check_period(line: int, start: str | None, end: str | None, faults: _Faults) -> None:
    for column, value in (("period_start", start), ("period_end", end)):
        if value is None and not faults.any_at(line, (column,)):
            faults.add(line, column, _Wrong("scope period needs it", "write the date, or event in scope"))
    if start and end and precedes(parse_time(end), parse_time(start)):
        faults.add(line, "period_end", _Wrong(f"{_quoted(end)} is before period_start {_quoted(start)}", "swap them"))


def _share_within_events(cells: _Cells, values: dict[str, list[Any]], faults: _Faults) -> list[str]:
    """Give an event's rows its date, type and verified toll where one of them has it; refuse those that conflict.

    Rows over a period neither give nor take: they speak of many events.
    """
    notes = []
    single = [i for i, scope in enumerate(values["scope"]) if scope != "period"]
    by_event = _groups(single, values["event"])
    for event, rows in by_event.items():
        if _differ(values["event_date"], rows, None):
            notes += _share_date(event, rows, cells, values, faults)
        if _differ(values["event_type"], rows, "unknown"):
            _share(f"event {_quoted(event)}", "event_type", "unknown", rows, cells, values, faults)
    outcomes = [*zip(values["event"], values["outcome"], strict=True)]
    for (event, outcome), rows in _groups(single, outcomes).items():
        if _differ(values["verified"], rows, None):
            _share(f"{outcome} of event {_quoted(event)}", "verified", None, rows, cells, values, faults)
    return notes


def _groups[Key](rows: Iterable[int], keys: Sequence[Key]) -> dict[Key, list[int]]:
    groups: dict[Key, list[int]] = defaultdict(list)
    for i in rows:
        groups[keys[i]].append(i)
    return groups


def _differ(column: list[Any], rows: list[int], empty: Any) -> bool:
    return len(rows) > 1 and len({column[i] for i in rows}) > 1


def _share(
    whose: str, column: str, empty: Any, rows: list[int], cells: _Cells, values: dict[str, list[Any]], faults: _Faults
) -> None:
    stated = [i for i in rows if values[column][i] not in (empty, None)]
    if not stated:
        return
    first = stated[0]
    for i in stated[1:]:
        if values[column][i] != values[column][first]:
            _conflict(whose, column, i, first, cells, values, faults)
    for i in rows:
        values[column][i] = values[column][first]


def _share_date(event: str, rows: list[int], cells: _Cells, values: dict[str, list[Any]], faults: _Faults) -> list[str]:
    dates = values["event_date"]
    stated = [i for i in rows if dates[i] is not None]

    def fineness(i: int) -> tuple[Any, str]:
        time = _parsed_time(dates[i])
        return time.end - time.start, dates[i]

    finest = min(stated, key=fineness)
    for i in stated:
        if not overlap(_parsed_time(dates[i]), _parsed_time(dates[finest])):
            later, earlier = max(i, finest), min(i, finest)
            _conflict(f"event {_quoted(event)}", "event_date", later, earlier, cells, values, faults)
    different = sorted({dates[i] for i in stated})
    for i in rows:
        dates[i] = dates[finest]
    if len(different) < 2:
        return []
    return [f"event {_quoted(event)} is dated {' and '.join(different)}; {dates[finest]} is used"]


def _conflict(
    whose: str, column: str, here: int, there: int, cells: _Cells, values: dict[str, list[Any]], faults: _Faults
) -> None:
    what = (
        f"{whose} has {column} {_quoted(values[column][here])} here "
        f"and {_quoted(values[column][there])} on line {cells.lines[there]}"
    )
    faults.add(cells.lines[here], column, _Wrong(what, "give one value, or the events different names"))


@functools.lru_cache(maxsize=4096)
def _parsed_time(text: str) -> Time:
    return parse_time(text)


# ----------------------------------------------------------------------------------------------- putting it together


def _reports(cells: _Cells) -> Reports:
    faults = _Faults()
    values = {column: _checked(cells, column, faults) for column in _CHECKS}
    readings = _read_figures(cells, values, faults)
    _check_rows(cells, values, faults)
    date_notes = _share_within_events(cells, values, faults)
    if faults.found:
        raise ReportsError(cells.name, faults.in_order())

    read = [reading for reading in readings if reading is not None]
    forced = _merge_figures(values, read)
    early = _add_ages(values)
    values["line"] = cells.lines
    table = pd.DataFrame(
        {column: pd.Series(values[column], dtype=_DTYPES.get(column, "object")) for column in TABLE_COLUMNS}
    )
    for name, column in cells.unknown.items():
        table[name] = column
    about_rows = _row_notes(cells.lines, values, read, forced, early)
    notes = (*cells.notes, *about_rows, *date_notes, *_name_notes(values))
    return Reports(cells.name, table, notes, tuple(cells.unknown))


def _merge_figures(values: dict[str, list[Any]], readings: list[_Reading]) -> list[bool]:
    """Put the figures into the table's columns; say where the words speak of a part and the group says all."""
    figures = [reading.figure for reading in readings]
    for column in ("words", "wording", "low", "high", "word"):
        values[column] = [getattr(figure, column) for figure in figures]
    values["provisional"] = [
        given or figure.provisional for given, figure in zip(values["provisional"], figures, strict=True)
    ]
    groups, forced = [], []
    for group, reading in zip(values["group"], readings, strict=True):
        says_all, part = group.lower() == "all", reading.figure.subset
        # Codes count over words: beside them "all" is believed. Without them a part never stands for the whole.
        forced.append(part and says_all and not reading.coded)
        takes_part = part and (not group or forced[-1])
        groups.append(_part_name(reading.figure) if takes_part else "all" if says_all or not group else group)
    values["group"] = groups
    values["subset"] = [group != "all" for group in groups]
    return forced


def _part_name(figure: Figure) -> str:
    return figure.group if figure.group != "all" else "part"


def _add_ages(values: dict[str, list[Any]]) -> list[bool]:
    """Add the columns of ages; say which reports are dated before their event."""
    seen: dict[tuple[str | None, str | None], tuple[float, float, bool]] = {}
    rows = []
    for key in zip(values["reported_at"], values["event_date"], strict=True):
        if key not in seen:
            reported, event = (_parsed_time(text) if text else None for text in key)
            low, high = ages(reported, event) or (math.nan, math.nan)
            seen[key] = low, high, reported is not None and event is not None and precedes(reported, event)
        rows.append(seen[key])
    values["age_low"], values["age_high"] = [low for low, _, _ in rows], [high for _, high, _ in rows]
    return [early for _, _, early in rows]


def _row_notes(
    lines: list[int], values: dict[str, list[Any]], readings: list[_Reading], forced: list[bool], early: list[bool]
) -> list[str]:
    """Write one note per kind of thing, with the lines it is about."""
    named = set(zip(values["event"], values["source"], strict=True))
    quoted = zip(values["event"], values["quotes"], strict=True)
    is_context = [outcome in CONTEXT_OUTCOMES for outcome in values["outcome"]]
    about = {
        "dated before their event: their age counts as 0": early,
        "words and coded columns disagree: the coded columns count": [reading.disagrees for reading in readings],
        "the words are about a part of the people and group says 'all': taken as a floor; "
        "to count them for all, write wording and low": forced,
        "quotes names a source without a report of its own on the event": [
            quote is not None and (event, quote) not in named for event, quote in quoted
        ],
        "strikes, munitions and incidents are shown as context, not estimated": is_context,
        "figures over a period are kept apart from those of single events": [
            scope == "period" and not context for scope, context in zip(values["scope"], is_context, strict=True)
        ],
        "the same report as an earlier line": _repeats(values),
    }
    return [
        f"{_lines(line for line, yes in zip(lines, marks, strict=True) if yes)}: {what}"
        for what, marks in about.items()
        if any(marks)
    ]


def _repeats(values: dict[str, list[Any]]) -> list[bool]:
    seen: set[tuple[Any, ...]] = set()
    marks = []
    columns = ("event", "source", "words", "low", "high", "outcome", "reported_at", "scope", "period_start", "group")
    for row in zip(*(values[column] for column in columns), strict=True):
        marks.append(row in seen)
        seen.add(row)
    return marks


def _name_notes(values: dict[str, list[Any]]) -> list[str]:
    notes = []
    for column in ("event", "source"):
        spellings: dict[str, set[str]] = defaultdict(set)
        for name in set(values[column]):
            spellings[name.casefold()].add(name)
        for names in sorted(sorted(group) for group in spellings.values() if len(group) > 1):
            called = " and ".join(_quoted(name) for name in names)
            notes.append(f"{called} are spelt alike but for capitals: they count as different {column}s")
    types: dict[str, set[str]] = defaultdict(set)
    for source, kind in set(zip(values["source"], values["source_type"], strict=True)):
        if kind != "unknown":
            types[source].add(kind)
    notes += [
        f"source {_quoted(source)} has several types: {', '.join(sorted(kinds))}"
        for source, kinds in sorted(types.items())
        if len(kinds) > 1
    ]
    return notes


# --------------------------------------------------------------------------------------------------------- small helps


def _file_fault(name: str, what: str, mend: str = "", line: int | None = None) -> ReportsError:
    return ReportsError(name, [Fault(what, mend, line)])


def _quoted(value: object) -> str:
    text = str(value)
    return repr(text if len(text) <= 60 else text[:59] + "…")


def _closest(name: str, allowed: Sequence[str]) -> str | None:
    # Long names are cut: comparing them takes quadratic time.
    return next(iter(difflib.get_close_matches(name[:60], allowed, n=1)), None)


def _did_you_mean(name: str, allowed: Sequence[str]) -> str:
    closest = _closest(name, allowed)
    return f"did you mean {closest!r}?" if closest else ""


def _plural(count: int, noun: str) -> str:
    return f"{count} {noun}" + ("s" if count != 1 else "")


def _times(count: int) -> str:
    return "twice" if count == 2 else f"{count} times"


def _lines(numbers: Iterable[int]) -> str:
    listed = list(numbers)
    shown = ", ".join(str(number) for number in listed[:10])
    more = f" and {len(listed) - 10:,} more" if len(listed) > 10 else ""
    return ("line " if len(listed) == 1 else "lines ") + shown + more


def _html(value: object) -> str:
    return "" if value is None else html.escape(str(value))


def _canonical_time(text: str | None) -> str | None:
    if text is None:
        return None
    time = _parsed_time(text)
    return f"{time.start.isoformat()}/{time.end.isoformat()}/{time.has_clock}/{time.offset}"


def _canonical_words(words: str) -> str:
    number = _count_or_none(words)
    return str(number) if number is not None else " ".join(words.lower().split())
