"""From the cells of a file to cells of reports: values become ours, and a row with many figures many rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from estimates.errors import Fault, ReportsError
from estimates.table.cells import Cells, texts
from estimates.table.checks import result_of
from estimates.table.column import Column
from estimates.table.counts import count_or_none
from estimates.table.faults import Wrong, closest, did_you_mean, quoted, refusal
from estimates.table.header import normal
from estimates.table.layout import ALL_OTHERS, map_option
from estimates.table.notes import lines_named
from estimates.vocabulary import (
    AFFILIATIONS,
    COLUMNS,
    DEFINITIONS,
    EVENT_TYPES,
    MISSING_BASES,
    OUTCOMES,
    SCOPES,
    SOURCE_TYPES,
    WORDINGS,
)
from estimates.wording.figure import says_nothing

__all__ = ["CHOICES", "arranged", "strange_values"]

#: Values that are named in a note, of those for which rows are left out.
_VALUES_TOLD = 12

#: The columns whose values are chosen from a list.
CHOICES = {
    "outcome": OUTCOMES,
    "wording": WORDINGS,
    "source_type": SOURCE_TYPES,
    "event_type": EVENT_TYPES,
    "scope": SCOPES,
    "affiliation": AFFILIATIONS,
    "definition": DEFINITIONS,
    "missing_basis": MISSING_BASES,
}

type _Column = list[str | Wrong]


def arranged(cells: Cells) -> Cells:
    """Give cells as the layout says that they are meant.

    Values of the file become ours and rows are left out (``values``); a row whose columns are sources, or outcomes,
    becomes a row for each of them that is filled; the best figure of a coder becomes the figure, with its low and high
    one kept beside it.

    Parameters
    ----------
    cells : Cells

    Returns
    -------
    Cells

    Raises
    ------
    ReportsError
        If the layout gives values of a column that is not there, or nothing is left.
    """
    values = _Values(cells)
    cells = values.of_the_file(cells)
    if cells.spread:
        cells = _spread(cells)
    cells = values.of_ours(cells)
    cells.notes.extend(values.notes())

    if not cells.lines:
        raise refusal(cells.name, "no row is left", "values that are None leave rows out: see values=, --map")
    return _with_best(cells) if cells.named and cells.named.has_best else cells


# -------------------------------------------------------------------------------------------------------------- values


@dataclass(slots=True)
class _Meanings:
    """Our values for those of one column, as found in cells, however their capitals are written."""

    column: str
    ours: str
    given: Mapping[str, str | None]
    met: set[str] = field(default_factory=set)

    def of(self, cell: str | Wrong) -> str | Wrong | None:
        """Our value; None where the row is to be left out."""
        if isinstance(cell, Wrong):
            return cell
        key = cell if cell in self.given else self._alike(cell)
        if key is None:
            return cell
        self.met.add(key)
        return self.given[key]

    def _alike(self, cell: str) -> str | None:
        """The value that is spelt alike but for capitals, or the one that stands for all that mean nothing here."""
        folded = cell.casefold()
        alike = next((key for key in self.given if key.casefold() == folded), None)
        if alike is None and cell and ALL_OTHERS in self.given and not _is_one_of_ours(self.ours, cell):
            return ALL_OTHERS
        return alike


def _is_one_of_ours(column: str, cell: str) -> bool:
    return column in CHOICES and not isinstance(result_of(column, cell), Wrong)


class _Values:
    """The values that a layout gives, by where they are to be found."""

    def __init__(self, cells: Cells) -> None:
        self._file: dict[str, _Meanings] = {}
        self._ours: dict[str, _Meanings] = {}
        self._left_out: dict[tuple[str, str], int] = {}
        faults = []
        for column, given in cells.layout.values.items():
            stripped = {value.strip(): ours for value, ours in given.items()}
            place, name = self._find(cells, column)
            if place is None:
                faults.append(_no_such_column(cells, column))
            else:
                place[name] = _Meanings(column, name, stripped)
        if faults:
            raise ReportsError(cells.name, faults)

    def _find(self, cells: Cells, column: str) -> tuple[dict[str, _Meanings] | None, str]:
        """Whether a column is one of the file that is not ours, or ours; by its own name or by ours."""
        theirs = cells.named.theirs if cells.named else {}
        for ours, name in theirs.items():
            if normal(name) == normal(column) and ours in COLUMNS:
                return self._ours, ours
        for name in (*cells.spread, *cells.unknown):
            if normal(column) in (normal(name), normal(theirs.get(name, name))):
                return self._file, name

        ours = normal(column)
        apart = {told for told, _ in cells.named.spread.values()} if cells.named else set()
        given = {*cells.known, *(cells.named.given if cells.named else ()), *apart}
        return (self._ours, ours) if ours in given else (None, ours)

    def of_the_file(self, cells: Cells) -> Cells:
        """Values of columns that are not ours: they leave rows out, and speak of the cells of columns of figures."""
        keep = [True] * len(cells.lines)
        for name, meanings in self._file.items():
            if name in cells.spread:
                cells.spread[name] = [meanings.of(cell) or "" for cell in cells.spread[name]]
            else:
                self._mark(meanings, texts(cells.unknown[name]), keep)
        return _kept(cells, keep)

    def of_ours(self, cells: Cells) -> Cells:
        """Values of our columns, those that the file lacks included."""
        keep = [True] * len(cells.lines)
        known = dict(cells.known)
        for name, meanings in self._ours.items():
            known[name] = self._mark(meanings, cells.column(name), keep)
        return _kept(replace(cells, known=known), keep)

    def _mark(self, meanings: _Meanings, column: Column | _Column, keep: list[bool]) -> _Column:
        """Our values of a column; rows to be left out are marked."""
        seen = {cell: meanings.of(cell) for cell in set(column)}
        found: _Column = []
        for row, cell in enumerate(column):
            ours = seen[cell]
            if ours is None and keep[row]:
                keep[row] = False
                place = (meanings.column, str(cell))
                self._left_out[place] = self._left_out.get(place, 0) + 1
            found.append("" if ours is None else ours)
        return found

    def notes(self) -> list[str]:
        """How many rows were left out and for which values, and values that occur nowhere."""
        notes = []
        if self._left_out:
            count = sum(self._left_out.values())
            by_count = sorted(self._left_out.items(), key=lambda one: -one[1])
            told = [f"{column} {quoted(value)} ({often:,})" for (column, value), often in by_count]
            more = f" and {len(told) - _VALUES_TOLD} more values" if len(told) > _VALUES_TOLD else ""
            rows = "row is" if count == 1 else "rows are"
            notes.append(f"{count:,} {rows} left out, as asked: {', '.join(told[:_VALUES_TOLD])}{more}")
        for meanings in (*self._file.values(), *self._ours.values()):
            strange = [value for value in meanings.given if value not in ("", ALL_OTHERS, *meanings.met)]
            if strange:
                notes.append(
                    f"values of {quoted(meanings.column)} that occur nowhere: {', '.join(map(quoted, strange))}"
                )
        return notes


def strange_values(cells: Cells) -> list[Fault]:
    """One fault for each column of the file whose values mean nothing here, with all of them and how often they stand.

    Parameters
    ----------
    cells : Cells
        Of a table that has faults.

    Returns
    -------
    list of Fault
    """
    faults = []
    for ours, theirs in cells.named.theirs.items() if cells.named else ():
        if ours not in CHOICES or ours not in cells.known:
            continue
        often = Counter(cell for cell in cells.known[ours] if isinstance(cell, str) and cell)
        strange = {value: count for value, count in often.items() if not _is_one_of_ours(ours, value)}
        if len(strange) > 1 or any(count > 1 for count in strange.values()):
            faults.append(_strange(ours, theirs, strange))
    return faults


def _strange(ours: str, theirs: str, strange: Mapping[str, int]) -> Fault:
    told = [f"{quoted(value)} ({count:,})" for value, count in sorted(strange.items(), key=lambda one: -one[1])]
    more = f" and {len(told) - _VALUES_TOLD} more" if len(told) > _VALUES_TOLD else ""
    first = max(strange, key=lambda value: strange[value])

    own = map_option(theirs, closest(normal(first), CHOICES[ours]) or CHOICES[ours][0], first)
    mend = f"say what each is, as in {own}; {map_option(theirs, '', first)} leaves its rows out"
    if len(strange) > 1:
        mend += f", {map_option(theirs, '', ALL_OTHERS)} those of all that are left"
    return Fault(f"values that are none of {ours}: {', '.join(told[:_VALUES_TOLD])}{more}", mend, None, theirs)


def _no_such_column(cells: Cells, column: str) -> Fault:
    theirs = cells.named.theirs.values() if cells.named else ()
    names = [*theirs, *cells.known, *cells.unknown, *cells.spread]
    mend = did_you_mean(column, names) or f"the columns are {', '.join(map(quoted, names[:12]))}"
    return Fault(f"values are given of a column {quoted(column)}, and there is none", mend)


def _kept(cells: Cells, keep: list[bool]) -> Cells:
    if all(keep):
        return cells
    return cells.of_rows([row for row, kept in enumerate(keep) if kept])


# --------------------------------------------------------------------------------------- columns with a figure a cell


def _spread(cells: Cells) -> Cells:
    """One row for each filled cell of the columns of figures, in the order of rows, then of columns."""
    named = cells.named
    assert named is not None
    told = [
        (row, name, cell)
        for row, of_row in enumerate(zip(*cells.spread.values(), strict=True))
        for name, cell in zip(cells.spread, of_row, strict=True)
        if isinstance(cell, Wrong) or not says_nothing(cell)
    ]
    if not told:
        raise refusal(cells.name, "all cells of the columns of figures are empty", "write one figure a cell")

    (apart, _), *_ = named.spread.values()
    longer = replace(cells.of_rows([row for row, _, _ in told]), spread={})
    longer.known["figure"] = [cell for _, _, cell in told]
    longer.known[apart] = [named.spread[name][1] for _, name, _ in told]
    return replace(longer, figure_columns=[named.theirs.get(name, name) for _, name, _ in told])


# --------------------------------------------------------------------------------------------------- low, best and high


def _with_best(cells: Cells) -> Cells:
    """The best figure as the figure; the low and the high one beside it are kept and not used."""
    known = {name: list(cells.column(name)) for name in ("figure", "wording", "low", "high")}
    beside: dict[str, _Column] = {end: [""] * len(cells.lines) for end in ("low", "high")}
    apart = []
    for row, (best, wording) in enumerate(zip(known["figure"], known["wording"], strict=True)):
        if isinstance(best, Wrong) or says_nothing(best) or wording != "":
            continue
        for end, column in beside.items():
            column[row], known[end][row] = known[end][row], ""

        number = count_or_none(best)
        low, high = (column[row] for column in beside.values())
        if number is not None:
            known["wording"][row] = "exactly"
            known["figure"][row] = _between(best, number, low, high)
        if {low, high} - {best, ""}:
            apart.append(cells.lines[row])

    cells = replace(cells, known={**cells.known, **known})
    return _with_ends_beside(cells, beside, apart) if apart else cells


def _between(best: str, number: int, low: str | Wrong, high: str | Wrong) -> str | Wrong:
    """The best figure, or what is wrong where it does not lie between the others."""
    ends = [None if isinstance(end, Wrong) else count_or_none(end) for end in (low, high)]
    if (ends[0] is not None and ends[0] > number) or (ends[1] is not None and ends[1] < number):
        return Wrong(f"best {number:,} does not lie between low {quoted(low)} and high {quoted(high)}", "correct one")
    return best


def _with_ends_beside(cells: Cells, beside: Mapping[str, _Column], lines: list[int]) -> Cells:
    assert cells.named is not None
    theirs = {end: cells.named.theirs.get(end, end) for end in ("figure", *beside)}
    kept = {f"{theirs['figure']}_{end}": [cell or None for cell in beside[end]] for end in beside}

    names = " and ".join(map(repr, kept))
    note = (
        f"{lines_named(lines)}: {theirs['figure']!r} is the figure; {theirs['low']!r} and {theirs['high']!r} "
        f"of the same coder are kept as {names}, not used"
    )
    return replace(cells, unknown={**cells.unknown, **kept}, notes=[*cells.notes, note])
