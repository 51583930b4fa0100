"""Where formulas become machine code: the one place that imports Numba, and where its compiled code is kept.

Numba keeps compiled code beside the file of each loop and takes it for good as long as *that file* is unchanged.
A constant or a formula that the loop uses from another file is frozen into it, also across an upgrade. So the code
kept for the loops of this package is stamped with all of ``models/`` and the versions of what compiled it: a change
anywhere compiles everything anew.
"""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
import warnings
from collections.abc import Callable
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numba
from numba.core.caching import FunctionCache, IndexDataCacheFile

#: What machine code depends on beside the formulas.
COMPILERS = ("numba", "llvmlite", "numpy")


def loop(function: Callable[..., Any]) -> Any:
    """Compile a function of arrays and numbers when it is first called, and keep the code.

    Compiled functions take no memory of their own, so that references need not be counted: that would cost more than
    short loops do. Sums may be taken in any order (``fastmath``), so that loops run in vector registers.
    """
    compiled = numba.njit(fastmath=True, error_model="numpy", _nrt=False)(function)
    compiled._cache = _stamped_cache(function)
    return compiled


@cache
def stamp() -> str:
    """Hash of every file of ``models/`` and of the versions of the compilers."""
    digest = hashlib.sha256()
    for name in COMPILERS:
        digest.update(f"{name} {version(name)}\n".encode())

    folder = Path(__file__).parent
    for path in sorted(folder.rglob("*.py")):
        digest.update(f"{path.relative_to(folder).as_posix()}\n".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


class _StampedCache(FunctionCache):  # type: ignore[misc]
    """Numba's cache of one function, fresh only while the stamp of the whole folder is the same."""

    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__(function)
        self._cache_file = IndexDataCacheFile(self._cache_path, self._impl.filename_base, stamp())


def _stamped_cache(function: Callable[..., Any]) -> _StampedCache:
    try:
        return _StampedCache(function)
    except RuntimeError:  # Numba found no folder that it may write to
        folder = str(temporary_folder())
        # Through the environment as well, so that processes started from here find the same folder and say nothing.
        os.environ["NUMBA_CACHE_DIR"] = numba.config.CACHE_DIR = folder
        return _StampedCache(function)


@cache
def temporary_folder() -> Path:
    """Folder for compiled code where the usual ones cannot be written; a warning says so once.

    It is the user's own and closed to others, who could otherwise lay code there to be run, and it is found again by
    the next process. Where such a folder cannot be had, the process gets one for itself.
    """
    name = f"estimates-{os.getuid()}" if hasattr(os, "getuid") else "estimates"
    folder = Path(tempfile.gettempdir()) / name
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        usable = _is_private(folder)
    except OSError:
        usable = False
    if not usable:
        folder = Path(tempfile.mkdtemp(prefix="estimates-"))

    warnings.warn(
        f"compiled code can be written neither beside the package nor in the home folder; it is kept in {folder}",
        RuntimeWarning,
        stacklevel=2,
    )
    return folder


def _is_private(folder: Path) -> bool:
    """Whether a folder is no link, belongs to this user, and nobody else may write in it."""
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode):
        return False
    if not hasattr(os, "getuid"):
        return True
    return found.st_uid == os.getuid() and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
