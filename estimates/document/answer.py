"""The first thing a reader sees of an outcome: how many, how sure, who said it, why the range is so wide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from estimates.document.layers import LayerView, end_of
from estimates.inference.cases import Case
from estimates.inference.uses import short_reading
from estimates.results.estimates import Estimates
from estimates.table.report import Report
from estimates.text import between, clean, count, plural, shortened
from estimates.vocabulary import LAYER_NAMES, LAYERS, OUTCOME_NAMES, WHY_ONE_LAYER

__all__ = ["AnswerView", "Reason", "answer", "reasons"]

#: Median and 80% range of the documented toll without a source, by its name.
type Without = tuple[str, int, tuple[int, int]]

#: So many sources are named with their words; the table of reports has all.
SOURCES_NAMED = 6
#: What each layer answers, by its name.
_ANSWERS = {name: name for name in LAYER_NAMES.values()} | {LAYER_NAMES["total"]: "with those never documented"}
#: A cause of the range that explains less of it is not named.
SMALLEST_SHARE = 0.05


@dataclass(frozen=True)
class Reason:
    """One cause of the width of a range, and the share of it that it explains."""

    share: float
    text: str


@dataclass(frozen=True)
class AnswerView:
    """The answer to "how many?", its chance, and what stands behind it.

    Attributes
    ----------
    sentence, chance : str
        The range of the documented toll as a sentence, and how sure it is.
    layers : tuple of (str, str)
        What each layer answers, and its 80% range.
    verified : str
        What is known by name.
    said : tuple of (str, str)
        Sources and what they said.
    more : int
        How many sources are not among them.
    reasons : tuple of Reason
        At most three, the weightiest first.
    changes : tuple of str
        What would change the range.
    """

    sentence: str
    chance: str
    layers: tuple[tuple[str, str], ...]
    verified: str
    said: tuple[tuple[str, str], ...]
    more: int
    reasons: tuple[Reason, ...]
    changes: tuple[str, ...]


def answer(
    estimates: Estimates, case: Case, said: Sequence[Report], layers: Sequence[LayerView], influence: Sequence[Without]
) -> AnswerView:
    """The answer block of one outcome.

    Parameters
    ----------
    estimates : Estimates
    case : Case
    said : sequence of Report
        Those that speak of this outcome.
    layers : sequence of LayerView
        By now, in the end, full toll; or the only one.
    influence : sequence of (str, int, (int, int))
        Each source, and median and 80% range of the documented toll without it.
    """
    documented = end_of(layers)
    named = _said(said)
    people = OUTCOME_NAMES[case.outcome]

    return AnswerView(
        sentence=f"The number of {people} {_lies(documented)}.",
        chance=_chance(documented, case),
        layers=tuple((_ANSWERS.get(layer.name, f"{people}, in all"), _range(layer)) for layer in layers),
        verified=_verified(case),
        said=named[:SOURCES_NAMED],
        more=max(0, len(named) - SOURCES_NAMED),
        reasons=reasons(estimates, case, layers),
        changes=_changes(case, said, documented, influence),
    )


def _lies(documented: LayerView) -> str:
    low, high = documented.likely
    return f"is most likely {count(low)}" if low == high else between(documented.likely)


def _chance(documented: LayerView, case: Case) -> str:
    if not case.about.has_layers:
        return f"That has a probability of 80%; the middle value is {count(documented.median)}. {WHY_ONE_LAYER}"
    return (
        "That is the number documented in the end, with a probability of 80%; the middle value is "
        f"{count(documented.median)}."
    )


def _range(layer: LayerView) -> str:
    low, high = layer.likely
    return count(low) if low == high else f"{count(low)} to {count(high)}"


def _verified(case: Case) -> str:
    if case.floor is None and not case.about.has_layers:
        return "Nothing: no list or register that was checked was given."
    if case.floor is None:
        return "Nobody is known by name: no list of names or bodies was given."
    return f"{count(case.floor)} are known by name or as counted bodies; no layer lies below."


def _said(said: Sequence[Report]) -> tuple[tuple[str, str], ...]:
    """Each source once, with the newest thing it said; of a part only where it said nothing of everybody."""
    newest: dict[str, Report] = {}
    for report in said:
        kept = newest.get(report.source)
        if kept is None or _rank(report) >= _rank(kept):
            newest[report.source] = report
    return tuple((shortened(clean(source)), _in_words(report)) for source, report in newest.items())


def _rank(report: Report) -> tuple[bool, str]:
    return not report.is_part, report.reported_at or ""


def _in_words(report: Report) -> str:
    quoted = f", as {shortened(clean(report.quotes))} says" if report.quotes else ""
    rising = ", said to rise" if report.provisional else ""
    return f"{short_reading(report)}{rising}{quoted}"


# Why the range is so wide ---------------------------------------------------------------------------------------------


def reasons(estimates: Estimates, case: Case, layers: Sequence[LayerView]) -> tuple[Reason, ...]:
    """Causes of the width of the full toll's range, by their share of the variance of its logarithm.

    The variance of the logarithm of one plus a toll grows from layer to layer: what is documented by now varies by what
    the figures leave open, what is documented in the end also by growth, the full toll also by those never documented.

    Parameters
    ----------
    estimates : Estimates
    case : Case
    layers : sequence of LayerView
    """
    variances = [_variance(estimates, case, layer) for layer in LAYERS]
    steps = np.diff([0.0, *variances]).clip(min=0.0)
    if steps.sum() <= 0.0:
        return ()
    figures, growth, undocumented = (steps / steps.sum()).tolist()

    found = [
        Reason(figures, _of_the_figures(case)),
        Reason(growth, _of_growth(layers)),
        Reason(undocumented, _of_the_undocumented(layers)),
    ]
    told = sorted(found, key=lambda reason: -reason.share)
    return tuple(reason for reason in told if reason.share >= SMALLEST_SHARE)


def _of_growth(layers: Sequence[LayerView]) -> str:
    now, documented = layers[0], end_of(layers)
    return (
        "Growth: tolls of such events rise and are revised after first reports. What is documented by now "
        f"{between(now.likely)}, in the end {_range(documented)}."
    )


def _of_the_undocumented(layers: Sequence[LayerView]) -> str:
    return (
        "Those never documented, whom no report tells of and a prior judges: with them the range is "
        f"{_range(layers[-1])}."
    )


def _variance(estimates: Estimates, case: Case, layer: str) -> float:
    """Variance of the logarithm of one plus a toll."""
    mass = estimates.mass(case.event, case.outcome, layer)
    middle = np.log1p(mass["count"].to_numpy() + (mass["width"].to_numpy() - 1) / 2)
    weights = mass["probability"].to_numpy() / mass["probability"].sum()
    return float(weights @ (middle - weights @ middle) ** 2)


def _of_the_figures(case: Case) -> str:
    speakers = len(case.speakers)
    if not case.has_statement:
        return "No source gave a figure for everybody, so that the range rests on what such events usually cost."
    if speakers == 1:
        return "One source alone gives a figure: it may err, and nothing checks it."
    if case.reported_low is not None and case.reported_low != case.reported_high:
        return (
            f"Disagreement: {speakers:,} sources put it at {case.reported}. Each may err, and all may err in common, "
            "the more the farther they lie apart."
        )
    return f"The {speakers:,} sources agree, and may still err in common or have one origin."


# What would change it -------------------------------------------------------------------------------------------------


def _changes(
    case: Case, said: Sequence[Report], documented: LayerView, influence: Sequence[Without]
) -> tuple[str, ...]:
    """What would move the range most, by what is known of the event."""
    found = []
    low, high = documented.likely
    if len(influence) > 1:
        name, _, ends = max(influence, key=lambda row: abs(np.log1p(row[2][1]) - np.log1p(high)))
        found.append(f"Without {name} the range would be {count(ends[0])} to {count(ends[1])}.")
    if any(report.provisional for report in said):
        found.append("A source says that the number will rise: its next count replaces this one.")
    if not case.speakers:
        found.append("A figure of everybody would stand in the place of what such events usually cost.")
    if len(case.speakers) == 1:
        found.append("A second source of another kind that counted by itself would check the first.")
    if low > (case.floor or 0):
        found.append(f"A verified list of more than {plural(low, 'name')} would lift its lower end.")
    return tuple(found)
