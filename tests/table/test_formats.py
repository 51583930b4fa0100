"""What a table may be written in: marks between cells, JSON, gzip, and rows that a program makes."""

from __future__ import annotations

import contextlib
import csv
import gzip
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from helpers.workbooks import ods, xlsx
from helpers.written import HEAD, faults, read
from hypothesis import given
from hypothesis import strategies as st

from estimates.errors import EstimatesError
from estimates.table import packed
from estimates.table.reports import read_reports

ROWS = [
    {"event": "Market, strike", "source": 'The "Agency"', "figure": "at least 18", "note": "two\nlines; a | b"},
    {"event": "Market, strike", "source": "Monitor\tNorth", "figure": "21", "note": ""},
]


def written(separator: str) -> str:
    """The rows as text with a mark between cells."""
    target = io.StringIO()
    writer = csv.DictWriter(target, list(ROWS[0]), delimiter=separator, lineterminator="\n")
    writer.writeheader()
    writer.writerows(ROWS)
    return target.getvalue()


# ------------------------------------------------------------------------------------------------- marks between cells


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_mark_between_cells_is_told_by_the_header(separator: str) -> None:
    """Commas, semicolons, tabs and bars give one table, with the lines an editor shows; other marks stay in cells."""
    table = read(written(separator)).table
    assert table["line"].tolist() == [2, 4]
    for column in ("event", "source"):
        assert table[column].tolist() == [" ".join(row[column].split()) for row in ROWS]
    assert table["note"].tolist() == ["two\nlines; a | b", None]


@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_commas_in_cells_do_not_part_them_where_another_mark_does(separator: str) -> None:
    """ "1,200" between semicolons is twelve hundred, and 1.200 is as ambiguous as between commas."""
    text = separator.join(("event", "source", "figure")) + "\n" + separator.join(("Idlib", "A", "1,200")) + "\n"
    assert read(text).table["low"].tolist() == [1200]
    (fault,) = faults(io.StringIO(text.replace("1,200", "1.200")))
    assert "may mean thousands or a fraction" in fault.what
    table = read_reports(io.StringIO(text.replace("1,200", "1.200")), thousands=".").table
    assert table["low"].tolist() == [1200]


def test_the_line_on_which_excel_names_the_mark_is_no_header() -> None:
    """`sep=;` above the header is obeyed, and lines go on counting from it."""
    text = "sep=;\nevent;source;figure\nIdlib;A;18\n"
    assert read(text).table["line"].tolist() == [3]


def test_a_header_without_our_names_is_split_where_it_has_most_cells() -> None:
    """Advice on a table in another layout speaks of its columns, not of one long name."""
    text = "incident;agency;dead\nIdlib, market;A;18\n"
    assert "'incident' meant?" in faults(io.StringIO(text))[0].mend
    named = {"incident": "event", "agency": "source", "dead": "figure"}
    assert read_reports(io.StringIO(text), columns=named).table["event"].tolist() == ["Idlib, market"]


# ---------------------------------------------------------------------------------------------------------------- JSON


@pytest.mark.parametrize("indent", [None, 2])
def test_a_list_of_objects_is_a_table(indent: int | None) -> None:
    """Numbers, true, null and keys that are missing mean what they mean in Python."""
    rows = [
        {"event": "Idlib", "source": "A", "figure": 18, "provisional": True, "place": None},
        {**ROWS[0], "low": 18.0},
    ]
    table = read(json.dumps(rows, indent=indent)).table
    assert table["low"].tolist() == [18, 18]
    assert table["provisional"].tolist() == [True, False]
    assert table["place"].tolist() == [None, None]


def test_one_object_a_line_is_a_table_and_lines_are_those_of_the_file() -> None:
    """Blank lines count, as in an editor; so do the lines on which the objects of a list begin."""
    lines = [json.dumps({"event": "Idlib", "source": source, "figure": 18}) for source in "AB"]
    assert read(f"\n{lines[0]}\n\n{lines[1]}\n").table["line"].tolist() == [2, 4]
    assert read(f"[\n  {lines[0]},\r\n\r\n  {lines[1]}\n]\n").table["line"].tolist() == [2, 4]


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ('[{"event": "A"},]', 1, "no whole JSON"),
        ('[{"event": "A"}', 1, "no whole JSON"),
        ('[{"event": "A"}\n{"event": "B"}]', 2, "a comma or a closing bracket is missing"),
        ('{"event": "A"}\n{"event": "B",\n"source" "x"}', 3, "no whole JSON"),
        ('[{"event": "A"}]\n[]', 2, "something stands behind the list"),
        ('[{"event": "A"},\n{"event": "A", "event": "B"}]', 2, "an object names 'event' twice"),
        ('[{"event": "A"},\n["B"]]', 2, "a list where a report should be"),
        ("[1]", 1, "a number where a report should be"),
        ("[null]", 1, "null where a report should be"),
        ('{"reports": [{"event": "A"}]}', None, "under 'reports'"),
        ('{"event": {"0": "A"}, "source": {"0": "x"}}', None, "columns, not reports"),
        ("[]", None, "there are no reports"),
        ("[" * 100_000, None, "cannot be read"),
        ('[{"event": ' + "9" * 5000 + "}]", None, "cannot be read"),
    ],
)
def test_json_that_is_no_table_is_told_with_its_line(text: str, line: int | None, what: str) -> None:
    """Damage, other shapes and absurd depths end in a message."""
    found = faults(io.StringIO(text))[0]
    assert what in found.what
    assert found.line == line


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3), max_leaves=8))  # fmt: skip
def test_any_json_gives_a_table_or_its_faults(value: object) -> None:
    """Whatever a program may write ends in a table or a ReportsError."""
    with contextlib.suppress(EstimatesError):
        read_reports(io.StringIO(json.dumps([value])))


