"""Posterior ranges of casualty tolls from what several sources report, with what was assumed in plain sight."""

from typing import TYPE_CHECKING, Any

from estimates.errors import EstimatesError
from estimates.inference.undocumented import UndocumentedLayer
from estimates.profile.profile import SourceProfile
from estimates.results.estimates import Estimates, estimate
from estimates.table.example import load_example
from estimates.table.reports import Reports, read_reports
from estimates.version import __version__
from estimates.wording.figure import Figure, parse_figure

if TYPE_CHECKING:
    from estimates.evaluation.evaluation import evaluate
    from estimates.evaluation.simulation import simulate
    from estimates.fitting.fitting import fit
    from estimates.lists.captured import capture
    from estimates.profile.storage import load_profile
    from estimates.results.storage import load_estimates
    from estimates.streaming.stored import StoredRanges, open_ranges
    from estimates.streaming.stream import estimate_to

__all__ = [
    "Estimates",
    "EstimatesError",
    "Figure",
    "Reports",
    "SourceProfile",
    "StoredRanges",
    "UndocumentedLayer",
    "__version__",
    "capture",
    "estimate",
    "estimate_to",
    "evaluate",
    "fit",
    "load_estimates",
    "load_example",
    "load_profile",
    "open_ranges",
    "parse_figure",
    "read_reports",
    "simulate",
]

#: Names that the way from a table to a range does not need, and the modules they are loaded from when first used.
_LATER = {
    "StoredRanges": "streaming.stored",
    "capture": "lists.captured",
    "estimate_to": "streaming.stream",
    "evaluate": "evaluation.evaluation",
    "fit": "fitting.fitting",
    "load_estimates": "results.storage",
    "load_profile": "profile.storage",
    "open_ranges": "streaming.stored",
    "simulate": "evaluation.simulation",
}


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module 'estimates' has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f"estimates.{_LATER[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *_LATER])
