"""The engine: posteriors of many questions under one profile with one weight vector, without MCMC."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from estimates.errors import ProfileError
from estimates.inference.cases import Case
from estimates.models import event, grid, growth, importance, size, undocumented
from estimates.models.event import DocumentedPrior, Posterior, Workspace
from estimates.models.grid import Grid, make_grid
from estimates.models.growth import StepTables
from estimates.models.importance import ImportanceWeights
from estimates.models.reporting import ReportingModel
from estimates.models.types import Floats, Integers
from estimates.models.undocumented import Remainder
from estimates.profile.effects import SourceKey
from estimates.profile.priors import generator
from estimates.profile.profile import SourceProfile

#: Draws handled at a time for one question; a quarter of it for several, whose shared tables are kept.
CHUNK = 500
#: Largest memory, in bytes, for posterior tables kept at once.
KEPT_BYTES = 48_000_000
#: Tables of the undocumented remainder kept at once, one for each grid.
LARGEST_REMAINDERS = 4
_RECYCLED_BYTES = 31_000_000


@dataclass(frozen=True, eq=False)
class Answer:
    """Posterior of one question.

    Attributes
    ----------
    case : Case
    grid : Grid
    documented, total : arrays, shape (cells,)
        Probability of each cell for the documentable and the true toll.
    documented_draws, total_draws : integer arrays, shape (draws,)
        Draw ``i`` uses the same shared parameters in every question.
    """

    case: Case
    grid: Grid
    documented: Floats
    total: Floats
    documented_draws: Integers
    total_draws: Integers


@dataclass(frozen=True, eq=False)
class Solution:
    """Answers to all questions of a call.

    Attributes
    ----------
    answers : tuple of Answer
    weights : ImportanceWeights
    log_marginal_likelihood : array, shape (questions, draws)
    parents : integer array, shape (draws,)
        Which draw of the profile each equally weighted draw comes from.
    """

    answers: tuple[Answer, ...]
    weights: ImportanceWeights
    log_marginal_likelihood: Floats
    parents: NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class _Tables:
    """What one question leaves behind: its log evidence and its posterior for every draw."""

    log_marginal_likelihood: Floats
    mass: NDArray[np.float32]


def solve(cases: Sequence[Case], profile: SourceProfile, seed: int) -> Solution:
    """Posterior of every question under one profile.

    The profile's draws are weighted by the product of the questions' evidence, one vector for all; where that would
    rest on too few draws they keep equal weights.
    """
    blocks = list(_blocks(cases, profile))
    kept = _tables(blocks[0], profile) if len(blocks) == 1 else None
    log_marginal_likelihood = np.array(
        [tables.log_marginal_likelihood for block in blocks for tables in (kept or _tables(block, profile))]
    ).reshape(len(cases), profile.draws)
    weight = call_weights(cases, log_marginal_likelihood, profile)
    parents = importance.resample(weight.values, profile.draws, 0.5)
    answers: list[Answer] = []
    remainders: dict[bytes, Remainder] = {}
    for block in blocks:
        for case, tables in zip(block, kept or _tables(block, profile), strict=True):
            answers.append(_answer(case, tables, weight.values, parents, profile, seed, remainders))
    return Solution(tuple(answers), weight, log_marginal_likelihood, parents)


def call_weights(cases: Sequence[Case], log_marginal_likelihood: Floats, profile: SourceProfile) -> ImportanceWeights:
    """One weight vector for a call; events that the profile was learned from carry no weight."""
    counts = [case.event not in profile.learned_from for case in cases]
    return importance.from_log_marginal_likelihood(log_marginal_likelihood[counts].sum(axis=0))


def by_now(cases: Sequence[Case], profile: SourceProfile, weight: Floats) -> list[Floats]:
    """Probability of each cell for what is documentable by now, for every question."""
    return [
        (tables.mass @ weight.astype(np.float32)).astype(float)
        for block in _blocks(cases, profile)
        for tables in _tables(block, profile, by_now=True)
    ]


def documented(cases: Sequence[Case], profile: SourceProfile) -> Iterator[tuple[Floats, NDArray[np.float32]]]:
    """Log evidence (draws,) and documentable toll (cells, draws) of further questions, one after another."""
    for block in _blocks(cases, profile):
        for tables in _tables(block, profile):
            yield tables.log_marginal_likelihood, tables.mass


def case_grid(case: Case) -> Grid:
    """The grid of one question: all its figures' jumps are edges."""
    jumps = {jump for _, observations in case.alternatives for jump in observations.jumps()}
    return make_grid(jumps)


def _blocks(cases: Sequence[Case], profile: SourceProfile) -> Iterator[list[Case]]:
    """Questions whose tables fit into memory together."""
    block: list[Case] = []
    used = 0
    for case in cases:
        need = len(case_grid(case)) * profile.draws * 4
        if block and used + need > KEPT_BYTES:
            yield block
            block, used = [], 0
        block.append(case)
        used += need
    yield block


