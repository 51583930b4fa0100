"""Whole numbers as cells write them, and verified tolls, which may also be ranges or lower bounds."""

from __future__ import annotations

import math
import re

from estimates.table.faults import Wrong, quoted
from estimates.vocabulary import LARGEST_COUNT

__all__ = [
    "bare_count",
    "count",
    "count_from_one",
    "count_or_none",
    "fraction",
    "toll",
    "toll_ends",
    "with_commas",
]

#: A whole number in digits, with or without separators of thousands.
PLAIN_DIGITS = re.compile(r"[0-9]{1,3}(,[0-9]{3})+|[0-9]+")
_BARE = re.compile(r"0|[1-9][0-9]{0,2}(?:,[0-9]{3})+|[1-9][0-9]*")
#: Thousands that can be nothing else: parted by spaces of any width, or by two points or more.
_PARTED = re.compile(r"(?<![\w.,])[0-9]{1,3}(?:(?:[ \u00a0\u2007\u2009\u202f][0-9]{3})+|(?:\.[0-9]{3}){2,})(?![\w.,])")
_POINTED = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+")
_NUMBER = re.compile(r"(?<![\w.,])[0-9]+(?:[.,][0-9]+)+(?!\w|[.,][0-9])")

#: How a verified toll that is no single number is written; dashes of any kind and words between the ends of a range.
_TOLL_RANGE = re.compile(r"([0-9][0-9.,]*)\s*(?:[-\u2010-\u2015]|to)\s*([0-9][0-9.,]*)", re.IGNORECASE)
_OPEN_TOLL = re.compile(r"at[ _]least\s+(.+)", re.IGNORECASE)


def with_commas(text: str) -> str:
    """Write the numbers of a text with commas for thousands where points stand for them.

    Raises
    ------
    Wrong
        If a number has a comma, which is no separator of thousands then.
    """
    return _NUMBER.sub(_with_commas, text)


def _with_commas(match: re.Match[str]) -> str:
    if "," in match[0]:
        mend = "write the number without its comma, or do not say that points part thousands"
        raise Wrong(f"{quoted(match[0])} has a comma, and points part thousands here", mend)
    return match[0].replace(".", ",") if _POINTED.fullmatch(match[0]) else match[0]


def count(text: str) -> int | None:
    """Read a whole number as written or as a spreadsheet writes it: 18, 18.0, 1,200, 1 200; None for an empty cell.

    Raises
    ------
    Wrong
        If the text is no count.
    """
    return _count_of_digits(_with_plain_commas(text))


def _with_plain_commas(text: str) -> str:
    """Numbers whose thousands are parted by spaces or by several points, with commas; others as they are."""
    return _PARTED.sub(lambda match: re.sub("[^0-9]", ",", match[0]), text)


def _count_of_digits(text: str) -> int | None:
    if not text:
        return None
    if _POINTED.fullmatch(text) or text.endswith(".000"):
        pointed = text if _POINTED.fullmatch(text) else "1.200"
        mend = f"write {pointed.replace('.', ',')} for thousands; where points part thousands in all of the table, say "
        raise Wrong(f"{quoted(text)} may mean thousands or a fraction", mend + '--thousands . (thousands=".")')

    digits = re.sub(r"\.0+\Z", "", text)
    if not PLAIN_DIGITS.fullmatch(digits):
        raise _not_a_count(text)

    bare = digits.replace(",", "").lstrip("0") or "0"
    if len(bare) > 10 or int(bare) > LARGEST_COUNT:  # Python refuses to convert thousands of digits
        raise _too_large(text)
    return int(bare)


