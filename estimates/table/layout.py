"""How a table is to be read that is not in our columns: which column is which, and what its values mean."""

from __future__ import annotations

import math
import re
import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from estimates.errors import EstimatesError
from estimates.table.faults import did_you_mean, quoted, shown
from estimates.text import LONE_SURROGATE
from estimates.vocabulary import COLUMNS, COVERAGE_COLUMNS, COVERAGE_PREFIX, OUTCOMES

__all__ = ["ALL_OTHERS", "BEST", "PLAIN", "Layout", "Thousands", "layout_of", "map_option", "mapped"]

#: The mark that may part thousands in cells.
type Thousands = Literal[",", ".", " "]

#: The figure of a coder who gives a low and a high one as well.
BEST = "best"
#: The value that stands for all that are neither named nor ours.
ALL_OTHERS = "*"
#: What a column of the file may be read as: a column of ours, the best figure of a coder, or the figures of an outcome.
_TARGETS = (*COLUMNS, BEST, *OUTCOMES, *(COVERAGE_PREFIX + name for name in COVERAGE_COLUMNS))


@dataclass(frozen=True, slots=True)
class Layout:
    """How a source table is to be read.

    Attributes
    ----------
    columns : dict
        By the name of a column in the file, our name for it; None leaves the column out. Several columns that are read
        as outcomes (killed, injured) hold one figure each. ``best`` is the figure beside a low and a high one.
    values : dict of dict
        By a column (its name in the file, or ours), our value for each value in the file. None leaves out the rows with
        that value. "" stands for an empty cell, also of a column that the file lacks; "*" for every value that is
        neither named nor one of ours.
    wide : bool or tuple of str
        Which columns are sources, one figure a cell: those named, or with True all that are not ours.
    day_first : bool
        Whether 01/02/2020 is the first of February.
    thousands : {",", ".", " "}
        The mark that parts thousands.
    """

    columns: Mapping[str, str | None] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str | None]] = field(default_factory=dict)
    wide: bool | tuple[str, ...] = False
    day_first: bool = False
    thousands: Thousands = ","

    @property
    def is_plain(self) -> bool:
        """Whether a table is read as it stands."""
        return self == PLAIN


#: The layout of a table that is read as it stands.
PLAIN = Layout()


def layout_of(
    columns: Mapping[str, str | None] | None = None,
    values: Mapping[str, Mapping[Any, str | None]] | None = None,
    wide: bool | Sequence[str] = False,
    day_first: bool = False,
    thousands: str = ",",
) -> Layout:
    """Make a layout of what a caller asked for.

    Parameters
    ----------
    columns, values, wide, day_first, thousands
        See `Layout`. Values of the file are compared as text: 2 and "2" are alike, None is an empty cell.

    Returns
    -------
    Layout

    Raises
    ------
    EstimatesError
        If a column is to be read as one that does not exist, or an argument cannot be used.
    """
    columns, values = _mapping("columns", columns), _mapping("values", values)
    for theirs, ours in columns.items():
        if ours is not None and not (isinstance(ours, str) and ours in _TARGETS):
            close = did_you_mean(ours, _TARGETS) if isinstance(ours, str) else ""
            advice = close or f"those of reports are {', '.join(COLUMNS)}"
            raise EstimatesError(f"column {shown(theirs)} is to be read as {shown(ours)}, which is no column; {advice}")
    if not isinstance(thousands, str) or thousands not in get_args(Thousands.__value__):
        raise EstimatesError(f"thousands {shown(thousands)}: give ',', '.' or ' ', the mark that parts thousands")

    if not isinstance(day_first, bool):
        raise EstimatesError(f"day_first {shown(day_first)}: give True or False")

    return Layout(
        columns={_text(theirs): ours for theirs, ours in columns.items()},
        values={
            _text(column): {_text(value): _value(ours) for value, ours in _mapping("values", meanings).items()}
            for column, meanings in values.items()
        },
        wide=wide if isinstance(wide, bool) else _names(wide),
        day_first=day_first,
        thousands=thousands,  # type: ignore[arg-type]
    )


