"""Calibration and errors of an evaluation, drawn with Matplotlib."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from estimates.errors import EstimatesError
from estimates.evaluation.summaries import MODEL
from estimates.files import check_target
from estimates.models.types import Floats
from estimates.plots.draw_shares import draw_coverage, draw_transforms
from estimates.plots.shares_layout import coverage_layout, transform_layout
from estimates.plots.style import LIGHT, SMALL, dress, put_names, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Drawn beside the model: so many baselines with the smallest errors, among those that give ranges.
_BASELINES_DRAWN = 3
_ENDINGS = (".pdf", ".png", ".svg")
_MODEL_COLOUR = LIGHT.layer("documented")
_BASELINE_LOOKS = ((LIGHT.layer("total"), "--"), (LIGHT.layer("by_now"), "-."), (LIGHT.soft, ":"))
#: Without the time of drawing the same scores give the same file.
_WITHOUT_TIME = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}


def check_picture(path: str | Path) -> Path:
    """Refuse a path where no picture can be put, before work is spent on it.

    Raises
    ------
    EstimatesError
        If the ending is none that is drawn, or no file can be put there.
    """
    target = Path(path)
    if target.suffix.lower() not in _ENDINGS:
        raise EstimatesError(f"{target}: pictures are drawn as {', '.join(_ENDINGS)}; name the file so")
    check_target(target)
    return target


def drawn(events: pd.DataFrame, table: pd.DataFrame, form: str) -> bytes:
    """Three panels on one page, without the state that Matplotlib keeps for interactive use.

    Parameters
    ----------
    events, table : DataFrame
        As in ``Evaluation.events`` and ``Evaluation.table``.
    form : {"pdf", "png", "svg"}

    Returns
    -------
    bytes
        The content of the file.
    """
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    content = BytesIO()
    with styled(), rc_context({"svg.hashsalt": "estimates"}):
        figure = Figure(figsize=(12.0, 4.2), layout="constrained")
        transforms, shares, errors = figure.subplots(1, 3, width_ratios=(1.0, 1.0, 1.3))
        draw_transforms(transforms, transform_layout(_transforms(events, MODEL)), LIGHT)
        draw_coverage(shares, coverage_layout(_transforms(events, MODEL)), LIGHT)
        _draw_baselines(shares, events, table)
        _draw_errors(errors, table)
        figure.savefig(content, format=form, dpi=150, metadata=_WITHOUT_TIME.get(form))
    return content.getvalue()


def _draw_baselines(axes: Axes, events: pd.DataFrame, table: pd.DataFrame) -> None:
    """Coverage of the baselines with the smallest errors, beside that of the model."""
    ranges = table[table["coverage_50"].notna() & (table["method"] != MODEL)]
    best = ranges.sort_values("crps", kind="stable")["method"].tolist()[:_BASELINES_DRAWN]
    for method, (colour, style) in zip(best, _BASELINE_LOOKS, strict=False):
        layout = coverage_layout(_transforms(events, method))
        axes.step(
            layout.levels, layout.shares, where="post", color=colour, linestyle=style, label=method, linewidth=1.2
        )
    axes.legend(frameon=False, loc="lower right", fontsize=SMALL, labelcolor=LIGHT.ink)


def _transforms(events: pd.DataFrame, method: str) -> Floats:
    """Places of tolls in the distributions of one method, shape (events,)."""
    return np.asarray(events.loc[events["method"] == method, "pit"].dropna(), dtype=float)


def _draw_errors(axes: Axes, table: pd.DataFrame) -> None:
    table = table.sort_values("crps", kind="stable", ascending=False)
    places = np.arange(len(table))
    bars = 2.0 * table["crps_difference_se"].fillna(0.0)
    colours = [_MODEL_COLOUR if method == MODEL else LIGHT.layer("independent") for method in table["method"]]

    dress(axes, LIGHT)
    axes.errorbar(table["crps"], places, xerr=bars, fmt="none", ecolor=LIGHT.rule, elinewidth=2.0)
    axes.scatter(table["crps"], places, c=colours, zorder=3)
    model = table.loc[table["method"] == MODEL, "crps"].iloc[0]
    axes.axvline(model, color=_MODEL_COLOUR, linewidth=0.8, linestyle="--")

    axes.set_yticks(places, table["method"].tolist())
    axes.set_xlim(0.0, None)
    below = "mean CRPS of log(1 + toll); smaller is better\nbars: twice the SE of the difference from the model"
    put_names(axes, LIGHT, title="Errors", below=below)
