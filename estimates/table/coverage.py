"""The table of declared coverage: which source watched where, what kind of event, and when.

An empty cell is everywhere, everything or always. ``from`` and ``to`` are the first and the last day of the *events*
that were watched: an event of the last day may well be told of the day after.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from estimates.errors import EstimatesError, Fault, ReportsError
from estimates.table.cells import COLUMNS_TOLD, texts
from estimates.table.checks import result_of
from estimates.table.dates import Time, parse_time, precedes
from estimates.table.faults import Wrong, closest, did_you_mean, quoted, refusal
from estimates.table.header import COVERAGE, normal, repeated_columns
from estimates.table.source import Rows, Source, read_rows
from estimates.vocabulary import COVERAGE_COLUMNS

__all__ = ["Coverage", "Declaration", "coverage_of_rows", "read_coverage"]

#: The column of the table of reports by whose rules a cell of each column is checked.
_CHECKED_AS = dict(zip(COVERAGE_COLUMNS, ("source", "place", "event_type", "reported_at", "reported_at"), strict=True))

type Sizes = Literal["reported", "all"]


@dataclass(frozen=True)
class Declaration:
    """One row: a source, and the events that it watched; None stands for any."""

    line: int
    source: str
    place: str | None = None
    event_type: str | None = None
    start: str | None = None
    end: str | None = None

    @property
    def scope(self) -> tuple[str | None, str | None, str | None, str | None]:
        """What was watched: place, type of event, first and last day."""
        return self.place, self.event_type, self.start, self.end

    def covers(self, places: Iterable[str], event_type: str, happened: Time | None) -> bool:
        """Whether an event was watched: for certain, whatever its date leaves open.

        Parameters
        ----------
        places : iterable of str
            As the rows of the event name them.
        event_type : str
        happened : Time or None
        """
        if self.place is not None and self.place.casefold() not in {place.casefold() for place in places}:
            return False
        if self.event_type not in (None, event_type):
            return False
        if self.start is None and self.end is None:
            return True
        if happened is None:
            return False

        begins = self.start is None or parse_time(self.start).start <= happened.start
        return begins and (self.end is None or happened.end <= parse_time(self.end).end)

    def includes(self, other: Declaration) -> bool:
        """Whether all that another row speaks of was watched by this one's source."""
        if self.place is not None and self.place.casefold() != (other.place or "").casefold():
            return False
        if self.event_type not in (None, other.event_type):
            return False
        begins = self.start is None or (
            other.start is not None and parse_time(self.start).start <= parse_time(other.start).start
        )
        ends = self.end is None or (other.end is not None and parse_time(other.end).end <= parse_time(self.end).end)
        return begins and ends

    @property
    def is_dated(self) -> bool:
        """Whether it speaks of some days only."""
        return self.start is not None or self.end is not None


@dataclass(frozen=True)
class Coverage:
    """Who watched what, as `read_coverage` makes it.

    Attributes
    ----------
    name : str
        Where the table came from.
    declarations : tuple of Declaration
        In the order given.
    notes : tuple of str
        What the reader should know and is no fault.
    sizes : {"reported", "all"}
        Whose sizes the law of the profile tells: of events that somebody reported, as a profile does that was learned
        from tables of reports; or of all events, reported or not.
    """

    name: str
    declarations: tuple[Declaration, ...]
    notes: tuple[str, ...] = ()
    sizes: Sizes = "reported"

    @property
    def sources(self) -> tuple[str, ...]:
        """The sources that are declared, each once, in the order of their names."""
        return tuple(sorted({row.source for row in self.declarations}))

    @property
    def data_hash(self) -> str:
        """SHA-256 of what the table says, the same for rows in any order."""
        rows = sorted(json.dumps([row.source, *row.scope]) for row in self.declarations)
        return hashlib.sha256("\n".join([self.sizes, *rows]).encode("ascii")).hexdigest()

    def watchers(self, places: Sequence[str], event_type: str, happened: Time | None) -> tuple[str, ...]:
        """The sources that watched an event, in the order of their names; see `Declaration.covers`."""
        return tuple(sorted({row.source for row in self.declarations if row.covers(places, event_type, happened)}))

    def joined(self, other: Coverage) -> Coverage:
        """Both tables together; what sizes mean is said by the other one."""
        name = " and ".join(dict.fromkeys((self.name, other.name)))
        return Coverage(name, self.declarations + other.declarations, self.notes + other.notes, other.sizes)

    def __len__(self) -> int:
        return len(self.declarations)


