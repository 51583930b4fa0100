"""The engine: posteriors of many questions under one profile with one weight vector, without MCMC."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from estimates.errors import ProfileError
from estimates.inference.cases import Question, SourceKey
from estimates.models import event, grid, size, undocumented
from estimates.models import growth as documentation
from estimates.models import importance as weights
from estimates.models.event import Growth, Posterior, Workspace
from estimates.models.grid import Grid, make_grid
from estimates.models.growth import StepTables
from estimates.models.importance import Weights
from estimates.models.reporting import Accounting
from estimates.models.types import Floats, Integers
from estimates.models.undocumented import Remainder
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
    question : Question
    grid : Grid
    documented, total : arrays, shape (cells,)
        Probability of each cell for the documentable and the true toll.
    documented_draws, total_draws : integer arrays, shape (draws,)
        Draw ``i`` uses the same shared parameters in every question.
    """

    question: Question
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
    weights : Weights
    log_evidence : array, shape (questions, draws)
    parents : integer array, shape (draws,)
        Which draw of the profile each equally weighted draw comes from.
    """

    answers: tuple[Answer, ...]
    weights: Weights
    log_evidence: Floats
    parents: NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class _Tables:
    """What one question leaves behind: its log evidence and its posterior for every draw."""

    log_evidence: Floats
    mass: NDArray[np.float32]


def solve(questions: Sequence[Question], profile: SourceProfile, seed: int) -> Solution:
    """Posterior of every question under one profile.

    The profile's draws are weighted by the product of the questions' evidence, one vector for all; where that would
    rest on too few draws they keep equal weights.
    """
    blocks = list(_blocks(questions, profile))
    kept = _tables(blocks[0], profile) if len(blocks) == 1 else None
    log_evidence = np.array(
        [tables.log_evidence for block in blocks for tables in (kept or _tables(block, profile))]
    ).reshape(len(questions), profile.draws)
    weight = call_weights(questions, log_evidence, profile)
    parents = weights.resample(weight.values, profile.draws, 0.5)
    answers: list[Answer] = []
    remainders: dict[bytes, Remainder] = {}
    for block in blocks:
        for question, tables in zip(block, kept or _tables(block, profile), strict=True):
            answers.append(_answer(question, tables, weight.values, parents, profile, seed, remainders))
    return Solution(tuple(answers), weight, log_evidence, parents)


def call_weights(questions: Sequence[Question], log_evidence: Floats, profile: SourceProfile) -> Weights:
    """One weight vector for a call; events that the profile was learned from carry no weight."""
    counts = [question.event not in profile.learned_from for question in questions]
    return weights.from_log_evidence(log_evidence[counts].sum(axis=0))


def by_now(questions: Sequence[Question], profile: SourceProfile, weight: Floats) -> list[Floats]:
    """Probability of each cell for what is documentable by now, for every question."""
    return [
        (tables.mass @ weight.astype(np.float32)).astype(float)
        for block in _blocks(questions, profile)
        for tables in _tables(block, profile, by_now=True)
    ]


def documented(questions: Sequence[Question], profile: SourceProfile) -> Iterator[tuple[Floats, NDArray[np.float32]]]:
    """Log evidence (draws,) and documentable toll (cells, draws) of further questions, one after another."""
    for block in _blocks(questions, profile):
        for tables in _tables(block, profile):
            yield tables.log_evidence, tables.mass


def question_grid(question: Question) -> Grid:
    """The grid of one question: all its figures' jumps are edges."""
    jumps = {jump for _, evidence in question.alternatives for jump in evidence.jumps()}
    return make_grid(jumps)


def _blocks(questions: Sequence[Question], profile: SourceProfile) -> Iterator[list[Question]]:
    """Questions whose tables fit into memory together."""
    block: list[Question] = []
    used = 0
    for question in questions:
        need = len(question_grid(question)) * profile.draws * 4
        if block and used + need > KEPT_BYTES:
            yield block
            block, used = [], 0
        block.append(question)
        used += need
    yield block


