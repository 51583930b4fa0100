"""What all importers have in common: columns, faults, options, and the table that is written."""

from __future__ import annotations

import csv
import io
import json

import pandas as pd
import pytest
from helpers.databases import (
    ACLED,
    HEADERS,
    MAVERICK_LONG,
    MISSING_MIGRANTS,
    UCDP,
    file_of,
    imported,
    notes_with,
    read_back,
)
from hypothesis import given
from hypothesis import strategies as st

from estimates.errors import EstimatesError, ReportsError
from estimates.importers.databases import DATABASES
from estimates.importers.figures import span
from estimates.importers.importer import IMPORTERS, import_reports
from estimates.importers.recognise import recognised
from estimates.table.field_dates import field_span
from estimates.table.header import normal
from estimates.table.reports import read_reports
from estimates.vocabulary import COLUMNS


def ucdp(**cells: object) -> dict[str, object]:
    base = {"id": 1, "date_start": "2021-03-01", "date_end": "2021-03-01", "best": 3, "high": 3, "low": 3}
    return {**base, "where_coordinates": "Town A", "country": "Country A", "adm_1": "North", **cells}


# Columns --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", IMPORTERS)
def test_the_columns_are_those_of_the_codebook(name: str) -> None:
    """Every column of the header written from the codebook is known, and no column is used that is not there."""
    database = next(database for database in DATABASES if database.name == name)
    written = {database.canonical(normal(column)) for column in HEADERS[name]}
    more = {column for column in written if column.startswith("belligerent_")}
    assert written - more <= database.known
    read = {*database.required, *database.used, *database.kept, *database.place}
    assert read - written <= {"article_title"}  # of IOM's files of 2022 and 2023 alone


def test_no_column_is_listed_twice() -> None:
    """A column is required, used, kept or left, and never two of these."""
    for database in DATABASES:
        listed = [*database.required, *database.used, *database.kept, *database.left]
        assert len(listed) == len(set(listed)), database.title


@pytest.mark.parametrize("name", IMPORTERS)
def test_every_missing_column_is_named(name: str) -> None:
    """A file without the columns that are needed is refused with all of their names, and no traceback."""
    database = next(database for database in DATABASES if database.name == name)
    with pytest.raises(ReportsError) as raised:
        import_reports(name, io.StringIO("colour,taste\nred,sweet\n"))
    told = str(raised.value)
    assert all(repr(column) in told for column in database.required)


def test_a_misspelt_column_is_pointed_at() -> None:
    """Where a needed column is missing and a strange one is like it, the message says so."""
    header = ["id", "date_start", "date_end", "best", "low", "hihg"]
    with pytest.raises(ReportsError, match="there is no column 'high'; did you mean 'hihg'"):
        imported("ucdp", header, {"id": 1})


def test_the_wrong_importer_names_the_right_one() -> None:
    """A file of another database is told by its header."""
    with pytest.raises(ReportsError, match="this is a file of ACLED, not of UCDP GED; estimates import acled"):
        imported("ucdp", ACLED, {"event_id_cnty": "A1"})


def test_used_kept_left_and_unknown_columns_are_told_once() -> None:
    """Notes list the columns that were used, kept as text, left, and those that no codebook has."""
    found = imported("ucdp", UCDP, ucdp(colour="red"), ucdp(id=2, colour="blue"))
    (used,) = notes_with(found, "columns used")
    (kept,) = notes_with(found, "columns kept in note or url")
    (left,) = notes_with(found, "columns left")
    (unknown,) = notes_with(found, "not in the codebook, and left")
    assert "best" in used
    assert "source_article" in kept
    assert "gwnoa" in left
    assert unknown.endswith(": colour")
    named = {name for note in (used, kept, left) for name in note.partition(": ")[2].split(", ")}
    assert named == set(UCDP)


# Recognising ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", IMPORTERS)
def test_headers_are_recognised(name: str) -> None:
    """A header of a database is recognised in any order of its columns, in capitals, and with strange ones beside."""
    header = HEADERS[name]
    assert recognised(header) == name
    assert recognised([*reversed(header), "weather"]) == name
    assert recognised([column.upper() for column in header]) == name


