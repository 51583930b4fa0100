"""Rows go to parts: all rows of an event to one, in the order of the events' names, from any form of table."""

from __future__ import annotations

import itertools
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from estimates import read_reports
from estimates.errors import ReportsError
from estimates.streaming.part import LINE, rows_in
from estimates.streaming.split import ROWS, Part, _numbers, split
from estimates.table.layout import layout_of

pytestmark = pytest.mark.usefixtures("small_parts")


def frames(parts: list[Part]) -> list[pd.DataFrame]:
    return [rows_in(part.path.read_bytes()).to_pandas() for part in parts]


def test_every_row_is_in_one_part_with_its_line(parquet: Path, table: pd.DataFrame, tmp_path: Path) -> None:
    """Put together and sorted by their lines, the parts are the table."""
    parts = split(parquet, layout_of(), tmp_path)
    assert len(parts) == 5
    assert [part.events for part in parts] == [8] * 5

    joined = pd.concat(frames(parts)).sort_values(LINE)
    assert joined[LINE].tolist() == list(range(1, len(table) + 1))
    assert sum(part.rows for part in parts) == len(table)
    pd.testing.assert_frame_equal(joined.drop(columns=LINE).reset_index(drop=True), table, check_dtype=False)


def test_events_lie_together_and_in_order(parquet: Path, tmp_path: Path) -> None:
    """No event is in two parts, and no name in a later part comes before one in an earlier part."""
    names = [sorted(set(frame["event"])) for frame in frames(split(parquet, layout_of(), tmp_path))]
    assert [name for part in names for name in part] == sorted({name for part in names for name in part})


def test_the_form_of_the_table_does_not_matter(parquet: Path, table: pd.DataFrame, tmp_path: Path) -> None:
    """Parquet, a folder of it, text, a frame and reports that are read give the same rows in the same parts."""
    folder = tmp_path / "in files"
    folder.mkdir()
    for number in range(3):
        table.iloc[number * 40 : (number + 1) * 40 if number < 2 else None].to_parquet(folder / f"{number}.parquet")
    table.to_csv(tmp_path / "reports.csv", index=False)

    sources = [parquet, folder, table, tmp_path / "reports.csv", read_reports(table)]
    found = [frames(split(source, layout_of(), tmp_path)) for source in sources]
    for other in found[1:]:
        for one, two in zip(found[0], other, strict=True):
            assert one["event"].tolist() == two["event"].tolist()
            assert one["source"].tolist() == two["source"].tolist()
    assert found[0][0][LINE].tolist() == found[1][0][LINE].tolist() == found[2][0][LINE].tolist()
    assert found[3][0][LINE].tolist() == [line + 1 for line in found[0][0][LINE]]  # the header is line 1 of a text


def test_names_that_are_read_as_one_are_one_event(tmp_path: Path) -> None:
    """Blanks around a name do not part an event's rows."""
    rows = [{"event": name, "source": f"s{place}", "figure": 3} for place, name in enumerate([" a", "a", "a ", "b"])]
    (part,) = split(pd.DataFrame(rows), layout_of(), tmp_path)
    assert part.events == 2


def test_the_event_may_have_another_name_in_the_file(tmp_path: Path) -> None:
    """Columns are found as the layout says, also where sources are columns."""
    frame = pd.DataFrame({"incident": ["x", "y"], "Monitor": [3, 4], "Ministry": [None, 5]})
    layout = layout_of({"incident": "event"}, wide=["Monitor", "Ministry"])
    (part,) = split(frame, layout, tmp_path)
    assert (part.rows, part.events) == (2, 2)


def test_a_table_without_events_is_told(tmp_path: Path) -> None:
    """What `read_reports` refuses is refused before any work."""
    with pytest.raises(ReportsError, match="event"):
        split(pd.DataFrame({"source": ["s"], "figure": [3]}), layout_of(), tmp_path)
    (tmp_path / "broken.parquet").write_bytes(b"PAR1 and no more")
    with pytest.raises(ReportsError, match="Parquet"):
        split(tmp_path / "broken.parquet", layout_of(), tmp_path)


def test_marks_tell_rows_apart(table: pd.DataFrame, tmp_path: Path) -> None:
    """Where one figure is changed, the mark of its part changes and no other does."""
    before = split(table, layout_of(), tmp_path)
    table.loc[table["event"] == "event 000011", "figure"] = "about 99"
    after = split(table, layout_of(), tmp_path)
    assert [one.mark == two.mark for one, two in zip(before, after, strict=True)] == [True, False, True, True, True]


@settings(deadline=None)
@given(st.lists(st.integers(1, 2 * ROWS), min_size=1, max_size=60))
def test_parts_are_of_bounded_size(counts: list[int]) -> None:
    """Numbers rise by one at most; a part of several events has no more rows than it should."""
    found = _numbers(counts).tolist()
    assert found[0] == 0
    assert all(later - earlier in (0, 1) for earlier, later in itertools.pairwise(found))
    for part in set(found):
        inside = [count for count, number in zip(counts, found, strict=True) if number == part]
        assert len(inside) == 1 or sum(inside) <= ROWS
        assert len(inside) <= 8


def test_a_folder_of_parquet_is_a_table_for_every_function(table: pd.DataFrame, tmp_path: Path) -> None:
    """`read_reports` reads its files and those in folders within; a folder without any, or with a broken one, is told."""
    folder = tmp_path / "reports"
    (folder / "country=one").mkdir(parents=True)
    table.iloc[:50].to_parquet(folder / "country=one" / "a.parquet")
    with pytest.raises(ReportsError, match="folder of Parquet files"):
        read_reports(_empty(tmp_path))
    (folder / "country=two").mkdir()
    table.iloc[50:].to_parquet(folder / "country=two" / "b.parquet")

    found = read_reports(folder)
    assert len(found) == len(table)
    assert set(found.table["country"].astype(str)) == {"one", "two"}
    (folder / "country=two" / "c.parquet").write_bytes(b"PAR1 and no more")
    with pytest.raises(ReportsError, match="can be read"):
        read_reports(folder)


def _empty(folder: Path) -> Path:
    (folder / "empty").mkdir()
    return folder / "empty"