def _tables(questions: Sequence[Question], profile: SourceProfile, *, by_now: bool = False) -> list[_Tables]:
    """Posteriors of what is documentable in the end, or by now, of questions that fit into memory together."""
    shared: dict[bytes, Grid] = {}
    grids = [shared.setdefault(cells.edges.tobytes(), cells) for cells in map(question_grid, questions)]
    keys = sorted({key for question in questions for key in question.keys})
    accountings = {key: profile.accounting(*key) for key in keys}
    result = [_Tables(np.empty(profile.draws), np.empty((len(cells), profile.draws), np.float32)) for cells in grids]
    # An untouched block, freed at once, raises the size from which the C library hands freed tables back to the system
    # and asks for them again page by page: a quarter of the running time of one event in a process that has freed no
    # block of that size before.
    np.empty(_RECYCLED_BYTES, np.uint8)
    several = len(questions) > 1
    size = CHUNK // 4 if several else CHUNK
    for start in range(0, profile.draws, size):
        chunk = _Chunk(profile, slice(start, min(start + size, profile.draws)), accountings, keep=several)
        for question, cells, tables in zip(questions, grids, result, strict=True):
            posterior = chunk.posterior(question, cells, by_now=by_now)
            tables.log_evidence[chunk.draws] = posterior.log_evidence
            tables.mass[:, chunk.draws] = posterior.mass
            if not np.isfinite(posterior.log_evidence).all():
                raise ProfileError(
                    f"{question.event}, {question.outcome}: {profile.name!r} gives these figures no finite probability "
                    "in some draws; check its parameters"
                )
    return result


class _Chunk:
    """Some draws of the profile, with the tables that questions share."""

    def __init__(
        self, profile: SourceProfile, draws: slice, accountings: dict[SourceKey, Accounting], *, keep: bool
    ) -> None:
        self.draws = draws
        self._profile = profile
        self._keep = keep
        self._accountings = {key: accounting[draws] for key, accounting in accountings.items()}
        self._workspaces: dict[int, Workspace] = {}
        self._steps: dict[tuple[int, str], StepTables] = {}
        self._growths: dict[tuple[int, str, str], Growth] = {}
        self._known: dict[tuple[object, ...], Posterior] = {}

    def posterior(self, question: Question, cells: Grid, *, by_now: bool) -> Posterior:
        """Posterior of one question; the same for questions in which the same is said."""
        kind = (id(cells), question.outcome, question.event_type)
        pattern = (kind, question.keys, question.alternatives)
        if pattern in self._known:
            return self._known[pattern]
        if id(cells) not in self._workspaces:
            self._workspaces[id(cells)] = Workspace(cells, keep=self._keep)
        if kind not in self._growths:
            law = self._profile.size(question.outcome, question.event_type)[self.draws]
            self._growths[kind] = Growth(cells, law, self._step_tables(question, cells))
        sources = [self._accountings[key] for key in question.keys]
        parts = [
            event.posterior(
                evidence,
                sources,
                self._workspaces[id(cells)],
                self._growths[kind],
                evidence.by_now if by_now else documentation.FINAL,
            )
            for _, evidence in question.alternatives
        ]
        self._known[pattern] = event.mixture(parts, [share for share, _ in question.alternatives])
        return self._known[pattern]

    def _step_tables(self, question: Question, cells: Grid) -> StepTables:
        key = (id(cells), question.event_type)
        if key not in self._steps:
            parameters = self._profile.documentation(question.event_type)[self.draws]
            self._steps[key] = StepTables(parameters, cells, keep=self._keep)
        return self._steps[key]


def _answer(
    question: Question,
    tables: _Tables,
    weight: Floats,
    parents: NDArray[np.intp],
    profile: SourceProfile,
    seed: int,
    remainders: dict[bytes, Remainder],
) -> Answer:
    cells = question_grid(question)
    key = cells.edges.tobytes()
    if key not in remainders:
        if len(remainders) >= LARGEST_REMAINDERS:
            remainders.clear()
        remainders[key] = Remainder(weight, profile.kappa, cells)
    mass = (tables.mass @ weight.astype(np.float32)).astype(float)
    total = remainders[key].total(tables.mass)
    rng = generator(seed, "draws", question.event, question.outcome)
    uniforms = rng.random((3, profile.draws))
    drawn = grid.draw_cells(np.cumsum(tables.mass[:, parents], axis=0), uniforms[0])
    law = profile.size(question.outcome, question.event_type)
    tolls = size.draw_within_cells(
        size.Size(law.positive[parents], law.shape[parents], law.scale[parents]), cells, drawn, uniforms[1]
    )
    true = undocumented.quantile(uniforms[2], tolls, profile.kappa[parents])
    for array in (mass, total, tolls, true):
        array.setflags(write=False)
    return Answer(question, cells, mass, total, tolls, true)
