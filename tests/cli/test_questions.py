"""The commands total, influence, history and sensitivity, and what `estimate` writes to files."""

from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from helpers.commands import HEAD, Command, write

from estimates import Estimates, estimate

TABLE = "event,source,figure,reported_at,place\nA,x,at least 18,2020-01-15,North\nA,y,21,2020-01-16,North\nB,x,7,2020-01-15,South\n"


@pytest.fixture(scope="module")
def estimates(tmp_path_factory: pytest.TempPathFactory) -> Estimates:
    return estimate(write(tmp_path_factory.mktemp("tables") / "table.csv", TABLE))


def of_library(estimates: Estimates, name: str) -> pd.DataFrame:
    """What a command of this name is to give for the table."""
    return {
        "total": lambda: estimates.total(by="place"),
        "influence": estimates.influence,
        "history": estimates.history,
        "sensitivity": estimates.sensitivity,
    }[name]()


QUESTIONS = [("total", "--by", "place"), ("influence",), ("history",), ("sensitivity",)]


@pytest.mark.parametrize("words", QUESTIONS, ids=lambda words: words[0])
def test_json_and_csv_are_what_the_library_gives(
    command: Command, estimates: Estimates, words: tuple[str, ...]
) -> None:
    """Both forms for programs hold the table of the method of that name, cell by cell, and nothing else is printed."""
    name, *options = words
    status, out, _ = command(name, "-", *options, "--format", "json", stdin=TABLE.encode())
    assert status == 0
    found = json.loads(out, parse_constant=lambda constant: pytest.fail(f"{constant} is not JSON"))
    known = of_library(estimates, name)
    expected = [{key: None if pd.isna(cell) else cell for key, cell in row.items()} for row in known.to_dict("records")]
    assert found == expected

    rows = list(csv.DictReader(io.StringIO(command(name, "-", *options, "--format", "csv", stdin=TABLE.encode()).out)))
    assert [[as_text(cell) for cell in row.values()] for row in found] == [list(row.values()) for row in rows]


def as_text(cell: object) -> str:
    return "" if cell is None else str(cell)


@pytest.mark.parametrize("words", QUESTIONS, ids=lambda words: words[0])
def test_a_table_for_the_eye(command: Command, estimates: Estimates, words: tuple[str, ...]) -> None:
    """A line a row below a heading; medians stand with their 80% ranges, and there are no trailing spaces."""
    name, *options = words
    _, out, _ = command(name, "-", *options, stdin=TABLE.encode())
    heading, *lines = out.rstrip("\n").split("\n")
    known = of_library(estimates, name)
    assert len(lines) == len(known)
    assert "median (80%)" in heading
    assert "low 80" not in heading
    start = "documented_" if name == "history" else ""
    first = known.iloc[0]
    assert f"{first[f'{start}median']} ({first[f'{start}low_80']} to {first[f'{start}high_80']})" in lines[0]
    assert not any(line.endswith(" ") for line in [heading, *lines])


def test_layers_and_the_remainder(command: Command) -> None:
    """`--layer` leaves the others out, and without a remainder the full toll is the documented one."""
    for words in QUESTIONS[:2]:
        name, *options = words
        rows = rows_of(command, name, *options, "--layer", "total")
        assert {row["layer"] for row in rows} == {"total"}
    assert not any(
        key.startswith(("by_now", "total")) for key in rows_of(command, "history", "--layer", "documented")[0]
    )

    for row in rows_of(command, "history", "--undocumented", "none"):
        assert row["total_median"] == row["documented_median"]
    ranges = rows_of(command, "estimate", "--layer", "by_now", "--layer", "total")
    assert [row["layer"] for row in ranges] == ["by_now", "total"] * 2
    _, out, _ = command("estimate", "-", "--layer", "total", stdin=TABLE.encode())
    assert "full toll" in out
    assert "documented" not in out


def rows_of(command: Command, name: str, *options: object) -> list[dict[str, Any]]:
    """The rows of a command in JSON."""
    status, out, err = command(name, "-", *options, "--format", "json", stdin=TABLE.encode())
    assert status == 0, err
    return json.loads(out)  # type: ignore[no-any-return]


