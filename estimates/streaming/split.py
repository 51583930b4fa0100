"""From a table in any form to parts that hold all rows of some events each, on disk, in bounded memory.

The names of the events are read first and cut into stretches of their order, so that the answers to the parts follow
one another as those to the whole table do. Then the rows go to their parts. Of a Parquet file, a folder of such files
or a Dask frame there is never more than a piece in memory; any other table is read whole.
"""

from __future__ import annotations

import hashlib
import io
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from estimates.streaming.part import LINE
from estimates.table.cells import cells_of, texts
from estimates.table.faults import refusal
from estimates.table.layout import Layout
from estimates.table.naming import wanted_by
from estimates.table.reports import Reports
from estimates.table.rows import Rows
from estimates.table.source import holds_parquet, is_partitioned, read_rows

if TYPE_CHECKING:
    import pyarrow as pa

#: About so many rows are in a part, and never more events than these.
ROWS, EVENTS = 6_000, 2_000
#: Rows that are taken from a Parquet file at a time, and bytes that are held back before they are written.
PIECE, HELD_BACK = 65_536, 64_000_000


@dataclass(frozen=True)
class Part:
    """Some events of a table.

    Attributes
    ----------
    path : Path
        The file that holds their rows.
    mark : str
        Hash of these rows.
    rows, events : int
    """

    path: Path
    mark: str
    rows: int
    events: int


@dataclass(frozen=True)
class Pieces:
    """A table that can be gone through several times, in pieces.

    Attributes
    ----------
    name : str
        Where it came from.
    columns : tuple of str
    read : callable
        Gives the pieces, with all columns or those that are named.
    """

    name: str
    columns: tuple[str, ...]
    read: Callable[[list[str] | None], Iterator[pa.Table]]


def split(source: Any, layout: Layout, folder: Path) -> list[Part]:
    """Write the rows of a table to parts.

    Parameters
    ----------
    source : path, folder, Dask frame, Reports, or anything that ``read_reports`` accepts
    layout : Layout
        How the table is read.
    folder : Path
        Where the parts are written; files of the same names are written over.

    Returns
    -------
    list of Part
        In the order of the events' names.

    Raises
    ------
    ReportsError
        If the source is no table of reports.
    """
    pieces = pieces_of(source, layout)
    column = _event_column(pieces, layout)
    counted: Counter[str] = Counter()
    for piece in pieces.read([column] if column else None):
        counted.update(_keys(piece, column))
    if not counted:
        raise refusal(pieces.name, "there is a header and no reports below it", "write one line per report")

    names = sorted(counted)
    number = _numbers([counted[name] for name in names])
    part_of = dict(zip(names, number.tolist(), strict=True))
    writers = [_Writer(folder / f"rows-{place:05d}.arrow") for place in range(int(number[-1]) + 1)]

    line, held = 1, 0
    for piece in pieces.read(None):
        where = np.array([part_of[key] for key in _keys(piece, column)], dtype=np.int64)
        _send(_with_lines(piece, line), where, writers)
        line, held = line + len(piece), held + piece.nbytes
        if held > HELD_BACK:
            for writer in writers:
                writer.flush()
            held = 0

    sizes = np.bincount(number)
    return [writer.close(int(events)) for writer, events in zip(writers, sizes, strict=True)]


def _numbers(counts: list[int]) -> NDArray[np.int64]:
    """The part of each event, shape (events,), from its number of rows."""
    result, part, rows, events = np.empty(len(counts), dtype=np.int64), 0, 0, 0
    for place, count in enumerate(counts):
        if events and (rows + count > ROWS or events == EVENTS):
            part, rows, events = part + 1, 0, 0
        result[place], rows, events = part, rows + count, events + 1
    return result


# Pieces of a table ----------------------------------------------------------------------------------------------------


def pieces_of(source: Any, layout: Layout) -> Pieces:
    """A table in pieces, whatever it is."""
    if is_partitioned(source):
        return _of_frames(source)
    if isinstance(source, str | Path) and _is_parquet(Path(source)):
        return _of_parquet(Path(source))

    if isinstance(source, Reports):
        name, lines = source.name, source.table["line"].tolist()
        rows = read_rows(source.table)
    else:
        rows = read_rows(source, wanted_by(layout))
        name, lines = rows.name, rows.lines
    table = _arrow_of(rows).append_column(LINE, [lines])
    return Pieces(name, tuple(rows.header), lambda columns: iter([table.select(columns) if columns else table]))


def _is_parquet(path: Path) -> bool:
    if path.is_dir():
        return holds_parquet(path)
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(4) == b"PAR1"


