"""Posteriors of events under one profile, without MCMC; each event stands by itself.

The draws of the profile are fixed. Given a draw, the posterior of every case is exact on the case's grid of counts, so
that all that is left is to weight the draws by how probable they make the observations of the event, all its outcomes
together. No other event has a say. Most events are content with the profile's first draws; one whose weights would rest
on too few of these takes more, and where that is not enough its likelihood is raised to a power below one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

import numpy as np
from numpy.typing import NDArray

from estimates.inference.cases import Case, Cases
from estimates.inference.engine import TABLE_BYTES, CaseTable, Engine, engine_of
from estimates.inference.undocumented import UndocumentedLayer
from estimates.models import importance
from estimates.models.importance import ImportanceWeights
from estimates.models.types import Floats
from estimates.profile.profile import DRAWS, SourceProfile
from estimates.progress import Progress, told


@dataclass(frozen=True)
class Effort:
    """How much work an event is worth.

    Attributes
    ----------
    draws : int
        Of the profile, that every event begins with.
    effective : int
        Effective draws that an event should be left with: it takes more until it is, or the profile has no more. By
        default only as many as weights need to be borne.
    cores : int, optional
        That work at a time; by default all.
    for_totals : bool
        Whether a count of the accounts is drawn under each of the first draws, which totals are made of.
    """

    draws: int = DRAWS
    effective: int = 0
    cores: int | None = None
    for_totals: bool = True


#: What is spent unless asked otherwise.
USUAL = Effort()


@dataclass(frozen=True)
class EventCases:
    """The cases of one event, and whether the profile was learned from it."""

    name: str
    known: bool
    cases: tuple[Case, ...]


@dataclass(frozen=True, eq=False)
class SolvedEvent:
    """The cases of one event for every draw, and the weights of the draws.

    Attributes
    ----------
    cases : tuple of Case
    engine : Engine
        Of the draws that were used.
    log_marginal_likelihood : array, shape (draws,)
        Of all cases together.
    weights : ImportanceWeights
    tables : tuple of CaseTable
    """

    cases: tuple[Case, ...]
    engine: Engine
    log_marginal_likelihood: Floats
    weights: ImportanceWeights
    tables: tuple[CaseTable, ...]

    def documented(self, place: int) -> Floats:
        """Probability of each cell of one case's grid, shape (cells,), for the layer that was asked for."""
        return importance.average(self.tables[place].mass, self.weights.values)

    def total(self, place: int, layer: UndocumentedLayer) -> Floats:
        """The same for the full toll, shape (cells,), where the tables are of what is documented in the end."""
        case, table = self.cases[place], self.tables[place].mass
        return layer.of(case.outcome).total(table, self.weights.values, self.engine, case.grid, case.at_risk)


@dataclass(frozen=True, eq=False)
class Answer:
    """Posterior of one case.

    Attributes
    ----------
    case : Case
    documented, total : float32 arrays, shape (cells,)
        Probability of each cell of the case's grid for the documentable and the full toll.
    held, alternative : int16 array and int8 array, shape (first draws,)
        The cell of a count that all accounts together hold, drawn under each of the profile's first draws, and the
        number of the alternative of its ages; empty where none is drawn.
    """

    case: Case
    documented: NDArray[np.float32]
    total: NDArray[np.float32]
    held: NDArray[np.int16]
    alternative: NDArray[np.int8]


@dataclass(frozen=True, eq=False)
class EventEvidence:
    """How the draws were weighted for one event, and what it says of the profile's first draws.

    Attributes
    ----------
    name : str
    known : bool
        Whether the profile was learned from it: then it says nothing new.
    draws : int
        Of the profile, that were used.
    power, effective_draws, pareto_shape, whole_effective_draws : float
        Of its weights, as ``ImportanceWeights`` has them.
    log_marginal_likelihood : float32 array, shape (first draws,)
        Of all its cases together, below that of the best draw.
    positions : tuple of int
        Of its cases in the call.
    """

    name: str
    known: bool
    draws: int
    power: float
    effective_draws: float
    pareto_shape: float
    whole_effective_draws: float
    log_marginal_likelihood: NDArray[np.float32]
    positions: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Solution:
    """Answers to all cases of a call, in their order, and the evidence of each event by its name."""

    answers: tuple[Answer, ...]
    events: dict[str, EventEvidence]


def events_of(cases: Cases, profile: SourceProfile) -> list[EventCases]:
    """The events of a call, in the order of their cases."""
    grouped = groupby(cases.cases, key=lambda case: case.event)
    return [EventCases(name, profile.knows(name, cases.marks[name]), tuple(group)) for name, group in grouped]


def solve(
    cases: Cases,
    profile: SourceProfile,
    seed: int,
    layer: UndocumentedLayer,
    progress: Progress | None = None,
    effort: Effort = USUAL,
) -> Solution:
    """Posterior of every case under one profile.

    Parameters
    ----------
    cases : Cases
    profile : SourceProfile
    seed : int
        Keys the draws of each case, by its event and outcome.
    layer : UndocumentedLayer
        What leads from the documented to the full toll.
    progress : callable, optional
        Told how many events are done and how many there are.
    effort : Effort

    Raises
    ------
    ProfileError
        If the profile gives the figures of a case no finite probability in some draws.
    """
    events = events_of(cases, profile)
    starts = np.cumsum([0, *(len(event.cases) for event in events)]).tolist()
    # Events on one grid and of one type share most tables: they follow one another.
    order = sorted(range(len(events)), key=lambda index: _likeness(events[index]))

    answers: dict[int, Answer] = {}
    evidence: dict[str, EventEvidence] = {}
    held = seed if effort.for_totals else None
    found = solved_events([events[index] for index in order], profile, held=held, effort=effort)
    for index, solved in told(zip(order, found, strict=True), len(order), progress):
        positions = tuple(range(starts[index], starts[index + 1]))
        for place, position in enumerate(positions):
            answers[position] = _answer(solved, place, layer)
        evidence[events[index].name] = _evidence(events[index], solved, positions, effort.draws)
    in_order = tuple(answers[position] for position in range(len(answers)))
    return Solution(in_order, {event.name: evidence[event.name] for event in events})


