"""Copies of the package with some of its text changed, to be run by themselves."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

#: By file, what is replaced by what; each must stand there once.
type Changes = Mapping[str, Sequence[tuple[str, str]]]


def copy_package(folder: Path, *, compiled: bool = False) -> Path:
    """A copy of the package, laid out as in a checkout.

    Parameters
    ----------
    folder : path
        Where to; it may be there already.
    compiled : bool
        Whether code that is compiled comes along, which is good as long as nothing in ``models/`` is changed.
    """
    skipped = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "models", folder / "models", ignore=None if compiled else skipped)
    shutil.copytree(ROOT / "data", folder / "data", ignore=skipped)
    shutil.copytree(ROOT / "estimates", folder / "estimates", ignore=skipped, symlinks=True)
    return folder


def change(folder: Path, changes: Changes) -> None:
    """Replace text in a copy.

    Raises
    ------
    AssertionError
        If a text does not stand in its file, or more than once.
    """
    for name, replacements in changes.items():
        path = folder / name
        text = path.read_text(encoding="utf-8")
        for old, new in replacements:
            assert text.count(old) == 1, f"{name}: {old!r}"
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")
