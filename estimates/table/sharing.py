"""What the rows of one event, or of one outcome of an event, have in common: one value for all of them, or a fault."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from estimates.models.types import Booleans, Integers
from estimates.table.column import Column, first_places, numbered
from estimates.table.counts import toll_ends
from estimates.table.dates import Time, overlap, parse_time
from estimates.table.faults import Faults, Wrong, quoted
from estimates.table.figures import Values
from estimates.table.notes import lines_named
from estimates.text import plural
from estimates.vocabulary import DEFAULTS

__all__ = ["Groups", "check_at_risk", "check_copies_removed", "groups_of", "share", "share_dates"]

#: Of more events with several dates than these the lines alone are told.
EVENTS_TOLD = 5
#: Sources hardly differ by more days than these on the date of one event.
DAYS_APART = 30
_ONE_VALUE = "give one value, or the events different names"


@dataclass(frozen=True, eq=False)
class Groups:
    """Rows that are held to one value; groups are numbered in the order of their first rows.

    Attributes
    ----------
    rows : integer array, shape (members,)
        Rows of the table, in order.
    codes : integer array, shape (members,)
        The group of each of them.
    count : int
        How many groups there are.
    """

    rows: Integers
    codes: Integers
    count: int

    def first(self, marks: Booleans) -> Integers:
        """The first marked member of each group, shape (groups,), from marks of shape (members,); -1 without one."""
        places = np.flatnonzero(marks)
        return np.append(places, -1)[first_places(self.codes[places], self.count)]

    def in_order(self, marks: Booleans) -> Integers:
        """The marked members by group, then by row, shape (marked,), from marks of shape (members,)."""
        places = np.flatnonzero(marks)
        return places[np.argsort(self.codes[places], kind="stable")]

    def members(self, wanted: Integers) -> Iterator[list[int]]:
        """The rows of each of these groups, which are of shape (wanted,) and in order."""
        places = self.in_order(np.isin(self.codes, wanted))
        starts = np.flatnonzero(np.diff(self.codes[places])) + 1
        for rows in np.split(self.rows[places], starts) if len(places) else ():
            yield rows.tolist()


def groups_of(kept: Booleans, *columns: Column) -> Groups:
    """Group the rows that are kept, marked in an array of shape (rows,), by their values in some columns."""
    rows = np.flatnonzero(kept)
    codes = numbered(*(column.of(rows) for column in columns))
    return Groups(rows, codes, int(codes.max(initial=-1)) + 1)


# ---------------------------------------------------------------------------------------------- one value for all rows


def share(groups: Groups, whose: Callable[[int], str], column: str, values: Values, faults: Faults) -> None:
    """Give all rows of each group the one value that some of them state.

    Parameters
    ----------
    groups : Groups
    whose : callable
        What the group of a row is called.
    column : str
    values : dict of Column
        The column is replaced.
    faults : Faults
        Rows that state another value than the first row of their group are added.
    """
    given = values[column]
    stated = ~given.where((None, DEFAULTS.get(column)).__contains__)[groups.rows]
    codes, first = given.codes[groups.rows], groups.first(stated)[groups.codes]
    for place in groups.in_order(stated & (codes != codes[first])):
        here, there = groups.rows[place], groups.rows[first[place]]
        _conflict(whose(here), column, here, there, given, faults)

    has_one = first >= 0
    values[column] = given.with_codes(groups.rows[has_one], codes[first[has_one]])


def check_copies_removed(groups: Groups, whose: Callable[[int], str], values: Values, faults: Faults) -> None:
    """Refuse an event whose rows differ: a row without the word may have been added by who did not look for copies."""
    removed = values["copies_removed"]
    stated = removed.where(lambda value: value is not None)[groups.rows]
    codes, first = removed.codes[groups.rows], groups.first(stated)[groups.codes]
    differing = groups.first(stated & (codes != codes[first]))

    mend = "it tells of all rows of the event: write the same in each (an empty cell is a no)"
    for place in differing[differing >= 0].tolist():
        here, there = groups.rows[place], groups.rows[first[place]]
        if not faults.any_at(here, ("copies_removed",)):
            _conflict(whose(here), "copies_removed", here, there, removed, faults, mend)


def check_at_risk(
    groups: Groups, whose: Callable[[int], str], values: Values, readings: Column, faults: Faults
) -> None:
    """Refuse lists of names, and verified tolls, of more people than were there."""
    limits = values["at_risk"]
    first = groups.rows[groups.first(np.ones(len(groups.rows), dtype=bool))]
    limited = np.flatnonzero(limits.of(first).where(lambda limit: limit is not None))
    for rows in groups.members(limited):
        _check_limit(whose(rows[0]), limits[rows[0]], rows, values, readings, faults)


def _check_limit(whose: str, limit: int, rows: list[int], values: Values, readings: Column, faults: Faults) -> None:
    mend = "correct one of them, or leave at_risk empty"
    figures = {row: reading.figure for row in rows if (reading := readings[row]) is not None}
    lists = {row: figure.low or 0 for row, figure in figures.items() if figure.wording == "named"}
    for row, names in lists.items():
        if names > limit and not faults.any_at(row, ("at_risk",)):
            what = f"{names:,} are listed by name and at_risk of {whose} is {limit:,}"
            faults.add(row, "at_risk", Wrong(what, mend))

    verified = values["verified"][rows[0]]
    if (toll_ends(verified)[0] or 0) > limit and not faults.any_at(rows[0], ("verified",)):
        what = f"{quoted(verified)} is verified and at_risk of {whose} is {limit:,}"
        faults.add(rows[0], "verified", Wrong(what, mend))


def _conflict(
    whose: str, column: str, here: int, there: int, given: Column, faults: Faults, mend: str = _ONE_VALUE
) -> None:
    one, other = (_shown(given[row]) for row in (here, there))
    what = f"{whose} has {column} {one} here and {other} on line {faults.lines[there]}"
    faults.add(here, column, Wrong(what, mend))


def _shown(value: object) -> str:
    return quoted(("no", "yes")[value] if isinstance(value, bool) else value)


# --------------------------------------------------------------------------------------------------------------- dates


def share_dates(groups: Groups, values: Values, lines: list[int]) -> list[str]:
    """Date all rows of an event alike: as the most precise of them, or as the earliest where not all can be true.

    Parameters
    ----------
    groups : Groups
        The rows of each event.
    values : dict of Column
        The dates are replaced.
    lines : list of int
        The line of each row of the table.

    Returns
    -------
    list of str
        Notes on events of several dates.
    """
    given = values["event_date"]
    stated = given.where(lambda date: date is not None)[groups.rows]
    codes, first = given.codes[groups.rows], groups.first(stated)[groups.codes]
    shared, used = given.codes.copy(), {date: code for code, date in enumerate(given.different)}
    shared[groups.rows[first >= 0]] = codes[first[first >= 0]]

    dated = []
    for rows in groups.members(np.unique(groups.codes[stated & (codes != codes[first])])):
        dates: dict[str, list[int]] = defaultdict(list)
        for row in rows:
            if given[row] is not None:
                dates[given[row]].append(lines[row])
        date, note = _one_date(values["event"][rows[0]], dates)
        shared[rows] = used[date]
        dated.append((note, [line for other in sorted(dates) if other != date for line in dates[other]]))

    values["event_date"] = Column(shared, given.different)
    return _notes_on_dates(dated)


def _one_date(event: str, given: Mapping[str, list[int]]) -> tuple[str, str]:
    """The date of an event that is dated otherwise on other lines, and a note that says so."""
    times = {date: parse_time(date) for date in sorted(given)}
    used = _finest(times)
    if all(overlap(time, times[used]) for time in times.values()):
        return used, f"event {quoted(event)} is dated {' and '.join(times)}; {used} is used"

    earliest = min(times.values(), key=lambda time: (time.last_day, time.end))
    used = _finest({date: time for date, time in times.items() if overlap(time, earliest)})
    said = " and ".join(f"{date} ({lines_named(given[date])})" for date in times)
    why = f"the earliest counts, {used}{_how_far(list(times.values()))}"
    return used, f"event {quoted(event)} is dated {said}: {why}"


def _how_far(times: Sequence[Time]) -> str:
    """How far dates lie apart, where that is too far for one event told of by several sources."""
    days = (max(time.first_day for time in times) - min(time.last_day for time in times)).days
    return f"; they lie {days:,} days apart, and two events need two names" if days > DAYS_APART else ""


def _notes_on_dates(dated: Sequence[tuple[str, list[int]]]) -> list[str]:
    """The notes on events of several dates, the first of them in full."""
    notes = [note for note, _ in dated[:EVENTS_TOLD]]
    if more := dated[EVENTS_TOLD:]:
        lines = lines_named(sorted(line for _, others in more for line in others))
        what = "the most precise date counts, and the earliest where not all can be true"
        notes.append(f"{lines}: {plural(len(more), 'more event')} with several dates; {what}")
    return notes


def _finest(times: Mapping[str, Time]) -> str:
    """The most precise of several dates, the first of those that are as precise."""
    return min(times, key=lambda date: (times[date].end - times[date].start, date))
