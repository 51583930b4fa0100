"""From the columns of a file to ours: which is which as the layout says, and which hold one figure a cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from estimates.errors import Fault, ReportsError
from estimates.table.faults import Wrong, did_you_mean, quoted
from estimates.table.field_dates import field_time
from estimates.table.header import FIGURE_COLUMNS, REPORTS, Wanted, column_names, normal
from estimates.table.layout import BEST, Layout, map_option
from estimates.table.rows import Rows
from estimates.table.synonyms import field_of
from estimates.vocabulary import COLUMNS, COVERAGE_PREFIX, OUTCOMES

__all__ = ["Named", "is_time", "named", "wanted_by"]

#: What a row of a table has no place for where several of its cells are figures.
_ONE_A_ROW = ("source", *FIGURE_COLUMNS)
_OF_AN_OUTCOME = ("outcome", "verified", "at_risk", *FIGURE_COLUMNS)


@dataclass(frozen=True, slots=True)
class Named:
    """Rows whose header has our names for the columns that the layout names.

    Attributes
    ----------
    rows : Rows
    theirs : dict
        By our name, what the file calls a column that was renamed.
    spread : dict
        Columns with one figure a cell, by their names in the file: our column that tells them apart (source or
        outcome), and what it says of each.
    filled : frozenset of str
        Our columns that the file lacks and the layout fills.
    has_best : bool
        Whether the figures are the best ones of coders, beside their low and high ones.
    """

    rows: Rows
    theirs: dict[str, str] = field(default_factory=dict)
    spread: dict[str, tuple[str, str]] = field(default_factory=dict)
    filled: frozenset[str] = frozenset()
    has_best: bool = False

    @property
    def given(self) -> set[str]:
        """Our columns that the table has though its header does not name them."""
        apart = {ours for ours, _ in self.spread.values()}
        return {*self.filled, *apart, *(["figure"] if apart else [])}


def wanted_by(layout: Layout) -> Wanted:
    """What the header of a table of reports must name under a layout."""
    renamed = {normal(theirs): ours for theirs, ours in layout.columns.items()}
    given = {"event"} if layout.wide else set()
    outcomes = frozenset(ours for ours in renamed.values() if ours in OUTCOMES)
    filled = _filled(layout)

    needs = []
    for one in REPORTS.needs:
        names = one | outcomes | {BEST} if "figure" in one else one
        if not names & filled and (not given or names & given):
            needs.append(names)
    return Wanted(tuple(needs), renamed)


def _filled(layout: Layout) -> set[str]:
    """Columns whose empty cells the layout fills."""
    return {normal(layout.columns.get(column) or column) for column, said in layout.values.items() if "" in said}


def named(rows: Rows, layout: Layout) -> Named:
    """Give the columns of a file our names.

    Parameters
    ----------
    rows : Rows
    layout : Layout

    Returns
    -------
    Named

    Raises
    ------
    ReportsError
        If the layout names columns that the file lacks, or gives two columns one meaning.
    """
    ours, faults = _targets(rows.header, layout)
    kept = [place for place, name in enumerate(ours) if name is not None]
    header = [ours[place] or rows.header[place].strip() for place in kept]
    theirs = {name: rows.header[place].strip() for place in kept if (name := ours[place])}

    faults += _taken(header, theirs)
    spread = _sources(header, theirs, layout, faults) | _outcomes(header, theirs, faults)
    has_best = _name_best(header, theirs)
    if faults:
        raise ReportsError(rows.name, faults)

    filled = _filled(layout) & {*COLUMNS} - {*column_names(header)}
    columns = [rows.columns[place] for place in kept]
    return Named(replace(rows, header=header, columns=columns), theirs, spread, frozenset(filled), has_best)


def _targets(header: Sequence[str], layout: Layout) -> tuple[list[str | None], list[Fault]]:
    """Our name of each column: "" where the layout says nothing of it, None where it is left out."""
    exactly = {theirs.strip(): ours for theirs, ours in layout.columns.items()}
    spelt_alike = {normal(theirs): ours for theirs, ours in layout.columns.items()}
    targets = [exactly.get(name.strip(), spelt_alike.get(normal(name), "")) for name in header]

    there = {name.strip() for name in header} | {normal(name) for name in header}
    faults = [
        Fault(f"there is no column {quoted(theirs)} that could be {_meaning(ours)}", _advice(theirs, header))
        for theirs, ours in layout.columns.items()
        if theirs.strip() not in there and normal(theirs) not in there
    ]
    return targets, faults


def _meaning(ours: str | None) -> str:
    return "left out" if ours is None else f"read as {quoted(ours)}"


def _advice(name: str, header: Sequence[str]) -> str:
    names = [given.strip() for given in header if given.strip()]
    return did_you_mean(name, names) or f"the columns are {', '.join(map(quoted, names[:12]))}"


def _taken(header: Sequence[str], theirs: dict[str, str]) -> list[Fault]:
    """Our names that the file gives to another column than the layout does."""
    names = column_names(header)
    return [
        Fault(
            f"{quoted(file_name)} is to be read as {name!r}, and another column is {name!r} as well",
            f"leave that one out ({map_option(name, '')}), or say what it is",
            None,
            file_name,
        )
        for name, file_name in theirs.items()
        if names.count(name) > 1
    ]


# ------------------------------------------------------------------------------------- columns with one figure a cell


def _sources(
    header: Sequence[str], theirs: dict[str, str], layout: Layout, faults: list[Fault]
) -> dict[str, tuple[str, str]]:
    """The columns that are sources."""
    if not layout.wide:
        return {}
    others = [name for name in header if name and not _is_ours(name)]
    if isinstance(layout.wide, bool):
        chosen = others
        faults += [fault for name in others for fault in _no_source(name)]
    else:
        spelt = {normal(name): name for name in others}
        chosen = [spelt[normal(name)] for name in layout.wide if normal(name) in spelt]
        faults += [
            Fault(f"there is no column {quoted(name)} that could be a source", _advice(name, others))
            for name in layout.wide
            if normal(name) not in spelt
        ]

    if not chosen and not faults:
        faults.append(
            Fault("no column is a source", "a wide table has one column per source beside event and the like")
        )
    faults += _crowded(header, theirs, _ONE_A_ROW, "every other column is a source")
    return {name: ("source", name) for name in chosen}


def _is_ours(name: str) -> bool:
    return (
        normal(name) in ("words", BEST, *COLUMNS)
        or normal(name) in OUTCOMES
        or normal(name).startswith(COVERAGE_PREFIX)
    )


def _no_source(name: str) -> list[Fault]:
    """What is to be asked of a column that is hardly a source: it has a name of the field, or is headed by a day."""
    known = field_of(normal(name))
    if known in (None, "source"):  # what the field calls sources may well be one: Agency, Media
        if not is_time(name):
            return []
        mend = "write one row per report, with the day in reported_at"
        return [Fault(f"column {quoted(name)} is headed by a date and is no source", mend, None, name)]

    mend = f"say what it is: {map_option(name, known)}, or leave it out: {map_option(name, '')}"
    return [Fault(f"column {quoted(name)} would be a source in a wide table", mend, None, name)]


def is_time(name: str) -> bool:
    """Whether the name of a column is a time."""
    try:
        field_time(name)
    except Wrong:
        return False
    return True


def _outcomes(header: Sequence[str], theirs: dict[str, str], faults: list[Fault]) -> dict[str, tuple[str, str]]:
    """The columns that are figures of one outcome each."""
    found = {name: ("outcome", name) for name in header if name in theirs and name in OUTCOMES}
    if found:
        faults += _crowded(header, theirs, _OF_AN_OUTCOME, "columns of figures are read as outcomes")
    return found


def _crowded(header: Sequence[str], theirs: dict[str, str], names: Sequence[str], why: str) -> list[Fault]:
    return [
        Fault(
            f"{why}, and there is a column {quoted(shown)} besides",
            f"leave it out ({map_option(shown, '')}), or read it in a run of its own",
            None,
            shown,
        )
        for name in column_names(header)
        if name in names
        for shown in [theirs.get(name, name)]
    ]


# ------------------------------------------------------------------------------------------------- low, best and high


def _name_best(header: list[str], theirs: dict[str, str]) -> bool:
    """Call the best figure of a coder the figure, where it stands beside low and high."""
    names = column_names(header)
    if BEST not in names or "figure" in names or (BEST not in theirs and not {"low", "high"} <= set(names)):
        return False
    place = names.index(BEST)
    theirs["figure"] = theirs.pop(BEST, header[place])
    header[place] = "figure"
    return True
