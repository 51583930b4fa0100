"""The worlds that can be simulated: the model's own, and those that break one of its assumptions each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from estimates.models.types import Integers

#: Share of each toll that sources see in the world of a common under-count.
SEEN_SHARE = 0.7


@dataclass(frozen=True)
class World:
    """What happens that the model does not expect; all else follows the model.

    Attributes
    ----------
    breaks : str
        The same in a sentence.
    remedy : str
        How a table can say what happened; empty where it cannot.
    copying : float or None
        Readiness of every source to copy; None where each has its own.
    seen_share : float
        Share of each toll that sources can see.
    inflation : int
        Factor on every number of the first source.
    has_one_hospital : bool
        Whether all figures come from one hospital.
    is_sparse : bool
        Whether every source speaks once or twice in all.
    """

    breaks: str
    remedy: str = ""
    copying: float | None = None
    seen_share: float = 1.0
    inflation: int = 1
    has_one_hospital: bool = False
    is_sparse: bool = False

    @property
    def can_attribute(self) -> bool:
        """Whether its remedy is that figures name where they come from."""
        return self.has_one_hospital or self.copying is not None

    def seen(self, rng: np.random.Generator, documentable: Integers) -> Integers:
        """What sources can see of an event at each age, from what is documentable; both of shape (bins,)."""
        if self.seen_share == 1.0:
            return documentable
        # Rounded up or down alike at every age, so that rounding alone never makes a toll grow.
        return np.floor(self.seen_share * documentable + rng.random()).astype(np.int64)


WORLD_OF_NAME: Mapping[str, World] = MappingProxyType(
    {
        "model": World("nothing: every event follows the model"),
        "copying": World(
            "raw feeds: every source copies most of what it says, without saying so",
            remedy="copies name the source they copy",
            copying=0.8,
        ),
        "common_undercount": World(
            "every source sees only the same seven tenths of each toll",
            seen_share=SEEN_SHARE,
        ),
        "shared_hospital": World(
            "every source passes on the figures of one hospital, without saying so",
            remedy="all figures name the hospital",
            has_one_hospital=True,
        ),
        "inflating": World(
            "source 1 triples every number it holds, unlike its kind",
            remedy="the losses are declared to be those of the source's enemy",
            inflation=3,
        ),
        "sparse": World(
            "nothing but that every source speaks once or twice in all, so that little is known of any",
            is_sparse=True,
        ),
    }
)
#: What each world does that the model does not expect.
WORLDS: Mapping[str, str] = MappingProxyType({name: world.breaks for name, world in WORLD_OF_NAME.items()})
#: Worlds whose table can say what happened, and how it then does.
REMEDIES: Mapping[str, str] = MappingProxyType(
    {name: world.remedy for name, world in WORLD_OF_NAME.items() if world.remedy}
)