def test_only_some_events(command: Command) -> None:
    """`--event` chooses, may be repeated, and a name that is not there is answered with those that are."""
    for name in ("influence", "history", "sensitivity"):
        assert {row["event"] for row in rows_of(command, name, "--event", "B")} == {"B"}
    assert {row["event"] for row in rows_of(command, "history", "--event", "B", "--event", "A")} == {"A", "B"}
    status, out, err = command("influence", "-", "--event", "C", stdin=TABLE.encode())
    assert (status, out) == (1, "")
    assert "there is no estimate for the event 'C'; there are 'A', 'B'" in err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("total", "--by", "colour"), "no column is called 'colour'"),
        (("total", "--outcome", "kiled"), "outcome 'kiled' is not known"),
        (("total", "--layer", "by_now"), "has no layer by_now"),
        (("influence", "--layer", "by_now"), "has no layer by_now"),
        (("sensitivity", "--layer", "by_now"), "has no layer by_now"),
        (("history", "--outcome", "strikes"), "outcome 'strikes' is not known"),
        (("estimate", "--form", "joined"), "name it with -o"),
        (("estimate", "--form", "ucdp", "-o", "x.csv", "--layer", "total", "--layer", "by_now"), "holds one layer"),
        (("estimate", "--form", "joined", "-o", "x.csv", "--level", "150"), "write per cent, from 1 to below 100"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_cannot_be_asked(command: Command, tmp_path: Path, arguments: tuple[str, ...], says: str) -> None:
    """Questions without an answer end with status 1, say why, print nothing and write nothing."""
    name, *options = arguments
    status, out, err = command(name, "-", *options, stdin=TABLE.encode())
    assert (status, out) == (1, "")
    assert says in err
    assert "Traceback" not in err
    assert os.listdir(tmp_path) == []


def test_nothing_to_show(command: Command) -> None:
    """A table of which nothing is estimated has no total and no history, and that is no fault."""
    table = "event,source,figure,outcome\nA,x,18,strikes\n"
    for name in ("total", "influence", "history", "sensitivity"):
        status, out, _ = command(name, "-", stdin=table.encode())
        assert (status, out) == (0, "There is nothing to show.\n")
        assert json.loads(command(name, "-", "--format", "json", stdin=table.encode()).out) == []


# Files ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["csv", "parquet", "json", "xlsx"])
def test_estimate_writes_a_table(command: Command, tmp_path: Path, ending: str) -> None:
    """With -o the ranges are written as well as printed, and where they are is said on standard error."""
    plain = command("estimate", "-", "--format", "csv", stdin=TABLE.encode()).out
    status, out, err = command("estimate", "-", "--format", "csv", "-o", f"out.{ending}", stdin=TABLE.encode())
    assert (status, out) == (0, plain)
    assert f"note: table written to out.{ending}\n" in err
    assert (tmp_path / f"out.{ending}").stat().st_size > 100
    if ending == "csv":
        assert (tmp_path / "out.csv").read_text() == plain


@pytest.mark.parametrize("source", ["table.csv", "-"])
def test_estimate_joins_the_table_it_reads(command: Command, tmp_path: Path, source: str) -> None:
    """The table that is read, also from standard input, gets its ranges behind its own columns."""
    write(tmp_path / "table.csv", TABLE)
    asked = ("--form", "joined", "-o", "out.csv", "--layer", "total", "--level", "95")
    status, _, err = command("estimate", source, *asked, stdin=TABLE.encode())
    assert status == 0, err
    lines = (tmp_path / "out.csv").read_text().splitlines()
    assert (
        lines[0]
        == TABLE.splitlines()[0]
        + ",estimated_event,estimated_outcome,estimated_layer,estimated_median,estimated_low_95,estimated_high_95"
    )
    assert [
        line[: len(given)] for line, given in zip(lines[1:], TABLE.splitlines()[1:], strict=True)
    ] == TABLE.splitlines()[1:]


def test_estimate_joins_a_table_of_another_layout(command: Command, tmp_path: Path) -> None:
    """The options about the layout hold for what is joined, too."""
    write(tmp_path / "wide.csv", "event,Police,Office\nA,18,21\nB,7,\n")
    status, _, err = command("estimate", "wide.csv", "--wide", "--form", "joined", "-o", "out.csv")
    assert status == 0, err
    rows = list(csv.DictReader(io.StringIO((tmp_path / "out.csv").read_text())))
    assert [(row["event"], row["Police"], row["estimated_event"]) for row in rows] == [
        ("A", "18", "A"),
        ("B", "7", "B"),
    ]


def test_low_best_and_high(command: Command, tmp_path: Path) -> None:
    """The form of UCDP has the median as best, and the rule in every row."""
    command("estimate", "-", "--form", "ucdp", "-o", "out.json", "--layer", "total", stdin=TABLE.encode())
    rows = json.loads((tmp_path / "out.json").read_text())["rows"]
    known = {row["event"]: row for row in rows_of(command, "estimate", "--layer", "total")}
    for row in rows:
        assert row["best"] == known[row["event"]]["median"]
        assert [row["low"], row["high"]] == known[row["event"]]["intervals"]["80"]
        assert row["rule"].startswith("killed, full toll: best is the median")


COMMANDS_THAT_WRITE = [
    ("estimate", "broken.csv", "-o", "{}.csv"),
    ("report", "broken.csv", "-o", "{}.html"),
    ("fit", "broken.csv", "-o", "{}.nc"),
    ("lists", "broken.csv", "-o", "{}.html"),
    ("import", "ucdp", "broken.csv", "-o", "{}.csv"),
    ("check", "broken.csv", "--fix", "{}.csv"),
    ("evaluate", "broken.csv", "--plot", "{}.png"),
    ("simulate", "-o", "{}.csv"),
    ("simulate", "-o", "made.csv", "--truth", "{}.csv"),
    ("example", "-o", "{}.csv"),
]


@pytest.mark.parametrize("arguments", COMMANDS_THAT_WRITE, ids=" ".join)
def test_the_target_is_looked_at_before_the_work(command: Command, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """A folder, a missing folder and a loop of links are refused before the table, which is broken, is even read."""
    write(tmp_path / "broken.csv", HEAD + "A,B\n")
    ending = arguments[-1].removeprefix("{}")
    (tmp_path / f"folder{ending}").mkdir()
    (tmp_path / f"loop{ending}").symlink_to(f"loop{ending}")
    before = sorted(os.listdir(tmp_path))
    for name in ("folder", "none/x", "loop"):
        status, out, err = command(*arguments[:-1], arguments[-1].format(name))
        assert (status, out) == (1, "")
        assert any(word in err for word in ("folder", "exists already", "a link that leads back to itself"))
        assert "broken.csv" not in err
        assert sorted(os.listdir(tmp_path)) == before


def test_the_table_is_never_written_over(command: Command, tmp_path: Path) -> None:
    """`estimate -o` refuses the table that it reads, also through a link."""
    write(tmp_path / "table.csv", TABLE)
    (tmp_path / "link.csv").symlink_to("table.csv")
    for target in ("table.csv", "./table.csv", "link.csv"):
        status, out, err = command("estimate", "table.csv", "-o", target)
        assert (status, out) == (1, "")
        assert "is the table itself" in err
    assert (tmp_path / "table.csv").read_text() == TABLE
