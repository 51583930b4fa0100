"""Posterior ranges of casualty tolls from what several sources report, with what was assumed in plain sight."""

from estimates.errors import EstimatesError
from estimates.evaluation import evaluate
from estimates.examples import load_example
from estimates.fitting import fit
from estimates.profile import SourceProfile
from estimates.profile_file import load_profile
from estimates.reports import Reports, read_reports
from estimates.results import Estimates, estimate
from estimates.simulation import simulate
from estimates.version import __version__
from estimates.wording import Figure, parse_figure

__all__ = [
    "Estimates",
    "EstimatesError",
    "Figure",
    "Reports",
    "SourceProfile",
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