def test_the_long_form_of_maverick_is_recognised() -> None:
    """Its own columns tell it from other tables of the same form."""
    assert recognised(MAVERICK_LONG) == "maverick"
    alike = [name for name in MAVERICK_LONG if name not in ("actor_perp", "source_classification", "geo_precision")]
    assert recognised(alike) is None


@pytest.mark.parametrize("header", [[], [""], list(COLUMNS), ["event", "source", "low", "best", "high", "date_start"]])
def test_tables_of_reports_are_not_taken_for_a_database(header: list[str]) -> None:
    """Our own columns, and low, best and high beside them, are no database."""
    assert recognised(header) is None


@pytest.mark.parametrize("name", IMPORTERS)
def test_a_file_of_a_database_is_told_its_importer(name: str) -> None:
    """Whoever gives such a file as a table of reports is told the command that makes one of it."""
    with pytest.raises(ReportsError) as raised:
        read_reports(file_of(HEADERS[name], {}))
    (fault,) = raised.value.faults
    assert fault.mend == f"make one of it: estimates import {name} FILE -o reports.csv"


def test_a_mapping_of_its_columns_still_counts() -> None:
    """Who maps the columns of a database is not sent to its importer."""
    file = file_of(UCDP, ucdp())
    reports = read_reports(file, columns={"id": "event", "best": "figure"}, values={"source": {"": "UCDP"}})
    assert (reports.reports[0].source, reports.reports[0].low) == ("UCDP", 3)


def test_files_may_have_any_form_that_tables_have() -> None:
    """Semicolons, tabs, JSON lines and frames are read as commas are; a title above the header is told."""
    commas = file_of(UCDP, ucdp()).getvalue()
    row = ucdp(date_start="2021-03-01T00:00:00.000")
    forms = [commas.replace(",", ";"), commas.replace(",", "\t"), json.dumps(row) + "\n"]
    tables = [import_reports("ucdp", io.StringIO(form)).rows for form in forms]
    tables += [import_reports("ucdp", form).rows for form in (pd.DataFrame([row]), [row])]
    assert all(table == import_reports("ucdp", io.StringIO(commas)).rows for table in tables)

    with pytest.raises(ReportsError, match="the header stands on line 3"):
        import_reports("ucdp", io.StringIO("Export of today\n\n" + commas))


# Rows -----------------------------------------------------------------------------------------------------------------


def test_rows_in_and_reports_out_are_counted() -> None:
    """The first note says how many rows became how many reports of how many events, and how many gave none."""
    found = imported("ucdp", UCDP, ucdp(), ucdp(id=2))
    assert found.notes[0] == "2 rows of UCDP GED became 2 reports of 2 events; 0 rows gave none"
    assert (found.rows_read, found.rows_without) == (2, 0)


def test_rows_with_faults_can_be_left_out() -> None:
    """With leave_out_faulty the sound rows are imported, and each fault is told; without, nothing is."""
    rows = [ucdp(), ucdp(id=2, best="many")]
    with pytest.raises(ReportsError, match="line 3, best: 'many' is not a whole number"):
        imported("ucdp", UCDP, *rows)
    found = imported("ucdp", UCDP, *rows, leave_out_faulty=True)
    assert [report.event for report in read_back(found)] == ["Town A 2021-03-01 (UCDP GED 1)"]
    assert notes_with(found, "left out: line 3, best: 'many' is not a whole number")
    with pytest.raises(ReportsError, match="none of its 1 row gives a report"):
        imported("ucdp", UCDP, rows[1], leave_out_faulty=True)


def test_a_fault_is_told_once() -> None:
    """A wrong cell that is looked at several times is one fault."""
    with pytest.raises(ReportsError) as raised:
        imported("missing-migrants", MISSING_MIGRANTS, {"Incident ID": "1", "Cause of Death": "Drowning",
                                                        "Minimum Estimated Number of Missing": "some"})  # fmt: skip
    assert len(raised.value.faults) == 1


