"""Which further report would narrow a range most: by letting each be made, many times over, as the model expects it.

A report that is not made yet says what its source would hold of the count there is. So counts are drawn from the
posterior, each with a draw of the profile, and a source of a type unknown so far speaks of them by the mechanism of the
model (`models.reporting.simulate`), or copies another. The event is then estimated with that report as with any other.
The same counts, draws and chances serve for all types, so that what differs between them is the type.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from estimates.inference.cases import Case, case_of
from estimates.inference.engine import CaseTable, Engine, engine_of
from estimates.inference.figures import CountedFigure
from estimates.inference.posterior import EventCases
from estimates.inference.ranges import Range, range_of_mass
from estimates.inference.solved import Solved, check_known
from estimates.models import importance, reporting
from estimates.models.copying import own_share
from estimates.models.grid import LARGEST_SINGLE, Grid, grid_of_case
from estimates.models.types import Floats
from estimates.models.wording import AT_LEAST_HOLDS, Words
from estimates.profile.blocks import generator
from estimates.profile.effects import SourceKey
from estimates.profile.priors import PARTIES
from estimates.text import percent
from estimates.vocabulary import ESTIMATED_OUTCOMES

#: Types of source that one can turn to, in the order in which they are tried.
TYPES = ("government", "health", "rescue", "monitor", "un", "international_media", "local_media")
#: How each may put its figure, and the wording of a list of names.
WORDINGS, NAMES = ("exactly", "at_least"), "named"
#: A source of which nothing is known but its type, and who draws up a list.
NEWCOMER, LISTED = "a further source", "a verified list of names"
#: Parameters of the number a source holds.
_COUNTING = ("bias", "exactness", "exactness_slope", "scale", "outlier", "heaping")
_LARGEST = 10**9
_LEVEL = 80
_COLUMNS = (
    "source_type", "wording", "log_width", "expected_log_width", "narrows", "standard_error", "low_80", "high_80",
)  # fmt: skip


class Effort(NamedTuple):
    """How often each report is made, how many draws weigh it, and how many large numbers are told apart."""

    replicates: int
    draws: int
    numbers: int


#: What is spent on most events, and on those of more cells than that, those of all possible ages taken together.
USUAL, LEAST, MANY_CELLS = Effort(48, 250, 12), Effort(16, 125, 8), 2_000


class Candidate(NamedTuple):
    """A report that might be made: by what type of source, and in which wording."""

    source_type: str
    wording: str


class _Chance(NamedTuple):
    """What a report is made of: a draw of the profile, the count there is, and the number of the replicate."""

    draw: int
    toll: int
    replicate: int


@dataclass(frozen=True)
class _OnWiderGrid(Case):
    """A case on a grid that has the edges of other cases too, so that all of them are worked out together."""

    edges: frozenset[int] = frozenset()

    @cached_property
    def grid(self) -> Grid:
        return grid_of_case(self.edges)


@dataclass(frozen=True, eq=False)
class _Asked:
    """One case with what it is weighed by.

    Attributes
    ----------
    case : Case
    as_of_bin : int or None
    event : EventCases
    engine : Engine
    others : array, shape (draws,)
        Log marginal likelihood of the other outcomes of the event; that of the case is taken away where the profile was
        learned from the event.
    power : float
        To which likelihoods are raised.
    effort : Effort
    """

    case: Case
    as_of_bin: int | None
    event: EventCases
    engine: Engine
    others: Floats
    power: float
    effort: Effort

    def likely(self, table: CaseTable, grid: Grid) -> Range:
        """The 80% range of a posterior under every draw, by the weights that it has with the event."""
        return range_of_mass(grid, importance.average(table.mass, self.weights(table)), (_LEVEL,))

    def weights(self, table: CaseTable) -> Floats:
        """Of the draws, shape (draws,), by the power that the event has with the whole profile."""
        return importance.powered(table.log_marginal_likelihood + self.others, self.power)


def help_table(solved: Solved, event: str, outcome: str) -> pd.DataFrame:
    """What each further report would do to one range, as `Estimates.what_would_help` gives it.

    Raises
    ------
    EstimatesError
        If there is no such estimate.
    """
    check_known(outcome, ESTIMATED_OUTCOMES, "outcome")
    asked = _asked(solved, solved.position(event, outcome))
    chances = _chances(asked, solved.seed)
    reports = {candidate: _figures(asked, candidate, chances, solved.seed) for candidate in _candidates()}
    reports = _rounded(asked, reports)

    found = _ranges(asked, [figure for figures in reports.values() for figure in figures])
    now = found[None]
    rows = [_row(candidate, now, [found[figure] for figure in figures]) for candidate, figures in reports.items()]
    rows.sort(key=lambda row: (-row["narrows"], row["source_type"], row["wording"]))
    frame = pd.DataFrame(rows, columns=list(_COLUMNS))
    frame.attrs["sentence"] = _sentence(rows[0], now)
    return frame


def _candidates() -> list[Candidate]:
    spoken = [Candidate(source_type, wording) for source_type in TYPES for wording in WORDINGS]
    return [*spoken, Candidate(LISTED, NAMES)]


def _asked(solved: Solved, position: int) -> _Asked:
    case = solved.cases.cases[position]
    effort = LEAST if len(case.alternatives) * len(case.grid) > MANY_CELLS else USUAL
    event, engine = solved.events[case.event], engine_of(solved.profile.first(effort.draws))

    others = np.zeros(engine.profile.draws)
    for each, table in zip(event.cases, engine.tables(event.cases), strict=True):
        if event.known and each is case:
            others -= table.log_marginal_likelihood
        elif not event.known and each is not case:
            others += table.log_marginal_likelihood
    power = 1.0 if event.known else solved.solution.events[case.event].power
    return _Asked(case, solved.cases.as_of_bins[position], event, engine, others, power, effort)


# Reports that might be made -------------------------------------------------------------------------------------------


def _chances(asked: _Asked, seed: int) -> list[_Chance]:
    """Counts that the accounts hold by now, spread evenly over their posterior, each with a draw of the profile."""
    (table,) = asked.engine.tables([asked.case], by_now=True, of_accounts=True)
    weights = asked.weights(table)
    rng = generator(seed, "further reports", asked.case.event, asked.case.outcome)
    replicates, grid = asked.effort.replicates, asked.case.grid
    found = importance.resample((table.mass * weights).ravel(), replicates, rng.random())

    cells, draws = np.divmod(found, len(weights))
    counts = grid.start[cells] + (rng.random(replicates) * grid.width[cells]).astype(np.int64)
    return [_Chance(*each) for each in zip(draws.tolist(), counts.tolist(), range(replicates), strict=True)]


def _figures(asked: _Asked, candidate: Candidate, chances: Sequence[_Chance], seed: int) -> list[CountedFigure]:
    """What the source says in each replicate, as it would enter the case."""
    case = asked.case
    if candidate.wording == NAMES:
        names = [Words(NAMES, chance.toll, chance.toll) for chance in chances]
        return [_figure(asked, SourceKey(LISTED, "unknown", "neutral"), words) for words in names]

    key = SourceKey(NEWCOMER, candidate.source_type, "neutral")
    model = asked.engine.profile.reporting(*key)
    heard = [] if case.about.independent else _said_last(case)
    figures = []
    for chance in chances:
        rng = generator(seed, "further report", case.event, case.outcome, str(chance.replicate))
        parameters = {name: float(getattr(model, name)[chance.draw]) for name in vars(model)}
        own = rng.random() < own_share(parameters["copying"], len(heard))
        copied = int(rng.integers(max(len(heard), 1)))
        words = _own_words(rng, parameters, chance.toll, candidate) if own else heard[copied]
        figures.append(_figure(asked, key, words))
    return figures


def _figure(asked: _Asked, key: SourceKey, words: Words) -> CountedFigure:
    """A figure made now: in the age bin asked for, else in that of the last figure, and as late as that."""
    case = asked.case
    _, observations = max(case.alternatives, key=lambda alternative: alternative[0])
    times = [figure.reported for figure in case.standing_figures if figure.reported is not None]
    reported = max(times, key=lambda time: time.end, default=None)
    return CountedFigure(key, words, observations.by_now, observations.by_now, reported)


def _said_last(case: Case) -> list[Words]:
    """What each source said last of everybody hit."""
    last: dict[str, Words] = {}
    for figure in sorted(case.whole_figures, key=lambda figure: (figure.last_bin, figure.first_bin)):
        last[figure.key.source] = figure.words
    return [last[source] for source in sorted(last)]


def _own_words(rng: np.random.Generator, parameters: Mapping[str, float], count: int, candidate: Candidate) -> Words:
    """What a source says of a count by itself: a number in the wording asked for, or that there is nobody."""
    chance = rng.random()
    if count == 0:
        number = int(min((1.0 - rng.random()) ** -parameters["scale"], _LARGEST))
        return Words(candidate.wording, number, number) if chance < parameters["phantom"] else Words("none")
    of_none = parameters["none_stated"] * float(count) ** -parameters["none_fall"]
    if chance < (parameters["none_party"] if candidate.source_type in PARTIES else of_none):
        return Words("none")

    counting = {name: parameters[name] for name in _COUNTING}
    if candidate.wording == "exactly":
        number = _held(rng, count, counting)
    elif rng.random() < AT_LEAST_HOLDS:
        shifted = {"bias": counting["bias"] + parameters["at_least_shift"], "heaping": 0.0}
        number = _held(rng, count, counting | shifted)
    else:  # a lower end somewhere between the half of what it holds and that
        held = _held(rng, count, counting | {"heaping": 0.0})
        number = min(held, int((held // 2 + 1) * 2.0 ** rng.random()))
    return Words(candidate.wording, number, number)


def _held(rng: np.random.Generator, count: int, counting: dict[str, float]) -> int:
    return int(min(reporting.simulate(rng, np.array([count]), **counting)[0], _LARGEST))


def _rounded(
    asked: _Asked, reports: Mapping[Candidate, Sequence[CountedFigure]]
) -> dict[Candidate, list[CountedFigure]]:
    """The same reports with large numbers taken for the nearest of a few, and of those that were said.

    Each number that has no cell of its own makes the grid finer; so few suffice.
    """
    kept, numbers = {*asked.case.numbers_said, 0}, asked.effort.numbers
    large = [
        figure.words.number
        for figures in reports.values()
        for figure in figures
        if figure.words.number > LARGEST_SINGLE and figure.words.number not in kept
    ]
    if len(set(large)) <= numbers:
        return {candidate: list(figures) for candidate, figures in reports.items()}
    few = np.unique(np.quantile(large, (np.arange(numbers) + 0.5) / numbers, method="inverted_cdf"))

    def taken(figure: CountedFigure) -> CountedFigure:
        number = figure.words.number
        if number <= LARGEST_SINGLE or number in kept or figure.words.wording in ("vague", "range"):
            return figure
        nearest = int(few[np.argmin(np.abs(np.log(few / number)))])
        return figure._replace(words=replace(figure.words, low=nearest, high=nearest))

    return {candidate: [taken(figure) for figure in figures] for candidate, figures in reports.items()}


# What they would do ---------------------------------------------------------------------------------------------------


def _ranges(asked: _Asked, figures: Sequence[CountedFigure]) -> dict[CountedFigure | None, Range]:
    """The 80% range with each figure, and without any under None; all on one grid, each figure once."""
    case = asked.case
    added: list[CountedFigure | None] = [None, *dict.fromkeys(figures)]
    cases = [case if figure is None else _with(asked, figure) for figure in added]
    edges = frozenset(jump for each in cases for _, observations in each.alternatives for jump in observations.jumps())
    wider = [_OnWiderGrid(**_fields(each), edges=edges) for each in cases]

    tables: Iterator[CaseTable] = asked.engine.tables(wider)
    grid = grid_of_case(edges)
    return {figure: asked.likely(table, grid) for figure, table in zip(added, tables, strict=True)}


def _with(asked: _Asked, figure: CountedFigure) -> Case:
    case = asked.case
    figures = [*case.figures, *case.passed_over, figure]
    return case_of(case.about, figures, asked.engine.profile.bin_shares, asked.as_of_bin)


def _fields(case: Case) -> dict[str, Any]:
    return {field.name: getattr(case, field.name) for field in fields(Case)}


def _row(candidate: Candidate, now: Range, found: Sequence[Range]) -> dict[str, Any]:
    widths = np.array([_log_width(each) for each in found])
    width = _log_width(now)
    share = 1.0 - widths / width if width > 0.0 else np.zeros(len(widths))
    low, high = now.intervals[_LEVEL]
    return {
        **candidate._asdict(),
        "log_width": width,
        "expected_log_width": float(widths.mean()),
        "narrows": float(share.mean()),
        "standard_error": float(share.std(ddof=1) / np.sqrt(len(share))),
        "low_80": low,
        "high_80": high,
    }


def _log_width(found: Range) -> float:
    low, high = found.intervals[_LEVEL]
    return float(np.log((1.0 + high) / (1.0 + low)))


def _sentence(best: dict[str, Any], now: Range) -> str:
    low, high = now.intervals[_LEVEL]
    if best["narrows"] <= 0.0:
        return f"No further report of these is expected to narrow the 80% range, {low:,} to {high:,}."
    kind = str(best["source_type"]).replace("_", " ")
    said = {"exactly": "an exact figure", "at_least": "a figure of at least"}
    what = (
        f"{kind} of all known by now"
        if best["wording"] == NAMES
        else f"{said[best['wording']]} by a source of type {kind}"
    )
    return (
        f"{what[0].upper()}{what[1:]} would help most: the 80% range of what is documented in the end, {low:,} to "
        f"{high:,}, would be narrower by {best['narrows']:.0%} in expectation (standard error "
        f"{percent(best['standard_error'])}), on the scale of its logarithm."
    )
