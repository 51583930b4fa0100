"""Chains that need no model: a sampler with a state like PyMC's, and one that takes its time."""

from __future__ import annotations

import time
from collections import namedtuple
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from estimates.fitting.chains import STATISTICS, Block, Chain, Walk

#: As PyMC keeps the state of a random generator.
GeneratorState = namedtuple("GeneratorState", ["bit_generator_state", "seed_seq_state"])


@dataclass(kw_only=True)
class MassState:
    """Of the part of the toy that adapts a mass."""

    scale: Any
    before: list[float]
    broken: Exception | None
    size: int = field(metadata={"frozen": True})


@dataclass(kw_only=True)
class ToyState:
    """Of the toy."""

    rng: GeneratorState
    mass: MassState
    step_size: float
    draws: int
    tune: bool


class ToyStep:
    """A random walk whose steps grow with what it has seen while it is tuned; as odd as an adapting sampler."""

    def setup_chain(self, rng: np.random.Generator, tune: int, draws: int) -> None:
        self.rng = rng

    def reset_tuning(self) -> None:
        self.scale, self.before, self.step_size, self.draws = np.ones((2, 2), order="F"), [1.5], 0.5, 0

    def stop_tuning(self) -> None:
        self.tune = False

    def step(self, point: dict[str, Any]) -> tuple[dict[str, Any], list[dict[str, float]]]:
        moved = self.rng.standard_normal(2) @ self.scale * self.step_size
        point = {"one": point["one"] + moved[0], "two": point["two"] + moved[1:]}
        self.draws += 1
        if self.tune:
            self.scale = self.scale + np.outer(moved, moved) / self.draws
            self.step_size = float(np.exp(-np.mean(np.abs(self.before))))
        else:
            self.before.append(float(moved[0]))
        return point, [dict.fromkeys(STATISTICS.values(), float(self.draws))]

    @property
    def sampling_state(self) -> ToyState:
        generator = self.rng.bit_generator
        mass = MassState(scale=self.scale.copy(order="K"), before=[*self.before], broken=None, size=2)
        state = GeneratorState(generator.state, generator.seed_seq.state)  # type: ignore[attr-defined]
        return ToyState(rng=state, mass=mass, step_size=self.step_size, draws=self.draws, tune=self.tune)

    @sampling_state.setter
    def sampling_state(self, state: ToyState) -> None:
        assert state.mass.size == 2
        self.scale, self.before = state.mass.scale, state.mass.before
        self.step_size, self.draws, self.tune = state.step_size, state.draws, state.tune
        bits = np.random.PCG64(np.random.SeedSequence(**state.rng.seed_seq_state))
        bits.state = state.rng.bit_generator_state
        self.rng = np.random.Generator(bits)


def toy_walk(tune: int = 30, kept: int = 70) -> Walk:
    """Chains of the toy in two dimensions."""
    return Walk(ToyStep(), {"one": (), "two": (1,)}, tune, kept)


def toy_chain(number: int = 0, blocks: tuple[Block, ...] = ()) -> Chain:
    """A chain of the toy, from the same place and seed each time."""
    return Chain(number, 7 + number, np.array([0.25, -1.0]), blocks)


def slow_walk(chain: Chain) -> Iterator[Block]:
    """Blocks of one draw, ten a second, for longer than any test waits."""
    last = chain
    for end in range(1, 1_000):
        (block,) = toy_walk(tune=0, kept=end)(last)
        last = replace(chain, blocks=(block,))
        time.sleep(0.1)
        yield block
