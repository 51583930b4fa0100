"""Cells that a spreadsheet shows and does not run: the one way in which text comes into CSV files and workbooks.

Text is first cleaned of what nobody sees and what steers a terminal. A part of it that a spreadsheet would take for a
formula then gets an apostrophe in front; ends at semicolons count as parts, since many spreadsheets part cells there.
Numbers stay numbers. The package itself takes the apostrophes off where it reads such a file again, so that nothing
but what was cleaned has changed. docs/exports.md tells the reasons.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from numbers import Number

import pandas as pd

from estimates.text import clean

__all__ = ["csv_of_frame", "csv_text", "safe_cell", "said_by_cell"]

#: What begins a formula, once written in its plain form: the minus sign of mathematics has none.
_FORMULA = frozenset("=+-@\u2212")
#: Marks that may stand before a formula: a spreadsheet, or whoever copies a cell, may drop them.
_QUOTES = frozenset("\"'`{\u00b4\u2032\u2033\u201a\u201e\uff02\uff07")
#: Categories of controls, combining marks and curly quotation marks, which may stand there, too; so may spaces.
_UNSEEN = frozenset(("Cc", "Cf", "Cn", "Co", "Cs", "Mn", "Me", "Mc", "Pi", "Pf"))
#: A number as spreadsheets write it; the sign makes no formula of it.
_NUMBER = re.compile(r" *[-+]?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)?(\.[0-9]+)?(?<=[0-9])([eE][-+]?[0-9]+)?%? *")
#: Marks of no width that choose the shape of a letter; cells do without them.
_SHAPES = re.compile("[\u180b-\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")


# One cell -------------------------------------------------------------------------------------------------------------


def safe_cell(value: object) -> object:
    """A value as a cell of a CSV file or a workbook may hold it.

    Parameters
    ----------
    value : object

    Returns
    -------
    object
        Text without control characters, marks that turn its direction and characters of no width, and with an
        apostrophe before each part that would be a formula; a number as it is; an empty text for what is missing; and
        all else as such text.
    """
    if isinstance(value, str):
        return _safe(value)
    if pd.isna(value) is True:  # type: ignore[call-overload]
        return ""
    return value if isinstance(value, Number) else _safe(str(value))


@lru_cache(maxsize=1 << 16)  # of a million cells most are alike
def _safe(text: str) -> str:
    if text.isascii() and text.isalnum():
        return text
    plain = _SHAPES.sub("", clean(text))
    if _NUMBER.fullmatch(plain):
        return plain
    return ";".join("'" + part if _is_formula(part) else part for part in plain.split(";"))


def said_by_cell(text: str) -> str:
    """What was to be said by a cell: the apostrophes that keep formulas from running are taken off.

    Parameters
    ----------
    text : str

    Returns
    -------
    str
        The cleaned text of which :func:`safe_cell` made this cell; a text that it did not change stays as it is.
    """
    if "'" not in text:
        return text
    return ";".join(part[1:] if part[:1] == "'" and _is_formula(part) else part for part in text.split(";"))


def _is_formula(part: str) -> bool:
    """Whether the first thing seen in a text, in any spelling, begins a formula."""
    for character in part:
        if character in _QUOTES or character.isspace() or unicodedata.category(character) in _UNSEEN:
            continue
        return unicodedata.normalize("NFKC", character)[0] in _FORMULA
    return False


# Tables ---------------------------------------------------------------------------------------------------------------


def csv_text(columns: Sequence[object], rows: Iterable[Iterable[object]]) -> str:
    """A table as CSV, its names and its cells made safe.

    Parameters
    ----------
    columns : sequence
        Their names.
    rows : iterable of iterables
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(map(safe_cell, columns))
    writer.writerows(map(safe_cell, row) for row in rows)
    return text.getvalue()


def csv_of_frame(frame: pd.DataFrame) -> str:
    """A frame as CSV without its index, its names and its cells made safe."""
    return csv_text(list(frame.columns), frame.itertuples(index=False, name=None))
