"""Posterior ranges of casualty tolls from what several sources report, with what was assumed in plain sight."""

from typing import TYPE_CHECKING, Any

from estimates.errors import EstimatesError
from estimates.examples import load_example
from estimates.profile import SourceProfile
from estimates.reports import Reports, read_reports
from estimates.results import Estimates, estimate
from estimates.undocumented_layer import UndocumentedLayer
from estimates.version import __version__
from estimates.wording import Figure, parse_figure

if TYPE_CHECKING:
    from estimates.evaluation import evaluate
    from estimates.fitting import fit
    from estimates.profile_file import load_profile
    from estimates.simulation import simulate

__all__ = [
    "Estimates",
    "EstimatesError",
    "Figure",
    "Reports",
    "SourceProfile",
    "UndocumentedLayer",
    "__version__",
    "estimate",
    "evaluate",
    "fit",
    "load_example",
    "load_profile",
    "parse_figure",
    "read_reports",
    "simulate",
]

#: Names that the way from a table to a range does not need, and the modules they are loaded from when first used.
_LATER = {"evaluate": "evaluation", "fit": "fitting", "load_profile": "profile_file", "simulate": "simulation"}


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module 'estimates' has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f"estimates.{_LATER[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *_LATER])