def _not_a_count(text: str) -> Wrong:
    mend = "write a whole number such as 18 or 1,200, or leave the cell empty"
    try:
        value = float(text)
    except ValueError:
        return Wrong(f"{quoted(text)} is not a whole number", mend)

    if math.isnan(value):
        return Wrong(f"{quoted(text)} is not a number (NaN)", mend)
    if math.isinf(value):
        return Wrong(f"{quoted(text)} is infinite", mend)
    if value < 0:
        return Wrong(f"{quoted(text)} is negative", "people are counted from 0 up")
    if value > LARGEST_COUNT:
        return _too_large(text)
    if not value.is_integer():
        return fraction(text)
    return Wrong(f"{quoted(text)} is not written in plain digits", mend)


def fraction(text: str) -> Wrong:
    """What is wrong with a number that is not whole."""
    return Wrong(f"{quoted(text)} is a fraction", "people are counted whole; write 1,200 for twelve hundred")


def _too_large(text: str) -> Wrong:
    return Wrong(f"{quoted(text)} is too large", f"counts go up to {LARGEST_COUNT:,}")


def count_from_one(text: str) -> int | None:
    """Read a whole number of at least one; None for an empty cell.

    Raises
    ------
    Wrong
        If the text is no such number.
    """
    number = count(text)
    if number == 0:
        raise Wrong(f"{quoted(text)} is nobody", "write how many were there, or leave the cell empty")
    return number


def count_or_none(words: str) -> int | None:
    """Give the count that words state in digits alone, without spaces, if they do."""
    try:
        return _count_of_digits(words)
    except Wrong:
        return None


def bare_count(words: str) -> tuple[int, str] | None:
    """Give the count of a cell that is a number in digits and nothing else, with its usual spelling; never a year.

    Parameters
    ----------
    words : str
        18, 2014, 1,200, 1 200 or 18.0 are counts; None is given for words, and for digits such as 018.

    Raises
    ------
    Wrong
        If the cell is a number and no count.
    """
    spelt = _with_plain_commas(words)
    if not PLAIN_DIGITS.fullmatch(spelt):
        try:
            float(spelt)
        except ValueError:
            return None
        number = _count_of_digits(spelt)  # 18.0 is a count; -5, 1.200, 1e308 and NaN are refused here
        return (number, str(number)) if number is not None else None
    return (_count_of_digits(spelt) or 0, spelt) if _BARE.fullmatch(spelt) else None


def toll(text: str) -> int | str | None:
    """Read a verified toll: 202, a range ("51-103"), or a toll that is itself a lower bound ("at least 16000").

    Raises
    ------
    Wrong
        If the text is none of these.
    """
    text = _with_plain_commas(text)
    try:
        if match := _TOLL_RANGE.fullmatch(text):
            return _toll_between(text, count(match[1]) or 0, count(match[2]) or 0)
        if match := _OPEN_TOLL.fullmatch(text):
            return _toll_from(text, count(match[1]) or 0)
        return count(text)
    except Wrong as wrong:
        raise Wrong(wrong.what, f"{wrong.mend}; a toll may be a range such as 51-103, or at least 16000") from None


def _toll_between(text: str, low: int, high: int) -> int | str:
    if low > high:
        raise Wrong(f"the range {quoted(text)} ends below its beginning", f"write {high}-{low}")
    return low if low == high else f"{low}-{high}"


def _toll_from(text: str, low: int) -> str:
    if not low:
        raise Wrong(f"{quoted(text)} says nothing", "write the number verified, or leave the cell empty")
    return f"at least {low}"


def toll_ends(verified: int | str | None) -> tuple[int | None, int | None]:
    """Give the lowest and the highest count that a verified toll allows, as ``Reports.table`` keeps it.

    Parameters
    ----------
    verified : int, str or None
        202, "51-103" or "at least 16000"; None where nothing was verified.

    Returns
    -------
    tuple
        Both None where nothing was verified; the second None where the toll is a lower bound.
    """
    if not isinstance(verified, str):
        return verified, verified
    if verified.startswith("at least "):
        return int(verified.removeprefix("at least ")), None
    low, _, high = verified.partition("-")
    return int(low), int(high)
