"""The command line as a whole: version, help, and commands and input it cannot use."""

from __future__ import annotations

import os
import shlex
import sys
import tomllib
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

import pytest
import typer.main
from helpers.commands import IDLIB, Command
from typer.core import TyperGroup

from estimates.cli.application import app
from estimates.version import __version__

NAMES = (
    "report", "estimate", "total", "influence", "history", "sensitivity", "claim", "fit", "evaluate", "check", "parse",
    "example", "simulate", "lists", "verify", "import",
)  # fmt: skip


def test_version(command: Command) -> None:
    """`--version` prints the version and stops."""
    assert command("--version") == (0, f"estimates {__version__}\n", "")


def test_help_names_every_command(command: Command) -> None:
    """`--help` ends well and names every command."""
    status, out, _ = command("--help")
    assert status == 0
    assert all(f"\n  {name} " in out for name in NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_every_command_has_an_example_that_can_be_understood(command: Command, name: str) -> None:
    """The help of a command ends with an example of it, whose arguments and options the command has."""
    status, out, _ = command(name, "--help")
    assert status == 0
    words = shlex.split(" ".join(out.partition("\n  Example: ")[2].split()))
    assert words[:2] == ["estimates", name]
    known = typer.main.get_command(app)
    assert isinstance(known, TyperGroup)
    known.commands[name].make_context(name, words[2:])


def test_versions_of_all_that_ranges_depend_on(command: Command) -> None:
    """`--version --verbose`, in either order, names every package that the project declares, with its version."""
    status, out, _ = command("--version", "--verbose")
    assert status == 0
    assert command("--verbose", "--version").out == out
    told = dict(line.split(" ", 1) for line in out.splitlines())
    declared = tomllib.loads((IDLIB.parents[1] / "pyproject.toml").read_text())["project"]["dependencies"]
    assert {name.partition(">=")[0] for name in declared} <= told.keys()
    assert told["estimates"] == __version__
    assert told["numba"] == version("numba")
    assert told["Python"].startswith(f"{sys.version_info.major}.{sys.version_info.minor}.")
    assert "not installed" not in out


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("frobnicate",),
        ("estimate",),
        ("estimate", IDLIB, "more.csv"),
        ("estimate", IDLIB, "--format", "xml"),
        ("estimate", IDLIB, "--seed", "-1"),
        ("estimate", IDLIB, "--seed", "1.5"),
        ("estimate", IDLIB, "--sed", "1"),
        ("report", IDLIB, "-o"),
        ("parse",),
        ("parse", "at", "least", "18"),
    ],
    ids=lambda arguments: " ".join(str(argument) for argument in arguments) or "nothing",
)
def test_a_command_that_cannot_be_understood(command: Command, tmp_path: Path, arguments: Sequence[object]) -> None:
    """Bad usage ends with status 2 and a word on what was wrong or how to use the command, and does nothing."""
    status, out, err = command(*arguments)
    assert status == 2
    assert "Usage: " in out + err or err.startswith("Error: ")
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(
    ("arguments", "mends"),
    [
        (("estimate", "nowhere.csv"), "check its name"),
        (("estimate", "."), "name a file in it"),
        (("estimate", IDLIB.with_name("idlib_2021.csv")), "did you mean 'idlib_2020.csv'?"),
        (("estimate", "a" * 300), "check its name"),
        (("estimate", ""), "name a file in it"),
        (("estimate", IDLIB, "--as-of", "15/01/2020"), "write it as 2020-01-15"),
        (("estimate", IDLIB, "--as-of", ""), "write it as 2020-01-15"),
        (("parse", ""), "write what the source said"),
        (("parse", "many"), "write"),
        (("parse", "18", "--outcome", "kiled"), "killed"),
        (("parse", "9" * 5000), ""),
    ],
    ids=lambda value: " ".join(str(part)[-20:] for part in value) if isinstance(value, tuple) else "",
)
def test_input_that_cannot_be_used(command: Command, arguments: Sequence[object], mends: str) -> None:
    """Input that cannot be used ends with status 1, nothing on standard output, and a message that says what to do."""
    status, out, err = command(*arguments)
    assert (status, out) == (1, "")
    assert mends in err
    assert err.strip()
