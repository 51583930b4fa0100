"""Chains in blocks: a chain that goes on from a block is the undisturbed one, and PyMC's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from helpers.fits import FEW
from helpers.toy_walks import ToyStep, toy_chain, toy_walk

from estimates.fitting import chains
from estimates.fitting.chains import STATISTICS, Block, Chain, Walk, joined, restored, state_of


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks that wait for no time to pass."""
    monkeypatch.setattr(chains, "LEAST_SECONDS", 0.0)


def resumed(walk: Walk, chain: Chain, blocks: Sequence[Block], after: int) -> list[Block]:
    """The chain with its first blocks, and what is sampled on from there."""
    return [*blocks[:after], *walk(replace(chain, blocks=tuple(blocks[:after])))]


def assert_the_same(one: Sequence[Block], other: Sequence[Block]) -> None:
    """To the last bit."""
    (positions, statistics), (others, of_others) = joined(one), joined(other)
    np.testing.assert_array_equal(positions, others)
    for name in STATISTICS:
        np.testing.assert_array_equal(statistics[name], of_others[name])


def test_blocks_are_a_hundredth_of_a_chain_and_follow_each_other() -> None:
    """A kill loses no more; draws of warm-up are counted and not kept."""
    blocks = list(toy_walk(tune=250, kept=750)(toy_chain()))
    assert len(blocks) == 100
    assert [block.first for block in blocks] == [0, *(block.end for block in blocks[:-1])]
    assert all(block.end - block.first == 10 for block in blocks)
    assert joined(blocks)[0].shape == (750, 2)
    np.testing.assert_array_equal(joined(blocks)[1]["steps"], np.arange(251, 1001))


def test_a_block_is_not_kept_more_often_than_twice_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where draws take no time a block has more of them: keeping them must not take longer than making them."""
    monkeypatch.setattr(chains, "LEAST_SECONDS", 60.0)
    (block,) = toy_walk(tune=250, kept=750)(toy_chain())
    assert (block.first, block.end) == (0, 1_000)


def test_a_block_ends_after_a_minute_whatever_its_length(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where draws take long a block has fewer, but one at least."""
    monkeypatch.setattr(chains, "SECONDS", 0.0)
    blocks = list(toy_walk(tune=300, kept=700)(toy_chain()))
    assert [block.end - block.first for block in blocks] == [1] * 1_000


@pytest.mark.parametrize("after", [1, 15, 29, 30, 31, 60, 99])
def test_a_chain_goes_on_from_any_block_as_if_nothing_had_happened(after: int) -> None:
    """To the last bit, in warm-up, at its end and after it, for a sampler that adapts."""
    walk = toy_walk()
    whole = list(walk(toy_chain()))
    assert_the_same(resumed(toy_walk(), toy_chain(), whole, after), whole)


def test_blocks_may_be_cut_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """The draws are the same, wherever blocks end: keeping them changes nothing."""
    whole = list(toy_walk()(toy_chain()))
    monkeypatch.setattr(chains, "SHARE", 0.13)
    assert_the_same(list(toy_walk()(toy_chain())), whole)


def test_a_sampler_serves_one_chain_after_the_other() -> None:
    """What one chain has left in it is gone when the next one begins."""
    walk = toy_walk()
    first = list(walk(toy_chain()))
    list(walk(toy_chain(1)))
    assert_the_same(list(walk(toy_chain())), first)


def test_what_is_kept_of_a_sampler_is_all_that_changes() -> None:
    """Frozen parts stay those of the sampler at hand; every other one comes back with its value and kind."""
    step, fresh = ToyStep(), ToyStep()
    for each, seed in ((step, 3), (fresh, 4)):
        each.setup_chain(np.random.default_rng(seed), 5, 5)
        each.reset_tuning()
        each.tune = True
    for _ in range(3):
        step.step({"one": np.array(0.0), "two": np.zeros(1)})

    kept = state_of(step.sampling_state)
    assert set(kept) == {"rng", "mass/scale", "mass/before", "step_size", "draws", "tune"}
    state: Any = restored(fresh.sampling_state, kept)
    assert (state.tune, state.draws, state.step_size, state.mass.before) == (True, 3, step.step_size, [1.5])
    np.testing.assert_array_equal(state.mass.scale, step.scale)
    assert state.rng.bit_generator_state == step.rng.bit_generator.state


@pytest.mark.extended
@pytest.mark.parametrize("full", [True, False])
def test_the_samplers_chains_are_pymcs_own_and_go_on_from_any_block(full: bool) -> None:
    """With a full mass matrix and with variances alone, to the last bit. Oracle: the loop of ``pymc.sample``."""
    from pymc.sampling.mcmc import _iter_sample

    from estimates.fitting.model import build
    from estimates.fitting.training import training_data
    from estimates.fitting.variational import Start, start_of_chains

    hierarchy = build(training_data(FEW.reports))
    start = start_of_chains(hierarchy.density(), hierarchy.start(), np.random.default_rng(1))
    assert start.covariance is not None
    step = hierarchy.step(start if full else Start(start.centre, start.width, None), 0.8)

    walk = Walk(step, {name: np.shape(value) for name, value in hierarchy._initial().items()}, 60, 60)
    chain = Chain(0, 5, start.draw(5))
    whole = list(walk(chain))
    for after in (1, 29, 30, 31, 45, 59):
        assert_the_same(resumed(walk, chain, whole, after), whole)

    class Trace:
        """What PyMC's loop writes to."""

        def __init__(self) -> None:
            self.positions: list[Any] = []

        def record(self, point: dict[str, Any], stats: Any, *, in_warmup: bool) -> None:
            if not in_warmup:
                self.positions.append(np.concatenate([np.ravel(point[name]) for name in walk.shapes]))

        def close(self) -> None:
            """Nothing is open."""

    trace, rng = Trace(), np.random.default_rng(chain.seed)
    beginning = walk._point(chain.place)
    with hierarchy.model:
        list(_iter_sample(draws=120, tune=60, step=step, start=beginning, trace=trace, rng=rng))
    np.testing.assert_array_equal(np.array(trace.positions), joined(whole)[0])
