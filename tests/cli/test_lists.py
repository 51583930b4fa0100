"""The command `lists`: what it prints, in which order, and how it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from helpers.commands import Command

TABLE = "A,B,C,count\n1,0,0,30\n0,1,0,25\n0,0,1,28\n1,1,0,9\n1,0,1,10\n0,1,1,12\n1,1,1,6\n"


def test_lists_are_told_in_order(command: Command, tmp_path: Path) -> None:
    """Those listed first, then the profile, then graphs; notes go to standard error, and a page is written."""
    (tmp_path / "lists.csv").write_text(TABLE)
    status, out, err = command("lists", "lists.csv", "--quick", "-o", "page.html")
    assert status == 0
    places = [out.index(word) for word in ("120 people are on 3 lists", "Two classes", "Three classes", "d = 0.125")]
    assert places == sorted(places)
    assert "the latent class posterior was not asked for" in err
    assert (tmp_path / "page.html").exists()


def test_forms_for_programs(command: Command) -> None:
    """JSON and CSV hold the same ranges; a table may come from standard input."""
    status, out, _ = command("lists", "-", "--quick", "--format", "json", stdin=TABLE.encode())
    record = json.loads(out)
    assert (status, record["n"], record["headline"]) == (0, 120, None)
    assert record["ranges"][0]["model"] == "on any list"
    status, out, _ = command("lists", "-", "--quick", "--format", "csv", stdin=TABLE.encode())
    assert status == 0
    assert out.splitlines()[0] == "model,middle,low,high,ends"
    assert len(out.splitlines()) == 1 + len(record["ranges"])


def test_chosen_lists(command: Command) -> None:
    """With `--list` the other columns are left out."""
    status, out, _ = command("lists", "-", "--quick", "--list", "A", "--list", "B", stdin=TABLE.encode())
    assert status == 0
    assert "92 people are on 2 lists" in out


@pytest.mark.parametrize(
    ("text", "arguments", "says"),
    [
        ("A,B,count\n1,0,-1\n1,3,1\n", (), "2 faults"),
        (TABLE, ("-o", "page.txt"), "ends in .html"),
        (TABLE, ("-o", "nowhere/page.md"), "there is no folder"),
        (TABLE, ("-o", "lists.csv"), "is the table itself"),
        (TABLE, ("--list", "Z"), "there is no column 'Z'"),
    ],
)
def test_what_cannot_be_used(
    command: Command, tmp_path: Path, text: str, arguments: tuple[str, ...], says: str
) -> None:
    """Bad input ends with status 1 and a message, without a traceback or a file."""
    (tmp_path / "lists.csv").write_text(text)
    status, out, err = command("lists", "lists.csv", "--quick", *arguments)
    assert (status, out) == (1, "")
    assert says in err
    assert "Traceback" not in err
    assert [path.name for path in tmp_path.iterdir()] == ["lists.csv"]
