"""Tables of overlapping lists: both forms say the same, and everything wrong is told at once."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from estimates.errors import ReportsError
from estimates.lists.overlaps import read_overlaps

GROUPED = "A,B,C,count\n1,0,0,3\n0,1,0,2\n1,1,0,1\n0,0,1,4\n"


def read(text: str, lists: list[str] | None = None) -> object:
    return read_overlaps(io.StringIO(text), lists)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(*[st.integers(0, 1)] * 3).filter(any), min_size=1, max_size=40), st.randoms())
def test_one_row_a_person_says_what_counts_say(rows: list[tuple[int, ...]], random: object) -> None:
    """Counted patterns and single people make the same overlaps and hash, in any order."""
    people = pd.DataFrame(rows, columns=["A", "B", "C"])
    counted = people.groupby(["A", "B", "C"]).size().rename("count").reset_index()
    random.shuffle(rows)  # type: ignore[attr-defined]
    one, other = read_overlaps(pd.DataFrame(rows, columns=["A", "B", "C"])), read_overlaps(counted)
    assert one.data_hash == other.data_hash
    assert one.people == len(rows)
    assert one.sizes == tuple(size for size in np.array(rows).sum(axis=0) if size)


def test_what_is_read() -> None:
    """Lists, people, sizes and shared names of a small table; the count may stand anywhere and have another name."""
    found = read_overlaps(io.StringIO(GROUPED))
    assert (found.lists, found.people, found.sizes, found.shared) == (("A", "B", "C"), 10, (4, 3, 4), 1)
    moved = read_overlaps(io.StringIO("People,A,B,C\n3,1,0,0\n2,0,1,0\n1,1,1,0\n4,0,0,1\n"))
    assert moved.data_hash == found.data_hash


def test_chosen_lists() -> None:
    """Other columns are left out with those on none of the chosen lists, and their patterns are added up."""
    found = read_overlaps(io.StringIO("name,A,B,C\nx,1,0,1\ny,1,0,0\nz,0,0,1\n"), ["A", "B"])
    assert (found.lists, found.people) == (("A",), 2)
    assert any("1 person on none" in note for note in found.notes)
    assert any("nobody is on 'B'" in note for note in found.notes)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("A,B,count\n1,0,-3\n", "line 2, count: '-3' is less than nobody"),
        ("A,B,count\n1,0,2.5\n", "'2.5' is no count of people"),
        ("A,B,count\n1,0,\n", "the cell is empty"),
        ("A,B,count\n1,2,3\n", "line 2, B: '2' is neither 0 nor 1"),
        ("A,B,count\n1,0,3\n1,0,4\n", "line 3: the pattern stands on line 2 already"),
        ("A,B,count\n0,0,3\n1,0,4\n", "line 2: the row is of people on no list"),
        ("A,B,count\n1,0,0\n", "nobody is on any list"),
        ("A,B,count\n", "there are no rows"),
        ("count\n3\n", "no column is a list"),
        ("A,A,count\n1,0,3\n", "A: the header names it twice"),
        ("A,,count\n1,0,3\n", "column 2 has no name"),
        ("A,B,n,count\n1,0,3,3\n", "'n' and 'count' may both be the count"),
        ("A;B;count\n1;0;-3\n", "line 2, count: '-3' is less than nobody"),
        ("", "write a header and one row per pattern"),
    ],
)
def test_faults(text: str, says: str) -> None:
    """Each fault says what is wrong and where."""
    with pytest.raises(ReportsError) as error:
        read(text)
    assert says in str(error.value)


def test_all_faults_at_once() -> None:
    """Faults of several kinds are told together, by line; many of a column are told as a few."""
    with pytest.raises(ReportsError) as error:
        read("A,B,count\n1,0,-3\nx,1,4\n0,0,2\n0,1,5\n0,1,6\n")
    assert [fault.line for fault in error.value.faults] == [2, 3, 4, 6]

    with pytest.raises(ReportsError) as error:
        read("name,A\n" + "".join(f"person {number},1\n" for number in range(100)))
    assert len(error.value.faults) == 6
    assert "--list" in str(error.value)


def test_a_list_that_is_not_there() -> None:
    """A list asked for that the header lacks is told, with the name that may be meant."""
    with pytest.raises(ReportsError, match="did you mean 'HRW'"):
        read("HRW,ABA\n1,0\n", ["HRV"])
