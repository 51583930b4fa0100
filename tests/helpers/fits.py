"""What the tests of fits share: a small table, and a sampler that takes no time."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from measures.calibration import simulated

from estimates import SourceProfile, fit

if TYPE_CHECKING:
    from estimates.fitting.model import Hierarchy

#: A table with the sources and kinds of the shared model.
FEW = simulated(901, events=12)

type Chains = list[dict[str, np.ndarray]]


class FakeSampler:
    """Stands in for ``Hierarchy.sample``: independent draws of standard normal scores, keyed by the chain's seed."""

    def __init__(self) -> None:
        self.sampled: list[int] = []
        self.stop_at: int | None = None
        self.change: Callable[[Chains], None] = lambda chains: None

    def __call__(self, hierarchy: Hierarchy, seeds: list[int], tune: int, kept: int, *others: object) -> Chains:
        if self.stop_at is not None and len(self.sampled) >= self.stop_at:
            raise KeyboardInterrupt
        self.sampled += seeds
        chains: Chains = []
        for seed in seeds:
            rng = np.random.default_rng(seed)
            lengths = {family: len(names) for family, names in hierarchy.families.items()}
            lengths["effects"] = len(hierarchy.effects)
            chain = {name: rng.standard_normal((kept, length)) for name, length in lengths.items()}
            chain |= {name: rng.uniform(0.1, 0.4, chain[name].shape) for name in ("positive", "half", "share", "end")}
            chains.append(chain | {"stat:diverging": np.zeros(kept), "stat:steps": np.ones(kept)})
        self.change(chains)
        return chains


def quick(table: Any = FEW.reports, **options: Any) -> SourceProfile:
    return fit(table, **{"draws": 100, "kept": 300, **options})


def report(event: str, source: str, figure: object, **more: object) -> dict[str, object]:
    """One row about an air strike."""
    return {"event": event, "source": source, "figure": figure, "event_type": "airstrike", **more}
