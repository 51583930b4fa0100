"""Totals over events: tolls are summed within each draw, so that an error the events share does not average out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from estimates.errors import EstimatesError
from estimates.inference.posterior import Answer
from estimates.inference.ranges import range_of_draws
from estimates.inference.solved import Solved, check_known
from estimates.models.types import Integers
from estimates.profile.priors import generator
from estimates.vocabulary import ESTIMATED_OUTCOMES

#: What the undocumented remainders of different events may have in common: nothing, or one quantile for all.
REMAINDERS = ("independent", "common")


def total_table(
    solved: Solved, table: pd.DataFrame, outcome: str, by: str | None, levels: Sequence[float]
) -> pd.DataFrame:
    """Totals of groups of events, as `Estimates.total` gives them.

    Parameters
    ----------
    solved : Solved
    table : DataFrame
        ``Reports.table``, whose columns can name the groups.
    outcome : str
    by : str, optional
        Its column, or "event"; by default all events are one group.
    levels : sequence of float
        In per cent.

    Raises
    ------
    EstimatesError
        If the outcome or the column is not known, or the column has several values in one event.
    """
    check_known(outcome, ESTIMATED_OUTCOMES, "outcome")
    groups: dict[str, list[Answer]] = {}
    for answer in solved.solution.answers:
        if answer.case.outcome == outcome:
            groups.setdefault(_group(table, answer.case.event, by), []).append(answer)

    rows: list[dict[str, Any]] = []
    for name, answers in sorted(groups.items()):
        heading = {by or "group": name, "outcome": outcome, "events": len(answers)}
        for layer, remainder, draws in _sums(solved, answers):
            found = range_of_draws(draws, levels)
            rows.append({**heading, "layer": layer, "remainder": remainder, **found.cells})
    return pd.DataFrame(rows)


def _sums(solved: Solved, answers: Sequence[Answer]) -> tuple[tuple[str, str, Integers], ...]:
    """Layer, undocumented remainder and summed draws, shape (draws,), of each line of a total."""
    uniforms = generator(solved.seed, "common remainder").random(solved.profile.draws)
    kappa = solved.profile.kappa[solved.solution.parents]
    layer = solved.undocumented
    alike = [layer.quantile(uniforms, answer.documented_draws, kappa, solved.seed) for answer in answers]

    independent, common = REMAINDERS
    return (
        ("documented", "", np.sum([answer.documented_draws for answer in answers], axis=0)),
        ("total", independent, np.sum([answer.total_draws for answer in answers], axis=0)),
        ("total", common, np.sum(alike, axis=0)),
    )


def _group(table: pd.DataFrame, event: str, by: str | None) -> str:
    """The group an event belongs to: its value in a column, which must be one."""
    if by is None:
        return "all events"
    if by == "event":
        return event
    if by not in table.columns:
        raise EstimatesError(f"no column is called {by!r}; totals can be by {', '.join(map(str, table.columns))}")

    values = {str(value) for value in table.loc[table["event"] == event, by]} - {"", "None", "nan", "<NA>"}
    if len(values) > 1:
        raise EstimatesError(f"event {event!r} has several values of {by!r} ({', '.join(sorted(values))}); use one")
    return next(iter(values), "")
