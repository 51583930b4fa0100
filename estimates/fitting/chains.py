"""One chain of a sampler in blocks of draws, each with what the sampler needs to go on after it.

What is kept of the sampler is all that PyMC counts among its state: the place, the step size and its averages, the mass
matrix and its sums, counters of warm-up and both random generators. A chain that goes on from a block is therefore, on
one machine, the undisturbed one to the last bit.
"""

from __future__ import annotations

import json
import math
import time
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from estimates.models.types import Floats

#: A block ends after this share of a chain's draws and no sooner than so many seconds, for keeping it takes a moment;
#: or, with however few draws, after so many seconds at the most.
SHARE, LEAST_SECONDS, SECONDS = 1 / 100, 0.5, 60.0
#: What is kept of each draw beside the variables, and what PyMC calls it.
STATISTICS = {
    "diverging": "diverging",
    "steps": "tree_size",
    "acceptance_rate": "mean_tree_accept",
    "energy": "energy",
}

#: The sampler's state by the path of each part.
type State = dict[str, NDArray[Any]]


@dataclass(frozen=True, eq=False)
class Block:
    """Draws of a chain that follow each other, and the sampler after the last of them.

    Attributes
    ----------
    first, end : int
        Draws the chain had made before the block and after it, warm-up counted.
    positions : array, shape (draws, dimensions)
        Unconstrained, of the draws that are kept: of warm-up none.
    statistics : mapping of str to array, shape (draws,)
    place : array, shape (dimensions,)
        Where the chain is after the block.
    state : dict of str to array
    """

    first: int
    end: int
    positions: Floats
    statistics: Mapping[str, Floats]
    place: Floats
    state: State


@dataclass(frozen=True, eq=False)
class Chain:
    """A chain that is to be sampled.

    Attributes
    ----------
    number, seed : int
    place : array, shape (dimensions,)
        Where it begins, unconstrained.
    blocks : tuple of Block
        What there is of it already, from its beginning on.
    """

    number: int
    seed: int
    place: Floats
    blocks: tuple[Block, ...] = ()

    @property
    def made(self) -> int:
        """Draws there are, warm-up counted."""
        return self.blocks[-1].end if self.blocks else 0


@dataclass(frozen=True, eq=False)
class Walk:
    """How chains are run.

    Attributes
    ----------
    step : pymc.NUTS
    shapes : mapping of str to tuple of int
        Of the unconstrained variables, in their order.
    tune, kept : int
        Draws of warm-up and after it.
    """

    step: Any
    shapes: Mapping[str, tuple[int, ...]]
    tune: int
    kept: int

    @property
    def draws(self) -> int:
        """Of a chain, warm-up counted."""
        return self.tune + self.kept

    def __call__(self, chain: Chain) -> Iterator[Block]:
        """Run a chain to its end, from its beginning or its last block; blocks come as they are made."""
        step, place, made = self.step, chain.place, chain.made
        step.setup_chain(np.random.default_rng(chain.seed), self.tune, self.kept)
        step.reset_tuning()
        step.tune = self.tune > 0
        if chain.blocks:
            last = chain.blocks[-1]
            step.sampling_state = restored(step.sampling_state, last.state)
            place = last.place

        point = self._point(place)
        while made < self.draws:
            block, point = self._block(point, made)
            made = block.end
            yield block

    def _block(self, point: dict[str, Floats], first: int) -> tuple[Block, dict[str, Floats]]:
        """The next draws, and the point after them."""
        enough, began = first + math.ceil(SHARE * self.draws), time.monotonic()
        positions: list[Floats] = []
        told: dict[str, list[float]] = {name: [] for name in STATISTICS}
        draw = first
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore")
            while draw < self.draws and (draw == first or _goes_on(draw < enough, time.monotonic() - began)):
                if draw == self.tune:
                    self.step.stop_tuning()
                point, (happened,) = self.step.step(point)
                if draw >= self.tune:
                    positions.append(self._position(point))
                    for name, called in STATISTICS.items():
                        told[name].append(float(happened[called]))
                draw += 1

        place = self._position(point)
        made = np.array(positions).reshape(-1, len(place))
        statistics = {name: np.array(values) for name, values in told.items()}
        return Block(first, draw, made, statistics, place, state_of(self.step.sampling_state)), point

    def _point(self, position: Floats) -> dict[str, Floats]:
        """Unconstrained variables by name."""
        result, at = {}, 0
        for name, shape in self.shapes.items():
            result[name] = position[at : at + math.prod(shape)].reshape(shape).copy()
            at += math.prod(shape)
        return result

    def _position(self, point: Mapping[str, Floats]) -> Floats:
        return np.concatenate([np.ravel(point[name]) for name in self.shapes])


def _goes_on(short: bool, seconds: float) -> bool:
    """Whether a block, short of draws or not, takes up one more after so many seconds."""
    return seconds < (SECONDS if short else LEAST_SECONDS)


def joined(blocks: Sequence[Block]) -> tuple[Floats, dict[str, Floats]]:
    """Positions, shape (draws, dimensions), and statistics, shape (draws,), of all blocks of a chain."""
    positions = np.concatenate([block.positions for block in blocks])
    return positions, {name: np.concatenate([block.statistics[name] for block in blocks]) for name in STATISTICS}


def state_of(state: Any, path: str = "") -> State:
    """The parts of a sampler's state that change, as arrays; random generators as text."""
    result: State = {}
    for part in fields(state):
        name, value = path + part.name, getattr(state, part.name)
        if part.metadata.get("frozen") or value is None or isinstance(value, Exception):
            continue
        if is_dataclass(value):
            result |= state_of(value, f"{name}/")
        elif hasattr(value, "_asdict"):
            result[name] = np.array(json.dumps(value._asdict()))
        else:
            result[name] = np.asarray(value)
    return result


def restored(fresh: Any, kept: State, path: str = "") -> Any:
    """The state of a sampler that was just set up with what was kept of another put in its place."""
    values = {}
    for part in fields(fresh):
        name, value = path + part.name, getattr(fresh, part.name)
        if is_dataclass(value):
            value = restored(value, kept, f"{name}/")
        elif name in kept:
            value = _like(kept[name], value)
        values[part.name] = value
    return type(fresh)(**values)


def _like(kept: NDArray[Any], fresh: Any) -> Any:
    """What was kept of a part, as the kind of value the part has."""
    if hasattr(fresh, "_asdict"):
        return type(fresh)(**json.loads(str(kept)))
    return kept if isinstance(fresh, np.ndarray) and kept.ndim else kept.tolist()
