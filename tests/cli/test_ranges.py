"""The commands report and estimate: what they print, in every form, for usual and unusual tables."""

from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path

import pytest
from helpers.commands import HEAD, IDLIB, ONE, Command, process, write

KEYS = ["event", "outcome", "layer", "floor", "reported_low", "reported_high", "sources", "median", "intervals"]


def test_estimate_prints_a_table(command: Command) -> None:
    """`estimate` shows, for each event and outcome, what was said and three lines of ranges; one of those displaced."""
    status, out, err = command("estimate", IDLIB)
    assert status == 0
    assert "killed: reported 18 to 21 by 2 sources" in out
    lines = [line.strip() for line in out.splitlines()]
    for name in ("documented by now", "documented in the end", "full toll"):
        assert sum(line.startswith(name) for line in lines) == 3
    assert sum(line.startswith("estimate") for line in lines) == 1
    assert all(line.startswith("note: ") for line in err.splitlines())
    assert "note: " not in out


def test_json_alone_on_standard_output(command: Command) -> None:
    """JSON is all there is on standard output, with one row for each event, outcome and layer."""
    status, out, err = command("estimate", IDLIB, "--format", "json")
    rows = json.loads(out, parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))
    assert status == 0
    assert "note: " in err

    assert {(row["event"], row["outcome"]) for row in rows} == {
        ("Idlib airstrikes", "killed"),
        ("Idlib airstrikes", "injured"),
        ("Idlib airstrikes", "displaced"),
        ("T4 air base", "killed"),
    }
    assert [row["layer"] for row in rows] == ["documented", "total"] * 4


def test_rows_of_json(command: Command) -> None:
    """A row has exactly the keys and levels that are promised, whole ordered ends, and what was reported."""
    rows = json.loads(command("estimate", IDLIB, "--format", "json").out)
    for row in rows:
        assert list(row) == KEYS
        assert list(row["intervals"]) == ["50", "80", "95"]
        (low50, high50), (low80, high80), (low95, high95) = row["intervals"].values()
        assert 0 <= low95 <= low80 <= low50 <= row["median"] <= high50 <= high80 <= high95
        assert all(type(end) is int for ends in row["intervals"].values() for end in ends)

    killed = next(row for row in rows if row["outcome"] == "killed")
    assert (killed["floor"], killed["reported_low"], killed["reported_high"], killed["sources"]) == (None, 18, 21, 2)
    assert {row["floor"] for row in rows if row["outcome"] != "killed"} == {None}


def test_csv_says_what_json_says(command: Command) -> None:
    """CSV has the numbers of the JSON, one row per event, outcome and layer, and empty cells where there is nothing."""
    status, out, _ = command("estimate", IDLIB, "--format", "csv")
    assert status == 0
    rows = list(csv.DictReader(io.StringIO(out)))
    records = json.loads(command("estimate", IDLIB, "--format", "json").out)
    assert len(rows) == len(records)
    assert not [name for name in rows[0] if "mean" in name]
    for row, record in zip(rows, records, strict=True):
        for key in KEYS[:-2]:
            assert row[key] == ("" if record[key] is None else str(record[key])), key
        for level, ends in record["intervals"].items():
            assert [int(row[f"low_{level}"]), int(row[f"high_{level}"])] == ends


@pytest.mark.parametrize("ending", [".html", ".md"])
def test_report_prints_and_writes(command: Command, tmp_path: Path, ending: str) -> None:
    """`report` prints the table of `estimate`, writes the document and says where; nothing else is left."""
    target = tmp_path / f"idlib{ending}"
    status, out, _ = command("report", IDLIB, "-o", target)
    assert status == 0
    assert out.startswith(command("estimate", IDLIB).out.rstrip())
    assert out.endswith(f"\nReport written to {target}\n")
    assert "Idlib airstrikes" in target.read_text(encoding="utf-8")
    assert os.listdir(tmp_path) == [target.name]


def test_report_names_itself_after_the_table(command: Command, tmp_path: Path) -> None:
    """Without -o the document is named after the table and stands in the current folder."""
    assert command("report", IDLIB).status == 0
    assert command("report", "-", stdin=ONE.encode()).status == 0
    assert sorted(os.listdir(tmp_path)) == ["idlib_2020_report.html", "reports_report.html"]


# Options --------------------------------------------------------------------------------------------------------------


def test_standard_input(command: Command) -> None:
    """A table on standard input gives what the same table gives in a file."""
    piped = command("estimate", "-", "--format", "json", stdin=IDLIB.read_bytes())
    assert piped.status == 0
    assert piped.out == command("estimate", IDLIB, "--format", "json").out


