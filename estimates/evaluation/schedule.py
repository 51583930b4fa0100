"""Who speaks of each simulated event, and when; nothing of it depends on the toll."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from estimates.models.growth import AGE_EDGES, BINS
from estimates.models.types import Floats

#: Share of figures that are said to rise still.
RISING_SHARE = 0.1

#: A figure of the last age bin is at most this old, in days.
_OLDEST = 60
#: Day of the first event; each of the others is a day after the one before.
_FIRST_DAY = datetime(2020, 1, 1)
_MINUTES = 24 * 60
_EDGES = (0.0, *AGE_EDGES, float(_OLDEST))


@dataclass(frozen=True)
class Slot:
    """Somebody is going to speak of an event.

    Attributes
    ----------
    bin : int
        Age bin of the report.
    minute : int
        Minutes from the start of the event's day to the report.
    source : int
        Who speaks, counted from zero.
    provisional : bool
        Whether the source says that the number will rise.
    withdrawn : bool
        Whether the source takes the figure back.
    undated : bool
        Whether the table does not say when.
    """

    bin: int
    minute: int
    source: int
    provisional: bool = False
    withdrawn: bool = False
    undated: bool = False


def schedules(
    rng: np.random.Generator, events: int, sources: int, mean: float, ages: Sequence[float], is_sparse: bool
) -> list[list[Slot]]:
    """Slots of each event in order of time.

    Parameters
    ----------
    rng : Generator
    events, sources : int
        How many there are; with ``is_sparse`` there are as many sources as the reports need.
    mean : float
        Mean number of reports per event.
    ages : sequence of float, one per age bin
        Shares of the reports.
    is_sparse : bool
        Whether every source speaks once or twice in all.
    """
    share = np.asarray(ages, dtype=float) / np.sum(ages)
    counts = np.minimum(1 + rng.poisson(mean - 1, events), sources * np.count_nonzero(share))
    speakers = rng.integers(sources, size=int(counts.sum())).tolist()
    if is_sparse:
        # Two reports of every second source, one of the others.
        different = -(-2 * len(speakers) // 3)
        speakers = rng.permutation([*range(different), *range(len(speakers) - different)]).tolist()

    return [_schedule(rng, count, speakers, sources, share, is_sparse) for count in counts]


def _schedule(
    rng: np.random.Generator, count: int, speakers: list[int], sources: int, share: Floats, is_sparse: bool
) -> list[Slot]:
    """The slots of one event; its sources are taken from the end of ``speakers``, which grows shorter."""
    slots: dict[tuple[int, int], Slot] = {}
    minutes: set[int] = set()
    while len(slots) < count:
        source = speakers.pop() if speakers else int(rng.integers(sources))
        bin_index = int(rng.choice(BINS, p=share))
        minute = minute_in(rng, bin_index)
        if (source, bin_index) in slots or minute in minutes:
            # The place is taken: somebody else speaks instead, or in a sparse world the same source in another event.
            speakers.insert(0, source if is_sparse else int(rng.integers(sources)))
            continue

        minutes.add(minute)
        slots[source, bin_index] = Slot(bin_index, minute, source, bool(rng.random() < RISING_SHARE))
    return sorted(slots.values(), key=lambda slot: slot.minute)


def minute_in(rng: np.random.Generator, bin_index: int) -> int:
    """A minute so far inside the age bin that the precision of times cannot move its age into another bin."""
    return int(rng.integers(int(_EDGES[bin_index] * _MINUTES) + 2, last_minute(bin_index)))


def last_minute(bin_index: int) -> int:
    """A minute of the age bin that is later than all of :func:`minute_in`."""
    return int(_EDGES[bin_index + 1] * _MINUTES) - 2


def written_time(event: int, minute: int) -> str:
    """The time so many minutes after the start of an event, as tables have it."""
    moment = _FIRST_DAY + timedelta(days=event, minutes=minute)
    return moment.isoformat(timespec="minutes")
