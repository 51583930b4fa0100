"""What a source profile says of the sources it was learned from, and the hash of what it holds."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from estimates.models.types import Floats
from estimates.profile.effects import Effect

__all__ = ["KNOWN_BY_NAME", "Learned", "by_name", "fingerprint_of"]

#: The fact that a profile is of a file which names the events it was learned from, and has no marks of them.
KNOWN_BY_NAME = "events_known_by_name"


@dataclass(frozen=True)
class Learned:
    """A source a profile was learned from.

    Attributes
    ----------
    source_type : str
        The type it was pooled with.
    events, reports : int
        How many it was heard in, and how often.
    """

    source_type: str
    events: int
    reports: int


def fingerprint_of(
    name: str,
    seed: int,
    bin_shares: Sequence[float],
    learned_from: Iterable[str],
    sources: Mapping[str, Learned],
    draws: Mapping[str, Floats],
) -> str:
    """Hash of what a profile holds.

    Parameters
    ----------
    draws : mapping of str to array, shape (draws,)
        Parameters and effects by their names.
    """
    about = f"{name}|{seed}|{tuple(bin_shares)}|{sorted(learned_from)}"
    digest = hashlib.sha256(about.encode("utf-8", "surrogatepass"))
    digest.update(repr(sorted(sources.items())).encode("utf-8", "surrogatepass"))

    for called, values in sorted(draws.items()):
        digest.update(called.encode("utf-8", "surrogatepass"))
        digest.update(np.ascontiguousarray(values).tobytes())
    return digest.hexdigest()[:16]


def by_name(parameters: Mapping[str, Floats], effects: Mapping[Effect, Floats]) -> dict[str, Floats]:
    """Parameters and effects, shape (draws,) each, by names for messages and hashes."""
    return {**parameters, **{f"{effect.what} of {effect.of}": values for effect, values in effects.items()}}
