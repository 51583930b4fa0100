"""One simulated event, acted out: its counts, what is said of it, and whether the model's likelihood is that of it.

Some of what the model takes for given is, in a simulation, the outcome of chance: that no count lies below a list's
names or above the people at risk, and over which steps a source lowers its figure. Where it is settled beforehand, and
events that turn out otherwise are drawn again, what is left has the model's likelihood up to a constant: the
probability of the counts and figures given what was settled, where both fit, and nothing where they do not. The
constant, how probable a fit is, depends on the parameters. So whoever knows these may draw an event again by itself;
for all others the parameters must be drawn again with it, which favours those under which events fit. The posterior
that is to be checked has no such constant either.

Kept out in this way is also what ``statements.Mouths`` lists, a "none" that its source follows by a number among it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from estimates.evaluation.plans import GROUPS, Plan
from estimates.evaluation.schedule import Slot
from estimates.evaluation.statements import Mouths, Speaker, Statement, hospital_slots, passed_on
from estimates.evaluation.tolls import Laws
from estimates.evaluation.worlds import World
from estimates.inference.claims import falling_steps
from estimates.inference.figures import CountedFigure, Placed
from estimates.models import floor as floors
from estimates.models import parts
from estimates.models.growth import FINAL
from estimates.models.types import Integers


@dataclass(frozen=True, eq=False)
class Said:
    """What was said of a group, or of everybody: slots, and statements in their order."""

    group: str
    slots: tuple[Slot, ...]
    statements: list[Statement]


@dataclass(frozen=True, eq=False)
class Event:
    """An event after all was said.

    Attributes
    ----------
    plan : Plan
        With the length of its list and the people at risk as they turned out.
    counts : array, shape (BINS,)
        What was documentable.
    said : tuple of Said
        Of everybody first.
    fits : bool
        Whether the model's likelihood is that of this event.
    """

    plan: Plan
    counts: Integers
    said: tuple[Said, ...]
    fits: bool


def act(
    plan: Plan,
    laws: Laws,
    speakers: Sequence[Speaker],
    hospital: Speaker | None,
    world: World,
    rngs: tuple[np.random.Generator, np.random.Generator],
    *,
    strict: bool,
) -> Event:
    """Act out one event.

    Parameters
    ----------
    plan : Plan
    laws : Laws
    speakers : sequence of Speaker
    hospital : Speaker or None
        Whose figures all sources pass on.
    world : World
    rngs : pair of Generator
        For the counts and for what is said.
    strict : bool
        Whether lists and people at risk are as planned, and the event may not fit; else they suit the counts.
    """
    of_counts, of_words = rngs
    counts = laws.counts(of_counts, plan)
    if not strict:
        plan = _suited(of_counts, plan, counts)
    seen = world.seen(of_words, counts)

    if hospital:
        said, settled = passed_on(of_words, hospital, plan.slots, seen, int(seen[FINAL])), True
    else:
        copies = not plan.copies_removed
        mouths = Mouths(of_words, speakers, int(seen[FINAL]), is_bare=plan.is_bare, copies=copies)
        said, settled = mouths.statements(plan.slots, plan.forms, seen), mouths.consistent

    whole = Said("", plan.slots, said)
    groups, groups_settled = _of_groups(of_words, plan, speakers, laws, seen)
    fits = (
        settled and groups_settled and _counts_fit(plan, counts, whole) and _falls_fit(plan, speakers, hospital, whole)
    )
    return Event(plan, counts, (whole, *groups), fits)


def _suited(rng: np.random.Generator, plan: Plan, counts: Integers) -> Plan:
    """The plan with a list of some of those documentable from its time on, and more people at risk than any count."""
    if plan.names is not None:
        plan = replace(plan, names=int(floors.simulate(rng, counts[plan.list_bin :].min(keepdims=True))[0]))
    if plan.at_risk is not None:
        largest = max(1, int(counts.max()))
        plan = replace(plan, at_risk=int(largest * (1.0 + rng.exponential(1.0)) + 0.5))
    return plan


def _of_groups(
    rng: np.random.Generator, plan: Plan, speakers: Sequence[Speaker], laws: Laws, seen: Integers
) -> tuple[list[Said], bool]:
    """What is said of groups of those who can be seen in the latest bin that has such a figure, and whether it fits."""
    if plan.groups is None:
        return [], True
    everybody = seen[plan.groups.bin : plan.groups.bin + 1]
    if plan.groups.kind == "pair":
        sizes = [int(size[0]) for size in parts.simulate_pair(rng, everybody)]
    else:
        whole_group = laws.parameter("whole_group") if plan.groups.kind == "group" else 0.0
        sizes = [int(parts.simulate(rng, everybody, whole_group)[0])]

    result, settled = [], True
    for group, slots, size in zip(GROUPS, plan.groups.slots, sizes, strict=False):
        mouths = Mouths(rng, speakers, size, copies=not plan.copies_removed)
        of_group = np.full_like(seen, size)
        said = mouths.statements(slots, ["exactly"] * len(slots), of_group, of_group=True)
        result.append(Said(group, slots, said))
        settled &= mouths.consistent
    return result, settled


# Whether it fits ------------------------------------------------------------------------------------------------------


def _counts_fit(plan: Plan, counts: Integers, whole: Said) -> bool:
    """Whether no count lies below the names listed by then, and none above the people at risk, once somebody speaks.

    Before the first figure nothing is asked of the counts; that nobody was hit is said of the end.
    """
    if plan.names is not None and counts[plan.list_bin :].min() < plan.names:
        return False
    if plan.at_risk is None:
        return True
    said = zip(whole.slots, whole.statements, strict=True)
    bins = [slot.bin for slot, (words, _) in said if not slot.withdrawn and words.wording != "none"]
    bins += [] if plan.names is None else [plan.list_bin]
    bins += [] if plan.groups is None else [plan.groups.bin]
    return int(counts[min(bins, default=FINAL) :].max()) <= plan.at_risk


def _falls_fit(plan: Plan, speakers: Sequence[Speaker], hospital: Speaker | None, whole: Said) -> bool:
    """Whether sources lower their figures where it was settled that one would, and nowhere else."""
    if hospital:
        of_bin = {slot.bin: words for slot, (words, _) in zip(whole.slots, whole.statements, strict=True)}
        heard = [(hospital, slot, of_bin[slot.bin]) for slot in hospital_slots(whole.slots)]
    else:
        said = zip(whole.slots, whole.statements, strict=True)
        heard = [(speakers[slot.source], slot, words) for slot, (words, _) in said]

    placed = [
        Placed(
            CountedFigure(speaker.key, words, slot.bin, slot.bin, None, withdrawn=slot.withdrawn), slot.bin, slot.minute
        )
        for speaker, slot, words in heard
    ]
    return falling_steps(placed) == plan.falls
