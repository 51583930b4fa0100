"""What is settled about each simulated event before anybody is hit: nothing of it depends on the toll."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from itertools import pairwise
from typing import Literal

import numpy as np

from estimates.errors import EstimatesError
from estimates.evaluation.schedule import Slot, last_minute, minute_in
from estimates.models.growth import BINS, STEPS

#: Numbers of people at risk are spread evenly over these powers of ten.
AT_RISK_POWERS = (1.0, 3.0)
#: Each further name on a list has this probability, where the length of lists is settled beforehand.
ANOTHER_NAME = 0.5
#: Groups that parts are of: the one, and another that shares no member with it.
GROUPS = ("soldiers", "civilians")

#: What is said of groups: figures that may be everybody, figures that are a part for certain, figures of two groups.
type PartKind = Literal["group", "certain", "pair"]
PART_KINDS: tuple[PartKind, ...] = ("group", "certain", "pair")


@dataclass(frozen=True)
class Shares:
    """Shares of events that something is true of.

    Attributes
    ----------
    named_lists, at_risk, chosen, copies_removed, coded, parts, withdrawn, undated, falling, missing : float
        See ``simulation.simulate``.
    """

    named_lists: float = 0.0
    at_risk: float = 0.0
    chosen: float = 0.0
    copies_removed: float = 0.0
    coded: float = 0.0
    parts: float = 0.0
    withdrawn: float = 0.0
    undated: float = 0.0
    falling: float = 0.0
    missing: float = 0.0

    def __post_init__(self) -> None:
        for each in fields(self):
            share = getattr(self, each.name)
            if not 0 <= share <= 1:
                raise EstimatesError(f"{each.name} {share!r}: write a share of the events, from 0 to 1")


@dataclass(frozen=True)
class GroupPlan:
    """Somebody is going to speak of a group of those hit.

    Attributes
    ----------
    kind : str
        One of :data:`PART_KINDS`.
    slots : tuple of tuple of Slot
        Of each group, by time.
    """

    kind: PartKind
    slots: tuple[tuple[Slot, ...], ...]

    @property
    def every_slot(self) -> tuple[Slot, ...]:
        """The slots of both groups."""
        return tuple(slot for group in self.slots for slot in group)

    @property
    def bin(self) -> int:
        """The age bin in which the groups are a part of what is documentable: the latest one."""
        return max(slot.bin for slot in self.every_slot)


@dataclass(frozen=True)
class Plan:
    """One event before anybody is hit.

    Attributes
    ----------
    event_type : str
    forms : tuple of str
        The form of each figure.
    slots : tuple of Slot
        Who speaks of everybody hit, by time.
    groups : GroupPlan or None
    names, at_risk : int or None
        How many names a list will hold, which is told at the time of the last slot, and how many people are there; None
        where there is no list or number.
    chosen, copies_removed, is_bare : bool
        Whether the event is told of for its revision, nobody copies, and figures are bare numbers.
    falls : tuple of int
        Steps over which a source is going to lower its figure.
    lists_missing : bool
        Whether the last source with a known time says how many are missing as well.
    """

    event_type: str
    forms: tuple[str, ...]
    slots: tuple[Slot, ...]
    groups: GroupPlan | None = None
    names: int | None = None
    at_risk: int | None = None
    chosen: bool = False
    copies_removed: bool = False
    is_bare: bool = False
    falls: tuple[int, ...] = ()
    lists_missing: bool = False

    @property
    def heard(self) -> tuple[Slot, ...]:
        """All slots, of groups as well."""
        return (*self.slots, *(self.groups.every_slot if self.groups else ()))

    @property
    def list_bin(self) -> int:
        """The age bin of the list of names."""
        return self.slots[-1].bin

    @property
    def last_bin(self) -> int:
        """The age bin of the last report."""
        return max(slot.bin for slot in self.heard)

    @property
    def rising_from(self) -> int:
        """The first step of growth after a warning that the number will rise; ``STEPS`` where the last bin has none."""
        standing = [slot for slot in self.heard if not slot.withdrawn]
        latest = max(slot.bin for slot in standing)
        return latest if any(slot.provisional for slot in standing if slot.bin == latest) else STEPS

    @property
    def particular(self) -> int:
        """How much there is that an event may not turn out to be: such events are acted out first."""
        return 3 * bool(self.falls) + 2 * (self.names is not None) + (self.at_risk is not None)


def plans(
    numbers: Callable[[str], np.random.Generator],
    event_types: Sequence[str],
    schedules: Sequence[Sequence[Slot]],
    forms: Sequence[Sequence[str]],
    sources: int,
    ages: Sequence[float],
    undated_ages: Sequence[float],
    shares: Shares,
) -> list[Plan]:
    """The plan of each event.

    Parameters
    ----------
    numbers : callable
        Random numbers for each purpose.
    event_types : sequence of str
    schedules : sequence of sequence of Slot
    forms : sequence of sequence of str
        Forms of the figures of each event.
    sources : int
    ages, undated_ages : sequence of float, one per age bin
        Shares of figures of groups, and of figures of unknown age.
    shares : Shares
    """
    happens = {
        each.name: _some(numbers(each.name), len(schedules), getattr(shares, each.name)) for each in fields(shares)
    }
    rng = numbers("plans")
    result = []
    for index, schedule in enumerate(schedules):
        is_true = {name: index in found for name, found in happens.items()}
        slots = list(_taken_back(rng, schedule, is_true["withdrawn"]))
        if is_true["undated"]:
            slots = _without_a_date(rng, slots, undated_ages)

        plan = Plan(event_types[index], tuple(forms[index]), tuple(slots), falls=_falls(rng, slots))
        names, at_risk = int(rng.geometric(1.0 - ANOTHER_NAME)), int(10.0 ** rng.uniform(*AT_RISK_POWERS))

        result.append(
            replace(
                plan,
                groups=_groups(rng, slots, sources, ages) if is_true["parts"] else None,
                names=names if is_true["named_lists"] else None,
                at_risk=at_risk if is_true["at_risk"] else None,
                chosen=is_true["chosen"],
                lists_missing=is_true["missing"],
                copies_removed=is_true["copies_removed"],
                is_bare=is_true["coded"] and set(plan.forms) == {"exactly"},
            )
        )

    twice = [index for index, plan in enumerate(result) if plan.falls]
    falling = {twice[place] for place in _some(numbers("falling"), len(twice), shares.falling)}
    return [plan if index in falling else replace(plan, falls=()) for index, plan in enumerate(result)]


def _some(rng: np.random.Generator, count: int, share: float) -> set[int]:
    """A share of so many things, as near to it as whole ones can be."""
    return set(rng.permutation(count)[: int(share * count + rng.random())].tolist())


def _taken_back(rng: np.random.Generator, slots: Sequence[Slot], happens: bool) -> Iterator[Slot]:
    """The slots, one of several taken back where that happens: not the last, so that others can still copy it."""
    which = int(rng.integers(max(1, len(slots) - 1))) if happens and len(slots) > 1 else -1
    for place, slot in enumerate(slots):
        yield replace(slot, withdrawn=True, provisional=False) if place == which else slot


def _without_a_date(rng: np.random.Generator, slots: Sequence[Slot], ages: Sequence[float]) -> list[Slot]:
    """The slots, one of which has no date: that of a source that speaks once, the last one in its age bin."""
    heard = [slot.source for slot in slots]
    once = [place for place, slot in enumerate(slots) if heard.count(slot.source) == 1 and not slot.withdrawn]
    if not once:
        return list(slots)

    which = int(rng.choice(once))
    bin_index = int(rng.choice(BINS, p=np.asarray(ages, dtype=float) / np.sum(ages)))
    moved = replace(slots[which], bin=bin_index, minute=last_minute(bin_index), undated=True)
    return sorted((*slots[:which], *slots[which + 1 :], moved), key=lambda slot: slot.minute)


def _groups(rng: np.random.Generator, slots: Sequence[Slot], sources: int, ages: Sequence[float]) -> GroupPlan | None:
    """Who speaks of groups: one source or two that do not speak of everybody; None where there is no such source."""
    others = sorted(set(range(sources)) - {slot.source for slot in slots})
    if not others:
        return None

    speakers = rng.permutation(others)[: int(rng.integers(1, 3))].tolist()
    kind = PART_KINDS[int(rng.integers(3))] if len(speakers) > 1 else PART_KINDS[int(rng.integers(2))]
    share, taken, found = np.asarray(ages, dtype=float) / np.sum(ages), {slot.minute for slot in slots}, []
    for source in speakers:
        bin_index = int(rng.choice(BINS, p=share))
        minute = minute_in(rng, bin_index)
        while minute in taken:
            minute = minute_in(rng, bin_index)
        taken.add(minute)
        found.append(Slot(bin_index, minute, source))

    found.sort(key=lambda slot: slot.minute)
    return GroupPlan(kind, tuple((slot,) for slot in found) if kind == "pair" else (tuple(found),))


def _falls(rng: np.random.Generator, slots: Sequence[Slot]) -> tuple[int, ...]:
    """Steps between two figures, one after the other, of a source; none where no source speaks twice."""
    standing = [slot for slot in slots if not slot.withdrawn and not slot.undated]
    of_source: dict[int, list[int]] = defaultdict(list)
    for slot in standing:
        of_source[slot.source].append(slot.bin)
    pairs = [pair for _, bins in sorted(of_source.items()) for pair in pairwise(bins)]
    if not pairs:
        return ()
    earlier, later = pairs[int(rng.integers(len(pairs)))]
    return tuple(range(earlier, later))
