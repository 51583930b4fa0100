"""A fitted profile as it would be without some of the events it was learned from, by importance weights.

Leaving an event out divides the posterior by the probability of its figures, toll included: each draw is weighted by
one over that (Gelfand, Dey and Chang 1992). What belongs to sources that were heard in these events alone is averaged
out first, over fresh draws from their type: they are unknown again. Where few draws would carry the weight, the Pareto
shape says so and the caller fits again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from estimates.fitting.training import TrainingData, training_data
from estimates.models import importance
from estimates.models.corpus.layout import CorpusEvent
from estimates.models.corpus.likelihood import (
    GROWTH_PARAMETERS,
    SHARED_PARAMETERS,
    SIZE_PARAMETERS,
    SOURCE_PARAMETERS,
    Corpus,
    Layout,
)
from estimates.models.importance import LARGEST_PARETO_SHAPE
from estimates.models.types import Floats
from estimates.profile.priors import generator
from estimates.profile.profile import SourceProfile
from estimates.table.reports import Reports

#: Fewer effective draws than this are too few.
FEWEST_EFFECTIVE_DRAWS = 60
#: Fresh draws of the traits of sources that are heard nowhere else.
FRESH_DRAWS = 12


@dataclass(frozen=True, eq=False)
class Reduced:
    """A profile without some events.

    Attributes
    ----------
    profile : SourceProfile
        Draws resampled by their weights.
    pareto_shape, effective_draws : float
        Whether the weights can be trusted.
    """

    profile: SourceProfile
    pareto_shape: float
    effective_draws: float

    @property
    def reliable(self) -> bool:
        """Whether enough draws carry the weight."""
        return self.pareto_shape <= LARGEST_PARETO_SHAPE and self.effective_draws >= FEWEST_EFFECTIVE_DRAWS


class LeavingOut:
    """A profile, and what is needed to take events out of it.

    Parameters
    ----------
    profile : SourceProfile
        As ``fit`` returned it, with the traits of all its sources.
    reports : Reports
        What it was learned from.
    chosen_for_size : bool
        As in the fit.
    """

    def __init__(self, profile: SourceProfile, reports: Reports, *, chosen_for_size: bool) -> None:
        self._profile = profile
        self._material = training_data(reports, chosen_for_size=chosen_for_size)

    def without(self, events: Iterable[str]) -> Reduced:
        """The profile without these events; those it was not learned from change nothing."""
        left_out, profile, training = set(events), self._profile, self._material
        pairs = list(zip(training.events, training.called, strict=True))
        taken = [made for made, name in pairs if name in left_out]
        heard = [(name in left_out, training.sources[number].source) for made, name in pairs for number in made.sources]
        own = {source for gone, source in heard if gone} - {source for gone, source in heard if not gone}
        logs = -self._log_marginal_likelihood(taken, own)
        raw = np.exp(logs - logs.max())
        shape = importance.pareto_shape(raw / raw.sum())
        # Truncated at the root of the number of draws times the mean (Ionides 2008).
        raw = np.minimum(raw, raw.mean() * np.sqrt(len(raw)))
        raw /= raw.sum()
        chosen = importance.resample(raw, len(raw), 0.5)
        chosen = generator(profile.seed, "leaving out").permutation(chosen)
        reduced = _forget(profile, own)
        reduced = replace(
            reduced,
            parameters={name: values[chosen] for name, values in profile.parameters.items()},
            effects={effect: values[chosen] for effect, values in reduced.effects.items()},
            learned_from=frozenset(profile.learned_from - left_out),
        )
        return Reduced(reduced, shape, float(1.0 / np.sum(raw**2)))

    def _log_marginal_likelihood(self, events: list[CorpusEvent], own: set[str]) -> Floats:
        """Log evidence of some events at every draw, averaged over fresh traits of the sources that are their own."""
        training, profile = self._material, self._profile
        if not events:
            return np.zeros(profile.draws)
        layout = Layout(len(training.sources), len(training.size_laws), len(training.event_types))
        corpus = Corpus(events, layout)
        logs = []
        for fresh in range(FRESH_DRAWS if own else 1):
            drawn = replace(_forget(profile, own), seed=profile.seed + 1 + fresh)
            logs.append([corpus.total(vector) for vector in _vectors(drawn, training, layout)])
        found = np.array(logs)
        largest = found.max(axis=0)
        return np.asarray(largest + np.log(np.mean(np.exp(found - largest), axis=0)))


def _forget(profile: SourceProfile, sources: set[str]) -> SourceProfile:
    """The profile without the traits of some sources."""
    return replace(
        profile,
        effects={effect: values for effect, values in profile.effects.items() if effect.of not in sources},
        sources={name: learned for name, learned in profile.sources.items() if name not in sources},
    )


def _vectors(profile: SourceProfile, training: TrainingData, layout: Layout) -> Floats:
    """The corpus's parameter vector at every draw, shape (draws, layout.size)."""
    sources = [profile.reporting(*key) for key in training.sources]
    steps = [profile.growth(kind) for kind in training.event_types]
    values: dict[str, Floats] = {}
    for name in SOURCE_PARAMETERS:
        values[name] = np.stack([getattr(source, name) for source in sources], axis=1)
    for name in SHARED_PARAMETERS:
        values[name] = getattr(sources[0], name)[:, None]
    for name, part in zip(SIZE_PARAMETERS, ("positive", "shape", "scale"), strict=True):
        values[name] = np.stack([profile.parameters[f"{law}.{part}"] for law in training.size_laws], axis=1)
    values["complete_logit"] = np.concatenate([step.complete_logit for step in steps], axis=1)
    values["documented_shape"] = np.concatenate([step.shape for step in steps], axis=1)
    values["complete_slope"] = steps[0].slope[:, None]
    for name in GROWTH_PARAMETERS[1:]:
        values[name] = getattr(steps[0], name)[:, None]
    return np.concatenate([values[name] for name in layout.lengths], axis=1)
