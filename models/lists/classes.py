"""The most likely classes of people, given how many people there are: expectation and maximisation, sped up.

Given ``N`` the table is complete, and the steps are closed: the people of each cell, those on no list among them, are
shared among the classes in proportion to their probabilities; shares and chances are then those of the people shared
out (Dempster, Laird & Rubin 1977; Goodman 1974 for latent classes). Two steps are extrapolated where that finds a
higher likelihood (Varadhan & Roland 2008, SQUAREM, their third step length).

Many problems are climbed side by side; a problem is one number of people with one start. A point is a row of log
weights of the classes, and then the log odds of being on each list, class by class.
"""

from __future__ import annotations

import numpy as np

from estimates.models.lists.likelihood import log_patterns
from estimates.models.types import Floats

__all__ = ["climb", "likelihood_at", "random_points"]

#: Chances are kept this far from zero and one, and log odds in between.
_SMALLEST_CHANCE = 1e-9
_LARGEST_LOGIT = 20.7
_LONGEST_STEP = 300.0
#: A climb has ended when two steps and their extrapolation gain less than this, in log likelihood.
_SMALLEST_GAIN = 1e-5


def random_points(rng: np.random.Generator, starts: int, classes: int, lists: int) -> Floats:
    """Points to climb from: shares from a Dirichlet law, and chances for classes from rarely to often listed.

    Parameters
    ----------
    rng : Generator
    starts, classes, lists : int

    Returns
    -------
    array, shape (starts, classes + classes * lists)
    """
    weights = rng.dirichlet(np.full(classes, 2.0), size=starts)
    chances = np.sort(rng.uniform(0.01, 0.9, size=(starts, classes, lists)), axis=1)
    return np.concatenate([np.log(weights), _logit(chances).reshape(starts, -1)], axis=1)


def likelihood_at(points: Floats, patterns: Floats, counts: Floats, classes: int) -> Floats:
    """Log likelihood of complete tables but for the number of ways to fill them.

    Parameters
    ----------
    points : array, shape (problems, classes + classes * lists)
    patterns : array, shape (patterns, lists)
        The last is that of no list.
    counts : array, shape (problems, patterns)
    classes : int

    Returns
    -------
    array, shape (problems,)
    """
    return np.asarray((counts * np.logaddexp.reduce(_joint(points, patterns, classes), axis=1)).sum(axis=1))


def climb(points: Floats, patterns: Floats, counts: Floats, classes: int, rounds: int) -> tuple[Floats, Floats]:
    """Climb the likelihood from each point.

    Parameters
    ----------
    points : array, shape (problems, classes + classes * lists)
    patterns : array, shape (patterns, lists)
        The last is that of no list.
    counts : array, shape (problems, patterns)
    classes : int
    rounds : int
        At most so many extrapolations.

    Returns
    -------
    points : array, shape (problems, classes + classes * lists)
        Nowhere with a lower likelihood than where the climb began.
    likelihoods : array, shape (problems,)
    """
    points = points.copy()
    open_still = np.arange(len(points))
    for _ in range(rounds):
        told = counts[open_still]
        moved, gain = _extrapolated(points[open_still], patterns, told, classes)
        points[open_still] = moved
        open_still = open_still[gain >= _SMALLEST_GAIN]
        if len(open_still) == 0:
            break

    return points, likelihood_at(points, patterns, counts, classes)


def _extrapolated(points: Floats, patterns: Floats, counts: Floats, classes: int) -> tuple[Floats, Floats]:
    """Two steps, and a third from where they point to; what was gained."""
    once, before = _step(points, patterns, counts, classes)
    twice, between = _step(once, patterns, counts, classes)

    first, second = once - points, twice - once
    bend = second - first
    length = np.sqrt((first**2).sum(axis=1) / np.maximum((bend**2).sum(axis=1), 1e-30))
    length = np.clip(length, 1.0, _LONGEST_STEP)[:, None]
    far = np.clip(points + 2.0 * length * first + length**2 * bend, -2 * _LARGEST_LOGIT, 2 * _LARGEST_LOGIT)

    onward, after = _step(far, patterns, counts, classes)
    higher = after >= between
    moved = np.where(higher[:, None], onward, twice)
    return moved, np.where(higher, after, between) - before


def _step(points: Floats, patterns: Floats, counts: Floats, classes: int) -> tuple[Floats, Floats]:
    """One expectation and maximisation, and the log likelihood before it."""
    joint = _joint(points, patterns, classes)
    whole = np.logaddexp.reduce(joint, axis=1)
    shared = np.exp(joint - whole[:, None]) * counts[:, None, :]

    held = shared.sum(axis=2)
    chances = (shared @ patterns) / np.maximum(held, 1e-300)[:, :, None]
    weights = np.log(np.maximum(held / counts.sum(axis=1)[:, None], 1e-12))

    moved = np.concatenate([weights, _logit(chances).reshape(len(points), -1)], axis=1)
    return moved, (counts * whole).sum(axis=1)


def _joint(points: Floats, patterns: Floats, classes: int) -> Floats:
    """Log probability of each pattern with each class, shape (problems, classes, patterns)."""
    weights = points[:, :classes]
    log_weights = weights - np.logaddexp.reduce(weights, axis=1)[:, None]
    logits = points[:, classes:].reshape(len(points), classes, -1)
    return log_patterns(log_weights, logits, patterns)


def _logit(chances: Floats) -> Floats:
    inside = np.clip(chances, _SMALLEST_CHANCE, 1.0 - _SMALLEST_CHANCE)
    return np.asarray(np.log(inside) - np.log1p(-inside))