def solved_events(
    events: Sequence[EventCases],
    profile: SourceProfile,
    *,
    by_now: bool = False,
    held: int | None = None,
    effort: Effort = USUAL,
) -> Iterator[SolvedEvent]:
    """Posteriors of one event after another, for all draws that it needs.

    Parameters
    ----------
    events : sequence of EventCases
    profile : SourceProfile
    by_now : bool
        Whether the tables are of what is documentable by now instead of in the end.
    held : int, optional
        The seed by which a count of the accounts is drawn under each of the first draws; none is by default.
    effort : Effort

    Raises
    ------
    ProfileError
        If the profile gives the figures of a case no finite probability in some draws.
    """
    numbers = _numbers_of_draws(profile, effort)
    profile = profile.in_blocks(numbers)
    first = engine_of(profile.first(numbers[0]), effort.cores)
    stream = first.tables([case for event in events for case in event.cases], by_now=by_now, held=held)

    for together in _in_memory(events, effort.draws):
        solved = _weighted(together, first, [[next(stream) for _ in event.cases] for event in together])
        for used, wanted in pairwise(numbers):
            again = [place for place, event in enumerate(together) if _needs_more(event, solved[place], effort)]
            following = engine_of(profile.between(used, wanted), effort.cores)
            more = following.tables([case for place in again for case in together[place].cases], by_now=by_now)
            drawn = [[table.followed_by(next(more)) for table in solved[place].tables] for place in again]

            engine = engine_of(profile.first(wanted), effort.cores)
            for place, event in zip(again, _weighted([together[place] for place in again], engine, drawn), strict=True):
                solved[place] = event
        yield from solved


def _numbers_of_draws(profile: SourceProfile, effort: Effort) -> list[int]:
    """How many draws an event takes while its weights rest on too few: twice as many up to the usual, then all.

    Where so many effective ones are asked for, it is twice as many to the end.
    """
    numbers, doubled_to = [effort.draws], profile.draws if effort.effective else DRAWS
    while numbers[-1] < doubled_to:
        numbers.append(min(2 * numbers[-1], doubled_to))
    return sorted({min(draws, profile.draws) for draws in (*numbers, profile.draws)})


def _in_memory(events: Sequence[EventCases], draws: int) -> Iterator[list[EventCases]]:
    """Events whose tables are in memory together, so that those of them that need more draws share the work."""
    together: list[EventCases] = []
    used = 0
    for event in events:
        together.append(event)
        used += sum(len(case.grid) for case in event.cases) * draws * 4
        if used > TABLE_BYTES:
            yield together
            together, used = [], 0

    if together:
        yield together


def _needs_more(event: EventCases, solved: SolvedEvent, effort: Effort) -> bool:
    """Whether the draws do not bear the evidence of an event as it is, or fewer are effective than asked for."""
    if event.known:
        return solved.weights.effective_draws < effort.effective
    return solved.weights.power < 1.0 or solved.weights.effective_draws < effort.effective


def _weighted(events: Sequence[EventCases], engine: Engine, tables: Sequence[Sequence[CaseTable]]) -> list[SolvedEvent]:
    """Some events, with the tables of the cases of each, and the weights that their evidence gives the draws."""
    if not events:
        return []
    logs = np.array([np.sum([table.log_marginal_likelihood for table in made], axis=0) for made in tables])
    equal = importance.equal_weights(logs.shape[1])
    return [
        SolvedEvent(event.cases, engine, of_event, equal if event.known else weights, tuple(made))
        for event, of_event, weights, made in zip(events, logs, importance.of_many(logs), tables, strict=True)
    ]


def _likeness(event: EventCases) -> tuple[object, ...]:
    grid = event.cases[0].grid
    return (len(grid), id(grid), event.cases[0].event_type)


def _answer(solved: SolvedEvent, place: int, layer: UndocumentedLayer) -> Answer:
    case = solved.cases[place]
    found = layer.of(case.outcome).documented_and_total(
        solved.tables[place].mass, solved.weights.values, solved.engine, case.grid, case.at_risk
    )
    documented, total = (mass.astype(np.float32) for mass in found)
    table = solved.tables[place]
    held, alternative = table.held.ravel().copy(), table.alternative.ravel().astype(np.int8)
    for array in (documented, total, held, alternative):
        array.setflags(write=False)
    return Answer(case, documented, total, held, alternative)


def _evidence(event: EventCases, solved: SolvedEvent, positions: tuple[int, ...], first: int) -> EventEvidence:
    logs, weights = solved.log_marginal_likelihood, solved.weights
    return EventEvidence(
        event.name,
        event.known,
        len(logs),
        weights.power,
        weights.effective_draws,
        weights.pareto_shape,
        weights.whole_effective_draws,
        (logs[:first] - logs[:first].max()).astype(np.float32),
        positions,
    )
