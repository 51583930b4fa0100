"""Files and folders are written whole, and what a killed process left is put right by the next one."""

from __future__ import annotations

import inspect
import os
import signal
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from estimates import EstimatesError
from estimates.files import FRESH, put_with_folder, work_beside

OLD, NEW = [("a.html", b"old a"), ("b.html", b"old b")], [("a.html", b"new a"), ("c.html", b"new c")]

#: Writes one page of two and is killed; or is killed between the two renamings.
KILLED = {
    "while pages are written": """
def pages():
    yield "a.html", b"new a"
    os.kill(os.getpid(), signal.SIGKILL)
""",
    "between the renamings": """
def pages():
    yield "a.html", b"new a"
renamed = Path.rename
def once(self, target):
    renamed(self, target)
    os.kill(os.getpid(), signal.SIGKILL)
Path.rename = once
""",
}
#: What the other process needs beside what it does.
HEAD = """from __future__ import annotations
import os, signal, sys
from pathlib import Path
from estimates.files import FRESH, put_with_folder, work_beside
"""


def write(path: Path, text: bytes, folder: Path, pages: Iterable[tuple[str, bytes]]) -> None:
    """Write a file and a folder, as the other process does."""
    with work_beside(folder) as work:
        (work / FRESH).mkdir(exist_ok=True)
        for name, page in pages:
            (work / FRESH / name).write_bytes(page)
        put_with_folder(path, text, folder, work)


def content(folder: Path) -> dict[str, bytes]:
    """What is in the files of a folder, whatever they are called, by their path in it."""
    return {str(each.relative_to(folder)): each.read_bytes() for each in folder.rglob("*") if each.is_file()}


def killed(path: Path, how: str) -> None:
    """Let another process begin to write and be killed on the way."""
    call = "\nwrite(Path(sys.argv[1]), b'new', Path(sys.argv[1]).with_name('page_files'), pages())\n"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    run = subprocess.run(
        [sys.executable, "-c", HEAD + inspect.getsource(write) + KILLED[how] + call, str(path)],
        env=environment,
        timeout=60,
        check=False,
    )
    assert run.returncode == -signal.SIGKILL


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
@pytest.mark.parametrize("how", KILLED)
def test_what_a_killed_process_left_is_cleared_up(how: str, tmp_path: Path) -> None:
    """After a kill in the middle the next report is whole, and no hidden folder or file stays beside it."""
    page, folder = tmp_path / "page.html", tmp_path / "page_files"
    write(page, b"old", folder, OLD)
    before = content(tmp_path)
    killed(page, how)
    assert content(tmp_path) != before

    write(page, b"newest", folder, NEW)
    expected = {"page.html": b"newest", **{f"page_files/{name}": text for name, text in NEW}}
    assert content(tmp_path) == expected
    assert sorted(os.listdir(tmp_path)) == ["page.html", "page_files"]


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_pages_moved_away_by_a_killed_process_come_back(tmp_path: Path) -> None:
    """The next run puts the former pages back before it does anything, and so they are there where it fails."""
    page, folder = tmp_path / "page.html", tmp_path / "page_files"
    write(page, b"old", folder, OLD)
    before = content(tmp_path)
    killed(page, "between the renamings")
    assert not folder.exists()

    with pytest.raises(FileNotFoundError):
        write(page, b"newest", folder, [("no/such/folder", b"")])
    assert content(tmp_path) == before


def test_two_processes_do_not_write_the_same_pages(tmp_path: Path) -> None:
    """The second is told while the first is writing, and the first one's pages are whole."""
    page, folder = tmp_path / "page.html", tmp_path / "page_files"

    def pages() -> list[tuple[str, bytes]]:
        with pytest.raises(EstimatesError, match="another report of this name"):
            write(page, b"other", folder, OLD)
        return NEW

    write(page, b"new", folder, (each for each in [0] for each in pages()))
    assert content(tmp_path) == {"page.html": b"new", **{f"page_files/{name}": text for name, text in NEW}}
