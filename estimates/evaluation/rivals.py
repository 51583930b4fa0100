"""Rivals that know the class of an event: what other events of the class say of how a figure grows.

Each multiplies one figure ``f`` of the event by what it learned from the other events of its class; the event's own
toll reaches none of them. An event whose figure or toll is 0 has no ratio: it is neither predicted nor learned from.

- ``latest, exponential growth`` and ``maximum, exponential growth``: a share ``1 - exp(-a t)`` of the toll is reported
  by the age of ``t`` days (Zhao, Wu and Li 2008; Li, Wu and Zhao 2011). One rate ``a`` a class, and a lognormal law
  around ``f / (1 - exp(-a t))`` whose standard deviation is that of the others' residuals, ``sqrt(1 + 1/n)`` times.
- ``latest x ratio in class`` and ``maximum x ratio in class``: ``f`` times the others' ratios of toll to figure, put
  between quantiles as in `estimates.evaluation.baselines.ratio`.
- ``latest, doubled by day 2``: twice the figure. Fujimoto and Nishiura (2021, doi 10.21037/atm-20-5784) found half of
  the deaths of Japanese earthquakes counted on the second day and double the number of that day. Their rule is a number
  for day 2. Here figures younger than three days are doubled and older ones left as they are, whatever the class, and a
  lognormal law lies around it with the root mean square of the others' errors, ``sqrt(1 + 1/n)`` times.

``latest`` as it is and ``latest + undocumented`` have nothing to learn and stand among the baselines.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from estimates.evaluation.baselines import RELATIVE_WIDTH, Figures, Known, distribution_of_ratios, on_grid
from estimates.evaluation.scores import Prediction
from estimates.models.grid import Grid, make_grid
from estimates.models.types import Floats

#: Which figure of an event is multiplied.
CLASS_STATISTICS = ("latest", "maximum")
DOUBLING = "latest, doubled by day 2"
RIVALS = (
    *(f"{statistic}, exponential growth" for statistic in CLASS_STATISTICS),
    *(f"{statistic} x ratio in class" for statistic in CLASS_STATISTICS),
    DOUBLING,
)

#: Figures younger than this, in days, are doubled.
DOUBLED_BEFORE = 3.0
#: Rates of growth a day between which the best is looked for, and how many are tried before it is refined.
RATES, RATES_TRIED = (1e-3, 1e3), 200
#: Where others leave no error at all, a law is almost a point.
_SMALLEST_DEVIATION = 1e-6


class Figure(NamedTuple):
    """One figure above zero: its logarithm, and its age in days."""

    log: float
    age: float


def figure(figures: Figures, statistic: str) -> Figure | None:
    """The latest or the largest figure of an event; None where it is 0."""
    count = float(np.expm1(figures.statistics[statistic]))
    return Figure(float(np.log(count)), figures.ages_of[statistic]) if count >= 0.5 else None


def log_toll(known: Known) -> float | None:
    """The logarithm of a toll; None where it is 0."""
    toll = float(np.expm1(known.toll))
    return float(np.log(toll)) if toll >= 0.5 else None


def has_nothing_to_multiply(known: Known) -> bool:
    """Whether an event is left out by any of these rivals: its latest or largest figure, or its toll, is 0."""
    return log_toll(known) is None or any(figure(known.figures, name) is None for name in CLASS_STATISTICS)


def predictions(figures: Figures, others: Sequence[Known]) -> dict[str, Prediction]:
    """What every rival predicts for one event.

    Parameters
    ----------
    figures : Figures
    others : sequence of Known
        Other events of its class. A rival that cannot use two of them is left out.

    Returns
    -------
    dict of str to Prediction
        By the names in ``RIVALS``, in their order.
    """
    numbers = sorted({int(number) for number in np.concatenate([figures.low, figures.high])})
    grid = make_grid(numbers, relative_width=RELATIVE_WIDTH)

    found: dict[str, Prediction] = {}
    for statistic in CLASS_STATISTICS:
        own, (ratios, ages) = figure(figures, statistic), ratios_of(others, statistic)
        if own is None or len(ratios) < 2:
            continue

        found[f"{statistic}, exponential growth"] = exponential(own, ratios, ages, grid)
        places = _log_boundaries(grid) - own.log
        found[f"{statistic} x ratio in class"] = on_grid(distribution_of_ratios(places, ratios), grid)
        if statistic == "latest":
            found[DOUBLING] = doubled(own, ratios, ages, grid)
    return {name: found[name] for name in RIVALS if name in found}


def ratios_of(others: Sequence[Known], statistic: str) -> tuple[Floats, Floats]:
    """Logarithms of toll over figure of the events that have one, and the figures' ages, shape (usable,) each."""
    pairs = [
        (toll - said.log, said.age)
        for known in others
        if (said := figure(known.figures, statistic)) is not None and (toll := log_toll(known)) is not None
    ]
    ratios, ages = np.array(pairs, dtype=float).reshape(-1, 2).T
    return ratios, ages


