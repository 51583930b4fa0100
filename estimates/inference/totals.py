"""Totals over events: tolls are summed within each draw, so that an error the events share does not average out.

A total answers another question than a range. A range rests on the reports of its event alone; in a total the events
teach one another about their sources, for each draw weighs as much as all of them together make it probable. No
thousand draws bear the evidence of many events as it is, so it is raised to the largest power that they can bear.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import batched
from typing import Any

import numpy as np
import pandas as pd

from estimates.errors import EstimatesError
from estimates.inference.joint import (
    CASES_IN_ALL_DRAWS,
    Joint,
    Laws,
    Member,
    Sums,
    joint_of,
    sums_of_joints,
    tolls_of_each,
)
from estimates.inference.ranges import known_levels, range_of_draws, range_of_mass, spread_tolls
from estimates.inference.side_by_side import side_by_side
from estimates.inference.solved import Solved, check_known
from estimates.inference.summing import About, advised, rows_of_totals, tolls_apart, total_row
from estimates.models.types import Integers
from estimates.pieces import ARRAYS, JSON, NOTHING_KEPT, Pieces, digest_of
from estimates.profile.blocks import generator
from estimates.profile.profile import DRAWS
from estimates.progress import Progress, steps
from estimates.vocabulary import ESTIMATED_OUTCOMES, INTERVAL_LEVELS

#: Sums that stand for a total under independence: so many of few cases, fewer of many.
MOST_SUMS, FEWEST_SUMS, SUMMED = 16_000, 500, 400_000
#: So many tolls are drawn for each of the pieces that are kept of totals: an eighth of a second of one core.
TOLLS_IN_A_PIECE = 500_000
#: Groups of events by when they began, where the table has no column of this name.
MONTH = "month"

#: The positions of the cases of a group.
type Group = tuple[int, ...]
type Rows = list[dict[str, Any]]


def total_tables(
    solved: Solved,
    table: pd.DataFrame,
    outcome: str,
    groupings: Sequence[str | None],
    levels: float | Sequence[float] = INTERVAL_LEVELS,
    progress: Progress | None = None,
    pieces: Pieces = NOTHING_KEPT,
) -> list[pd.DataFrame]:
    """Totals by several groupings of the same events, in one way through the events; each as in `Estimates.total`.

    Parameters
    ----------
    solved : Solved
    table : DataFrame
        ``Reports.table``, whose columns can name the groups.
    outcome : str
    groupings : sequence of str or None
        A column each, "event", or "month" for when events began; all events are one group for None.
    levels : float or sequence of float
        In per cent.
    progress : callable, optional
        Told how many times an event has been looked at and how many there are.
    pieces : Pieces
        Where what was worked out of these estimates is kept and found.

    Raises
    ------
    EstimatesError
        If the outcome, a level or a column is not known, or a column has several values in one event.
    """
    check_known(outcome, ESTIMATED_OUTCOMES, "outcome")
    levels = known_levels(levels)
    found = [_positions(solved, table, outcome, by) for by in groupings]
    # Groups of the same cases, be it by other names, have the same total.
    several = list(dict.fromkeys(group for groups in found for group in groups.values() if len(group) > 1))
    rows = _totals(solved, several, levels, steps(2 * sum(map(len, several)), progress), pieces)

    frames = []
    for by, groups in zip(groupings, found, strict=True):
        own: Rows = []
        for name, group in groups.items():
            heading = {by or "group": name, "outcome": outcome, "events": len(group)}
            total = rows[group] if len(group) > 1 else _total_of_one(solved, group[0], levels)
            own += [{**heading, **row} for row in total]
        frames.append(advised(pd.DataFrame(own), by or "group"))
    return frames


def _positions(solved: Solved, table: pd.DataFrame, outcome: str, by: str | None) -> dict[str, Group]:
    """Positions of the cases of each group, by their names."""
    names = _groups(table, by)
    groups: dict[str, list[int]] = {}
    for position, case in enumerate(solved.cases.cases):
        if case.outcome == outcome:
            groups.setdefault(case.event if by == "event" else names.get(case.event, ""), []).append(position)
    return {name: tuple(groups[name]) for name in sorted(groups)}


def joint_draws_table(solved: Solved, events: Sequence[str] | None, outcome: str, layer: str) -> pd.DataFrame:
    """Tolls of several events that belong together, as `Estimates.joint_draws` gives them.

    Raises
    ------
    EstimatesError
        If an event, the outcome or the layer is not known, or there is nothing to draw.
    """
    check_known(outcome, ESTIMATED_OUTCOMES, "outcome")
    check_known(layer, ("documented", "total"), "layer")
    if events is None:
        positions = [position for position, case in enumerate(solved.cases.cases) if case.outcome == outcome]
    else:
        positions = [solved.position(event, outcome) for event in events]
    if not positions:
        raise EstimatesError(f"no event has an estimate of {outcome!r}")

    joint = joint_of(solved, positions, DRAWS)
    kappa = joint.kappa
    columns: dict[str, Integers] = {}
    for position, _, accounts in Laws(solved).accounts([(position, 0) for position in positions], [joint]):
        case, held = solved.cases.cases[position], accounts()
        rng = generator(solved.seed, "places", case.event, case.outcome)
        tolls = held.adjudicated(rng.random(DRAWS))
        if layer == "total":
            remainder = solved.undocumented.of(outcome)
            tolls = remainder.quantile(rng.random(DRAWS), tolls, kappa, solved.seed, case.at_risk)
        columns[case.event] = tolls
    return pd.DataFrame(columns)


# One total ------------------------------------------------------------------------------------------------------------


def _total_of_one(solved: Solved, position: int, levels: Sequence[float]) -> Rows:
    """Rows of a total of one event: its ranges."""
    case = solved.cases.cases[position]
    evidence = solved.solution.events[case.event]
    rows = []
    for summed in rows_of_totals():
        found = range_of_mass(case.grid, solved.mass(position, summed.layer), levels).cells
        rows.append(total_row(summed, evidence.power, evidence.effective_draws, found, found))
    return rows


def _totals(
    solved: Solved, groups: Sequence[Group], levels: Sequence[float], step: Callable[[int], None], pieces: Pieces
) -> dict[Group, Rows]:
    """Rows of the total of each group: the layers, each with what independence of the events would claim."""
    cases = len({position for group in groups for position in group})
    work = _Work(solved, levels, tolls_of_each(cases), cases <= CASES_IN_ALL_DRAWS, Laws(solved), step, pieces)

    totals: dict[Group, Rows] = {}
    for some in _together(groups, work.members):
        totals |= dict(zip(some, work.rows(some), strict=True))
    return totals


def _together(groups: Sequence[Group], members: int) -> Iterator[list[Group]]:
    """Groups that are worked out together: so many cases in all, or one group of more."""
    some: list[Group] = []
    for group in groups:
        if some and sum(map(len, some)) + len(group) > members:
            yield some
            some = []
        some.append(group)
    if some:
        yield some


@dataclass(frozen=True, eq=False)
class _Work:
    """What totals of groups of cases are worked out with, piece by piece.

    Attributes
    ----------
    solved : Solved
    levels : sequence of float
    count : int
        Tolls of each case; none for those that were kept.
    all_draws : bool
        Whether a total may rest on all draws of the profile.
    laws : Laws
    step : callable
        Told how many times more a case has been looked at: each twice in each group.
    pieces : Pieces
    """

    solved: Solved
    levels: Sequence[float]
    count: int
    all_draws: bool
    laws: Laws
    step: Callable[[int], None]
    pieces: Pieces

    @property
    def members(self) -> int:
        """Cases in groups that make a piece."""
        return max(1, TOLLS_IN_A_PIECE // (self.count or DRAWS))

    def rows(self, groups: Sequence[Group]) -> list[Rows]:
        """Rows of some groups, as they were kept or worked out now."""
        name = f"totals-{digest_of([groups, [float(level) for level in self.levels]])}"
        if self.pieces.has(name):
            self.step(2 * sum(map(len, groups)))
        found: list[Rows] = self.pieces.once(name, JSON, lambda: self._rows(groups, name))
        return found

    def _rows(self, groups: Sequence[Group], name: str) -> list[Rows]:
        joints = [joint_of(self.solved, group, self.count, all_draws=self.all_draws) for group in groups]
        together = self._sums(groups, joints, name)

        # Of many cases tolls are so few that other threads would only wait for one another.
        cores = self.solved.effort.cores if self.count else 1
        tasks = zip(groups, joints, together, strict=True)
        found = side_by_side(lambda task: _rows_of_total(self.solved, self.levels, *task), tasks, cores)
        rows = []
        for group, total in zip(groups, found, strict=True):
            rows.append(total)
            self.step(len(group))
        return rows

    def _sums(self, groups: Sequence[Group], joints: Sequence[Joint], name: str) -> list[Sums]:
        """Sums of each group; those of a large one are added up from pieces of their own."""
        members = [(position, number) for number, group in enumerate(groups) for position in group]
        if len(members) <= self.members:
            found = sums_of_joints(self.solved, members, joints, self.laws)
            self.step(len(members))
            return found

        (joint,) = joints
        tolls = len(joint.shares)
        sums = {summed: np.zeros(tolls, dtype=np.int64) for summed in rows_of_totals()}
        for number, some in enumerate(batched(members, self.members)):
            arrays = self.pieces.once(f"{name}-{number}", ARRAYS, partial(self._arrays, some, joint))
            for summed, array in zip(sums, arrays.values(), strict=True):
                sums[summed] += array
            self.step(len(some))
        return [sums]

    def _arrays(self, members: Sequence[Member], joint: Joint) -> dict[str, Integers]:
        """Sums of some cases of one group, by names that arrays can have in a file."""
        (sums,) = sums_of_joints(self.solved, members, [joint], self.laws)
        return {"-".join(summed): array for summed, array in sums.items()}


def _rows_of_total(solved: Solved, levels: Sequence[float], group: Group, joint: Joint, sums: Sums) -> Rows:
    """Rows of the total of one group; where the events are independent, so are the errors of their accounts."""
    apart, weights = _sums_if_independent(solved, group), joint.weights
    claimed = {row: range_of_draws(each, levels).cells for row, each in apart.items()}
    return [
        total_row(
            summed,
            weights.power,
            weights.effective_draws,
            range_of_draws(each, levels, joint.shares).cells,
            claimed[summed.layer, summed.remainder],
        )
        for summed, each in sums.items()
    ]


def _sums_if_independent(solved: Solved, positions: Sequence[int]) -> dict[tuple[str, str], Integers]:
    """Sums of tolls drawn for every event by itself, shape (sums,), by layer and what remainders have in common."""
    count = int(np.clip(SUMMED // len(positions), FEWEST_SUMS, MOST_SUMS))
    of_all = generator(solved.seed, "common remainder").random(count)
    sums = {(summed.layer, summed.remainder): np.zeros(count, dtype=np.int64) for summed in rows_of_totals()}

    for position in positions:
        case = solved.cases.cases[position]
        evenly = spread_tolls(case.grid, solved.mass(position, "documented"), np.arange(count))
        layer, kappa = solved.undocumented.of(case.outcome), solved.profile.kappa
        for row, tolls in tolls_apart(About.of(case), evenly, kappa, of_all, layer, solved.seed):
            sums[row] += tolls
    return sums


def _groups(table: pd.DataFrame, by: str | None) -> Mapping[str, str]:
    """The group of every event: its value in a column, which must be one."""
    events = table["event"].astype(str)
    if by is None:
        return dict.fromkeys(events, "all events")
    if by == "event":
        return {}
    if by == MONTH and MONTH not in table.columns:
        return months_of(table)
    if by not in table.columns:
        raise EstimatesError(f"no column is called {by!r}; totals can be by {', '.join(map(str, table.columns))}")

    values: dict[str, set[str]] = {}
    for event, value in zip(events, map(str, table[by]), strict=True):
        values.setdefault(event, set()).add(value)
    for event, found in values.items():
        found -= {"", "None", "nan", "<NA>"}
        if len(found) > 1:
            raise EstimatesError(f"event {event!r} has several values of {by!r} ({', '.join(sorted(found))}); use one")
    return {event: next(iter(found), "") for event, found in values.items()}


def months_of(table: pd.DataFrame) -> Mapping[str, str]:
    """The month in which every event began, "2020-01"; nothing where its date is not known to the month."""
    days = table["event_date"].astype("str").str.partition("/")[0].str[:7]
    known = days.where(days.str.fullmatch(r"\d{4}-\d{2}"), "")
    months = known.groupby(table["event"].astype("str")).max()
    return dict(zip(months.index.astype("str").tolist(), months.tolist(), strict=True))