def _mapping(argument: str, given: Mapping[Any, Any] | None) -> Mapping[Any, Any]:
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        examples = {"columns": '{"incident": "event"}', "values": '{"bound": {"approx": "about"}}'}
        raise EstimatesError(f"{argument} {shown(given)}: give a dict such as {examples[argument]}")
    return given


def _names(wide: Iterable[str]) -> tuple[str, ...]:
    if isinstance(wide, str) or not isinstance(wide, Iterable):
        raise EstimatesError(f"wide {shown(wide)}: give a list of the columns that are sources, or True for all others")
    return tuple(map(_text, wide))


def _text(given: object) -> str:
    """A name of a column or a value of the file; empty for what is missing."""
    if given is None or (isinstance(given, float) and math.isnan(given)):
        return ""
    try:
        return str(given)
    except Exception:
        raise EstimatesError(f"{shown(given)} stands where a name or a value of the file should; give text") from None


def _value(ours: object) -> str | None:
    """What a value of the file means here; None where its rows are left out."""
    if ours is None:
        return None
    text = str(ours) if isinstance(ours, str | int | float) else ""
    if not isinstance(ours, str | int | float) or LONE_SURROGATE.search(text):
        raise EstimatesError(f"a value is to be read as {shown(ours)}: give text, or None to leave its rows out")
    return text


# ----------------------------------------------------------------------------------------- written on the command line

#: COLUMN=OURS, COLUMN:VALUE=OURS; a backslash before a colon or an equals sign keeps it in the name.
_MAPPING = re.compile(r"(?P<column>(?:\\.|[^\\:=])+)(?P<of_value>:(?P<value>(?:\\.|[^\\=])*))?=(?P<ours>.*)", re.DOTALL)


def mapped(written: Sequence[str]) -> tuple[dict[str, str | None], dict[str, dict[str, str | None]]]:
    r"""Read mappings of columns and of values as ``--map`` writes them.

    Parameters
    ----------
    written : sequence of str
        ``incident=event`` reads the column incident as event; ``remarks=`` leaves the column remarks out;
        ``bound:approx=about`` reads the value approx of the column bound as about; ``quantity:tanks=`` leaves out the
        rows with that value; ``source:=Ministry`` fills empty cells, also where the file lacks the column. ``\:`` and
        ``\=`` are a colon and an equals sign of a name.

    Returns
    -------
    columns, values : dict
        See `Layout`.

    Raises
    ------
    EstimatesError
        If one of them is not so written, or two of them say different things of one column or value.
    """
    columns: dict[str, str | None] = {}
    values: dict[str, dict[str, str | None]] = {}
    for text in written:
        found = _MAPPING.fullmatch(text)
        if found is None:
            how = "write COLUMN=OURS, such as incident=event, or COLUMN:VALUE=OURS, such as bound:approx=about"
            raise EstimatesError(f"--map {quoted(text)} is no mapping; {how}")

        column, ours = _plain(found["column"]), found["ours"].strip() or None
        of_value = found["of_value"] is not None
        place, key = (values.setdefault(column, {}), _plain(found["value"])) if of_value else (columns, column)
        if key in place and place[key] != ours:
            raise EstimatesError(f"--map says two things of {quoted(text.partition('=')[0])}; leave one out")
        place[key] = ours
    return columns, values


def _plain(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text).strip()


def map_option(column: str, ours: str, value: str | None = None) -> str:
    """Write a mapping as ``--map`` takes it, fit for a shell; `mapped` reads it.

    Parameters
    ----------
    column : str
        A column of the file.
    ours : str
        Our name for it, or our value; empty to leave it out.
    value : str, optional
        The value of the file that is mapped.
    """
    text = _escaped(column) + ("" if value is None else f":{_escaped(value)}") + f"={ours}"
    return f"--map {shlex.quote(text.encode('utf-8', 'backslashreplace').decode())}"


def _escaped(text: str) -> str:
    return re.sub(r"([\\:=])", r"\\\1", text)