def test_a_row_that_stands_there_twice_counts_once() -> None:
    """Files that were joined hold some rows twice; the same id with other cells is a fault."""
    found = imported("ucdp", UCDP, ucdp(), ucdp())
    assert len(found.rows) == 1
    assert notes_with(found, "line 3: left out: the same row stands there already")
    with pytest.raises(ReportsError, match="line 3, id: '1' stands on line 2 with other cells"):
        imported("ucdp", UCDP, ucdp(), ucdp(best=4))


def test_a_file_with_a_header_alone_is_refused() -> None:
    """There is nothing to import below a header."""
    with pytest.raises(ReportsError, match="there is a header and no rows below it"):
        imported("ucdp", UCDP)


@pytest.mark.extended
@given(text=st.text(max_size=40))
def test_any_text_gives_a_table_that_reads_back(text: str) -> None:
    """Whatever a database writes for a place, an article or an id, its reports are read without a fault."""
    found = import_reports("ucdp", [ucdp(where_coordinates=text, source_article=text, relid=text, dyad_name=text)])
    (report,) = read_back(found)
    assert report.low == 3
    cell = next(csv.DictReader(io.StringIO(found.csv())))["event"]
    assert not cell.startswith(("=", "+", "-", "@"))
    assert cell.isprintable()


# Options --------------------------------------------------------------------------------------------------------------


def test_the_place_can_be_another_column() -> None:
    """The country is the place unless a column of the file is named; one that is not there is refused."""
    assert read_back(imported("ucdp", UCDP, ucdp()))[0].place == "Country A"
    assert read_back(imported("ucdp", UCDP, ucdp(), place="ADM_1"))[0].place == "North"
    with pytest.raises(EstimatesError, match="there is no column 'adm1' to take the place from; did you mean 'adm_1'"):
        imported("ucdp", UCDP, ucdp(), place="adm1")


def test_undated_figures_can_be_dated() -> None:
    """reported_at dates the rows that have no date of their own, and those alone; without it they are counted."""
    found = imported("ucdp", UCDP, ucdp())
    assert notes_with(found, "1 of 1 report have no reported_at")
    dated = imported("ucdp", UCDP, ucdp(), reported_at="2022-06")
    assert read_back(dated)[0].reported_at == "2022-06"
    assert not notes_with(dated, "no reported_at")

    event = {"event_id_cnty": "A1", "event_date": "2023-02-16", "fatalities": 5, "timestamp": 1676909320}
    assert read_back(imported("acled", ACLED, event, reported_at="2024"))[0].reported_at == "2023-02-20T16:08Z"
    with pytest.raises(EstimatesError, match="reported_at: 'soon' is not a date"):
        imported("ucdp", UCDP, ucdp(), reported_at="soon")


def test_an_importer_that_is_not_there() -> None:
    """A name that is close is proposed; else all are named."""
    with pytest.raises(EstimatesError, match="there is no importer 'ucpd'; did you mean 'ucdp'"):
        import_reports("ucpd", file_of(UCDP))
    with pytest.raises(EstimatesError, match="there are ucdp, acled, airwars, maverick, missing-migrants"):
        import_reports("gtd-of-old", file_of(UCDP))


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        ("2021-03-01", "2021-03-02", "2021-03-01/2021-03-02"),
        ("2021-03-01", "2021-03-01", "2021-03-01"),
        ("", "2021-03-02", "2021-03-02"),
        ("2021-03-01T10:00", "2021-03-01T12:00", "2021-03-01T10:00/2021-03-01T12:00"),
        ("2021-03-01T10:00", "2021-03-02", "2021-03-01/2021-03-02"),
        ("2021-03-01", "2021-03-01T10:00Z", "2021-03-01"),
        ("2021-03-02T01:00+03:00", "2021-03-01T23:00Z", "2021-03-01/2021-03-02"),
    ],
)
def test_the_days_of_an_event_are_such_as_are_read(start: str, end: str, days: str) -> None:
    """Where only one end has a clock, or each has another zone, the days are what both tell."""
    assert span(start, end) == days
    assert field_span(days) == days
