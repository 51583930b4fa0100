r"""Likelihood of the words of a figure: ``L(C) = sum over K of p(words | K) P(K | C)``.

Summed over the number said, every form gives at most one (window forms up to 1.4) whatever the count: a factor that
depends on the number said alone is free, one that grows with the count would raise tolls to collect it. The one-sided
parts say ``y`` with density ``log2(1 + 1/y)``, which telescopes: over all ``y`` with ``y/2 < K <= y`` it sums to one,
and over those with ``y <= K < 2y`` to at most one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from estimates.models.reporting import HeldNumber
from estimates.models.types import Floats, Integers
from estimates.models.wordings import NUMERIC_WORDINGS, VAGUE_WORDS

#: What can shift the location of the error.
type Shift = Literal["", "at_least", "up_to"]

#: Probability that "at least y" is said by a source that holds y itself; else it holds something up to twice that.
AT_LEAST_HOLDS = 0.8
#: The same for "up to y", and the shift of the error then.
UP_TO_HOLDS = 0.6
UP_TO_SHIFT = 0.2
#: Probability that a range is said around one of its ends, either of them.
RANGE_END = 0.1
#: Share of a range from zero that means "perhaps none".
ZERO_OF_RANGE = 0.5
#: Half-widths of "about", for round and for unround numbers.
ABOUT_ROUND = 0.13
ABOUT_UNROUND = 0.06
#: "More than y" reaches to this factor, "nearly y" begins at that one.
MORE_THAN_REACH = 1.25
NEARLY_REACH = 0.85
#: Share of a vague word among the ways to say a number that it fits: it matters only against copying, which gives the
#: whole probability to what was said before.
VAGUE_SHARE = 0.25
#: Number of nested windows a vague word is made of.
VAGUE_WINDOWS = 8
#: Numbers that are said like round ones: a dozen, two dozen.
DOZENS = (12, 24)


@dataclass(frozen=True, order=True)
class Words:
    """A figure as it enters the likelihood: its form and its numbers.

    Attributes
    ----------
    wording : str
        One of :data:`estimates.models.wordings.WORDINGS`.
    low, high : int
        The numbers said; equal where there is one, zero for forms without a number.
    word : str
        The vague word, else empty.
    """

    wording: str
    low: int = 0
    high: int = 0
    word: str = ""

    @property
    def number(self) -> int:
        """The one number of a form that has one."""
        return max(self.low, self.high)


def is_round(number: int) -> bool:
    """Whether a number reads as rounded: 20, 150, 1200, and a dozen or two."""
    if number in DOZENS:
        return True
    grain = 5 if number < 100 else 10 ** (len(str(number)) - 2)
    return number >= 10 and number % grain == 0


def window(words: Words) -> tuple[int, int]:
    """Smallest and largest number held that "about", "more than" or "nearly" can mean."""
    y = words.number
    if words.wording == "more_than":
        return y + 1, max(y + 1, _floor(MORE_THAN_REACH * y))
    if words.wording == "nearly":
        return max(1, min(_ceil(NEARLY_REACH * y), y - 1)), max(1, y - 1)
    half = ABOUT_ROUND if is_round(y) else ABOUT_UNROUND
    return min(y, _ceil((1 - half) * y)), max(y, _floor((1 + half) * y))


def vague_windows(word: str) -> list[tuple[int, int]]:
    """Nested windows whose indicator functions average to the membership of a vague word."""
    foot, rise, fall, end = VAGUE_WORDS[word]
    left, right = np.log(foot - 0.5), np.log(end + 0.5)
    heights = (np.arange(VAGUE_WINDOWS) + 0.5) / VAGUE_WINDOWS
    low = np.ceil(np.exp(left + heights * (np.log(rise) - left))).astype(int)
    high = np.floor(np.exp(right - heights * (right - np.log(fall)))).astype(int)
    return list(zip(low.tolist(), high.tolist(), strict=True))


def jumps(words: Words) -> list[int]:
    """Counts that must be edges of the grid (with their successors): where an exact source would change its words."""
    y = words.number
    match words.wording:
        case "exactly":
            return [y]
        case "range":
            ends = [words.low, words.high]
        case "at_least":
            return [y, *_ends(y, 2 * y - 1)]
        case "up_to" | "at_most":
            return [y, *_ends(y // 2 + 1, y)]
        case "vague":
            return [edge for low, high in vague_windows(words.word) for edge in _ends(low, high)]
        case "more_than" | "nearly" | "about":
            return _ends(*window(words))
        case "named":
            ends = [words.low]
        case _:
            ends = []
    return [edge for end in ends for edge in (end - 1, end)]


@dataclass(frozen=True)
class Term:
    """One part of a likelihood: ``weight`` times the probability to hold a number in ``low .. high``.

    Attributes
    ----------
    weight : float
    low, high : int
        One or more.
    shift : {"", "at_least", "up_to"}
        What the location of the error is shifted by.
    heaped : bool
        Whether rounding applies.
    """

    weight: float
    low: int
    high: int
    shift: Shift = ""
    heaped: bool = False


def terms(words: Words) -> tuple[float, tuple[Term, ...]]:
    """The likelihood of a form as a sum: the weight of "none", and the terms of numbers held."""
    y = words.number
    match words.wording:
        case "exactly":
            return 0.0, (Term(1.0, y, y, heaped=True),)
        case "range":
            return _range(words.low, words.high)
        case "at_least":
            one_sided = Term((1.0 - AT_LEAST_HOLDS) * _one_sided_density(y), y, 2 * y - 1)
            return 0.0, (Term(AT_LEAST_HOLDS, y, y, "at_least"), one_sided)
        case "up_to":
            one_sided = Term((1.0 - UP_TO_HOLDS) * _one_sided_density(y), y // 2 + 1, y)
            return 0.0, (Term(UP_TO_HOLDS, y, y, "up_to"), one_sided)
        case "at_most":
            return 0.0, (Term(_one_sided_density(y), y // 2 + 1, y),)
        case "more_than" | "nearly" | "about":
            low, high = window(words)
            return 0.0, (Term(1.0 / (high - low + 1), low, high),)
        case "vague":
            windows = vague_windows(words.word)
            return 0.0, tuple(Term(VAGUE_SHARE / len(windows), low, high) for low, high in windows)
        case "none":
            return 1.0, ()
    raise ValueError(f"the words {words.wording!r} have no likelihood")


def _range(low: int, high: int) -> tuple[float, tuple[Term, ...]]:
    if low == 0:
        _, numbers = _range(1, high)
        return ZERO_OF_RANGE, tuple(replace(term, weight=(1.0 - ZERO_OF_RANGE) * term.weight) for term in numbers)
    between = Term((1.0 - RANGE_END) / (high - low + 1), low, high, heaped=True)
    return 0.0, (between, *(Term(RANGE_END / 2, end, end, heaped=True) for end in (low, high)))


def likelihood(words: Words, held: HeldNumber) -> Floats:
    """P(words | C) of a source's law of the number held, shape (cells, draws)."""
    none_weight, numbers = terms(words)
    reporting = held.reporting
    shifts = {"": None, "at_least": reporting.at_least_shift, "up_to": np.full_like(reporting.bias, UP_TO_SHIFT)}
    result: Floats | None = None
    for term in numbers:
        mass = held.mass(term.low, term.high, shift=shifts[term.shift], heaped=term.heaped)
        if term.weight != 1.0:
            mass *= term.weight
        result = mass if result is None else np.add(result, mass, out=result)
    if none_weight:
        none = np.tile(none_weight * reporting.none_share, (len(held.grid), 1))
        none[0] = none_weight * (1.0 - reporting.phantom)
        result = none if result is None else np.add(result, none, out=result)
    assert result is not None
    return result


