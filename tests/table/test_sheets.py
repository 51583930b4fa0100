"""Workbooks: what their cells are read as, which sheet is read, and what a spreadsheet hides is told."""

from __future__ import annotations

import contextlib
import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from helpers.workbooks import Formula, ods, xlsx
from helpers.written import faults
from hypothesis import given, settings
from hypothesis import strategies as st

from estimates.errors import EstimatesError
from estimates.table import sheets
from estimates.table.reports import Reports, read_reports
from estimates.table.sheet_cells import cell_name

HEAD = ["event", "source", "figure"]
type Writer = Callable[..., bytes]
BOTH = pytest.mark.parametrize("write", [xlsx, ods])


def read(content: bytes, **layout: object) -> Reports:
    """Read a workbook."""
    return read_reports(io.BytesIO(content), **layout)  # type: ignore[arg-type]


@BOTH
def test_cells_mean_what_the_spreadsheet_shows(write: Writer) -> None:
    """Whole numbers have no fraction, days no hour, booleans are words, and lines are the rows of the sheet."""
    rows = [
        [*HEAD, "reported_at", "provisional", "note"],
        ["Idlib", "A", 18, date(2020, 1, 15), True, "from 3 < 5 & more"],
        [],
        ["Idlib", "B", 1200.0, datetime(2020, 1, 15, 10, 30), False, "NA"],
        ["Idlib", "C", "at least 21", "2020-01", None, None],
    ]
    table = read(write({"Reports": rows})).table
    assert table["line"].tolist() == [2, 4, 5]
    assert table["low"].tolist() == [18, 1200, 21]
    assert table["reported_at"].tolist() == ["2020-01-15", "2020-01-15T10:30:00", "2020-01"]
    assert table["provisional"].tolist() == [True, False, False]
    assert table["note"].tolist() == ["from 3 < 5 & more", "NA", None]


@BOTH
def test_a_formula_counts_with_the_value_that_is_stored(write: Writer) -> None:
    """Numbers and texts that a spreadsheet has computed are read as if they had been typed."""
    rows = [HEAD, ["Idlib", "A", Formula(value=18)], ["Idlib", "B", Formula(value="dozens")]]
    assert read(write({"Reports": rows})).table["words"].tolist() == ["18", "dozens"]


@BOTH
def test_a_formula_without_its_value_is_a_fault_and_no_empty_cell(write: Writer) -> None:
    """Each formula that was never computed is told by its cell, and so is an error in place of a value."""
    rows = [
        [*HEAD, "at_risk"],
        ["Idlib", "A", 18, Formula()],
        ["Idlib", "B", Formula(), None],
        ["Idlib", "C", Formula(error="#REF!"), None],
    ]
    found = faults(io.BytesIO(write({"Reports": rows})))
    assert [(fault.line, fault.column) for fault in found] == [(2, "at_risk"), (3, "figure"), (4, "figure")]
    assert "cell D2 has a formula and no stored value" in found[0].what
    assert "cell C3 has a formula and no stored value" in found[1].what
    assert "cell C4 holds the error #REF!" in found[2].what


def test_a_formula_with_an_empty_text_is_an_empty_cell() -> None:
    """`=IF(A2="","",A2)` stores a text without letters: the cell is empty, as the spreadsheet shows it."""
    rows = [[*HEAD, "place"], ["Idlib", "A", 18, Formula('IF(1,"","x")', "")]]
    assert read(xlsx({"Reports": rows})).table["place"].tolist() == [None]


def test_the_zeros_of_programs_that_do_not_compute_are_no_figures() -> None:
    """A workbook that says its formulas are yet to be computed stores 0 for each: that is told; other values stand."""
    rows = [HEAD, ["Idlib", "A", Formula(value=0)], ["Idlib", "B", Formula(value=18)]]
    (fault,) = faults(io.BytesIO(xlsx({"Reports": rows}, computed=False)))
    assert (fault.line, fault.column) == (2, "figure")
    assert "cell C2 has a formula that was never computed" in fault.what
    assert read(xlsx({"Reports": rows})).table["low"].tolist() == [0, 18]


@BOTH
def test_a_formula_in_a_column_that_is_not_used_is_no_fault(write: Writer) -> None:
    """What nobody reads need not be computed."""
    rows = [[*HEAD, "helper"], ["Idlib", "A", 18, Formula()]]
    assert read(write({"Reports": rows})).table["helper"].tolist() == [None]


