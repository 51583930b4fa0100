"""Pictures of calibration, from the result of `estimates.evaluate`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from estimates.errors import EstimatesError
from estimates.models.types import Floats
from estimates.plots.draw_shares import draw_coverage, draw_transforms
from estimates.plots.estimated import Evaluated
from estimates.plots.shares_layout import coverage_layout, transform_layout
from estimates.plots.style import canvas

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Height of a picture of shares in lines of text.
_LINES = 16.0


def coverage(evaluation: Evaluated, method: str = "model", axes: Axes | None = None) -> Axes:
    """How many tolls lay in central ranges of every level: on the line where ranges hold what they promise.

    Parameters
    ----------
    evaluation : result of `estimates.evaluate`
    method : str
        The model, or a baseline that gives ranges.
    axes : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    EstimatesError
        If no toll was predicted by such a method.

    Examples
    --------
    >>> axes = coverage(evaluation)
    """
    layout = coverage_layout(_transforms(evaluation, method))
    with canvas(axes, _LINES) as (drawn, palette):
        draw_coverage(drawn, layout, palette)
    return drawn


def transforms(evaluation: Evaluated, method: str = "model", axes: Axes | None = None) -> Axes:
    """Where tolls fell in their predicted distributions (PIT), by tenths: flat where predictions are right.

    Parameters
    ----------
    evaluation : result of `estimates.evaluate`
    method : str
    axes : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    EstimatesError
        If no toll was predicted by such a method.

    Examples
    --------
    >>> axes = transforms(evaluation)
    """
    layout = transform_layout(_transforms(evaluation, method))
    with canvas(axes, _LINES) as (drawn, palette):
        draw_transforms(drawn, layout, palette)
    return drawn


def _transforms(evaluation: Evaluated, method: str) -> Floats:
    """Places of the tolls in the distributions of one method, shape (events,)."""
    events = evaluation.events
    found = np.asarray(events.loc[events["method"] == method, "pit"].dropna(), dtype=float)
    if len(found) == 0:
        known = ", ".join(events.loc[events["pit"].notna(), "method"].unique()) or "none"
        raise EstimatesError(f"method {method!r}: it gave no distribution of any toll; those that did: {known}")
    return found
