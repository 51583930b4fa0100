"""What to say to a table in another layout: the exact mapping of its columns, and of its values where they are known.

Advice rests on a closed list of what the field calls things, and for the columns that every table needs on how close
names are. Nothing is read by it: whoever runs the command has decided.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from estimates.errors import Fault, FigureError
from estimates.table.faults import closest, quoted
from estimates.table.header import FIGURE_COLUMNS, normal
from estimates.table.layout import BEST, map_option
from estimates.table.naming import Named, is_time
from estimates.table.rows import Rows
from estimates.table.synonyms import SYNONYMS, VALUES, field_of
from estimates.vocabulary import COLUMNS, OUTCOMES, WORDINGS
from estimates.wording.figure import parse_figure, says_nothing

__all__ = ["Suggestion", "suggested"]

#: Rows whose cells are looked at, and names or values that are told.
_ROWS_TRIED, _VALUES_TOLD = 10_000, 8
#: Cells of a column that are tried for figures.
_CELLS_READ = 50
_SIDE_BY_SIDE = ("killed", "injured", "missing", "displaced")
#: Who the source is where coders give a best figure and no other source.
_CODERS = "the coders"
_ALLOWED = {"wording": WORDINGS, "outcome": OUTCOMES}


@dataclass(slots=True)
class Suggestion:
    """How a table in another layout may be read.

    Attributes
    ----------
    columns : dict
        By the name of a column in the file, ours.
    values : dict of dict
        By a column, our value for each value in the file.
    wide : bool
        Whether columns are sources.
    lacking : list of str
        What no column seems to be, of what every table needs.
    strange : dict
        By a column, values that mean nothing here.
    days, groups : list of str
        Columns that are headed by a day; columns that seem to be figures of groups.
    """

    columns: dict[str, str] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    wide: bool = False
    lacking: list[str] = field(default_factory=list)
    strange: dict[str, list[str]] = field(default_factory=dict)
    days: list[str] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)

    def options(self) -> str:
        """The options of the command line."""
        options = [map_option(column, ours) for column, ours in self.columns.items()]
        options += [
            map_option(column, ours, value) for column, said in self.values.items() for value, ours in said.items()
        ]
        return " ".join([*options, *(["--wide"] if self.wide else [])])

    def arguments(self) -> str:
        """The arguments of `estimates.read_reports`."""
        told = {"columns": self.columns, "values": self.values, "wide": self.wide}
        return ", ".join(f"{name}={value!r}" for name, value in told.items() if value)

    def fault(self) -> Fault | None:
        """The suggestion as a fault of the header; None where there is nothing to suggest."""
        verb = "read it with" if not self.lacking else "some of it is read with"
        advice = [f"{verb} {self.options()} (in Python: {self.arguments()})"] if self.columns or self.wide else []
        for column, values in self.strange.items():
            keep, drop = map_option(column, OUTCOMES[0], values[0]), map_option(column, "", values[0])
            what = f"{_shown(values)} of {quoted(column)} mean nothing here"
            advice.append(f"{what}: map them ({keep}) or leave them out ({drop})")
        if self.days:
            what = f"{_shown(self.days)} are headed by days"
            advice.append(f"{what}: write one row per report, with the day in reported_at")
        if self.groups:
            group = f"{map_option(self.groups[0], 'figure')} {map_option('group', 'GROUP', '')}"
            advice.append(f"{_shown(self.groups)} seem to be figures of groups: {group} reads one of them")

        if advice and self.lacking:
            advice.append(self._lacking())
        return Fault("the columns look like those of another layout", "; ".join(advice)) if advice else None

    def _lacking(self) -> str:
        """What no column seems to be, and what else may serve."""
        advice = [f"nothing seems to be the {' or the '.join(self.lacking)}"]
        if "event" in self.lacking:
            advice.append(
                f"a number or a place that all rows of an event share may serve: {map_option('COLUMN', 'event')}"
            )
        if "source" in self.lacking:
            advice.append(f"one source for all rows is named so: {map_option('source', 'NAME', '')}")
        return "; ".join(advice)

    def meant(self, ours: str) -> str | None:
        """The column that seems to be ours, in small letters; for the figure also one of its ends or an outcome."""
        alike = {ours} if ours != "figure" else {"figure", BEST, "killed"}
        return next((normal(column) for column, found in self.columns.items() if found in alike), None)


def _shown(names: Sequence[str]) -> str:
    return ", ".join(map(quoted, names[:_VALUES_TOLD])) + (" ..." if len(names) > _VALUES_TOLD else "")


def suggested(named: Named, names: Sequence[str]) -> Suggestion:
    """Say how a table in another layout may be read.

    Parameters
    ----------
    named : Named
        The table, as far as its layout names its columns.
    names : sequence of str
        The names of its header, as the vocabulary spells them.

    Returns
    -------
    Suggestion
    """
    free = {name: place for place, name in enumerate(names) if name and name not in COLUMNS}
    found = Suggestion()
    if sum(map(bool, names)) < 2:  # a title
        return found

    rows, known = named.rows, {*names, *named.given} & {*COLUMNS}

    event = None if "event" in known else _event(rows, free)
    if event is not None:
        _take(found, rows, free, event, "event")
    _figures(found, rows, free, known)
    coded = named.has_best or BEST in found.columns.values()
    if "source" not in known and not _take_first(found, rows, free, "source", 4 if coded else None) and coded:
        found.values["source"] = {"": _CODERS}  # articles are what coders read; the figure is theirs
    if not _has(found, known, "source") and not known & {*FIGURE_COLUMNS}:
        _sources(found, rows, free)

    for ours in ("event", "source", "figure"):
        if not _has(found, known, ours) and not (found.wide and ours != "event"):
            _take_closest(found, rows, free, ours)
    _rest(found, rows, free, known)
    _values(found, rows, names)
    return found


def _has(found: Suggestion, known: set[str], ours: str) -> bool:
    told = known | {*found.columns.values()} | {column for column, said in found.values.items() if "" in said}
    return bool(told & ({*FIGURE_COLUMNS, BEST, *OUTCOMES} if ours == "figure" else {ours}))


def _take(found: Suggestion, rows: Rows, free: dict[str, int], name: str, ours: str) -> None:
    found.columns[rows.header[free.pop(name)].strip()] = ours


def _take_first(found: Suggestion, rows: Rows, free: dict[str, int], ours: str, most: int | None = None) -> bool:
    """Take the surest of the (first so many) names that the field has for a column; whether there is one."""
    name = next((name for name in SYNONYMS.get(ours, ())[:most] if name in free), None)
    if name is not None:
        _take(found, rows, free, name, ours)
    return name is not None


def _take_closest(found: Suggestion, rows: Rows, free: dict[str, int], ours: str) -> None:
    name = closest(ours, list(free))
    if name is not None and field_of(name) in (None, ours) and name not in map(normal, found.groups):
        _take(found, rows, free, name, ours)
        return

    of_groups = [name for name in free if _is_of_a_group(name)] if ours == "figure" and not found.days else []
    if len(of_groups) == 1:
        _take(found, rows, free, of_groups[0], ours)
        return
    found.lacking.append(ours)
    if of_groups:
        found.groups = [rows.header[free[name]].strip() for name in of_groups]


def _event(rows: Rows, free: dict[str, int]) -> str | None:
    """The column that names events: a name that goes with several numbers of events names none."""
    names = [name for name in SYNONYMS["event"] if name in free]
    numbers = [name for name in names if re.search(r"(^|_)(id|no|number)$", name)]
    if not numbers or not names or names[0] in numbers:
        return names[0] if names else None

    title, number = names[0], numbers[0]
    pairs = set(islice(zip(_texts(rows, free[title]), _texts(rows, free[number]), strict=True), _ROWS_TRIED))
    return number if len({one for one, _ in pairs}) < len({other for _, other in pairs}) else title


def _texts(rows: Rows, place: int) -> list[str]:
    return [str(cell).strip() for cell in islice(rows.columns[place], _ROWS_TRIED)]


def _figures(found: Suggestion, rows: Rows, free: dict[str, int], known: set[str]) -> None:
    """The column of figures, or columns of outcomes side by side; low, best and high."""
    if not known & {*FIGURE_COLUMNS}:
        beside = {ours: name for ours in _SIDE_BY_SIDE for name in SYNONYMS[ours] if name in free}
        if len(beside) > 1:
            for ours, name in beside.items():
                _take(found, rows, free, name, ours)
            return

    ends = [_take_first(found, rows, free, end) for end in ("low", "high") if end not in known]
    if any(ends) and _take_first(found, rows, free, BEST):
        return
    if "figure" in known or (not any(ends) and known & {*FIGURE_COLUMNS}):
        return
    if not _take_first(found, rows, free, "figure") and "killed" in free:
        _take(found, rows, free, "killed", "figure")


def _sources(found: Suggestion, rows: Rows, free: Mapping[str, int]) -> None:
    """Whether the columns that nobody knows are sources: they hold figures, two of them at least."""
    if {*found.columns.values()} & {"figure", BEST, *OUTCOMES, "low", "high"}:
        return
    strange = {rows.header[place].strip(): place for name, place in free.items() if field_of(name) is None}
    filled = [_filled(rows, place) for place in strange.values()]
    if len(strange) < 2 or not any(filled) or not all(map(_are_figures, filled)):
        return
    found.days = [name for name in strange if is_time(name)]
    found.groups = [] if found.days else [name for name in strange if _is_of_a_group(name)]
    found.wide = not found.days and not found.groups


def _filled(rows: Rows, place: int) -> list[str]:
    """The first cells of a column that say something."""
    filled = (str(cell).strip() for cell in islice(rows.columns[place], _ROWS_TRIED))
    return list(islice((cell for cell in filled if not says_nothing(cell)), _CELLS_READ))


def _are_figures(filled: Sequence[str]) -> bool:
    return not filled or 2 * sum(map(_is_figure, filled)) > len(filled)


def _is_figure(cell: str) -> bool:
    try:
        parse_figure(cell)
    except FigureError:
        return False
    return True


def _is_of_a_group(name: str) -> bool:
    """Whether a name speaks of the killed or injured of somebody: civilians_killed."""
    return any(field_of(word) in ("figure", *OUTCOMES) for word in normal(name).split("_"))


def _rest(found: Suggestion, rows: Rows, free: dict[str, int], known: set[str]) -> None:
    """The columns that a table need not have."""
    told = {*found.columns.values()}
    passed_over = {"event", "source", "figure", "low", "high", *known, *told}
    if told & {*OUTCOMES}:
        passed_over.add("outcome")
    for ours in SYNONYMS:
        if ours in COLUMNS and ours not in passed_over:
            _take_first(found, rows, free, ours)


def _values(found: Suggestion, rows: Rows, names: Sequence[str]) -> None:
    """What the values of wordings and outcomes are called here."""
    for ours, meanings in VALUES.items():
        column = next((column for column, name in found.columns.items() if name == ours), None)
        if column is None:
            continue
        place = [name.strip() for name in rows.header].index(column)
        called = {said: own for own, others in meanings.items() for said in others}
        for value in dict.fromkeys(cell for cell in _texts(rows, place) if cell):
            if normal(value) in _ALLOWED[ours]:
                continue
            if normal(value) in called:
                found.values.setdefault(column, {})[value] = called[normal(value)]
            else:
                found.strange.setdefault(column, []).append(value)
