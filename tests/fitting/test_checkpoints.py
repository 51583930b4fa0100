"""Checkpoints: what is half written or changed is as good as none, and one fit at a time uses a folder."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from helpers.toy_walks import toy_chain, toy_walk

from estimates.errors import EstimatesError
from estimates.fitting import chains
from estimates.fitting.chains import Block, joined
from estimates.fitting.checkpoints import Checkpoint
from estimates.reserving import reserved

SETTINGS = {"seed": 0}


@pytest.fixture
def blocks(monkeypatch: pytest.MonkeyPatch) -> list[Block]:
    """Of one draw each."""
    monkeypatch.setattr(chains, "LEAST_SECONDS", 0.0)
    return list(toy_walk(tune=2, kept=4)(toy_chain()))


@pytest.fixture
def store(tmp_path: Path, blocks: list[Block]) -> Checkpoint:
    """A checkpoint with all blocks of one chain."""
    checkpoint = Checkpoint(tmp_path, SETTINGS)
    for block in blocks:
        checkpoint.save_block(0, block)
    return checkpoint


def files_of(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


# Blocks --------------------------------------------------------------------------------------------------------------


def test_blocks_come_back_as_they_were_kept(store: Checkpoint, blocks: list[Block]) -> None:
    """All of them in order, with draws, statistics, place and state; another chain has none."""
    found = store.blocks(0)
    assert [(block.first, block.end) for block in found] == [(block.first, block.end) for block in blocks]
    for one, other in zip(found, blocks, strict=True):
        np.testing.assert_array_equal(one.positions, other.positions)
        np.testing.assert_array_equal(one.place, other.place)
        for mine, others in ((one.statistics, other.statistics), (one.state, other.state)):
            assert set(mine) == set(others)
            assert all(mine[name].tobytes() == others[name].tobytes() for name in mine)
    assert store.blocks(1) == ()


def test_a_chain_goes_on_from_what_was_written_to_the_last_bit(store: Checkpoint, blocks: list[Block]) -> None:
    """The way through a file loses nothing of the state."""
    for after in range(1, len(blocks)):
        kept = store.blocks(0)[:after]
        again = [*kept, *toy_walk(tune=2, kept=4)(toy_chain(0, kept))]
        np.testing.assert_array_equal(joined(again)[0], joined(blocks)[0])


def damages(content: bytes) -> Iterator[bytes]:
    """Every way to cut a file off, and every byte of it changed; a sample of both."""
    for length in (0, 1, 31, 32, 33, len(content) // 2, len(content) - 33, len(content) - 1):
        yield content[:length]
    for at in range(0, len(content), 97):
        yield content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]
    yield content + b"\0"
    yield bytes(len(content))


def test_a_block_that_is_not_whole_is_never_taken_for_one(tmp_path: Path, store: Checkpoint) -> None:
    """Cut off or changed anywhere, it ends what there is of the chain; what follows it goes as well."""
    whole = {path: path.read_bytes() for path in files_of(tmp_path)}
    damaged = list(whole)[3]
    count = 0
    for content in damages(whole[damaged]):
        for path, before in whole.items():
            path.write_bytes(before)
        damaged.write_bytes(content)
        assert [block.first for block in store.blocks(0)] == [0, 1, 2]
        assert files_of(tmp_path) == list(whole)[:3]
        count += 1
    assert count > 30


def test_a_block_in_the_place_of_another_is_refused(tmp_path: Path, store: Checkpoint) -> None:
    """The name of a file is not believed: a block says itself where it belongs."""
    paths = files_of(tmp_path)
    paths[2].write_bytes(paths[4].read_bytes())
    assert [block.end for block in store.blocks(0)] == [1, 2]


def test_what_a_kill_left_behind_is_cleared(tmp_path: Path, store: Checkpoint) -> None:
    """The temporary file of a block that was being written goes; the blocks stay."""
    before = files_of(tmp_path)
    (before[0].parent / ".0123456789abcdef.tmp").write_bytes(b"half a blo")
    assert len(store.blocks(0)) == 6
    assert files_of(tmp_path) == before


def test_a_finished_chain_takes_the_place_of_its_blocks(tmp_path: Path, store: Checkpoint, blocks: list[Block]) -> None:
    """One file is left, which NumPy reads; changed anywhere, it is as good as none."""
    variables = {"effects": joined(blocks)[0]}
    store.save(0, variables)
    (path,) = files_of(tmp_path)
    with np.load(path) as stored:
        np.testing.assert_array_equal(stored["effects"], variables["effects"])
    assert store.blocks(0) == ()

    for content in damages(path.read_bytes()):
        path.write_bytes(content)
        assert store.load(0) is None


def test_blocks_of_other_settings_are_left_alone(tmp_path: Path, store: Checkpoint, blocks: list[Block]) -> None:
    """Another fit neither finds nor removes them."""
    other = Checkpoint(tmp_path, {"seed": 1})
    assert other.blocks(0) == ()
    other.save_block(0, blocks[0])
    other.save(0, {"effects": joined(blocks)[0]})
    assert len(store.blocks(0)) == 6


def test_without_a_folder_nothing_is_kept(tmp_path: Path, blocks: list[Block], monkeypatch: pytest.MonkeyPatch) -> None:
    """No file is made anywhere near."""
    monkeypatch.chdir(tmp_path)
    nowhere = Checkpoint(None, SETTINGS)
    with reserved(None):
        nowhere.save_block(0, blocks[0])
        nowhere.save(0, {"effects": joined(blocks)[0]})
    assert (nowhere.blocks(0), nowhere.load(0)) == ((), None)
    assert files_of(tmp_path) == []


def test_a_block_that_cannot_be_kept_says_so(tmp_path: Path, store: Checkpoint, blocks: list[Block]) -> None:
    """A full disk or a folder that is closed is an error and no silent loss; what was kept stays."""
    (folder,) = tmp_path.iterdir()
    beyond = replace(blocks[0], first=9_999_999)
    (folder / "block_9999999.npz").mkdir()
    with pytest.raises(EstimatesError, match=r"block_9999999\.npz is a folder"):
        store.save_block(0, beyond)
    assert (folder / "block_0000005.npz").exists()


# One fit at a time ---------------------------------------------------------------------------------------------------

HOLDER = """
import sys, time
from estimates.reserving import reserved
with reserved(sys.argv[1]):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def holder(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that uses the folder."""
    arguments = [sys.executable, "-c", HOLDER, str(tmp_path / "kept")]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_the_second_process_is_told_and_the_killed_one_stands_in_nobodys_way(
    tmp_path: Path, holder: subprocess.Popen[str]
) -> None:
    """What, where and how to mend it; after a SIGKILL the folder is free at once."""
    kept = tmp_path / "kept"
    told = r"kept: another fit is using this folder; wait until it has ended, or name another one"
    with pytest.raises(EstimatesError, match=told), reserved(kept):
        pass
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait()
    with reserved(kept):
        pass


def test_two_fits_of_one_process_are_kept_apart_as_well(tmp_path: Path) -> None:
    """And the folder is free when the first one has ended, by whatever error."""
    with reserved(tmp_path):
        with pytest.raises(EstimatesError, match="another fit is using this folder"), reserved(tmp_path):
            pass
        with pytest.raises(EstimatesError, match="another fit is using this folder"), reserved(tmp_path):
            pass
    with pytest.raises(ZeroDivisionError), reserved(tmp_path):
        raise ZeroDivisionError
    with reserved(tmp_path):
        pass


@pytest.mark.skipif(not hasattr(os, "fork"), reason="copies of a process are made on POSIX systems")
def test_a_copy_of_the_process_does_not_keep_the_folder(tmp_path: Path) -> None:
    """A worker that outlives the fit by a moment is in nobody's way: the lock is not its own."""
    here, there = os.pipe()
    with reserved(tmp_path):
        child = os.fork()
        if child == 0:
            os.write(there, b"!")
            time.sleep(60.0)
        os.read(here, 1)  # the copy runs
    try:
        with reserved(tmp_path):
            pass
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(here)
        os.close(there)
