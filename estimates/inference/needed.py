"""What would have to be true for a toll that is claimed: each way alone, in numbers and in a sentence.

A toll differs from what was reported because the sources count otherwise, because all accounts of the event share an
error, because more is documented later, or because it never is. Here each of these has to bear all of the difference,
which shows its size; what the model makes of them together is `supposed`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from estimates.inference.cases import Case
from estimates.inference.figures import CountedFigure, canonical
from estimates.inference.missing import KILLED
from estimates.inference.supposed import SourceBias, Stages, Supposed
from estimates.models.adjudicated import LARGEST_ERROR, LARGEST_FACTOR
from estimates.table.report import numbers_said
from estimates.text import chance, clean, plural, shortened, times
from estimates.vocabulary import OUTCOME_NAMES

#: Sources are named in a sentence up to so many letters.
_NAMED = 40


@dataclass(frozen=True)
class Need:
    """One way in which a claim could be true, if it alone were the reason.

    Attributes
    ----------
    what : {"sources", "shared_error", "later", "undocumented"}
    sentence : str
    factor : float or None
        The toll claimed, over what the source nearest to it says, or over the documented median for a shared error.
    deviations : float or None
        The same in standard deviations of that source's log bias, or of the error that all accounts may share; negative
        where too few would have been counted.
    share : float or None
        Of the toll claimed, what would be documented later, or never.
    as_estimated : float or None
        That share in the medians as estimated.
    probability : float or None
        Of a full toll as large, where the documented median is right.
    """

    what: str
    sentence: str
    factor: float | None = None
    deviations: float | None = None
    share: float | None = None
    as_estimated: float | None = None
    probability: float | None = None


@dataclass(frozen=True)
class SourceNeed:
    """What a claim takes of one source.

    Attributes
    ----------
    source, source_type : str
    low, high : int
        The numbers that it said last.
    factor : float
        The toll claimed over the nearest of them; one where it is among them.
    deviations : float or None
        How many standard deviations its log bias would lie from what is expected of it, if that were the reason; None
        where the bias has none.
    bias_as_estimated, bias_if_documented, bias_if_total : float or None
        Where its log bias lies in the same unit: given the reports, and given that the claim holds as well, of what is
        documented in the end and of the full toll. None where that is impossible.
    """

    source: str
    source_type: str
    low: int
    high: int
    factor: float
    deviations: float | None
    bias_as_estimated: float
    bias_if_documented: float | None
    bias_if_total: float | None

    @property
    def words(self) -> str:
        """What it would have done, in words."""
        who = shortened(clean(self.source), _NAMED)
        if self.factor == 1.0:
            return f"{who} says as much"
        counted = f"{times(self.factor)} too few" if self.factor > 1.0 else f"{times(1.0 / self.factor)} too many"
        if self.deviations is None:
            return f"{who} would have counted {counted}"
        return f"{who} would have counted {counted}, {_deviations(self.deviations)} of the bias of such a source"


@dataclass(frozen=True)
class Medians:
    """The medians of the three layers as estimated."""

    by_now: int
    documented: int
    total: int


def source_needs(case: Case, biases: Sequence[SourceBias], number: int) -> tuple[SourceNeed, ...]:
    """What a toll takes of each source that gives a number, the nearest to it first.

    Parameters
    ----------
    case : Case
    biases : sequence of SourceBias
    number : int
        The toll; of nobody no source that gives a number has a bias that explains it, so there are none.
    """
    last: dict[str, CountedFigure] = {}
    for figure in sorted(case.whole_figures, key=_in_time):
        if not figure.says_none:
            last[figure.key.source] = figure
    of_key = {bias.key: bias for bias in biases}
    needs = [_source_need(figure, of_key[figure.key], number) for figure in last.values()] if number else []
    return tuple(sorted(needs, key=lambda need: (abs(math.log(need.factor)), need.source)))


def _in_time(figure: CountedFigure) -> tuple[object, ...]:
    return figure.last_bin, figure.reported.end.isoformat() if figure.reported else "", canonical(figure)


def _source_need(figure: CountedFigure, bias: SourceBias, number: int) -> SourceNeed:
    said = numbers_said(figure.words)
    low, high = min(said), max(said)
    nearest = max(1, min(max(number, low), high))
    factor = number / nearest

    deviations = 0.0 if factor == 1.0 else None
    if factor != 1.0 and bias.deviation > 0.0:
        deviations = (-math.log(factor) - bias.mean) / bias.deviation
    return SourceNeed(
        figure.key.source,
        figure.key.source_type,
        low,
        high,
        factor,
        deviations,
        bias.as_estimated,
        bias.supposed.get("documented"),
        bias.supposed.get("total"),
    )


# Each way alone -------------------------------------------------------------------------------------------------------


def needs_of(
    case: Case,
    number: int,
    medians: Medians,
    sources: Sequence[SourceNeed],
    supposed: Supposed,
    of_remainder: float,
) -> tuple[Need, ...]:
    """Each way in which a toll could be true, if it alone were the reason; none where it is the documented median.

    Parameters
    ----------
    case : Case
    number : int
        The toll claimed.
    medians : Medians
    sources : sequence of SourceNeed
        The nearest first.
    supposed : Supposed
    of_remainder : float
        P(full toll of that number or more) where the documented median is right.
    """
    if number == medians.documented:
        return ()
    ways = (
        _of_sources(case, number, sources),
        _of_shared_error(number, medians, supposed.shared_deviation),
        _of_later(number, medians, supposed.as_estimated),
        _of_undocumented(number, medians, of_remainder) if case.about.has_layers else (),
    )
    return tuple(need for way in ways for need in way)


def _of_sources(case: Case, number: int, sources: Sequence[SourceNeed]) -> Iterator[Need]:
    people = "dead" if case.outcome == KILLED else OUTCOME_NAMES[case.outcome]
    nobody = len({figure.key.source for figure in case.whole_figures if figure.says_none})
    if not number:
        speaking = len({figure.key.source for figure in case.whole_figures if figure.gives_number})
        if speaking:
            yield Need(
                "sources", f"The sources alone: {plural(speaking, 'source')} would speak of {people} where none are."
            )
        return

    told = [sources[0].words, *([f"farthest off, {sources[-1].words}"] if len(sources) > 1 else [])] if sources else []
    if nobody:
        told.append(f"{plural(nobody, 'source')} would have said that there is nobody")
    if told:
        nearest = sources[0] if sources else None
        yield Need(
            "sources",
            f"The sources alone: {'; '.join(told)}.",
            factor=nearest.factor if nearest else None,
            deviations=nearest.deviations if nearest else None,
        )


def _of_shared_error(number: int, medians: Medians, deviation: float) -> Iterator[Need]:
    if not number or not medians.documented:
        return
    factor = number / medians.documented
    off = f"{times(factor)} too few" if factor > 1.0 else f"{times(1.0 / factor)} too many"
    deviations = -math.log(factor) / deviation
    sentence = f"A shared error alone: all accounts together would hold {off}, {_deviations(deviations)} of that error"
    if abs(math.log(factor)) > LARGEST_ERROR:
        sentence += f", which the model takes for {LARGEST_FACTOR:.0f} times at most"
    yield Need("shared_error", f"{sentence}.", factor=factor, deviations=deviations)


def _of_later(number: int, medians: Medians, stages: Stages) -> Iterator[Need]:
    grows = not math.isclose(stages.by_now, stages.in_the_end, rel_tol=1e-4, abs_tol=1e-6)
    if not grows or number <= medians.by_now:
        return
    share = 1.0 - medians.by_now / number
    expected = max(0.0, 1.0 - medians.by_now / medians.documented) if medians.documented else 0.0
    sentence = (
        f"Documentation to come alone: {chance(share)} of {number:,} could not be documented yet, where the estimate "
        f"has {chance(expected)}."
    )
    yield Need("later", sentence, share=share, as_estimated=expected)


def _of_undocumented(number: int, medians: Medians, of_remainder: float) -> Iterator[Need]:
    if number <= medians.documented:
        return
    share = 1.0 - medians.documented / number
    expected = 1.0 - medians.documented / medians.total if medians.total else 0.0
    sentence = (
        f"The undocumented alone: {chance(share)} of {number:,} would never be documented, where the estimate has "
        f"{chance(expected)}; of {medians.documented:,} documented, the chance of as large a full toll is "
        f"{chance(of_remainder)}."
    )
    yield Need("undocumented", sentence, share=share, as_estimated=expected, probability=of_remainder)


def _deviations(value: float) -> str:
    return f"{abs(value):.1f} standard deviations"
