"""The uncertainty report as plain dataclasses of text and numbers, which the templates lay out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from estimates.document.assumptions import LIMITS, MEANING, USE, BiasView, assumptions, biases, by_now_meaning
from estimates.document.layers import LayerView, curve, has_history, history_picture, outcome_picture
from estimates.document.pictures import Curve
from estimates.document.rows import Background, ReportView, is_estimated, silence
from estimates.inference.cases import Case
from estimates.models.grid import Grid, probability_at_least
from estimates.models.wording import SILENT_WORDINGS, VAGUE_WORDS
from estimates.results.estimates import Estimates
from estimates.table.dates import parse_time
from estimates.text import OUTCOME_NAMES, between, clean, count, shortened
from estimates.vocabulary import ESTIMATED_OUTCOMES, LAYERS

#: So many of the numbers said get a probability of their own.
CHANCES_SHOWN = 8
#: Influence takes an estimate for every source; events with more sources go without.
INFLUENCE_SOURCES = 12


@dataclass(frozen=True)
class InfluenceView:
    """Medians and 80% ranges without one source, for the documented and the full toll."""

    without: str
    ranges: tuple[tuple[int, tuple[int, int]], ...]


@dataclass(frozen=True)
class OutcomeView:
    """Everything about one outcome of one event."""

    name: str
    people: str
    anchor: str
    sentences: tuple[str, ...]
    warning: str
    picture: str
    condensed: str
    history: str
    silent: tuple[str, ...]
    floor: int | None
    reported: str
    lines: tuple[LayerView, ...]
    chances: tuple[tuple[int, float, float], ...]
    chances_of: int
    influence: tuple[InfluenceView, ...]
    no_influence: str


@dataclass(frozen=True)
class EventView:
    """One event with its outcomes and every report of it."""

    name: str
    anchor: str
    facts: tuple[str, ...]
    outcomes: tuple[OutcomeView, ...]
    reports: tuple[ReportView, ...]
    context: tuple[ReportView, ...]


@dataclass(frozen=True)
class DocumentView:
    """The whole report."""

    table: str
    cut_off: str
    events: tuple[EventView, ...]
    report_count: int
    by_now: str
    meaning: str
    assumptions: tuple[tuple[str, str], ...]
    limits: tuple[tuple[str, str], ...]
    use: str
    biases: tuple[BiasView, ...]
    priors: tuple[tuple[str, str, str], ...]
    notes: tuple[str, ...]
    provenance: tuple[tuple[str, str], ...]

    @property
    def outcomes(self) -> tuple[tuple[EventView, OutcomeView], ...]:
        """Every outcome with its event."""
        return tuple((event, outcome) for event in self.events for outcome in event.outcomes)


# The document ---------------------------------------------------------------------------------------------------------


def document_view(estimates: Estimates) -> DocumentView:
    """Everything a report shows, in the order it is shown.

    Parameters
    ----------
    estimates : Estimates

    Returns
    -------
    DocumentView
    """
    table = estimates.reports.table
    ranges = _by_question(estimates.ranges(layers=LAYERS))
    cases: dict[str, list[Case]] = {}
    for case in sorted(estimates.cases, key=lambda case: ESTIMATED_OUTCOMES.index(case.outcome)):
        cases.setdefault(case.event, []).append(case)
    few = [event for event, asked in cases.items() if _source_count(asked) <= INFLUENCE_SOURCES]
    influence = _by_question(estimates.influence(events=few))
    records = _records(table)
    history = _history(estimates, records)
    events = []
    for number, name in enumerate(sorted(records), start=1):
        background = Background.of(estimates, cases.get(name, []), records[name])
        outcomes = tuple(
            _outcome(
                estimates,
                background,
                case,
                f"event-{number}-{case.outcome}",
                records[name],
                ranges[name, case.outcome],
                influence.get((name, case.outcome), []),
                history.get((name, case.outcome), []),
            )
            for case in cases.get(name, [])
        )
        events.append(_event(background, name, f"event-{number}", records[name], outcomes))
    return DocumentView(
        table=clean(Path(estimates.reports.name).name or estimates.reports.name),
        cut_off=_cut_off(estimates, table),
        events=tuple(events),
        report_count=len(table),
        by_now=by_now_meaning(estimates),
        meaning=MEANING,
        assumptions=assumptions(estimates),
        limits=LIMITS,
        use=USE,
        biases=biases(estimates),
        priors=tuple((prior.name, prior.describe(), prior.basis) for prior in estimates.profile.priors.values()),
        notes=tuple(clean(note) for note in estimates.notes),
        provenance=tuple((name.replace("_", " "), _stated(value)) for name, value in estimates.provenance.items()),
    )


def _history(
    estimates: Estimates, records: dict[str, list[dict[str, Any]]]
) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """Rows of the history of those events and outcomes whose ranges over time are worth a picture."""
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for outcome in dict.fromkeys(case.outcome for case in estimates.cases):
        events = [
            name
            for name, rows in records.items()
            if has_history([row for row in rows if row["outcome"] == outcome and is_estimated(row)])
        ]
        if events:
            found |= _by_question(estimates.history(events, outcome))
    return found


def _by_question(frame: pd.DataFrame) -> dict[tuple[str, str], list[dict[str, Any]]]:
    grouped: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in frame.to_dict("records"):
        grouped.setdefault((str(row["event"]), str(row["outcome"])), []).append({str(key): row[key] for key in row})
    return grouped


def _records(table: pd.DataFrame) -> dict[str, list[dict[str, Any]]]:
    """Rows of each event, in the order of the table."""
    grouped: dict[str, list[dict[str, Any]]] = {}
    for row in table.to_dict("records"):
        record = {str(key): value for key, value in row.items()}
        grouped.setdefault(str(record["event"]), []).append(record)
    return grouped


def _stated(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "not given" if value is None else clean(value)


def _cut_off(estimates: Estimates, table: pd.DataFrame) -> str:
    if estimates.as_of is not None:
        return f"{clean(estimates.as_of)} (reports made later are left out)"
    times = [text for text in table["reported_at"] if isinstance(text, str) and text]
    if not times:
        return "not known: no report is dated"
    return f"{clean(max(times, key=lambda text: (parse_time(text).end, text)))} (the latest report)"


# Events and outcomes --------------------------------------------------------------------------------------------------


def _event(
    background: Background,
    name: str,
    anchor: str,
    records: Sequence[dict[str, Any]],
    outcomes: tuple[OutcomeView, ...],
) -> EventView:
    return EventView(
        name=clean(name),
        anchor=anchor,
        facts=_facts(records),
        outcomes=outcomes,
        reports=tuple(ReportView.of(background, record) for record in records if is_estimated(record)),
        context=tuple(ReportView.of(background, record) for record in records if not is_estimated(record)),
    )


def _facts(records: Sequence[dict[str, Any]]) -> tuple[str, ...]:
    facts = []
    for column in ("event_date", "event_type", "place"):
        values = sorted({clean(record[column]) for record in records if record[column] not in (None, "", "unknown")})
        facts += [value.replace("_", " ") if column == "event_type" else value for value in values]
    return tuple(shortened(fact) for fact in facts)


def _outcome(
    estimates: Estimates,
    background: Background,
    case: Case,
    anchor: str,
    records: Sequence[dict[str, Any]],
    ranges: Sequence[dict[str, Any]],
    influence: Sequence[dict[str, Any]],
    history: Sequence[dict[str, Any]],
) -> OutcomeView:
    said = [record for record in records if record["outcome"] == case.outcome and is_estimated(record)]
    lines = tuple(LayerView.of(row) for row in ranges)
    total, documented = (curve(estimates, case, layer) for layer in ("total", "documented"))
    people = OUTCOME_NAMES[case.outcome]
    picture, condensed = outcome_picture(background, case, anchor, said, lines, (total, documented))
    numbers = _numbers_said(case)
    return OutcomeView(
        name=people[0].upper() + people[1:],
        people=people,
        anchor=anchor,
        sentences=_sentences(case, people, lines),
        warning=_warning(case),
        picture=picture,
        condensed=condensed,
        history=history_picture(case, anchor, said, history),
        silent=tuple(silence(record) for record in said if record["wording"] in SILENT_WORDINGS),
        floor=case.floor,
        reported=case.reported,
        lines=lines,
        chances=_chances(documented, total, _thinned(numbers, CHANCES_SHOWN)),
        chances_of=len(numbers),
        influence=_influence(influence),
        no_influence="" if influence else _no_influence(case, background.cases.values()),
    )


def _sentences(case: Case, people: str, lines: Sequence[LayerView]) -> tuple[str, ...]:
    documented, total = lines[1], lines[2]
    return (
        _what_was_said(case, people),
        f"Under the assumptions of this report, the number of {people} that is documented in the end "
        f"{between(documented.likely)} with a probability of 80% (median {count(documented.median)}).",
        f"The full toll, with those never documented, {between(total.likely)} with a probability of 80% "
        f"(median {count(total.median)}).",
    )


def _what_was_said(case: Case, people: str) -> str:
    speakers = len({row.key.source for row in case.rows if not row.floor_group})
    floor = ""
    if case.floor is not None:
        floor = f" The floor, people counted by name or as part of the whole, is {count(case.floor)}."
    if not case.has_statement:
        return f"No source gave a figure for all {people}.{floor}"
    who = "One source puts" if speakers == 1 else f"{speakers:,} sources put"
    if case.reported_high == 0 and not case.vague_words:
        return f"{who.replace(' put', ' report')} no {people}.{floor}"
    return f"{who} the number of {people} at {case.reported}.{floor}"


def _warning(case: Case) -> str:
    if not case.has_figure:
        return "No figure bears on this outcome: the ranges are prior only, and say nothing about this event."
    if not case.has_statement:
        return "Only a floor is known: above it the ranges are dominated by the prior."
    if len(case.sources) == 1:
        return "One source only: nothing checks it, and the ranges rest on it and on the prior."
    return ""


# Probabilities and influence ------------------------------------------------------------------------------------------


def _numbers_said(case: Case) -> list[int]:
    said: set[int] = set()
    for row in case.rows:
        if row.words is not None and not row.floor_group:
            usual = VAGUE_WORDS[row.words.word][1:3] if row.words.wording == "vague" else None
            said |= set(usual or (row.words.low, row.words.high))
    return sorted(said - {0} or {1})


def _thinned(numbers: Sequence[int], most: int) -> list[int]:
    """At most so many of the numbers, the first and the last among them."""
    if len(numbers) <= most:
        return list(numbers)
    return [numbers[round(index * (len(numbers) - 1) / (most - 1))] for index in range(most)]


def _chances(documented: Curve, total: Curve, numbers: Sequence[int]) -> tuple[tuple[int, float, float], ...]:
    return tuple((number, _chance(documented, number), _chance(total, number)) for number in numbers)


def _chance(curve: Curve, number: int) -> float:
    return probability_at_least(Grid(curve.edges), curve.probability, number)


def _source_count(cases: Iterable[Case]) -> int:
    """How many sources give the figures of an event, all outcomes together."""
    return len({source for case in cases for source in case.sources})


def _influence(rows: Sequence[dict[str, Any]]) -> tuple[InfluenceView, ...]:
    found: dict[str, list[tuple[int, tuple[int, int]]]] = {}
    for row in rows:
        likely = (int(row["low_80"]), int(row["high_80"]))
        found.setdefault(str(row["without"]), []).append((int(row["median"]), likely))
    return tuple(InfluenceView(shortened(clean(name)), tuple(ranges)) for name, ranges in found.items())


def _no_influence(case: Case, asked: Iterable[Case]) -> str:
    if not case.rows:
        return "No source bears on this number; there is no influence to show, only the prior."
    return (
        f"Left out: the ranges without each source in turn. This event has {_source_count(asked):,} sources, and a "
        f"report shows their influence up to {INFLUENCE_SOURCES}; Estimates.influence() lists it for any number."
    )
