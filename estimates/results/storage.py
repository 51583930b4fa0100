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
from estimates.inference.cases import Case, Cases, gather
from estimates.inference.overlaps import with_overlaps
from estimates.inference.posterior import Answer, EventEvidence, Solution
from estimates.inference.solved import Solved
from estimates.inference.watched import watched
from estimates.profile.seals import bytes_of, reason, sealed
from estimates.results.asked import time_of
from estimates.results.estimates import Estimates
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
from estimates.version import __version__

__all__ = ["load_estimates", "save_estimates"]

#: Counts the layouts of these files; raised when an older version could not read a new file.
SCHEMA_VERSION = 1
_KIND, _SEAL = "estimates", b"\nestimates of casualties, SHA-256 "
_SEAL_LENGTH = len(_SEAL) + 64
#: A file whose content is larger than so many bytes when unpacked is not read: a hundred thousand cases are less.
LARGEST_UNPACKED = 8_000_000_000
#: Attributes of the evidence of an event, and the type that each is stored with.
_EVIDENCE = {
    "known": np.int8, "draws": np.int64, "power": np.float64, "effective_draws": np.float64,
    "pareto_shape": np.float64, "whole_effective_draws": np.float64,
}  # fmt: skip


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
        **_solution(solved),
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


# What was worked out --------------------------------------------------------------------------------------------------


def _solution(solved: Solved) -> dict[str, NDArray[Any]]:
    """Probabilities of the cells of all cases one after another, counts of the accounts, and weights."""
    answers, events = solved.solution.answers, list(solved.solution.events.values())
    names = [[case.event, case.outcome] for case in solved.cases.cases]
    of_cells: dict[str, list[NDArray[Any]]] = {
        "start": [answer.case.grid.start for answer in answers],
        "documented": [answer.documented for answer in answers],
        "total": [answer.total for answer in answers],
        "by_now": [solved.mass(position, "by_now") for position in range(len(answers))],
    }

    result: dict[str, NDArray[Any]] = {
        "cases": as_bytes(names),
        "events": as_bytes([each.name for each in events]),
    }
    result["cells"] = np.array([len(answer.documented) for answer in answers], dtype=np.int64)
    result |= {name: _joined(arrays) for name, arrays in of_cells.items()}
    for name in ("held", "alternative"):
        result[name] = np.stack([getattr(answer, name) for answer in answers]) if answers else np.empty((0, 0))
    logs = [event.log_marginal_likelihood for event in events]
    result["log_marginal_likelihood"] = np.stack(logs) if logs else np.empty((0, 0))
    for name, kind in _EVIDENCE.items():
        result[name] = np.array([getattr(event, name) for event in events], dtype=kind)
    return result


def _joined(arrays: list[NDArray[Any]]) -> NDArray[Any]:
    """Arrays one after another, shape (cells,)."""
    return np.concatenate(arrays) if arrays else np.empty(0)


def _estimates(content: dict[str, Any], attributes: dict[str, Any]) -> Estimates:
    """Estimates of what a file holds."""
    profile, layer = profile_of(content["profile"]), layer_of(from_bytes(content["layer"]))
    coverage = coverage_of(from_bytes(content["coverage"]))
    reports = reports_of(from_bytes(content["reports"]), coverage)
    as_of, seed = str(attributes["as_of"]) or None, int(attributes["seed"])
    cut = time_of(as_of)

    cases = gather(reports.estimated_reports, profile.bin_shares, cut)
    lists = {event: KeptLists(*told) for event, told in from_bytes(content["lists"]).items()}
    cases = with_overlaps(cases, lists, profile)
    cases = watched(cases, reports.reports, coverage, profile, cut)
    parts = _parts(content, cases)

    solution = Solution(tuple(_answers(content, cases.cases, parts)), _evidence(content, cases.cases))
    solved = Solved(cases, profile, seed, layer, solution, coverage)
    solved.remember_by_now([content["by_now"][part] for part in parts])
    estimates = Estimates(reports, as_of, solved)
    vars(estimates)["provenance"] = from_bytes(content["provenance"])
    return estimates


def _parts(content: dict[str, Any], cases: Cases) -> list[slice]:
    """Where the cells of each case stand, once it is known that they are those of the cases."""
    ends = np.cumsum(content["cells"]).tolist()
    parts = [slice(start, end) for start, end in zip([0, *ends[:-1]], ends, strict=True)] if ends else []
    names = [[case.event, case.outcome] for case in cases.cases]
    same = from_bytes(content["cases"]) == names and all(
        np.array_equal(case.grid.start, content["start"][part]) for case, part in zip(cases.cases, parts, strict=True)
    )
    if not same:
        raise EstimatesError("this version makes other cases of the same table; estimate again")
    return parts


def _answers(content: dict[str, Any], cases: tuple[Case, ...], parts: list[slice]) -> list[Answer]:
    answers = []
    for position, (case, part) in enumerate(zip(cases, parts, strict=True)):
        arrays = [content["documented"][part], content["total"][part]]
        arrays += [content[name][position] for name in ("held", "alternative")]
        for array in arrays:
            array.setflags(write=False)
        answers.append(Answer(case, *arrays))
    return answers


def _evidence(content: dict[str, Any], cases: tuple[Case, ...]) -> dict[str, EventEvidence]:
    positions: dict[str, list[int]] = {}
    for position, case in enumerate(cases):
        positions.setdefault(case.event, []).append(position)

    result = {}
    for place, name in enumerate(from_bytes(content["events"])):
        told = {each: content[each][place].item() for each in _EVIDENCE}
        told["known"] = bool(told["known"])
        logs = content["log_marginal_likelihood"][place]
        result[name] = EventEvidence(name, log_marginal_likelihood=logs, positions=tuple(positions[name]), **told)
    return result
