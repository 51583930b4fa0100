"""Figures said again: what the sources of a table would have said of the same events at the same times.

Who speaks of which event, when, in which form, and who says that nobody was hit, is the layout of a table and stays.
Drawn anew is what makes the numbers: under each draw of a profile the count that the accounts hold in the end is drawn
from the posterior of its event, what was documentable before from the law of growth, and what each source says by the
mechanism of `estimates.evaluation.statements`, copies and repetitions included. So the draws of the tolls have seen
the figures that they are compared with, and small differences may hide; those that show are real.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from estimates.evaluation.known import Draws
from estimates.evaluation.plans import Plan
from estimates.evaluation.stage import effects_of_types
from estimates.evaluation.statements import Speaker, cast, own_words
from estimates.evaluation.tolls import Laws
from estimates.evaluation.worlds import WORLD_OF_NAME
from estimates.inference.cases import Case
from estimates.inference.claims import falling_steps
from estimates.inference.figures import CountedFigure, Placed
from estimates.inference.observed import alternatives_of
from estimates.inference.posterior import Answer
from estimates.models.copying import own_share
from estimates.models.growth import STEPS
from estimates.models.types import Floats, Integers
from estimates.models.wording import VAGUE_WORDS, Words
from estimates.profile.blocks import generator
from estimates.profile.profile import SourceProfile

__all__ = ["Heard", "Replicates", "heard_in", "number_of", "replicate"]


@dataclass(frozen=True)
class Heard:
    """One figure of everybody hit, in the layout of a table.

    Attributes
    ----------
    case : int
        The number of its case.
    figure : CountedFigure
    bin : int
        Its age bin; where that is not known, the most probable one.
    """

    case: int
    figure: CountedFigure
    bin: int

    @property
    def gives_number(self) -> bool:
        """Whether it is a figure that stands and says that somebody was hit."""
        return self.figure.gives_number

    @property
    def order(self) -> tuple[int, str]:
        """When it was said."""
        time = self.figure.reported
        return self.bin, time.start.isoformat() if time else ""


@dataclass(frozen=True, eq=False)
class Replicates:
    """Figures of a table, and what was said in their places.

    Attributes
    ----------
    heard : tuple of Heard
        In the order of the cases, and of time in each.
    words : list of list of Words
        For each replicate one a figure.
    """

    heard: tuple[Heard, ...]
    words: list[list[Words]]

    @property
    def numbers(self) -> Floats:
        """The numbers said, shape (replicates, figures); see :func:`number_of`."""
        return np.array([[number_of(words) for words in said] for said in self.words]).reshape(-1, len(self.heard))


def number_of(words: Words) -> float:
    """One number for what was said: zero for none, the geometric middle of a range and of what a vague word means."""
    if words.wording == "none":
        return 0.0
    if words.wording == "vague":
        _, low, high, _ = VAGUE_WORDS[words.word]
        return sqrt(low * high)
    return sqrt(max(1, words.low) * words.high)


def heard_in(cases: Sequence[Case], bin_shares: Sequence[float], as_of_bins: Sequence[int | None]) -> tuple[Heard, ...]:
    """The figures of everybody hit in some cases, in their most probable age bins.

    Parameters
    ----------
    cases : sequence of Case
    bin_shares : sequence of float, shape (BINS,)
    as_of_bins : sequence of int or None
        Of each case.
    """
    result: list[Heard] = []
    for number, (case, as_of_bin) in enumerate(zip(cases, as_of_bins, strict=True)):
        alternatives = alternatives_of(case.figures, bin_shares, as_of_bin)
        _, bins = max(alternatives, key=lambda alternative: alternative[0])
        placed = zip(case.figures, bins, strict=True)
        found = [Heard(number, figure, age) for figure, age in placed if figure.is_whole]
        result += sorted(found, key=lambda each: (each.order, each.figure.key))
    return tuple(result)


def replicate(
    cases: Sequence[Case],
    answers: Sequence[Answer],
    heard: Sequence[Heard],
    profile: SourceProfile,
    draws: NDArray[np.intp],
    seed: int,
) -> Replicates:
    """What is said in the places of the figures of some cases.

    Parameters
    ----------
    cases : sequence of Case
    answers : sequence of Answer
        Of the cases, with a count of the accounts under each of the profile's first draws.
    heard : sequence of Heard
        Their figures.
    profile : SourceProfile
    draws : array, shape (replicates, cases)
        The draw of the profile that each case is made with.
    seed : int
    """
    of_case: dict[int, list[Heard]] = {}
    for each in heard:
        of_case.setdefault(each.case, []).append(each)
    keys = sorted({each.figure.key for each in heard})
    effects = [effect for key in keys for effect in key.effects]
    parameters = Draws(profile, [*effects_of_types(case.event_type for case in cases), *effects])
    plans = {number: _plan(cases[number], own) for number, own in of_case.items()}
    speaking = {number: sorted({each.figure.key for each in own}) for number, own in of_case.items()}

    words = []
    for place, of_cases in enumerate(draws.tolist()):
        said: list[Words] = []
        for number, own in of_case.items():
            case, draw = cases[number], of_cases[number]
            rng = generator(seed, "replicates", case.event, case.outcome, str(place))
            toll = _held(rng, answers[number], draw)
            seen = Laws(parameters, draw, case.outcome).counts(rng, plans[number], toll)
            speakers = {
                each.key.source: each for each in cast(parameters, draw, speaking[number], WORLD_OF_NAME["model"])
            }
            said += _said(rng, own, speakers, seen, copies=not case.about.independent)
        words.append(said)
    return Replicates(tuple(each for own in of_case.values() for each in own), words)


def _plan(case: Case, heard: Sequence[Heard]) -> Plan:
    """What is settled of an event: what its growth depends on."""
    placed = [Placed(each.figure, each.bin, place) for place, each in enumerate(heard)]
    standing = [each for each in heard if not each.figure.withdrawn]
    latest = max((each.bin for each in standing), default=STEPS)
    rising = any(each.figure.provisional for each in standing if each.bin == latest)
    falls, from_step = falling_steps(placed), latest if rising else STEPS
    return _Settled(case.event_type, (), (), chosen=case.chosen, falls=falls, from_step=from_step)


@dataclass(frozen=True)
class _Settled(Plan):
    """A plan whose warnings are known."""

    from_step: int = STEPS

    @property
    def rising_from(self) -> int:
        return self.from_step


def _held(rng: np.random.Generator, answer: Answer, draw: int) -> int:
    """A count that the accounts of a case hold in the end, drawn under one draw of the profile."""
    grid, cell = answer.case.grid, answer.held[draw]
    return int(grid.start[cell] + int(rng.random() * grid.width[cell]))


def _said(
    rng: np.random.Generator, heard: Sequence[Heard], speakers: dict[str, Speaker], seen: Integers, *, copies: bool
) -> list[Words]:
    """What is said of one event, in the order of the figures; those of one time speak in an order by chance.

    ``seen`` is what is documentable in each age bin, shape (BINS,).
    """
    turns = sorted(range(len(heard)), key=lambda place: (heard[place].order, rng.random()))
    current: dict[str, Words] = {}
    said: dict[int, Words] = {}
    for place in turns:
        figure, source = heard[place].figure, heard[place].figure.key.source
        if not heard[place].gives_number:
            said[place] = figure.words
            continue

        speaker = speakers[source]
        others = [other for other in current if other != source] if copies else []
        if source in current and rng.random() < speaker.parameters["repeating"]:
            words = current[source]
        elif rng.random() >= own_share(speaker.parameters["copying"], len(others)):
            words = current[others[int(rng.integers(len(others)))]]
        else:
            words = own_words(rng, speaker, int(seen[heard[place].bin]), figure.words.wording)

        current[source] = said[place] = words
    return [said[place] for place in range(len(heard))]
