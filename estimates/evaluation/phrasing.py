"""How a simulated source puts the number it holds into words.

Each form says each of its numbers with the probability that the likelihood of `estimates.models.wording` gives it, or
with the same share of that probability for every number held.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from estimates.models.types import Floats, Integers
from estimates.models.wording import (
    ABOUT_ROUND,
    ABOUT_UNROUND,
    DOZENS,
    MORE_THAN_REACH,
    NEARLY_REACH,
    RANGE_END,
    VAGUE_SHARE,
    VAGUE_WINDOWS,
    VAGUE_WORDS,
    Words,
)

#: Shares of the ways in which the sources of an event speak.
WORDINGS: Mapping[str, float] = {
    "exactly": 0.6,
    "at_least": 0.14,
    "range": 0.06,
    "about": 0.06,
    "vague": 0.06,
    "more_than": 0.03,
    "up_to": 0.03,
    "nearly": 0.01,
    "at_most": 0.01,
}
#: Differences between the ends of a range, each as likely as the others.
SPANS = (1, 2, 3, 5, 10)

#: Largest sum over y of the probabilities with which "about y" and its like are said by a source that holds one number.
_LARGEST_SUM = {"about": 5 / 3, "more_than": 1.0, "nearly": 1.5}
_PHRASES = {
    "exactly": "{low:,} people",
    "range": "{low:,} to {high:,}",
    "vague": "{word}",
    "none": "none",
    **{
        form: form.replace("_", " ") + " {low:,}"
        for form in ("at_least", "more_than", "nearly", "up_to", "at_most", "about")
    },
}


def figure_of(words: Words, *, is_bare: bool = False) -> str:
    """The words as a report has them.

    Parameters
    ----------
    words : Words
    is_bare : bool
        Whether plain numbers stand without a word, as in a column of numbers, and zero for none.
    """
    if is_bare and words.wording in ("exactly", "none"):
        return f"{words.low:,}"
    return _PHRASES[words.wording].format(low=words.low, high=words.high, word=words.word)


def random_forms(rng: np.random.Generator, shares: Mapping[str, float], wording_of: str, reports: int) -> list[str]:
    """Forms of the figures of one event in the given shares: one for all its reports, or one for each.

    Parameters
    ----------
    rng : Generator
    shares : mapping of str to float
    wording_of : {"event", "report"}
    reports : int
    """
    of_event = _random_form(rng, shares)
    return [of_event if wording_of == "event" else _random_form(rng, shares) for _ in range(reports)]


def _random_form(rng: np.random.Generator, shares: Mapping[str, float]) -> str:
    share = np.array(list(shares.values()))
    return str(rng.choice(list(shares), p=share / share.sum()))


def phrased(rng: np.random.Generator, form: str, held: int, rounded: int) -> Words:
    """A number in words of the given form.

    Parameters
    ----------
    rng : Generator
    form : str
        One of ``models.wording.NUMERIC_WORDINGS``.
    held, rounded : int
        The number before and after rounding. Plain numbers and ranges are said of the rounded one; whoever finds no
        words of the form says it as a plain number.
    """
    match form:
        case "exactly":
            words = None
        case "range":
            words = _range(rng, rounded)
        case "vague":
            words = _vague(rng, held)
        case "at_least" | "up_to" | "at_most":
            words = _one_sided(rng, form, held)
        case _:
            words = _near(rng, form, held)
    return words or Words("exactly", rounded, rounded)


def _range(rng: np.random.Generator, held: int) -> Words | None:
    span = int(rng.choice(SPANS))
    if rng.random() < RANGE_END:
        low = held - span if rng.random() < 0.5 else held
    else:
        low = int(rng.integers(held - span, held + 1))
    return Words("range", low, low + span) if low >= 1 else None


def _vague(rng: np.random.Generator, held: int) -> Words | None:
    """A vague word, with a probability that grows in eighths with how well it fits the logarithm of the number."""
    chance = rng.random()
    for word, (foot, rise, fall, end) in VAGUE_WORDS.items():
        ends = np.log([foot - 0.5, rise, fall, end + 0.5])
        fit = float(np.interp(np.log(held), ends, [0.0, 1.0, 1.0, 0.0], left=0.0, right=0.0))
        chance -= VAGUE_SHARE * np.floor(VAGUE_WINDOWS * fit + 0.5) / VAGUE_WINDOWS
        if chance < 0:
            return Words("vague", word=word)
    return None


def _one_sided(rng: np.random.Generator, form: str, held: int) -> Words | None:
    """A bound: ``y`` is said with probability ``log2(1 + 1/y)``, the law of whole parts of ``first * 2 ** uniform``."""
    first = held // 2 + 1 if form == "at_least" else held
    number = int(first * 2.0 ** rng.random())
    return Words(form, number, number) if form != "at_least" or number <= held else None


def _near(rng: np.random.Generator, form: str, held: int) -> Words | None:
    """A number near the one held: each ``y`` that can mean it, with probability one over how many ``y`` can mean.

    None where the probabilities do not sum to their largest sum and what is missing is drawn.
    """
    candidates = np.arange(max(1 + (form == "nearly"), held * 4 // 5 - 1), held * 5 // 4 + 2)
    low, high = _meanings(form, candidates)
    chances = np.where((low <= held) & (held <= high), 1.0 / np.maximum(high - low + 1, 1), 0.0)

    chosen = int(np.searchsorted(np.cumsum(chances), rng.random() * _LARGEST_SUM[form], side="right"))
    if chosen == len(candidates):
        return None
    number = int(candidates[chosen])
    return Words(form, number, number)


def _meanings(form: str, said: Integers) -> tuple[Integers, Integers]:
    """Smallest and largest number held that "about", "more than" or "nearly" can mean; all of shape (numbers,)."""
    if form == "more_than":
        return said + 1, np.maximum(said + 1, _hundredths(said, MORE_THAN_REACH))
    if form == "nearly":
        return np.minimum(-_hundredths(-said, NEARLY_REACH), said - 1), said - 1
    half = np.where(_reads_round(said), ABOUT_ROUND, ABOUT_UNROUND)
    return -_hundredths(-said, 1.0 - half), _hundredths(said, 1.0 + half)


def _hundredths(number: Integers, share: float | Floats) -> Integers:
    """The share of each number rounded down, with the share in whole hundredths."""
    return np.asarray(number * np.rint(np.multiply(share, 100)).astype(np.int64) // 100)


def _reads_round(number: Integers) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Multiples of 5 from 10, of 10 from 100, of 100 from 1,000 and so on, a dozen and two."""
    digits = np.char.str_len(number.astype(str))
    grain = np.where(digits <= 2, 5, 10 ** np.maximum(digits - 2, 0))
    return np.asarray(((number >= 10) & (number % grain == 0)) | np.isin(number, DOZENS))
