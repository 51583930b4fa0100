"""Posteriors of cases for every draw of a profile: what the compiled loops take, gathered and handed over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from estimates.errors import ProfileError
from estimates.inference.cases import Case
from estimates.models.corpus.layout import CorpusEvent
from estimates.models.corpus.likelihood import Layout
from estimates.models.grid import Grid
from estimates.models.growth import FINAL
from estimates.models.lanes.engine import work_out
from estimates.models.lanes.missing import ListKey, key_of
from estimates.models.missing import ListLaw
from estimates.models.parameters import (
    GROWTH_PARAMETERS,
    REPORTING_PARAMETERS,
    SIZE_PARAMETERS,
    SOURCE_PARAMETERS,
    STEP_PARAMETERS,
    in_support,
)
from estimates.models.remainder import Remainder
from estimates.models.types import Floats
from estimates.profile.blocks import generator
from estimates.profile.effects import SourceKey
from estimates.profile.priors import size_law
from estimates.profile.profile import SourceProfile

#: Largest memory, in bytes, for posterior tables made at once.
TABLE_BYTES = 128_000_000
#: Sources, laws of sizes and types of event whose parameters are kept.
LARGEST_KNOWN = 2_000
#: Grids whose tables of the undocumented remainder are kept.
LARGEST_REMAINDERS = 64


class CaseTable(NamedTuple):
    """The posterior of one case for every draw of the profile.

    Attributes
    ----------
    log_marginal_likelihood : array, shape (draws,)
    mass : float32 array, shape (cells, draws)
        Probability of each cell of the case's grid.
    cells : int16 array, shape (tolls, draws)
        Cells into which tolls drawn under each draw fall.
    held, alternative : int16 arrays, shape (none or one, draws)
        The cell of a count of the accounts drawn under each draw, and the number of its alternative.
    """

    log_marginal_likelihood: Floats
    mass: NDArray[np.float32]
    cells: NDArray[np.int16]
    held: NDArray[np.int16]
    alternative: NDArray[np.int16]

    def followed_by(self, more: CaseTable) -> CaseTable:
        """The table of these draws and of those that follow them; counts of the accounts are those of the first."""
        return CaseTable(
            np.concatenate([self.log_marginal_likelihood, more.log_marginal_likelihood]),
            np.concatenate([self.mass, more.mass], axis=1),
            np.concatenate([self.cells, more.cells], axis=1),
            self.held,
            self.alternative,
        )


class Tolls(NamedTuple):
    """How tolls are drawn: so many under each draw of the profile, by a seed."""

    each: int
    seed: int


class _Asked(NamedTuple):
    """Which count a table is of, and what is drawn: see `Engine.tables`."""

    by_now: bool
    of_accounts: bool
    tolls: Tolls | None
    held: int | None


@lru_cache(maxsize=16)
def engine_of(profile: SourceProfile, cores: int | None = None) -> Engine:
    """The engine of a profile; it is kept, since what it prepares serves all later calls."""
    return Engine(profile, cores)


class Engine:
    """Works out posteriors under one profile; what is found for a case does not depend on the other cases.

    Parameters
    ----------
    profile : SourceProfile
    cores : int, optional
        That work at a time; by default all.
    """

    def __init__(self, profile: SourceProfile, cores: int | None = None) -> None:
        self.profile = profile
        self._cores = cores
        self._known: dict[tuple[str, ...], Floats] = {}
        self._remainders: dict[Grid, Remainder] = {}
        self._check_support({name: profile.parameters[name] for name in REPORTING_PARAMETERS})

    def tables(
        self,
        cases: Sequence[Case],
        *,
        by_now: bool = False,
        of_accounts: bool = False,
        tolls: Tolls | None = None,
        held: int | None = None,
    ) -> Iterator[CaseTable]:
        """Posteriors of what is documented in the end, or by now, for one case after another.

        Parameters
        ----------
        cases : sequence of Case
        by_now : bool
            Whether it is asked for what is documentable by now.
        of_accounts : bool
            Whether it is asked for the count that all accounts together hold, before the error that they share.
        tolls : Tolls, optional
            Tolls to draw; none are drawn by default.
        held : int, optional
            The seed by which one count of the accounts is drawn under each draw; none is drawn by default.

        Raises
        ------
        ProfileError
            If the profile gives the figures of a case no finite probability in some draws.
        """
        for block in self._blocks(cases):
            yield from self._block_tables(block, _Asked(by_now, of_accounts, tolls, held))

    def remainder(self, grid: Grid) -> Remainder:
        """The elicited law of the full toll on a grid."""
        if grid not in self._remainders:
            if len(self._remainders) >= LARGEST_REMAINDERS:
                self._remainders.clear()
            self._remainders[grid] = Remainder(self.profile.kappa, grid)
        return self._remainders[grid]

    def _blocks(self, cases: Sequence[Case]) -> Iterator[list[Case]]:
        """Cases whose tables fit into memory together."""
        block: list[Case] = []
        used = 0
        for case in cases:
            need = len(case.grid) * self.profile.draws * 4
            if block and used + need > TABLE_BYTES:
                yield block
                block, used = [], 0
            block.append(case)
            used += need

        if block:
            yield block

    def _block_tables(self, cases: Sequence[Case], asked: _Asked) -> list[CaseTable]:
        """Tables of some cases, those on one grid worked out together."""
        by_grid: dict[Grid, list[int]] = {}
        for position, case in enumerate(cases):
            by_grid.setdefault(case.grid, []).append(position)

        found: dict[int, CaseTable] = {}
        for grid, positions in by_grid.items():
            # Those that grow alike, and then those whose sources share an error, follow one another: tables serve all.
            positions.sort(key=lambda position: _kinship(cases[position]))
            together = [cases[position] for position in positions]
            found.update(zip(positions, self._on_grid(grid, together, asked), strict=True))
        return [found[position] for position in range(len(cases))]

    def _on_grid(self, grid: Grid, cases: Sequence[Case], asked: _Asked) -> Iterator[CaseTable]:
        keys = sorted({key for case in cases for key in case.keys})
        laws = {size_law(case.outcome, case.event_type): (case.outcome, case.event_type) for case in cases}
        growths = sorted({case.growth_key for case in cases})

        number = {key: index for index, key in enumerate(keys)}
        events = [
            CorpusEvent(
                case.alternatives,
                tuple(number[key] for key in case.keys),
                list(laws).index(size_law(case.outcome, case.event_type)),
                ((growths.index(case.growth_key), growths.index(case.growth_key)),),
            )
            for case in cases
        ]

        # Every type of event is a group by itself here: some take their draws from both groups.
        layout, draws = Layout(len(keys), len(laws), len(growths), len(growths)), self.profile.draws
        vectors = self._vectors(keys, list(laws.values()), growths)
        answers = work_out(
            grid,
            events,
            layout,
            vectors,
            self._uniforms(cases, asked.tolls),
            by_now=asked.by_now,
            of_accounts=asked.of_accounts,
            held=None if asked.held is None else self._uniforms_of_accounts(cases, asked.held),
            list_laws=self._list_laws(cases),
            cores=self._cores,
        )

        for place, case in enumerate(cases):
            table = CaseTable(
                answers.log_marginal_likelihood[place, :draws],
                answers.mass[place, :, :draws],
                answers.cells[place, :, :draws],
                answers.held[place, :, :draws],
                answers.alternative[place, :, :draws],
            )
            self._check_finite(case, table)
            yield table

    def _uniforms(self, cases: Sequence[Case], tolls: Tolls | None) -> Floats:
        """Where tolls are drawn, shape (cases, tolls, draws): evenly spread over the draws, in an order by chance."""
        draws = self.profile.draws
        if tolls is None:
            return np.empty((len(cases), 0, draws))
        count = tolls.each * draws
        result = np.empty((len(cases), tolls.each, draws))
        for place, case in enumerate(cases):
            rng = generator(tolls.seed, "tolls", case.event, case.outcome)
            spread = (rng.permutation(count) + rng.random(count)) / count
            result[place] = spread.reshape(tolls.each, draws)
        return result

    def _uniforms_of_accounts(self, cases: Sequence[Case], seed: int) -> Floats:
        """Where a count of the accounts is drawn, and what chooses its alternative, shape (cases, 2, draws)."""
        draws = self.profile.draws
        result = np.empty((len(cases), 2, draws))
        for place, case in enumerate(cases):
            rng = generator(seed, "accounts", case.event, case.outcome)
            result[place] = (rng.permutation(draws) + rng.random(draws)) / draws, rng.random(draws)
        return result

    def _check_support(self, parameters: Mapping[str, Floats]) -> None:
        for name, values in parameters.items():
            if not in_support(name, values):
                raise ProfileError(f"profile {self.profile.name!r} has draws of {name} that it cannot have")

    def _check_finite(self, case: Case, table: CaseTable) -> None:
        if not np.isfinite(table.log_marginal_likelihood).all():
            raise ProfileError(
                f"{case.event}, {case.outcome}: {self.profile.name!r} gives these figures no finite probability "
                "in some draws; check its parameters"
            )

    # Parameters -------------------------------------------------------------------------------------------------------

    def _vectors(
        self, keys: Sequence[SourceKey], laws: Sequence[tuple[str, str]], growths: Sequence[tuple[str, bool]]
    ) -> Floats:
        """Parameters of sources, laws of sizes and of growth at every draw, shape (draws, length of a vector)."""
        sources = np.stack([self._source(key) for key in keys], axis=1) if keys else np.empty((0, 0))
        sizes = np.stack([self._law(*law) for law in laws], axis=1)
        grown = [self._growth(*growth) for growth in growths]
        steps = np.stack([steps for steps, _ in grown], axis=1)
        groups = np.stack([shared for _, shared in grown], axis=1)

        draws, shared = self.profile.draws, self.profile.parameters
        rows = [
            sources.reshape(-1, draws),
            np.stack([shared[name] for name in REPORTING_PARAMETERS]),
            sizes.reshape(-1, draws),
            steps.reshape(-1, draws),
            groups.reshape(-1, draws),
        ]
        return np.concatenate(rows).T

    def _list_laws(self, cases: Sequence[Case]) -> dict[ListKey, ListLaw]:
        """Parameters of the lists of people missing that some cases have."""
        said = {
            key_of(missing)
            for case in cases
            for _, observations in case.alternatives
            for missing in observations.missing
        }
        return {key: self.profile.list_law(*key) for key in sorted(said)}

    def _source(self, key: SourceKey) -> Floats:
        """Parameters of one source, shape (parameters, draws)."""
        if ("source", *key) not in self._known:
            model = self.profile.reporting(*key)
            rows = [getattr(model, name) for name in SOURCE_PARAMETERS]
            self._keep(("source", *key), SOURCE_PARAMETERS, rows)
        return self._known["source", *key]

    def _law(self, outcome: str, event_type: str) -> Floats:
        """Parameters of one law of sizes, shape (parameters, draws)."""
        name = ("size", size_law(outcome, event_type))
        if name not in self._known:
            law = self.profile.size(outcome, event_type)
            self._keep(name, SIZE_PARAMETERS, [law.positive, law.shape, law.scale])
        return self._known[name]

    def _growth(self, event_type: str, chosen: bool) -> tuple[Floats, Floats]:
        """Parameters of the steps of one type of event, (parameters, steps, draws), and those of all its steps."""
        names = ("steps", event_type, str(chosen)), ("growth", event_type, str(chosen))
        if all(name in self._known for name in names):
            return self._known[names[0]], self._known[names[1]]
        growth = self.profile.growth(event_type, chosen=chosen)
        shared = [growth.slope, growth.low_share, growth.low_shape, growth.over_share, growth.over_shape]
        shared += [growth.rising, growth.falling, growth.fallen]
        return (
            self._keep(names[0], STEP_PARAMETERS, [growth.complete_logit.T, growth.shape.T]),
            self._keep(names[1], GROWTH_PARAMETERS, shared),
        )

    def _keep(self, name: tuple[str, ...], parameters: Sequence[str], rows: Sequence[Floats]) -> Floats:
        """Keep values of some parameters, each of shape (..., draws), and hand them back, (parameters, ..., draws)."""
        self._check_support(dict(zip(parameters, rows, strict=True)))
        if len(self._known) >= LARGEST_KNOWN:
            self._known.clear()
        self._known[name] = np.stack(rows)
        return self._known[name]


def _kinship(case: Case) -> tuple[object, ...]:
    """What the steps of a case's growth depend on, and then what the error that all its accounts share depends on."""
    observations = case.alternatives[0][1]
    at_risk = np.inf if observations.at_risk is None else observations.at_risk
    earliest = observations.statements[0].bin if observations.statements else FINAL
    steps = case.growth_key, observations.rising_from, observations.falling, earliest
    return *steps, observations.floor, at_risk, observations.distance