def read_coverage(source: Source | Coverage, *, sizes: Sizes = "reported") -> Coverage:
    """Read a table of declared coverage and check every cell of it.

    Parameters
    ----------
    source : path, "-", file object, DataFrame or list of dict
        With the columns ``source, place, event_type, from, to``; ``source`` is required, and an empty cell of the
        others is everything. ``from`` and ``to`` are days of events.
    sizes : {"reported", "all"}
        See `Coverage`.

    Returns
    -------
    Coverage

    Raises
    ------
    ReportsError
        If the source cannot be read or anything in it is wrong; ``faults`` lists all of it.
    EstimatesError
        If ``sizes`` is neither.
    TypeError
        If the source is none of the above.
    """
    if sizes not in ("reported", "all"):
        raise EstimatesError(f"sizes {sizes!r} is not known; it is 'reported' or 'all'")
    if isinstance(source, Coverage):
        return source
    return coverage_of_rows(read_rows(source, COVERAGE), sizes=sizes)


def coverage_of_rows(rows: Rows, *, sizes: Sizes = "reported", prefix: str = "") -> Coverage:
    """Check the rows of such a table.

    Parameters
    ----------
    rows : Rows
    sizes : {"reported", "all"}
    prefix : str
        How the names of the columns begin where they stand beside reports; faults name them so.

    Raises
    ------
    ReportsError
        If anything is wrong; ``faults`` lists all of it.
    """
    names = [normal(name) for name in rows.header]
    faults, notes = _header_faults(names, prefix), _strange_columns(rows.header, names)
    if faults:
        raise ReportsError(rows.name, faults)

    cells = {name: texts(values) for name, values in zip(names, rows.columns, strict=True) if name in _CHECKED_AS}
    declarations = []
    for place, line in enumerate(rows.lines):
        row = {name: column[place] for name, column in cells.items()}
        if any(row.values()):
            declarations.append(_declaration(line, row, prefix, faults))

    if not declarations and not faults:
        raise refusal(rows.name, "no row says who watched", "write one line per source that watched: source,place,...")
    if faults:
        raise ReportsError(rows.name, sorted(faults, key=lambda fault: fault.line or 0))
    return Coverage(rows.name, tuple(row for row in declarations if row is not None), tuple(notes), sizes)


def _header_faults(names: Sequence[str], prefix: str) -> list[Fault]:
    faults = repeated_columns(names)
    if "source" not in names:
        meant = closest("source", [name for name in names if name and name not in _CHECKED_AS])
        mend = (
            f"is {meant!r} meant? call it 'source'" if meant else "the header begins like this: source,place,event_type"
        )
        faults.append(Fault(f"there is no column '{prefix}source'", mend))
    return faults


def _strange_columns(header: Sequence[str], names: Sequence[str]) -> list[str]:
    strange = [
        (given.strip(), name) for given, name in zip(header, names, strict=True) if name and name not in _CHECKED_AS
    ]
    if len(strange) > COLUMNS_TOLD:
        some = ", ".join(quoted(given) for given, _ in strange[:COLUMNS_TOLD])
        return [f"coverage: {len(strange):,} columns are not known and not used, such as {some}"]
    return [
        f"coverage: column {quoted(given)} is not known and not used; {advice}".removesuffix("; ")
        for given, name in strange
        for advice in [did_you_mean(name, COVERAGE_COLUMNS)]
    ]


def _declaration(line: int, row: dict[str, str | Wrong], prefix: str, faults: list[Fault]) -> Declaration | None:
    """One row, or None where anything in it is wrong: that is added to the faults."""
    values: dict[str, Any] = {}
    wrong = False
    for name, as_in in _CHECKED_AS.items():
        cell = row.get(name, "")
        found = None if cell == "" and name != "source" else result_of(as_in, cell)
        if isinstance(found, Wrong):
            mend = "every row names who watched" if name == "source" and cell == "" else found.mend
            faults.append(Fault(found.what, mend, line, prefix + name))
            wrong = True
        values[name] = None if isinstance(found, Wrong) else found

    start, end = values["from"], values["to"]
    if start and end and precedes(parse_time(end), parse_time(start)):
        faults.append(Fault(f"{quoted(end)} is before from {quoted(start)}", "swap them", line, prefix + "to"))
        wrong = True
    if wrong:
        return None
    return Declaration(line, values["source"], values["place"], values["event_type"], start, end)
