"""What the tests of fits share: a small table, and a sampler that takes no time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from measures.calibration import simulated

from estimates import SourceProfile, fit

if TYPE_CHECKING:
    from estimates.fitting.chains import Chain
    from estimates.fitting.model import Hierarchy

#: A table with the sources and kinds of the shared model.
FEW = simulated(901, events=12)

type FakeChain = dict[str, np.ndarray]


class FakeSampler:
    """Stands in for ``Hierarchy.sample``: independent draws of standard normal scores, keyed by the chain's seed."""

    def __init__(self) -> None:
        self.sampled: list[int] = []
        self.stop_at: int | None = None
        self.change: Callable[[int, FakeChain], None] = lambda number, chain: None

    def __call__(
        self, hierarchy: Hierarchy, chains: list[Chain], tune: int, kept: int, *others: object
    ) -> Iterator[tuple[int, FakeChain]]:
        for asked in chains:
            if self.stop_at is not None and len(self.sampled) >= self.stop_at:
                raise KeyboardInterrupt
            self.sampled.append(asked.seed)
            rng = np.random.default_rng(asked.seed)
            lengths = {family: len(names) for family, names in hierarchy.families.items()}
            lengths["effects"] = len(hierarchy.effects)
            chain = {name: rng.standard_normal((kept, length)) for name, length in lengths.items()}
            chain |= {name: rng.uniform(0.1, 0.4, chain[name].shape) for name in ("positive", "half", "share", "end")}
            chain |= {"stat:diverging": np.zeros(kept), "stat:steps": np.ones(kept)}
            self.change(asked.number, chain)
            yield asked.number, chain


def quick(table: Any = FEW.reports, **options: Any) -> SourceProfile:
    return fit(table, **{"draws": 100, "kept": 300, **options})


def report(event: str, source: str, figure: object, **more: object) -> dict[str, object]:
    """One row about an air strike."""
    return {"event": event, "source": source, "figure": figure, "event_type": "airstrike", **more}
