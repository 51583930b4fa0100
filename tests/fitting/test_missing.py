"""What verified tolls teach of lists of people missing, apart from everything else."""

from __future__ import annotations

import numpy as np
import pytest

from estimates.fitting.missing import known_lists, learned_of_missing
from estimates.models.corpus.events import CorpusEvent
from estimates.models.event import Observations
from estimates.models.missing import ListLaw, PeopleMissing, likelihood, simulate
from estimates.models.wording import Words
from estimates.profile.priors import PRIORS

NAMES = [f"missing_{part}.manifest" for part in ("excess", "deficit", "gross")]


def event(number: int, toll: int, law: str = "manifest", **more: object) -> CorpusEvent:
    words = Words("exactly", number, number) if number else Words("none")
    said = PeopleMissing(law, words, 5, **more)  # type: ignore[arg-type]
    return CorpusEvent(((1.0, Observations((), missing=(said,))),), toll=(toll, toll))


def test_a_few_lists_move_the_prior_as_weighted_prior_draws_say() -> None:
    """Another route: draws of the priors weighted by the likelihood have the same means and spreads."""
    events = [event(40, 45), event(60, 62), event(20, 31)]
    found = learned_of_missing(events, PRIORS, 4_000, seed=1)
    assert list(found) == NAMES

    prior = [PRIORS[name].sample(10_000, 3) for name in NAMES]
    law = ListLaw(*prior, np.zeros(10_000))
    logs = sum(np.log(likelihood(each.said, [each.toll], law)[0]) for each in known_lists(events))
    weights = np.exp(logs - np.max(logs))
    for name, values in zip(NAMES, prior, strict=True):
        mean = np.average(np.log(values), weights=weights)
        spread = np.sqrt(np.average((np.log(values) - mean) ** 2, weights=weights))
        assert np.log(found[name]).mean() == pytest.approx(mean, abs=0.1 * spread)
        assert np.log(found[name]).std() == pytest.approx(spread, rel=0.1)


@pytest.mark.extended
def test_many_lists_teach_their_law() -> None:
    """Of 60 simulated manifests the excess and deficit are found, and other laws stay prior."""
    rng, count = np.random.default_rng(5), 60
    tolls = rng.integers(20, 400, count)
    truth = ListLaw(*(np.full(count, value) for value in (0.3, 0.12, 0.01, 0.0)))
    numbers = simulate(rng, tolls, np.full(count, 5), truth)
    found = learned_of_missing(map(event, numbers.tolist(), tolls.tolist()), PRIORS, 1_000, seed=2)
    for name, true in zip(NAMES[:2], (0.3, 0.12), strict=True):
        low, high = np.quantile(found[name], [0.005, 0.995])
        assert low < true < high
        assert high / low < 3.5
    assert not any("reports" in name for name in found)


def test_tolls_that_are_open_teach_nothing() -> None:
    """A toll that is a range says nothing of a list here."""
    said = event(40, 45)
    open_toll = CorpusEvent(said.alternatives, toll=(40, 50))
    assert learned_of_missing([open_toll], PRIORS, 100, seed=1) == {}
