"""What simulated sources say: that nobody was hit, their own count, what they said before, or what another said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from inspect import signature
from types import MappingProxyType

import numpy as np
import pandas as pd

from estimates.evaluation.known import Draws
from estimates.evaluation.phrasing import phrased
from estimates.evaluation.schedule import Slot
from estimates.evaluation.worlds import World
from estimates.models import reporting
from estimates.models.types import Integers
from estimates.models.wording import AT_LEAST_HOLDS, UP_TO_HOLDS, UP_TO_SHIFT, Words
from estimates.profile.effects import SourceKey
from estimates.profile.priors import PARTIES
from estimates.vocabulary import LARGEST_COUNT

#: Types of the sources, in turn, where no others are asked for.
SOURCE_TYPES = ("international_media", "monitor", "local_media", "rescue", "government", "health", "un", "other")
HOSPITAL = SourceKey("the hospital", "unknown", "neutral")
NAMES = SourceKey("list of names", "ngo", "neutral")

#: Parameters that the counting twin takes, by its own signature.
_COUNTING = [name for name, part in signature(reporting.simulate).parameters.items() if part.kind is part.KEYWORD_ONLY]

#: Numbers that are going to be taken back are spread evenly over so many powers of ten, whatever the toll.
WITHDRAWN_POWERS = 2.0

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


def keys_of(count: int, types: Sequence[str], world: World, remedy: bool) -> list[SourceKey]:
    """The sources of a world, their types in turn."""
    inflates = world.inflation != 1 and remedy
    return [
        SourceKey(f"source {index + 1}", types[index % len(types)], "enemy" if inflates and index == 0 else "neutral")
        for index in range(count)
    ]


def cast(draws: Draws, draw: int, keys: Sequence[SourceKey], world: World) -> list[Speaker]:
    """The sources, counting as in one draw of a profile, changed as the world changes them."""
    speakers = []
    for index, key in enumerate(keys):
        changes = {} if world.copying is None else {"copying": world.copying}
        parameters = MappingProxyType({**draws.reporting(key, draw), **changes})
        speakers.append(Speaker(key, parameters, world.inflation if index == 0 else 1))
    return speakers


def hospital(draws: Draws, draw: int) -> Speaker:
    """The one hospital whose figures all sources may pass on."""
    return Speaker(HOSPITAL, MappingProxyType(draws.reporting(HOSPITAL, draw)))


def sources_told(speakers: Sequence[Speaker]) -> pd.DataFrame:
    """One row a source: its name, type, affiliation and parameters."""
    return pd.DataFrame([{**speaker.key._asdict(), **speaker.parameters} for speaker in speakers])


# One event after another ----------------------------------------------------------------------------------------------


class Mouths:
    """What the sources of one event say of everybody hit, or of one group.

    Each source settles once whether it says that nobody was hit or gives numbers. The model's likelihood is that of
    statements that hold to this, and :attr:`consistent` says whether all do: whoever gives a number, be it copied,
    would not have said "none"; whoever says "none" again would have settled on it again; nobody copies a "none" that
    counts for another one there; and nobody says both.

    Parameters
    ----------
    rng : Generator
    speakers : sequence of Speaker
    toll : int
        Count of the end, on which it depends who says "none".
    is_bare : bool
        Whether figures are bare numbers.
    copies : bool
        Whether anybody copies.
    """

    def __init__(
        self,
        rng: np.random.Generator,
        speakers: Sequence[Speaker],
        toll: int,
        *,
        is_bare: bool = False,
        copies: bool = True,
    ) -> None:
        self._rng, self._speakers, self._toll = rng, speakers, toll
        self._is_bare, self._copies = is_bare, copies
        self._says_none: dict[int, bool] = {}
        self._own_nones: set[int] = set()
        self._gave: dict[int, set[bool]] = {}
        self.consistent = True

    def statements(
        self, slots: Sequence[Slot], forms: Sequence[str], seen: Integers, *, of_group: bool = False
    ) -> list[Statement]:
        """Statements in order of time.

        Parameters
        ----------
        slots : sequence of Slot
        forms : sequence of str, one per slot
            The form of each source's own figure.
        seen : array, shape (bins,)
            The toll that sources see at each age.
        of_group : bool
            Whether it is that of a group: whoever would say that none of it was hit does not fit, since such words may
            be about any group and count for nothing.
        """
        current: dict[int, Statement] = {}
        result = []
        for slot, form in zip(slots, forms, strict=True):
            if slot.withdrawn:
                number = int(10.0 ** self._rng.uniform(0.0, WITHDRAWN_POWERS))
                statement: Statement = Words("exactly", number, number), None
            else:
                statement = self._statement(slot.source, form, int(seen[slot.bin]), current, of_group)
                self._note(slot.source, statement[0])
            current[slot.source] = statement
            result.append(statement)
        return result

    def _statement(
        self, source: int, form: str, toll: int, current: Mapping[int, Statement], of_group: bool
    ) -> Statement:
        rng, speaker = self._rng, self._speakers[source]
        others = [other for other in current if other != source] if self._copies else []
        if source in current and rng.random() < speaker.parameters["repeating"]:
            return current[source]

        if rng.random() < _chance_of_copying(speaker.parameters["copying"], len(others)):
            copied = others[rng.integers(len(others))]
            words = current[copied][0]
            if words.wording == "none" and self._kind(source) != self._kind(copied):
                self.consistent = False
            return words, self._speakers[copied].key.source
        if not of_group and self._would_say_none(source):
            return Words("none"), None
        return own_words(rng, speaker, toll, form), None

    def _would_say_none(self, source: int) -> bool:
        """Whether a source's own statement is that nobody was hit."""
        if source not in self._says_none:
            self._says_none[source] = self._settles_on_none(source)
        elif source in self._own_nones:
            self.consistent &= self._settles_on_none(source)
        if self._says_none[source]:
            self._own_nones.add(source)
        return self._says_none[source]

    def _settles_on_none(self, source: int) -> bool:
        parameters, kind = self._speakers[source].parameters, self._kind(source)
        if self._toll == 0:
            return bool(self._rng.random() >= parameters["phantom"])
        fall = 0.0 if kind == "party" else parameters["none_fall"]
        return bool(self._rng.random() < parameters[f"none_{kind}"] * float(self._toll) ** -fall)

    def _kind(self, source: int) -> str:
        """By whom and how a source says that nobody was hit, or gives a number instead."""
        if self._speakers[source].key.source_type in PARTIES:
            return "party"
        return "coded" if self._is_bare else "stated"

    def _note(self, source: int, words: Words) -> None:
        """Note what a source has given by now, and whether it can have."""
        is_number = words.wording != "none"
        gave = self._gave.setdefault(source, set())
        gave.add(is_number)
        if is_number and source not in self._says_none:
            self._says_none[source] = self._settles_on_none(source)
        self.consistent &= len(gave) == 1 and not (is_number and self._says_none[source])


