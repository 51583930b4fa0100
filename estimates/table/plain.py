"""Large tables of plain text, all of it read at once.

Plain is a text in which every line is one row: its cells hold no quotes, or stand in quotes with no further quotes and
no line breaks between them. There no reader has anything to decide, and the lines of rows follow from their order. Any
other text, and any that has a fault, is left to the reader of `delimited`, which goes through it row by row.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from estimates.models.types import Integers
from estimates.table.column import Column

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["columns_of_plain_text"]

#: A text as bytes, shape (letters,).
type Letters = NDArray[np.uint8]

#: Texts with fewer characters for each of their columns are soon read.
SHORTEST_COLUMN = 1 << 16
#: Of a column whose first cells are hardly ever alike the different ones are not looked for.
_CELLS_TRIED, _MOSTLY_DIFFERENT = 5_000, 0.8
_QUOTE, _LINE_FEED, _RETURN = b'"\n\r'
#: So many are looked at as stay near the processor.
_LETTERS_AT_ONCE = 1 << 18
#: Two empty cells and the end of the line; a line end alone may have two bytes.
_SHORTEST_LINE = len(",\r\n")


def columns_of_plain_text(text: str, separator: str, header: Sequence[str]) -> tuple[list[Column], list[int]] | None:
    """Split a text into columns, if it is large, plain and without faults.

    Parameters
    ----------
    text : str
        With its header.
    separator : str
        The mark between cells.
    header : sequence of str
        The first row.

    Returns
    -------
    list of Column, and list of int
        The cells of each column and the place of each row among the lines, 0 for the header, without blank rows; None
        where the text has to be read row by row.
    """
    if len(text) < SHORTEST_COLUMN * len(header):
        return None
    try:
        content = text.encode("utf-8")
    except UnicodeEncodeError:
        return None

    if not _is_plain(content, ord(separator)):
        return None
    columns = _read(content, separator, len(header))
    return None if columns is None else _without_blank_rows(columns)


# ---------------------------------------------------------------------------------------------------- is the text plain


def _is_plain(content: bytes, separator: int) -> bool:
    """Whether a text is plain and has no blank lines."""
    letters = np.frombuffer(content, dtype=np.uint8)
    places = np.concatenate([_marks(letters, first) for first in range(0, len(letters), _LETTERS_AT_ONCE)])
    is_feed = letters[places] == _LINE_FEED
    if not _lines_are_plain(letters, places[is_feed], content.count(b"\r")):
        return False

    quotes = np.flatnonzero(~is_feed)
    if len(quotes) % 2 or (quotes[1::2] != quotes[::2] + 1).any():
        return False  # a line ends within quotes
    before = _letters_at(letters, places[quotes[::2]] - 1)
    after = _letters_at(letters, places[quotes[1::2]] + 1)
    opens, closes = np.isin(before, (separator, _LINE_FEED)), np.isin(after, (separator, _LINE_FEED, _RETURN))
    return bool((opens & closes).all())


def _marks(letters: Letters, first: int) -> Integers:
    """The places of line feeds and quotes in some letters from a first one on, shape (marks,)."""
    part = letters[first : first + _LETTERS_AT_ONCE]
    return first + np.flatnonzero((part == _LINE_FEED) | (part == _QUOTE))


def _letters_at(letters: Letters, places: Integers) -> Letters:
    """The letters at some places of a text, shape (places,); beyond its ends there are line feeds."""
    is_within = (places >= 0) & (places < len(letters))
    return np.where(is_within, letters[np.clip(places, 0, len(letters) - 1)], np.uint8(_LINE_FEED))


def _lines_are_plain(letters: Letters, feeds: Integers, returns: int) -> bool:
    """Whether no line is blank or longer than a cell may be, and all of them end alike.

    The letters have shape (letters,), the places of line feeds among them shape (lines,).
    """
    ends = feeds if letters[-1] == _LINE_FEED else np.append(feeds, len(letters))
    sizes = np.diff(ends, prepend=-1)
    if sizes.min() < _SHORTEST_LINE or sizes.max() > csv.field_size_limit():
        return False
    return not returns or returns == len(feeds) == np.count_nonzero(letters[feeds - 1] == _RETURN)


# ------------------------------------------------------------------------------------------------------------- columns


def _read(content: bytes, separator: str, width: int) -> list[Column] | None:
    """The cells below the header; None where a row has more or fewer cells than the header."""
    import pyarrow as pa
    import pyarrow.csv as reader

    names = [str(place) for place in range(width)]
    try:
        table = reader.read_csv(
            pa.BufferReader(content),
            reader.ReadOptions(column_names=names, skip_rows=1),
            reader.ParseOptions(delimiter=separator),
            reader.ConvertOptions(column_types=dict.fromkeys(names, pa.large_string()), strings_can_be_null=False),
        )
    except pa.ArrowInvalid:
        return None
    return [_column(table.column(name)) for name in names]


def _column(cells: pa.ChunkedArray) -> Column:
    tried = cells.slice(0, _CELLS_TRIED)
    if len(tried.unique()) > _MOSTLY_DIFFERENT * len(tried):
        return Column(np.arange(len(cells)), cells.to_numpy().tolist())
    coded = cells.combine_chunks().dictionary_encode()
    return Column(coded.indices.to_numpy().astype(np.int64), coded.dictionary.to_numpy(zero_copy_only=False).tolist())


def _without_blank_rows(columns: list[Column]) -> tuple[list[Column], list[int]]:
    rows = np.arange(len(columns[0]))
    blank = rows
    for column in columns:
        blank = blank[column.of(blank).where(lambda cell: not cell.strip())]
        if not len(blank):
            return columns, (rows + 1).tolist()
    kept = np.setdiff1d(rows, blank)
    return [column.of(kept) for column in columns], (kept + 1).tolist()
