"""Pictures of estimates, drawn with Matplotlib.

Each function takes what `estimate`, `fit` or `evaluate` gave and the axes to draw on, and returns these axes; without
any it makes a figure of its own, ``axes.figure``, that pyplot does not know. Nothing global is changed, and Matplotlib
is loaded when something is drawn. What stands where is worked out by the layouts of this folder, which the page's
pictures are drawn from too.
"""

from estimates.plots.calibration import coverage, transforms
from estimates.plots.events import history, posterior, ranges
from estimates.plots.tables import sensitivity, sources, totals
from estimates.plots.timeline import timeline

__all__ = ["coverage", "history", "posterior", "ranges", "sensitivity", "sources", "timeline", "totals", "transforms"]
