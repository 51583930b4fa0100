"""Generators keyed by names, and draws made block by block, each block a stratified sample by itself."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import pairwise
from statistics import NormalDist

import numpy as np

from estimates.models.types import Floats

#: Draws come in blocks of so many, each a sample by itself, so that the first ones are the same however many follow.
BLOCK = 1_000


def normal_scores(count: int, seed: int, *names: str, before: int = 0, ends: Sequence[int] = ()) -> Floats:
    """Standard normal draws, shape (count,), each block of them stratified; keyed by the seed and the names alone.

    Parameters
    ----------
    count, seed : int
    names : str
    before : int
        Draws that come before these and are left out.
    ends : sequence of int
        Where blocks end, beside every thousand draws.
    """
    return in_blocks(
        lambda rng, size: rng.permutation(normal_quantiles(size)), count, seed, *names, before=before, ends=ends
    )


def in_blocks(
    draw: Callable[[np.random.Generator, int], Floats],
    count: int,
    seed: int,
    *names: str,
    before: int = 0,
    ends: Sequence[int] = (),
) -> Floats:
    """Draws made block by block, shape (count,): the first ones are the same however many there are.

    Parameters
    ----------
    draw : callable
        Gives as many draws as it is told, from a generator that is each block's own.
    """
    end = before + count
    inside = {border for border in (*range(0, end, BLOCK), *ends) if before < border < end}

    blocks = []
    for start, following in pairwise([before, *sorted(inside), end]):
        key = (*names, f"draws from {start}") if start else names
        blocks.append(draw(generator(seed, *key), following - start))
    return blocks[0] if len(blocks) == 1 else np.concatenate(blocks)


@lru_cache(maxsize=64)
def normal_quantiles(count: int, first: float = 0.0) -> Floats:
    """Standard normal quantiles in the middle of as many equal shares, shape (count,), above the share ``first``."""
    middles = [first + (1.0 - first) * (i + 0.5) / count for i in range(count)]
    scores = np.array([NormalDist().inv_cdf(middle) for middle in middles])
    scores.setflags(write=False)
    return scores


def generator(seed: int, *names: str) -> np.random.Generator:
    """Random numbers that depend on the seed and the names alone, never on what else is drawn."""
    digest = hashlib.sha256("\x1f".join([str(seed), *names]).encode("utf-8", "surrogatepass")).digest()
    return np.random.default_rng(np.frombuffer(digest, dtype=np.uint32))
