"""What all accounts of a case together hold, drawn under draws of a profile, and the tolls adjudicated from it.

The error that the accounts of an event share may be another one in every event, or much the same in all of them. A
count here is therefore drawn before that error: the same counts serve for both.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from estimates.inference.cases import Case
from estimates.inference.engine import engine_of
from estimates.inference.posterior import Answer
from estimates.models import adjudicated
from estimates.models.event import Observations
from estimates.models.types import Floats, Integers
from estimates.profile.blocks import generator
from estimates.profile.profile import DRAWS, SourceProfile


@dataclass(frozen=True, eq=False)
class Parents:
    """The draws of a profile that some tolls belong to, looked at once for all cases.

    Attributes
    ----------
    of_tolls : integer array, shape (tolls,)
        The draw of each toll, in increasing order.
    draws : integer array, shape (different draws,)
        Each draw once.
    place : integer array, shape (tolls,)
        Which of the different draws is that of each toll.
    number, among : integer arrays, shape (tolls,)
        Which of the tolls of its draw each one is, and how many these are.
    """

    of_tolls: NDArray[np.intp]
    draws: NDArray[np.intp]
    place: NDArray[np.intp]
    number: NDArray[np.intp]
    among: NDArray[np.intp]

    @classmethod
    def of(cls, of_tolls: NDArray[np.intp]) -> Parents:
        """Those of tolls whose draws are given, an integer array of shape (tolls,) in increasing order."""
        draws, first, place, counts = np.unique(of_tolls, return_index=True, return_inverse=True, return_counts=True)
        return cls(of_tolls, draws, place, np.arange(len(of_tolls)) - first[place], counts[place])


@dataclass(frozen=True, eq=False)
class Accounts:
    """Counts that the accounts of one case hold, and the law of the error they share, all of shape (tolls,).

    Attributes
    ----------
    counts : integer array, shape (tolls,)
    wrong, scale : arrays, shape (tolls,)
        Probability that they share an error, and its scale.
    floor : int
    at_risk : float
    """

    counts: Integers
    wrong: Floats
    scale: Floats
    floor: int
    at_risk: float

    def of(self, parents: NDArray[np.intp]) -> Accounts:
        """Those of some tolls, an integer array of shape (tolls,)."""
        return replace(self, counts=self.counts[parents], wrong=self.wrong[parents], scale=self.scale[parents])

    def adjudicated(self, uniforms: Floats) -> Integers:
        """Tolls at quantiles of their law given the counts, shape (tolls,)."""
        return adjudicated.tolls(uniforms, self.counts, self.wrong, self.scale, self.floor, self.at_risk)


@dataclass(frozen=True, eq=False)
class AccountsLaw:
    """The law of what all accounts of a case together hold, under each draw of a profile.

    Attributes
    ----------
    case : Case
    profile : SourceProfile
    mass : array, shape (cells, draws)
        In proportion to the probability of each cell, of all distances between the sources one after another.
    start, width : integer arrays, shape (cells,)
    distance : array, shape (cells,)
    """

    case: Case
    profile: SourceProfile
    mass: NDArray[np.floating]
    start: Integers
    width: Integers
    distance: Floats

    def under(self, parents: Parents, seed: int) -> Accounts:
        """Accounts for each toll of some draws."""
        rng = generator(seed, "joint tolls", self.case.event, self.case.outcome)
        cells = _cells_under(self.mass, parents, rng)
        counts = self.start[cells] + (self.width[cells] * rng.random(len(cells))).astype(np.int64)
        return _accounts(self.case, self.profile, parents.of_tolls, counts, self.distance[cells])


def accounts_of(
    cases: Sequence[Case], profile: SourceProfile, parents: NDArray[np.intp], seed: int
) -> Iterator[Accounts]:
    """Accounts of one case after another, one for each of some draws.

    Parameters
    ----------
    cases : sequence of Case
    profile : SourceProfile
    parents : integer array, shape (tolls,)
        Draws of the profile, in increasing order.
    seed : int
    """
    looked_at = Parents.of(parents)
    return (law.under(looked_at, seed) for law in laws_of(cases, profile))


def laws_of(cases: Sequence[Case], profile: SourceProfile) -> Iterator[AccountsLaw]:
    """The law of the accounts of one case after another.

    Parameters
    ----------
    cases : sequence of Case
    profile : SourceProfile
    """
    parts = [by_distance(case) for case in cases]
    tables = engine_of(profile).tables([part for each in parts for part in each], of_accounts=True)

    for case, each in zip(cases, parts, strict=True):
        found = [next(tables) for _ in each]
        logs = np.stack([table.log_marginal_likelihood for table in found])
        shares = np.exp(logs - logs.max(axis=0))
        mass = np.concatenate([table.mass * share for table, share in zip(found, shares, strict=True)])

        start, width = (np.concatenate([getattr(part.grid, name) for part in each]) for name in ("start", "width"))
        distance = np.repeat([distance_of(part) for part in each], [len(part.grid) for part in each])
        yield AccountsLaw(case, profile, mass, start, width, distance)


def kept_accounts(answers: Iterable[Answer], profile: SourceProfile, seed: int) -> Iterator[Accounts]:
    """Accounts of one case after another as they were drawn with the answers, one for each of the first draws.

    Parameters
    ----------
    answers : iterable of Answer
    profile : SourceProfile
        Of the first draws.
    seed : int
    """
    every = np.arange(profile.draws)
    for answer in answers:
        case, cells = answer.case, answer.held.astype(np.int64)
        distances = np.array([observations.distance for _, observations in case.alternatives])
        rng = generator(seed, "kept accounts", case.event, case.outcome)
        counts = case.grid.start[cells] + (case.grid.width[cells] * rng.random(len(cells))).astype(np.int64)
        yield _accounts(case, profile, every, counts, distances[answer.alternative])


def _accounts(
    case: Case, profile: SourceProfile, parents: NDArray[np.intp], counts: Integers, distance: Floats
) -> Accounts:
    """Accounts of a case from counts and distances of the sources, all of shape (tolls,)."""
    return Accounts(
        counts=counts,
        wrong=profile.parameters["shared_error"][parents],
        scale=adjudicated.scale_of(1.0) * spreads_of(profile, distance, parents),
        floor=case.floor or 1,
        at_risk=np.inf if case.at_risk is None else case.at_risk,
    )


def spreads_of(profile: SourceProfile, distance: float | Floats, parents: NDArray[np.intp] | slice) -> Floats:
    """Standard deviation of a shared error, before it is cut, at some draws of a profile, shape (tolls,).

    Parameters
    ----------
    profile : SourceProfile
    distance : float or array, shape (tolls,)
        How far the sources lie apart.
    parents : slice or integer array, shape (tolls,)
        The draws.
    """
    base, factor = (profile.parameters[f"shared_error_{name}"][parents] for name in ("base", "factor"))
    return np.asarray(np.sqrt(base**2 + (factor * distance) ** 2))


def by_distance(case: Case) -> list[Case]:
    """The same case with the alternatives of one distance between the sources alone, for each distance."""
    of_distance: dict[float, list[tuple[float, Observations]]] = defaultdict(list)
    for share, observations in case.alternatives:
        of_distance[observations.distance].append((share, observations))
    return [replace(case, alternatives=tuple(each)) for each in of_distance.values()]


def distance_of(part: Case) -> float:
    """How far the figures of a case lie apart whose alternatives all have the same distance."""
    return part.alternatives[0][1].distance


def spread_under(parents: Parents, rng: np.random.Generator) -> Floats:
    """Numbers between zero and one, shape (tolls,): evenly spread under each draw, in an order by chance."""
    return _spread_in_order(parents, rng)[0]


def _spread_in_order(parents: Parents, rng: np.random.Generator) -> tuple[Floats, NDArray[np.intp]]:
    """The same, and the order in which they rise under one draw after another, shape (tolls,) each."""
    count = len(parents.of_tolls)
    if count <= DRAWS:  # one toll a draw
        return rng.random(count), np.arange(count)

    order = np.argsort(parents.place + rng.random(count))
    rank = np.empty(count)
    rank[order] = parents.number
    return np.asarray((rank + rng.random(count)) / parents.among), order


def _cells_under(mass: NDArray[np.floating], parents: Parents, rng: np.random.Generator) -> Integers:
    """A cell for each toll, spread evenly over the probability under its draw, shape (tolls,).

    Parameters
    ----------
    mass : array, shape (cells, draws)
        In proportion to the probability of each cell.
    parents : Parents
    rng : Generator
    """
    wanted, order = _spread_in_order(parents, rng)

    # The laws of all draws one after another, each raised by one: one search finds all cells. It takes half the time
    # where what is looked for rises.
    cumulative = np.cumsum(mass[:, parents.draws].T, axis=1, dtype=float)
    cumulative /= cumulative[:, -1:]
    rising = (cumulative + np.arange(len(parents.draws))[:, None]).ravel()

    found = np.empty(len(order), dtype=np.intp)
    found[order] = np.searchsorted(rising, (wanted + parents.place)[order], side="left")
    return np.asarray(np.clip(found - parents.place * len(mass), 0, len(mass) - 1), dtype=np.int64)
