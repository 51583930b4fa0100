"""Whole numbers as cells write them, and verified tolls, which may also be ranges or lower bounds."""

from __future__ import annotations

import math
import re

from estimates.table.faults import Wrong, quoted
from estimates.vocabulary import LARGEST_COUNT

__all__ = ["PLAIN_DIGITS", "count", "count_from_one", "count_or_none", "toll", "toll_ends"]

#: A whole number in digits, with or without separators of thousands.
PLAIN_DIGITS = re.compile(r"[0-9]{1,3}(,[0-9]{3})+|[0-9]+")

#: How a verified toll that is no single number is written; dashes of any kind and words between the ends of a range.
_TOLL_RANGE = re.compile(r"([0-9][0-9.,]*)\s*(?:[-\u2010-\u2015]|to)\s*([0-9][0-9.,]*)", re.IGNORECASE)
_OPEN_TOLL = re.compile(r"at[ _]least\s+(.+)", re.IGNORECASE)


def count(text: str) -> int | None:
    """Read a whole number as written or as a spreadsheet writes it: 18, 18.0, 1,200; None for an empty cell.

    Raises
    ------
    Wrong
        If the text is no count.
    """
    if not text:
        return None
    if re.search(r"\.0{3}\Z", text):
        mend = "write 1,000 for thousands, or leave the point out"
        raise Wrong(f"{quoted(text)} may mean thousands or a fraction", mend)

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
        return Wrong(f"{quoted(text)} is a fraction", "people are counted whole; write 1,200 for twelve hundred")
    return Wrong(f"{quoted(text)} is not written in plain digits", mend)


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
    """Give the count that words state in digits alone, if they do."""
    try:
        return count(words)
    except Wrong:
        return None


def toll(text: str) -> int | str | None:
    """Read a verified toll: 202, a range ("51-103"), or a toll that is itself a lower bound ("at least 16000").

    Raises
    ------
    Wrong
        If the text is none of these.
    """
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
