"""Whether the words of a figure say for certain that it is part of a larger one."""

from __future__ import annotations

import re
from collections.abc import Iterable

from estimates.models.wording import VAGUE_WORDS
from estimates.wording import lexicon
from estimates.wording.numbers import read_number
from estimates.wording.tokens import UnreadableError

__all__ = ["says_part"]

_WORDS = "|".join(sorted(map(re.escape, lexicon.NUMBER_WORDS), key=len, reverse=True))
_NUMBER = rf"(?:[0-9]+(?:,[0-9]{{3}})*|(?:{_WORDS})(?:[ -](?:and )?(?:{_WORDS}))*)"
_VAGUE = "|".join(sorted(map(re.escape, VAGUE_WORDS), key=len, reverse=True))
_HIT = (
    "dead|killed|deaths|fatalities|victims|casualties|bodies|wounded|injured|missing|displaced|people|total|toll|"
    "slain|deceased|hurt|survivors"
)
_HEDGE = "at least|at most|more than|fewer than|less than|up to|over|about|around|approximately|some|nearly|almost"

#: A number, with what stands before or after it where that makes it a part of another.
_PART = re.compile(
    rf"(?<![\w.,-])(?P<before>(?:includ(?:ing|es|ed|e)|among(?:st)? (?:them|whom|(?:the|those) (?:{_HIT}))"
    rf"|of (?:them|whom|which|these|those))(?: (?:{_HEDGE}))? )?"
    rf"(?P<number>{_NUMBER}|{_VAGUE})(?![\w-])"
    rf"(?P<after> (?:out )?of (?:them|whom|which|these|those|(?:the )?(?P<whole>{_NUMBER})|(?:the|all) (?:{_HIT}))"
    r"(?![\w-]))?",
    re.IGNORECASE,
)


def says_part(words: str, figure: Iterable[int | str | None]) -> bool:
    """Whether words say of a figure that it is part of a larger one: "including 5 children", "5 of them", "5 of 21".

    In "21 killed, including 5 children" the 5 is a part and the 21 is not. Words that state none of the figure's
    numbers say so where every number in them is a part.

    Parameters
    ----------
    words : str
        The words as the source or the coder wrote them.
    figure : iterable of int, str or None
        The figure's numbers, or its vague word.
    """
    parts: set[int | str] = set()
    others: set[int | str] = set()
    wholes: set[int | str] = set()
    for match in _PART.finditer(" ".join(words.split())):
        (parts if match["before"] or match["after"] else others).add(_value(match["number"]))
        if match["whole"]:
            wholes.add(_value(match["whole"]))

    stated = {number for number in figure if number is not None}
    return bool(parts & stated) or (bool(parts) and not others and not wholes & stated)


def _value(number: str) -> int | str:
    """The number that words stand for; the words themselves where they stand for none in particular."""
    try:
        read = read_number(number.lower().replace("-", " ").split(), 0)
    except UnreadableError:
        return number.lower()
    return number.lower() if read is None else read.value
