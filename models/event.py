"""The posterior of one case, an outcome of an event, for many draws of the parameters: statements to probabilities."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from estimates.models import copying, growth
from estimates.models import floor as floors
from estimates.models import wording as forms
from estimates.models.copying import Copying
from estimates.models.grid import Grid
from estimates.models.growth import FINAL, STEPS, StepTables
from estimates.models.reporting import CountTables, HeldNumber, ReportingModel
from estimates.models.size import Size, cell_mass
from estimates.models.types import Floats
from estimates.models.wording import Words

#: Likelihoods are rescaled after so many factors, long before a product could vanish.
_FACTORS_BETWEEN_RESCALING = 8
#: Tables of single figures kept at once.
_LARGEST_CACHE = 256


@dataclass(frozen=True, order=True)
class Statement:
    """What one source says of the outcome in one age bin.

    Attributes
    ----------
    bin : int
    place : int
        Order in time, equal for tied statements.
    source : int
        Index of the source's :class:`~estimates.models.reporting.ReportingModel`.
    words : Words
    """

    bin: int
    place: int
    source: int
    words: Words


@dataclass(frozen=True, order=True)
class Floor:
    """A number verified by a bin, and the probability that it is wrong."""

    bin: int
    number: int
    error: float


@dataclass(frozen=True)
class Observations:
    """All that is said of one outcome of one event, every figure in a known bin.

    Attributes
    ----------
    statements : tuple of Statement, sorted
    floors : tuple of Floor, sorted
    rising_from : int
        First step that a statement "will rise" slows down; the number of steps where there is none.
    by_now : int
        Bin up to which "documented by now" is asked for; no figure is later.
    """

    statements: tuple[Statement, ...]
    floors: tuple[Floor, ...] = ()
    rising_from: int = STEPS
    by_now: int = FINAL

    @cached_property
    def plan(self) -> copying.Plan:
        """How copies and updates enter."""
        return copying.plan(
            [statement.source for statement in self.statements],
            [statement.words for statement in self.statements],
            [statement.place for statement in self.statements],
            [statement.bin for statement in self.statements],
        )

    def jumps(self) -> Iterable[int]:
        """Counts that the grid must have as edges."""
        for statement in self.statements:
            yield from forms.jumps(statement.words)
        for floor in self.floors:
            yield from (floor.number - 1, floor.number)


@dataclass(frozen=True, eq=False)
class Posterior:
    """The posterior of a toll under each draw of the parameters.

    Attributes
    ----------
    log_marginal_likelihood : array, shape (draws,)
    mass : array, shape (cells, draws)
        Probability of each cell; sums to one over the cells.
    """

    log_marginal_likelihood: Floats
    mass: Floats


class Workspace:
    """Tables shared by all cases on one grid, for a slice of the profile's draws.

    Tables are kept only where several cases share them: a single case is faster in memory that is used again.
    """

    def __init__(self, grid: Grid, *, keep: bool = True) -> None:
        self.grid = grid
        self._keep = keep
        self._counts = CountTables(grid)
        self._held: dict[int, HeldNumber] = {}
        self._tables: dict[tuple[int, Words], Floats] = {}

    def table(self, reporting: ReportingModel, words: Words) -> Floats:
        """P(words | C) for one source, shape (cells, draws); made once for all cases that hold the same figure."""
        if not self._keep:
            return forms.likelihood(words, HeldNumber(reporting, self.grid, self._counts))
        source = id(reporting)
        key = (source, words)
        if key not in self._tables:
            if len(self._tables) >= _LARGEST_CACHE:
                self._tables.clear()
                self._held.clear()
            if source not in self._held:
                self._held[source] = HeldNumber(reporting, self.grid, self._counts)
            self._tables[key] = forms.likelihood(words, self._held[source])
        return self._tables[key]


class DocumentedPrior:
    """Law of sizes and steps of growth of one type of event on one grid, for a slice of draws.

    Attributes
    ----------
    mass : array, shape (cells, draws)
        Prior of the final documentable toll.
    """

    def __init__(self, grid: Grid, size: Size, steps: StepTables) -> None:
        self.mass = cell_mass(size, grid)
        self._steps = steps
        self._earlier: dict[tuple[int, int], Floats] = {}

    def step(self, index: int, rising_from: int) -> growth.Step:
        """Step from bin ``index + 1`` down to bin ``index``."""
        return self._steps.step(index, rising=index >= rising_from)

    def mass_by(self, bin_index: int, rising_from: int) -> Floats:
        """Prior of what is documentable in a bin: the law of sizes pushed down, shape (cells, draws)."""
        if bin_index == FINAL:
            return self.mass
        key = (bin_index, max(min(rising_from, STEPS), bin_index))
        if key not in self._earlier:
            later = self.mass_by(bin_index + 1, rising_from)
            self._earlier[key] = self.step(bin_index, rising_from).down(later)
        return self._earlier[key]


def posterior(
    observations: Observations,
    sources: Sequence[ReportingModel],
    workspace: Workspace,
    expected: DocumentedPrior,
    by: int = FINAL,
) -> Posterior:
    """Posterior of the toll documentable by a bin: pass the likelihood up to it, multiply by what is expected there.

    A bin without figures, and all before the first figure, has likelihood one, which every step leaves unchanged. The
    log marginal likelihood is the same whichever bin is asked for.

    Parameters
    ----------
    observations : Observations
    sources : sequence of ReportingModel
        Indexed by the statements' source numbers.
    workspace, expected : Workspace, DocumentedPrior
        On the same grid and for the same draws.
    by : int
        Bin asked for, by default the final one; no figure is later.

    Returns
    -------
    Posterior
        Of shapes (draws,) and (cells, draws).
    """
    prior = _prior(observations, workspace.grid, expected, by)
    likelihood: Floats | None = None
    log_scale = np.zeros(prior.shape[1])

    for bin_index in range(by + 1):
        if likelihood is not None:
            likelihood = expected.step(bin_index - 1, observations.rising_from).up(likelihood)

        for count, factor in enumerate(_bin_factors(observations, bin_index, sources, workspace), start=1):
            if likelihood is None:
                likelihood = np.broadcast_to(factor, prior.shape).copy()
            else:
                likelihood *= factor
            if count % _FACTORS_BETWEEN_RESCALING == 0:
                log_scale += _rescale(likelihood)

        if likelihood is not None:
            log_scale += _rescale(likelihood)
            log_scale += copying.log_constant(observations.plan, bin_index, _habits(observations, sources))

    mass = prior if likelihood is None else prior * likelihood
    sums = mass.sum(axis=0)
    return Posterior(log_scale + np.log(sums), mass / sums)


def mixture(parts: Sequence[Posterior], shares: Sequence[float]) -> Posterior:
    """Posterior under alternatives of known prior share, such as the bins an undated figure may belong to.

    Parameters
    ----------
    parts : sequence of Posterior
        On one grid and for the same draws.
    shares : sequence of float
        Prior probability of each part.
    """
    if len(parts) == 1:
        return parts[0]
    logs = np.stack([part.log_marginal_likelihood + np.log(share) for part, share in zip(parts, shares, strict=True)])
    largest = logs.max(axis=0)
    weights = np.exp(logs - largest)
    total = weights.sum(axis=0)
    weights /= total
    mass = sum(weight * part.mass for weight, part in zip(weights, parts, strict=True))
    return Posterior(largest + np.log(total), np.asarray(mass))


def _bin_factors(
    observations: Observations, bin_index: int, sources: Sequence[ReportingModel], workspace: Workspace
) -> Iterable[Floats]:
    def table(index: int) -> Floats:
        statement = observations.statements[index]
        return workspace.table(sources[statement.source], statement.words)

    yield from copying.factors(observations.plan, bin_index, table, _habits(observations, sources))
    for floor in observations.floors:
        if bin_index in (floor.bin, FINAL):
            yield floors.likelihood(floor.number, floor.error, workspace.grid)[:, None]


def _prior(observations: Observations, grid: Grid, expected: DocumentedPrior, by: int) -> Floats:
    """What is expected to be documentable by a bin, given the floors alone, which bear on the final toll as well."""
    if by == FINAL or not observations.floors:
        return expected.mass_by(by, observations.rising_from)
    mass = expected.mass
    for floor in observations.floors:
        mass = mass * floors.likelihood(floor.number, floor.error, grid)[:, None]
    for step in range(FINAL - 1, by - 1, -1):
        mass = expected.step(step, observations.rising_from).down(mass)
    return mass


def _habits(observations: Observations, sources: Sequence[ReportingModel]) -> Callable[[int], Copying]:
    def habits(index: int) -> Copying:
        source = sources[observations.statements[index].source]
        return Copying(source.copying, source.repeating)

    return habits


def _rescale(likelihood: Floats) -> Floats:
    """Divide each draw's column by its largest value in place; the logarithms of the divisors."""
    largest = likelihood.max(axis=0)
    likelihood /= largest
    return np.asarray(np.log(largest))
