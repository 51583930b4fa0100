"""The latent class posterior of how many people there are, sampled with PyMC; the number on no list is summed out.

Priors: shares of at most five classes by stick breaking with Beta(1, alpha), alpha Gamma(1/4, 1/4); the chance of being
on each list uniform for each class; 1/N for the number of people (Manrique-Vallier 2016, Biometrics 72, who has ten
classes). Only patterns of the listed are sampled, given that they are listed; those on no list are drawn afterwards
(`models/lists/likelihood.py` shows that this is the same).
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from estimates.lists.overlaps import Overlaps
from estimates.models.lists.likelihood import draw_unlisted
from estimates.models.types import Floats, Integers
from estimates.progress import Progress, steps

__all__ = [
    "LARGEST_R_HAT",
    "SMALLEST_SAMPLE_SIZE",
    "LatentClasses",
    "latent_class_model",
    "refusal_of",
    "sample_classes",
]

#: Shape and rate of the prior of alpha.
ALPHA = (0.25, 0.25)
CLASSES, CHAINS, TUNE, KEPT, ACCEPTANCE = 5, 4, 500, 750, 0.9
#: Beyond these the posterior is refused.
LARGEST_R_HAT, SMALLEST_SAMPLE_SIZE = 1.01, 400.0


@dataclass(frozen=True)
class LatentClasses:
    """Draws of the number of people, or the reason why there are none.

    Attributes
    ----------
    draws : array of int, shape (draws,)
        Empty where they are refused.
    refused : str
        Why they are refused; empty where they are not.
    r_hat : float
        Of the logarithm of the expected number of people.
    sample_size : float
        Effective draws, the smaller of bulk and tail.
    divergences : int
    """

    draws: Integers
    refused: str
    r_hat: float
    sample_size: float
    divergences: int

    def quantile(self, share: float) -> int:
        """The number of people that so large a share of the draws do not exceed."""
        return int(np.quantile(self.draws, share, method="inverted_cdf"))


def sample_classes(overlaps: Overlaps, seed: int, progress: Progress | None = None) -> LatentClasses:
    """Sample the latent class posterior.

    Parameters
    ----------
    overlaps : Overlaps
    seed : int
    progress : callable, optional
        Told how many draws are made and how many there are.

    Returns
    -------
    LatentClasses
    """
    import pymc as pm

    try:
        log_odds, divergences = _sampled(overlaps, seed, steps(CHAINS * (TUNE + KEPT), progress))
    except pm.exceptions.SamplingError:
        nothing = float("nan")
        return LatentClasses(np.zeros(0, np.int64), "the sampler found no place to begin", nothing, nothing, 0)

    expected = np.log(overlaps.people) + np.logaddexp(0.0, log_odds)
    r_hat, sample_size = _convergence(expected)
    refused = refusal_of(r_hat, sample_size)

    draws = np.zeros(0, np.int64)
    if not refused:
        rng = np.random.default_rng([seed, 1])
        draws = overlaps.people + draw_unlisted(rng, overlaps.people, log_odds.ravel())
    return LatentClasses(draws, refused, r_hat, sample_size, divergences)


def refusal_of(r_hat: float, sample_size: float) -> str:
    """Why draws of the number of people are refused; empty where they are not.

    Parameters
    ----------
    r_hat : float
        Largest R-hat.
    sample_size : float
        Smallest effective sample size.
    """
    found = []
    if not r_hat <= LARGEST_R_HAT:
        found.append(f"R-hat is {r_hat:.3f}, above {LARGEST_R_HAT}")
    if not sample_size >= SMALLEST_SAMPLE_SIZE:
        found.append(f"the effective sample size is {sample_size:.0f}, below {SMALLEST_SAMPLE_SIZE:.0f}")
    return " and ".join(found)


def _sampled(overlaps: Overlaps, seed: int, step: Callable[[int], None]) -> tuple[Floats, int]:
    """Log odds of being on no list, shape (chains, draws), and the number of draws that diverged."""
    import pymc as pm

    logger = logging.getLogger("pymc")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with latent_class_model(overlaps), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            trace = pm.sample(
                draws=KEPT, tune=TUNE, chains=CHAINS, cores=1, random_seed=seed, target_accept=ACCEPTANCE,
                progressbar=False, quiet=True, callback=lambda **_: step(1), compute_convergence_checks=False,
            )  # fmt: skip
    finally:
        logger.setLevel(level)

    odds = np.asarray(trace["posterior"]["log_odds"], dtype=float)
    return odds, int(np.asarray(trace["sample_stats"]["diverging"]).sum())


def latent_class_model(overlaps: Overlaps) -> Any:
    """The latent class model of who is on which list, given that somebody is on one.

    Parameters
    ----------
    overlaps : Overlaps

    Returns
    -------
    pymc.Model
        Its variable ``log_odds`` is the logarithm of p0 / (1 - p0), p0 the probability of being on no list.
    """
    import pymc as pm
    import pytensor.tensor as pt

    counts, lists = overlaps.counts, len(overlaps.lists)
    with pm.Model() as model:
        # Uniform shares of the stick and uniform chances, on the scale of log odds.
        sticks = pm.Logistic("sticks", 0.0, 1.0, shape=CLASSES - 1)
        logits = pm.Logistic("logits", 0.0, 1.0, shape=(CLASSES, lists))

        # alpha is summed out: the integral of alpha^m exp(-alpha (left + b)) alpha^(a - 1), m breaks of the stick.
        breaks = CLASSES - 1
        left = pt.softplus(sticks)
        shape, rate = ALPHA
        pm.Potential("breaking", left.sum() - (shape + breaks) * pt.log(rate + left.sum()))

        log_weights = pt.concatenate([-pt.softplus(-sticks), [0.0]]) - pt.concatenate([[0.0], pt.cumsum(left)])
        absent = log_weights - pt.softplus(logits).sum(axis=1)
        log_missing = pt.logsumexp(absent)
        log_some = pt.log1mexp(log_missing)

        chances = pt.logsumexp(absent[:, None] + pt.dot(logits, overlaps.patterns.T.astype(float)), axis=0)
        pm.Potential("listed", (counts * (chances - log_some)).sum())
        pm.Deterministic("log_odds", log_missing - log_some)
    return model


def _convergence(values: Floats) -> tuple[float, float]:
    """R-hat, and the smaller of the effective sample sizes in the bulk and in the tails; (chains, draws)."""
    import arviz

    tree = arviz.from_dict({"posterior": {"x": values}})
    sizes = [float(arviz.ess(tree, method=method)["x"]) for method in ("bulk", "tail")]
    return float(arviz.rhat(tree)["x"]), min(sizes)
