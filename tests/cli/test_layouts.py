"""Options about the layout of a table: every command that reads reports takes them."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from helpers.commands import Command, write

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "tables.md"
CLAIMS = (
    "event_id,event_name,date,source,source_type,reported_at,quantity,value_low,value,value_high,bound,truth,country\n"
    "E1,Flood,2020-01-01,Agency,{kind},2020-01-01,killed,18.0,18.0,18.0,exact,,X\n"
    "E1,Flood,2020-01-01,Monitor,{kind},2020-01-02,killed,21.0,21.0,,at_least,,X\n"
    "E1,Flood,2020-01-01,Rescue,{kind},2020-01-03,killed,,30.0,,{about},,X\n"
    "E1,Flood,2020-01-01,Office,{kind},2020-01-04,killed,30.0,35.0,40.0,range,,X\n"
)
#: Small files in the layouts of the documentation's examples, by their names there.
FILES = {
    "disasters_open.csv": CLAIMS.format(kind="government", about="approx"),
    "blanchard_open.csv": CLAIMS.format(kind="", about="approx"),
    "maverick_reports.csv": CLAIMS.format(kind="National news media", about="exact"),
    "radford_ukraine.csv": CLAIMS.format(kind="", about="exact").replace("killed", "civilian_deaths", 3)
    + "E1,Flood,2020-01-01,Agency,,2020-01-01,tanks,,7.0,,exact,,X\n",
    "market.csv": "event,date,Agency A,Agency B,Monitor\nMarket,2020-01-15,18,at least 15,\n",
    "incidents.csv": "incident,source,dead,wounded\nMarket,A,18,82\n",
}


def commands() -> list[list[str]]:
    """The words of each command of the documentation that checks a table in another layout."""
    text = DOCUMENT.read_text(encoding="utf-8").replace("\\\n", " ")
    return [
        shlex.split(found) for found in re.findall(r"^\$ estimates (check \w+\.csv .*--map .*)$", text, re.MULTILINE)
    ]


@pytest.mark.parametrize("words", commands(), ids=lambda words: words[1])
def test_the_commands_of_the_documentation_read_what_they_are_for(
    command: Command, tmp_path: Path, words: list[str]
) -> None:
    """Each of them reads a small file in the layout that it is for."""
    write(tmp_path / words[1], FILES[words[1]])
    status, out, err = command(*words)
    assert status == 0, err
    assert "no faults" in out
    assert ("left out, as asked" in err) == (words[1] == "radford_ukraine.csv")


def test_the_documentation_has_an_example_of_each_file() -> None:
    """No file of these is without a command, and no command without a file."""
    assert {words[1] for words in commands()} == FILES.keys()


def test_what_check_tells_to_type_can_be_typed(command: Command, tmp_path: Path) -> None:
    """The options in the message read the table; what is shown is the shell's text."""
    write(tmp_path / "wide.csv", FILES["market.csv"])
    status, out, err = command("check", "wide.csv")
    assert (status, out) == (1, "")
    told = re.search(r"read it with (.*) \(in Python", err)
    assert told is not None
    assert command("check", "wide.csv", *shlex.split(told[1]))[:2] == (0, "wide.csv: 2 reports of 1 event, no faults\n")


@pytest.mark.parametrize(
    "words", [["check"], ["estimate"], ["report"], ["fit", "-o", "own.nc"], ["evaluate"]], ids=lambda words: words[0]
)
def test_every_command_that_reads_reports_takes_a_layout(command: Command, tmp_path: Path, words: list[str]) -> None:
    """A mapping, wide tables, the order of days and the mark of thousands; what is wrong with them is told."""
    write(tmp_path / "reports.csv", "incident;A\nMarket;1.200\n")
    status, out, err = command(
        words[0], "reports.csv", *words[1:], "--map", "incident=event", "--wide", "--map", "B=note"
    )
    assert (status, out) == (1, "")
    assert "there is no column 'B' that could be read as 'note'" in err
    for options, message in (
        (["--map", "incident"], "is no mapping"),
        (["--map", "incident=evnt"], "did you mean 'event'?"),
        (["--thousands", ";"], "give ',', '.' or ' '"),
        (["--map", "incident=event", "--wide"], "'1.200' may mean thousands or a fraction"),
        (["--map", "incident=event", "--wide", "--day-first"], "'1.200' may mean thousands or a fraction"),
    ):
        status, out, err = command(words[0], "reports.csv", *words[1:], *options)
        assert (status, out) == (1, ""), options
        assert message in err
    assert list(tmp_path.iterdir()) == [tmp_path / "reports.csv"]


def test_a_layout_reaches_the_estimate(command: Command, tmp_path: Path) -> None:
    """What was mapped is what is estimated, and notes on the layout are printed."""
    write(tmp_path / "reports.csv", "incident;A;rows\nMarket;1.200;1\nMarket;7;2\n")
    asked = ["--map", "incident=event", "--wide", "--thousands", ".", "--map", "rows=note", "--map", "rows:2="]
    status, out, err = command("estimate", "reports.csv", "--profile", "published", *asked)
    assert status == 0, err
    assert "1,200" in out
    assert "1 row is left out, as asked: rows '2' (1)" in err
