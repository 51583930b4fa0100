"""Numbers in digits and in words: "1,200", "1.2 million", "one hundred and five", "two dozen"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from estimates.wording import lexicon as known
from estimates.wording.tokens import UnreadableError, word_at

#: Words after digits that multiply them.
_SCALES = {**known.SCALES, "hundred": 100, "dozen": 12}
_YEAR = re.compile(r"19[0-9]{2}|20[0-9]{2}")
_WHOLE = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+|0|[1-9][0-9]*")
_THOUSANDS_OR_FRACTION = re.compile(r"[0-9]+\.[0-9]{3}")
_DECIMAL = re.compile(r"(?:0|[1-9][0-9]*)\.[0-9]+")


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written.

    Attributes
    ----------
    value : int
        Its value; below zero for a measure such as 6.4, which counts nobody.
    end : int
        Index of the token after it.
    dozen : bool
        Whether it is said in dozens, and so not exact.
    lead : int, Fraction or None
        What stands before its scale word: the 2 of "2 million".
    year : bool
        Whether it looks like a year.
    """

    value: int
    end: int
    dozen: bool = False
    lead: int | Fraction | None = None
    year: bool = False


def read_number(tokens: Sequence[str], start: int) -> Number | None:
    """Read the number that starts here, in digits or in words; None if none does.

    Raises
    ------
    UnreadableError
        If what starts here may be a number and cannot be read without guessing.
    """
    token = word_at(tokens, start)
    if token == "halfdozen":
        return Number(6, start + 1, dozen=True)
    if token[:1].isdigit():
        return _in_digits(tokens, start)
    if token in ("a", "an") and word_at(tokens, start + 1) in ("dozen", "hundred", *known.SCALES):
        return _in_words(tokens, start + 1, article=True)
    return _in_words(tokens, start, article=False) if token in known.NUMBER_WORDS else None


def _in_digits(tokens: Sequence[str], start: int) -> Number:
    token, scale = tokens[start], _SCALES.get(word_at(tokens, start + 1))
    value = _digits(token, scaled=scale is not None)
    if value is None:
        return Number(-1, start + 1)
    if scale is None:
        return Number(int(value), start + 1, year=bool(_YEAR.fullmatch(token)))

    scaled = value * scale
    if scaled.denominator != 1:
        raise UnreadableError(f"{token} {tokens[start + 1]} is not a whole number; write it out in digits")
    return Number(int(scaled), start + 2, dozen=scale == 12, lead=value)


def _digits(token: str, scaled: bool) -> Fraction | None:
    """Value of a number in digits; None for a measure such as 6.4, unless a scale word can make it whole."""
    if len(token) > 16:
        raise UnreadableError(f"{token[:16]}... is too long for a count; write the number of people")
    if _WHOLE.fullmatch(token):
        return Fraction(token.replace(",", ""))
    if _THOUSANDS_OR_FRACTION.fullmatch(token):
        comma = token.replace(".", ",")
        raise UnreadableError(f"{token!r} may mean thousands or a fraction; write {comma} for thousands")
    if not _DECIMAL.fullmatch(token):
        raise UnreadableError(f"{token!r} is not written as a count; write 18 or 1,200")

    value = Fraction(token)
    return value if scaled or value.denominator == 1 else None


@dataclass(slots=True)
class _Sum:
    """A number in words, added up from its beginning; each word must fit the ones before it.

    Attributes
    ----------
    total : int
        The part up to the last scale word.
    current : int
        What was said since.
    room : int
        The next unit or ten must be smaller.
    limit : int
        The next scale word must be smaller: thousand follows million, never the other way.
    lead : int
        The largest number that stood before "hundred" or a scale word.
    """

    total: int = 0
    current: int = 0
    room: int = 1_000
    limit: int = 10**12
    lead: int = 0

    def add(self, word: str) -> bool:
        """Add a word if it fits; say whether it did."""
        value = known.UNITS.get(word) or known.TENS.get(word)
        if value is not None and value < self.room:
            self.current += value
            self.room = 10 if value >= 20 else 0
        elif word == "hundred" and 0 < self.current < 100:
            self.lead = max(self.lead, self.current)
            self.current, self.room = self.current * 100, 100
        elif word in known.SCALES and self.current > 0 and known.SCALES[word] < self.limit:
            self.lead, self.limit = max(self.lead, self.current), known.SCALES[word]
            self.total += self.current * self.limit
            self.current, self.room = 0, 1_000
        else:
            return False
        return True


def _in_words(tokens: Sequence[str], start: int, article: bool) -> Number:
    if tokens[start] == "zero":
        return Number(0, start + 1)

    number, index = _Sum(current=int(article)), start
    while True:
        skipped = index > start and _and_joins(tokens, index)
        word = word_at(tokens, index + skipped)
        if word == "dozen" and not number.total and (number.current or index == start):
            dozens = number.current or 1
            return Number(12 * dozens, index + 1, dozen=True, lead=dozens)
        if not number.add(word):
            break
        index += 1 + skipped

    if index == start:
        raise UnreadableError(f"{tokens[start]!r} without a number before it; write 100, 'a hundred' or 'hundreds'")
    return Number(number.total + number.current, index, lead=number.lead or None)


def _and_joins(tokens: Sequence[str], index: int) -> bool:
    """Whether an "and" joins the parts of one number: "one hundred and five"."""
    after = word_at(tokens, index + 1)
    continues = after != "zero" and (after in known.UNITS or after in known.TENS)
    return tokens[index - 1] in ("hundred", *known.SCALES) and word_at(tokens, index) == "and" and continues
