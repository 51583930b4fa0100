r"""The likelihood of overlapping lists under classes of people, written in two ways, and its simulating twin.

Each of ``N`` people belongs to class ``k`` with probability ``w_k`` and is on list ``j`` with probability ``q_kj``,
each list for itself. A pattern ``x`` of lists then has the probability

.. math:: p_x = \sum_k w_k \prod_j q_{kj}^{x_j} (1 - q_{kj})^{1 - x_j},

and ``p_0`` is that of being on none. ``n_x`` people have pattern ``x``; ``n`` are on some list, ``n_0 = N - n`` not.
The whole table is multinomial given ``N``:

.. math:: P(n_x, n_0 \mid N) = \frac{N!}{n_0! \prod_x n_x!}\, p_0^{n_0} \prod_x p_x^{n_x}.

The other way round: among the listed, patterns are multinomial with ``p_x / (1 - p_0)``, and under a prior ``1 / N``
``n_0`` given ``n`` is negative binomial: ``n_0`` failures of probability ``p_0`` before the ``n``-th success. Since

.. math:: \frac{1}{N} P(n_x, n_0 \mid N) = \frac{1}{n} P(n_x \mid n)\, \binom{n + n_0 - 1}{n_0} p_0^{n_0} (1 - p_0)^n,

summing over ``n_0`` leaves the conditional likelihood alone, and ``n_0`` can be drawn afterwards.

Classes for recapture: Manrique-Vallier (2016), Bayesian population size estimation using Dirichlet process mixtures,
Biometrics 72. The conditional likelihood: Sanathanan (1972), Annals of Mathematical Statistics 43.
"""

from __future__ import annotations

import numpy as np
from scipy.special import gammaln

from estimates.models.types import Floats, Integers

__all__ = ["draw_unlisted", "log_full", "log_listed", "log_patterns", "log_unlisted", "people"]


def log_patterns(log_weights: Floats, logits: Floats, patterns: Floats) -> Floats:
    """Log probability of each pattern of lists together with each class of people.

    Parameters
    ----------
    log_weights : array, shape (..., classes)
        Logarithms of the shares of the classes.
    logits : array, shape (..., classes, lists)
        Log odds of being on each list.
    patterns : array, shape (patterns, lists)
        1 for those on the list, 0 for those not on it.

    Returns
    -------
    array, shape (..., classes, patterns)
    """
    # log q - log(1 - q) is the logit itself, and log(1 - q) is minus its softplus.
    absent = -np.logaddexp(0.0, logits).sum(axis=-1)
    return np.asarray((log_weights + absent)[..., None] + logits @ patterns.T)


def log_full(counts: Integers, total: Floats, log_chances: Floats, log_missing: Floats) -> Floats:
    """Log probability of the whole table given how many people there are: multinomial with the cell of no list.

    Parameters
    ----------
    counts : array, shape (patterns,)
        How many people have each pattern; some list is in each of them.
    total : array, shape (...)
        How many people there are, N.
    log_chances : array, shape (..., patterns)
        Log probabilities of the patterns.
    log_missing : array, shape (...)
        Log probability of being on no list.

    Returns
    -------
    array, shape (...)
    """
    unlisted = total - counts.sum()
    ways = gammaln(total + 1.0) - gammaln(unlisted + 1.0) - gammaln(counts + 1.0).sum()
    return np.asarray(ways + (counts * log_chances).sum(axis=-1) + unlisted * log_missing)


def log_listed(counts: Integers, log_chances: Floats, log_missing: Floats) -> Floats:
    """Log probability of the patterns of those on some list: multinomial given that they are on one.

    Parameters
    ----------
    counts : array, shape (patterns,)
    log_chances : array, shape (..., patterns)
    log_missing : array, shape (...)

    Returns
    -------
    array, shape (...)
    """
    log_some = np.log(-np.expm1(log_missing))
    ways = gammaln(counts.sum() + 1.0) - gammaln(counts + 1.0).sum()
    return np.asarray(ways + (counts * (log_chances - log_some[..., None])).sum(axis=-1))


def log_unlisted(unlisted: Floats, listed: int, log_missing: Floats) -> Floats:
    """Log probability that so many are on no list, given how many are on some, under a prior 1/N: negative binomial.

    Parameters
    ----------
    unlisted : array, shape (...)
    listed : int
    log_missing : array, shape (...)

    Returns
    -------
    array, shape (...)
    """
    ways = gammaln(listed + unlisted) - gammaln(listed) - gammaln(unlisted + 1.0)
    return np.asarray(ways + unlisted * log_missing + listed * np.log(-np.expm1(log_missing)))


def draw_unlisted(rng: np.random.Generator, listed: int, log_odds: Floats) -> Integers:
    """Draw how many are on no list, given how many are on some.

    Parameters
    ----------
    rng : Generator
    listed : int
    log_odds : array, shape (draws,)
        Logarithm of p0 / (1 - p0), the odds of being on no list.

    Returns
    -------
    array of int, shape (draws,)
    """
    # A negative binomial count is a Poisson count whose mean is gamma distributed. Beyond 1e15 nothing is told apart.
    mean = np.exp(np.minimum(log_odds, np.log(1e15 / listed))) * rng.gamma(listed, size=log_odds.shape)
    return np.asarray(rng.poisson(mean), dtype=np.int64)


def people(
    rng: np.random.Generator, total: int, weights: Floats, chances: Floats
) -> tuple[Integers, Integers]:  # fmt: skip
    """Act out who is on which list, person by person: the simulating twin.

    Parameters
    ----------
    rng : Generator
    total : int
        How many people there are.
    weights : array, shape (classes,)
        Shares of the classes.
    chances : array, shape (classes, lists)
        Probability of being on each list.

    Returns
    -------
    patterns : array of int, shape (patterns, lists)
        The patterns that occur, each with some list.
    counts : array of int, shape (patterns,)
    """
    kinds = rng.choice(len(weights), size=total, p=weights)
    on = rng.random((total, chances.shape[1])) < chances[kinds]
    patterns, counts = np.unique(on[on.any(axis=1)].astype(np.int64), axis=0, return_counts=True)
    return patterns, counts.astype(np.int64)