def _chance_of_copying(readiness: float, others: int) -> float:
    return readiness * others / (1.0 - readiness + readiness * others)


def passed_on(
    rng: np.random.Generator, hospital: Speaker, slots: Sequence[Slot], seen: Integers, toll: int
) -> list[Statement]:
    """The hospital's number of each age bin, whoever speaks; it repeats itself like any other source.

    Parameters
    ----------
    rng : Generator
    hospital : Speaker
    slots : sequence of Slot
    seen : array, shape (bins,)
        The toll that the hospital sees at each age.
    toll : int
        Count of the end.
    """
    own = hospital_slots(slots)
    said = Mouths(rng, [hospital], toll).statements(own, ["exactly"] * len(own), seen)
    figures = {slot.bin: words for slot, (words, _) in zip(own, said, strict=True)}
    return [(figures[slot.bin], hospital.key.source) for slot in slots]


def hospital_slots(slots: Sequence[Slot]) -> list[Slot]:
    """When the hospital speaks whose figures are passed on: once in each age bin that has a report."""
    first = {slot.bin: slot for slot in reversed(slots)}
    return [Slot(bin_index, first[bin_index].minute, 0) for bin_index in sorted(first)]


# A source's own statement ---------------------------------------------------------------------------------------------


def own_words(rng: np.random.Generator, speaker: Speaker, toll: int, form: str) -> Words:
    """A number the source holds, in the words of the given form."""
    holds_itself = {"at_least": AT_LEAST_HOLDS, "up_to": UP_TO_HOLDS}.get(form, 0.0)
    if rng.random() < holds_itself:
        shift = speaker.parameters["at_least_shift"] if form == "at_least" else UP_TO_SHIFT
        held, _ = _held(rng, speaker, toll, shift)
        return Words(form, held, held)

    held, rounded = _held(rng, speaker, toll)
    return phrased(rng, form, held, rounded)


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