def exponential(own: Figure, ratios: Floats, ages: Floats, grid: Grid) -> Prediction:
    """Exponential growth: a lognormal law around the figure over the share that is reported by its age.

    Parameters
    ----------
    own : Figure
    ratios, ages : array, shape (others,)
        Logarithms of toll over figure, and the figures' ages in days; two at least.
    grid : Grid
    """
    rate = growth_rate(ratios, ages)
    residuals = ratios + log_share(rate, ages)
    deviation = float(residuals.std(ddof=1)) * np.sqrt(1.0 + 1.0 / len(ratios))
    return _lognormal(own.log - float(log_share(rate, np.array(own.age))), deviation, grid)


def growth_rate(ratios: Floats, ages: Floats) -> float:
    """The rate a day ``a`` with the least mean of ``(log(toll/f) + log(1 - exp(-a t)))**2``.

    Parameters
    ----------
    ratios, ages : array, shape (others,)
        Logarithms of toll over figure, and ages in days.

    Notes
    -----
    Where no toll exceeds its figure it is the largest of ``RATES``: all is reported from the start.
    """
    from scipy.optimize import minimize_scalar

    def loss(log_rate: float) -> float:
        return float(((ratios + log_share(float(np.exp(log_rate)), ages)) ** 2).mean())

    tried = np.linspace(np.log(RATES[0]), np.log(RATES[1]), RATES_TRIED)
    best = int(np.argmin([loss(place) for place in tried]))
    around = tried[max(best - 1, 0)], tried[min(best + 1, RATES_TRIED - 1)]
    refined = minimize_scalar(loss, bounds=around, method="bounded", options={"xatol": 1e-10}).x
    return float(np.exp(min((refined, tried[best]), key=loss)))


def log_share(rate: float, ages: Floats) -> Floats:
    """``log(1 - exp(-rate * age))``, the logarithm of the share reported by an age, of the shape of ``ages``."""
    return np.asarray(np.log(-np.expm1(-rate * ages)))


def doubled(own: Figure, ratios: Floats, ages: Floats, grid: Grid) -> Prediction:
    """Twice the figure where it is young, with the root mean square of what this errs in other events.

    Parameters
    ----------
    own : Figure
    ratios, ages : array, shape (others,)
        Logarithms of toll over figure, and the figures' ages in days.
    grid : Grid
    """
    errors = ratios - _log_factor(ages)
    deviation = float(np.sqrt((errors**2).mean() * (1.0 + 1.0 / len(errors))))
    return _lognormal(own.log + float(_log_factor(np.array(own.age))), deviation, grid)


def _log_factor(ages: Floats) -> Floats:
    return np.where(ages < DOUBLED_BEFORE, np.log(2.0), 0.0)


def _lognormal(middle: float, deviation: float, grid: Grid) -> Prediction:
    from scipy.special import ndtr

    return on_grid(ndtr((_log_boundaries(grid) - middle) / max(deviation, _SMALLEST_DEVIATION)), grid)


def _log_boundaries(grid: Grid) -> Floats:
    """Logarithm of half a count below the first of each cell, shape (cells + 1,); it begins at minus infinity."""
    places = np.full(len(grid.edges), -np.inf)
    places[1:] = np.log(grid.edges[1:] - 0.5)
    return places
