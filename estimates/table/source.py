"""From a source to rows: open it, recognise what it is, and split it into rows with their lines.

A file that is no table is refused for what it is. Lines are those that an editor or the spreadsheet shows: the header
is line 1, and line breaks within quotes count. The cells of a frame or of dicts have their row's position for a line.
"""

from __future__ import annotations

import io
import os
import re
import stat
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from estimates.table.delimited import rows_of_text
from estimates.table.faults import did_you_mean, quoted, refusal, shown_error
from estimates.table.header import ANY_TABLE, EXAMPLE_HEADER, Wanted
from estimates.table.objects import names_as_text, rows_of_dicts, rows_of_json
from estimates.table.packed import unpacked
from estimates.table.rows import Rows, Source, as_said
from estimates.text import LONE_SURROGATE, shortened

__all__ = ["Rows", "Source", "holds_parquet", "is_partitioned", "read_rows"]

#: Of a longer name of an open file only so much is told.
_LONGEST_NAME = 255


def read_rows(source: object, wanted: Wanted = ANY_TABLE) -> Rows:
    """Read the rows of a table.

    Parameters
    ----------
    source : path, "-", file object, DataFrame or iterable of dicts
        What to read; see `estimates.table.reports.read_reports`.
    wanted : Wanted
        What the header must name; by it titles are told from headers, and the sheet with the table from others.

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
    rows = _rows(source, wanted)
    for place, given in enumerate(rows.header, start=1):
        if not given.isascii() and LONE_SURROGATE.search(given):
            shown = quoted(LONE_SURROGATE.sub("�", given))
            raise refusal(rows.name, f"the name of column {place} holds half a character: {shown}", "write it anew")
    return rows


def _rows(source: object, wanted: Wanted) -> Rows:
    if isinstance(source, pd.DataFrame):
        return _from_frame(source)
    if is_partitioned(source):
        frame: Any = source
        return _from_frame(frame.compute(), "Dask frame")
    if isinstance(source, str) and source == "-":
        return _from_standard_input(wanted)
    if isinstance(source, str | os.PathLike):
        return _from_path(os.fsdecode(source), wanted)
    if hasattr(source, "read"):
        return _from_file(source, _name_of_file(source), wanted)
    if isinstance(source, Iterable) and not isinstance(source, bytes | bytearray | memoryview | Mapping):
        return rows_of_dicts(source)

    raise TypeError(
        "reports are read from a path, '-', an open file, a pandas DataFrame or a list of dicts (or another iterable "
        f"of them), not from {type(source).__name__}"
    )


# ------------------------------------------------------------------------------------------------ paths and open files


def is_partitioned(source: Any) -> bool:
    """Whether a source is a Dask frame; it is told by what it can do, since Dask need not be there."""
    return hasattr(source, "partitions") and hasattr(source, "compute")


def _from_standard_input(wanted: Wanted) -> Rows:
    if sys.stdin is None:
        raise refusal("standard input", "it is closed", "pipe a table into it, or name a file")
    return _from_file(getattr(sys.stdin, "buffer", sys.stdin), "standard input", wanted)


def _from_path(path: str, wanted: Wanted) -> Rows:
    if "\n" in path or "\r" in path:
        raise refusal(path.splitlines()[0], "this is the text of a table, not a path", "wrap it in io.StringIO")

    try:
        if stat.S_ISCHR(Path(path).stat().st_mode):
            raise refusal(path, "this is a device and has no end", "name a file, or - for standard input")
        content = Path(path).read_bytes()
    except FileNotFoundError:
        raise refusal(path, "there is no such file", _similar_file(path)) from None
    except IsADirectoryError:
        return _from_folder(path)
    except (OSError, ValueError) as error:
        why = (getattr(error, "strerror", None) or str(error)).lower()
        raise refusal(path, f"the file cannot be read: {why}", "check its name and permissions") from None

    return _from_bytes(content, path, wanted)


def holds_parquet(folder: Path) -> bool:
    """Whether a folder is a table of Parquet files; those of folders in it count that are named COLUMN=VALUE."""
    return any(any(folder.glob(f"{inside}*.parquet")) for inside in ("", "*=*/", "*=*/*=*/"))


def _from_folder(path: str) -> Rows:
    """The rows of all Parquet files in a folder, and in folders in it that are named COLUMN=VALUE."""
    if not holds_parquet(Path(path)):
        raise refusal(path, "this is a folder", "name a file in it, or a folder of Parquet files")
    try:
        frame = pd.read_parquet(path)
    except Exception as error:  # damaged bytes can fail anywhere inside the reader
        why = next(iter(str(error).splitlines()), "") or type(error).__name__
        raise refusal(path, f"not all of its Parquet files can be read ({why})", "write them again") from None
    return _from_frame(frame, path)


def _similar_file(path: str) -> str:
    try:
        siblings = [entry.name for entry in Path(path).parent.iterdir() if entry.is_file()]
    except (OSError, ValueError):
        return "check its name and folder"
    return did_you_mean(Path(path).name, siblings) or "check its name and folder"


def _name_of_file(file: object) -> str:
    try:
        name = str(getattr(file, "name", "file"))
    except Exception:  # the code of others may fail in any way
        name = "file"
    return shortened(name, _LONGEST_NAME)


def _from_file(file: Any, name: str, wanted: Wanted) -> Rows:
    try:
        content = file.read()
    except UnicodeDecodeError as error:
        what = f"this is not UTF-8 text ({error.reason})"
        raise refusal(name, what, "open the file with mode 'rb' or encoding='utf-8'") from None
    except (OSError, ValueError) as error:
        raise refusal(name, f"the file cannot be read: {shown_error(error)}", "open it for reading") from None

    if isinstance(content, bytes | bytearray | memoryview):
        return _from_bytes(bytes(content), name, wanted)
    if not isinstance(content, str):
        what = f"the file gives what is neither text nor bytes: {type(content).__name__}"
        raise refusal(name, what, "open it with mode 'rb' or encoding='utf-8'")
    if not content.isascii() and (half := LONE_SURROGATE.search(content)):
        line = _line_at(content[: half.start()])
        raise refusal(name, "the text holds half a character (a lone surrogate)", "write it anew in UTF-8", line)
    return _from_text(content, name, wanted)


# ------------------------------------------------------------------------------------------------------ bytes and text

#: The first bytes of files that are no tables, what they are, and what to do.
_SIGNATURES = (
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook, or a locked one", "save it as .xlsx or CSV (UTF-8)"),
    ((b"\xff\xfe", b"\xfe\xff"), "text in UTF-16", "save it as UTF-8"),
    (b"\x1f\x8b", "compressed twice (gzip)", "unpack it first"),
    ((b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf", b"\x28\xb5\x2f\xfd", b"Rar!"), "a packed file", "unpack it"),
    (b"%PDF", "a PDF", "put its figures in a CSV file"),
    ((b"\x89PNG", b"\xff\xd8\xff"), "a picture", "put its figures in a CSV file"),
)  # fmt: skip


def _from_bytes(content: bytes, name: str, wanted: Wanted) -> Rows:
    packed = content.startswith(b"\x1f\x8b")
    if packed:
        content = unpacked(content, name)
    if content.startswith(b"PAR1") or name.lower().removesuffix(".gz").endswith((".parquet", ".pq")):
        return _from_parquet(content, name)
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        from estimates.table.sheets import rows_of_workbook

        return as_said(rows_of_workbook(content, name, wanted))
    for signature, what, mend in _SIGNATURES:
        if content.startswith(signature):
            raise refusal(name, f"this is {what}, not a table", mend)
    if b"\x00" in content:
        _refuse_nul(content, name)

    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        what = f"byte 0x{content[error.start]:02x} is not UTF-8 text"
        line = _line_at(content[: error.start].decode("utf-8"))
        raise refusal(name, what, "save the file as CSV UTF-8", line) from None

    return _from_text(text, name, wanted)


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


def _from_text(text: str, name: str, wanted: Wanted) -> Rows:
    text = text.removeprefix("\ufeff")
    start = text[:2000].lstrip()
    if not start:
        raise refusal(name, "the file is empty", f"write a header and one line per report: {EXAMPLE_HEADER}")
    if "\x00" in text:
        _refuse_nul(text.encode("utf-8", "replace"), name)

    if re.match(r"<(!doctype|html|head|body|table|\?xml|!--)", start, re.IGNORECASE):
        raise refusal(name, "this is a web page (HTML or XML), not a table", "download the table itself")
    if start.startswith(("{", "[")):
        return rows_of_json(text, name)
    rows = rows_of_text(text, name, wanted)
    return as_said(rows) if "'" in text else rows


# -------------------------------------------------------------------------------------------------------------- frames


def _from_frame(frame: pd.DataFrame, name: str = "table") -> Rows:
    named = [place for place, level in enumerate(frame.index.names) if level is not None and level not in frame.columns]
    header = names_as_text([*(frame.index.names[place] for place in named), *frame.columns], name)

    columns: list[Iterable[Any]] = [pd.Series(frame.index.get_level_values(place)) for place in named]
    columns += [frame.iloc[:, place].reset_index(drop=True) for place in range(len(frame.columns))]
    return Rows(name, list(range(1, len(frame) + 1)), header, columns)