def _one_sided_density(number: int) -> float:
    return float(np.log2(1.0 + 1.0 / number))


def _ends(low: int, high: int) -> list[int]:
    return [low - 1, low, high]


def _floor(value: float) -> int:
    return int(np.floor(value + 1e-9))


def _ceil(value: float) -> int:
    return int(np.ceil(value - 1e-9))


def simulate(rng: np.random.Generator, wording: str, held: Integers, *, span: int = 5) -> tuple[Integers, Integers]:
    """Lowest and highest number said by sources that hold ``held`` and use the given form, by trying every number.

    Each source picks among all the numbers its form allows, in proportion to the form's density; shifts of the error
    and the choice between forms are the caller's.

    Parameters
    ----------
    rng : Generator
    wording : str
        A form with one number, or "range".
    held : integer array
    span : int
        Difference of the ends of a range.

    Returns
    -------
    low, high : integer arrays
    """
    if wording not in NUMERIC_WORDINGS or wording == "vague":
        raise ValueError(f"no number is said for {wording!r}")
    said = np.array([_say(rng, wording, int(number), span) for number in held], dtype=np.int64)
    return said, said + (span if wording == "range" else 0)


def simulate_vague(rng: np.random.Generator, word: str, held: Integers) -> NDArray[np.bool_]:
    """Whether sources that hold ``held`` find a vague word fitting: a trapezoid in the logarithm of the number."""
    foot, rise, fall, end = VAGUE_WORDS[word]
    logs = np.log(held)
    membership = np.interp(logs, np.log([foot - 0.5, rise, fall, end + 0.5]), [0.0, 1.0, 1.0, 0.0], left=0.0, right=0.0)
    return np.asarray(rng.random(len(held)) < membership)


def _say(rng: np.random.Generator, wording: str, held: int, span: int) -> int:
    candidates = np.arange(1, 2 * held + 2)
    match wording:
        case "exactly":
            return held
        case "at_least":
            if rng.random() < AT_LEAST_HOLDS:
                return held
            weights = np.where((candidates <= held) & (held < 2 * candidates), np.log2(1 + 1 / candidates), 0.0)
        case "up_to" | "at_most":
            if wording == "up_to" and rng.random() < UP_TO_HOLDS:
                return held
            weights = np.where((candidates >= held) & (candidates < 2 * held), np.log2(1 + 1 / candidates), 0.0)
        case "range":
            # Around one of its ends, or anywhere between them.
            if rng.random() < RANGE_END:
                return held if rng.random() < 0.5 else held - span
            weights = ((candidates <= held) & (held <= candidates + span)).astype(float)
        case _:
            # Whoever hears the number y imagines some numbers around it; the speaker's own is one of these.
            weights = np.array([_share_of_one(wording, int(y), held) for y in candidates])
    return int(rng.choice(candidates, p=weights / weights.sum()))


@cache
def _share_of_one(wording: str, said: int, held: int) -> float:
    """One part of the numbers that "about", "nearly" or "more than" brings to mind, if the one held is among them."""
    imagined = range(1, 3 * said + 2)
    if wording == "more_than":
        fitting = [n for n in imagined if n == said + 1 or 0 < 4 * (n - said) <= said]
    elif wording == "nearly":
        fitting = [n for n in imagined if n < said and (100 * n >= 85 * said or n == said - 1)]
    else:
        digits = str(said)
        zeros = len(digits) - len(digits.rstrip("0"))
        dozen = said in (12, 24)
        rounded = dozen or zeros >= max(1, len(digits) - 2) or (len(digits) == 2 and digits.endswith("5"))
        fitting = [n for n in imagined if 100 * abs(n - said) <= (13 if rounded else 6) * said]
    return 1.0 / len(fitting) if held in fitting else 0.0
