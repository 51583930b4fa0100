"""What is said of one case, an outcome of an event, as the likelihood takes it."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from estimates.models import copying
from estimates.models import wording as forms
from estimates.models.bearing import Bearing
from estimates.models.growth import FINAL, STEPS
from estimates.models.missing import PeopleMissing
from estimates.models.silence import Watch
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
    withdrawn : bool
        Whether the source took it back: then it is no evidence, but others may have copied it.
    """

    bin: int
    place: int
    source: int
    words: Words
    withdrawn: bool = False


@dataclass(frozen=True, order=True)
class Floor:
    """The number of names or bodies known by a bin: from then on no count is below it."""

    bin: int
    number: int


@dataclass(frozen=True, order=True)
class Counted:
    """What was documentable in a bin, where it is known without error."""

    bin: int
    number: int


@dataclass(frozen=True)
class Part:
    """Figures of a group of those hit, which may or may not be everybody.

    Attributes
    ----------
    bin : int
        The one in which the group's size is a part of what is documentable.
    statements : tuple of Statement, sorted
        About the group, whichever bin they were made in.
    numbers_given : (int, int, int)
        Sources that give a number of the group, as in :class:`Observations`.
    is_certain : bool
        Whether the words say that others died beside the group.
    others : tuple of Statement, sorted
        About a group that shares no member with this one, by other sources; both together are at most everybody.
    others_given : (int, int, int)
        Sources that give a number of that group.
    """

    bin: int
    statements: tuple[Statement, ...]
    numbers_given: tuple[int, int, int] = (0, 0, 0)
    is_certain: bool = False
    others: tuple[Statement, ...] = ()
    others_given: tuple[int, int, int] = (0, 0, 0)

    @property
    def groups(self) -> tuple[tuple[tuple[Statement, ...], tuple[int, int, int]], ...]:
        """What is said of the group and of the other one where there is one, and the numbers given."""
        groups = ((self.statements, self.numbers_given), (self.others, self.others_given))
        return tuple(group for group in groups if group[0])

    @cached_property
    def plans(self) -> tuple[copying.Plan, ...]:
        """How copies enter, for each of the groups."""
        return tuple(_plan(statements, independent=False) for statements, _ in self.groups)


@dataclass(frozen=True)
class Observations:
    """All that is said of one outcome of one event, every figure in a known bin.

    Attributes
    ----------
    statements : tuple of Statement, sorted
    floors : tuple of Floor, sorted
    parts : tuple of Part
    counted : tuple of Counted, sorted
    numbers_given : (int, int, int)
        Sources that give a number, and so did not say that nobody died: parties and states, others whose figure is in
        words, others whose figure is a bare number.
    rising_from : int
        First step that a statement "will rise" slows down; the number of steps where there is none.
    falling : tuple of int, sorted
        Steps over which a source lowered its own figure.
    by_now : int
        Bin up to which "documented by now" is asked for; no figure is later.
    distance : float
        How far the figures of the latest bin lie apart: see ``adjudicated``.
    at_risk : int or None
        How many people could have been hit at most.
    independent : bool
        Whether figures that repeat another were left out of the table, so that none is a copy.
    missing : tuple of PeopleMissing, sorted
        How many are said to be missing: of the latest age bin in which anybody says so.
    watch : Watch or None
        Who of the sources declared to watch the event spoke of it; None where none is declared.
    bearings : tuple of Bearing, sorted
        What else bears on the counts: numbers of killed or injured, overlapping lists of names.
    """

    statements: tuple[Statement, ...]
    floors: tuple[Floor, ...] = ()
    parts: tuple[Part, ...] = ()
    counted: tuple[Counted, ...] = ()
    numbers_given: tuple[int, int, int] = (0, 0, 0)
    rising_from: int = STEPS
    falling: tuple[int, ...] = ()
    by_now: int = FINAL
    distance: float = 0.0
    at_risk: int | None = None
    independent: bool = False
    missing: tuple[PeopleMissing, ...] = ()
    watch: Watch | None = None
    bearings: tuple[Bearing, ...] = ()

    @cached_property
    def plan(self) -> copying.Plan:
        """How copies and updates enter."""
        return _plan(self.statements, independent=self.independent)

    @property
    def floor(self) -> int:
        """The number of names or bodies known in the end; zero where there is none."""
        return self.floor_by(FINAL)

    def floor_by(self, bin_index: int) -> int:
        """The number of names or bodies known by a bin; zero where there is none."""
        return max((floor.number for floor in self.floors if floor.bin <= bin_index), default=0)

    def jumps(self) -> Iterable[int]:
        """Counts that the grid must have as edges."""
        spoken = [*self.statements, *(each for part in self.parts for each in (*part.statements, *part.others))]
        for statement in spoken:
            yield from forms.jumps(statement.words)
        for number in (*(floor.number for floor in self.floors), *(counted.number for counted in self.counted)):
            yield from (number - 1, number)
        for missing in self.missing:
            yield from missing.jumps()
        if self.at_risk is not None:
            yield self.at_risk


def _plan(statements: Sequence[Statement], *, independent: bool) -> copying.Plan:
    """How copies enter; what was withdrawn comes before all else of its moment, which may have copied it."""
    return _plan_of(
        _numbered([statement.source for statement in statements]),
        _numbered([forms.as_copied(statement.words) for statement in statements]),
        tuple([2 * statement.place + (not statement.withdrawn) for statement in statements]),
        tuple([statement.bin for statement in statements]),
        independent,
    )


def _numbered(things: Sequence[Hashable]) -> tuple[int, ...]:
    """Which things are the same, as numbers in the order in which each is first met: all that a plan takes of them."""
    numbers: dict[Hashable, int] = {}
    return tuple([numbers.setdefault(thing, len(numbers)) for thing in things])


@lru_cache(2**14)
def _plan_of(
    sources: tuple[int, ...], said: tuple[int, ...], times: tuple[int, ...], bins: tuple[int, ...], independent: bool
) -> copying.Plan:
    """A plan, kept: small events are of few shapes, whoever speaks and whatever is said."""
    return copying.plan(sources, said, times, bins, independent=independent)
