"""The events of a report: every outcome with its answer, pictures and tables, and every row with what became of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from estimates.document.answer import AnswerView, answer
from estimates.document.chances import (
    CHANCES_SHOWN,
    INFLUENCE_SOURCES,
    ChancesView,
    InfluenceView,
    chances_of,
    influences,
    no_influence,
    source_count,
    thinned,
)
from estimates.document.data import range_rows
from estimates.document.layers import LayerView, curve, end_of, has_history, history_picture, outcome_picture
from estimates.document.layout import ONE_FILE, Layout
from estimates.document.rows import ReportView, silence
from estimates.document.sources import SourceView, sources_in_play
from estimates.inference.cases import Case
from estimates.inference.missing_share import share_of_missing
from estimates.inference.uses import Background
from estimates.profile.profile import SourceProfile
from estimates.results.estimates import Estimates
from estimates.table.report import Report
from estimates.text import between, clean, count, shortened
from estimates.vocabulary import ESTIMATED_OUTCOMES, OUTCOME_NAMES, shown_layers


@dataclass(frozen=True)
class OutcomeView:
    """Everything about one outcome of one event."""

    case: Case
    anchor: str
    answer: AnswerView
    sentences: tuple[str, ...]
    warning: str
    picture: str
    condensed: str
    history: str
    silent: tuple[str, ...]
    layers: tuple[LayerView, ...]
    chances: ChancesView
    influence: tuple[InfluenceView, ...]
    no_influence: str

    @property
    def people(self) -> str:
        """Who is counted, as after "number of"."""
        return OUTCOME_NAMES[self.case.outcome]

    @property
    def has_layers(self) -> bool:
        """Whether there is more than one range."""
        return len(self.layers) > 1

    @property
    def name(self) -> str:
        """The same as a heading."""
        return self.people[0].upper() + self.people[1:]


@dataclass(frozen=True)
class EventView:
    """One event with its outcomes and every report of it."""

    name: str
    anchor: str
    facts: tuple[str, ...]
    outcomes: tuple[OutcomeView, ...]
    sources: tuple[SourceView, ...]
    reports: tuple[ReportView, ...]
    context: tuple[ReportView, ...]


# Tables of results ----------------------------------------------------------------------------------------------------

type _Rows = Mapping[tuple[str, str], Sequence[dict[str, Any]]]


@dataclass(frozen=True)
class _Results:
    """Rows of the tables of results by event and outcome; none where a table says nothing of a case."""

    ranges: _Rows
    influence: _Rows
    history: _Rows


def _results(estimates: Estimates, layout: Layout) -> _Results:
    cases: dict[str, list[Case]] = defaultdict(list)
    for case in estimates.cases:
        cases[case.event].append(case)
    in_full = layout.shows_all_of(len(cases))
    few = [event for event, asked in cases.items() if in_full and source_count(asked) <= INFLUENCE_SOURCES]

    said: dict[str, dict[str, list[Report]]] = defaultdict(lambda: defaultdict(list))
    for report in estimates.reports.estimated_reports:
        said[report.outcome][report.event].append(report)
    histories = []
    for outcome in dict.fromkeys(case.outcome for case in estimates.cases):
        events = [event for event, reports in said[outcome].items() if in_full and has_history(reports)]
        if events:
            histories.append(estimates.history(events, outcome))

    influence = [estimates.influence(events=few)] if few else []
    return _Results(_by_case(range_rows(estimates)), _by_case(_rows(*influence)), _by_case(_rows(*histories)))


def _rows(*tables: pd.DataFrame) -> Iterator[dict[str, Any]]:
    for table in tables:
        yield from ({str(key): value for key, value in row.items()} for row in table.to_dict("records"))


def _by_case(rows: Iterable[dict[str, Any]]) -> _Rows:
    grouped: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        grouped[str(row["event"]), str(row["outcome"])].append(row)
    return grouped


# Events and outcomes --------------------------------------------------------------------------------------------------


def events_view(estimates: Estimates, layout: Layout = ONE_FILE) -> tuple[EventView, ...]:
    """Every event of the table in the order of names, also those of which nothing is estimated."""
    reports: dict[str, list[Report]] = defaultdict(list)
    for report in estimates.reports.reports:
        reports[report.event].append(report)
    cases: dict[str, list[Case]] = defaultdict(list)
    for case in sorted(estimates.cases, key=lambda case: ESTIMATED_OUTCOMES.index(case.outcome)):
        cases[case.event].append(case)

    results = _results(estimates, layout)
    events = []
    for number, name in enumerate(sorted(reports), start=1):
        background, anchor = Background.of(estimates.as_of, cases[name], reports[name]), f"event-{number}"
        outcomes = tuple(_outcome(estimates, results, background, case, anchor, reports[name]) for case in cases[name])
        events.append(_event(estimates.profile, background, anchor, reports[name], outcomes))
    return tuple(events)


def _event(
    profile: SourceProfile,
    background: Background,
    anchor: str,
    reports: Sequence[Report],
    outcomes: tuple[OutcomeView, ...],
) -> EventView:
    return EventView(
        name=clean(reports[0].event),
        anchor=anchor,
        facts=_facts(reports),
        outcomes=outcomes,
        sources=sources_in_play(profile, background.cases.values()),
        reports=tuple(ReportView.of(background, report) for report in reports if report.is_estimated),
        context=tuple(ReportView.of(background, report) for report in reports if not report.is_estimated),
    )


def _facts(reports: Sequence[Report]) -> tuple[str, ...]:
    """When and where an event was and what it was, by its reports."""
    dates = {clean(report.event_date).replace("/", " to ") for report in reports if report.event_date}
    types = {report.event_type.replace("_", " ") for report in reports if report.event_type != "unknown"}
    places = {clean(report.place) for report in reports if report.place not in (None, "unknown")}
    return tuple(shortened(fact) for facts in (dates, types, places) for fact in sorted(facts))


def _outcome(
    estimates: Estimates,
    results: _Results,
    background: Background,
    case: Case,
    event_anchor: str,
    reports: Sequence[Report],
) -> OutcomeView:
    key, anchor = (case.event, case.outcome), f"{event_anchor}-{case.outcome}"
    said = [report for report in reports if report.outcome == case.outcome and report.is_estimated]
    shown = shown_layers(case.outcome)
    layers = tuple(LayerView.of(row) for row in results.ranges[key] if row["layer"] in shown)
    total, documented = (curve(estimates, case, layer) for layer in ("total", "documented"))
    curves = [each for each in (total, documented) if each.layer in shown]
    picture, condensed = outcome_picture(background, case, anchor, said, layers, curves)

    numbers = case.numbers_said or [1]
    chances = ChancesView(chances_of(documented, total, thinned(numbers, CHANCES_SHOWN)), len(numbers))
    influence = influences(results.influence[key])
    without = [(row.without, *row.ranges[0]) for row in influence]

    silent = tuple(silence(report) for report in said if report.is_silent)
    said_first = answer(estimates, case, said, layers, without)
    history = history_picture(case, anchor, said, results.history[key])
    none_shown = "" if influence else no_influence(case, tuple(background.cases.values()))

    return OutcomeView(
        case=case,
        anchor=anchor,
        answer=said_first,
        sentences=_sentences(case, layers),
        warning=_warning(case),
        picture=picture,
        condensed=condensed,
        history=history,
        silent=silent,
        layers=layers,
        chances=chances,
        influence=influence,
        no_influence=none_shown,
    )


def _sentences(case: Case, layers: Sequence[LayerView]) -> tuple[str, ...]:
    documented, total, people = end_of(layers), layers[-1], OUTCOME_NAMES[case.outcome]
    if not case.about.has_layers:
        return (
            _what_was_said(case, people),
            f"Under the assumptions of this report, the number of {people} {between(documented.likely)} with a "
            f"probability of 80% (median {count(documented.median)}).",
        )

    of_missing = share_of_missing(case, documented.likely)
    told = f" {of_missing[0].upper()}{of_missing[1:]}." if of_missing else ""
    return (
        _what_was_said(case, people),
        f"Under the assumptions of this report, the number of {people} that is documented in the end "
        f"{between(documented.likely)} with a probability of 80% (median {count(documented.median)}).{told}",
        f"The full toll, with those never documented, {between(total.likely)} with a probability of 80% "
        f"(median {count(total.median)}).",
    )


def _what_was_said(case: Case, people: str) -> str:
    floor = ""
    if case.floor is not None:
        floor = f" The floor, people known by name, is {count(case.floor)}."
    if not case.has_statement:
        parts = f", only of a part: {clean(case.reported_parts)}" if case.part_figures else ""
        return f"No source gave a figure for all {people}{parts}.{floor}"

    speakers = len(case.speakers)
    who = "One source puts" if speakers == 1 else f"{speakers:,} sources put"
    if case.reported_high == 0 and not case.vague_words:
        return f"{who.replace(' put', ' report')} no {people}.{floor}"
    return f"{who} the number of {people} at {case.reported}.{floor}"


def _warning(case: Case) -> str:
    if not case.has_figure:
        return "No figure bears on this outcome: the ranges are prior only, and say nothing about this event."
    if not case.has_statement and case.part_figures:
        return "Only figures of a part are known: whether others were hit beside it is left open."
    if not case.has_statement and case.missing_figures:
        return "Only numbers of people missing are known: nobody counted the dead."
    if not case.has_statement:
        return "Only a floor is known: above it the ranges are dominated by the prior."
    if len(case.sources) == 1:
        return "One source only: nothing checks it, and the ranges rest on it and on the prior."
    return ""