def test_seed(command: Command) -> None:
    """The same seed gives the same bytes, another seed other draws and nearly the same median."""
    first, again, other = (
        command("estimate", IDLIB, "--format", "json", "--profile", "published", "--seed", seed).out
        for seed in (7, 7, 8)
    )
    assert first == again
    assert first != other
    for one, two in zip(json.loads(first), json.loads(other), strict=True):
        assert two["median"] == pytest.approx(one["median"], rel=0.35, abs=2)


def test_as_of(command: Command) -> None:
    """`--as-of` leaves out what was reported later."""
    table = "event,source,figure,event_date,reported_at\nE,A,3,2020-01-01,2020-01-01\nE,B,40,2020-01-01,2020-02-01\n"
    early, whole = (
        json.loads(command("estimate", "-", "--format", "json", *cut, stdin=table.encode()).out)[0]
        for cut in (("--as-of", "2020-01-02"), ())
    )
    assert (early["reported_high"], early["sources"]) == (3, 1)
    assert (whole["reported_high"], whole["sources"]) == (40, 2)


# Unusual tables -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("figure", ["0", "none", "1", "1,000,000,000", "thousands", "no comment"])
def test_one_report(command: Command, figure: str) -> None:
    """One report of any size gives finite ordered ranges."""
    status, out, _ = command("estimate", "-", "--format", "json", stdin=f'{HEAD}E,A,"{figure}"\n'.encode())
    assert status == 0
    for row in json.loads(out, parse_constant=lambda name: pytest.fail(f"{name} is not JSON")):
        (low50, high50), _, (low95, high95) = row["intervals"].values()
        assert 0 <= low95 <= low50 <= row["median"] <= high50 <= high95
        assert row["sources"] == (figure != "no comment")


def test_zero_beside_a_billion(command: Command) -> None:
    """Sources that could not disagree more still give ranges and a document."""
    table = f"{HEAD}E,A,0\nE,B,1000000000\n".encode()
    assert command("report", "-", "-o", "report.html", stdin=table).status == 0
    status, out, _ = command("estimate", "-", "--format", "json", stdin=table)
    assert status == 0
    assert [(row["reported_low"], row["reported_high"]) for row in json.loads(out)] == [(0, 1_000_000_000)] * 2


def test_nothing_to_estimate(command: Command) -> None:
    """A table of context alone gives an empty JSON list, a CSV header, and no crash."""
    table = b"event,source,figure,outcome\nE,A,51,strikes\n"
    assert json.loads(command("estimate", "-", "--format", "json", stdin=table).out) == []
    assert len(command("estimate", "-", "--format", "csv", stdin=table).out.splitlines()) == 1
    for arguments in (("estimate", "-"), ("report", "-", "-o", "report.html"), ("report", "-", "-o", "report.md")):
        status, _, err = command(*arguments, stdin=table)
        assert status == 0, err
        assert "context" in err


def test_a_table_with_context_only_says_so(tmp_path: Path) -> None:
    """Where nothing can be estimated the command says that instead of printing nothing."""
    table = write(tmp_path / "context.csv", "event,source,figure,outcome\ne,s,51,strikes\n")
    ended = process("estimate", str(table))
    assert ended.returncode == 0
    assert "nothing to estimate" in ended.stdout


def _many_sources(count: int) -> str:
    return HEAD + "".join(f"E,Source {number},{18 + number % 7}\n" for number in range(count))


def _many_events(count: int) -> str:
    head = "event,source,figure,event_date,reported_at\n"
    return head + "".join(
        f"E{event},S{source},{event % 40 + source},2020-01-01,2020-01-0{source + 1}\n"
        for event in range(count)
        for source in range(3)
    )


@pytest.mark.parametrize("count", [20, pytest.param(1000, marks=pytest.mark.slow)])
def test_many_sources(command: Command, count: int) -> None:
    """Sources who agree in hundreds are all counted, and the range stays about what they say."""
    status, out, _ = command("estimate", "-", "--format", "json", stdin=_many_sources(count).encode())
    row = json.loads(out)[0]
    assert (status, row["sources"]) == (0, count)
    assert 18 <= row["median"] <= 36


@pytest.mark.parametrize("count", [20, pytest.param(300, marks=pytest.mark.slow)])
def test_many_events(command: Command, count: int) -> None:
    """Every event of a long table is estimated once per layer."""
    status, out, _ = command("estimate", "-", "--format", "json", stdin=_many_events(count).encode())
    assert status == 0
    assert {(row["event"], row["layer"]) for row in json.loads(out)} == {
        (f"E{event}", layer) for event in range(count) for layer in ("documented", "total")
    }
    assert len(json.loads(out)) == 2 * count
