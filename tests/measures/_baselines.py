"""Rivals of the package for predicting an event's last report from the earlier ones.

Each is a law of the number said, one or more, with parameters fitted on training cases by maximum likelihood of the
same prediction. It is tried as it is, and with two fitted shares added to it: one that the report repeats an earlier
figure (the median's, or the rule's own), and one that it has nothing to do with them (a discrete Lomax law, fitted to
all figures of the training cases).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from _maverick import LastReport

from estimates.models.types import Floats, Integers

#: The law of the number said for every case: P(the value), P(less than the value).
type Law = Callable[[Sequence[LastReport], Floats], tuple[Floats, Floats]]
#: One number that sums up the earlier figures.
type Rule = Callable[[tuple[int, ...]], int]


@dataclass(frozen=True)
class Baseline:
    """A law, where to start fitting its parameters (unbounded), and the earlier figure it holds the likeliest.

    Attributes
    ----------
    name : str
    law : callable
    start : tuple of float
    repeated : callable
    """

    name: str
    law: Law
    start: tuple[float, ...]
    repeated: Rule


def lower_median(earlier: tuple[int, ...]) -> int:
    """The middle figure; the lower one of two."""
    return sorted(earlier)[(len(earlier) - 1) // 2]


def mode(earlier: tuple[int, ...]) -> int:
    """The figure given most often; the latest of those that tie."""
    return max(reversed(earlier), key=earlier.count)


def values(cases: Sequence[LastReport]) -> Integers:
    """What the last reports say."""
    return np.array([case.value for case in cases], dtype=np.int64)


def _from_one(pmf: Floats, below: Floats, zero: Floats) -> tuple[Floats, Floats]:
    """Probability of the value and of less, given one or more."""
    rest = np.maximum(1.0 - zero, 1e-300)
    return pmf / rest, np.maximum(below - zero, 0.0) / rest


def _mean(cases: Sequence[LastReport]) -> Floats:
    return np.array([np.mean(case.earlier) for case in cases])


def poisson(cases: Sequence[LastReport], parameters: Floats) -> tuple[Floats, Floats]:
    """Poisson law around the mean of the earlier figures."""
    from scipy import stats

    y, law = values(cases), stats.poisson(_mean(cases))
    return _from_one(law.pmf(y), law.cdf(y - 1), law.pmf(0))


def negative_binomial(cases: Sequence[LastReport], parameters: Floats) -> tuple[Floats, Floats]:
    """Negative binomial law around the mean of the earlier figures; variance ``mean + mean**2 / size``."""
    from scipy import stats

    y, mean, size = values(cases), _mean(cases), np.exp(parameters[0])
    law = stats.nbinom(size, size / (size + mean))
    return _from_one(law.pmf(y), law.cdf(y - 1), law.pmf(0))


def _discretised_lognormal(y: Integers, centre: Floats, sd: Floats) -> tuple[Floats, Floats]:
    from scipy.special import ndtr

    low, high, half = ((np.log(x) - centre) / sd for x in (y - 0.5, y + 0.5, 0.5))
    # From the nearer tail, so that the difference does not cancel.
    pmf = np.where(low > 0.0, ndtr(-low) - ndtr(-high), ndtr(high) - ndtr(low))
    return _from_one(pmf, ndtr(low), np.asarray(ndtr(half)))


def lognormal(cases: Sequence[LastReport], parameters: Floats) -> tuple[Floats, Floats]:
    """Lognormal law around the mean log of the ``n`` earlier figures, with one sd for all events times sqrt(1 + 1/n)."""
    centre = np.array([np.mean(np.log(case.earlier)) for case in cases])
    more = np.sqrt(1.0 + 1.0 / np.array([len(case.earlier) for case in cases]))
    return _discretised_lognormal(values(cases), centre, np.exp(parameters[0]) * more)


def around(rule: Rule) -> Law:
    """Lognormal law around one figure."""

    def law(cases: Sequence[LastReport], parameters: Floats) -> tuple[Floats, Floats]:
        centre = np.log([rule(case.earlier) for case in cases])
        return _discretised_lognormal(values(cases), centre, np.full(len(cases), np.exp(parameters[0])))

    return law


BASELINES = (
    Baseline("Poisson", poisson, (), lower_median),
    Baseline("negative binomial", negative_binomial, (1.0,), lower_median),
    Baseline("lognormal", lognormal, (-0.7,), lower_median),
    Baseline("minimum", around(min), (-0.7,), min),
    Baseline("maximum", around(max), (-0.7,), max),
    Baseline("median", around(lower_median), (-0.7,), lower_median),
    Baseline("mode", around(mode), (-0.7,), mode),
)


# ------------------------------------------------------------------------------------------- fitting and mixing


@dataclass(frozen=True, eq=False)
class Prediction:
    """What a method says of each case: shape (cases,).

    Attributes
    ----------
    log_density : array
        Log probability of the value said.
    below : array
        Probability of less.
    """

    log_density: Floats
    below: Floats

    def covered(self, level: float) -> float:
        """Expected share of randomised PIT values in the central interval of the given level."""
        low, high = (1.0 - level) / 2.0, (1.0 + level) / 2.0
        width = np.maximum(np.exp(self.log_density), 1e-300)
        inside = np.minimum(self.below + width, high) - np.maximum(self.below, low)
        return float(np.mean(np.clip(inside / width, 0.0, 1.0)))

    def randomised(self, uniforms: Floats) -> Floats:
        """PIT values, uniform between P(less than the value) and P(at most the value)."""
        return np.asarray(self.below + uniforms * np.exp(self.log_density))


def predict(baseline: Baseline, train: Sequence[LastReport], test: Sequence[LastReport], *, mixed: bool) -> Prediction:
    """Fit a rival's parameters on the training cases and predict the test cases; ``mixed`` adds the two shares."""
    from scipy.optimize import minimize

    sizes = _lomax_fit(train) if mixed else None

    def law(cases: Sequence[LastReport], parameters: Floats) -> tuple[Floats, Floats]:
        own = len(baseline.start)
        pmf, below = baseline.law(cases, parameters[:own])
        if sizes is None:
            return pmf, below
        odds = np.exp(parameters[own:])
        shares = odds / (1.0 + odds.sum())
        y, repeated = values(cases), np.array([baseline.repeated(case.earlier) for case in cases])
        any_pmf, any_below = _lomax(y, sizes)
        rest = 1.0 - shares.sum()
        return (
            rest * pmf + shares[0] * (y == repeated) + shares[1] * any_pmf,
            rest * below + shares[0] * (repeated < y) + shares[1] * any_below,
        )

    def loss(parameters: Floats) -> float:
        return -float(np.mean(np.log(np.maximum(law(train, parameters)[0], 1e-300))))

    best = np.array([])
    if baseline.start or mixed:
        # From several starts: the likelihood of a mixture can have more than one summit.
        starts = [
            np.array([*(value + offset for value in baseline.start), *((-0.5, -2.5) if mixed else ())])
            for offset in (-1.0, 0.0, 1.0)
        ]
        found = [minimize(loss, start, method="Nelder-Mead", options={"maxiter": 2_000}) for start in starts]
        best = min(found, key=lambda result: float(result.fun)).x
    pmf, below = law(test, best)
    return Prediction(np.log(np.maximum(pmf, 1e-300)), below)


def _lomax(y: Integers, logs: Floats) -> tuple[Floats, Floats]:
    shape, scale = np.exp(logs)
    at_least = (1.0 + (y - 1.0) / scale) ** -shape
    return at_least - (1.0 + y / scale) ** -shape, 1.0 - at_least


def _lomax_fit(cases: Sequence[LastReport]) -> Floats:
    from scipy.optimize import minimize

    figures = np.array([case.value for case in cases])
    found = minimize(lambda logs: -np.log(_lomax(figures, logs)[0]).mean(), np.array([0.2, 0.7]), method="Nelder-Mead")
    return np.asarray(found.x)
