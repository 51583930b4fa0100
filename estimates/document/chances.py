"""Probabilities of the numbers said, and the influence of each source, as a report shows them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from estimates.inference.cases import Case
from estimates.models.grid import Grid, probability_at_least
from estimates.plots.things import Curve
from estimates.text import clean, shortened

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
class ChancesView:
    """Probabilities of at least some of the numbers said, documented and in full, and how many were said."""

    rows: tuple[tuple[int, float, float], ...]
    of: int


def thinned(numbers: Sequence[int], most: int) -> list[int]:
    """At most so many of the numbers, the first and the last among them."""
    if len(numbers) <= most:
        return list(numbers)
    return [numbers[round(index * (len(numbers) - 1) / (most - 1))] for index in range(most)]


def chances_of(documented: Curve, total: Curve, numbers: Sequence[int]) -> tuple[tuple[int, float, float], ...]:
    """Probability of at least each number, documented in the end and in full."""
    return tuple((number, _chance(documented, number), _chance(total, number)) for number in numbers)


def _chance(curve: Curve, number: int) -> float:
    return probability_at_least(Grid(curve.edges), curve.probability, number)


def source_count(cases: Iterable[Case]) -> int:
    """How many sources give the figures of an event, all outcomes together."""
    return len({source for case in cases for source in case.sources})


def influences(rows: Sequence[dict[str, Any]]) -> tuple[InfluenceView, ...]:
    """Rows of `Estimates.influence` of one outcome, joined by source; none where one source is all there is."""
    found: dict[str, list[tuple[int, tuple[int, int]]]] = {}
    for row in rows:
        likely = (int(row["low_80"]), int(row["high_80"]))
        found.setdefault(str(row["without"]), []).append((int(row["median"]), likely))

    if len(found) < 2:
        return ()
    return tuple(InfluenceView(shortened(clean(name)), tuple(ranges)) for name, ranges in found.items())


def no_influence(case: Case, asked: Sequence[Case]) -> str:
    """Why the influence of sources is not shown, of an outcome among those asked of its event."""
    if not case.has_figure:
        return "No source bears on this number; there is no influence to show, only the prior."
    if len(case.sources) == 1:
        return "One source is all there is: without it only the prior would remain."
    if source_count(asked) <= INFLUENCE_SOURCES:
        return "Left out in a report of many events: the ranges without each source; Estimates.influence() lists them."
    return (
        f"Left out: the ranges without each source in turn. {source_count(asked):,} sources give figures of this "
        f"event, and a report shows their influence up to {INFLUENCE_SOURCES}; Estimates.influence() lists it for any "
        "number."
    )
