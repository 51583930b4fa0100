"""Posterior ranges of casualty tolls from what several sources report, with what was assumed in plain sight."""

from estimates.errors import EstimatesError
from estimates.examples import load_example
from estimates.profile import SourceProfile
from estimates.reports import Reports, read_reports
from estimates.results import Estimates, estimate
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
    "load_example",
    "parse_figure",
    "read_reports",
]
