"""Large tables of plain text, all of it read at once.

Plain is a text in which every line is one row: its cells hold no quotes, or stand in quotes with no further quotes and
no line breaks between them. There no reader has anything to decide, and the lines of rows follow from their order. Any
other text, and any that has a fault, is left to the reader of `delimited`, which goes through it row by row.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from estimates.models.types import Integers
from estimates.table.column import Column

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["columns_of_plain_text"]

#: Texts with fewer lines are not worth it.
FEWEST_LINES = 20_000
#: Of a column whose first cells are hardly ever alike the different ones are not looked for.
_CELLS_TRIED, _MOSTLY_DIFFERENT = 5_000, 0.8
_QUOTE, _LINE_FEED, _RETURN = b'"\n\r'
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
    if text.count("\n") < FEWEST_LINES:
        return None
    try:
        content = text.encode("utf-8")
    except UnicodeEncodeError:
        return None

    if not _is_plain(np.frombuffer(content, dtype=np.uint8), ord(separator)):
        return None
    columns = _read(content, separator, len(header))
    return None if columns is None else _without_blank_rows(columns)


# ---------------------------------------------------------------------------------------------------- is the text plain


def _is_plain(content: np.ndarray[Any, np.dtype[np.uint8]], separator: int) -> bool:
    """Whether a text is plain and has no blank lines, from its bytes of shape (bytes,)."""
    feeds = np.flatnonzero(content == _LINE_FEED)
    ends = feeds if content[-1] == _LINE_FEED else np.append(feeds, len(content))
    sizes = np.diff(ends, prepend=-1)
    if sizes.min() < _SHORTEST_LINE or sizes.max() > csv.field_size_limit() or not _ends_alike(content, feeds):
        return False

    quotes = np.flatnonzero(content == _QUOTE)
    if len(quotes) % 2:
        return False
    opening, closing = quotes[::2], quotes[1::2]
    before = content[np.maximum(opening - 1, 0)]
    after = content[np.minimum(closing + 1, len(content) - 1)]
    opens = (opening == 0) | (before == separator) | (before == _LINE_FEED)
    closes = (closing == len(content) - 1) | (after == separator) | (after == _LINE_FEED) | (after == _RETURN)
    return bool((opens & closes).all() and (_line(feeds, opening) == _line(feeds, closing)).all())


def _ends_alike(content: np.ndarray[Any, np.dtype[np.uint8]], feeds: Integers) -> bool:
    """Whether a return stands before each line feed and nowhere else, or nowhere.

    The bytes have shape (bytes,), the places of line feeds shape (lines,).
    """
    returns = int(np.count_nonzero(content == _RETURN))
    before = int(np.count_nonzero(content[np.maximum(feeds - 1, 0)] == _RETURN))
    return returns == before and returns in (0, len(feeds))


def _line(feeds: Integers, places: Integers) -> Integers:
    """The line of each place, shape (places,); line feeds stand at the places of shape (lines,)."""
    return np.searchsorted(feeds, places).astype(np.int64)


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
