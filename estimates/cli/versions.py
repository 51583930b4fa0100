"""The versions of all that ranges depend on: what `estimates --version --verbose` prints."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version

from estimates.version import __version__

#: What the package needs to run, and what of theirs decides numbers.
PACKAGES = (
    "arviz", "h5netcdf", "h5py", "jinja2", "llvmlite", "matplotlib", "numba", "numpy", "pandas", "pyarrow", "pymc",
    "pytensor", "python-calamine", "rapidfuzz", "rich", "scipy", "typer", "xarray", "xlsxwriter",
)  # fmt: skip


def versions() -> Iterator[str]:
    """A line for the package, for Python, for the system and for each package that ranges depend on."""
    yield f"estimates {__version__}"
    yield f"Python {platform.python_version()} ({platform.python_implementation()})"
    yield f"system {platform.system()} {platform.release()}, {platform.machine()}"
    for name in PACKAGES:
        try:
            yield f"{name} {version(name)}"
        except PackageNotFoundError:
            yield f"{name} is not installed"
