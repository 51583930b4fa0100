"""Where PyTensor keeps compiled code, decided before it is imported: it refuses to start where it cannot write."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path


def find_writable_folder() -> None:
    """Send PyTensor to a temporary folder if its own cannot be written, unless the user has named one."""
    flags = os.environ.get("PYTENSOR_FLAGS", "")
    if "pytensor" in sys.modules or "compiledir" in flags:
        return

    try:
        folder = _usual_folder()
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except (OSError, RuntimeError):  # not writable, or no home at all
        from estimates.models.compiled import temporary_folder

        chosen = f"base_compiledir={temporary_folder() / 'pytensor'}"
        os.environ["PYTENSOR_FLAGS"] = f"{flags},{chosen}" if flags else chosen


def _usual_folder() -> Path:
    if sys.platform == "win32" and (local := os.environ.get("LOCALAPPDATA")):
        return Path(local) / "PyTensor"
    return Path.home() / ".pytensor"
