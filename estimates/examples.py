"""Tables that ship with the package."""

from __future__ import annotations

from importlib.resources import as_file, files

from estimates.reports import Reports, read_reports


def load_example(name: str = "idlib_2020") -> Reports:
    """Load the example table of that name."""
    with as_file(files("estimates.data") / f"{name}.csv") as path:
        return read_reports(path)
