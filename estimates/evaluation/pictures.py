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

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Drawn beside the model: so many baselines with the smallest errors, among those that give ranges.
_BASELINES_DRAWN = 3
_ENDINGS = (".pdf", ".png", ".svg")
_MODEL_COLOUR = "#4477aa"
_BASELINE_COLOURS = ("#ee6677", "#228833", "#bbaa33")
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
    with rc_context({"svg.hashsalt": "estimates", "font.size": 9.0}):
        figure = Figure(figsize=(12.0, 4.2), layout="constrained")
        transforms, shares, errors = figure.subplots(1, 3, width_ratios=(1.0, 1.0, 1.3))
        _draw_transforms(transforms, events)
        _draw_shares(shares, events, table)
        _draw_errors(errors, table)
        figure.savefig(content, format=form, dpi=150, metadata=_WITHOUT_TIME.get(form))
    return content.getvalue()


def _draw_transforms(axes: Axes, events: pd.DataFrame) -> None:
    from matplotlib.ticker import MaxNLocator

    pits = events.loc[events["method"] == MODEL, "pit"].to_numpy()
    axes.hist(pits, bins=np.linspace(0.0, 1.0, 11).tolist(), color=_MODEL_COLOUR, edgecolor="white")
    axes.axhline(len(pits) / 10.0, color="black", linewidth=0.8, linestyle="--")

    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set(xlim=(0, 1), xlabel="place of the toll in its predicted distribution", ylabel="events")
    axes.set_title("Model: flat where it is right")


def _draw_shares(axes: Axes, events: pd.DataFrame, table: pd.DataFrame) -> None:
    axes.plot([0, 1], [0, 1], color="black", linewidth=0.8, linestyle="--")

    ranges = table[table["coverage_50"].notna() & (table["method"] != MODEL)]
    best = ranges.sort_values("crps", kind="stable")["method"].tolist()[:_BASELINES_DRAWN]
    for method, colour in zip((MODEL, *best), (_MODEL_COLOUR, *_BASELINE_COLOURS), strict=False):
        pits = events.loc[events["method"] == method, "pit"].dropna()
        levels = np.sort(np.abs(2.0 * pits.to_numpy() - 1.0))
        steps = np.arange(len(levels) + 1) / len(levels)
        width = 2.0 if method == MODEL else 1.0
        axes.step([0.0, *levels, 1.0], [*steps, 1.0], where="post", color=colour, label=method, linewidth=width)

    axes.set(xlim=(0, 1), ylim=(0, 1), xlabel="central range", ylabel="share of tolls in it")
    axes.set_title("Tolls in ranges: on the line where right")
    axes.legend(frameon=False, loc="upper left")


def _draw_errors(axes: Axes, table: pd.DataFrame) -> None:
    table = table.sort_values("crps", kind="stable", ascending=False)
    places = np.arange(len(table))
    bars = 2.0 * table["crps_difference_se"].fillna(0.0)
    colours = [_MODEL_COLOUR if method == MODEL else "#888888" for method in table["method"]]
    axes.errorbar(table["crps"], places, xerr=bars, fmt="none", ecolor="#bbbbbb", elinewidth=2.0)
    axes.scatter(table["crps"], places, c=colours, zorder=3)

    model = table.loc[table["method"] == MODEL, "crps"].iloc[0]
    axes.axvline(model, color=_MODEL_COLOUR, linewidth=0.8, linestyle="--")
    axes.set_yticks(places, table["method"].tolist())
    axes.set(xlabel="mean CRPS of log(1 + toll); smaller is better", xlim=(0.0, None))
    axes.set_title("Errors; bars: twice the SE of the difference")
