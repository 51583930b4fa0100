r"""The wordings of figures: what each says of the number a source holds: ``L(C) = sum_K p(words | K) P(K | C)``.

Each wording is one record: which numbers it keeps, how it is said, the terms of its likelihood, and how a source that
holds a number says it. Summed over the number said, every wording gives at most one (window forms up to 1.4) whatever
the count: a factor that depends on the number said alone is free, one that grows with the count would raise tolls to
collect it. The one-sided parts say ``y`` with density ``log2(1 + 1/y)``, which telescopes: over all ``y`` with ``y/2 <
K <= y`` it sums to one, and over those with ``y <= K < 2y`` to at most one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from estimates.models.types import Floats, Integers

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
#: Share of a vague word among the ways to say a number that it fits; it matters only against copying.
VAGUE_SHARE = 0.25
#: Number of nested windows a vague word is made of.
VAGUE_WINDOWS = 8
#: Numbers that are said like round ones: a dozen, two dozen.
DOZENS = (12, 24)

#: Who says that nobody died, or gives a number instead: a party or state; another source, in words; another one, by a
#: zero or another bare number in a table. Each kind has its own share of those who say so although some died.
PARTY, STATED, CODED = 0, 1, 2
NONE_KINDS = ("party", "stated", "coded")
#: What the word of a "none" ends in where the same source gives a number later: then it said "not yet".
TOO_EARLY = "too early"

#: Vague words as trapezoids of usage: membership rises from 0 at the first number to 1 at the second, stays to the
#: third and falls to 0 at the fourth. Judged from usage and coding rules; see docs/decisions/priors.md.
VAGUE_WORDS: dict[str, tuple[int, int, int, int]] = {
    "couple": (2, 2, 2, 3),
    "few": (2, 3, 4, 8),
    "several": (2, 3, 7, 13),
    "handful": (2, 3, 6, 12),
    "tens": (15, 20, 90, 130),
    "dozens": (15, 24, 80, 130),
    "scores": (25, 40, 100, 200),
    "hundreds": (110, 200, 900, 1_500),
    "thousands": (1_000, 2_000, 9_000, 15_000),
    "tens of thousands": (15_000, 20_000, 90_000, 130_000),
    "hundreds of thousands": (110_000, 200_000, 900_000, 1_500_000),
}


@dataclass(frozen=True, order=True)
class Words:
    """A figure as it enters the likelihood: its wording and its numbers.

    Attributes
    ----------
    wording : str
        One of :data:`WORDINGS`.
    low, high : int
        The numbers said; equal where there is one, zero for wordings without a number.
    word : str
        The vague word; of "none" how it was said, see :func:`none`; else empty.
    """

    wording: str
    low: int = 0
    high: int = 0
    word: str = ""

    @property
    def number(self) -> int:
        """The one number of a wording that has one."""
        return max(self.low, self.high)


def none(kind: str = "stated", *, too_early: bool = False) -> Words:
    """The words of a source that says that nobody died.

    Parameters
    ----------
    kind : str
        One of :data:`NONE_KINDS`.
    too_early : bool
        Whether the source gives a number later.
    """
    return Words("none", word=f"{kind}, {TOO_EARLY}" if too_early else kind)


def kind_of_none(words: Words) -> tuple[int, bool]:
    """Which of :data:`NONE_KINDS` a "none" is, and whether it grows rarer with the toll; plain ones are stated."""
    kind, _, early = words.word.partition(", ")
    number = NONE_KINDS.index(kind) if kind in NONE_KINDS else STATED
    return number, number != PARTY and not early


def as_copied(words: Words) -> Words:
    """What of words a copy repeats: "none" is the same whoever says it, in words or by a zero."""
    return Words("none") if words.wording == "none" else words


@dataclass(frozen=True)
class Term:
    """One part of a likelihood: ``weight`` times the probability to hold a number in ``low .. high``, one or more.

    ``shift`` is what the location of the error is shifted by, ``heaped`` whether rounding applies.
    """

    weight: float
    low: int
    high: int
    shift: Shift = ""
    heaped: bool = False


@dataclass(frozen=True)
class Wording:
    """Everything about one wording.

    Attributes
    ----------
    name : str
    keeps : tuple of str
        Which of ``low`` and ``high`` a row of the table keeps: both, one, or neither where there is no number.
    said : str
        How it is said, with ``{0}`` and ``{1}`` for its numbers.
    terms : callable, optional
        The terms of the numbers held, from the words; None for a wording that carries no number.
    say : callable, optional
        The number said by a source that holds one: from random numbers and the number held. None where none is said.
    """

    name: str
    keeps: tuple[str, ...]
    said: str
    terms: Callable[[Words], tuple[Term, ...]] | None = None
    say: Callable[[np.random.Generator, int], int] | None = None


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


def _floor(value: float) -> int:
    return int(np.floor(value + 1e-9))


def _ceil(value: float) -> int:
    return -_floor(-value)


def _exactly(words: Words) -> tuple[Term, ...]:
    return (Term(1.0, words.number, words.number, heaped=True),)


def _range(words: Words) -> tuple[Term, ...]:
    if words.low == 0:
        numbers = _range(replace(words, low=1))
        return tuple(replace(term, weight=(1.0 - ZERO_OF_RANGE) * term.weight) for term in numbers)
    low, high = words.low, words.high
    between = Term((1.0 - RANGE_END) / (high - low + 1), low, high, heaped=True)
    return (between, *(Term(RANGE_END / 2, end, end, heaped=True) for end in (low, high)))


def _at_least(words: Words) -> tuple[Term, ...]:
    y = words.number
    one_sided = Term((1.0 - AT_LEAST_HOLDS) * _one_sided_density(y), y, 2 * y - 1)
    return (Term(AT_LEAST_HOLDS, y, y, "at_least"), one_sided)


def _up_to(words: Words) -> tuple[Term, ...]:
    y = words.number
    one_sided = Term((1.0 - UP_TO_HOLDS) * _one_sided_density(y), y // 2 + 1, y)
    return (Term(UP_TO_HOLDS, y, y, "up_to"), one_sided)


def _at_most(words: Words) -> tuple[Term, ...]:
    y = words.number
    return (Term(_one_sided_density(y), y // 2 + 1, y),)


def _window(words: Words) -> tuple[Term, ...]:
    low, high = window(words)
    return (Term(1.0 / (high - low + 1), low, high),)


def _vague(words: Words) -> tuple[Term, ...]:
    windows = vague_windows(words.word)
    return tuple(Term(VAGUE_SHARE / len(windows), low, high) for low, high in windows)


def _one_sided_density(number: int) -> float:
    return float(np.log2(1.0 + 1.0 / number))


# How a source that holds a number says it, by trying every number: the twin of the terms above.


def _say_itself(rng: np.random.Generator, held: int) -> int:
    return held


def _say_at_least(rng: np.random.Generator, held: int) -> int:
    if rng.random() < AT_LEAST_HOLDS:
        return held
    candidates = np.arange(1, 2 * held + 2)
    return _drawn(rng, candidates, (candidates <= held) & (held < 2 * candidates), np.log2(1 + 1 / candidates))


def _say_at_most(rng: np.random.Generator, held: int) -> int:
    candidates = np.arange(1, 2 * held + 2)
    return _drawn(rng, candidates, (candidates >= held) & (candidates < 2 * held), np.log2(1 + 1 / candidates))


def _say_up_to(rng: np.random.Generator, held: int) -> int:
    return held if rng.random() < UP_TO_HOLDS else _say_at_most(rng, held)


def _say_window(wording: str) -> Callable[[np.random.Generator, int], int]:
    def say(rng: np.random.Generator, held: int) -> int:
        # Whoever hears the number y imagines some numbers around it; the speaker's own is one of these.
        candidates = np.arange(1, 2 * held + 2)
        shares = np.array([_share_of_one(wording, int(y), held) for y in candidates])
        return _drawn(rng, candidates, shares > 0, shares)

    return say


def _drawn(rng: np.random.Generator, candidates: Integers, fitting: NDArray[np.bool_], density: Floats) -> int:
    weights = np.where(fitting, density, 0.0)
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
        reach = 13 if _reads_as_round(said) else 6
        fitting = [n for n in imagined if 100 * abs(n - said) <= reach * said]
    return 1.0 / len(fitting) if held in fitting else 0.0


def _reads_as_round(number: int) -> bool:
    """The same as :func:`is_round`, from its digits."""
    digits = str(number)
    zeros = len(digits) - len(digits.rstrip("0"))
    return number in (12, 24) or zeros >= max(1, len(digits) - 2) or (len(digits) == 2 and digits.endswith("5"))


#: Every wording by its name. Silence, denial and refusal to comment are kept apart from zero and from one another;
#: ``named`` is a verified list of names and acts as a floor.
WORDINGS: dict[str, Wording] = {
    wording.name: wording
    for wording in (
        Wording("exactly", ("low", "high"), "{0}", _exactly, _say_itself),
        Wording("range", ("low", "high"), "{0}-{1}", _range),
        Wording("at_least", ("low",), "at least {0}", _at_least, _say_at_least),
        Wording("more_than", ("low",), "more than {0}", _window, _say_window("more_than")),
        Wording("nearly", ("low", "high"), "nearly {0}", _window, _say_window("nearly")),
        Wording("up_to", ("high",), "up to {0}", _up_to, _say_up_to),
        Wording("at_most", ("high",), "at most {0}", _at_most, _say_at_most),
        Wording("about", ("low", "high"), "about {0}", _window, _say_window("about")),
        Wording("vague", (), "{0}", _vague),
        Wording("none", ("low", "high"), "none"),
        Wording("denial", (), "denied"),
        Wording("no_comment", (), "no comment"),
        Wording("not_confirmed", (), "did not confirm"),
        Wording("named", ("low",), "{0} named"),
    )
}
#: Wordings that carry a number the source holds.
NUMERIC_WORDINGS = tuple(name for name, wording in WORDINGS.items() if wording.terms is not None)
#: Wordings of sources that give no figure: they bear on no number.
SILENT_WORDINGS = ("denial", "no_comment", "not_confirmed")


def terms(words: Words) -> tuple[float, tuple[Term, ...]]:
    """The likelihood of words as a sum: the weight of "none", and the terms of numbers held.

    Raises
    ------
    ValueError
        If words of this wording have no likelihood.
    """
    if words.wording == "none":
        return 1.0, ()
    numbers = WORDINGS[words.wording].terms
    if numbers is None:
        raise ValueError(f"the words {words.wording!r} have no likelihood")
    return ZERO_OF_RANGE if words.wording == "range" and words.low == 0 else 0.0, numbers(words)


def jumps(words: Words) -> list[int]:
    """Counts that must be edges of the grid, with their successors: where a source that is exact changes its words."""
    if words.wording == "named":
        return [words.low - 1, words.low]
    if words.wording in SILENT_WORDINGS:
        return []

    _, found = terms(words)
    points = {term.low for term in found if term.low == term.high}
    edges = set(points)
    for term in found:
        if term.low < term.high:
            edges |= {term.low - 1, term.low, term.high}
            if {term.low, term.high} <= points:
                edges.add(term.high - 1)
    return sorted(edges)


def simulate(rng: np.random.Generator, wording: str, held: Integers, *, span: int = 5) -> tuple[Integers, Integers]:
    """Lowest and highest number said by sources that hold ``held`` and use the given wording.

    Each source picks among all the numbers its wording allows, in proportion to the wording's density; shifts of the
    error and the choice between wordings are the caller's.

    Parameters
    ----------
    rng : Generator
    wording : str
        A wording with one number, or "range".
    held : integer array, shape (sources,)
    span : int
        Difference of the ends of a range.

    Returns
    -------
    low, high : integer arrays, shape (sources,)

    Raises
    ------
    ValueError
        If no number is said in that wording.
    """
    if wording == "range":
        low = np.array([_lower_end(rng, int(number), span) for number in held], dtype=np.int64)
        return low, low + span
    say = WORDINGS[wording].say
    if say is None:
        raise ValueError(f"no number is said for {wording!r}")
    said = np.array([say(rng, int(number)) for number in held], dtype=np.int64)
    return said, said


def _lower_end(rng: np.random.Generator, held: int, span: int) -> int:
    """Lower end of a range that is said around one of its ends, or anywhere between them."""
    if rng.random() < RANGE_END:
        return held if rng.random() < 0.5 else held - span
    candidates = np.arange(1, 2 * held + 2)
    return _drawn(rng, candidates, (candidates <= held) & (held <= candidates + span), np.ones(len(candidates)))


def simulate_vague(rng: np.random.Generator, word: str, held: Integers) -> NDArray[np.bool_]:
    """Whether sources that hold ``held`` find a vague word fitting, shape (sources,): a trapezoid in its logarithm."""
    foot, rise, fall, end = VAGUE_WORDS[word]
    logs = np.log(held)
    membership = np.interp(logs, np.log([foot - 0.5, rise, fall, end + 0.5]), [0.0, 1.0, 1.0, 0.0], left=0.0, right=0.0)
    return np.asarray(rng.random(len(held)) < membership)
