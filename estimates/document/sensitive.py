"""What a range rests on beside its reports: the pull of each group of priors, and other strengths of the remainder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from estimates.inference.cases import Case
from estimates.results.estimates import Estimates
from estimates.text import clean
from estimates.vocabulary import shown_layers

#: The sweep takes a second for a few events; reports of more go without.
CASES_SWEPT = 4


@dataclass(frozen=True)
class SensitivityView:
    """Sensitivity of one outcome.

    Attributes
    ----------
    event, outcome : str
    prior_share : float
        Share of the full toll's variance that comes from what the profile leaves open.
    pulls : tuple of (str, float, float)
        Group of priors, and how fast the documented and the full toll move when the group is raised to another power.
    strengths : tuple of (str, int, (int, int))
        Strength of the remainder that is never documented, median and 80% range of the full toll.
    """

    event: str
    outcome: str
    prior_share: float
    pulls: tuple[tuple[str, float, float], ...]
    strengths: tuple[tuple[str, int, tuple[int, int]], ...]

    @property
    def has_layers(self) -> bool:
        """Whether the documented and the full toll are two."""
        return len(shown_layers(self.outcome)) > 1


def sensitivity_views(estimates: Estimates) -> tuple[SensitivityView, ...]:
    """Sensitivity of every outcome; nothing where there are too many or none bears a figure.

    Parameters
    ----------
    estimates : Estimates
    """
    cases = [case for case in estimates.cases if case.has_figure]
    if not cases or len(estimates.cases) > CASES_SWEPT:
        return ()
    table = estimates.sensitivity()
    return tuple(_view(table, case) for case in cases)


def _view(table: pd.DataFrame, case: Case) -> SensitivityView:
    rows = table[(table["event"] == case.event) & (table["outcome"] == case.outcome)]
    total, documented = (rows[rows["layer"] == layer] for layer in ("total", "documented"))
    share = total.loc[total["how"] == "as estimated", "prior_share"]
    prior_share = float(share.iloc[0]) if len(share) else 0.0
    return SensitivityView(clean(case.event), case.outcome, prior_share, _pulls(documented, total), _strengths(total))


def _pulls(documented: pd.DataFrame, total: pd.DataFrame) -> tuple[tuple[str, float, float], ...]:
    of_total = dict(_powers(total))
    found = [(name, pull, of_total.get(name, 0.0)) for name, pull in _powers(documented)]
    return tuple(sorted(found, key=lambda row: -max(row[1:])))


def _powers(rows: pd.DataFrame) -> Sequence[tuple[str, float]]:
    powers = rows[rows["how"] == "power"]
    return [(str(name), float(pull)) for name, pull in zip(powers["what"], powers["pull"], strict=True)]


def _strengths(total: pd.DataFrame) -> tuple[tuple[str, int, tuple[int, int]], ...]:
    rows = total[total["how"] == "strength"]
    columns = zip(rows["what"], rows["median"], rows["low_80"], rows["high_80"], strict=True)
    return tuple((str(what), int(median), (int(low), int(high))) for what, median, low, high in columns)
