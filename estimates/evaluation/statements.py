"""What simulated sources say: their own count, what they said before, or what another source said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from inspect import signature
from types import MappingProxyType

import numpy as np
import pandas as pd

from estimates.evaluation.phrasing import phrased
from estimates.evaluation.schedule import Slot
from estimates.evaluation.worlds import World
from estimates.models import reporting
from estimates.models.reporting import ReportingModel
from estimates.models.types import Integers
from estimates.models.wording import AT_LEAST_HOLDS, UP_TO_HOLDS, UP_TO_SHIFT, Words
from estimates.profile.effects import SourceKey
from estimates.profile.profile import SourceProfile
from estimates.vocabulary import LARGEST_COUNT

#: Types of the sources, in turn.
SOURCE_TYPES = ("international_media", "monitor", "local_media", "rescue", "government", "health", "un", "other")
HOSPITAL = SourceKey("the hospital", "unknown", "neutral")
NAMES = SourceKey("list of names", "ngo", "neutral")

#: Parameters that the counting twin takes, by its own signature.
_COUNTING = [name for name, part in signature(reporting.simulate).parameters.items() if part.kind is part.KEYWORD_ONLY]

#: What is said, and the name of the source it was copied from.
type Statement = tuple[Words, str | None]


@dataclass(frozen=True)
class Speaker:
    """A source of a simulation.

    Attributes
    ----------
    key : SourceKey
    parameters : mapping of str to float
        Those of its reporting model, by the names of the fields of ``models.reporting.ReportingModel``.
    factor : int
        What it multiplies its numbers by.
    """

    key: SourceKey
    parameters: Mapping[str, float]
    factor: int = 1


def cast(profile: SourceProfile, draw: int, count: int, world: World, remedy: bool) -> list[Speaker]:
    """So many sources, counting as in one draw of a profile, changed as the world changes them."""
    speakers = []
    for index in range(count):
        inflates = index == 0 and world.inflation != 1
        affiliation = "enemy" if inflates and remedy else "neutral"
        key = SourceKey(f"source {index + 1}", SOURCE_TYPES[index % len(SOURCE_TYPES)], affiliation)

        changes = {} if world.copying is None else {"copying": world.copying}
        parameters = {**_parameters(profile, draw, key), **changes}
        speakers.append(Speaker(key, MappingProxyType(parameters), world.inflation if inflates else 1))
    return speakers


def hospital(profile: SourceProfile, draw: int) -> Speaker:
    """The one hospital whose figures all sources may pass on."""
    return Speaker(HOSPITAL, MappingProxyType(_parameters(profile, draw, HOSPITAL)))


def _parameters(profile: SourceProfile, draw: int, key: SourceKey) -> dict[str, float]:
    law = profile.reporting(*key)
    return {part.name: float(getattr(law, part.name)[draw]) for part in fields(ReportingModel)}


def sources_told(speakers: Sequence[Speaker]) -> pd.DataFrame:
    """One row a source: its name, type, affiliation and parameters."""
    return pd.DataFrame([{**speaker.key._asdict(), **speaker.parameters} for speaker in speakers])


# One event after another ----------------------------------------------------------------------------------------------


def statements_of_event(
    rng: np.random.Generator,
    speakers: Sequence[Speaker],
    schedule: Sequence[Slot],
    forms: Sequence[str],
    seen: Integers,
) -> list[Statement]:
    """Statements about one event in order of time.

    Parameters
    ----------
    rng : Generator
    speakers : sequence of Speaker
    schedule : sequence of Slot
    forms : sequence of str, one per slot
        The form of each source's own figure.
    seen : array, shape (bins,)
        The toll that sources see at each age.
    """
    current: dict[int, Statement] = {}
    result = []
    for slot, form in zip(schedule, forms, strict=True):
        speaker = speakers[slot.source]
        others = [source for source in current if source != slot.source]
        if slot.source in current and rng.random() < speaker.parameters["repeating"]:
            statement = current[slot.source]
        elif rng.random() < _chance_of_copying(speaker.parameters["copying"], len(others)):
            copied = others[rng.integers(len(others))]
            statement = current[copied][0], speakers[copied].key.source
        else:
            statement = _own_words(rng, speaker, int(seen[slot.bin]), form), None

        current[slot.source] = statement
        result.append(statement)
    return result


def _chance_of_copying(readiness: float, others: int) -> float:
    return readiness * others / (1.0 - readiness + readiness * others)


def passed_on(rng: np.random.Generator, hospital: Speaker, schedule: Sequence[Slot], seen: Integers) -> list[Statement]:
    """The hospital's number of each age bin, whoever speaks; it repeats itself like any other source.

    Parameters
    ----------
    rng : Generator
    hospital : Speaker
    schedule : sequence of Slot
    seen : array, shape (bins,)
        The toll that the hospital sees at each age.
    """
    figures: dict[int, Words] = {}
    for bin_index in sorted({slot.bin for slot in schedule}):
        repeats = bool(figures) and rng.random() < hospital.parameters["repeating"]
        own = _own_words(rng, hospital, int(seen[bin_index]), "exactly")
        figures[bin_index] = list(figures.values())[-1] if repeats else own
    return [(figures[slot.bin], hospital.key.source) for slot in schedule]


# A source's own statement ---------------------------------------------------------------------------------------------


def _own_words(rng: np.random.Generator, speaker: Speaker, toll: int, form: str) -> Words:
    """None, or a number the source holds in the words of the given form."""
    if _says_none(rng, speaker, toll):
        return Words("none")

    holds_itself = {"at_least": AT_LEAST_HOLDS, "up_to": UP_TO_HOLDS}.get(form, 0.0)
    if rng.random() < holds_itself:
        shift = speaker.parameters["at_least_shift"] if form == "at_least" else UP_TO_SHIFT
        held, _ = _held(rng, speaker, toll, shift)
        return Words(form, held, held)

    held, rounded = _held(rng, speaker, toll)
    return phrased(rng, form, held, rounded)


def _says_none(rng: np.random.Generator, speaker: Speaker, toll: int) -> bool:
    if toll == 0:
        return rng.random() >= speaker.parameters["phantom"]
    return rng.random() < speaker.parameters["none_share"]


def _held(rng: np.random.Generator, speaker: Speaker, toll: int, shift: float = 0.0) -> tuple[int, int]:
    """A number held, one or more, before and after rounding; ``shift`` is added to the bias."""
    if toll == 0:
        number = (1.0 - rng.random()) ** -speaker.parameters["scale"]
        numbers = [number, number]
    else:
        numbers = _counted(rng, speaker, toll, shift)

    # No table holds more; half of it, so that "up to" has room above.
    held, rounded = (int(min(speaker.factor * number, LARGEST_COUNT // 2)) for number in numbers)
    return held, rounded


def _counted(rng: np.random.Generator, speaker: Speaker, toll: int, shift: float) -> list[float]:
    """The count of a toll above zero: the same error twice, left alone and rounded as the source rounds."""
    parameters = {name: speaker.parameters[name] for name in _COUNTING}
    parameters["bias"] += shift
    seed = int(rng.integers(2**63))
    heapings = (0.0, parameters.pop("heaping"))
    return [
        reporting.simulate(np.random.default_rng(seed), np.array([toll]), **parameters, heaping=heaping)[0]
        for heaping in heapings
    ]
