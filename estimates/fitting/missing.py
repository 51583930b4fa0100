"""What verified tolls teach of numbers of people missing, apart from everything else.

Given the toll, the probability of a list depends on the four parameters of its law alone. So these are learned by
themselves, from the events whose toll is known to one: draws from a t distribution around the mode, weighted by prior
and likelihood and drawn again. Of a law without such a list the prior stands.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from scipy.optimize import minimize

from estimates.models.corpus.events import CorpusEvent
from estimates.models.missing import ListLaw, PeopleMissing, likelihood
from estimates.models.types import Floats
from estimates.profile.blocks import generator
from estimates.profile.priors import Prior

#: Draws that are weighted in each round, and the degrees of freedom and width of their distribution, relative to the
#: covariance that the round before found. The first round has the prior's, around the mode.
PROPOSED, ROUNDS, FREEDOM, WIDTH = 8_000, 3, 5, 1.3
_STRUCK_OFF = "missing_not_struck_off.violence"


class KnownList(NamedTuple):
    """A number of people missing of an event whose toll is known, and how much it counts beside others of it."""

    said: PeopleMissing
    toll: int
    share: float


def learned_of_missing(
    events: Iterable[CorpusEvent], priors: Mapping[str, Prior], draws: int, seed: int
) -> dict[str, Floats]:
    """Draws of the parameters of those laws of which verified tolls say anything, each of shape (draws,).

    Parameters
    ----------
    events : iterable of CorpusEvent
    priors : mapping of str to Prior
    draws, seed : int
    """
    of_law: dict[str, list[KnownList]] = defaultdict(list)
    for each in known_lists(events):
        of_law[each.said.law].append(each)

    result: dict[str, Floats] = {}
    for law, known in sorted(of_law.items()):
        names = [f"missing_{part}.{law}" for part in ("excess", "deficit", "gross")]
        names += [_STRUCK_OFF] if any(each.said.is_violence for each in known) else []
        found = _posterior([priors[name] for name in names], known, draws, generator(seed, "people missing", law))
        result |= dict(zip(names, found, strict=True))
    return result


def known_lists(events: Iterable[CorpusEvent]) -> list[KnownList]:
    """The lists of events with one verified toll whose figures all have their ages."""
    return [
        KnownList(said, event.toll[0], 1.0 / len(observations.missing))
        for event in events
        if event.toll is not None and event.toll[0] == event.toll[1] and len(event.alternatives) == 1
        for _, observations in event.alternatives
        for said in observations.missing
    ]


def _posterior(
    priors: Sequence[Prior], known: Sequence[KnownList], draws: int, rng: np.random.Generator
) -> list[Floats]:
    """Draws of the parameters of one law, each of shape (draws,)."""
    size = len(priors)

    def log_density(scores: Floats) -> Floats:
        return -0.5 * (scores**2).sum(axis=1) + _log_likelihood(priors, known, scores)

    def loss(scores: Floats) -> float:
        return -float(log_density(scores[None, :])[0])

    mode: Any = minimize(loss, np.zeros(size), method="Nelder-Mead")
    centre, covariance = mode.x, np.eye(size)
    for _ in range(ROUNDS):
        root = WIDTH * np.linalg.cholesky(covariance + 1e-6 * np.eye(size))
        stretch = np.sqrt(FREEDOM / rng.chisquare(FREEDOM, PROPOSED))[:, None]
        standard = rng.standard_normal((PROPOSED, size)) * stretch
        scores = centre + standard @ root.T

        log_proposal = -0.5 * (FREEDOM + size) * np.log1p((standard**2).sum(axis=1) / FREEDOM)
        logs = log_density(scores) - log_proposal
        weights = np.exp(logs - logs.max())
        weights /= weights.sum()
        centre, covariance = weights @ scores, np.cov(scores.T, aweights=weights)

    chosen = rng.choice(PROPOSED, draws, p=weights)
    return [_natural(prior, scores[chosen, column]) for column, prior in enumerate(priors)]


def _log_likelihood(priors: Sequence[Prior], known: Sequence[KnownList], scores: Floats) -> Floats:
    """Of all lists, shape (draws,), at standard scores of shape (draws, parameters)."""
    values = [_natural(prior, scores[:, column]) for column, prior in enumerate(priors)]
    nothing = np.zeros(len(scores))
    result = np.zeros(len(scores))
    for each in known:
        struck_off = values[3] if each.said.is_violence else nothing
        law = ListLaw(values[0], values[1], values[2], struck_off)
        result += each.share * np.log(likelihood(each.said, [each.toll], law)[0])
    return result


def _natural(prior: Prior, scores: Floats) -> Floats:
    """A parameter from its standard scores: the median times an exponential, or its logit moved."""
    if prior.family == "lognormal":
        return prior.first * np.exp(prior.second * scores)
    return np.asarray(1.0 / (1.0 + (1.0 / prior.first - 1.0) * np.exp(-prior.second * scores)))