def _of_parquet(path: Path) -> Pieces:
    import pyarrow as pa
    import pyarrow.dataset as ds

    try:
        data = ds.dataset(path, format="parquet", partitioning="hive")
        names = [name for name in data.schema.names if not name.startswith("__index_level_")]
    except (pa.ArrowException, OSError) as error:
        why = next(iter(str(error).splitlines()), type(error).__name__)
        raise refusal(
            str(path), f"this is no whole Parquet file, nor a folder of such ({why})", "write it again"
        ) from None

    def read(columns: list[str] | None) -> Iterator[pa.Table]:
        for batch in data.to_batches(columns=columns or names, batch_size=PIECE, use_threads=False):
            if len(batch):
                yield pa.Table.from_batches([batch])

    return Pieces(str(path), tuple(names), read)


def _of_frames(source: Any) -> Pieces:
    """A Dask frame: one partition at a time."""

    def read(columns: list[str] | None) -> Iterator[pa.Table]:
        some = source[columns] if columns else source
        for partition in some.partitions:
            rows = read_rows(partition.compute())
            if rows.lines:
                yield _arrow_of(rows)

    return Pieces("Dask frame", tuple(map(str, source.columns)), read)


def _arrow_of(rows: Rows) -> pa.Table:
    """Rows as they came, in columns of one kind each: what is mixed becomes text."""
    import pyarrow as pa

    columns = []
    for column in rows.columns:
        cells = column if isinstance(column, pd.Series) else pd.Series(list(column), dtype=object)
        try:
            columns.append(pa.array(cells, from_pandas=True))
        except (pa.ArrowException, TypeError, ValueError, OverflowError):
            columns.append(pa.array(cells.map(str, na_action="ignore"), pa.string(), from_pandas=True))
    return pa.table(columns, names=_apart(rows.header))


def _apart(names: list[str]) -> list[str]:
    """Names of columns as they are; that one stands twice is told when the rows are read."""
    return [str(name) for name in names]


# From pieces to parts -------------------------------------------------------------------------------------------------


def _event_column(pieces: Pieces, layout: Layout) -> str | None:
    """The column that names the event of each row; none where the layout gives it.

    It is found by reading a row whose cells are the names of the columns.
    """
    header = [name for name in pieces.columns if name != LINE]
    probe = Rows(pieces.name, [1], header, [[name] for name in header])
    found = cells_of(probe, layout).known.get("event")
    named = None if found is None else next(iter(found), None)
    return named if isinstance(named, str) and named in header else None


def _keys(piece: pa.Table, column: str | None) -> list[str]:
    """What tells the events of rows apart: their names as they are read."""
    if column is None:
        return [""] * len(piece)
    found = texts(piece.column(column).to_pandas(ignore_metadata=True), "event")
    return [text if isinstance(text, str) else "" for text in found]


def _with_lines(piece: pa.Table, first: int) -> pa.Table:
    import pyarrow as pa

    if LINE in piece.column_names:
        return piece
    return piece.append_column(LINE, pa.array(np.arange(first, first + len(piece))))


def _send(piece: pa.Table, where: NDArray[np.int64], writers: list[_Writer]) -> None:
    """Give each part its rows of a piece, in their order."""
    order = np.argsort(where, kind="stable")
    parts, begins = np.unique(where[order], return_index=True)
    # Rows are taken for each part by itself: its bytes, and so its mark, do not depend on other parts.
    for part, begin, end in zip(parts.tolist(), begins, [*begins[1:], len(where)], strict=True):
        writers[part].add(piece.take(order[begin:end]))


class _Writer:
    """Writes the rows of one part, as streams of Arrow one behind another, and hashes them."""

    def __init__(self, path: Path) -> None:
        self._path, self._digest = path, hashlib.sha256()
        self._rows, self._waiting = 0, list[Any]()
        path.write_bytes(b"")

    def add(self, rows: pa.Table) -> None:
        self._waiting.append(rows)
        self._rows += len(rows)

    def flush(self) -> None:
        import pyarrow as pa

        if not self._waiting:
            return
        content = io.BytesIO()
        table = pa.concat_tables(self._waiting, promote_options="permissive").combine_chunks()
        with pa.ipc.new_stream(content, table.schema) as stream:
            stream.write_table(table)
        self._waiting = []
        self._digest.update(content.getvalue())
        with self._path.open("ab") as file:
            file.write(content.getvalue())

    def close(self, events: int) -> Part:
        self.flush()
        return Part(self._path, self._digest.hexdigest(), self._rows, events)
