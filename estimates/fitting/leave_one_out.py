"""A fitted profile as it would be without some of the events it was learned from, by importance weights.

Leaving an event out divides the posterior by the probability of its figures, toll included: each draw is weighted by
one over that (Gelfand, Dey and Chang 1992). What belongs to sources that were heard in these events alone is averaged
out first, over fresh draws from their type: they are unknown again. Where few draws would carry the weight, the Pareto
shape says so and the caller fits again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from estimates.fitting.counts import OrdinaryCounts
from estimates.fitting.training import training_data
from estimates.models import importance
from estimates.models.corpus.layout import CorpusEvent
from estimates.models.corpus.likelihood import Corpus
from estimates.models.importance import LARGEST_PARETO_SHAPE
from estimates.models.types import Floats
from estimates.profile.blocks import generator
from estimates.profile.effects import layout_of
from estimates.profile.profile import SourceProfile
from estimates.table.reports import Reports

#: Fewer effective draws than this are too few.
FEWEST_EFFECTIVE_DRAWS = 60
#: Fresh draws of the effects of sources that are heard nowhere else.
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
        As ``fit`` returned it, with the effects of all its sources.
    reports : Reports
        What it was learned from.
    chosen_for_size : bool
        As in the fit.
    counts : sequence of OrdinaryCounts
        As in the fit.
    """

    def __init__(
        self,
        profile: SourceProfile,
        reports: Reports,
        *,
        chosen_for_size: bool,
        counts: Sequence[OrdinaryCounts] = (),
    ) -> None:
        self._profile = profile
        self._training = training_data(reports, chosen_for_size=chosen_for_size, counts=counts)

    def without(self, events: Iterable[str]) -> Reduced:
        """The profile without these events; those it was not learned from change nothing."""
        left_out, profile = set(events), self._profile
        taken, own = self._taken(left_out)
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
            learned_from=profile.learned_from - {self._training.marks.get(event, "") for event in left_out},
        )
        return Reduced(reduced, shape, float(1.0 / np.sum(raw**2)))

    def _taken(self, left_out: set[str]) -> tuple[list[CorpusEvent], set[str]]:
        """The events left out, and the sources that are heard in these alone."""
        taken, gone, staying = [], set[str](), set[str]()
        for event, name in zip(self._training.events, self._training.called, strict=True):
            heard = {self._training.sources[number].source for number in event.sources}
            if name in left_out:
                taken.append(event)
                gone |= heard
            else:
                staying |= heard
        return taken, gone - staying

    def _log_marginal_likelihood(self, events: list[CorpusEvent], own: set[str]) -> Floats:
        """Of some events, shape (draws,), averaged over fresh effects of the sources that are their own."""
        training, profile = self._training, self._profile
        if not events:
            return np.zeros(profile.draws)

        layout = layout_of(training.sources, training.size_laws, training.growth_laws)
        corpus = Corpus(events, layout)
        logs = []
        for fresh in range(FRESH_DRAWS if own else 1):
            drawn = replace(_forget(profile, own), seed=profile.seed + 1 + fresh)
            vectors = drawn.vectors(training.sources, training.size_laws, training.growth_laws)
            logs.append([corpus.total(vector) for vector in vectors])

        found = np.array(logs)
        largest = found.max(axis=0)
        return np.asarray(largest + np.log(np.mean(np.exp(found - largest), axis=0)))


def _forget(profile: SourceProfile, sources: set[str]) -> SourceProfile:
    """The profile without the effects of some sources."""
    return replace(
        profile,
        effects={effect: values for effect, values in profile.effects.items() if effect.of not in sources},
        sources={name: learned for name, learned in profile.sources.items() if name not in sources},
    )
