"""The figures that count towards a case, and what they say of it once each of them has its age bin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from estimates.models import floor as floors
from estimates.models.event import Floor, Observations, Statement
from estimates.models.growth import BINS, FINAL, STEPS
from estimates.models.wording import Words
from estimates.profile.effects import SourceKey
from estimates.table.dates import Time, moments
from estimates.table.report import Report


@dataclass(frozen=True)
class CountedFigure:
    """A figure that counts towards one case.

    Unlike a ``Report`` it always says something of a number, and what a report leaves open is resolved: it stands
    under the source it goes back to and not under whoever passed it on, its words are those of the likelihood, and
    its age is given as bins. Several reports of one source can become one such figure.

    Attributes
    ----------
    key : SourceKey
    words : Words
    first_bin, last_bin : int
        First and last age bin it may belong to.
    reported : Time or None
        When the report was made.
    floor_group : str
        Of a floor, the group of people it counts; empty for a figure of everybody hit.
    provisional : bool
        Whether the source said that the number would rise.
    """

    key: SourceKey
    words: Words
    first_bin: int
    last_bin: int
    reported: Time | None
    floor_group: str
    provisional: bool

    @classmethod
    def of(cls, report: Report, source: str, source_type: str) -> CountedFigure:
        """The figure of a report that counts, under the source it goes back to."""
        words = report.said
        assert words is not None, "only reports that count become figures"
        group = report.group if report.is_floor else ""
        key = SourceKey(source, source_type, report.affiliation)
        return cls(key, words, *report.age_bins, report.reported, group, report.provisional)

    @property
    def dated(self) -> bool:
        """Whether its age bin is known."""
        return self.first_bin == self.last_bin

    @property
    def is_floor(self) -> bool:
        """Whether it bounds the toll from below only."""
        return bool(self.floor_group)


# Alternatives and observations ----------------------------------------------------------------------------------------


def alternatives_of(
    figures: Sequence[CountedFigure], bin_shares: Sequence[float], as_of_bin: int | None
) -> list[tuple[float, tuple[int, ...]]]:
    """Assignments of bins with their shares: one unknown rank of age, shared by all figures of unknown age."""
    last_allowed = FINAL if as_of_bin is None else as_of_bin
    laws = [_cumulative_shares(figure, bin_shares, last_allowed) for figure in figures]
    steps = {round(value, 12) for law in laws for value in law if value < 1.0}
    result = []
    for low, high in pairwise(sorted({0.0, 1.0, *steps})):
        middle = (low + high) / 2
        bins = tuple(next(b for b, value in enumerate(law) if value >= middle) for law in laws)
        result.append((high - low, bins))
    return result


def _cumulative_shares(figure: CountedFigure, bin_shares: Sequence[float], last_allowed: int) -> list[float]:
    """Probability that a figure's age is in each bin or an earlier one, shape (BINS,)."""
    last = max(figure.first_bin, min(figure.last_bin, last_allowed))
    shares = [bin_shares[b] if figure.first_bin <= b <= last else 0.0 for b in range(BINS)]
    total = sum(shares)
    cumulative = list(accumulate(share / total for share in shares))
    cumulative[last] = 1.0
    return cumulative


def observations_of(
    figures: Sequence[CountedFigure], bins: Sequence[int], keys: Sequence[SourceKey], as_of_bin: int | None
) -> Observations:
    """What figures say of a case once each of them has its bin."""
    placed = list(zip(figures, bins, strict=True))
    latest = max(bins, default=-1)
    rising = any(figure.provisional for figure, b in placed if b == latest)

    speaking = [(figure, b) for figure, b in placed if not figure.is_floor]
    ordered = sorted(zip(speaking, _places(speaking), strict=True), key=lambda item: (not item[0][0].dated, item[1]))
    number = {key: index for index, key in enumerate(keys)}
    # A source heard in one bin with a known and an unknown age has two figures there: the dated one counts.
    statements: dict[tuple[SourceKey, int], Statement] = {}
    for (figure, b), place in ordered:
        statements.setdefault((figure.key, b), Statement(b, place, number[figure.key], figure.words))

    return Observations(
        tuple(sorted(statements.values())),
        _floors(placed),
        latest if rising else STEPS,
        as_of_bin if as_of_bin is not None and as_of_bin >= latest else max(latest, 0),
    )


def _places(speaking: Sequence[tuple[CountedFigure, int]]) -> list[int]:
    """Rank in time within the bins; figures of unknown age come last in their bin, tied."""
    when = moments([figure.reported for figure, _ in speaking])
    placed = zip(speaking, when, strict=True)
    keys = [(b, not figure.dated, moment if figure.dated else (0, 0)) for (figure, b), moment in placed]
    ranks = {key: rank for rank, key in enumerate(sorted(set(keys)))}
    return [ranks[key] for key in keys]


def _floors(placed: Sequence[tuple[CountedFigure, int]]) -> tuple[Floor, ...]:
    """At each bin the floor of all that is known by then, once by names alone and once with subsets, where it rises."""
    known = [(b, figure) for figure, b in placed if figure.is_floor]
    result: list[Floor] = []
    highest = 0
    for latest in sorted({b for b, _ in known}):
        by_then = [figure for b, figure in known if b <= latest]
        named = [figure for figure in by_then if figure.words.wording == "named"]
        for counted, error in ((named, floors.NAMED_ERROR), (by_then, floors.SUBSET_ERROR)):
            number = floors.combine((figure.floor_group, figure.words.low) for figure in counted)
            if number > highest:
                result.append(Floor(latest, number, error))
                highest = number
    return tuple(result)
