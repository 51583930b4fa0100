"""Hostile tables end in reports, or in an error that says what is wrong, where, and how to mend it.

Warnings are errors in these tests, so that none is left unseen.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence

import pytest
from _pytest.mark.structures import ParameterSet
from helpers.hostile_input import Hostile
from helpers.hostile_tables import HOSTILE, IMPORTED
from helpers.limits import time_limit
from helpers.messages import assert_readable, assert_told

from estimates.errors import EstimatesError, ReportsError
from estimates.importers.importer import import_reports
from estimates.table.coverage import read_coverage
from estimates.table.layout import layout_of
from estimates.table.mending.copies import copy_with_proposals
from estimates.table.reports import Reports, read_reports

#: Seconds of processor time.
LIMIT = 10.0
#: Tables that are whole and whose cells are strange.
OF_CELLS = [hostile for hostile in HOSTILE if hostile.kind in ("figures", "dates", "codes")]
#: How often rows with faults are left out until the others are read.
ROUNDS = 8


def parted(inputs: Sequence[Hostile], step: int = 3) -> list[ParameterSet]:
    """Inputs by their names; all but every third, or so, are for the tests that take many seconds together."""
    marks = {True: (), False: (pytest.mark.extended,)}
    return [pytest.param(each, id=each.id, marks=marks[place % step == 0]) for place, each in enumerate(inputs)]


def test_there_are_many_of_many_kinds() -> None:
    """There are at least two hundred inputs, of ten kinds or more, each with a name of its own."""
    names = Counter(hostile.id for hostile in HOSTILE + IMPORTED)
    assert len(names) >= 200
    assert names.most_common(1)[0][1] == 1
    assert len({hostile.kind for hostile in HOSTILE + IMPORTED}) >= 10


def test_the_same_inputs_are_made_anew() -> None:
    """What is drawn follows from its seed: a file is the same, byte for byte, whenever it is made."""
    for hostile in [hostile for hostile in HOSTILE + IMPORTED if "drawn" in hostile.name or "torn" in hostile.name]:
        if hostile.is_file:
            assert hostile.make() == hostile.make()


@pytest.mark.parametrize("hostile", parted(HOSTILE))
def test_a_hostile_table_is_read_or_told(hostile: Hostile, capfd: pytest.CaptureFixture[str]) -> None:
    """It becomes reports that can be shown, or an error with its advice; in time, and without a word to the terminal."""
    with time_limit(LIMIT):
        found = _read(hostile)
        if isinstance(found, Reports):
            _show(found)
    assert capfd.readouterr() == ("", "")

    if isinstance(found, EstimatesError):
        assert_told(found)
    elif isinstance(found, TypeError):
        assert str(found).startswith("reports are read from a path")
    assert hostile.must != ("be refused" if isinstance(found, Reports) else "be read"), str(found)[:500]


def _read(hostile: Hostile) -> Reports | EstimatesError | TypeError:
    try:
        return read_reports(hostile.source(), **hostile.options)
    except EstimatesError as error:
        return error
    except TypeError as error:
        return error


def _show(reports: Reports) -> None:
    """All that is asked of reports without estimating."""
    assert len(reports) == len(reports.reports) == len(reports.table)
    assert len(reports) >= len(reports.estimated) + len(reports.periods)
    assert len(reports.data_hash) == 64
    for text in (*reports.notes, repr(reports)):
        assert_readable(text)
    assert "<table>" in reports._repr_html_()


@pytest.mark.parametrize("hostile", parted(OF_CELLS))
def test_rows_without_faults_are_read(hostile: Hostile) -> None:
    """Without the rows that were told to have faults a table is read, reads the same again, and can be copied."""
    rows = list(csv.DictReader(io.StringIO(hostile.make().decode("utf-8", "surrogatepass"), newline="")))
    with time_limit(LIMIT):
        for _ in range(ROUNDS):
            try:
                reports = read_reports(rows)
            except ReportsError as error:
                assert_told(error)
                lines = {fault.line for fault in error.faults}
                if None in lines:
                    return  # the table as a whole is refused
                rows = [row for line, row in enumerate(rows, 1) if line not in lines]
                if not rows:
                    return
            else:
                break

        else:
            pytest.fail(f"{len(rows)} rows still have faults after {ROUNDS} rounds")

        assert len(reports) == len(rows)
        _show(reports)
        assert read_reports(reports.table).data_hash == reports.data_hash
        assert copy_with_proposals(rows, layout_of()).content.decode().count("\n") > len(rows)


@pytest.mark.parametrize("hostile", parted(HOSTILE[::10]))
def test_as_a_table_of_who_watched(hostile: Hostile) -> None:
    """The same inputs in the place of declared coverage are read or told as well."""
    with time_limit(LIMIT):
        try:
            notes = read_coverage(hostile.source()).notes
        except EstimatesError as error:
            assert_told(error)
        except TypeError as error:
            if not str(error).startswith("reports are read from a path"):
                raise
        else:
            assert all(len(note) < 2000 for note in notes)


@pytest.mark.parametrize("leave_out_faulty", [False, True], ids=["all", "without the faulty"])
@pytest.mark.parametrize("hostile", parted(IMPORTED))
def test_a_hostile_file_of_a_database(hostile: Hostile, leave_out_faulty: bool) -> None:
    """An importer makes of it a table that is read as it stands, or tells what is wrong with the file."""
    with time_limit(LIMIT):
        try:
            found = import_reports(hostile.database, hostile.source(), leave_out_faulty=leave_out_faulty)
        except EstimatesError as error:
            assert_told(error)
            return
        assert hostile.must != "be refused"
        for text in (*found.notes, found.csv()):
            assert_readable(text)
        assert len(read_reports(io.StringIO(found.csv()))) == len(found.rows)
