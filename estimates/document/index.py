"""The index of a report of several events: a row for each outcome, totals by place and month, and a timeline."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import pandas as pd

from estimates.document import pictures
from estimates.inference.cases import Case
from estimates.inference.totals import MONTH, total_tables
from estimates.pieces import NOTHING_KEPT, Pieces
from estimates.plots.scale import Scale, choose_scale
from estimates.plots.things import Bar
from estimates.plots.timeline import dated_events
from estimates.plots.timeline_layout import timeline_layout
from estimates.results.estimates import Estimates
from estimates.table.report import Report, numbers_said
from estimates.text import between, clean, plural, shortened
from estimates.vocabulary import ESTIMATED_OUTCOMES, OUTCOME_NAMES, WHY_ONE_LAYER, WITHOUT_LAYERS


class Grouping(NamedTuple):
    """What totals are made by, the heading of their table, and what a group without a name is called."""

    by: str
    heading: str
    unnamed: str


GROUPINGS = (Grouping("place", "By place", "no place given"), Grouping(MONTH, "By month", "no date given"))
#: So many groups of a total are shown at once; the others can be unfolded.
GROUPS_SHOWN = 12
#: Room for the marks below a range in a row, so many numbers at most.
_FIGURES_SHOWN = 12

type Interval = tuple[int, int]


@dataclass(frozen=True)
class IndexRow:
    """One outcome of one event in the index; texts are clean but not escaped.

    Attributes
    ----------
    event, link : str
        Its name, and where it is shown in full.
    outcome, kind, place, date : str
        Whom it counts, and what is known of the event; empty where it is not.
    floor : int or None
    reported : str
    documented, total : tuple of (int, (int, int))
        Median and 80% range.
    picture : str
        An ``<svg>`` element of the 50, 80 and 95% range.
    has_layers : bool
        Whether the full toll is another than the documented one.
    """

    event: str
    link: str
    outcome: str
    kind: str
    place: str
    date: str
    floor: int | None
    reported: str
    documented: tuple[int, Interval]
    total: tuple[int, Interval]
    picture: str
    has_layers: bool

    @property
    def facts(self) -> tuple[str, ...]:
        """What is known of the event."""
        return tuple(fact for fact in (self.date, self.kind, self.place) if fact)


@dataclass(frozen=True)
class TotalRow:
    """A total of some events.

    Attributes
    ----------
    name : str
    events : int
    median : int
    apart, common : (int, int)
        80% ranges of what is documented in the end, for errors of accounts that are independent between events and for
        a common one.
    claimed : (int, int)
        The range that would be claimed if everything were independent between events.
    full : (int, int)
        80% range of the full toll for common errors and remainders.
    """

    name: str
    events: int
    median: int
    apart: Interval
    common: Interval
    claimed: Interval
    full: Interval


@dataclass(frozen=True)
class TotalsView:
    """Totals of one grouping: those shown at once, and those that can be unfolded."""

    heading: str
    shown: tuple[TotalRow, ...]
    more: tuple[TotalRow, ...]


@dataclass(frozen=True)
class OutcomeTotals:
    """Totals of one outcome, in a sentence and in tables, and its timeline, empty where too few events have a date."""

    people: str
    anchor: str
    sentence: str
    totals: tuple[TotalsView, ...]
    timeline: str
    undated: int
    advice: str


@dataclass(frozen=True)
class IndexView:
    """Everything in an index.

    Attributes
    ----------
    rows : tuple of IndexRow
        By event, outcomes in the order of the vocabulary.
    outcomes, kinds, places : tuple of str
        What rows can be filtered by.
    totals : tuple of OutcomeTotals
    silent : tuple of (str, str)
        Events without an estimate, each with where it is shown.
    """

    rows: tuple[IndexRow, ...]
    outcomes: tuple[str, ...]
    kinds: tuple[str, ...]
    places: tuple[str, ...]
    totals: tuple[OutcomeTotals, ...]
    silent: tuple[tuple[str, str], ...]

    @property
    def why_one_layer(self) -> str:
        """Why some rows have one range; empty where all have layers."""
        return "" if all(row.has_layers for row in self.rows) else WHY_ONE_LAYER

    @property
    def has_totals(self) -> bool:
        """Whether an outcome was counted in more than one event."""
        return any(each.totals for each in self.totals)


def index_view(estimates: Estimates, link: Callable[[int, str], str], pieces: Pieces = NOTHING_KEPT) -> IndexView:
    """The index of a report.

    Parameters
    ----------
    estimates : Estimates
    link : callable
        From the number of an event, in the order of names from one, and an outcome to where it is shown.
    pieces : Pieces
        Where totals are kept and found.
    """
    said: dict[str, list[Report]] = defaultdict(list)
    for report in estimates.reports.reports:
        said[report.event].append(report)
    records = estimates.ranges().to_dict("records")
    ranges = {(row["event"], row["outcome"], row["layer"]): row for row in records}
    scales = _scales(records)

    cases = sorted(estimates.cases, key=lambda case: (case.event, ESTIMATED_OUTCOMES.index(case.outcome)))
    numbers = {event: number for number, event in enumerate(sorted(said), start=1)}
    rows = tuple(
        _row(case, said[case.event], ranges, scales[case.outcome], link(numbers[case.event], case.outcome))
        for case in cases
    )
    there = [outcome for outcome in ESTIMATED_OUTCOMES if any(case.outcome == outcome for case in cases)]

    return IndexView(
        rows=rows,
        outcomes=tuple(OUTCOME_NAMES[outcome] for outcome in there),
        kinds=_different(row.kind for row in rows),
        places=_different(row.place for row in rows),
        totals=tuple(_of_outcome(estimates, outcome, records, pieces) for outcome in there),
        silent=_silent(numbers, {case.event for case in cases}, link),
    )


def _silent(
    numbers: Mapping[str, int], estimated: Collection[str], link: Callable[[int, str], str]
) -> tuple[tuple[str, str], ...]:
    """Events of which nothing is estimated, with the addresses of their pages."""
    return tuple((clean(event), link(number, "")) for event, number in numbers.items() if event not in estimated)


def _different(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({value for value in values if value}))


# Rows -----------------------------------------------------------------------------------------------------------------


def _scales(records: Sequence[Mapping[Any, Any]]) -> dict[str, Scale]:
    """One scale for all rows of an outcome."""
    ends: dict[str, list[int]] = defaultdict(list)
    for row in records:
        if row["layer"] == "documented":
            ends[row["outcome"]] += [int(row["low_95"]), int(row["high_95"])]
    return {outcome: choose_scale(found) for outcome, found in ends.items()}


def _row(case: Case, said: Sequence[Report], ranges: Mapping[Any, Any], scale: Scale, link: str) -> IndexRow:
    documented, total = (ranges[case.event, case.outcome, layer] for layer in ("documented", "total"))
    intervals = tuple((int(documented[f"low_{level}"]), int(documented[f"high_{level}"])) for level in (50, 80, 95))
    figures = sorted({number for figure in case.whole_figures for number in numbers_said(figure.words)})
    bar = Bar("", "documented", int(documented["median"]), intervals)

    return IndexRow(
        event=clean(case.event),
        link=link,
        outcome=OUTCOME_NAMES[case.outcome],
        kind=_one_of({report.event_type.replace("_", " ") for report in said}),
        place=_one_of({clean(report.place) for report in said if report.place}),
        date=_one_of({clean(report.event_date).replace("/", " to ") for report in said if report.event_date}),
        floor=case.floor,
        reported=case.reported,
        documented=_range(documented),
        total=_range(total),
        picture=pictures.row_picture(scale, bar, figures[:_FIGURES_SHOWN]),
        has_layers=case.outcome not in WITHOUT_LAYERS,
    )


def _one_of(values: set[str]) -> str:
    """What reports say of an event, in one text; empty where nothing is known."""
    return shortened(", ".join(sorted(values - {"", "unknown"})))


def _range(row: Mapping[Any, Any]) -> tuple[int, Interval]:
    return int(row["median"]), (int(row["low_80"]), int(row["high_80"]))


# Totals ---------------------------------------------------------------------------------------------------------------


def _of_outcome(estimates: Estimates, outcome: str, records: Sequence[dict[Any, Any]], pieces: Pieces) -> OutcomeTotals:
    own = [row for row in records if row["outcome"] == outcome and row["layer"] == "documented"]
    if len(own) < 2:
        return OutcomeTotals(OUTCOME_NAMES[outcome], f"totals-{outcome}", "", (), "", 0, "")

    table = estimates.reports.table
    asked = [grouping for grouping in GROUPINGS if not _has_several(table, grouping.by)]
    by = [None, *(grouping.by for grouping in asked)]
    whole, *others = total_tables(estimates._solved, table, outcome, by, pieces=pieces)
    found = [TotalsView("All events", _total_rows(whole, "all events"), ())]
    found += [view for grouping, total in zip(asked, others, strict=True) if (view := _grouped(total, grouping))]

    timeline, undated = _timeline(estimates, outcome, own)
    advice = clean(str(whole.attrs.get("advice", "")))
    sentence = _in_a_sentence(found[0].shown[0], outcome)
    return OutcomeTotals(OUTCOME_NAMES[outcome], f"totals-{outcome}", sentence, tuple(found), timeline, undated, advice)


def _in_a_sentence(total: TotalRow, outcome: str) -> str:
    """The total of all events, by the wider of both ranges."""
    ends = min(total.apart[0], total.common[0]), max(total.apart[1], total.common[1])
    told = "" if outcome in WITHOUT_LAYERS else ", documented in the end,"
    return (
        f"The number of {OUTCOME_NAMES[outcome]} in these {total.events:,} events together{told} {between(ends)} "
        "with a probability of about 80%."
    )


def _grouped(total: pd.DataFrame, grouping: Grouping) -> TotalsView | None:
    """Totals by a column; nothing where all events are one group."""
    rows = _total_rows(total, grouping.unnamed)
    if len(rows) < 2:
        return None
    in_time = grouping.by == MONTH
    order = sorted(rows, key=lambda row: (row.name == grouping.unnamed, 0 if in_time else -row.median, row.name))
    return TotalsView(grouping.heading, tuple(order[:GROUPS_SHOWN]), tuple(order[GROUPS_SHOWN:]))


def _has_several(table: pd.DataFrame, column: str) -> bool:
    """Whether an event has several values of a column."""
    if column not in table.columns:
        return False
    known = table[table[column].notna() & (table[column] != "")]
    return bool((known.groupby("event")[column].nunique() > 1).any())


def _total_rows(table: pd.DataFrame, unnamed: str) -> tuple[TotalRow, ...]:
    """Rows of `Estimates.total`, one a group."""
    groups: dict[str, dict[tuple[str, str, str], dict[Any, Any]]] = defaultdict(dict)
    for row in table.to_dict("records"):
        groups[str(row[table.columns[0]])][row["layer"], row["accounts"], row["remainder"]] = row

    rows = []
    for name, found in groups.items():
        apart, common = (found["documented", how, ""] for how in ("independent", "common"))
        full = found["total", "common", "common"]

        rows.append(
            TotalRow(
                name=shortened(clean(name)) or unnamed,
                events=int(apart["events"]),
                median=int(apart["median"]),
                apart=(int(apart["low_80"]), int(apart["high_80"])),
                common=(int(common["low_80"]), int(common["high_80"])),
                claimed=(int(apart["independent_low_80"]), int(apart["independent_high_80"])),
                full=(int(full["low_80"]), int(full["high_80"])),
            )
        )
    return tuple(rows)


def _timeline(estimates: Estimates, outcome: str, rows: Sequence[dict[Any, Any]]) -> tuple[str, int]:
    """A picture of events over time, and how many have no date."""
    events = dated_events(estimates.reports.reports, rows)
    undated = len(rows) - len(events)
    if len({event.day for event in events}) < 2:
        return "", undated

    people = OUTCOME_NAMES[outcome]
    days = [event.day.isoformat() for event in events]
    largest = max(events, key=lambda event: event.bar.median)
    text = (
        f"{plural(len(events), 'event')} from {min(days)} to {max(days)}, each with its median and 80% range of what "
        f"is documented in the end; the largest is {largest.title}. The table of events has all of them."
    )
    layout = timeline_layout(events, unit=people)
    name = f"timeline-{outcome}"
    return pictures.timeline_picture(name, f"Events over time: {people}", text, layout), undated
