"""A part of what was solved: some events with their answers, as if the table had no other rows."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from estimates.inference.cases import Cases, gather
from estimates.inference.posterior import Solution
from estimates.inference.solved import Solved
from estimates.table.dates import Time
from estimates.table.reports import Reports


def part_of(solved: Solved, reports: Reports, events: Collection[str], as_of: Time | None) -> Solved:
    """The answers for some events; each is what it was, since an event rests on its own reports alone.

    Parameters
    ----------
    solved : Solved
    reports : Reports
        The rows of these events.
    events : collection of str
    as_of : Time, optional
        The time asked for.

    Returns
    -------
    Solved
        With the notes of these rows; what was worked out by now is kept.
    """
    kept = [position for position, case in enumerate(solved.cases.cases) if case.event in events]
    places = {position: place for place, position in enumerate(kept)}
    evidence = {
        name: replace(each, positions=tuple(places[position] for position in each.positions))
        for name, each in solved.solution.events.items()
        if name in events
    }

    part = replace(
        solved,
        cases=_cases(solved, reports, kept, as_of),
        solution=Solution(tuple(solved.solution.answers[position] for position in kept), evidence),
    )
    if solved.knows_by_now:
        part.remember_by_now([solved.mass(position, "by_now") for position in kept])
    return part


def _cases(solved: Solved, reports: Reports, kept: list[int], as_of: Time | None) -> Cases:
    """The cases at some positions, with the notes that their own rows give."""
    noted = gather(reports.estimated_reports, solved.profile.bin_shares, as_of)
    return replace(
        noted,
        cases=tuple(solved.cases.cases[position] for position in kept),
        as_of_bins=tuple(solved.cases.as_of_bins[position] for position in kept),
    )