def _tables(cases: Sequence[Case], profile: SourceProfile, *, by_now: bool = False) -> list[_Tables]:
    """Posteriors of what is documentable in the end, or by now, of questions that fit into memory together."""
    shared: dict[bytes, Grid] = {}
    grids = [shared.setdefault(cells.edges.tobytes(), cells) for cells in map(case_grid, cases)]
    keys = sorted({key for case in cases for key in case.keys})
    reporting_models = {key: profile.reporting(*key) for key in keys}
    result = [_Tables(np.empty(profile.draws), np.empty((len(cells), profile.draws), np.float32)) for cells in grids]
    # An untouched block, freed at once, raises the size from which the C library hands freed tables back to the system
    # and asks for them again page by page: a quarter of the running time of one event in a process that has freed no
    # block of that size before.
    np.empty(_RECYCLED_BYTES, np.uint8)
    several = len(cases) > 1
    size = CHUNK // 4 if several else CHUNK
    for start in range(0, profile.draws, size):
        chunk = _Chunk(profile, slice(start, min(start + size, profile.draws)), reporting_models, keep=several)
        for case, cells, tables in zip(cases, grids, result, strict=True):
            posterior = chunk.posterior(case, cells, by_now=by_now)
            tables.log_marginal_likelihood[chunk.draws] = posterior.log_marginal_likelihood
            tables.mass[:, chunk.draws] = posterior.mass
            if not np.isfinite(posterior.log_marginal_likelihood).all():
                raise ProfileError(
                    f"{case.event}, {case.outcome}: {profile.name!r} gives these figures no finite probability "
                    "in some draws; check its parameters"
                )
    return result


class _Chunk:
    """Some draws of the profile, with the tables that questions share."""

    def __init__(
        self, profile: SourceProfile, draws: slice, reporting_models: dict[SourceKey, ReportingModel], *, keep: bool
    ) -> None:
        self.draws = draws
        self._profile = profile
        self._keep = keep
        self._reporting_models = {key: reporting[draws] for key, reporting in reporting_models.items()}
        self._workspaces: dict[int, Workspace] = {}
        self._steps: dict[tuple[int, str], StepTables] = {}
        self._expected: dict[tuple[int, str, str], DocumentedPrior] = {}
        self._known: dict[tuple[object, ...], Posterior] = {}

    def posterior(self, case: Case, cells: Grid, *, by_now: bool) -> Posterior:
        """Posterior of one question; the same for questions in which the same is said."""
        kind = (id(cells), case.outcome, case.event_type)
        pattern = (kind, case.keys, case.alternatives)
        if pattern in self._known:
            return self._known[pattern]
        if id(cells) not in self._workspaces:
            self._workspaces[id(cells)] = Workspace(cells, keep=self._keep)
        if kind not in self._expected:
            law = self._profile.size(case.outcome, case.event_type)[self.draws]
            self._expected[kind] = DocumentedPrior(cells, law, self._step_tables(case, cells))
        sources = [self._reporting_models[key] for key in case.keys]
        parts = [
            event.posterior(
                observations,
                sources,
                self._workspaces[id(cells)],
                self._expected[kind],
                observations.by_now if by_now else growth.FINAL,
            )
            for _, observations in case.alternatives
        ]
        self._known[pattern] = event.mixture(parts, [share for share, _ in case.alternatives])
        return self._known[pattern]

    def _step_tables(self, case: Case, cells: Grid) -> StepTables:
        key = (id(cells), case.event_type)
        if key not in self._steps:
            parameters = self._profile.growth(case.event_type)[self.draws]
            self._steps[key] = StepTables(parameters, cells, keep=self._keep)
        return self._steps[key]


def _answer(
    case: Case,
    tables: _Tables,
    weight: Floats,
    parents: NDArray[np.intp],
    profile: SourceProfile,
    seed: int,
    remainders: dict[bytes, Remainder],
) -> Answer:
    cells = case_grid(case)
    key = cells.edges.tobytes()
    if key not in remainders:
        if len(remainders) >= LARGEST_REMAINDERS:
            remainders.clear()
        remainders[key] = Remainder(weight, profile.kappa, cells)
    mass = (tables.mass @ weight.astype(np.float32)).astype(float)
    total = remainders[key].total(tables.mass)
    rng = generator(seed, "draws", case.event, case.outcome)
    uniforms = rng.random((3, profile.draws))
    drawn = grid.draw_cells(np.cumsum(tables.mass[:, parents], axis=0), uniforms[0])
    law = profile.size(case.outcome, case.event_type)
    tolls = size.draw_within_cells(
        size.Size(law.positive[parents], law.shape[parents], law.scale[parents]), cells, drawn, uniforms[1]
    )
    true = undocumented.quantile(uniforms[2], tolls, profile.kappa[parents])
    for array in (mass, total, tolls, true):
        array.setflags(write=False)
    return Answer(case, cells, mass, total, tolls, true)