def test_a_day_in_place_of_a_figure_is_told() -> None:
    """A spreadsheet that has made a day of 3-5 has lost the range; no figure is guessed from it."""
    (fault,) = faults(io.BytesIO(xlsx({"Reports": [HEAD, ["Idlib", "A", date(2020, 5, 3)]]})))
    assert (fault.line, fault.column) == (2, "figure")
    assert "a date, 2020-05-03, stands where a figure should" in fault.what


# ---------------------------------------------------------------------------------------------------- the right sheet


@BOTH
def test_the_sheet_with_the_header_is_read(write: Writer) -> None:
    """Notes and code lists beside the table are passed over, and a note names them."""
    book = {"Read me": [["made in May"]], "Reports": [HEAD, ["Idlib", "A", 18]], "Codes": [["code", "means"], [1, "x"]]}
    found = read(write(book))
    assert found.table["low"].tolist() == [18]
    assert "sheet 'Reports' is read; the others have no such header: 'Read me', 'Codes'" in found.notes


@BOTH
def test_no_sheet_with_the_header_or_several_are_told_by_their_names(write: Writer) -> None:
    """Which of several tables is meant is not guessed."""
    two = {"2019": [HEAD, ["Idlib", "A", 18]], "2020": [HEAD, ["Idlib", "A", 19]]}
    assert "several sheets hold such a table: '2019', '2020'" in faults(io.BytesIO(write(two)))[0].what
    none = {"Data": [["incident", "dead"], ["Idlib", 18]], "Codes": [["code"], [1]]}
    (fault,) = faults(io.BytesIO(write(none)))
    assert "'Data' with 'incident', 'dead'" in fault.what
    assert "'Codes' with 'code'" in fault.what
    assert "--map" in fault.mend


@BOTH
def test_a_mapping_finds_the_sheet(write: Writer) -> None:
    """The columns that a mapping names are looked for in every sheet."""
    book = {"Codes": [["code"], [1]], "Data": [["incident", "agency", "dead"], ["Idlib", "A", 18]]}
    found = read(write(book), columns={"incident": "event", "agency": "source", "dead": "figure"})
    assert found.table[["event", "source", "low"]].values.tolist() == [["Idlib", "A", 18]]


@BOTH
def test_titles_above_the_header_are_passed_over_with_a_note(write: Writer) -> None:
    """Lines are still those of the sheet."""
    rows = [["Dead in Idlib"], [], ["source: the ministry"], HEAD, ["Idlib", "A", 18]]
    found = read(write({"Reports": rows}))
    assert found.table["line"].tolist() == [5]
    assert "the header stands on line 4; what is above it is passed over: 'Dead in Idlib'" in found.notes


# ------------------------------------------------------------------------------------------------------- merged cells


def test_cells_merged_downwards_hold_for_each_of_their_rows() -> None:
    """An event's name in one cell beside three reports names the event of the three."""
    rows = [HEAD, ["Idlib", "A", 18], [None, "B", 21], [None, "C", 19], ["T4", "A", 3]]
    for content in (
        xlsx({"Reports": rows}, merged=["A2:A4"]),
        ods({"Reports": rows}, spans={(1, 0): (3, 1)}),
    ):
        assert read(content).table["event"].tolist() == ["Idlib", "Idlib", "Idlib", "T4"]


def test_a_merged_title_is_a_title_and_cells_merged_across_columns_are_a_fault() -> None:
    """Above the header they do no harm; below it nobody knows which column they belong to."""
    rows = [["Dead in Idlib", None, None], HEAD, ["Idlib", "A", 18], ["figures of the ministry", None, None]]
    for content in (
        xlsx({"Reports": rows}, merged=["A1:C1", "A4:C4"]),
        ods({"Reports": rows}, spans={(0, 0): (1, 3), (3, 0): (1, 3)}),
    ):
        (fault,) = faults(io.BytesIO(content))
        assert fault.line == 4
        assert "A4:C4" in fault.what
    assert len(read(xlsx({"Reports": rows[:3]}, merged=["A1:C1"]))) == 1


# ---------------------------------------------------------------------------------------------------- hostile archives


def repacked(content: bytes, name: str, part: bytes) -> bytes:
    """The same archive with one part replaced."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for one in source.namelist():
            archive.writestr(one, part if one == name else source.read(one))
    return target.getvalue()


def test_an_archive_that_is_no_workbook_is_told() -> None:
    """A zip archive is no table, whatever its name."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("reports.csv", "event,source,figure\n")
    assert faults(io.BytesIO(target.getvalue()))[0].what == "this is a zip archive, not a table"


def test_a_bomb_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """A part that unpacks beyond the limit is told with the limit; here it is lowered to a megabyte."""
    monkeypatch.setattr("estimates.table.packed.LARGEST_UNPACKED", 1 << 20)
    book = repacked(xlsx({"Reports": [HEAD]}), "xl/styles.xml", b" " * (2 << 20))
    assert "it unpacks to more than" in faults(io.BytesIO(book))[0].what


