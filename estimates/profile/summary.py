"""What a source profile says about its sources, and how much of it is still prior, as one table."""

from __future__ import annotations

from dataclasses import replace
from math import log

import numpy as np
import pandas as pd

from estimates.models.reporting import GROSS_FALL, ReportingModel
from estimates.models.types import Floats
from estimates.profile.effects import Effect
from estimates.profile.priors import SOURCE_CLASSES, source_class
from estimates.profile.profile import SourceProfile
from estimates.vocabulary import AFFILIATIONS

__all__ = ["absolute_log_error", "mean_log_error", "probability_exact", "probability_over", "summary"]

#: The toll at which sources are compared.
TOLL = 10

_COLUMNS = {
    "source": "object",
    "source_type": "object",
    "affiliation": "object",
    "events": "Int64",
    "reports": "Int64",
    "bias": "float64",
    "bias_low_90": "float64",
    "bias_high_90": "float64",
    "exactness": "float64",
    "error": "float64",
    "over_reporting": "float64",
    "copying": "float64",
    "prior_share": "float64",
}


def summary(profile: SourceProfile) -> pd.DataFrame:
    """What is held of a new source of each type, then of each source the profile was learned from.

    Parameters
    ----------
    profile : SourceProfile

    Returns
    -------
    DataFrame
        One row a source and whose losses it speaks of; the columns are

        ``source``
            Its name, or "all <type>" for one of that type that the profile does not know. Types without parameters of
            their own, parties and states among them, are "all other"; only there are own and enemy losses told apart.
        ``source_type``, ``affiliation``
            Its type, and whose losses: neutral, own, enemy or own_strike.
        ``events``, ``reports``
            How many it was learned from, all affiliations together. For a type the reports of its sources; their
            events overlap and are not added.
        ``bias``, ``bias_low_90``, ``bias_high_90``
            Factor of the mean log error of numbers that are not exact, gross errors apart: posterior median and central
            90% range. Counts alone teach only how sources differ from one another.
        ``exactness``
            Probability of holding a toll of 10 exactly.
        ``error``
            Mean absolute log error of numbers that are not exact, around the source's own location, gross errors
            apart: posterior median.
        ``over_reporting``
            Probability that the number held for a toll of 10 is larger, gross errors included, rounding apart.
        ``copying``
            Readiness to copy what others have said.
        ``prior_share``
            How much of the bias is still prior, from 0 to 1. For a source the variance of its standard score, whose
            prior variance is 1; for a type the variance of its bias over that of its prior.

        Probabilities are means over draws, as they apply to the next number; other figures are medians.
    """
    rows = [_type_row(profile, kind, "neutral") for kind in SOURCE_CLASSES]
    rows += [_type_row(profile, "other", affiliation) for affiliation in AFFILIATIONS if affiliation != "neutral"]
    by_type = sorted(profile.sources, key=lambda name: (profile.sources[name].source_type, name))
    rows += [
        _source_row(profile, name, affiliation) for name in by_type for affiliation in _affiliations(profile, name)
    ]
    return pd.DataFrame({name: pd.Series([row[name] for row in rows], dtype=kind) for name, kind in _COLUMNS.items()})


def mean_log_error(reporting: ReportingModel) -> Floats:
    """Mean of ``log(K / C)`` of an ordinary error, shape (draws,): ``bias``, by symmetry, before rounding."""
    return reporting.bias


def absolute_log_error(reporting: ReportingModel) -> Floats:
    """Mean of ``|log(K / m)|`` of an ordinary error around its location, ``2 log 2 scale``, shape (draws,)."""
    return 2.0 * log(2.0) * reporting.scale


def probability_exact(reporting: ReportingModel, toll: int = TOLL) -> Floats:
    """Probability that a toll is held exactly, lucky errors apart: ``rho`` of ``models.reporting``, shape (draws,)."""
    return _logistic(reporting.exactness - reporting.exactness_slope * log(toll))


def probability_over(reporting: ReportingModel, toll: int = TOLL) -> Floats:
    """P(K > toll | a number is held), shape (draws,), by the distributions of ``models.reporting``.

    ``(1 - rho) (1 - F(toll + 1/2)) / (1 - (1 - rho) F(1/2))``, where ``F`` mixes ordinary and gross errors.
    """
    inexact = 1.0 - probability_exact(reporting, toll)
    over = inexact * (1.0 - _error_at_most(toll + 0.5, reporting, toll))
    return over / (1.0 - inexact * _error_at_most(0.5, reporting, toll))


def _error_at_most(number: float, reporting: ReportingModel, toll: int) -> Floats:
    """P(the number of one that errs lies below ``number``), before it is rounded to a whole one."""
    ordinary = _ordinary_at_most(log(number / toll) - reporting.bias, reporting)
    # A gross error is logistic around the toll, of scale 1 below it, and falls faster above.
    gross = 1.0 / (1.0 + (toll / number) ** (GROSS_FALL if number > toll else 1.0))
    return np.asarray(ordinary + reporting.outlier * (gross - ordinary))


def _ordinary_at_most(log_ratio: Floats, reporting: ReportingModel) -> Floats:
    """Distribution function of ``log(K / m)``."""
    return _logistic(log_ratio / reporting.scale)


def _logistic(values: Floats) -> Floats:
    odds: Floats = np.exp(np.minimum(-values, 700.0))
    return 1.0 / (1.0 + odds)


def _type_row(profile: SourceProfile, kind: str, affiliation: str) -> dict[str, object]:
    # A profile that knows no source answers as for a new one, whatever the sources are called.
    newcomer = replace(profile, sources={}, effects={}).reporting(f"all {kind}", kind, affiliation)
    reports = [learned.reports for learned in profile.sources.values() if source_class(learned.source_type) == kind]
    location = f"bias.{kind if affiliation == 'neutral' else affiliation}"
    return {
        "source": f"all {kind}",
        "source_type": kind,
        "affiliation": affiliation,
        "events": None,
        "reports": sum(reports),
        **_figures(newcomer),
        "prior_share": _share(profile.parameters[location], profile.priors[location].second ** 2),
    }


def _source_row(profile: SourceProfile, source: str, affiliation: str) -> dict[str, object]:
    learned = profile.sources[source]
    scores = profile.effects.get(Effect(source, f"bias.{affiliation}"))
    return {
        "source": source,
        "source_type": learned.source_type,
        "affiliation": affiliation,
        "events": learned.events,
        "reports": learned.reports,
        **_figures(profile.reporting(source, learned.source_type, affiliation)),
        "prior_share": 1.0 if scores is None else _share(scores, 1.0),
    }


def _affiliations(profile: SourceProfile, source: str) -> list[str]:
    """Whose losses a source was learned to speak of; neutral where nothing was learned."""
    known = [affiliation for affiliation in AFFILIATIONS if Effect(source, f"bias.{affiliation}") in profile.effects]
    return known or ["neutral"]


def _figures(reporting: ReportingModel) -> dict[str, float]:
    low, median, high = np.exp(np.quantile(mean_log_error(reporting), (0.05, 0.5, 0.95))).tolist()
    return {
        "bias": median,
        "bias_low_90": low,
        "bias_high_90": high,
        "exactness": float(probability_exact(reporting).mean()),
        "error": float(np.median(absolute_log_error(reporting))),
        "over_reporting": float(probability_over(reporting).mean()),
        "copying": float(reporting.copying.mean()),
    }


def _share(draws: Floats, prior_variance: float) -> float:
    return float(np.clip(draws.var() / prior_variance, 0.0, 1.0))
