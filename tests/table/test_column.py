"""Columns by their different values behave as lists of cells do."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from estimates.table.column import Column, column_of, constant, first_places, numbered, together

CELLS = st.lists(st.sampled_from(["Idlib", "Homs", "", None, 18, "18"]), max_size=12)


@given(CELLS)
def test_a_column_is_its_cells(cells: list[object]) -> None:
    """Cells, length, places and different values are those of the list, and each value is kept once."""
    column = column_of(cells)
    assert list(column) == cells == column.cells().tolist()
    assert len(column) == len(cells)
    assert [column[row] for row in range(len(cells))] == cells
    assert column.different == list(dict.fromkeys(cells))
    assert column_of(column) is column


@given(CELLS, st.data())
def test_what_is_done_to_values_is_done_to_each_cell(cells: list[object], data: st.DataObject) -> None:
    """Tests, changes and choices of rows give what they give cell by cell."""
    column, rows = column_of(cells), data.draw(st.lists(st.sampled_from(range(len(cells))))) if cells else []
    assert column.where(lambda cell: cell is None).tolist() == [cell is None for cell in cells]
    assert column.equal("18").tolist() == [cell == "18" for cell in cells]
    assert list(column.changed(str)) == list(map(str, cells))
    assert list(column.of(rows)) == [cells[row] for row in rows]


@given(CELLS)
def test_merged_columns_have_one_code_a_value_and_compact_ones_no_others(cells: list[object]) -> None:
    """ "18" and 18 become one text, of one code; values that stand nowhere go."""
    texts = column_of(cells).changed(str).merged()
    assert list(texts) == list(map(str, cells))
    assert len(set(texts.different)) == len(texts.different)

    some = texts.of(range(0, len(cells), 2)).compact()
    assert list(some) == list(map(str, cells[::2]))
    assert set(some.different) == set(map(str, cells[::2]))


@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from("ab"), st.booleans()), min_size=1, max_size=12))
def test_rows_together_are_tuples(rows: list[tuple[int, str, bool]]) -> None:
    """Several columns are one column of tuples, numbered in the order in which they are met."""
    columns = [column_of(list(cells)) for cells in zip(*rows, strict=True)]
    both = together(*columns)
    assert list(both) == rows
    assert both.different == list(dict.fromkeys(rows))
    assert numbered(*columns).tolist() == both.codes.tolist()


def test_numbers_stay_small_however_many_values_columns_have() -> None:
    """Five columns of a hundred thousand values each have more combinations than numbers have bits."""
    rows = np.array([5, 99_999, 5, 0])
    columns = [Column(rows, list(range(100_000)))] * 5
    assert numbered(*columns).tolist() == [0, 1, 0, 2]


def test_the_first_place_of_a_number() -> None:
    """It is the first, and -1 for numbers that stand nowhere."""
    assert first_places(np.array([2, 0, 2, 0, 3]), 5).tolist() == [1, -1, 0, 4, -1]


def test_long_columns_are_gone_through_in_order() -> None:
    """Cells come in parts, and none is lost between two of them."""
    cells = list(constant("Idlib", 25_001))
    assert cells == ["Idlib"] * 25_001
    assert all(later - earlier == 1 for earlier, later in pairwise(column_of(range(25_001))))
