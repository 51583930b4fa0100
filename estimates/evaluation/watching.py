"""Sources that watch: each speaks of an event with a probability that grows with its toll, and may speak of none.

Whoever watches acts in every event and is then struck out where it does not speak. So nobody should copy where sources
watch, since a copy of what is struck out would remain: ``copies_removed=1``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from typing import Any

import numpy as np

from estimates.evaluation.schedule import Slot, minute_in, written_time
from estimates.models import silence
from estimates.models.growth import BINS
from estimates.models.silence import Attention
from estimates.models.types import Booleans, Integers
from estimates.profile.effects import SourceKey
from estimates.profile.profile import SourceProfile

#: What a watcher says of an event of which nobody gives a figure, so that the table holds it at all.
NO_FIGURE = "no comment"


@dataclass(frozen=True, eq=False)
class Watched:
    """The rows that are left, which events were reported, and how readily each watcher reports."""

    rows: list[list[dict[str, Any]]]
    reported: Booleans
    attention: Mapping[str, Attention]


def everybody_speaks(
    rng: np.random.Generator, planned: Sequence[Sequence[Slot]], watchers: int, ages: Sequence[float]
) -> list[list[Slot]]:
    """Slots with one more for each watcher that has none, so that whether it speaks depends on its watching alone.

    No watcher says that its figure will rise: an event that was acted out so would keep the mark of a word struck out.
    """
    share = np.asarray(ages, dtype=float) / np.sum(ages)
    result = []
    for slots in planned:
        found = [replace(slot, provisional=False) if slot.source < watchers else slot for slot in slots]
        minutes = {slot.minute for slot in slots}
        for source in sorted(set(range(watchers)) - {slot.source for slot in slots}):
            bin_index = int(rng.choice(BINS, p=share))
            minute = minute_in(rng, bin_index)
            while minute in minutes:
                minute = minute_in(rng, bin_index)
            minutes.add(minute)
            found.append(Slot(bin_index, minute, source))
        result.append(sorted(found, key=lambda slot: slot.minute))
    return result


def watch(
    rng: np.random.Generator,
    rows: Sequence[Sequence[dict[str, Any]]],
    counts: Integers,
    keys: Sequence[SourceKey],
    profile: SourceProfile,
) -> Watched:
    """Strike out the rows of watchers that do not speak.

    Parameters
    ----------
    rng : Generator
    rows : sequence of sequence of dict
        Those of each event.
    counts : integer array, shape (events,)
        What the accounts of each event hold in the end.
    keys : sequence of SourceKey
        The sources that watch all events.
    profile : SourceProfile
        What is believed of how readily they report; each is drawn from that.
    """
    attention, speaks = {}, {}
    for key in keys:
        believed = profile.attention(key.source)
        one, other = rng.standard_normal((2, 1))
        drawn = believed.drawn(one, other)
        own = Attention(float(drawn.intercept[0]), float(drawn.slope[0]), 0.0, 0.0)
        attention[key.source] = own
        speaks[key.source] = silence.simulate(rng, counts, own.intercept, own.slope).astype(bool)

    left: list[list[dict[str, Any]]] = []
    for index, of_event in enumerate(rows):
        spoken = [row for row in of_event if row["source"] not in speaks or speaks[row["source"]][index]]
        left.append(spoken or [_unreported(index, of_event, keys[0])])
    reported = np.array([rows_left[0].get("figure") != NO_FIGURE for rows_left in left])
    return Watched(left, reported, attention)


def _unreported(index: int, rows: Sequence[dict[str, Any]], key: SourceKey) -> dict[str, Any]:
    """The one row of an event that nobody reported: that a watcher has no figure."""
    about = {name: rows[0][name] for name in ("event", "event_type", "outcome", "event_date", "chosen")}
    said = {"figure": NO_FIGURE, "reported_at": written_time(index, 60), "copies_removed": rows[0]["copies_removed"]}
    return {**about, **key._asdict(), **said}


def knowing(profile: SourceProfile, attention: Mapping[str, Attention]) -> SourceProfile:
    """The profile of somebody who knows how readily each watcher reports."""
    told = json.dumps({source: astuple(each) for source, each in attention.items()})
    return replace(profile, facts={**profile.facts, "attention": told})
