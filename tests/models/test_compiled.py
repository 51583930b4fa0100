"""Compiled code is never older than the formulas, and is kept wherever something can be written."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from estimates.models import compiled

ROOT = Path(__file__).resolve().parents[2]

#: A loop that takes a constant and a formula from another file, as those of the package do.
INGREDIENTS = '''"""What the smallest loop is made of."""
from estimates.models.formula import formula
CONSTANT = 2.0
@formula
def more(x):
    return x + 1.0
'''
SMALLEST = '''"""The smallest loop."""
from estimates.models.compiled import Compiled
from estimates.models.ingredients import CONSTANT, more
def loop(x):
    return CONSTANT * more(x)
smallest = Compiled(loop)
'''
RUN = """
from estimates.models.smallest import smallest
print(smallest(2.0), sum(smallest._code.stats.cache_hits.values()))
"""


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of the package with one more loop, and no code compiled yet."""
    for name in ("estimates", "models"):
        target = tmp_path / "estimates" / "models" if name == "models" else tmp_path / name
        skipped = shutil.ignore_patterns("__pycache__", "models", "data")
        shutil.copytree(ROOT / name, target, symlinks=False, ignore=skipped)
    (tmp_path / "estimates" / "models" / "ingredients.py").write_text(INGREDIENTS)
    (tmp_path / "estimates" / "models" / "smallest.py").write_text(SMALLEST)
    return tmp_path


def run(folder: Path, code: str = RUN, **changed: str) -> tuple[str, str]:
    """What a new process prints, and what it says on standard error."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("NUMBA_", "XDG_"))}
    environment = {**kept, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1", **changed}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip(), done.stderr


def change(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / "estimates" / "models" / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


@pytest.mark.extended
def test_kept_code_is_used_again_and_only_while_nothing_changed(copied: Path) -> None:
    """A second process finds the code of the first; a changed constant or formula of another file is compiled anew."""
    assert run(copied)[0] == "6.0 0"
    assert run(copied)[0] == "6.0 1"

    change(copied, "ingredients.py", "CONSTANT = 2.0", "CONSTANT = 5.0")
    assert run(copied)[0] == "15.0 0"
    assert run(copied)[0] == "15.0 1"

    change(copied, "ingredients.py", "x + 1.0", "x + 2.0")
    assert run(copied)[0] == "20.0 0"


@pytest.mark.extended
def test_another_file_of_the_folder_counts_too(copied: Path) -> None:
    """The stamp is that of the whole folder: who uses what need not be known."""
    run(copied)
    change(copied, "silence.py", "import numpy as np", "import numpy as np  # changed")
    assert run(copied)[0] == "6.0 0"


def test_other_versions_of_the_compilers_are_another_stamp(monkeypatch: pytest.MonkeyPatch) -> None:
    """Code compiled by another Numba, llvmlite or NumPy is compiled anew."""
    stamps = {compiled.stamp()}
    for name in compiled.COMPILERS:
        monkeypatch.setattr(compiled, "version", lambda asked, name=name: "another" if asked == name else "the same")
        stamps.add(compiled.stamp.__wrapped__())
    assert len(stamps) == 1 + len(compiled.COMPILERS)


@pytest.mark.extended
def test_where_nothing_can_be_written_code_goes_to_a_temporary_folder(copied: Path) -> None:
    """Without a writable installation or home, code is kept in a folder of the user's own, and that is said once."""
    (copied / "estimates" / "models" / "__pycache__").write_text("a file, where a folder is wanted")
    (copied / "scratch").mkdir()
    blocked = {"HOME": os.devnull, "TMPDIR": str(copied / "scratch")}

    first, said = run(copied, **blocked)
    assert first == "6.0 0"
    assert said.count("compiled code can be written neither") == 1
    assert run(copied, **blocked)[0] == "6.0 1"

    (folder,) = (copied / "scratch").iterdir()
    assert folder.stat().st_mode & 0o077 == 0


@pytest.mark.extended
def test_a_temporary_folder_that_is_open_to_others_is_not_used(copied: Path) -> None:
    """Somebody else could lay code there: the process gets a folder for itself instead."""
    (copied / "estimates" / "models" / "__pycache__").write_text("a file, where a folder is wanted")
    scratch = copied / "scratch"
    scratch.mkdir()
    open_to_all = scratch / f"estimates-{os.getuid()}"
    open_to_all.mkdir()
    open_to_all.chmod(0o777)

    assert run(copied, HOME=os.devnull, TMPDIR=str(scratch))[0] == "6.0 0"
    assert list(open_to_all.iterdir()) == []


PYTENSOR = """
import os
from estimates.fitting.caches import find_writable_folder
find_writable_folder()
print(os.environ.get("PYTENSOR_FLAGS", ""))
"""


@pytest.mark.extended
def test_pytensor_is_sent_to_the_same_folder(copied: Path) -> None:
    """PyTensor refuses to be imported where it cannot write; a folder that the user has named is left alone."""
    (copied / "scratch").mkdir()
    blocked = {"HOME": os.devnull, "TMPDIR": str(copied / "scratch")}
    flags, _ = run(copied, PYTENSOR, PYTENSOR_FLAGS="", **blocked)
    assert flags == f"base_compiledir={copied / 'scratch' / f'estimates-{os.getuid()}' / 'pytensor'}"
    assert (
        run(copied, PYTENSOR, PYTENSOR_FLAGS="base_compiledir=elsewhere", **blocked)[0] == "base_compiledir=elsewhere"
    )
    assert run(copied, PYTENSOR, PYTENSOR_FLAGS="", HOME=str(copied))[0] == ""
