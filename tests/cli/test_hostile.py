"""Nothing in a table or a path can steer a terminal, a page or a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from helpers.commands import HEAD, ONE, Command, write

HOSTILE = {
    "escape": "Idlib\x1b[2J\x1b[31m",
    "C1": "Idlib\x9b31m",
    "bidirectional": "Idlib\u202e02\u2066",
    "bell": "Idl\x07ib\x08",
    "newline": "Idlib\nfull toll  0",
    "separator": "Idlib\u2028full toll  0",
    "script": "<script>alert(1)</script>",
    "image": '"><img src=x onerror=alert(1)>',
    "template": "{{ 7*7 }}{% raw %}",
}


def test_hostile_names(command: Command, tmp_path: Path) -> None:
    """A name cannot steer a terminal, start a line of its own, or become part of a page's code."""
    with (tmp_path / "table.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["event", "source", "figure", "note", "\x1b[31m\u202e\n<script>"])
        for name in HOSTILE.values():
            writer.writerow([name, name, "no comment", name, name])
            writer.writerow([name, "B", "5", "", ""])

    for arguments in (("check",), ("estimate",), ("estimate", "--format", "json"), ("report", "-o", "page.html")):
        status, out, err = command(arguments[0], "table.csv", *arguments[1:])
        assert status == 0, err
        for character in "\x1b\x9b\x07\x08\u202e\u2066\u2028":
            assert character not in out + err, arguments
        assert not any(line.startswith("full toll") for line in (out + err).splitlines())

    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert page.count("<script") == 2  # that of the index, and the block of data, within which no less-than sign stands
    assert "<" not in page.partition('id="data">')[2].partition("</script>")[0]
    assert "<img" not in page
    assert "{{ 7*7 }}" in page


def test_spreadsheets_run_nothing(command: Command) -> None:
    """In CSV a name that a spreadsheet would run begins with an apostrophe, and stays one cell; a number is a number."""
    names = ["=1+1,x", "+1+1", "-x", "@SUM(A1)", '=HYPERLINK("http://x","y")']
    table = io.StringIO()
    csv.writer(table).writerows([["event", "source", "figure"], *([name, "A", "5"] for name in (*names, "-1"))])
    _, out, _ = command("estimate", "-", "--format", "csv", stdin=table.getvalue().encode())
    assert {row["event"] for row in csv.DictReader(io.StringIO(out))} == {"-1", *("'" + name for name in names)}


@pytest.mark.parametrize("form", ["json", "csv"])
def test_names_that_look_like_values_stay_names(command: Command, form: str) -> None:
    """An event named like a missing value, a number or a date keeps its name."""
    names = {"nan", "NaN", "NA", "<NA>", "None", "null", "inf", "0", "007", "1e5", "true", "2020-01-15"}
    table = HEAD + "".join(f"{name},A,5\n" for name in names)
    status, out, _ = command("estimate", "-", "--format", form, stdin=table.encode())
    assert status == 0
    rows = json.loads(out) if form == "json" else list(csv.DictReader(io.StringIO(out)))
    assert {row["event"] for row in rows} == names


def test_hostile_names_of_files(command: Command, tmp_path: Path) -> None:
    """The name of a file cannot steer a terminal, whether it is read, missing or written."""
    hostile = "a\x1b[31m\u202e.csv"
    write(tmp_path / hostile, ONE)
    for arguments in (("check", hostile), ("check", "\x1b" + hostile), ("example", "-o", "new" + hostile),
                      ("report", hostile, "-o", hostile + ".html")):  # fmt: skip
        _, out, err = command(*arguments)
        assert out + err
        assert "\x1b" not in out + err
        assert "\u202e" not in out + err
