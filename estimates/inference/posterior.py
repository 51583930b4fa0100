"""Posteriors of many cases under one profile and one weighting of its draws, without MCMC.

The draws of the profile are fixed. Given a draw, the posterior of every case is exact on the case's grid of counts, so
that all that is left is to weight the draws by how probable they make the observations.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from estimates.errors import ProfileError
from estimates.inference.cases import Case
from estimates.models import event, growth, importance, size, undocumented
from estimates.models.event import DocumentedPrior, Posterior, Workspace
from estimates.models.grid import Grid, draw_cells, make_grid
from estimates.models.growth import StepTables
from estimates.models.importance import ImportanceWeights
from estimates.models.reporting import ReportingModel
from estimates.models.types import Floats, Integers
from estimates.models.undocumented import Remainder
from estimates.profile.effects import SourceKey
from estimates.profile.priors import generator
from estimates.profile.profile import SourceProfile

#: Draws worked on at a time for one case; a quarter of it for several cases, whose shared tables are kept.
CHUNK = 500
#: Largest memory, in bytes, for posterior tables kept at once.
KEPT_BYTES = 48_000_000
#: Tables of the undocumented remainder kept at once, one for each grid.
LARGEST_REMAINDERS = 4
_RECYCLED_BYTES = 31_000_000


@dataclass(frozen=True, eq=False)
class Answer:
    """Posterior of one case.

    Attributes
    ----------
    case : Case
    grid : Grid
    documented, total : arrays, shape (cells,)
        Probability of each cell for the documentable and the full toll.
    documented_draws, total_draws : integer arrays, shape (draws,)
        Tolls; draw ``i`` uses the same shared parameters in every case.
    """

    case: Case
    grid: Grid
    documented: Floats
    total: Floats
    documented_draws: Integers
    total_draws: Integers


@dataclass(frozen=True, eq=False)
class Solution:
    """Answers to all cases of a call.

    Attributes
    ----------
    answers : tuple of Answer
    weights : ImportanceWeights
    log_marginal_likelihood : array, shape (cases, draws)
    parents : integer array, shape (draws,)
        Which draw of the profile each equally weighted draw comes from.
    """

    answers: tuple[Answer, ...]
    weights: ImportanceWeights
    log_marginal_likelihood: Floats
    parents: NDArray[np.intp]


class CaseTable(NamedTuple):
    """The posterior of one case for every draw of the profile.

    Attributes
    ----------
    log_marginal_likelihood : array, shape (draws,)
    mass : float32 array, shape (cells, draws)
        Probability of each cell of the case's grid.
    """

    log_marginal_likelihood: Floats
    mass: NDArray[np.float32]


def solve(cases: Sequence[Case], profile: SourceProfile, seed: int) -> Solution:
    """Posterior of every case under one profile.

    The profile's draws are weighted by the product of the cases' marginal likelihoods, one vector for all cases. Where
    that would rest on too few draws they keep equal weights.

    Parameters
    ----------
    cases : sequence of Case
    profile : SourceProfile
    seed : int
        Keys the draws of each case, by its event and outcome.

    Raises
    ------
    ProfileError
        If the profile gives the figures of a case no finite probability in some draws.
    """
    blocks = list(_blocks(cases, profile))
    # The tables of a single block are kept. Those of several do not fit into memory together, and are made twice.
    kept = _tables(blocks[0], profile) if len(blocks) == 1 else None
    found = [table.log_marginal_likelihood for block in blocks for table in (kept or _tables(block, profile))]
    log_marginal_likelihood = np.array(found).reshape(len(cases), profile.draws)

    weights = call_weights(cases, log_marginal_likelihood, profile)
    parents = importance.resample(weights.values, profile.draws, 0.5)

    answering = _Answering(weights.values, parents, profile, seed)
    answers = [
        answering.answer(case, table)
        for block in blocks
        for case, table in zip(block, kept or _tables(block, profile), strict=True)
    ]
    return Solution(tuple(answers), weights, log_marginal_likelihood, parents)


def call_weights(cases: Sequence[Case], log_marginal_likelihood: Floats, profile: SourceProfile) -> ImportanceWeights:
    """One weight for each draw in a call; events that the profile was learned from do not count.

    Parameters
    ----------
    cases : sequence of Case
    log_marginal_likelihood : array, shape (cases, draws)
    profile : SourceProfile
    """
    counts = [case.event not in profile.learned_from for case in cases]
    return importance.from_log_marginal_likelihood(log_marginal_likelihood[counts].sum(axis=0))


def documented(cases: Sequence[Case], profile: SourceProfile) -> Iterator[CaseTable]:
    """Posteriors of what is documented in the end, for one case after another.

    Raises
    ------
    ProfileError
        If the profile gives the figures of a case no finite probability in some draws.
    """
    for block in _blocks(cases, profile):
        yield from _tables(block, profile)


def by_now(cases: Sequence[Case], profile: SourceProfile, weights: Floats) -> list[Floats]:
    """Probability of each cell for what is documentable by now, for every case.

    Parameters
    ----------
    cases : sequence of Case
    profile : SourceProfile
    weights : array, shape (draws,)
        Sum to one.

    Returns
    -------
    list of arrays, shape (cells,)

    Raises
    ------
    ProfileError
        If the profile gives the figures of a case no finite probability in some draws.
    """
    blocks = _blocks(cases, profile)
    return [averaged(table.mass, weights) for block in blocks for table in _tables(block, profile, by_now=True)]


def averaged(mass: NDArray[np.floating], weights: Floats) -> Floats:
    """Mean over weighted draws of the probability of each cell, shape (cells,).

    Parameters
    ----------
    mass : array, shape (cells, draws)
    weights : array, shape (draws,)
        Sum to one.
    """
    return (mass @ weights.astype(mass.dtype)).astype(float)


def case_grid(case: Case) -> Grid:
    """The grid of one case; every count at which the likelihood of one of its figures jumps is an edge."""
    jumps = {jump for _, observations in case.alternatives for jump in observations.jumps()}
    return make_grid(jumps)


def _blocks(cases: Sequence[Case], profile: SourceProfile) -> Iterator[list[Case]]:
    """Cases whose tables fit into memory together."""
    block: list[Case] = []
    used = 0
    for case in cases:
        need = len(case_grid(case)) * profile.draws * 4
        if block and used + need > KEPT_BYTES:
            yield block
            block, used = [], 0
        block.append(case)
        used += need

    if block:
        yield block


def _tables(cases: Sequence[Case], profile: SourceProfile, *, by_now: bool = False) -> list[CaseTable]:
    """Posteriors of what is documentable in the end, or by now, of cases that fit into memory together."""
    shared: dict[bytes, Grid] = {}
    grids = [shared.setdefault(cells.edges.tobytes(), cells) for cells in map(case_grid, cases)]
    keys = sorted({key for case in cases for key in case.keys})
    reporting_models = {key: profile.reporting(*key) for key in keys}

    result = [CaseTable(np.empty(profile.draws), np.empty((len(cells), profile.draws), np.float32)) for cells in grids]
    # An untouched block, freed at once, raises the size from which the C library hands freed tables back to the system
    # and asks for them again page by page: a quarter of the running time of one event in a process that has freed no
    # block of that size before.
    np.empty(_RECYCLED_BYTES, np.uint8)

    several = len(cases) > 1
    length = CHUNK // 4 if several else CHUNK
    for start in range(0, profile.draws, length):
        chunk = _Chunk(profile, slice(start, min(start + length, profile.draws)), reporting_models, keep=several)
        for case, cells, table in zip(cases, grids, result, strict=True):
            posterior = chunk.posterior(case, cells, by_now=by_now)
            table.log_marginal_likelihood[chunk.draws] = posterior.log_marginal_likelihood
            table.mass[:, chunk.draws] = posterior.mass
            _check_finite(case, posterior, profile)

    return result


def _check_finite(case: Case, posterior: Posterior, profile: SourceProfile) -> None:
    if not np.isfinite(posterior.log_marginal_likelihood).all():
        raise ProfileError(
            f"{case.event}, {case.outcome}: {profile.name!r} gives these figures no finite probability "
            "in some draws; check its parameters"
        )


class _Chunk:
    """Some draws of the profile, with the tables that cases share."""

    def __init__(
        self, profile: SourceProfile, draws: slice, reporting_models: dict[SourceKey, ReportingModel], *, keep: bool
    ) -> None:
        self.draws = draws
        self._profile = profile
        self._keep = keep
        self._reporting_models = {key: reporting[draws] for key, reporting in reporting_models.items()}

        self._workspaces: dict[int, Workspace] = {}
        self._steps: dict[tuple[int, str], StepTables] = {}
        self._priors: dict[tuple[int, str, str], DocumentedPrior] = {}
        self._known: dict[tuple[object, ...], Posterior] = {}

    def posterior(self, case: Case, cells: Grid, *, by_now: bool) -> Posterior:
        """Posterior of one case; cases of which the same is said share it."""
        pattern = (id(cells), case.outcome, case.event_type, case.keys, case.alternatives)
        if pattern not in self._known:
            workspace, prior = self._workspace(cells), self._prior(case, cells)
            sources = [self._reporting_models[key] for key in case.keys]

            parts = []
            for _, observations in case.alternatives:
                last_bin = observations.by_now if by_now else growth.FINAL
                parts.append(event.posterior(observations, sources, workspace, prior, last_bin))
            self._known[pattern] = event.mixture(parts, [share for share, _ in case.alternatives])

        return self._known[pattern]

    def _workspace(self, cells: Grid) -> Workspace:
        if id(cells) not in self._workspaces:
            self._workspaces[id(cells)] = Workspace(cells, keep=self._keep)
        return self._workspaces[id(cells)]

    def _prior(self, case: Case, cells: Grid) -> DocumentedPrior:
        key = (id(cells), case.outcome, case.event_type)
        if key not in self._priors:
            law = self._profile.size(case.outcome, case.event_type)[self.draws]
            self._priors[key] = DocumentedPrior(cells, law, self._step_tables(case, cells))
        return self._priors[key]

    def _step_tables(self, case: Case, cells: Grid) -> StepTables:
        key = (id(cells), case.event_type)
        if key not in self._steps:
            parameters = self._profile.growth(case.event_type)[self.draws]
            self._steps[key] = StepTables(parameters, cells, keep=self._keep)
        return self._steps[key]


class _Answering:
    """Makes answers from tables, with one weighting of the draws and one seed for all cases of a call."""

    def __init__(self, weights: Floats, parents: NDArray[np.intp], profile: SourceProfile, seed: int) -> None:
        self._weights = weights
        self._parents = parents
        self._profile = profile
        self._seed = seed
        self._remainders: dict[bytes, Remainder] = {}

    def answer(self, case: Case, table: CaseTable) -> Answer:
        cells = case_grid(case)
        documented = averaged(table.mass, self._weights)
        total = self._remainder(cells).total(table.mass)

        documented_draws, total_draws = self._draws(case, cells, table.mass)
        for array in (documented, total, documented_draws, total_draws):
            array.setflags(write=False)
        return Answer(case, cells, documented, total, documented_draws, total_draws)

    def _remainder(self, cells: Grid) -> Remainder:
        key = cells.edges.tobytes()
        if key not in self._remainders:
            if len(self._remainders) >= LARGEST_REMAINDERS:
                self._remainders.clear()
            self._remainders[key] = Remainder(self._weights, self._profile.kappa, cells)
        return self._remainders[key]

    def _draws(self, case: Case, cells: Grid, mass: NDArray[np.float32]) -> tuple[Integers, Integers]:
        """Documentable and full tolls, each of shape (draws,)."""
        profile, parents = self._profile, self._parents
        uniforms = generator(self._seed, "draws", case.event, case.outcome).random((3, profile.draws))

        drawn_cells = draw_cells(np.cumsum(mass[:, parents], axis=0), uniforms[0])
        law = profile.size(case.outcome, case.event_type)
        drawn_law = size.Size(law.positive[parents], law.shape[parents], law.scale[parents])
        tolls = size.draw_within_cells(drawn_law, cells, drawn_cells, uniforms[1])

        return tolls, undocumented.quantile(uniforms[2], tolls, profile.kappa[parents])
