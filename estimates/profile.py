"""Source profiles: posterior (or prior) draws of all that is shared between events, kept apart from the events."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from estimates.errors import ProfileError
from estimates.models.accounting import Accounting, Kernel
from estimates.models.copying import Copying
from estimates.models.documentation import STEPS, Documentation
from estimates.models.size import Size
from estimates.models.types import Floats
from estimates.priors import BIN_SHARES, ENTRAPMENT, PARTIES, PRIORS, generator, normal_scores, size_class

#: Number of draws of the published priors.
DRAWS = 1_000


@dataclass(frozen=True, eq=False)
class SourceProfile:
    """Draws of source, size, growth and wording parameters; draw ``m`` of every parameter belongs together.

    Attributes
    ----------
    name : str
    seed : int
        Keys the draws of sources that the profile does not know.
    parameters : mapping of str to array, shape (draws,)
        By the names of ``estimates.priors.PRIORS``.
    bin_shares : tuple of float
        Shares of ages for figures of unknown age.
    kernel : {"power_law", "logistic"}
    learned_from : frozenset of str
        Events the profile was learned from; they carry no weight when estimated with it.
    """

    name: str
    seed: int
    parameters: Mapping[str, Floats]
    bin_shares: tuple[float, ...] = BIN_SHARES
    kernel: Kernel = "power_law"
    learned_from: frozenset[str] = field(default_factory=frozenset)

    def __post_init__(self) -> None:
        missing = sorted(set(PRIORS) - set(self.parameters))
        if missing:
            raise ProfileError(f"profile {self.name!r} lacks the parameters {', '.join(missing)}")
        shapes = {np.shape(values) for values in self.parameters.values()}
        if len(shapes) != 1 or len(next(iter(shapes))) != 1:
            raise ProfileError(f"profile {self.name!r}: every parameter needs one number a draw, found shapes {shapes}")
        bad = sorted(name for name, values in self.parameters.items() if not np.isfinite(values).all())
        if bad:
            raise ProfileError(f"profile {self.name!r} has incomplete draws (NaN or infinite) in {', '.join(bad)}")
        for values in self.parameters.values():
            values.setflags(write=False)

    @property
    def draws(self) -> int:
        """Number of draws."""
        return len(self.parameters["kappa"])

    @property
    def kappa(self) -> Floats:
        """Strength of the undocumented remainder, shape (draws,)."""
        return self.parameters["kappa"]

    @property
    def copying(self) -> Copying:
        """Probabilities of copying and of repeating oneself."""
        return Copying(self.parameters["copying"], self.parameters["repeating"])

    def size(self, outcome: str, event_type: str) -> Size:
        """Law of the documentable toll of one outcome in one type of event."""
        prefix = f"size.{outcome}.{size_class(event_type)}"
        if f"{prefix}.shape" not in self.parameters:
            prefix = f"size.{outcome}.any"
        return Size(*(self.parameters[f"{prefix}.{part}"] for part in ("positive", "shape", "scale")))

    def documentation(self, event_type: str) -> Documentation:
        """Steps of documentation of one type of event."""
        values = self.parameters
        shift = values["complete_logit.entrapment"] if event_type in ENTRAPMENT else 0.0
        return Documentation(
            np.stack([values[f"complete_logit.{step}"] + shift for step in range(STEPS)], axis=1),
            values["complete_slope"],
            np.stack([values[f"documented_shape.{step}"] for step in range(STEPS)], axis=1),
            values["low_share"],
            values["low_shape"],
            values["rising"],
        )

    def accounting(self, source: str, source_type: str, affiliation: str) -> Accounting:
        """How one source counts: its own draw from its type, the same in every event and call."""
        values = self.parameters
        location = f"bias.{affiliation}" if affiliation != "neutral" else f"bias.{source_type}"
        if location not in values:
            location = "bias.other"
        scores = generator(self.seed, "source", "bias", affiliation, source).permutation(normal_scores(self.draws))
        party = "party" if source_type in PARTIES else "other"
        return Accounting(
            bias=values[location] + values["bias.spread"] * scores,
            exactness=values["exactness"],
            exactness_slope=values["exactness_slope"],
            below=values["below"],
            lower=values["lower"],
            upper=values["upper"],
            scale=values["scale"],
            outlier=values["outlier"],
            heaping=values["heaping"],
            at_least_shift=values["at_least_shift"],
            phantom=values["phantom"],
            none_share=values[f"none_share.{party}"],
            kernel=self.kernel,
        )

    @property
    def fingerprint(self) -> str:
        """Hash of all draws, for provenance."""
        learned = sorted(self.learned_from)
        digest = hashlib.sha256(f"{self.name}|{self.seed}|{self.kernel}|{self.bin_shares}|{learned}".encode())
        for name in sorted(self.parameters):
            digest.update(name.encode())
            digest.update(np.ascontiguousarray(self.parameters[name]).tobytes())
        return digest.hexdigest()[:16]


def published_profile(
    seed: int = 0,
    *,
    draws: int = DRAWS,
    kernel: Kernel = "power_law",
    scales: Mapping[str, float] | None = None,
) -> SourceProfile:
    """Profile made of draws from the published priors: what is assumed before any source has been checked.

    Parameters
    ----------
    seed : int
    draws : int
    kernel : {"power_law", "logistic"}
    scales : mapping of str to float, optional
        Factors on the standard deviations of priors by name, for sensitivity.
    """
    changed = dict(scales or {})
    unknown = sorted(set(changed) - set(PRIORS))
    if unknown:
        raise ProfileError(f"no prior is called {', '.join(unknown)}; known are {', '.join(sorted(PRIORS))}")
    return _published(seed, draws, kernel, tuple(sorted(changed.items())))


@lru_cache(maxsize=8)
def _published(seed: int, draws: int, kernel: Kernel, scales: tuple[tuple[str, float], ...]) -> SourceProfile:
    factors = dict(scales)
    parameters = {name: prior.sample(draws, seed, factors.get(name, 1.0)) for name, prior in PRIORS.items()}
    return SourceProfile("published priors", seed, parameters, kernel=kernel)