@pytest.mark.parametrize("at", [(1_048_575, 16_383), (999_999, 99)])
def test_a_cell_at_the_end_of_the_sheet_takes_no_memory(at: tuple[int, int]) -> None:
    """A sheet is only made room for up to a stated number of cells; the cell that is too far is named."""
    book = xlsx({"Reports": [HEAD, ["Idlib", "A", 18]]})
    part = zipfile.ZipFile(io.BytesIO(book)).read("xl/worksheets/sheet1.xml")
    far = f'<row r="{at[0] + 1}"><c r="{cell_name(*at)}"><v>1</v></c></row></sheetData>'.encode()
    book = repacked(book, "xl/worksheets/sheet1.xml", part.replace(b"</sheetData>", far))
    (fault,) = faults(io.BytesIO(book))
    assert f"reaches to cell {cell_name(*at)}, further than {sheets.MOST_CELLS:,} cells" in fault.what


def test_repeated_cells_take_no_memory() -> None:
    """One cell that an OpenDocument sheet repeats to its last corner is told in the same way."""
    book = ods({"Reports": [HEAD, ["Idlib", "A", 18]]})
    part = zipfile.ZipFile(io.BytesIO(book)).read("content.xml")
    many = b'<table:table-row table:number-rows-repeated="1000000"><table:table-cell office:value-type="float" office:value="1" table:number-columns-repeated="1000"/></table:table-row></table:table>'
    book = repacked(book, "content.xml", part.replace(b"</table:table>", many))
    assert "reaches to cell ALL2000002" in faults(io.BytesIO(book))[0].what


def test_a_document_type_is_refused() -> None:
    """Entities that unfold into more than any memory have no place in a sheet."""
    bomb = b'<!DOCTYPE worksheet [<!ENTITY a "aaaa">]><worksheet>&a;</worksheet>'
    book = repacked(xlsx({"Reports": [HEAD]}), "xl/worksheets/sheet1.xml", bomb)
    assert "damaged" in faults(io.BytesIO(book))[0].what


@settings(deadline=None, max_examples=60)
@given(st.sampled_from([xlsx, ods]), st.data())
def test_damaged_workbooks_are_told_and_never_a_traceback(write: Writer, data: st.DataObject) -> None:
    """Bytes changed or cut anywhere give a table or a ReportsError."""
    content = bytearray(write({"Reports": [HEAD, ["Idlib", "A", 18], ["Idlib", "B", Formula()]]}))
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), max_size=8)):
        content[place] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(content)))
    with contextlib.suppress(EstimatesError):
        read(bytes(content[:cut] if cut % 3 == 0 else content))


@settings(deadline=None, max_examples=80)
@given(
    st.sampled_from([(xlsx, "xl/worksheets/sheet1.xml"), (xlsx, "xl/workbook.xml"), (ods, "content.xml")]), st.data()
)
def test_damage_within_a_whole_archive_is_told_as_well(kind: tuple[Writer, str], data: st.DataObject) -> None:
    """XML that is broken, or says things that no spreadsheet writes, gives a table or a ReportsError."""
    write, part = kind
    book = write({"Reports": [HEAD, ["Idlib", "A", 18], ["Idlib", "B", Formula()]]})
    text = zipfile.ZipFile(io.BytesIO(book)).read(part).decode()
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(text) - 1))
        text = (
            text[:at]
            + data.draw(st.sampled_from(["", "<", '"', "9", "-1", "A", "99999999", "/>", "&x;"]))
            + text[at + 1 :]
        )
    with contextlib.suppress(EstimatesError):
        read(repacked(book, part, text.encode()))


def test_a_workbook_is_read_by_what_it_is_and_not_by_its_name(tmp_path: Path) -> None:
    """The first bytes tell a workbook, so that a wrong ending does no harm."""
    path = tmp_path / "reports.csv"
    path.write_bytes(xlsx({"Reports": [HEAD, ["Idlib", "A", 18]]}))
    assert len(read_reports(path)) == 1


@pytest.mark.parametrize(("at", "name"), [((0, 0), "A1"), ((4, 25), "Z5"), ((0, 26), "AA1"), ((9, 701), "ZZ10"), ((1_048_575, 16_383), "XFD1048576")])  # fmt: skip
def test_cells_are_named_as_spreadsheets_name_them(at: tuple[int, int], name: str) -> None:
    """Letters count columns without a zero."""
    assert cell_name(*at) == name
