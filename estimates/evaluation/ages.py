"""The same events scored from what was known after some hours, a day, two days and a week."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from estimates.errors import EstimatesError
from estimates.evaluation.evaluation import Counts, evaluated, leave_one_out_fitter
from estimates.evaluation.result import Evaluation
from estimates.profile.profile import SourceProfile
from estimates.table.reports import Reports, read_reports
from estimates.table.source import Source

#: Ages in days below which reports are shown: 6 hours, 24 hours, 48 hours, 7 days.
AGES = (0.25, 1.0, 2.0, 7.0)


def evaluations_by_age(
    reports: Reports | Source,
    *,
    ages: Sequence[float] = AGES,
    profile: SourceProfile | None = None,
    leave_one_out: bool = False,
    seed: int = 0,
    layer: str = "documented",
    outcome: str = "killed",
    draws: int = 1_000,
    counts: Counts | None = None,
) -> dict[float, Evaluation]:
    """What `evaluate` gives with each of several limits of age; profiles without an event are learned once.

    Parameters
    ----------
    ages : sequence of float
        In days. One below which no event has a figure is left out.
    reports, profile, leave_one_out, seed, layer, outcome, draws, counts
        As in `estimates.evaluation.evaluation.evaluate`.

    Returns
    -------
    dict of float to Evaluation
        By age.

    Raises
    ------
    ReportsError
        If the table has faults.
    EstimatesError
        If nothing can be scored at any age, or an argument cannot be used.
    """
    table = read_reports(reports)
    fitter = leave_one_out_fitter(table, outcome, seed, draws, counts) if leave_one_out else None
    given: dict[str, Any] = {"profile": profile, "fitter": fitter, "seed": seed, "layer": layer, "outcome": outcome}

    found: dict[float, Evaluation] = {}
    refused = EstimatesError("ages: name one at least")
    for age in ages:
        try:
            found[age] = evaluated(table, within_days=age, **given)
        except EstimatesError as error:
            refused = error
    if not found:
        raise refused
    return found


def table_by_age(evaluations: Mapping[float, Evaluation]) -> pd.DataFrame:
    """Calibration and the best rival at each age, over all events and in each class.

    Returns
    -------
    DataFrame
        One row per age and class: ``within_days``, the columns of ``Evaluation.calibration``, and those of
        ``Evaluation.best_rivals``: the best ``rival`` at that age, mean CRPS of the ``model`` and ``crps`` of the
        rival, ``difference`` (below 0: the model is better), ``difference_se`` and ``ratio``.
    """
    tables = []
    for age, evaluation in evaluations.items():
        best = evaluation.best_rivals().iloc[:-1].drop(columns="events")
        tables.append(evaluation.calibration().merge(best, on="class", how="left"))
        tables[-1].insert(0, "within_days", age)
    return pd.concat(tables, ignore_index=True)
