"""Estimates on disk: a sealed netCDF that holds all they rest on, so that they are loaded and not estimated again.

What was worked out is stored as it is: the probabilities of every layer, and how the draws were weighted. Beside it
stand the table of reports, the profile and the layer of those never documented, of which the cases are made anew, so
that every question can be asked of what was loaded. The last bytes are a seal, the SHA-256 of all before it.
"""

from __future__ import annotations

import io
import math
import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from estimates.errors import EstimatesError
from estimates.files import write_whole
from estimates.inference.solved import Solved
from estimates.profile.seals import bytes_of, reason, sealed
from estimates.results.asked import time_of
from estimates.results.estimates import Estimates, cases_of
from estimates.results.keeping import Keeping
from estimates.results.packing import (
    KeptLists,
    as_bytes,
    coverage_of,
    from_bytes,
    layer_of,
    lists_in,
    profile_in,
    profile_of,
    reports_of,
    told_coverage,
    told_layer,
    told_reports,
)
from estimates.results.solution_arrays import arrays_of, solution_of
from estimates.version import __version__

__all__ = ["load_estimates", "save_estimates"]

#: Counts the layouts of these files; raised when an older version could not read a new file.
SCHEMA_VERSION = 1
_KIND, _SEAL = "estimates", b"\nestimates of casualties, SHA-256 "
_SEAL_LENGTH = len(_SEAL) + 64
#: A file whose content is larger than so many bytes when unpacked is not read: a hundred thousand cases are less.
LARGEST_UNPACKED = 8_000_000_000


def save_estimates(estimates: Keeping, path: str | os.PathLike[str]) -> Path:
    """Write estimates, whole or not at all, as `Estimates.save` does.

    Raises
    ------
    EstimatesError
        If the file cannot be written there.
    """
    solved = estimates._solved
    kept = {
        "reports": as_bytes(told_reports(estimates.reports)),
        "coverage": as_bytes(told_coverage(estimates.reports.coverage)),
        "layer": as_bytes(told_layer(solved.undocumented)),
        "lists": as_bytes(lists_in(solved.cases.cases)),
        "provenance": as_bytes(estimates.provenance),
        "profile": profile_in(solved.profile),
        **arrays_of(solved),
    }
    about = {"kind": _KIND, "schema_version": SCHEMA_VERSION, "package_version": __version__, "seed": solved.seed}

    target = Path(path)
    write_whole(target, sealed(_written(kept, {**about, "as_of": estimates.as_of or ""}), _SEAL))
    return target


def _written(arrays: dict[str, NDArray[Any]], attributes: dict[str, Any]) -> bytes:
    """Arrays of any shape and attributes as netCDF."""
    import h5netcdf

    buffer = io.BytesIO()
    with h5netcdf.File(buffer, "w") as file:
        for name, values in arrays.items():
            dimensions = [f"{name}_{place}" for place in range(values.ndim)]
            for dimension, size in zip(dimensions, values.shape, strict=True):
                file.dimensions[dimension] = size or None
            packed = {"compression": "gzip", "shuffle": True} if values.size > 1_000 else {}
            file.create_variable(name, dimensions, data=values, **packed)
        file.attrs.update(attributes)
    return buffer.getvalue()


def load_estimates(path: str | os.PathLike[str]) -> Estimates:
    """Read estimates that ``Estimates.save`` has written: their ranges are the same to the last bit.

    Parameters
    ----------
    path : path

    Returns
    -------
    Estimates
        As they were saved; every question can be asked of them. ``provenance`` tells the versions they were made with.

    Raises
    ------
    EstimatesError
        If there is no such file, it holds no estimates, was changed or damaged since it was written, or was written by
        a version that makes other cases of the same table.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     loaded = load_estimates(found.save(Path(folder) / "idlib.nc"))
    >>> loaded.ranges().equals(found.ranges())
    True
    """
    target = Path(path)
    content, attributes = _read(target, _unsealed(target))
    try:
        return _estimates(content, attributes)
    except EstimatesError as error:
        raise EstimatesError(f"{target}: these estimates cannot be used: {error}") from None
    # What is no estimates, though sealed like them, fails in many ways, and any of them means the same.
    except Exception as error:
        raise EstimatesError(f"{target}: not the layout of estimates ({reason(error)}); estimate again") from None


def _unsealed(path: Path) -> bytes:
    """What stands before the seal, once that is known to be what was written."""
    content = bytes_of(path, "estimates were saved to")
    body = content[:-_SEAL_LENGTH]
    if sealed(body, _SEAL) == content:
        return body
    if body and sealed(content[: -len(sealed(b""))]) == content:
        raise EstimatesError(f"{path}: holds a source profile; read it with load_profile")
    if _SEAL in content or content.startswith(b"\x89HDF\r\n\x1a\n"):
        raise EstimatesError(
            f"{path}: was changed or damaged since it was written, or holds no estimates; copy the original again or "
            "estimate again"
        )
    raise EstimatesError(f"{path}: holds no estimates; name the file that Estimates.save has written")


def _read(path: Path, body: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
    """Variables and attributes of a file; refused where it is of another version."""
    import h5netcdf

    try:
        with h5netcdf.File(io.BytesIO(body), "r") as file:
            attributes = dict(file.attrs.items())
            kind, version = str(attributes["kind"]), int(attributes["schema_version"])
            unpacked = sum(each.dtype.itemsize * math.prod(each.shape) for each in file.variables.values())
            content = {}
            if kind == _KIND and version == SCHEMA_VERSION and unpacked <= LARGEST_UNPACKED:
                content = {str(name): np.asarray(variable[...]) for name, variable in file.variables.items()}
    # The reader of HDF5 raises many kinds of errors.
    except Exception as error:
        raise EstimatesError(f"{path}: not the layout of estimates ({reason(error)}); estimate again") from None

    if kind != _KIND or unpacked > LARGEST_UNPACKED:
        raise EstimatesError(f"{path}: holds no estimates, or more than can be read; estimate again")
    if version != SCHEMA_VERSION:
        when = "a newer" if version > SCHEMA_VERSION else "an unknown"
        raise EstimatesError(
            f"{path}: written by {when} version of this package (layout {version}, here {SCHEMA_VERSION}); "
            "install that version, or estimate again with this one"
        )
    return content, attributes


def _estimates(content: dict[str, Any], attributes: dict[str, Any]) -> Estimates:
    """Estimates of what a file holds."""
    profile, layer = profile_of(content["profile"]), layer_of(from_bytes(content["layer"]))
    coverage = coverage_of(from_bytes(content["coverage"]))
    reports = reports_of(from_bytes(content["reports"]), coverage)
    as_of, seed = str(attributes["as_of"]) or None, int(attributes["seed"])

    lists = {event: KeptLists(*told) for event, told in from_bytes(content["lists"]).items()}
    cases = cases_of(reports, profile, time_of(as_of), lists)
    solution, by_now = solution_of(content, cases.cases)
    solved = Solved(cases, profile, seed, layer, solution, coverage)
    solved.remember_by_now(by_now)
    estimates = Estimates(reports, as_of, solved)
    vars(estimates)["provenance"] = from_bytes(content["provenance"])
    return estimates
