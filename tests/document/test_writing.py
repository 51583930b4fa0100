"""Reports are written whole or not at all, and every name or folder that cannot be used is a plain error."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from helpers.documents import idlib
from helpers.tables import ranges_csv

from estimates.document import document
from estimates.document.document import render_html, render_markdown, write_document
from estimates.errors import EstimatesError
from estimates.files import write_whole
from estimates.results.estimates import estimate
from estimates.table.example import load_example
from estimates.table.reports import read_reports


@pytest.mark.parametrize("name", ["r.html", "r.HTM", "r.md", "r.markdown"])
def test_ending_chooses_the_form(tmp_path: Path, name: str) -> None:
    """HTML and Markdown are told by the ending, whatever its case, and nothing else is left in the folder."""
    written = write_document(idlib(), str(tmp_path / name))
    assert written == tmp_path / name
    render = render_html if ".h" in name.lower() else render_markdown
    assert written.read_bytes() == render(idlib()).encode("utf-8")
    assert list(tmp_path.iterdir()) == [written]


@pytest.mark.parametrize("name", ["r.pdf", "r", "r.html.txt"])
def test_other_endings_are_refused(tmp_path: Path, name: str) -> None:
    """An ending that does not work is answered with those that do."""
    with pytest.raises(EstimatesError, match=r"\.html, \.htm, \.md or \.markdown"):
        write_document(idlib(), tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_missing_folder_and_folder_for_a_file_are_plain_errors(tmp_path: Path) -> None:
    """A folder that is not there, or a folder where the file should be, is named in the message."""
    with pytest.raises(EstimatesError, match="there is no folder"):
        write_document(idlib(), tmp_path / "none" / "r.html")
    (tmp_path / "r.html").mkdir()
    with pytest.raises(EstimatesError, match="is a folder"):
        write_document(idlib(), tmp_path / "r.html")


def test_device_is_refused() -> None:
    """A device would be replaced by a file; it is refused and stays what it is."""
    with pytest.raises(EstimatesError, match="not an ordinary file"):
        write_whole(os.devnull, b"x")
    assert not Path(os.devnull).is_file()


@pytest.mark.parametrize("name", ["a\0b.md", "x" * 300 + ".md", "\ud800.md"])
def test_impossible_names_are_plain_errors(tmp_path: Path, name: str) -> None:
    """A name that no file can have ends in a message, not in a traceback."""
    with pytest.raises(EstimatesError, match="cannot be written"):
        write_whole(tmp_path / name, b"x")
    assert list(tmp_path.iterdir()) == []


def test_longest_name_can_be_written(tmp_path: Path) -> None:
    """The file beside the target has a short name, so that every name the disk takes will do."""
    target = tmp_path / ("x" * 252 + ".md")
    write_whole(target, b"x")
    assert target.read_bytes() == b"x"


@pytest.mark.parametrize(("mask", "mode"), [(0o022, 0o644), (0o077, 0o600)])
def test_new_file_honours_the_umask_and_a_replaced_one_keeps_its_mode(tmp_path: Path, mask: int, mode: int) -> None:
    """Permissions are those any program's new file gets; a file that was closed to others stays so."""
    before = os.umask(mask)
    try:
        write_whole(tmp_path / "new", b"1")
        write_whole(tmp_path / "old", b"1")
        (tmp_path / "old").chmod(0o640)
        write_whole(tmp_path / "old", b"2")
    finally:
        os.umask(before)
    assert (tmp_path / "new").stat().st_mode & 0o777 == mode
    assert (tmp_path / "old").stat().st_mode & 0o777 == 0o640
    assert (tmp_path / "old").read_bytes() == b"2"


def test_link_stays_a_link(tmp_path: Path) -> None:
    """Writing to a link writes the file it points at, be it there yet or not."""
    (tmp_path / "link").symlink_to("target")
    for content in (b"1", b"2"):
        write_whole(tmp_path / "link", content)
        assert (tmp_path / "link").is_symlink()
        assert (tmp_path / "target").read_bytes() == content


@pytest.mark.parametrize("step", ["write", "replace"])
def test_interrupted_write_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    """An interrupt while writing or renaming leaves the old file whole and nothing beside it."""
    target = tmp_path / "r.md"
    target.write_text("old")

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(*((os, "fsync") if step == "write" else (Path, "replace")), interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_whole(target, b"new")
    assert target.read_text() == "old"
    assert os.listdir(tmp_path) == ["r.md"]


def test_failed_write_keeps_the_old_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the disk is full or the folder closed, the old file stays whole and no piece of the new one is left."""
    target = tmp_path / "r.md"
    target.write_text("old")

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(EstimatesError, match="permission denied"):
        write_document(idlib(), target)
    assert target.read_text() == "old"
    assert os.listdir(tmp_path) == ["r.md"]


def test_event_called_nan_keeps_its_name_in_csv() -> None:
    """Only a missing value leaves a cell empty, not a name that looks like one."""
    row = {"event": "nan", "source": "s", "wording": "exactly", "low": 5}
    assert ranges_csv(estimate(read_reports([row]))).splitlines()[1].startswith("nan,killed,documented,,5,5,")


def test_more_events_than_an_index_holds_are_refused_before_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message says how many there are, and what gives their ranges; nothing is written."""
    monkeypatch.setattr(document, "MOST_EVENTS", 1)
    with pytest.raises(EstimatesError, match=r"2 events are more .*`estimates estimate REPORTS\.parquet"):
        document.write_document(estimate(load_example()), tmp_path / "page.html")
    assert list(tmp_path.iterdir()) == []
