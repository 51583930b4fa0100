"""How a table is to be read that is not in our columns: which column is which, and what its values mean."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from estimates.errors import EstimatesError
from estimates.table.faults import did_you_mean, quoted
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
    for theirs, ours in (columns or {}).items():
        if ours is not None and ours not in _TARGETS:
            advice = did_you_mean(str(ours), _TARGETS) or f"those of reports are {', '.join(COLUMNS)}"
            raise EstimatesError(
                f"column {quoted(theirs)} is to be read as {quoted(ours)}, which is no column; {advice}"
            )
    if thousands not in get_args(Thousands.__value__):
        raise EstimatesError(f"thousands {thousands!r}: give ',', '.' or ' ', the mark that parts thousands")

    return Layout(
        columns={str(theirs): ours for theirs, ours in (columns or {}).items()},
        values={
            str(column): {"" if value is None else str(value): ours for value, ours in meanings.items()}
            for column, meanings in (values or {}).items()
        },
        wide=wide if isinstance(wide, bool) else _names(wide),
        day_first=bool(day_first),
        thousands=thousands,  # type: ignore[arg-type]
    )


def _names(wide: Sequence[str]) -> tuple[str, ...]:
    if isinstance(wide, str):
        raise EstimatesError(f"wide {wide!r}: give a list of the columns that are sources, or True for all others")
    return tuple(map(str, wide))


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
