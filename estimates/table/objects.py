"""Tables of objects: dicts from Python, JSON and JSON lines. The lines of JSON are those on which its objects begin."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from estimates.errors import Fault, ReportsError
from estimates.table.faults import quoted, refusal, shown_error
from estimates.table.rows import Rows

__all__ = ["names_as_text", "rows_of_dicts", "rows_of_json"]

_EXAMPLE = '{"event": "Idlib", "source": "SOHR", "figure": "at least 18"}'
_ONE_A_REPORT = f"write a list of one object per report: [{_EXAMPLE}]"
_BLANK = re.compile(r"[ \t\r\n]*")
_BREAK = re.compile(r"\r\n|\r|\n")


def rows_of_dicts(rows: Iterable[Any], name: str = "table", lines: Sequence[int] | None = None) -> Rows:
    """Make rows of dicts; a key that a dict lacks is an empty cell.

    Parameters
    ----------
    rows : iterable of mapping
    name : str
        Where they came from.
    lines : sequence of int, optional
        The line of each; by default its position, from 1.

    Returns
    -------
    Rows

    Raises
    ------
    ReportsError
        If there are none, some are no dicts, or what gives them fails.
    """
    rows = _taken(rows, name)

    lines = list(range(1, len(rows) + 1)) if lines is None else list(lines)
    faults = [
        Fault(f"this is a {type(row).__name__}, not a dict", "give one dict per report", line)
        for line, row in zip(lines, rows, strict=True)
        if not isinstance(row, Mapping)
    ]

    if not faults:
        faults = [
            Fault("the row has more cells than the header", "put cells that hold a comma in quotes", line)
            for line, row in zip(lines, rows, strict=True)
            if None in row  # where csv.DictReader keeps the cells past the header
        ]
    if faults:
        raise ReportsError(name, faults)
    if not rows:
        raise refusal(name, "there are no reports", "give one dict per report")

    keys = list(dict.fromkeys(key for row in rows for key in row))
    columns: list[Iterable[Any]] = [[row.get(key) for row in rows] for key in keys]
    return Rows(name, lines, names_as_text(keys, name), columns)


def _taken(rows: Iterable[Any], name: str) -> list[Any]:
    """All rows, mappings of any kind as dicts; the code of others gives them, and may fail."""
    taken: list[Any] = []
    try:
        for row in rows:
            taken.append(dict(row) if type(row) is not dict and isinstance(row, Mapping) else row)
    except Exception as error:
        what = f"report {len(taken) + 1} cannot be had: {shown_error(error)}"
        raise refusal(name, what, "mend what gives it") from error
    return taken


def names_as_text(names: Iterable[object], name: str) -> list[str]:
    """Names of columns as text.

    Parameters
    ----------
    names : iterable of object
    name : str
        Where the table came from.

    Raises
    ------
    ReportsError
        If one of them can be no text.
    """
    texts: list[str] = []
    for given in names:
        try:
            texts.append(str(given))
        except Exception as error:
            what = f"the name of column {len(texts) + 1} cannot be shown: {shown_error(error)}"
            raise refusal(name, what, "name the column with text") from error
    return texts


def rows_of_json(text: str, name: str) -> Rows:
    """Read a list of JSON objects, or one object a line.

    Parameters
    ----------
    text : str
        Beginning with a bracket or a brace.
    name : str
        Where it came from.

    Returns
    -------
    Rows

    Raises
    ------
    ReportsError
        If it is neither, or an object names a key twice.
    """
    try:
        found = list(_objects(text))
    except json.JSONDecodeError as error:
        why = error.msg[:1].lower() + error.msg[1:]
        mend = f"line {error.lineno}, character {error.colno}: mend it there, or write the file anew"
        raise refusal(name, f"this is no whole JSON ({why})", mend, error.lineno) from None
    except _RepeatedKeyError as repeated:
        line = 1 + len(_BREAK.findall(text, 0, repeated.place))
        raise refusal(name, f"an object names {quoted(repeated.key)} twice", "keep one of them", line) from None
    except (RecursionError, ValueError) as error:
        why = "nested too deep" if isinstance(error, RecursionError) else str(error).partition(":")[0]
        raise refusal(name, f"this JSON cannot be read: {why}", _ONE_A_REPORT) from None

    rows = [row for _, row in found]
    if len(rows) == 1 and isinstance(rows[0], Mapping):
        _refuse_list_inside(rows[0], name)
    for line, row in found:
        if not isinstance(row, Mapping):
            raise refusal(name, f"this JSON holds {_called(row)} where a report should be", _ONE_A_REPORT, line)
    return rows_of_dicts(rows, name, [line for line, _ in found])


def _objects(text: str) -> Iterator[tuple[int, Any]]:
    """The objects of a list, or those that stand one behind the other, with the lines they begin on."""
    start = _after_blank(text, 0)
    in_list = text.startswith("[", start)
    place = _after_blank(text, start + 1) if in_list else start
    if in_list and text.startswith("]", place):
        return _refuse_more(text, place + 1)

    line, counted = 1, 0
    while place < len(text):
        line, counted = line + len(_BREAK.findall(text, counted, place)), place
        found, place = _decoded(text, place)
        yield line, found

        place = _after_blank(text, place)
        if in_list and text.startswith("]", place):
            return _refuse_more(text, place + 1)
        if in_list:
            place = _after_comma(text, place)
    if in_list:
        raise json.JSONDecodeError("the list has no end", text, place)
    return None


def _decoded(text: str, place: int) -> tuple[Any, int]:
    """The value that begins at a place, and where it ends."""
    try:
        return _DECODER.raw_decode(text, place)
    except _RepeatedKeyError as repeated:
        repeated.place = place
        raise


def _after_blank(text: str, place: int) -> int:
    found = _BLANK.match(text, place)
    return found.end() if found else place


def _after_comma(text: str, place: int) -> int:
    if not text.startswith(",", place):
        raise json.JSONDecodeError("a comma or a closing bracket is missing", text, place)
    return _after_blank(text, place + 1)


def _refuse_more(text: str, place: int) -> None:
    if (place := _after_blank(text, place)) < len(text):
        raise json.JSONDecodeError("something stands behind the list", text, place)


class _RepeatedKeyError(Exception):
    """An object names a key twice; ``place`` is where it begins."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key, self.place = key, 0


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise _RepeatedKeyError(next(name for name in names if names.count(name) > 1))
    return found


_DECODER = json.JSONDecoder(object_pairs_hook=_unique)


def _refuse_list_inside(found: Mapping[str, Any], name: str) -> None:
    """Tell one object that holds the reports, or the columns of a frame, from one report."""
    lists = [key for key, value in found.items() if isinstance(value, list) and value and isinstance(value[0], dict)]
    if lists:
        raise refusal(name, f"the reports stand within an object, under {quoted(lists[0])}", "save that list alone")
    if found and all(isinstance(value, dict | list) for value in found.values()):
        raise refusal(name, "this JSON holds columns, not reports", f"{_ONE_A_REPORT} (pandas: orient='records')")


def _called(value: Any) -> str:
    if value is None:
        return "null"
    return {list: "a list", str: "text", bool: "true or false"}.get(type(value), "a number")