# ---------------------------------------------------------------------------------------------------------------- gzip


def every_form(tmp_path: Path) -> dict[str, bytes]:
    """The same two reports in every form."""
    header, cells = list(ROWS[0]), [[row[name] for name in ROWS[0]] for row in ROWS]
    pd.DataFrame(ROWS).to_parquet(tmp_path / "reports.parquet")
    return {
        "csv": written(",").encode(),
        "tsv": written("\t").encode(),
        "json": json.dumps(ROWS).encode(),
        "jsonl": "\n".join(map(json.dumps, ROWS)).encode(),
        "xlsx": xlsx({"Reports": [header, *cells]}),
        "ods": ods({"Reports": [header, *cells]}),
        "parquet": (tmp_path / "reports.parquet").read_bytes(),
    }


def test_every_form_says_the_same_packed_or_not(tmp_path: Path) -> None:
    """The hash of what the reports say does not depend on the form of the file, nor on gzip."""
    hashes = set()
    for form, content in every_form(tmp_path).items():
        for name, kept in ((f"r.{form}", content), (f"r.{form}.gz", gzip.compress(content))):
            (tmp_path / name).write_bytes(kept)
            hashes.add(read_reports(tmp_path / name).data_hash)
    assert len(hashes) == 1


@given(
    rows=st.lists(
        st.tuples(*[st.sampled_from([None, "", " A", "A", "A ", "18", "１８", "at least 18"])] * 4), min_size=1
    )
)
def test_text_kept_by_arrow_is_read_as_text_kept_by_python(rows: list[tuple[str | None, ...]]) -> None:
    """Frames whose columns Arrow keeps give the table, or the faults, that the same cells give as objects."""
    objects = pd.DataFrame(rows, columns=["event", "source", "figure", "note"], dtype=object)
    told = []
    for frame in (objects, objects.astype(pd.StringDtype("pyarrow"))):
        try:
            told.append(read_reports(frame).table.to_dict("records"))
        except EstimatesError as error:
            told.append(str(error))
    assert repr(told[0]) == repr(told[1])


def test_gzip_in_several_pieces_is_whole() -> None:
    """Files that were packed one behind the other unpack to all of them."""
    content = gzip.compress(f"{HEAD}\n".encode()) + gzip.compress(b"Idlib,A,18\n")
    assert len(read_reports(io.BytesIO(content))) == 1


def test_gzip_that_is_cut_damaged_doubled_or_a_bomb_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few kilobytes that would fill the memory are refused at a limit that is told; here it is lowered."""
    content = gzip.compress(f"{HEAD}\nIdlib,A,18\n".encode())
    assert "cut short" in faults(io.BytesIO(content[:-9]))[0].what
    assert "damaged" in faults(io.BytesIO(content[:12] + b"\xff\xff\xff" + content[15:]))[0].what
    assert "compressed twice" in faults(io.BytesIO(gzip.compress(content)))[0].what

    monkeypatch.setattr(packed, "LARGEST_UNPACKED", 1 << 20)
    assert "it unpacks to more than" in faults(io.BytesIO(gzip.compress(b" " * (2 << 20))))[0].what


# ------------------------------------------------------------------------------------------------- what programs give


def test_any_iterable_of_dicts_is_a_table() -> None:
    """A generator and a reader of CSV give what a list gives."""

    def made() -> Iterator[dict[str, str]]:
        yield from ROWS

    expected = read_reports(ROWS).data_hash
    assert read_reports(made()).data_hash == expected
    assert read_reports(csv.DictReader(io.StringIO(written(",")))).data_hash == expected
    assert read_reports(dict(row) for row in ROWS).data_hash == expected
    assert "more cells than the header" in faults(csv.DictReader(io.StringIO(f"{HEAD}\nA,x,1,200\n")))[0].what


@pytest.mark.parametrize("source", [{"event": "A"}, b"event", 18, None, object()])
def test_what_gives_no_dicts_is_a_type_error(source: object) -> None:
    """One dict is not a table of dicts, and text in bytes is no path."""
    with pytest.raises(TypeError, match="a list of dicts"):
        read_reports(source)  # type: ignore[arg-type]


@pytest.mark.parametrize("column", ["event", "source", "figure", "note", "outcome"])
def test_half_a_character_is_a_fault_of_its_cell(column: str) -> None:
    """Lone surrogates, which no file can hold, are told by line and column whatever the source is."""
    row = {"event": "Idlib", "source": "A", "figure": "18", "note": "", "outcome": ""} | {column: "ab\ud800c"}
    for source in ([row], io.StringIO(json.dumps([row])), pd.DataFrame([row], dtype=object)):
        (fault,) = faults(source)
        assert (fault.line, fault.column) == (1, column)
        assert "'ab�c' holds half a character" in fault.what
        str(fault).encode()


def test_half_a_character_in_text_or_in_a_name_is_told() -> None:
    """In the text of a file by its line, in the name of a column by its place."""
    assert faults(io.StringIO(f"{HEAD}\nIdlib,A,18\nIdlib,B\udfff,18\n"))[0].line == 3
    (fault,) = faults([{"event": "Idlib", "source": "A", "figure": 18, "x\ud800": 1}])
    assert "the name of column 4 holds half a character: 'x�'" in fault.what
