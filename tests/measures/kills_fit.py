"""Measure: what twenty SIGKILLs at random moments cost a fit with a checkpoint, and whether its result is the undisturbed one.

A small table is fitted once without disturbance. Then a copy of this process, which has the compiled model already, makes the
same fit with a checkpoint, is killed at a random moment, and is started again with the same arguments until it ends; where
it ends before there were twenty kills, one more begins in an empty folder. Every draw that any process makes is counted by
one byte in a file, so the draws that were made and not kept are known: they are sampled again. Beside them: the files that
bear the name of a finished one and are not whole, and the processes that are alive three seconds after the kill.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pymc
from _common import Figure, record, verdict
from helpers.fits import FEW
from helpers.processes import alive, children_of

from estimates import fit
from estimates.fitting import model as models
from estimates.fitting.checkpoints import _block, _read
from estimates.fitting.model import Hierarchy

TUNE, KEPT, CHAINS = 100, 300, 4
KILLS, MOST_LOST = 20, 0.1
#: Seconds after a kill when nobody may be alive, and between two looks.
GRACE, LOOK = 3.0, 0.2


@dataclass(frozen=True)
class Kill:
    """What one kill cost: draws made and not kept, files that are not whole, processes left alive."""

    lost: int
    broken: int
    left: int


def once(function: Callable[..., object]) -> Callable[..., object]:
    """What a function gives the first time, whatever it is asked for: here that is always the same."""
    found: list[object] = []

    def given(*arguments: object) -> object:
        if not found:
            found.append(function(*arguments))
        return found[0]

    return given


def keep_what_is_compiled() -> None:
    """Compile the model, its density and its step once, for this process and its copies."""
    models.build, Hierarchy.density, Hierarchy.step = (  # type: ignore[assignment,method-assign]
        once(each) for each in (models.build, Hierarchy.density, Hierarchy.step)
    )


def fitted(counter: Path, folder: Path | None) -> str:
    """The fingerprint of the fit, whose draws are counted."""
    file = os.open(counter, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    original = pymc.NUTS.step

    def counted(self: object, point: object) -> object:
        os.write(file, b".")
        return original(self, point)

    pymc.NUTS.step = counted
    try:
        return fit(FEW.reports, tune=TUNE, kept=KEPT, chains=CHAINS, cores=2, checkpoint=folder).fingerprint
    finally:
        pymc.NUTS.step = original
        os.close(file)


def started(counter: Path, folder: Path) -> int:
    """A copy of this process that makes the fit and writes down its fingerprint."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*fork", category=DeprecationWarning)
        copy = os.fork()
    if copy == 0:
        status = 1
        try:
            folder.with_suffix(".result").write_text(fitted(counter, folder))
            status = 0
        finally:
            os._exit(status)
    return copy


def ended(copy: int) -> bool:
    """Whether a copy has ended by itself."""
    process, status = os.waitpid(copy, os.WNOHANG)
    if process and status:
        sys.exit(f"a fit that was not killed ended with status {status}")
    return bool(process)


def made(counter: Path) -> int:
    """Draws that any process has made."""
    return counter.stat().st_size if counter.exists() else 0


def kept(folder: Path) -> int:
    """Draws that are in whole files, without clearing anything up."""
    whole = sum(TUNE + KEPT for path in folder.glob("chain_*.npz") if _read(path) is not None)
    finished = {path.stem for path in folder.glob("chain_*.npz")}
    ends = 0
    for blocks in folder.glob("chain_*/"):
        end = 0
        while blocks.name not in finished and (block := _block(blocks, end)) is not None:
            end = block.end
        ends += end
    return whole + ends


def broken(folder: Path) -> int:
    """Files under the name of a finished one that are not whole."""
    return sum(_read(path) is None for path in [*folder.glob("chain_*.npz"), *folder.glob("chain_*/block_*.npz")])


def killed(copy: int, counter: Path, folder: Path, before: tuple[int, int]) -> Kill:
    """Kill a fit, and look at what is left; ``before`` are the draws made and kept when it started."""
    children = children_of(copy)
    os.kill(copy, signal.SIGKILL)
    os.waitpid(copy, 0)
    time.sleep(GRACE)
    lost = (made(counter) - before[0]) - (kept(folder) - before[1])
    return Kill(lost, broken(folder), sum(alive(child) for child in children))


def lives(rng: np.random.Generator, whole: float, base: Path, kills: int) -> Iterator[Kill | str]:
    """Kills and, whenever a fit ends, its fingerprint."""
    done, number = 0, 0
    while done < kills:
        folder, counter, number = base / f"kept {number}", base / f"draws {number}", number + 1
        over = False
        while not over:
            before = made(counter), kept(folder)
            copy = started(counter, folder)
            until = time.monotonic() + (rng.uniform(0.0, whole) if done < kills else np.inf)
            while not (over := ended(copy)) and time.monotonic() < until:
                time.sleep(LOOK)
            if over:
                yield folder.with_suffix(".result").read_text()
            else:
                done += 1
                yield killed(copy, counter, folder, before)


def main() -> None:
    """Print the measure and keep it."""
    arguments_of = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments_of.add_argument("--kills", type=int, default=KILLS)
    arguments_of.add_argument(
        "--seconds", type=float, help="latest moment of a kill; by default what an undisturbed fit takes"
    )
    arguments_of.add_argument("--seed", type=int, default=0)
    arguments = arguments_of.parse_args()

    found: list[Kill] = []
    results: list[str] = []
    with tempfile.TemporaryDirectory() as base:
        keep_what_is_compiled()
        undisturbed = fitted(Path(base) / "draws", None)
        whole = arguments.seconds
        if whole is None:
            began = time.monotonic()
            assert fitted(Path(base) / "draws", None) == undisturbed, "two undisturbed fits differ"
            whole = time.monotonic() - began
        print(f"undisturbed: {whole:.0f} s", file=sys.stderr, flush=True)
        for each in lives(np.random.default_rng(arguments.seed), whole, Path(base), arguments.kills):
            print(each, file=sys.stderr, flush=True)
            (results if isinstance(each, str) else found).append(each)  # type: ignore[arg-type]

    draws = CHAINS * (TUNE + KEPT)
    lost = [kill.lost / draws for kill in found]
    same = sum(result == undisturbed for result in results)
    record(
        "kills of a fit",
        [
            Figure("SIGKILLs", len(found)),
            Figure("latest moment of a kill", whole, "s"),
            Figure("share of the draws lost, mean of a kill", float(np.mean(lost)), "", f"<= {MOST_LOST} {verdict(float(np.mean(lost)), MOST_LOST)}"),
            Figure("share of the draws lost, largest of a kill", max(lost), "", f"<= {MOST_LOST} {verdict(max(lost), MOST_LOST)}"),
            Figure("share of the draws lost, all kills of a fit together", sum(lost) / len(results)),
            Figure("fits that ended after kills", len(results)),
            Figure("of these equal to the undisturbed one to the last bit", same, "", f"all: {verdict(same, len(results), at_least=True)}"),
            Figure("files taken for whole that are not", sum(kill.broken for kill in found), "", "0"),
            Figure("processes alive three seconds after a kill", sum(kill.left for kill in found), "", "0"),
        ],
        __file__,
    )  # fmt: skip


if __name__ == "__main__":
    main()
