"""Whatever stands in a table, nothing in a CSV file or workbook that a command writes is run by a spreadsheet."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from helpers.commands import Command
from helpers.databases import UCDP
from helpers.formulas import ALL, SPELLINGS, cells_of_csv, is_active
from python_calamine import load_workbook

from estimates.table.reports import read_reports

#: Some of them in the fast tests, all in the extended ones.
SOME = dict(list(SPELLINGS.items())[::9])
FORMULAS = [pytest.param(SOME, id="some"), pytest.param(ALL, id="all", marks=pytest.mark.extended)]


def written(rows: list[list[str]]) -> str:
    """Rows as CSV, with NUL left out, which makes a file a damaged one."""
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    return text.getvalue().replace("\0", "")


def reports(payloads: dict[str, str]) -> str:
    """A table with a payload in each of its free columns, and events with a verified toll."""
    header = ["event", "source", "figure", "place", "group", "note", "remark", "event_date", "reported_at", "verified"]
    rows = [
        [
            f"{payload}{number}",
            payload,
            "at least 18",
            payload,
            "all",
            payload,
            payload,
            "2020-01-15",
            "2020-01-15",
            "20",
        ]
        for number, payload in enumerate(payloads.values())
    ]
    return written([header, *rows])


def estimated(command: Command, payloads: dict[str, str], _: Path) -> str:
    return command("estimate", "-", "--format", "csv", stdin=reports(payloads).encode()).out


def evaluated(command: Command, payloads: dict[str, str], _: Path) -> str:
    few = dict(list(payloads.items())[:9])  # the table has no names of events
    return command("evaluate", "-", "--format", "csv", stdin=reports(few).encode()).out


def listed(command: Command, payloads: dict[str, str], _: Path) -> str:
    """Of three lists with such names."""
    names = [cell for cell in dict.fromkeys(payload.replace("\0", "").strip() for payload in payloads.values()) if cell]
    three = [f"{name}{number}" for number, name in enumerate(names[:3])]
    table = written([[*three, "count"], *([*f"{n:03b}", "9"] for n in range(1, 8))])
    return command("lists", "-", "--quick", "--format", "csv", stdin=table.encode()).out


def imported(command: Command, payloads: dict[str, str], _: Path) -> str:
    known = {"date_start": "2021-03-01", "date_end": "2021-03-01", "best": "3", "high": "4", "low": "3"}
    free = {"source_headline", "source_article", "source_office", "source_original", "where_coordinates", "where_description",
            "adm_1", "side_a", "side_b", "conflict_name", "dyad_name", "country"}  # fmt: skip
    rows = [
        [known.get(name, str(number) if name == "id" else payload if name in free else "") for name in UCDP]
        for number, payload in enumerate(payloads.values())
    ]
    ended = command("import", "ucdp", "-", "--leave-out-faulty", stdin=written([UCDP, *rows]).encode())
    assert len(ended.out.splitlines()) > len(payloads) / 2, ended.err
    return ended.out


def copied(command: Command, payloads: dict[str, str], folder: Path) -> str:
    command("check", "-", "--fix", "copy.csv", stdin=reports(payloads).encode())
    return (folder / "copy.csv").read_text(encoding="utf-8")


def added_up(command: Command, payloads: dict[str, str], _: Path) -> str:
    return command("total", "-", "--by", "place", "--format", "csv", stdin=reports(payloads).encode()).out


def asked(name: str) -> Callable[[Command, dict[str, str], Path], str]:
    """The CSV of a command whose table has names of events, sources or words."""

    def made(command: Command, payloads: dict[str, str], _: Path) -> str:
        return command(name, "-", "--format", "csv", stdin=reports(payloads).encode()).out

    made.__name__ = name
    return made


def joined(command: Command, payloads: dict[str, str], folder: Path) -> str:
    command("estimate", "-", "--form", "joined", "-o", "out.csv", stdin=reports(payloads).encode())
    return (folder / "out.csv").read_text(encoding="utf-8")


def written_as_workbook(command: Command, payloads: dict[str, str], folder: Path) -> str:
    """The cells of both sheets of the joined table, written as CSV without making them safe."""
    command("estimate", "-", "--form", "joined", "-o", "out.xlsx", stdin=reports(payloads).encode())
    book = load_workbook(folder / "out.xlsx")
    rows = [list(map(str, row)) for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python()]
    with zipfile.ZipFile(folder / "out.xlsx") as archive:
        assert not any(b"<f>" in archive.read(name) for name in archive.namelist())
    return written(rows)


def as_ucdp(command: Command, payloads: dict[str, str], folder: Path) -> str:
    command("estimate", "-", "--form", "ucdp", "-o", "out.csv", stdin=reports(payloads).encode())
    return (folder / "out.csv").read_text(encoding="utf-8")


def simulated(command: Command, _: dict[str, str], folder: Path) -> str:
    command("simulate", "-o", "made.csv", "--truth", "truth.csv", "--events", "2")
    return (folder / "made.csv").read_text() + (folder / "truth.csv").read_text()


#: The slower ones are tried in the extended tests alone.
MADE = [
    estimated, evaluated, imported, copied, written_as_workbook, as_ucdp,
    *(
        pytest.param(made, marks=pytest.mark.extended)
        for made in (listed, joined, added_up, asked("influence"), asked("history"), asked("sensitivity"), simulated)
    ),
]  # fmt: skip


@pytest.mark.parametrize("payloads", FORMULAS)
@pytest.mark.parametrize("made", MADE)
def test_no_cell_of_a_csv_runs(
    command: Command, tmp_path: Path, made: Callable[[Command, dict[str, str], Path], str], payloads: dict[str, str]
) -> None:
    """No cell that a command writes as CSV is active, in the columns of names, sources, places, notes and others."""
    if made.__name__ in ("influence", "history", "sensitivity"):
        payloads = dict(list(payloads.items())[::3])
    cells = cells_of_csv(made(command, payloads, tmp_path))
    assert len(cells) > 10
    assert [cell for cell in cells if is_active(cell)] == []


def test_figures_are_read_back(command: Command, tmp_path: Path) -> None:
    """What `check --fix` wrote is read as the table it was written from, with every figure and name."""
    figures = ["18", "-", "no comment", "at least 18", "18; 19 hurt", "+20", "20+", "~20", "about 5", "none"]
    rows = [
        [f"{mark}{number}", mark, figure]
        for number, (figure, mark) in enumerate(zip(figures, "=+-@'=+-@'", strict=True))
    ]
    kept = [row for row in rows if row[2] not in ("-", "18; 19 hurt", "+20")]
    table = written([["event", "source", "figure"], *kept])
    command("check", "-", "--fix", "copy.csv", stdin=table.encode())
    again = read_reports(tmp_path / "copy.csv").table
    before = read_reports(io.StringIO(table)).table
    columns = ["event", "source", "words", "wording", "low", "high"]
    assert again[columns].equals(before[columns])
    assert before["event"].tolist()[0] == "=0"


@pytest.mark.parametrize("figure", ["-5", "-", "+20", "=5", "18; -19"])
def test_a_figure_that_is_refused_is_refused_alike(command: Command, figure: str) -> None:
    """A figure that looks like a formula is told in the same words from the copy as from the table itself."""
    table = written([["event", "source", "figure"], ["A", "B", figure]])
    first = command("check", "-", "--fix", "copy.csv", stdin=table.encode()).err
    again = command("check", "copy.csv").err.replace("note: column 'why_proposed' is not known: kept, not used\n", "")
    assert again.replace("copy.csv", "standard input") == first
