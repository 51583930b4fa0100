"""Where the ranges come from: versions, hashes, the seed, and how the draws were weighted."""

from __future__ import annotations

import platform
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from estimates.inference.solved import Solved
from estimates.table.reports import Reports
from estimates.version import __version__


def provenance_of(solved: Solved, reports: Reports, as_of: str | None) -> dict[str, Any]:
    """What someone needs in order to make the same ranges again, as `Estimates.provenance` gives it.

    Parameters
    ----------
    solved : Solved
    reports : Reports
        The table that the cases were taken from.
    as_of : str, optional
        The date or time asked for, as it was written.
    """
    profile, layer = solved.profile, solved.undocumented
    versions = package_versions()

    asked = {
        "table": file_name(reports.name),
        "data_hash": reports.data_hash,
        "profile": profile.name,
        "profile_hash": profile.fingerprint,
        "draws": profile.draws,
        "seed": solved.seed,
        "as_of": as_of,
        "undocumented": layer.name,
        "undocumented_hash": layer.fingerprint,
    }
    if solved.coverage is not None:
        asked |= {"coverage": file_name(solved.coverage.name), "coverage_hash": solved.coverage.data_hash}
        asked |= {"attention": str(profile.facts.get("attention", "prior"))}

    new = [event for event in solved.solution.events.values() if not event.known]
    weighting = {
        "events": len(solved.solution.events),
        "events_learned_from": len(solved.solution.events) - len(new),
        "fewest_effective_draws": round(min((event.effective_draws for event in new), default=0.0), 1),
        "events_with_power_below_one": sum(event.power < 1.0 for event in new),
    }
    return versions | asked | weighting


def package_versions() -> dict[str, str | None]:
    """Versions of what a range depends on."""
    return {
        "estimates": __version__,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "pandas": pd.__version__,
        "scipy": _version("scipy"),
    }


def file_name(name: str) -> str:
    """The name of a file without its folder, which is of its author's machine."""
    return Path(name).name or name


@cache
def _version(distribution: str) -> str | None:
    # Only provenance asks for versions, and this import takes a while.
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(distribution)
    except PackageNotFoundError:
        return None
