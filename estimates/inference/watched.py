"""Declared coverage brought to the cases of a call: of each event who watched it, who spoke and who did not.

An event is one decision of a source, whatever it counts, so one of its cases tells of it: that of the killed, or the
first of those there are. Of a source that is declared to watch the event there are six things to be told apart:

- a figure of that outcome, "none" among them: it spoke;
- a denial and no figure: neither factor, since whoever denies does so for what the event is, not for its size;
- no comment, or "did not confirm", and no figure: silence, said in words;
- a figure of another outcome alone: it spoke of the event;
- nothing: silence.

All that is up to one time, of all sources alike: the time asked for (``as_of``), else that of the event's last row. A
source that is silent on the first day has said nothing of what the event is known as a month later, so the factor is on
the count of the age bin of that time, and the law of growth carries it to the end.

What a quoted source says counts as its own, as elsewhere, and who quotes it spoke, too.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from estimates.inference.cases import Case, Cases, case_of
from estimates.models.growth import FINAL
from estimates.models.silence import Watch, Watcher
from estimates.profile.profile import SourceProfile
from estimates.table.coverage import Coverage
from estimates.table.dates import Time
from estimates.table.faults import closest
from estimates.table.report import Report
from estimates.vocabulary import OUTCOMES

#: What a source did: each of these is told apart from the others.
type Answer = Literal["figure", "none", "other outcome", "denial", "no_comment", "not_confirmed", "nothing"]
SPEAKING, SILENT = ("figure", "none", "other outcome"), ("no_comment", "not_confirmed", "nothing")


class Party(NamedTuple):
    """A party that gives no figure of those hit by its own strike, and how."""

    source: str
    answer: Answer


@dataclass(frozen=True)
class Heard:
    """What the sources of one event said of the outcome that tells of coverage.

    Attributes
    ----------
    outcome : str
    answers : mapping of str to Answer
        Of every source with a row of the event, or quoted in one.
    parties : tuple of Party
        Those of them that are silent on their own strike.
    up_to : int
        The age bin up to which the event has been listened to.
    """

    outcome: str
    answers: Mapping[str, Answer]
    parties: tuple[Party, ...]
    up_to: int


def heard_of(reports: Sequence[Report], outcome: str, as_of_bin: int | None) -> Heard:
    """What the sources of one event said.

    Parameters
    ----------
    reports : sequence of Report
        All of the event that have been made by the time asked for, strikes and munitions among them.
    outcome : str
        The outcome that tells.
    as_of_bin : int or None
        The event's age bin at the time asked for; without one the event has been listened to up to its last dated row,
        and for good where none is dated.
    """
    rows: dict[str, list[Report]] = defaultdict(list)
    for report in reports:
        rows[report.source].append(report)
        if report.quotes:
            rows[report.quotes].append(report)

    answers = {source: _answer(own, outcome) for source, own in sorted(rows.items())}
    striking = {report.source for report in reports if report.affiliation == "own_strike" and report.is_silent}
    parties = tuple(Party(source, answers[source]) for source in sorted(striking) if answers[source] not in SPEAKING)
    return Heard(outcome, answers, parties, _listened_to(reports, as_of_bin))


def _answer(rows: Iterable[Report], outcome: str) -> Answer:
    rows = list(rows)
    of_it = [row for row in rows if row.outcome == outcome]
    if figures := [row for row in of_it if row.counts]:
        return "none" if all(row.wording == "none" for row in figures) else "figure"

    said = {row.wording for row in of_it if row.is_silent}
    answers: tuple[Answer, ...] = ("denial", "not_confirmed", "no_comment")
    if found := next((answer for answer in answers if answer in said), None):
        return found
    if any(not row.is_silent for row in rows):
        return "other outcome"
    return next((answer for answer in answers if any(row.wording == answer for row in rows)), "nothing")


# From a table to cases ------------------------------------------------------------------------------------------------


def watched(
    cases: Cases, reports: Sequence[Report], coverage: Coverage | None, profile: SourceProfile, as_of: Time | None
) -> Cases:
    """The same cases, with who watched; those of events that nobody was declared to watch stay as they are.

    Parameters
    ----------
    cases : Cases
    reports : sequence of Report
        All reports of single events.
    coverage : Coverage, optional
    profile : SourceProfile
        Which knows how readily its sources report.
    as_of : Time, optional
        Reports made later are not heard, so that their sources are silent by then.
    """
    if coverage is None:
        return cases
    of_event = by_event(reports, as_of)
    found = list(cases.cases)
    for position in telling_positions(cases.cases):
        case = found[position]
        watch = watch_of(case, of_event[case.event], coverage, profile, cases.as_of_bins[position])
        if watch is not None:
            found[position] = with_watch(case, watch, profile, cases.as_of_bins[position])
    notes = (*cases.notes, *coverage.notes, *_notes(cases, of_event, coverage))
    return replace(cases, cases=tuple(found), notes=notes)


def by_event(reports: Iterable[Report], as_of: Time | None) -> dict[str, list[Report]]:
    """Reports of single events made by a time, those of context among them, by event."""
    of_event: dict[str, list[Report]] = defaultdict(list)
    for report in reports:
        if report.scope != "period" and not report.is_late(as_of):
            of_event[report.event].append(report)
    return of_event


def telling_positions(cases: Sequence[Case]) -> list[int]:
    """Positions of the cases that tell of coverage: of each event the first in the order of the outcomes."""
    first: dict[str, int] = {}
    for position in sorted(range(len(cases)), key=lambda position: OUTCOMES.index(cases[position].outcome)):
        first.setdefault(cases[position].event, position)
    return sorted(first.values())


def with_watch(case: Case, watch: Watch | None, profile: SourceProfile, as_of_bin: int | None) -> Case:
    """The same case with another watch."""
    return case_of(replace(case.about, watch=watch), [*case.figures, *case.passed_over], profile.bin_shares, as_of_bin)


def watch_of(
    case: Case, reports: Sequence[Report], coverage: Coverage, profile: SourceProfile, as_of_bin: int | None
) -> Watch | None:
    """Who was declared to watch the event of a case, and what came of it; None where nobody was.

    Parameters
    ----------
    case : Case
    reports : sequence of Report
        Of its event, made by the time asked for.
    coverage : Coverage
    profile : SourceProfile
    as_of_bin : int or None
        As `heard_of` takes it.
    """
    places = sorted({report.place for report in reports if report.place})
    happened = next((report.happened for report in reports if report.happened), None)
    declared = coverage.watchers(places, case.event_type, happened)
    heard = heard_of(reports, case.outcome, as_of_bin)

    answers = {source: heard.answers.get(source, "nothing") for source in declared}
    watchers = tuple(
        Watcher(source, answer in SPEAKING, profile.attention(source))
        for source, answer in answers.items()
        if answer != "denial"
    )
    if not watchers:
        return None
    others = any(answer in SPEAKING for source, answer in heard.answers.items() if source not in declared)
    return Watch(heard.up_to, watchers, others or coverage.sizes == "all")


def _listened_to(reports: Iterable[Report], as_of_bin: int | None) -> int:
    """The age bin up to which an event has been listened to, so that whoever had not spoken by then was silent."""
    if as_of_bin is not None:
        return as_of_bin
    dated = [report for report in reports if not math.isnan(report.age_high)]
    return max((report.age_bins[1] for report in dated), default=FINAL)


# What the reader must know --------------------------------------------------------------------------------------------


def _notes(cases: Cases, of_event: Mapping[str, Sequence[Report]], coverage: Coverage) -> Iterator[str]:
    """Sources that never speak, and events of which it cannot be told whether they were watched."""
    events = {case.event: case.event_type for case in cases.cases}
    names = {name for event in events for report in of_event[event] for name in (report.source, report.quotes) if name}
    for source in coverage.sources:
        if source not in names:
            meant = closest(source, sorted(names - set(coverage.sources)))
            advice = f"; is {meant!r} meant?" if meant else ""
            silent = "is declared to watch and has no row in this table: it counts as silent on all it watched"
            yield f"{source} {silent}{advice}"

    dated = any(row.is_dated for row in coverage.declarations)
    placed = any(row.place is not None for row in coverage.declarations)
    undated = [event for event in events if not any(report.happened for report in of_event[event])]
    nowhere = [event for event in events if not any(report.place for report in of_event[event])]
    if dated and undated:
        yield _left_out(undated, "date (event_date)", "times")
    if placed and nowhere:
        yield _left_out(nowhere, "place", "places")


def _left_out(events: Sequence[str], what: str, of: str) -> str:
    shown = ", ".join(events[:5]) + (f" and {len(events) - 5:,} others" if len(events) > 5 else "")
    return f"{shown}: without a {what} no declaration of certain {of} holds for them"
