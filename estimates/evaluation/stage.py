"""Where simulated events are acted out, as often as they must be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from estimates.errors import EstimatesError
from estimates.evaluation.acting import Event, act
from estimates.evaluation.known import Draws
from estimates.evaluation.plans import Plan
from estimates.evaluation.statements import HOSPITAL, Speaker, cast, hospital
from estimates.evaluation.tolls import Laws
from estimates.evaluation.worlds import World
from estimates.profile.blocks import generator
from estimates.profile.effects import Effect, SourceKey
from estimates.profile.priors import growth_groups
from estimates.profile.profile import SourceProfile

#: An event, or a table, that has not fitted after so many times is given up. What fits in the end has the same law
#: however often it was drawn, so that giving up favours nothing.
MOST_TIMES, MOST_TABLES = 100_000, 20_000


def effects_of_types(event_types: Iterable[str]) -> list[Effect]:
    """How types of event differ in their growth, in each group that they may belong to."""
    return [Effect(kind, f"growth.{group}") for kind in sorted(set(event_types)) for group in growth_groups(kind)]


class Acted(NamedTuple):
    """All events after they were acted out, in one draw of the parameters."""

    draw: int
    laws: Laws
    speakers: list[Speaker]
    hospital: Speaker | None
    events: list[Event]


class Stage:
    """Where events are acted out, as often as they must be."""

    def __init__(
        self,
        seed: int,
        outcome: str,
        world: World,
        profile: SourceProfile,
        draw: int | None,
        keys: Sequence[SourceKey],
        event_types: set[str],
    ) -> None:
        self._seed, self._outcome, self._world, self._keys = seed, outcome, world, keys
        self._profile, self._draw = profile, draw
        players = [*keys, HOSPITAL] if world.has_one_hospital else keys
        effects = [effect for key in players for effect in key.effects]
        self._draws = Draws(profile, [*effects_of_types(event_types), *effects])

    def events(self, planned: Sequence[Plan], *, strict: bool) -> Acted:
        """Every event, drawn again by itself until it fits if asked for."""
        acted = self._cast(0)
        for index, plan in enumerate(planned):
            for time in range(MOST_TIMES):
                event = self._act(acted, plan, index, time, strict)
                if event.fits or not strict:
                    break
            else:
                raise _never(f"event {index + 1}", MOST_TIMES)
            acted.events.append(event)
        return acted

    def table(self, planned: Sequence[Plan]) -> Acted:
        """The first table, with its own parameters, of which all events fit."""
        order = sorted(range(len(planned)), key=lambda index: -planned[index].particular)
        failed = np.zeros(len(planned), dtype=np.int64)
        for time in range(MOST_TABLES):
            acted = self._cast(time)
            found: dict[int, Event] = {}
            # The order saves time and changes nothing: each event has random numbers of its own.
            for index in sorted(order, key=lambda index: -failed[index]):
                event = self._act(acted, planned[index], index, time, strict=True)
                if not event.fits:
                    failed[index] += 1
                    break
                found[index] = event
            if len(found) == len(planned):
                return acted._replace(events=[found[index] for index in range(len(planned))])
        raise _never("the table", MOST_TABLES)

    def _cast(self, time: int) -> Acted:
        draw = self._draw
        if draw is None:
            draw = int(self._numbers("draw", time).integers(self._profile.draws))
        passing_on = hospital(self._draws, draw) if self._world.has_one_hospital else None
        speakers = cast(self._draws, draw, self._keys, self._world)
        return Acted(draw, Laws(self._draws, draw, self._outcome), speakers, passing_on, [])

    def _act(self, acted: Acted, plan: Plan, index: int, time: int, strict: bool) -> Event:
        rngs = self._numbers("counts", time, index), self._numbers("statements", time, index)
        return act(plan, acted.laws, acted.speakers, acted.hospital, self._world, rngs, strict=strict)

    def _numbers(self, what: str, time: int, *index: int) -> np.random.Generator:
        again = (f"again {time}",) if time else ()
        return generator(self._seed, "simulation", what, *map(str, index), *again)


def _never(what: str, times: int) -> EstimatesError:
    return EstimatesError(
        f"{what} did not fit the model in {times:,} draws; ask for fewer events with lists, people at risk or falling "
        "figures, or for another seed"
    )
