"""What is said of one case, an outcome of an event, as the likelihood takes it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from estimates.models import copying
from estimates.models import wording as forms
from estimates.models.growth import FINAL, STEPS
from estimates.models.wording import Words


@dataclass(frozen=True, order=True)
class Statement:
    """What one source says of the outcome in one age bin.

    Attributes
    ----------
    bin : int
    place : int
        Order in time, equal for tied statements.
    source : int
        Index of the source's :class:`~estimates.models.reporting.ReportingModel`.
    words : Words
    """

    bin: int
    place: int
    source: int
    words: Words


@dataclass(frozen=True, order=True)
class Floor:
    """A number verified by a bin, and the probability that it is wrong."""

    bin: int
    number: int
    error: float


@dataclass(frozen=True)
class Observations:
    """All that is said of one outcome of one event, every figure in a known bin.

    Attributes
    ----------
    statements : tuple of Statement, sorted
    floors : tuple of Floor, sorted
    rising_from : int
        First step that a statement "will rise" slows down; the number of steps where there is none.
    by_now : int
        Bin up to which "documented by now" is asked for; no figure is later.
    """

    statements: tuple[Statement, ...]
    floors: tuple[Floor, ...] = ()
    rising_from: int = STEPS
    by_now: int = FINAL

    @cached_property
    def plan(self) -> copying.Plan:
        """How copies and updates enter."""
        return copying.plan(
            [statement.source for statement in self.statements],
            [statement.words for statement in self.statements],
            [statement.place for statement in self.statements],
            [statement.bin for statement in self.statements],
        )

    def jumps(self) -> Iterable[int]:
        """Counts that the grid must have as edges."""
        for statement in self.statements:
            yield from forms.jumps(statement.words)
        for floor in self.floors:
            yield from (floor.number - 1, floor.number)
