"""Estimates worked out in blocks of events, each of which is kept when it is done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from numpy.typing import NDArray

from estimates.inference.cases import Cases
from estimates.inference.posterior import Answer, EventCases, EventEvidence, Solution, events_of, solve
from estimates.inference.solved import Solved
from estimates.inference.undocumented import UndocumentedLayer, known_layer
from estimates.models.types import Floats
from estimates.pieces import ARRAYS, Pieces, digest_of
from estimates.profile.profile import SourceProfile
from estimates.progress import Progress, steps
from estimates.results.asked import check_seed, time_of
from estimates.results.estimates import Estimates, cases_of
from estimates.results.solution_arrays import arrays_of, solution_of
from estimates.table.reports import Reports

#: Blocks are of so many events at least, and at most so many blocks: more of them lose less at a kill and take longer.
FEWEST_EVENTS, MOST_BLOCKS = 10, 50


def estimate_in_pieces(
    table: Reports,
    *,
    profile: SourceProfile,
    seed: int,
    as_of: str | None,
    undocumented: UndocumentedLayer | str,
    pieces: Pieces,
    progress: Progress | None = None,
) -> Estimates:
    """What `estimate` gives, to the last bit, with what is documented by now; blocks of events are kept and found.

    Parameters
    ----------
    table : Reports
    profile, seed, as_of, undocumented
        As for :func:`estimates.estimate`.
    pieces : Pieces
        Of a work with these reports and this profile, seed, date and layer alone.
    progress : callable, optional
        Told how many events are done and how many there are, but for those that were found: they take no time.

    Raises
    ------
    EstimatesError
        If the seed, the date or the layer cannot be used, or a piece cannot be written.
    """
    check_seed(seed)
    cut, layer = time_of(as_of), known_layer(undocumented)
    cases = cases_of(table, profile, cut)
    unsolved = Solved(cases, profile, seed, layer, Solution((), {}), table.coverage)

    solved = _solved(unsolved, pieces, progress)
    return Estimates(table, None if as_of is None else str(as_of), solved)


def _solved(unsolved: Solved, pieces: Pieces, progress: Progress | None) -> Solved:
    """Answers to all cases, put together from blocks."""
    cases, events = unsolved.cases, events_of(unsolved.cases, unsolved.profile)
    places = {(case.event, case.outcome): position for position, case in enumerate(cases.cases)}
    answers, by_now = dict[int, Answer](), dict[int, Floats]()
    evidence = dict[str, EventEvidence]()
    blocks = {f"estimates-{digest_of([event.name for event in block])}": block for block in _blocks(events)}
    missing = {name: len(block) for name, block in blocks.items() if not pieces.has(name)}
    step = steps(sum(missing.values()), progress)

    for name, block in blocks.items():
        own = replace(cases, cases=tuple(case for event in block for case in event.cases))
        arrays = pieces.once(name, ARRAYS, partial(_worked_out, unsolved, own))
        solution, masses = solution_of(arrays, own.cases)

        positions = [places[case.event, case.outcome] for case in own.cases]
        answers |= dict(zip(positions, solution.answers, strict=True))
        by_now |= dict(zip(positions, masses, strict=True))
        for event, each in solution.events.items():
            evidence[event] = replace(each, positions=tuple(positions[place] for place in each.positions))
        step(missing.get(name, 0))

    in_order = tuple(answers[position] for position in range(len(answers)))
    solved = replace(unsolved, solution=Solution(in_order, {each.name: evidence[each.name] for each in events}))
    solved.remember_by_now([by_now[position] for position in range(len(by_now))])
    return solved


def _blocks(events: list[EventCases]) -> Iterator[list[EventCases]]:
    """Blocks of events that are like one another, and so share tables; the same ones in every process."""
    alike = sorted(events, key=lambda event: (len(event.cases[0].grid), event.cases[0].event_type))
    size = max(FEWEST_EVENTS, -(-len(alike) // MOST_BLOCKS))
    for first in range(0, len(alike), size):
        yield alike[first : first + size]


def _worked_out(unsolved: Solved, cases: Cases) -> dict[str, NDArray[Any]]:
    """Answers to some cases, as arrays."""
    solution = solve(cases, unsolved.profile, unsolved.seed, unsolved.undocumented)
    return arrays_of(replace(unsolved, cases=cases, solution=solution))
