r"""Likelihood of the words of a figure: ``L(C) = sum over K of p(words | K) P(K | C)``.

Summed over the number said, every form gives at most one (window forms up to 1.4) whatever the count: a factor that
depends on the number said alone is free, one that grows with the count would raise tolls to collect it. The one-sided
parts say ``y`` with density ``log2(1 + 1/y)``, which telescopes: over all ``y`` with ``y/2 < K <= y`` it sums to one,
and over those with ``y <= K < 2y`` to at most one.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from estimates.models.accounting import HeldNumber
from estimates.models.types import Floats, Integers
from estimates.models.wordings import NUMERIC_WORDINGS, VAGUE_WORDS

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


def likelihood(words: Words, held: HeldNumber) -> Floats:
    """P(words | C) of a source's law of the number held, shape (cells, draws)."""
    match words.wording:
        case "exactly":
            return held.mass(words.number, words.number, heaped=True)
        case "range":
            return _range(words, held)
        case "at_least":
            y, shift = words.number, held.accounting.at_least_shift
            return _mixture(AT_LEAST_HOLDS, held.mass(y, y, shift=shift), held.mass(y, 2 * y - 1), y)
        case "up_to":
            y, shift = words.number, np.full_like(held.accounting.bias, UP_TO_SHIFT)
            return _mixture(UP_TO_HOLDS, held.mass(y, y, shift=shift), held.mass(y // 2 + 1, y), y)
        case "at_most":
            y = words.number
            return held.mass(y // 2 + 1, y) * _one_sided_density(y)
        case "more_than" | "nearly" | "about":
            low, high = window(words)
            return held.mass(low, high) / (high - low + 1)
        case "vague":
            windows = vague_windows(words.word)
            result = held.mass(*windows[0])
            for low, high in windows[1:]:
                result += held.mass(low, high)
            return result * (VAGUE_SHARE / len(windows))
        case "none":
            result = np.tile(held.accounting.none_share, (len(held.grid), 1))
            result[0] = 1.0 - held.accounting.phantom
            return result
    raise ValueError(f"the words {words.wording!r} have no likelihood")


def _range(words: Words, held: HeldNumber) -> Floats:
    if words.low == 0:
        return ZERO_OF_RANGE * likelihood(Words("none"), held) + (1.0 - ZERO_OF_RANGE) * _range(
            Words("range", 1, words.high), held
        )
    result = held.mass(words.low, words.high, heaped=True)
    result *= (1.0 - RANGE_END) / (words.high - words.low + 1)
    for end in (words.low, words.high):
        result += RANGE_END / 2 * held.mass(end, end, heaped=True)
    return result


def _mixture(share: float, held_itself: Floats, one_sided: Floats, number: int) -> Floats:
    held_itself *= share
    one_sided *= (1.0 - share) * _one_sided_density(number)
    held_itself += one_sided
    return held_itself


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
