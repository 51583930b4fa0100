"""The option --about of `estimates report`."""

from __future__ import annotations

from pathlib import Path

import pytest
from helpers.commands import ONE, Command, write

from estimates.document.about import About


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> list[About]:
    """What documents are made with, in place of the documents."""
    kept: list[About] = []
    monkeypatch.setattr(
        "estimates.document.document.render_html", lambda _, about, layout: kept.append(about) or "page"
    )
    return kept


def test_report_takes_what_its_author_says(command: Command, tmp_path: Path, given: list[About]) -> None:
    """The file is read and reaches the document; without the option its author says nothing."""
    write(tmp_path / "table.csv", ONE)
    write(tmp_path / "about.toml", 'author = "A. Recorder"\n')
    assert command("report", "table.csv", "-o", "page.html", "--about", "about.toml").status == 0
    assert command("report", "table.csv", "-o", "page.html").status == 0
    assert given == [About(author="A. Recorder"), About()]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("author = A", "not TOML"),
        ('autor = "a"', "line 1: 'autor' is no key; write author"),
        ('author = "\\u001b[31m', "not TOML"),
        ("title = 5", "line 1, title: 5 is a number"),
    ],
)
def test_what_cannot_be_used_ends_before_the_work(
    command: Command, tmp_path: Path, given: list[About], text: str, says: str
) -> None:
    """Status 1, a message on standard error alone, and no document; the table is not even read."""
    write(tmp_path / "about.toml", text)
    status, out, err = command("report", "no_table.csv", "-o", "page.html", "--about", "about.toml")
    assert (status, out, given) == (1, "", [])
    assert says in err
    assert not set(err) & {"\x1b", "\u202e"}
    assert not (tmp_path / "page.html").exists()


def test_a_file_that_is_not_there(command: Command, tmp_path: Path) -> None:
    """A name without a file is told by that name."""
    write(tmp_path / "table.csv", ONE)
    status, out, err = command("report", "table.csv", "--about", "none.toml")
    assert (status, out) == (1, "")
    assert "none.toml: cannot be read (no such file or directory)" in err
