"""Chains side by side: processes that give the same draws, tell what went wrong, and outlive nobody."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from helpers.processes import alive, children_of
from helpers.toy_walks import slow_walk, toy_chain, toy_walk

from estimates.errors import FitError
from estimates.fitting import workers
from estimates.fitting.chains import Block, Chain, joined
from estimates.fitting.workers import side_by_side


def draws_of(cores: int) -> dict[int, Any]:
    """Positions of three chains."""
    found: dict[int, list[Block]] = {}
    for number, block in side_by_side(toy_walk(), [toy_chain(number) for number in range(3)], cores):
        found.setdefault(number, []).append(block)
    return {number: joined(blocks)[0] for number, blocks in found.items()}


@pytest.mark.parametrize("cores", [2, 8])
def test_chains_in_processes_are_those_of_one_process(cores: int) -> None:
    """To the last bit, on any number of cores."""
    alone, together = draws_of(1), draws_of(cores)
    assert set(alone) == set(together) == {0, 1, 2}
    for number, positions in alone.items():
        np.testing.assert_array_equal(together[number], positions)


@pytest.mark.extended
def test_where_processes_are_not_copies_the_draws_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is sent to a fresh process is all that it needs."""
    monkeypatch.setattr(workers, "_context", lambda: multiprocessing.get_context("spawn"))
    alone = draws_of(1)
    for number, positions in draws_of(2).items():
        np.testing.assert_array_equal(positions, alone[number])


def test_what_a_chain_raises_is_raised_here() -> None:
    """With the lines of the process that raised it; the others are ended."""

    def failing(chain: Chain) -> Iterator[Block]:
        if chain.number == 1:
            raise ArithmeticError("no place to begin")
        yield from slow_walk(chain)

    with pytest.raises(ArithmeticError, match="no place to begin") as caught:
        list(side_by_side(failing, [toy_chain(0), toy_chain(1)], 2))
    assert "in failing" in "".join(caught.value.__notes__)
    assert multiprocessing.active_children() == []


def test_an_error_that_cannot_be_sent_is_told_in_words() -> None:
    """Nothing waits for ever."""

    class OddError(Exception):
        """Cannot be sent: it holds what cannot be."""

        def __init__(self) -> None:
            super().__init__(lambda: None)

    def failing(chain: Chain) -> Iterator[Block]:
        raise OddError
        yield

    with pytest.raises(RuntimeError, match="OddError"):
        list(side_by_side(failing, [toy_chain(0), toy_chain(1)], 2))


def test_a_worker_that_is_killed_ends_the_fit_with_a_message() -> None:
    """As the system does where memory runs out: which chain, why perhaps, and how to mend it."""

    def killed(chain: Chain) -> Iterator[Block]:
        if chain.number == 1:
            os.kill(os.getpid(), signal.SIGKILL)
        yield from slow_walk(chain)

    with pytest.raises(
        FitError, match=r"chain 2: its process was ended from outside \(exit status -9\), often for want"
    ):
        list(side_by_side(killed, [toy_chain(0), toy_chain(1)], 2))


def test_who_stops_listening_leaves_no_process_behind() -> None:
    """As when the disk is full: the processes of all chains are ended with the loop over their blocks."""
    blocks = side_by_side(slow_walk, [toy_chain(0), toy_chain(1)], 2)
    next(blocks)
    assert len(multiprocessing.active_children()) == 2
    blocks.close()  # type: ignore[attr-defined]
    assert multiprocessing.active_children() == []


# The death of the parent ---------------------------------------------------------------------------------------------

#: Another process finds what this one does: the package and the helpers of this folder.
HERE = os.environ | {"PYTHONPATH": os.pathsep.join(map(str, Path(__file__).resolve().parents[1:3]))}

PARENT = """
import sys
from estimates.fitting import workers
from estimates.fitting.workers import side_by_side
from helpers.toy_walks import slow_walk, toy_chain
if "watch" in sys.argv:
    workers._ON_PARENTS_DEATH = 0  # as where no signal is sent
for _ in side_by_side(slow_walk, [toy_chain(0), toy_chain(1)], 2):
    print("sampling", flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="processes are killed as POSIX systems do it")
@pytest.mark.parametrize("way", ["signal", "watch"])
def test_workers_end_when_the_parent_is_killed(way: str) -> None:
    """Whoever is killed cannot say so: the workers see it by themselves, also where the system sends no signal."""
    with subprocess.Popen([sys.executable, "-c", PARENT, way], stdout=subprocess.PIPE, text=True, env=HERE) as process:
        assert process.stdout is not None
        for _ in range(3):
            assert process.stdout.readline() == "sampling\n"
        children = children_of(process.pid, "python")
        assert len(children) == 2
        process.kill()
    assert_gone(children)


FIT = """
import sys
from helpers.fits import FEW
from estimates import fit
fit(FEW.reports, tune=400, kept=1_000, checkpoint=sys.argv[1])
"""


@pytest.mark.extended
@pytest.mark.skipif(sys.platform == "win32", reason="processes are killed as POSIX systems do it")
def test_a_fit_that_is_killed_leaves_blocks_and_no_process(tmp_path: Path) -> None:
    """A whole fit: blocks of both running chains are there, and nobody works on."""
    with subprocess.Popen([sys.executable, "-c", FIT, str(tmp_path)], env=HERE) as process:
        deadline = time.monotonic() + 300.0
        while len({path.parent for path in tmp_path.glob("*/block_*.npz")}) < 2:
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.2)
        children = children_of(process.pid, "python")
        assert len(children) == 2
        process.kill()
    assert_gone(children)


def assert_gone(children: list[int]) -> None:
    """Within a few seconds."""
    deadline = time.monotonic() + 5.0
    while any(alive(child) for child in children) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not [child for child in children if alive(child)]
