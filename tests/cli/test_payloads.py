"""Payloads in every field of a table, and in every argument, do not steer a terminal; programs get them as JSON."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from helpers.commands import Command, Result
from helpers.payload_tables import PLAIN, SAFE_ADDRESS, STEERS, TOGETHER, rows
from helpers.payloads import HALVES, PAYLOADS

from estimates.text import clean

#: As a terminal gets arguments: no system passes a NUL. The parser of arguments quotes them as Python does, which
#: writes out all that steers, but shows letters that are not seen, such as fillers.
ARGUMENT = re.sub("[\x00\u115f\u1160\u3164\uffa0]", "", TOGETHER)
TABLE = "reports.json"


def write_table(folder: Path) -> None:
    """A table of all payloads, as JSON, which can hold each of them."""
    (folder / TABLE).write_text(json.dumps([*rows(TOGETHER, SAFE_ADDRESS), PLAIN]), encoding="utf-8")


def assert_steers_nothing(result: Result) -> None:
    """Neither stream holds what steers, a line that only looks like one of ours, or a traceback."""
    for text in (result.out, result.err):
        assert STEERS.findall(text) == []
        assert not any(line.startswith("full toll") for line in text.splitlines())
        assert "Traceback" not in text
        assert "fault of the package" not in text


def test_what_is_printed_of_a_table(command: Command, tmp_path: Path) -> None:
    """Ranges, notes, claims and the check of a table of payloads, on standard output and standard error."""
    write_table(tmp_path)
    event = " ".join(TOGETHER.split())
    for arguments in (("check",), ("estimate",), ("claim", "500 killed", "--event", event), ("claim", "500 killed")):
        name, *rest = arguments
        result = command(name, TABLE, *rest)
        assert result.status == (1 if rest == ["500 killed"] else 0), result.err  # it has to be said of which event
        assert "<script>alert(1)</script>" in result.out + result.err
        assert_steers_nothing(result)


def test_what_is_told_of_faults(command: Command, tmp_path: Path) -> None:
    """Payloads where codes, numbers and dates belong are faults, and so are halves of characters anywhere."""
    closed = ("wording", "low", "high", "outcome", "scope", "source_type", "affiliation", "event_type", "reported_at",
              "event_date", "at_risk", "verified", "withdrawn", "definition", "missing_basis")  # fmt: skip
    told = [{"event": "A", "source": "B", "figure": "5", column: TOGETHER} for column in closed]
    told += [{"event": text, "source": "B", "figure": text} for text in (*HALVES.values(), TOGETHER)]
    (tmp_path / TABLE).write_text(json.dumps(told), encoding="utf-8")

    result = command("check", TABLE)
    assert result.status == 1
    assert [column for column in closed if column not in result.err] == []
    assert_steers_nothing(result)


@pytest.mark.parametrize(
    "arguments",
    [
        ("parse", ARGUMENT),
        ("parse", "5", "--outcome", ARGUMENT),
        ("claim", TABLE, ARGUMENT),
        ("claim", TABLE, "5", "--event", f"{ARGUMENT} else"),
        ("claim", TABLE, "5", "--outcome", ARGUMENT),
        ("estimate", TABLE, "--as-of", ARGUMENT),
        ("estimate", TABLE, "--profile", ARGUMENT),
        ("estimate", TABLE, "--coverage", ARGUMENT),
        ("estimate", TABLE, "--map", f"{ARGUMENT}=event"),
        ("estimate", TABLE, "--seed", ARGUMENT),
        ("estimate", TABLE, "--format", ARGUMENT),
        ("estimate", TABLE, f"--{ARGUMENT}"),
        ("report", TABLE, "--about", ARGUMENT),
        ("report", TABLE, "-o", f"{ARGUMENT}.pdf"),
        ("check", ARGUMENT),
        ("check", TABLE, "--fix", ARGUMENT),
        ("lists", ARGUMENT),
        ("verify", ARGUMENT),
        (ARGUMENT,),
    ],
    ids=lambda arguments: " ".join("PAYLOADS" if "script" in each else each for each in arguments),
)
def test_what_is_told_of_arguments(command: Command, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """Whatever an argument is, it is refused in a message that steers nothing."""
    (tmp_path / TABLE).write_text(json.dumps([PLAIN]), encoding="utf-8")
    result = command(*arguments)
    assert result.status in (1, 2)
    assert result.err
    assert_steers_nothing(result)


def test_what_an_author_may_not_say(command: Command, tmp_path: Path) -> None:
    """Keys and values of the author's file that cannot be used are told without what steers."""
    (tmp_path / TABLE).write_text(json.dumps([PLAIN]), encoding="utf-8")
    said = "".join(f"{json.dumps(text)} = 1\n" for text in PAYLOADS.values() if text.isprintable())
    said += f"url = {json.dumps(clean(TOGETHER))}\n" + 'date_published = "\\u001b[31m\\u202e"\n'
    (tmp_path / "about.toml").write_text(said, encoding="utf-8")
    result = command("report", TABLE, "--about", "about.toml")
    assert result.status == 1
    assert "is no key" in result.err
    assert_steers_nothing(result)


def test_programs_get_the_names_as_they_were_read(command: Command, tmp_path: Path) -> None:
    """JSON is strict and in ASCII, and holds the name to the last character."""
    write_table(tmp_path)
    result = command("estimate", TABLE, "--format", "json")
    assert result.out.isascii()
    found = json.loads(result.out, parse_constant=pytest.fail)
    assert {row["event"] for row in found} == {" ".join(TOGETHER.split()), "Plain"}
    assert_steers_nothing(result)
