"""Large texts are read all at once where that cannot differ from reading them row by row."""

from __future__ import annotations

from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from estimates.errors import ReportsError
from estimates.table import delimited, plain
from estimates.table.delimited import rows_of_text
from estimates.table.header import REPORTS
from estimates.table.plain import columns_of_plain_text

HEADER = ["event", "source", "figure"]
CELLS = st.sampled_from(
    [
        "Idlib",
        "Monitor",
        "18",
        "",
        " ",
        "\u00a0",
        "1;2",
        "a b",
        "É",
        "\u2028",
        "\x0b",
        "'",
        '"',
        '5" shell',
        "two\nlines",
    ]
)


@st.composite
def texts(draw: st.DrawFn) -> str:
    """A text of three columns, now and then with quotes, ends of lines or numbers of cells that make it no plain one."""
    separator = draw(st.sampled_from(",;\t|"))
    rows = draw(st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=6))
    if draw(st.integers(0, 9)) == 0:
        rows.append(["one"] * draw(st.integers(1, 4)))

    def written(cell: str) -> str:
        is_quoted = separator in cell or '"' in cell or "\n" in cell or draw(st.integers(0, 4)) == 0
        return '"' + cell.replace('"', '""') + '"' if is_quoted and draw(st.integers(0, 19)) else cell

    lines = [separator.join(map(written, row)) for row in [HEADER, *rows]]
    end = draw(st.sampled_from(["\n", "\n", "\r\n", "\r"]))
    text = end.join(lines) + (end if draw(st.booleans()) else "")
    place = draw(st.integers(0, len(text)))
    extra = draw(st.sampled_from(["", "", "", "", "\n", "\r\n", "\r", '"', ",", "sep=,\n"]))
    return text[:place] + extra + text[place:]


def told(text: str) -> object:
    """What a text is read as, or what is said to be wrong with it."""
    try:
        rows = rows_of_text(text, "table", REPORTS)
    except ReportsError as error:
        return str(error)
    return rows.header, rows.lines, [list(column) for column in rows.columns], rows.notes


@settings(deadline=None, max_examples=400)
@given(texts())
def test_reading_at_once_gives_what_reading_row_by_row_gives(text: str) -> None:
    """Rows, lines and faults are the same, whatever stands in the text."""
    with mock.patch.object(plain, "SHORTEST_COLUMN", 0):
        at_once = told(text)
    with mock.patch.object(delimited, "columns_of_plain_text", return_value=None):
        assert at_once == told(text)


def read(text: str) -> tuple[list[list[str]], list[int]] | None:
    with mock.patch.object(plain, "SHORTEST_COLUMN", 0):
        found = columns_of_plain_text(text, ",", HEADER)
    return None if found is None else ([list(column) for column in found[0]], found[1])


def test_quoted_cells_are_plain_where_only_marks_stand_between_their_quotes() -> None:
    """A comma within quotes is part of its cell, and each line is one row."""
    text = 'event,source,figure\nIdlib,"State, media","1,200"\n"","" ,\nHoms,"",5\n'
    assert read(text) is None  # a blank stands after a quote

    text = text.replace('"" ,', '"",')
    assert read(text) == ([["Idlib", "Homs"], ["State, media", ""], ["1,200", "5"]], [1, 3])


@pytest.mark.parametrize(
    "line",
    ['a,"b\nc",1', 'a,"say ""b""",1', 'a,5" shell,1', 'a,"b"c,1', "a,b", "a,b,1,2", "", "a,b,1\r", 'a,"b,1', f"a,{'b' * 140_000},1"],
)  # fmt: skip
def test_a_text_with_anything_to_decide_is_left_to_the_careful_reader(line: str) -> None:
    """Line breaks and quotes within quotes, quotes within words, blank lines and odd numbers of cells are not plain."""
    assert read(f"event,source,figure\nIdlib,Monitor,18\n{line}\nIdlib,Rescue,21\n") is None


def test_a_small_text_is_read_row_by_row() -> None:
    """What is soon read needs no second reader."""
    assert columns_of_plain_text("event,source,figure\nIdlib,Monitor,18\n", ",", HEADER) is None
